use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{Lock, LockError, form::understands};
use crate::{self as sfn_runtime, Payload, Workflow, step, workflow};

#[derive(serde::Serialize, serde::Deserialize, Payload)]
struct Order {
    size: Size,
    #[serde(default)]
    note: Option<String>,
    toppings: Vec<String>,
}

#[derive(serde::Serialize, serde::Deserialize, Payload)]
#[serde(rename_all = "lowercase")]
enum Size {
    Small,
    Large,
}

#[derive(Debug, thiserror::Error, sfn_runtime::StepError)]
enum OvenError {
    #[error("busy")]
    Busy,
}

/// Bakes.
#[step(alias = "bake_pizza", timeout = "5m", retry(on(OvenError::Busy)))]
fn bake(order: Order) -> Result<u32, OvenError> {
    if order.toppings.is_empty() {
        return Err(OvenError::Busy);
    }
    let Order {
        size,
        note,
        toppings,
    } = order;
    let _ = (size, note, toppings);
    Ok(1)
}

static LOCKED: Workflow<Order, u32> = workflow!(name = "locked", bake);

fn lock() -> Lock {
    let definition = LOCKED.definition();
    let steps = definition.steps().expect("it compiles");
    Lock::of(&steps, &[definition]).expect("it compiles")
}

#[test]
fn the_file_can_be_reviewed_and_read_again() {
    let lock = lock();
    expect![[r#"
        {
          "note": "Written by `lock`. Commit it, and review its changes: they are changes of what workflows promise.",
          "version": 1,
          "steps": {
            "bake": {
              "aliases": [
                "bake_pizza"
              ],
              "input": {
                "order": {
                  "note?": {
                    "$option": "string"
                  },
                  "size": {
                    "$enum": [
                      "large",
                      "small"
                    ]
                  },
                  "toppings": [
                    "string"
                  ]
                }
              },
              "output": "integer",
              "errors": [
                "OvenError.Busy"
              ],
              "schema": "03afc1b3"
            }
          },
          "workflows": {
            "locked": {
              "kind": "standard",
              "input": {
                "note?": {
                  "$option": "string"
                },
                "size": {
                  "$enum": [
                    "large",
                    "small"
                  ]
                },
                "toppings": [
                  "string"
                ]
              },
              "output": "integer",
              "steps": [
                "bake"
              ],
              "handles": [
                "OvenError.Busy"
              ],
              "states": {
                "bake": "Task 50fca329"
              }
            }
          }
        }
    "#]].assert_eq(&lock.text());
    assert_eq!(
        Lock::read(&lock.text()).expect("it is what was written"),
        lock
    );
    assert_eq!(lock.changes_to(&lock), []);
}

#[test]
fn other_files_are_refused() {
    let newer = Lock::read(r#"{ "version": 2 }"#).unwrap_err();
    assert!(matches!(newer, LockError::Newer { found: 2 }));
    assert!(matches!(
        Lock::read("{").unwrap_err(),
        LockError::Malformed(_)
    ));
}

/// Changes the file, and tells what the program as it is has changed against it.
#[track_caller]
fn check(change: impl FnOnce(&mut Value), expected: Expect) {
    let now = lock();
    let mut file: Value = serde_json::from_str(&now.text()).expect("JSON");
    change(&mut file);
    let before = Lock::read(&file.to_string()).expect("still a lock");
    let mut text = String::new();
    for change in before.changes_to(&now) {
        text.push_str(&format!("{}: {}\n", change.drift, change.message));
        if let Some(help) = change.help {
            text.push_str(&format!("  help: {help}\n"));
        }
    }
    expected.assert_eq(&text);
}

fn renamed(file: &mut Value, old: &str) {
    let steps = file["steps"].as_object_mut().expect("steps");
    let bake = steps.remove("bake").expect("the step");
    steps.insert(old.to_owned(), bake);
    file["workflows"]["locked"]["steps"] = json!([old]);
}

#[test]
fn a_step_that_answers_to_its_old_name() {
    check(
        |file| renamed(file, "bake_pizza"),
        expect![[r#"
        additive: step `bake_pizza` is renamed to `bake`, and answers to its old name
    "#]],
    );
}

#[test]
fn a_step_that_does_not() {
    check(
        |file| renamed(file, "roast"),
        expect![[r#"
        breaking: step `roast` is gone: executions of `locked` that have it before them wait for it in vain
          help: if it is `bake` now, let that answer to the old name as well: `#[step(alias = "roast")]`
        additive: step `bake` is new
    "#]],
    );
}

#[test]
fn a_step_that_takes_other_json() {
    check(
        |file| {
            file["steps"]["bake"]["schema"] = json!("00000000");
            let order = file["steps"]["bake"]["input"]["order"]
                .as_object_mut()
                .expect("order");
            order.remove("toppings");
        },
        expect![[r#"
            breaking: step `bake` takes other JSON: `order.toppings` is new and required; executions in flight ask for it as it was
              help: let workers of the old version run until no execution needs them, or give the new form to a step of another name
        "#]],
    );
}

#[test]
fn error_names_that_come_and_go() {
    check(
        |file| {
            file["steps"]["bake"]["errors"] = json!(["OvenError.Cold", "OvenError.Full"]);
            file["workflows"]["locked"]["handles"] = json!(["OvenError.Cold"]);
        },
        expect![[r#"
            breaking: step `bake` no longer raises `OvenError.Cold`, which executions of `locked` in flight retry or catch
              help: if the error has another name now, keep the old one: `#[step_error(name = "OvenError.Cold")]`
            additive: step `bake` no longer raises `OvenError.Full`
            additive: step `bake` raises `OvenError.Busy`, which executions in flight do not know
        "#]],
    );
}

#[test]
fn workflows_that_change() {
    check(
        |file| {
            let mut other = file["workflows"]["locked"].clone();
            other["kind"] = json!("express");
            other["output"] = json!("string");
            other["input"]["crust"] = json!("string");
            other["states"]["bake"] = json!("Task 00000000");
            other["states"]["rest"] = json!("Wait 00000000");
            file["workflows"]["gone"] = other.clone();
            file["workflows"]["locked"] = other;
        },
        expect![[r#"
            breaking: workflow `gone` is gone: nobody can start it any more
              help: if it was renamed, keep its name: `workflow!(name = "…", …)`
            breaking: workflow `locked` was express and is standard, which no state machine can become
              help: give it another name
            breaking: workflow `locked` gives what those who wait for it may not read: was "integer" and is "string"
              help: change those who read it first
            additive: workflow `locked` takes more inputs than before
            additive: workflow `locked` has other states: gone are `rest`; changed are `bake`; executions in flight keep theirs
        "#]],
    );
}

#[test]
fn what_a_reader_understands() {
    let fits = |reader: Value, writer: Value| understands(&reader, &writer);
    assert_eq!(fits(json!("number"), json!("integer")), Ok(()));
    assert_eq!(
        fits(
            json!({ "a": "string" }),
            json!({ "a": "string", "b": "any" })
        ),
        Ok(())
    );
    assert_eq!(fits(json!({ "a?": "string" }), json!({})), Ok(()));
    assert_eq!(
        fits(json!({ "$option": "string" }), json!("string")),
        Ok(())
    );
    assert_eq!(
        fits(json!({ "$enum": ["a", "b"] }), json!({ "$enum": ["a"] })),
        Ok(())
    );
    let refused = [
        (
            json!({ "a": "string" }),
            json!({ "a?": "string" }),
            "`a` was optional and is required",
        ),
        (
            json!({ "a": { "b": "string" } }),
            json!({ "a": {} }),
            "`a.b` is new and required",
        ),
        (
            json!(["string"]),
            json!(["integer"]),
            "`[]` was \"integer\" and is \"string\"",
        ),
        (
            json!("string"),
            json!({ "$option": "string" }),
            "may have been `null`",
        ),
        (
            json!({ "$enum": ["a"] }),
            json!({ "$enum": ["a", "b"] }),
            "no longer has the variant `b`",
        ),
    ];
    for (reader, writer, why) in refused {
        assert_eq!(fits(reader, writer), Err(why.to_owned()));
    }
}
