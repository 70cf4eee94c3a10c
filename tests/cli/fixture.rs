//! The program that this suite runs: a workflow for each way an execution can go.

use std::{process::ExitCode, time::Duration};

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepError, Workflow, minutes, step, workflow};

/// Who is greeted, and how often.
#[derive(Debug, Serialize, Deserialize, Payload)]
pub struct Guest {
    name: String,
    times: u8,
    mood: Mood,
}

/// How the greeting sounds.
#[derive(Debug, Serialize, Deserialize, Payload)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// With an exclamation mark.
    Glad,
    /// Without.
    Grumpy,
}

/// What goes wrong.
#[derive(Debug, thiserror::Error, StepError)]
pub enum Trouble {
    /// It passes.
    #[error("not yet")]
    Soon,
    /// It stays.
    #[error("the oven is cold\nand will stay so")]
    #[step_error(retryable = false)]
    Never,
}

/// What a step asks the program for.
#[derive(Debug, Clone)]
pub struct Greeting(&'static str);

/// Greets a guest.
///
/// As often as asked.
#[step(timeout = "5m")]
fn greet(guest: Guest, #[inject] greeting: Greeting) -> String {
    let end = match guest.mood {
        Mood::Glad => "!",
        Mood::Grumpy => ".",
    };
    vec![format!("{}, {}{end}", greeting.0, guest.name); usize::from(guest.times)].join(" ")
}

/// Fails for good.
#[step]
fn fail_for_good(word: String) -> Result<String, Trouble> {
    let _ = word;
    Err(Trouble::Never)
}

/// Succeeds at the third attempt.
#[step(retry(on(Trouble::Soon), interval = "20s", max_attempts = 5))]
fn come_round(
    word: String,
    #[inject] context: sfn_runtime::StepContext,
) -> Result<String, Trouble> {
    if context.attempt < 3 {
        return Err(Trouble::Soon);
    }
    tracing::info!("came round at attempt {}", context.attempt);
    Ok(word)
}

/// Breaks its own promise.
#[step]
fn panic_at_once(word: String) -> String {
    panic!("{word} was not expected");
}

/// Works until it is stopped.
#[step]
async fn work_long(word: String) -> String {
    tokio::time::sleep(Duration::from_secs(600)).await;
    word
}

/// Works and cannot be stopped.
#[step]
fn block_long(word: String) -> String {
    std::thread::sleep(Duration::from_secs(600));
    word
}

/// Doubles a number.
#[step]
fn double(number: u32) -> u32 {
    number * 2
}

/// Adds all numbers.
#[step]
fn add(numbers: Vec<u32>) -> u32 {
    numbers.iter().sum()
}

/// Makes the best of an error.
#[step]
fn make_the_best_of_it(word: String) -> String {
    format!("{word}, nevertheless")
}

/// Greets a guest.
pub static GREET: Workflow<Guest, String> = workflow!(name = "greet", greet);

/// Fails in its only step.
pub static FAIL: Workflow<String, String> = workflow!(name = "fail", fail_for_good);

/// Needs three attempts and a rest.
pub static COME_ROUND: Workflow<String, String> =
    workflow!(name = "come-round", come_round, wait(minutes(2)));

/// Panics.
pub static PANIC: Workflow<String, String> = workflow!(name = "panic", panic_at_once);

/// Catches an error.
pub static CATCH: Workflow<String, String> = workflow!(
    name = "catch",
    fail_for_good.catch(on(Trouble::Never), make_the_best_of_it)
);

/// Takes longer than it may.
pub static BE_LATE: Workflow<String, String> = workflow!(
    name = "be-late",
    timeout = "1m",
    wait(minutes(2)),
    make_the_best_of_it
);

/// Works until it is stopped.
pub static WORK_LONG: Workflow<String, String> = workflow!(name = "work-long", work_long);

/// Works and cannot be stopped.
pub static BLOCK_LONG: Workflow<String, String> = workflow!(name = "block-long", block_long);

/// Doubles all numbers and adds them.
pub static DOUBLE_ALL: Workflow<Vec<u32>, u32> = workflow!(name = "double-all", map(double), add);

#[tokio::main]
async fn main() -> ExitCode {
    let mut app = sfn_runtime::app()
        .about("The fixture of the suite `cli`.")
        .version("1.2.3");
    // The tests take away what a mistake is about.
    if std::env::var_os("FIXTURE_WITHOUT_GREETING").is_none() {
        app = app.provide(Greeting("Hello"));
    }
    if let Some(name) = std::env::var_os("FIXTURE_STORY") {
        app = app.story(name.to_string_lossy(), "\"once\"");
    }
    app.main().await
}
