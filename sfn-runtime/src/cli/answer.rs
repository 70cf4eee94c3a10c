//! `answer`: ends a task that waits for somebody.

use serde_json::Value;

use super::{Exit, problem::Problem, work::Address};
use crate::Failure;

/// What `answer` was asked for.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) token: String,
    pub(super) answer: Answer,
    pub(super) service: Address,
}

/// How the task ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// JSON text, `@FILE`, or `-`.
    Output(String),
    Error {
        name: String,
        cause: String,
    },
}

/// Answers it.
pub(super) async fn answer(options: Options) -> Result<Exit, Problem> {
    let Options {
        token,
        answer,
        service,
    } = options;
    match answer {
        Answer::Output(output) => {
            // What is wrong with it is told before anybody is asked.
            let output: Value = super::input::value(&output, "`--output`")?;
            service
                .client()
                .await?
                .send_success(&token, &output)
                .await?;
        }
        Answer::Error { name, cause } => {
            let failure = Failure::new(name, cause);
            service
                .client()
                .await?
                .send_failure(&token, &failure)
                .await?;
        }
    }
    Ok(Exit::Ok)
}
