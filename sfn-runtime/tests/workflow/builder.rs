//! Without macros.

use expect_test::expect;
use sfn_runtime::{
    Workflow,
    flow::{Flow, constant},
    minutes,
};

use crate::{check, kitchen::*};

fn build(flow: Flow<Order>) -> Flow<Served> {
    flow.parallel()
        .branch(|order| order.then::<make_dough>())
        .branch(|order| {
            order
                .then::<make_sauce>()
                .retry(sfn_runtime::flow::Retry::on(["Sauce.Thin"]))
        })
        .branch(|order| {
            order
                .map(
                    |order| order.field(|order| &order.ingredients, "ingredients"),
                    |ingredient| ingredient.then::<prepare_ingredient>(),
                )
                .max_concurrency(2)
        })
        .join()
        .named("make base")
        .then::<put_ingredients_on_dough>()
        .then::<bake>()
        .catch(["Burnt"], |caught| caught.handle::<apologise, _>())
        .wait(minutes(2))
        .choose()
        .when_ends(
            |pizza| {
                let cold = pizza
                    .field(|pizza| &pizza.celsius, "celsius")
                    .less_than(constant(&60));
                pizza.holds::<is_acceptable>().not().and(cold)
            },
            |pizza| pizza.fail("NotAcceptable", "sent back by the kitchen"),
        )
        .or_pass()
        .then::<serve>()
        .end()
}

static BY_HAND: Workflow<Order, Served> = Workflow::new("by-hand", build);

#[test]
fn the_same_by_hand() {
    check(
        &BY_HAND.definition(),
        expect![[r#"
        {
          "make base": {
            "Type": "Parallel",
            "Branches": [
              {
                "StartAt": "make_dough",
                "States": {
                  "make_dough": {
                    "Type": "Task",
                    "TimeoutSeconds": 300,
                    "Retry": [
                      {
                        "ErrorEquals": [
                          "States.Timeout"
                        ],
                        "IntervalSeconds": 60,
                        "MaxAttempts": 3,
                        "BackoffRate": 2.0
                      }
                    ],
                    "End": true,
                    "Arguments": {
                      "order": "{% $states.input %}"
                    }
                  }
                }
              },
              {
                "StartAt": "make_sauce",
                "States": {
                  "make_sauce": {
                    "Type": "Task",
                    "Retry": [
                      {
                        "ErrorEquals": [
                          "Sauce.Thin"
                        ],
                        "IntervalSeconds": 1,
                        "MaxAttempts": 3,
                        "BackoffRate": 2.0
                      }
                    ],
                    "End": true,
                    "Arguments": {
                      "order": "{% $states.input %}"
                    }
                  }
                }
              },
              {
                "StartAt": "map ingredients",
                "States": {
                  "map ingredients": {
                    "Type": "Map",
                    "Items": "{% $states.input.ingredients %}",
                    "MaxConcurrency": 2,
                    "ItemProcessor": {
                      "StartAt": "prepare_ingredient",
                      "States": {
                        "prepare_ingredient": {
                          "Type": "Task",
                          "End": true,
                          "Arguments": {
                            "ingredient": "{% $states.input %}"
                          }
                        }
                      }
                    },
                    "End": true
                  }
                }
              }
            ],
            "Next": "put_ingredients_on_dough"
          },
          "put_ingredients_on_dough": {
            "Type": "Task",
            "Next": "bake",
            "Arguments": {
              "dough": "{% $states.input[0] %}",
              "sauce": "{% $states.input[1] %}",
              "toppings": "{% $states.input[2] %}"
            }
          },
          "bake": {
            "Type": "Task",
            "TimeoutSeconds": 900,
            "HeartbeatSeconds": 60,
            "Catch": [
              {
                "ErrorEquals": [
                  "Burnt"
                ],
                "Output": {
                  "input": "{% $states.input %}",
                  "error": {
                    "name": "{% $states.errorOutput.Error ? $states.errorOutput.Error : '' %}",
                    "cause": "{% $states.errorOutput.Cause ? $states.errorOutput.Cause : '' %}"
                  }
                },
                "Next": "apologise"
              }
            ],
            "Next": "wait 2 minutes",
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "apologise": {
            "Type": "Task",
            "Next": "wait 2 minutes",
            "Arguments": {
              "pizza": "{% $states.input.input %}",
              "error": "{% $states.input.error %}"
            }
          },
          "wait 2 minutes": {
            "Type": "Wait",
            "Seconds": 120,
            "Next": "is_acceptable"
          },
          "is_acceptable": {
            "Type": "Task",
            "Assign": {
              "is_acceptable": "{% $states.result %}"
            },
            "Output": "{% $states.input %}",
            "Next": "is_acceptable?",
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "is_acceptable?": {
            "Type": "Choice",
            "Choices": [
              {
                "Condition": "{% $not($is_acceptable) and $states.input.celsius < 60 %}",
                "Next": "NotAcceptable"
              }
            ],
            "Default": "serve"
          },
          "NotAcceptable": {
            "Type": "Fail",
            "Error": "NotAcceptable",
            "Cause": "sent back by the kitchen"
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
