//! `.catch(..)` and what its handlers are given.

use expect_test::expect;
use sfn_runtime::{Workflow, minutes, workflow};

use crate::{check, kitchen::*};

static CATCHES: Workflow<Pizza, Served> = workflow!(
    name = "catches",
    bake.catch(on(OvenError::Busy, Timeout), wait(minutes(1)), apologise)
        .catch(on(OvenError::Cold), note_error)
        .catch(
            on(OvenError::Burnt),
            choose(
                |caught| if caught.error.cause == "fire" && caught.input.celsius > 800 {
                    fail("Fire", "call the brigade")
                }
            ),
            pass(|caught| caught.input)
        )
        .catch(
            on(All),
            ring_the_bell,
            fail("Unknown", "nobody knows what happened")
        ),
    serve.catch(
        on(All),
        parallel(apologise.named("say sorry"), wait(minutes(3))),
        fail("Dropped")
    ),
);

#[test]
fn handlers_are_given_what_failed_and_why() {
    check(
        &CATCHES.definition(),
        expect![[r#"
        {
          "bake": {
            "Type": "Task",
            "TimeoutSeconds": 900,
            "HeartbeatSeconds": 60,
            "Catch": [
              {
                "ErrorEquals": [
                  "OvenError.Busy",
                  "States.Timeout"
                ],
                "Output": {
                  "input": "{% $states.input %}",
                  "error": {
                    "name": "{% $states.errorOutput.Error ? $states.errorOutput.Error : '' %}",
                    "cause": "{% $states.errorOutput.Cause ? $states.errorOutput.Cause : '' %}"
                  }
                },
                "Next": "wait 1 minute"
              },
              {
                "ErrorEquals": [
                  "OvenError.Cold"
                ],
                "Output": {
                  "input": "{% $states.input %}",
                  "error": {
                    "name": "{% $states.errorOutput.Error ? $states.errorOutput.Error : '' %}",
                    "cause": "{% $states.errorOutput.Cause ? $states.errorOutput.Cause : '' %}"
                  }
                },
                "Next": "note_error"
              },
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
                "Next": "error.cause == fire && input.celsius > 800?"
              },
              {
                "ErrorEquals": [
                  "States.ALL"
                ],
                "Output": {
                  "input": "{% $states.input %}",
                  "error": {
                    "name": "{% $states.errorOutput.Error ? $states.errorOutput.Error : '' %}",
                    "cause": "{% $states.errorOutput.Cause ? $states.errorOutput.Cause : '' %}"
                  }
                },
                "Next": "ring_the_bell"
              }
            ],
            "Next": "serve",
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "wait 1 minute": {
            "Type": "Wait",
            "Seconds": 60,
            "Next": "apologise"
          },
          "apologise": {
            "Type": "Task",
            "Next": "serve",
            "Arguments": {
              "pizza": "{% $states.input.input %}",
              "error": "{% $states.input.error %}"
            }
          },
          "note_error": {
            "Type": "Task",
            "Next": "serve",
            "Arguments": {
              "error": "{% $states.input.error %}"
            }
          },
          "error.cause == fire && input.celsius > 800?": {
            "Type": "Choice",
            "Choices": [
              {
                "Condition": "{% $states.input.error.cause = 'fire' and $states.input.input.celsius > 800 %}",
                "Next": "Fire"
              }
            ],
            "Default": "pass"
          },
          "Fire": {
            "Type": "Fail",
            "Error": "Fire",
            "Cause": "call the brigade"
          },
          "pass": {
            "Type": "Pass",
            "Output": "{% $states.input.input %}",
            "Next": "serve"
          },
          "ring_the_bell": {
            "Type": "Task",
            "Next": "Unknown",
            "Arguments": {}
          },
          "Unknown": {
            "Type": "Fail",
            "Error": "Unknown",
            "Cause": "nobody knows what happened"
          },
          "serve": {
            "Type": "Task",
            "Catch": [
              {
                "ErrorEquals": [
                  "States.ALL"
                ],
                "Output": {
                  "input": "{% $states.input %}",
                  "error": {
                    "name": "{% $states.errorOutput.Error ? $states.errorOutput.Error : '' %}",
                    "cause": "{% $states.errorOutput.Cause ? $states.errorOutput.Cause : '' %}"
                  }
                },
                "Next": "parallel"
              }
            ],
            "End": true,
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "parallel": {
            "Type": "Parallel",
            "Branches": [
              {
                "StartAt": "say sorry",
                "States": {
                  "say sorry": {
                    "Type": "Task",
                    "End": true,
                    "Arguments": {
                      "pizza": "{% $states.input.input %}",
                      "error": "{% $states.input.error %}"
                    }
                  }
                }
              },
              {
                "StartAt": "wait 3 minutes",
                "States": {
                  "wait 3 minutes": {
                    "Type": "Wait",
                    "Seconds": 180,
                    "End": true
                  }
                }
              }
            ],
            "Next": "Dropped"
          },
          "Dropped": {
            "Type": "Fail",
            "Error": "Dropped"
          }
        }"#]],
    );
}
