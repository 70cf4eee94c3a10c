//! Bodies that need more than one state machine, or somebody outside.

use std::sync::Mutex;

use sfn_runtime::{
    Callback, Client, Failure, Payload, StepContext, StepError, here,
    local::{LocalOptions, TestClock},
    run_here, state_machine, step,
};

#[derive(Debug, PartialEq, thiserror::Error, StepError)]
enum PayError {
    #[error("{missing} are missing")]
    #[step_error(data)]
    TooLittle { missing: u32 },
    #[error("the card is blocked")]
    Blocked,
}

#[step]
async fn charge(amount: u32) -> Result<u32, PayError> {
    match amount {
        0 => Err(PayError::Blocked),
        1..10 => Err(PayError::TooLittle {
            missing: 10 - amount,
        }),
        _ => Ok(amount * 2),
    }
}

/// Pays.
#[state_machine(name = "pay")]
async fn pay(amount: u32) -> Result<u32, PayError> {
    let charged = charge(amount).await?;
    Ok(charged + 1)
}

#[state_machine(name = "pay-or-not")]
async fn pay_or_not(amount: u32) -> Result<u32, PayError> {
    match pay(amount).await {
        Ok(paid) => Ok(paid),
        Err(PayError::Blocked) => Ok(7),
        Err(error) => Err(error),
    }
}

static TOKEN: Mutex<Option<String>> = Mutex::new(None);

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, Payload)]
struct Verdict {
    ok: bool,
}

#[step]
async fn ask(question: String, #[inject] ctx: StepContext) -> Callback<Verdict> {
    if question == "known" {
        return Callback::ready(Verdict { ok: true });
    }
    *TOKEN.lock().expect("nobody panics") = ctx.task_token().map(str::to_owned);
    Callback::pending()
}

#[derive(Debug, PartialEq, thiserror::Error, StepError)]
enum AskError {
    #[error("refused")]
    Refused,
}

#[state_machine(name = "approve")]
async fn approve(question: String) -> Result<bool, AskError> {
    let verdict = ask(question).callback("2 days").await;
    sfn_runtime::ensure!(verdict.ok, AskError::Refused);
    Ok(verdict.ok)
}

async fn client() -> (Client, sfn_runtime::Workers) {
    let client =
        Client::local(LocalOptions::new().clock(TestClock::auto())).expect("there is a runtime");
    let workers = run_here(&client, [here::<charge>(), here::<ask>()])
        .await
        .expect("the steps can be served");
    (client, workers)
}

#[tokio::test]
async fn a_nested_machine_fails_as_itself() {
    let (client, _workers) = client().await;
    client
        .ensure(&pay_or_not::WORKFLOW)
        .await
        .expect("both machines are created");
    let run = |amount: u32| {
        let client = client.clone();
        async move { pay_or_not::run(&client, amount).await }
    };
    assert_eq!(run(20).await.expect("it is enough"), 41);
    assert_eq!(run(0).await.expect("that is caught"), 7);
    let error = run(4).await.expect_err("it is too little");
    let text = error.to_string();
    assert!(text.contains("PayError.TooLittle"), "{text}");
    assert!(text.contains("6 are missing"), "{text}");
}

#[tokio::test]
async fn somebody_answers() {
    let client = Client::local(LocalOptions::new()).expect("there is a runtime");
    let _workers = run_here(&client, [here::<ask>()])
        .await
        .expect("the step can be served");
    client
        .ensure(&approve::WORKFLOW)
        .await
        .expect("the machine is created");
    let known = approve::run(&client, "known".to_owned()).await;
    assert!(known.expect("it is known"));
    for (ok, ends) in [(true, true), (false, false)] {
        let started = approve::start(&client, "sure?".to_owned())
            .await
            .expect("it starts");
        let token = loop {
            if let Some(token) = TOKEN.lock().expect("nobody panics").take() {
                break token;
            }
            tokio::task::yield_now().await;
        };
        client
            .send_success(&token, &Verdict { ok })
            .await
            .expect("somebody waits");
        assert_eq!(started.wait().await.is_ok(), ends);
    }
    let started = approve::start(&client, "sure?".to_owned())
        .await
        .expect("it starts");
    let token = loop {
        if let Some(token) = TOKEN.lock().expect("nobody panics").take() {
            break token;
        }
        tokio::task::yield_now().await;
    };
    let failure = Failure::new("Nobody", "is here");
    client
        .send_failure(&token, &failure)
        .await
        .expect("somebody waits");
    let error = started.wait().await.expect_err("it failed");
    assert!(error.to_string().contains("Nobody"), "{error}");
}

static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn log(what: String) {
    LOG.lock().expect("nobody panics").push(what);
}

#[step]
fn release(stock: String) {
    log(format!("release {stock}"));
}

#[step(undo = release)]
fn reserve(item: String) -> String {
    format!("stock of {item}")
}

#[step]
fn send_back() {
    log("send back".to_owned());
}

#[step(undo = send_back)]
fn send(item: String) {
    log(format!("send {item}"));
}

/// Reserves, perhaps sends, and charges at last.
#[state_machine(name = "saga")]
async fn saga(amount: u32, item: String) -> Result<u32, PayError> {
    let stock = reserve(item);
    if amount < 5 {
        send(stock);
    }
    if amount == 7 {
        return Err(PayError::Blocked);
    }
    let charged = charge(amount).await?;
    Ok(charged)
}

#[tokio::test]
async fn what_was_done_is_taken_back() {
    let client =
        Client::local(LocalOptions::new().clock(TestClock::auto())).expect("there is a runtime");
    let steps = [
        here::<charge>(),
        here::<reserve>(),
        here::<release>(),
        here::<send>(),
        here::<send_back>(),
    ];
    let _workers = run_here(&client, steps)
        .await
        .expect("the steps can be served");
    client
        .ensure(&saga::WORKFLOW)
        .await
        .expect("the machine is created");
    for (amount, error, done) in [
        (20, None, &[][..]),
        (8, Some("PayError.TooLittle"), &["release stock of ham"]),
        (7, Some("PayError.Blocked"), &["release stock of ham"]),
        (
            4,
            Some("PayError.TooLittle"),
            &["send stock of ham", "send back", "release stock of ham"],
        ),
    ] {
        let ended = client
            .run(
                "saga",
                &serde_json::json!({ "amount": amount, "item": "ham" }),
            )
            .await;
        let _: &Result<serde_json::Value, _> = &ended;
        match (ended, error) {
            (Ok(_), None) => {}
            (Err(found), Some(error)) => {
                assert!(found.to_string().contains(error), "{found}");
            }
            (ended, error) => panic!("{ended:?}, not {error:?}"),
        }
        let log = std::mem::take(&mut *LOG.lock().expect("nobody panics"));
        assert_eq!(log, done, "{amount}");
    }
}
