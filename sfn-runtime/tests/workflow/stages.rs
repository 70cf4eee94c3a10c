//! Sequences, maps, waits, projections, options.

use expect_test::expect;
use sfn_runtime::{
    StepMeta, Workflow, days,
    flow::{Place, Places, Unplaced},
    seconds, workflow,
};

use crate::{check, compile, kitchen::*};

static OPTIONS: Workflow<Order, Pizza> = workflow!(
    /// Takes an order
    /// to a pizza.
    ///
    /// Not in the comment.
    name = "options",
    /// Somebody else bakes it.
    order_out
        .retry(on(Timeout, "Kitchen.Closed"), interval = "2s", max_attempts = 2, backoff = 1.5)
        .retry(on(TaskFailed), max_delay = "1m", jitter = full)
        .timeout("5m")
        .heartbeat(seconds(30))
        .named("Order, from outside"),
    bake.retry(interval = "10s"),
);

#[test]
fn options_at_the_use() {
    assert_eq!(OPTIONS.definition().comment, "Takes an order to a pizza.");
    check(
        &OPTIONS.definition(),
        expect![[r#"
            {
              "Order, from outside": {
                "Type": "Task",
                "TimeoutSeconds": 300,
                "HeartbeatSeconds": 30,
                "Retry": [
                  {
                    "ErrorEquals": [
                      "States.Timeout",
                      "Kitchen.Closed"
                    ],
                    "IntervalSeconds": 2,
                    "MaxAttempts": 2,
                    "BackoffRate": 1.5
                  },
                  {
                    "ErrorEquals": [
                      "States.TaskFailed"
                    ],
                    "IntervalSeconds": 1,
                    "MaxAttempts": 3,
                    "BackoffRate": 2.0,
                    "MaxDelaySeconds": 60,
                    "JitterStrategy": "FULL"
                  }
                ],
                "Next": "bake",
                "Arguments": {
                  "order": "{% $states.input %}"
                }
              },
              "bake": {
                "Type": "Task",
                "TimeoutSeconds": 900,
                "HeartbeatSeconds": 60,
                "Retry": [
                  {
                    "ErrorEquals": [
                      "OvenError.Busy",
                      "States.Timeout",
                      "States.HeartbeatTimeout",
                      "Sfn.WorkerStopped"
                    ],
                    "IntervalSeconds": 10,
                    "MaxAttempts": 3,
                    "BackoffRate": 2.0
                  }
                ],
                "End": true,
                "Arguments": {
                  "pizza": "{% $states.input %}"
                }
              }
            }"#]],
    );
}

static MAPS: Workflow<Vec<Order>, Vec<Vec<Prepared>>> = workflow!(
    name = "maps",
    input = Vec<Order>,
    map((
        map(|order| &order.ingredients, prepare_ingredient).max_concurrency(4),
        wait("1m"),
    ))
    .retry(on(OvenError::Busy))
    .named("each order"),
);

#[test]
fn maps_nest_and_go_over_the_value_itself() {
    check(
        &MAPS.definition(),
        expect![[r#"
        {
          "each order": {
            "Type": "Map",
            "Items": "{% $states.input %}",
            "ItemProcessor": {
              "StartAt": "map ingredients",
              "States": {
                "map ingredients": {
                  "Type": "Map",
                  "Items": "{% $states.input.ingredients %}",
                  "MaxConcurrency": 4,
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
                  "Next": "wait 1 minute"
                },
                "wait 1 minute": {
                  "Type": "Wait",
                  "Seconds": 60,
                  "End": true
                }
              }
            },
            "Retry": [
              {
                "ErrorEquals": [
                  "OvenError.Busy"
                ],
                "IntervalSeconds": 1,
                "MaxAttempts": 3,
                "BackoffRate": 2.0
              }
            ],
            "End": true
          }
        }"#]],
    );
}

static WAITS: Workflow<Pizza, Pizza> = workflow!(
    name = "waits",
    wait_until(|pizza: &Pizza| &pizza.ready_at),
    wait(days(1) + seconds(90)),
    pass(),
);

#[test]
fn waits() {
    check(
        &WAITS.definition(),
        expect![[r#"
        {
          "wait until ready_at": {
            "Type": "Wait",
            "Timestamp": "{% $states.input.ready_at %}",
            "Next": "wait 1 day 1 minute 30 seconds"
          },
          "wait 1 day 1 minute 30 seconds": {
            "Type": "Wait",
            "Seconds": 86490,
            "Next": "pass"
          },
          "pass": {
            "Type": "Pass",
            "End": true
          }
        }"#]],
    );
}

static PARTS: Workflow<Order, (String, Option<u32>, bool, u32)> = workflow!(
    name = "parts",
    parallel(
        pass(|order: Order| order.customer.full_name),
        pass(|order: Order| order.tip),
        pass(|order: Order| (
            order.zip,
            order.ingredients.is_empty(),
            3_u8,
            "{% text %}".to_string()
        )),
        ring_the_bell,
    ),
    pass(|it| (it.0, it.1, it.2.1, it.3)),
);

#[test]
fn parts_are_passed_on() {
    check(
        &PARTS.definition(),
        expect![[r#"
        {
          "parallel": {
            "Type": "Parallel",
            "Branches": [
              {
                "StartAt": "pass",
                "States": {
                  "pass": {
                    "Type": "Pass",
                    "Output": "{% $states.input.customer.fullName %}",
                    "End": true
                  }
                }
              },
              {
                "StartAt": "pass 2",
                "States": {
                  "pass 2": {
                    "Type": "Pass",
                    "Output": "{% $exists($states.input.tip) ? $states.input.tip : null %}",
                    "End": true
                  }
                }
              },
              {
                "StartAt": "pass 3",
                "States": {
                  "pass 3": {
                    "Type": "Pass",
                    "Output": [
                      "{% $states.input.`zip-code` %}",
                      "{% $count($states.input.ingredients) = 0 %}",
                      3,
                      "{% '{% text \\u0025}' %}"
                    ],
                    "End": true
                  }
                }
              },
              {
                "StartAt": "ring_the_bell",
                "States": {
                  "ring_the_bell": {
                    "Type": "Task",
                    "End": true,
                    "Arguments": {}
                  }
                }
              }
            ],
            "Next": "pass 4"
          },
          "pass 4": {
            "Type": "Pass",
            "Output": [
              "{% $states.input[0] %}",
              "{% $exists($states.input[1]) ? $states.input[1] : null %}",
              "{% $states.input[2][1] %}",
              "{% $states.input[3] %}"
            ],
            "End": true
          }
        }"#]],
    );
}

static ENDS: Workflow<Order, u32> = workflow!(
    name = "ends",
    input = Order,
    choose(|order| match order.kind {
        Kind::Small => fail(OvenError::Burnt, "too small to see"),
        Kind::Family => {
            ring_the_bell;
            succeed()
        }
        Kind::Large => {}
    }),
    pass(|order| order.ingredients),
    parallel(
        map(prepare_ingredient),
        choose(|list| if list.is_empty() {
            succeed()
        } else {
            fail("NotEmpty")
        }),
    ),
    ring_the_bell.named("ring again"),
);

#[test]
fn some_arms_end() {
    check(
        &ENDS.definition(),
        expect![[r#"
            {
              "kind?": {
                "Type": "Choice",
                "Choices": [
                  {
                    "Condition": "{% $states.input.kind = 'small' %}",
                    "Next": "Burnt"
                  },
                  {
                    "Condition": "{% $states.input.kind = 'family' %}",
                    "Next": "ring_the_bell"
                  },
                  {
                    "Condition": "{% $states.input.kind = 'large' %}",
                    "Next": "pass"
                  }
                ]
              },
              "Burnt": {
                "Type": "Fail",
                "Error": "Burnt",
                "Cause": "too small to see"
              },
              "ring_the_bell": {
                "Type": "Task",
                "Next": "succeed",
                "Arguments": {}
              },
              "succeed": {
                "Type": "Succeed"
              },
              "pass": {
                "Type": "Pass",
                "Output": "{% $states.input.ingredients %}",
                "Next": "parallel"
              },
              "parallel": {
                "Type": "Parallel",
                "Branches": [
                  {
                    "StartAt": "map",
                    "States": {
                      "map": {
                        "Type": "Map",
                        "Items": "{% $states.input %}",
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
                  },
                  {
                    "StartAt": "it.len == 0?",
                    "States": {
                      "it.len == 0?": {
                        "Type": "Choice",
                        "Choices": [
                          {
                            "Condition": "{% $count($states.input) = 0 %}",
                            "Next": "succeed 2"
                          }
                        ],
                        "Default": "NotEmpty"
                      },
                      "succeed 2": {
                        "Type": "Succeed"
                      },
                      "NotEmpty": {
                        "Type": "Fail",
                        "Error": "NotEmpty"
                      }
                    }
                  }
                ],
                "Next": "ring again"
              },
              "ring again": {
                "Type": "Task",
                "End": true,
                "Arguments": {}
              }
            }"#]],
    );
}

struct OnLambda;

impl Places for OnLambda {
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
        Ok(Place::Lambda {
            function: format!(
                "arn:aws:lambda:us-east-1:123456789012:function:{}:7",
                step.ident
            ),
        })
    }
}

static ON_LAMBDA: Workflow<Pizza, Pizza> = workflow!(
    name = "on-lambda",
    kind = express,
    bake.retry(on(OvenError::Busy), max_attempts = 1),
    choose(|pizza| if is_hot(pizza) {
        wait("2m")
    }),
);

#[test]
fn lambda_tasks() {
    let machine = compile(&ON_LAMBDA.definition(), &OnLambda);
    expect![[r#"
        {
          "QueryLanguage": "JSONata",
          "TimeoutSeconds": 300,
          "StartAt": "bake",
          "States": {
            "bake": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke",
              "Arguments": {
                "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:bake:7",
                "Payload": {
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
                }
              },
              "TimeoutSeconds": 900,
              "HeartbeatSeconds": 60,
              "Output": "{% $states.result.Payload %}",
              "Retry": [
                {
                  "ErrorEquals": [
                    "OvenError.Busy"
                  ],
                  "IntervalSeconds": 1,
                  "MaxAttempts": 1,
                  "BackoffRate": 2.0
                },
                {
                  "ErrorEquals": [
                    "Lambda.ServiceException",
                    "Lambda.AWSLambdaException",
                    "Lambda.SdkClientException",
                    "Lambda.TooManyRequestsException"
                  ],
                  "IntervalSeconds": 2,
                  "MaxAttempts": 6,
                  "BackoffRate": 2.0
                }
              ],
              "Next": "is_hot"
            },
            "is_hot": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke",
              "Arguments": {
                "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:is_hot:7",
                "Payload": {
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
                }
              },
              "Assign": {
                "is_hot": "{% $states.result.Payload %}"
              },
              "Output": "{% $states.input %}",
              "Retry": [
                {
                  "ErrorEquals": [
                    "Lambda.ServiceException",
                    "Lambda.AWSLambdaException",
                    "Lambda.SdkClientException",
                    "Lambda.TooManyRequestsException"
                  ],
                  "IntervalSeconds": 2,
                  "MaxAttempts": 6,
                  "BackoffRate": 2.0
                }
              ],
              "Next": "is_hot?"
            },
            "is_hot?": {
              "Type": "Choice",
              "Choices": [
                {
                  "Condition": "{% $is_hot %}",
                  "Next": "wait 2 minutes"
                }
              ],
              "Default": "done"
            },
            "wait 2 minutes": {
              "Type": "Wait",
              "Seconds": 120,
              "End": true
            },
            "done": {
              "Type": "Succeed"
            }
          }
        }"#]]
    .assert_eq(&machine.to_string_pretty());
}
