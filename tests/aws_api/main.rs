//! The AWS protocol over HTTP: whom the server answers, what it says to wrong requests, and what the operations promise.
//!
//! Requests are written byte by byte, so that nothing but the server decides what an answer looks like. The AWS CLI and
//! boto3 are tried by `tests/aws_api/clients`, the AWS SDK for Rust by the suite `transport`.

mod executions;
mod guard;
mod labels;
mod lambda;
mod machines;
mod protocol;
mod recordings;
mod server;
mod settings;
mod states;
