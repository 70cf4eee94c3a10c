//! Names that a user may have given away, which the expansions must not borrow.

#![allow(dead_code, non_camel_case_types, reason = "the names are the test")]

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, Step, StepError, step};

mod std {}
mod core {}
mod serde_json {}

struct Option;
struct Some;
struct None;
struct Result;
struct Ok;
struct Err;
struct Vec;
struct Box;
struct String;
struct Send;
struct Shape;
struct Failure;
struct Value;

#[derive(Serialize, Deserialize, Payload)]
struct task {
    r#type: u8,
    origin: ::std::vec::Vec<u8>,
}

#[derive(Debug, StepError)]
enum error {
    message,
    data { field_0: u8 },
}

impl ::std::fmt::Display for error {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str("an error")
    }
}

impl ::std::error::Error for error {}

#[step(retry(on(error::message, Timeout)), timeout = "1m")]
async fn arguments(
    task: task,
    arguments: &[u8],
    parameter_0: &str,
    r#async: u8,
) -> ::std::result::Result<u8, error> {
    let _ = (task.origin, arguments, parameter_0);
    ::std::result::Result::Ok(task.r#type + r#async)
}

#[test]
fn the_expansions_borrow_no_name() {
    let meta = <arguments as Step>::META;
    let params: ::std::vec::Vec<_> = meta.params.iter().map(|param| param.name).collect();
    assert_eq!(params, ["task", "arguments", "parameter_0", "async"]);
    assert_eq!((meta.retries[0].on)(), ["error.message", "States.Timeout"]);
}
