//! What rustc cannot see, and compiling does.

use expect_test::{Expect, expect};
use sfn_runtime::{
    Kind as Machine, StepError, StepMeta, Workflow,
    flow::{Flow, Places, Retry, SamplePlaces, Unplaced, constant},
    seconds, state_machine, step, workflow,
};

use crate::kitchen::*;

#[track_caller]
fn check<I: sfn_runtime::Payload, O: sfn_runtime::Payload>(
    workflow: &Workflow<I, O>,
    expected: Expect,
) {
    let error = workflow
        .definition()
        .compile(&SamplePlaces::new("kitchen"))
        .expect_err("it does not compile");
    expected.assert_eq(&error.to_string());
}

#[test]
fn a_skipped_field() {
    static SKIPPED: Workflow<Order, Order> = workflow!(
        name = "skipped",
        choose(|order: &Order| if order.secret {
            fail("Secret", "")
        }),
    );
    check(
        &SKIPPED,
        expect![[r#"
            the workflow `skipped` cannot be compiled
            in `choose`: `secret` of `Order` is not in its JSON, because serde skips it
            help: let serde write it; what it skips reaches no step either"#]],
    );
}

#[derive(Debug, thiserror::Error, StepError)]
enum PostError {
    #[error("{days} days late")]
    Late { days: u32 },
}

#[step]
async fn deliver(days: u32) -> Result<u32, PostError> {
    Err(PostError::Late { days })
}

#[state_machine(name = "late-post")]
async fn late_post(days: u32) -> u32 {
    match deliver(days).await {
        Ok(days) => days,
        Err(PostError::Late { days }) => days,
    }
}

/// Several values of a body end it, and each is told of.
#[state_machine(name = "shown-price")]
async fn shown_price(price: f64) -> String {
    if price < 0.0 {
        return format!("-{}", -price);
    }
    price.to_string()
}

#[test]
fn values_that_end_a_body() {
    check(
        &shown_price::WORKFLOW,
        expect![[r#"
        the workflow `shown-price` cannot be compiled
        sfn-runtime/tests/workflow/mistakes.rs:64: a number with a fraction is written differently by Rust and by Step Functions
        help: say how many digits it has, up to 15, as in `{:.2}`, or write it in a step
        sfn-runtime/tests/workflow/mistakes.rs:66: a number with a fraction is written differently by Rust and by Step Functions
        help: say how many digits it has, up to 15, as in `{:.2}`, or write it in a step"#]],
    );
}

#[test]
fn a_field_of_an_error_that_stayed_in_the_step() {
    check(
        &late_post::WORKFLOW,
        expect![[r#"
        the workflow `late-post` cannot be compiled
        sfn-runtime/tests/workflow/mistakes.rs:56: `days` of the error `Late` stayed in the step
        help: write `#[step_error(data)]` on the variant, so that its cause carries the fields"#]],
    );
}

#[test]
fn no_order_among_options() {
    static ORDER: Workflow<Order, Order> = workflow!(
        name = "order",
        choose(|order: &Order| if order.tip > Some(3) {
            fail("Rich", "")
        }),
    );
    check(
        &ORDER,
        expect![[r#"
        the workflow `order` cannot be compiled
        in `choose`: `>` needs two numbers or two texts, and this is an `Option`
        help: decide it in a step that returns `bool`"#]],
    );
}

#[test]
fn a_number_that_jsonata_would_round() {
    static ROUNDED: Workflow<u64, u64> = workflow!(
        name = "rounded",
        input = u64,
        choose(|it| if *it == 9_007_199_254_740_993 {
            fail("Round", "")
        }),
    );
    check(
        &ROUNDED,
        expect![[r#"
        the workflow `rounded` cannot be compiled
        in `choose`: this constant cannot stand in a condition: JSONata would round 9007199254740993"#]],
    );
}

#[test]
fn an_express_workflow_has_no_activities() {
    static EXPRESS: Workflow<Pizza, Pizza> = workflow!(name = "express", kind = express, bake);
    assert_eq!(EXPRESS.declaration().kind, Machine::Express);
    check(
        &EXPRESS,
        expect![[r#"
        the workflow `express` cannot be compiled
        the step `bake` runs as an activity, which an express workflow cannot use
        help: run it on Lambda, or make the workflow standard"#]],
    );
}

#[test]
fn a_step_that_runs_nowhere() {
    struct Nowhere;
    impl Places for Nowhere {
        fn place(&self, step: &'static StepMeta) -> Result<sfn_runtime::flow::Place, Unplaced> {
            Err(Unplaced {
                step: step.name.to_owned(),
                reason: "nobody serves it".to_owned(),
            })
        }
    }
    static PLACELESS: Workflow<Pizza, Pizza> = workflow!(name = "placeless", bake);
    let error = PLACELESS
        .definition()
        .compile(&Nowhere)
        .expect_err("it runs nowhere");
    expect![[r#"
        the workflow `placeless` cannot be compiled
        the step `bake` runs nowhere: nobody serves it"#]]
    .assert_eq(&error.to_string());
}

#[test]
fn everything_at_once_by_hand() {
    fn wrong(flow: Flow<Order>) -> Flow<Order> {
        flow.wait(seconds(100_000_000))
            .retry(Retry::retryable())
            .choose()
            .when(
                |order| order.path("nothing").truth(),
                |flow| flow.pass().named(""),
            )
            .when(
                |order| order.path("customer").less_than(constant(&3)),
                |flow| flow.pass(),
            )
            .or_pass()
            .fail("No", "")
            .never::<Order>()
            .wait(seconds(1))
            .timeout(seconds(1))
            .parallel()
            .join()
            .map_nothing()
    }
    trait MapNothing {
        fn map_nothing(self) -> Flow<Order>;
    }
    impl<X> MapNothing for Flow<(), X> {
        fn map_nothing(self) -> Flow<Order> {
            self.fail("End", "").never()
        }
    }
    static WRONG: Workflow<Order, Order> = Workflow::new("not a name", wrong);
    check(
        &WRONG,
        expect![[r#"
        the workflow `not a name` cannot be compiled
        `not a name` cannot be the name of a workflow: letters, digits, `-`, `_` and `.` are safe; spaces and most symbols are refused
        in `wait`: `wait` has no `retry`
        in `choose`: the JSON name of `nothing` is not known
        help: put `#[derive(Payload)]` on the type that has it
        in `choose`: `<` needs two numbers or two texts, and this is a struct
        help: decide it in a step that returns `bool`
        `wait` is never reached, because what stands before it ends
        help: remove it
        in `wait`: `wait` has no `timeout`
        `parallel` has no stages
        help: name a step, or write `pass()`
        `` cannot be the name of a state: it is empty
        in `wait 1157 days 9 hours 46 minutes 40 seconds`: a wait of more than 99,999,999 seconds (three years) is not possible"#]],
    );
}

#[test]
fn nothing_at_all() {
    static NOTHING: Workflow<Order, Order> = Workflow::new("nothing", |flow| flow);
    check(
        &NOTHING,
        expect![[r#"
        the workflow `nothing` cannot be compiled
        the workflow has no stages
        help: name a step, or write `pass()`"#]],
    );
}
