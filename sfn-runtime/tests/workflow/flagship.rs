//! The workflow of the tutorial, whole.

use expect_test::expect;
use sfn_runtime::{Workflow, minutes, workflow};

use crate::{check_whole, kitchen::*};

static MAKE_PIZZA: Workflow<Order, Served> = workflow!(
    name = "make-pizza",
    timeout = "1h",
    parallel(
        make_dough,
        make_sauce,
        map(|order| &order.ingredients, prepare_ingredient)
    ),
    put_ingredients_on_dough,
    bake,
    wait(minutes(2)),
    choose(|pizza| if !is_acceptable(pizza) {
        fail("NotAcceptable", "sent back by the kitchen")
    }),
    serve,
);

#[test]
fn the_flagship() {
    check_whole(
        &MAKE_PIZZA.definition(),
        expect![[r#"
        {
          "QueryLanguage": "JSONata",
          "TimeoutSeconds": 3600,
          "StartAt": "parallel",
          "States": {
            "parallel": {
              "Type": "Parallel",
              "Branches": [
                {
                  "StartAt": "make_dough",
                  "States": {
                    "make_dough": {
                      "Type": "Task",
                      "Comment": "Kneads the dough for one order.",
                      "Resource": "arn:aws:states:us-east-1:123456789012:activity:kitchen-make_dough-b09b10ff",
                      "Arguments": {
                        "input": {
                          "order": "{% $states.input %}"
                        },
                        "context": {
                          "execution": "{% $states.context.Execution.Id %}",
                          "name": "{% $states.context.Execution.Name %}",
                          "state": "{% $states.context.State.Name %}",
                          "attempt": "{% $states.context.State.RetryCount %}",
                          "started": "{% $states.context.Execution.StartTime %}"
                        }
                      },
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
                      "End": true
                    }
                  }
                },
                {
                  "StartAt": "make_sauce",
                  "States": {
                    "make_sauce": {
                      "Type": "Task",
                      "Comment": "Stirs tomatoes, salt and oil.",
                      "Resource": "arn:aws:states:us-east-1:123456789012:activity:kitchen-make_sauce-d08ac080",
                      "Arguments": {
                        "input": {
                          "order": "{% $states.input %}"
                        },
                        "context": {
                          "execution": "{% $states.context.Execution.Id %}",
                          "name": "{% $states.context.Execution.Name %}",
                          "state": "{% $states.context.State.Name %}",
                          "attempt": "{% $states.context.State.RetryCount %}",
                          "started": "{% $states.context.Execution.StartTime %}"
                        }
                      },
                      "End": true
                    }
                  }
                },
                {
                  "StartAt": "map ingredients",
                  "States": {
                    "map ingredients": {
                      "Type": "Map",
                      "Items": "{% $states.input.ingredients %}",
                      "ItemProcessor": {
                        "StartAt": "prepare_ingredient",
                        "States": {
                          "prepare_ingredient": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:us-east-1:123456789012:activity:kitchen-prepare_ingredient-25ceb37e",
                            "Arguments": {
                              "input": {
                                "ingredient": "{% $states.input %}"
                              },
                              "context": {
                                "execution": "{% $states.context.Execution.Id %}",
                                "name": "{% $states.context.Execution.Name %}",
                                "state": "{% $states.context.State.Name %}",
                                "attempt": "{% $states.context.State.RetryCount %}",
                                "started": "{% $states.context.Execution.StartTime %}"
                              }
                            },
                            "End": true
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
              "Resource": "arn:aws:states:us-east-1:123456789012:activity:kitchen-put_ingredients_on_dough-8fc3e861",
              "Arguments": {
                "input": {
                  "dough": "{% $states.input[0] %}",
                  "sauce": "{% $states.input[1] %}",
                  "toppings": "{% $states.input[2] %}"
                },
                "context": {
                  "execution": "{% $states.context.Execution.Id %}",
                  "name": "{% $states.context.Execution.Name %}",
                  "state": "{% $states.context.State.Name %}",
                  "attempt": "{% $states.context.State.RetryCount %}",
                  "started": "{% $states.context.Execution.StartTime %}"
                }
              },
              "Next": "bake"
            },
            "bake": {
              "Type": "Task",
              "Resource": "arn:aws:states:us-east-1:123456789012:activity:kitchen-bake-e45bc0d4",
              "Arguments": {
                "input": {
                  "pizza": "{% $states.input %}"
                },
                "context": {
                  "execution": "{% $states.context.Execution.Id %}",
                  "name": "{% $states.context.Execution.Name %}",
                  "state": "{% $states.context.State.Name %}",
                  "attempt": "{% $states.context.State.RetryCount %}",
                  "started": "{% $states.context.Execution.StartTime %}"
                }
              },
              "TimeoutSeconds": 900,
              "HeartbeatSeconds": 60,
              "Next": "wait 2 minutes"
            },
            "wait 2 minutes": {
              "Type": "Wait",
              "Seconds": 120,
              "Next": "is_acceptable"
            },
            "is_acceptable": {
              "Type": "Task",
              "Resource": "arn:aws:states:us-east-1:123456789012:activity:kitchen-is_acceptable-ab41bde7",
              "Arguments": {
                "input": {
                  "pizza": "{% $states.input %}"
                },
                "context": {
                  "execution": "{% $states.context.Execution.Id %}",
                  "name": "{% $states.context.Execution.Name %}",
                  "state": "{% $states.context.State.Name %}",
                  "attempt": "{% $states.context.State.RetryCount %}",
                  "started": "{% $states.context.Execution.StartTime %}"
                }
              },
              "Assign": {
                "is_acceptable": "{% $states.result %}"
              },
              "Output": "{% $states.input %}",
              "Next": "is_acceptable?"
            },
            "is_acceptable?": {
              "Type": "Choice",
              "Choices": [
                {
                  "Condition": "{% $not($is_acceptable) %}",
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
              "Comment": "Brings it to the table.",
              "Resource": "arn:aws:states:us-east-1:123456789012:activity:kitchen-serve-062f7e74",
              "Arguments": {
                "input": {
                  "pizza": "{% $states.input %}"
                },
                "context": {
                  "execution": "{% $states.context.Execution.Id %}",
                  "name": "{% $states.context.Execution.Name %}",
                  "state": "{% $states.context.State.Name %}",
                  "attempt": "{% $states.context.State.RetryCount %}",
                  "started": "{% $states.context.Execution.StartTime %}"
                }
              },
              "End": true
            }
          }
        }"#]],
    );
}
