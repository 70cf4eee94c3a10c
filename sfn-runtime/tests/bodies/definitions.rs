use expect_test::{Expect, expect};
use serde::{Deserialize, Serialize};
use sfn_runtime::{
    Declaration, Payload, StepError, Workflow,
    flow::{Body, CallSite, MapSite, SamplePlaces, constant},
    minutes, step,
};

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Order {
    id: String,
    amount: u32,
    items: Vec<String>,
}

#[derive(Debug, thiserror::Error, StepError)]
enum ShipError {
    #[error("out of stock")]
    OutOfStock,
    #[error("no such address")]
    NoAddress,
}

/// Checks an order.
#[step]
fn validate(order: &Order) -> Order {
    order.clone()
}

#[step]
fn reserve(order: &Order) -> Vec<String> {
    order.items.clone()
}

#[step]
fn score(order: &Order) -> u32 {
    order.amount
}

#[step]
fn pack(parcel: String, order: &Order) -> String {
    format!("{parcel} of {}", order.id)
}

#[step]
fn ship(order: &Order, stock: Vec<String>) -> Result<String, ShipError> {
    match (order.amount, stock.len()) {
        (0, _) => Err(ShipError::NoAddress),
        (_, 0) => Err(ShipError::OutOfStock),
        _ => Ok(order.id.clone()),
    }
}

#[step]
fn refund(order: &Order) -> String {
    order.id.clone()
}

fn check(record: fn(&mut Body), expected: Expect) {
    let workflow: Workflow<Order, String> = Workflow::recorded(Declaration::named("body"), record);
    let machine = workflow
        .definition()
        .compile(&SamplePlaces::new("app"))
        .unwrap_or_else(|error| panic!("{error}"));
    let text = machine.to_string_pretty();
    let (_, found) = sfn_asl::read(&text);
    let mut shown = String::new();
    let mut value: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    strip(&mut value);
    for line in serde_json::to_string_pretty(&value["States"])
        .expect("it is written")
        .lines()
    {
        shown.push_str(line);
        shown.push('\n');
    }
    assert!(found.is_empty(), "{found:?}\n{text}");
    expected.assert_eq(&shown);
}

/// Leaves out what is the same everywhere.
fn strip(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => {
            if let Some(input) = members
                .get_mut("Arguments")
                .and_then(|sent| sent.get_mut("input"))
            {
                let input = input.take();
                members.insert("Arguments".to_owned(), input);
            }
            members.remove("Resource");
            members.values_mut().for_each(strip);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn process(body: &mut Body) {
    let order = body.parameter("order", Order::shape());
    body.at(2);
    let checked = body.call(CallSite::of::<validate>(vec![order.clone()]));
    let checked = body.bind("checked", checked);
    body.at(3);
    let both = body
        .parallel()
        .branch(|body| Some(body.call(CallSite::of::<reserve>(vec![checked.clone()]))))
        .branch(|body| Some(body.call(CallSite::of::<score>(vec![checked.clone()]))))
        .join();
    let stock = body.bind("stock", both.path("0"));
    let score = body.bind("score", both.path("1"));
    body.at(5);
    body.choose(None)
        .when("score > 80", score.more_than(constant(&80)), |body| {
            body.at(6);
            body.fail("OrderError.Rejected", Some(constant("too risky")));
            None
        })
        .join();
    body.at(8);
    body.map(
        MapSite::over(stock.clone())
            .max_concurrency(1)
            .label("for parcel in &stock"),
        |body, parcel, _| {
            let parcel = body.bind("parcel", parcel);
            Some(body.call(CallSite::of::<pack>(vec![parcel, order.clone()])))
        },
    );
    body.at(9);
    body.sleep(minutes(1));
    body.at(10);
    let value = body
        .attempt(|body| Some(body.call(CallSite::of::<ship>(vec![checked.clone(), stock.clone()]))))
        .ok(|body, receipt| Some(body.bind("receipt", receipt)))
        .error(["ShipError.OutOfStock"], |body, _| {
            Some(body.call(CallSite::of::<refund>(vec![order.clone()])))
        })
        .rest(|body, error| {
            body.raise(error);
            None
        })
        .join();
    body.return_(Some(value));
}

#[test]
fn the_flagship() {
    check(
        process,
        expect![[r#"
            {
              "validate": {
                "Type": "Task",
                "Comment": "Checks an order. (sfn-runtime/tests/bodies/definitions.rs:2)",
                "Next": "parallel",
                "Arguments": {
                  "order": "{% $states.input %}"
                },
                "Assign": {
                  "order": "{% $states.input %}",
                  "checked": "{% $states.result %}"
                }
              },
              "parallel": {
                "Type": "Parallel",
                "Comment": "sfn-runtime/tests/bodies/definitions.rs:3",
                "Branches": [
                  {
                    "StartAt": "reserve",
                    "States": {
                      "reserve": {
                        "Type": "Task",
                        "Comment": "sfn-runtime/tests/bodies/definitions.rs:3",
                        "End": true,
                        "Arguments": {
                          "order": "{% $checked %}"
                        }
                      }
                    }
                  },
                  {
                    "StartAt": "score",
                    "States": {
                      "score": {
                        "Type": "Task",
                        "Comment": "sfn-runtime/tests/bodies/definitions.rs:3",
                        "End": true,
                        "Arguments": {
                          "order": "{% $checked %}"
                        }
                      }
                    }
                  }
                ],
                "Assign": {
                  "stock": "{% [$states.result[0]] %}",
                  "score": "{% $states.result[1] %}"
                },
                "Next": "score > 80"
              },
              "score > 80": {
                "Type": "Choice",
                "Comment": "sfn-runtime/tests/bodies/definitions.rs:5",
                "Choices": [
                  {
                    "Comment": "score > 80",
                    "Condition": "{% $score > 80 %}",
                    "Next": "OrderError.Rejected"
                  }
                ],
                "Default": "for parcel in &stock"
              },
              "OrderError.Rejected": {
                "Type": "Fail",
                "Comment": "sfn-runtime/tests/bodies/definitions.rs:6",
                "Error": "OrderError.Rejected",
                "Cause": "too risky"
              },
              "for parcel in &stock": {
                "Type": "Map",
                "Comment": "sfn-runtime/tests/bodies/definitions.rs:8",
                "Items": "{% $stock %}",
                "MaxConcurrency": 1,
                "ItemProcessor": {
                  "StartAt": "pack",
                  "States": {
                    "pack": {
                      "Type": "Task",
                      "Comment": "sfn-runtime/tests/bodies/definitions.rs:8",
                      "End": true,
                      "Arguments": {
                        "parcel": "{% $states.input %}",
                        "order": "{% $order %}"
                      }
                    }
                  }
                },
                "Next": "sleep 1 minute"
              },
              "sleep 1 minute": {
                "Type": "Wait",
                "Comment": "sfn-runtime/tests/bodies/definitions.rs:9",
                "Seconds": 60,
                "Next": "ship"
              },
              "ship": {
                "Type": "Task",
                "Comment": "sfn-runtime/tests/bodies/definitions.rs:10",
                "End": true,
                "Arguments": {
                  "order": "{% $checked %}",
                  "stock": "{% $stock %}"
                },
                "Catch": [
                  {
                    "ErrorEquals": [
                      "ShipError.OutOfStock"
                    ],
                    "Next": "refund"
                  }
                ]
              },
              "refund": {
                "Type": "Task",
                "Comment": "sfn-runtime/tests/bodies/definitions.rs:10",
                "End": true,
                "Arguments": {
                  "order": "{% $order %}"
                }
              }
            }
        "#]],
    );
}
