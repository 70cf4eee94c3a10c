//! `fragment!` and `include(..)`.

use expect_test::expect;
use sfn_runtime::{Fragment, Workflow, flow::SamplePlaces, fragment, minutes, workflow};

use crate::{check, kitchen::*};

static WARM: Fragment<Pizza, Pizza> = fragment!(
    wait(minutes(1)),
    choose(|pizza| if !is_hot(pizza) {
        bake
    }),
);

static TWICE: Workflow<Pizza, Served> = workflow!(
    name = "twice",
    input = Pizza,
    include(WARM),
    include(WARM).named("again:"),
    serve,
);

#[test]
fn a_fragment_is_included_under_another_name() {
    check(
        &TWICE.definition(),
        expect![[r#"
        {
          "wait 1 minute": {
            "Type": "Wait",
            "Seconds": 60,
            "Next": "is_hot"
          },
          "is_hot": {
            "Type": "Task",
            "Assign": {
              "is_hot": "{% $states.result %}"
            },
            "Output": "{% $states.input %}",
            "Next": "is_hot?",
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "is_hot?": {
            "Type": "Choice",
            "Choices": [
              {
                "Condition": "{% $not($is_hot) %}",
                "Next": "bake"
              }
            ],
            "Default": "again: wait 1 minute"
          },
          "bake": {
            "Type": "Task",
            "TimeoutSeconds": 900,
            "HeartbeatSeconds": 60,
            "Next": "again: wait 1 minute",
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "again: wait 1 minute": {
            "Type": "Wait",
            "Seconds": 60,
            "Next": "again: is_hot"
          },
          "again: is_hot": {
            "Type": "Task",
            "Assign": {
              "again__is_hot": "{% $states.result %}"
            },
            "Output": "{% $states.input %}",
            "Next": "again: is_hot?",
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "again: is_hot?": {
            "Type": "Choice",
            "Choices": [
              {
                "Condition": "{% $not($again__is_hot) %}",
                "Next": "again: bake"
              }
            ],
            "Default": "serve"
          },
          "again: bake": {
            "Type": "Task",
            "TimeoutSeconds": 900,
            "HeartbeatSeconds": 60,
            "Next": "serve",
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "serve": {
            "Type": "Task",
            "End": true,
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          }
        }"#]],
    );
}

static CLASH: Workflow<Pizza, Pizza> = workflow!(name = "clash", bake, include(WARM));

#[test]
fn names_that_meet_through_a_fragment_are_refused() {
    let error = CLASH.definition().compile(&SamplePlaces::new("kitchen"));
    let error = error.expect_err("two states are named `bake`");
    expect![[r#"
        the workflow `clash` cannot be compiled
        two states are named `bake`
        help: name one of them where it is used: `.named("…")`"#]]
    .assert_eq(&error.to_string());
}
