//! `answer`: ends a task that waits for somebody.

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

/// Answers it: in the programs that run here, unless a service was named or none of them has such a task.
pub(super) async fn answer(options: Options) -> Result<Exit, Problem> {
    let Options {
        token,
        answer,
        service,
    } = options;
    // What is wrong with it is told before anybody is asked.
    let answer = match answer {
        Answer::Output(output) => Ok(super::input::value(&output, "`--output`")?),
        Answer::Error { name, cause } => Err(Failure::new(name, cause)),
    };
    #[cfg(all(unix, feature = "local"))]
    if service.is_unnamed() {
        use super::mailbox::{Reply, Request, ask};

        let request = match &answer {
            Ok(output) => Request::success(&token, output.clone()),
            Err(failure) => Request::failure(&token, failure),
        };
        match ask(&request).await {
            (Reply::Done, _) => return Ok(Exit::Ok),
            (Reply::Over(why) | Reply::Refused(why), _) => {
                return Err(Problem::new(Exit::Service, why));
            }
            (Reply::Unknown, asked) if cfg!(not(feature = "aws")) => {
                return Err(nobody(asked));
            }
            (Reply::Unknown, _) => {}
        }
    }
    let client = service.client().await?;
    match &answer {
        Ok(output) => client.send_success(&token, output).await?,
        Err(failure) => client.send_failure(&token, failure).await?,
    }
    Ok(Exit::Ok)
}

/// No program on this machine has the task.
#[cfg(all(unix, feature = "local"))]
fn nobody(asked: usize) -> Problem {
    let message = match asked {
        0 => "no workflow runs here, so no task waits for an answer".to_owned(),
        1 => "the program that runs here has no task with this token that waits".to_owned(),
        many => format!(
            "none of the {many} programs that run here has a task with this token that waits"
        ),
    };
    Problem::new(Exit::Service, message)
        .help("answer while `run` is at work, with the token as its step had it")
        .note("for a task on AWS, enable the feature `aws` of `sfn-runtime`: `cargo add sfn-runtime --features aws`")
}
