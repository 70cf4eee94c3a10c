//! Workflows of every construct, run on the embedded engine with workers: what comes out is what Rust would give.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use sfn_runtime::{
    Client, Fragment, Payload, RunError, StepError, Workflow,
    flow::{Caught, CaughtError},
    fragment, here, hours,
    local::{LocalOptions, TestClock},
    run_here, step, workflow,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Basket {
    all_items: Vec<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    sign: Sign,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "snake_case")]
enum Sign {
    Plain,
    Times(i64),
    Shift { by: i64 },
}

#[derive(Debug, thiserror::Error, StepError)]
enum MathError {
    #[error("{0} is negative")]
    Negative(i64),
    #[error("{0} is large")]
    #[step_error(retryable = false)]
    Large(i64),
}

#[step]
fn add_one(number: i64) -> i64 {
    number + 1
}

#[step]
async fn double(number: &i64) -> i64 {
    number * 2
}

#[step]
fn sum(numbers: Vec<i64>) -> i64 {
    numbers.iter().sum()
}

#[step]
fn join(first: i64, all: Vec<i64>, nested: Vec<Vec<i64>>) -> (i64, usize, usize) {
    (
        first,
        all.len(),
        nested.iter().flatten().count() + 100 * nested.len(),
    )
}

#[step]
fn is_even(number: i64) -> bool {
    number % 2 == 0
}

#[step]
fn is_large(number: &i64) -> bool {
    *number > 100
}

#[step]
fn root(number: i64) -> Result<i64, MathError> {
    match number {
        ..0 => Err(MathError::Negative(number)),
        101.. => Err(MathError::Large(number)),
        _ => Ok(number.isqrt()),
    }
}

#[step]
fn mirror(number: i64, error: CaughtError) -> i64 {
    assert_eq!(error.name, "MathError.Negative");
    assert!(error.cause.contains("is negative"), "{}", error.cause);
    -number
}

#[step]
fn length(error: CaughtError) -> i64 {
    i64::try_from(error.name.len()).expect("names are short")
}

#[step]
fn input_of(caught: Caught<i64>) -> i64 {
    caught.input
}

#[step]
fn seven() -> i64 {
    7
}

/// Runs a workflow on an engine of its own, whose clock jumps over waits.
async fn run<I: Payload, O: Payload>(
    workflow: &'static Workflow<I, O>,
    input: I,
) -> Result<O, RunError> {
    let client =
        Client::local(LocalOptions::new().clock(TestClock::auto())).expect("there is a runtime");
    let _workers = run_here(
        &client,
        [
            here::<add_one>(),
            here::<double>(),
            here::<sum>(),
            here::<join>(),
            here::<is_even>(),
            here::<is_large>(),
            here::<root>(),
            here::<mirror>(),
            here::<length>(),
            here::<input_of>(),
            here::<seven>(),
            here::<map_pair_off>(),
        ],
    )
    .await
    .expect("the steps can be served");
    client
        .ensure(workflow)
        .await
        .expect("the machine is created");
    workflow.run(&client, input).await
}

async fn check<I: Payload + Clone + Debug, O: Payload + PartialEq + Debug>(
    workflow: &'static Workflow<I, O>,
    cases: impl IntoIterator<Item = (I, O)>,
) {
    for (input, expected) in cases {
        let output = run(workflow, input.clone()).await;
        assert_eq!(
            output.unwrap_or_else(|error| panic!("{input:?}: {error}")),
            expected,
            "{input:?}"
        );
    }
}

fn basket(all_items: &[i64], note: Option<&str>, sign: Sign) -> Basket {
    Basket {
        all_items: all_items.to_vec(),
        note: note.map(str::to_owned),
        sign,
    }
}

static FORK: Workflow<Basket, (i64, usize, usize)> = workflow!(
    name = "fork",
    parallel(
        seven,
        map(|basket: &Basket| &basket.all_items, (add_one, double)),
        map(
            |basket| &basket.all_items,
            parallel(pass(), seven.named("seven each"))
        )
        .named("pairs"),
    ),
    pass(|all| (all.0, all.1, all.2)),
    parallel(
        pass(|all| all.0),
        pass(|all| all.1),
        (pass(|all| all.2), map(map_pair_off))
    ),
    join,
);

#[step]
fn map_pair_off(pair: (i64, i64)) -> Vec<i64> {
    if pair.0 == 0 {
        Vec::new()
    } else {
        vec![pair.0]
    }
}

#[tokio::test]
async fn lists_of_none_and_one_stay_lists() {
    let of = |items: &[i64]| basket(items, None, Sign::Plain);
    check(
        &FORK,
        [
            (of(&[]), (7, 0, 0)),
            (of(&[5]), (7, 1, 101)),
            (of(&[0]), (7, 1, 100)),
            (of(&[0, 0]), (7, 2, 200)),
            (of(&[1, 0, 2]), (7, 3, 302)),
        ],
    )
    .await;
}

static CHOICES: Workflow<i64, i64> = workflow!(
    name = "choices",
    choose(|it: &i64| if is_large(it) && *it != 200 {
        { (double, add_one) }
    } else if *it < 0 {
        {}
    } else if !is_even(it) {
        add_one.named("to the next even one");
        double.named("and twice that")
    } else if *it == 200 {
        fail("Exactly200")
    } else {
        succeed()
    }),
    seven,
);

#[tokio::test]
async fn arms_are_taken_in_order() {
    check(&CHOICES, [(300, 7), (-3, 7), (3, 7), (4, 4)]).await;
    let error = run(&CHOICES, 200).await.expect_err("it fails");
    assert!(error.to_string().contains("Exactly200"), "{error}");
}

static PATTERNS: Workflow<Basket, i64> = workflow!(
    name = "patterns-run",
    choose(|basket: &Basket| match basket.sign {
        Sign::Times(_) => (pass(|basket| basket.all_items), sum, double),
        Sign::Shift { .. } if basket.note.is_some() =>
            (pass(|basket| basket.all_items), sum.named("sum 2"), add_one),
        Sign::Shift { .. } => (pass(|basket| basket.all_items), sum.named("sum 3")),
        Sign::Plain => seven,
    }),
);

#[tokio::test]
async fn patterns_of_data_match() {
    check(
        &PATTERNS,
        [
            (basket(&[1, 2], None, Sign::Times(3)), 6),
            (basket(&[1], Some("x"), Sign::Shift { by: 1 }), 2),
            (basket(&[], None, Sign::Shift { by: 1 }), 0),
            (basket(&[4], None, Sign::Plain), 7),
        ],
    )
    .await;
}

type Parts = (Option<String>, bool, (Vec<i64>, String));

static PARTS: Workflow<Basket, Parts> = workflow!(
    name = "parts-run",
    wait(hours(5)),
    pass(|basket: Basket| (
        basket.note,
        basket.all_items.is_empty(),
        (basket.all_items, "{% 1 %}".to_owned())
    )),
);

#[tokio::test]
async fn parts_are_passed_on() {
    let literal = || "{% 1 %}".to_owned();
    check(
        &PARTS,
        [
            (
                basket(&[], None, Sign::Plain),
                (None, true, (vec![], literal())),
            ),
            (
                basket(&[1], Some("x"), Sign::Plain),
                (Some("x".to_owned()), false, (vec![1], literal())),
            ),
        ],
    )
    .await;
}

static MENDED: Workflow<i64, i64> = workflow!(
    name = "mended-run",
    root.retry(on(MathError::Negative), interval = "1m", max_attempts = 2)
        .catch(on(MathError::Negative), wait("1h"), mirror, double)
        .catch(
            on(MathError::Large),
            choose(
                |caught| if caught.input > 1000 && caught.error.name == "MathError.Large" {
                    fail("TooLarge", "by far")
                } else if caught.input > 500 {
                    parallel(input_of, length);
                    pass(|both| both.1)
                } else {
                    pass(|caught| caught.input)
                }
            ),
        ),
    add_one,
);

#[tokio::test]
async fn handlers_stand_for_the_stage() {
    check(&MENDED, [(16, 5), (-3, 7), (200, 201), (600, 16)]).await;
    let error = run(&MENDED, 2000).await.expect_err("it fails");
    assert!(error.to_string().contains("TooLarge"), "{error}");
}

static INNER_ENDS: Workflow<Vec<i64>, i64> = workflow!(
    name = "inner-ends",
    input = Vec<i64>,
    map(choose(|it| if *it > 10 {
        succeed()
    } else {
        add_one
    })),
    sum,
);

static EVEN: Fragment<i64, i64> = fragment!(choose(|it| if !is_even(it) {
    add_one
}));

static SHARED: Workflow<i64, i64> = workflow!(
    name = "shared",
    input = i64,
    include(EVEN),
    parallel(include(EVEN).named("in the branch,"), seven),
    pass(|both| both.0),
);

#[tokio::test]
async fn an_item_ends_alone_and_a_fragment_is_shared() {
    check(
        &INNER_ENDS,
        [(vec![], 0), (vec![1], 2), (vec![11, 2, 30], 44)],
    )
    .await;
    check(&SHARED, [(3, 4), (4, 4)]).await;
}
