//! The program that the suites beside a stand-in deploy. Its steps say that they were called, and wait or fail where the test
//! wants it: what they write, and what they look for, stands in the folder `SFN_TEST_FOLDER`.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use sfn_runtime::{Callback, Payload, StepContext, StepError, state_machine, step};

/// What is passed on.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Baton {
    /// Whose it is.
    lane: u32,
    /// Whether it is put down on the way, until somebody answers.
    parked: bool,
}

/// What goes wrong.
#[derive(Debug, thiserror::Error, StepError)]
pub enum RelayError {
    /// The folder has a file `broken`.
    #[error("the track of lane {lane} is broken")]
    #[step_error(retryable = false)]
    Broken {
        /// Whose.
        lane: u32,
    },
    /// Nobody waits for an answer.
    #[error("there is no task token")]
    #[step_error(retryable = false)]
    NoToken,
}

fn folder() -> PathBuf {
    std::env::var_os("SFN_TEST_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from)
}

/// Says that a step was called: one line, in one write, so that processes do not mix theirs.
fn called(step: &str, context: &StepContext) {
    let place = match std::env::var_os("AWS_LAMBDA_RUNTIME_API") {
        Some(_) => "lambda",
        None => "here",
    };
    let line = format!(
        "{step} {} {} {place}\n",
        context.execution_name, context.attempt
    );
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder().join("calls"));
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .expect("the test's folder takes files");
}

/// Runs the first leg.
#[step]
async fn early(baton: &Baton, #[inject] ctx: StepContext) -> u32 {
    called("early", &ctx);
    baton.lane
}

/// Puts the baton down until somebody answers.
#[step]
async fn park(baton: &Baton, #[inject] ctx: StepContext) -> Result<Callback<bool>, RelayError> {
    called("park", &ctx);
    let token = ctx.task_token().ok_or(RelayError::NoToken)?;
    let tokens = folder().join("tokens");
    let _ = baton.lane;
    // Written beside, then moved: whoever finds it finds all of it.
    let beside = tokens.join(format!(".{}", ctx.execution_name));
    fs::create_dir_all(&tokens)
        .and_then(|()| fs::write(&beside, token))
        .and_then(|()| fs::rename(&beside, tokens.join(&ctx.execution_name)))
        .expect("the test's folder takes files");
    Ok(Callback::pending())
}

/// Runs the last leg.
#[step]
async fn late(lane: u32, #[inject] ctx: StepContext) -> Result<String, RelayError> {
    called("late", &ctx);
    if folder().join("broken").exists() {
        return Err(RelayError::Broken { lane });
    }
    Ok(format!("lane {lane} is through"))
}

/// Runs for ever at the first attempt, and not at all at the second.
#[step(
    heartbeat = "2s",
    retry(on(Timeout), interval = "1s", max_attempts = 3)
)]
async fn stumble(baton: &Baton, #[inject] ctx: StepContext) -> u32 {
    called("stumble", &ctx);
    if ctx.attempt == 1 {
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
    baton.lane
}

/// From the first leg to the last.
#[state_machine(name = "relay", timeout = "1h")]
pub async fn relay(baton: Baton) -> Result<String, RelayError> {
    let lane = early(&baton).await;
    if baton.parked {
        park(&baton).callback("30m").await?;
    }
    Ok(late(lane).await?)
}

/// One leg, with a runner who falls.
#[state_machine(name = "stumbling", timeout = "10m")]
pub async fn stumbling(baton: Baton) -> u32 {
    stumble(&baton).await
}

#[tokio::main]
async fn main() -> ExitCode {
    sfn_runtime::app().main().await
}
