//! An expression that has no JSONata is told of wherever it stands in a body, at its own line: none becomes a `null`.

use sfn_runtime::{
    Callback, Failure, Payload, StepError, Workflow, aws, bail, ensure, flow::SamplePlaces, join,
    map_concurrent, seconds, sleep, state_machine, step, try_join,
};

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, Payload)]
struct Pair {
    text: String,
    count: usize,
}

#[derive(Debug, thiserror::Error, StepError)]
enum PairError {
    #[error("{count} are too many")]
    #[step_error(data)]
    TooMany { count: usize },
}

#[step]
async fn count(n: usize) -> usize {
    n
}

#[step]
async fn tried(n: usize) -> Result<usize, PairError> {
    Ok(n)
}

#[step]
async fn ask(n: usize) -> Result<Callback<usize>, PairError> {
    Ok(Callback::ready(n))
}

/// A machine for each place where an expression may stand.
macro_rules! places {
    ($($name:ident($($param:ident: $ty:ty),*) -> $out:ty $body:block)*) => {
        $(
            #[state_machine]
            async fn $name($($param: $ty),*) -> $out $body
        )*

        /// The machines whose fault is not told.
        fn silent() -> Vec<&'static str> {
            let mut silent = Vec::new();
            $(
                if !tells(&$name::WORKFLOW) {
                    silent.push(stringify!($name));
                }
            )*
            silent
        }
    };
}

fn tells<I: Payload, O: Payload>(workflow: &Workflow<I, O>) -> bool {
    match workflow.definition().compile(&SamplePlaces::new("faults")) {
        Ok(_) => false,
        Err(error) => error.to_string().contains("counts bytes"),
    }
}

places! {
    at_the_end(text: String) -> usize { text.len() }
    returned(text: String, early: bool) -> usize {
        if early {
            return text.len();
        }
        0
    }
    within_the_end(text: String) -> Pair {
        Pair { count: text.len(), text }
    }
    in_ok(text: String) -> Result<usize, PairError> { Ok(text.len()) }
    in_err(text: String) -> Result<usize, PairError> {
        Err(PairError::TooMany { count: text.len() })
    }
    bailed(text: String, early: bool) -> Result<usize, PairError> {
        if early {
            bail!(PairError::TooMany { count: text.len() });
        }
        Ok(0)
    }
    ensured(text: String) -> Result<usize, PairError> {
        ensure!(text.len() > 3, PairError::TooMany { count: 3 });
        Ok(0)
    }
    ensured_with(text: String, fine: bool) -> Result<usize, PairError> {
        ensure!(fine, PairError::TooMany { count: text.len() });
        Ok(0)
    }
    let_and_used(text: String) -> usize {
        let length = text.len();
        count(length).await
    }
    let_and_returned(text: String) -> usize {
        let length = text.len();
        length
    }
    let_in_a_tuple(text: String) -> usize {
        let (a, _b) = (text.len(), 1);
        a
    }
    an_argument(text: String) -> usize { count(text.len()).await }
    an_argument_that_is_tried(text: String) -> Result<usize, PairError> {
        Ok(tried(text.len()).await?)
    }
    assigned(text: String) -> usize {
        let mut n = count(1).await;
        if n > 0 {
            n = text.len();
        }
        n
    }
    added(text: String) -> usize {
        let mut n = count(1).await;
        n += text.len();
        n
    }
    a_condition(text: String) -> usize {
        if text.len() > 3 { count(1).await } else { 0 }
    }
    a_value_of_an_arm(text: String, long: bool) -> usize {
        let n = if long { text.len() } else { count(1).await };
        count(n).await
    }
    at_the_end_of_an_arm(text: String, long: bool) -> usize {
        if long { text.len() } else { count(1).await }
    }
    matched(text: String) -> usize {
        match text.len() {
            0 => count(1).await,
            n => n,
        }
    }
    an_arm_of_a_match(text: String, n: usize) -> usize {
        match n {
            0 => count(1).await,
            _ => text.len(),
        }
    }
    a_guard(text: String, n: usize) -> usize {
        match n {
            n if n > text.len() => count(1).await,
            _ => 0,
        }
    }
    an_arm_of_ok(text: String) -> usize {
        match tried(1).await {
            Ok(_) => text.len(),
            Err(_) => 0,
        }
    }
    an_arm_of_err(text: String) -> usize {
        match tried(1).await {
            Ok(n) => n,
            Err(_) => text.len(),
        }
    }
    let_else(text: String) -> usize {
        let Ok(n) = tried(1).await else {
            return text.len();
        };
        n
    }
    while_it_holds(text: String) -> usize {
        let mut n = 0;
        while n < text.len() {
            n = count(n + 1).await;
        }
        n
    }
    broken(text: String) -> usize {
        let mut n = 0;
        loop {
            n = count(n).await;
            if n > 3 {
                break text.len();
            }
        }
    }
    a_list(text: String) -> usize {
        for n in vec![text.len()] {
            count(n).await;
        }
        0
    }
    within_a_loop(text: String, list: Vec<usize>) -> usize {
        for n in &list {
            count(n + text.len()).await;
        }
        0
    }
    within_a_map(text: String, list: Vec<usize>) -> Vec<usize> {
        map_concurrent(2, &list, |n| count(n + text.len())).await
    }
    at_the_end_of_a_map(text: String, list: Vec<usize>) -> Vec<usize> {
        map_concurrent(2, &list, |n| async {
            count(*n).await;
            text.len()
        })
        .await
    }
    a_list_of_a_map(text: String) -> Vec<usize> {
        map_concurrent(2, vec![text.len()], |n| count(n)).await
    }
    within_a_join(text: String) -> (usize, usize) {
        join!(count(text.len()), count(1)).await
    }
    at_the_end_of_a_branch(text: String) -> (usize, usize) {
        join!(count(1), async { text.len() }).await
    }
    within_a_try_join(text: String) -> Result<usize, PairError> {
        let (a, b) = try_join!(tried(1), tried(text.len())).await?;
        Ok(a + b)
    }
    slept(text: String) -> usize {
        sleep(seconds(text.len() as u64)).await;
        0
    }
    asked(text: String) -> Result<usize, PairError> {
        Ok(ask(text.len()).callback("1h").await?)
    }
    of_a_service(text: String) -> Result<usize, Failure> {
        let answer: Pair = aws("sns:publish", Pair { count: text.len(), text }).await?;
        Ok(answer.count)
    }
    nested(text: String) -> usize { at_the_end_of_numbers(text.len()).await }
    of_a_fragment(text: String) -> usize { doubled(text).await }
    that_nobody_reads(text: String) -> usize {
        let _length = text.len();
        count(1).await
    }
}

#[state_machine]
async fn at_the_end_of_numbers(n: usize) -> usize {
    count(n).await
}

/// A fragment.
#[state_machine(inline)]
async fn doubled(text: String) -> usize {
    text.len() * 2
}

#[test]
fn no_place_is_silent() {
    assert_eq!(silent(), Vec::<&str>::new());
}
