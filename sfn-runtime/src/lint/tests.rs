use expect_test::{Expect, expect};

use super::{Code, lint};
use crate::{Failure, Payload, StepError, Workflow, step, workflow};

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError {
    #[error("the oven is busy")]
    Busy,
    #[error("burnt")]
    #[step_error(retryable = false)]
    Burnt,
}

#[step(timeout = "5m", retry(on(OvenError::Busy)))]
fn bakes(size: u32) -> Result<u32, OvenError> {
    match size {
        0 => Err(OvenError::Busy),
        1 => Err(OvenError::Burnt),
        size => Ok(size),
    }
}

#[step(heartbeat = "1m", retry(on(Panic, BadInput)))]
fn panics(size: u32) -> u32 {
    size
}

#[step(timeout = "20m", retry(on(OvenError::Burnt)))]
fn retries_what_lasts(size: u32) -> Result<u32, OvenError> {
    bakes(size)
}

#[step(timeout = "20m", heartbeat = "1m", retry())]
fn fails_somehow(size: u32) -> Result<u32, Failure> {
    Ok(size)
}

#[step]
fn rests(size: u32) -> u32 {
    size
}

#[track_caller]
fn check<I: Payload, O: Payload>(workflow: &Workflow<I, O>, expected: Expect) {
    let mut text = String::new();
    for lint in lint(&workflow.definition()).expect("it compiles") {
        let level = if lint.code.is_warning() {
            "warning"
        } else {
            "note"
        };
        let source = lint
            .help
            .split(": sfn-runtime")
            .next()
            .unwrap_or_default()
            .to_owned();
        text.push_str(&format!(
            "{level}[{}] {} at {}\n  {source}\n",
            lint.code, lint.message, lint.place
        ));
    }
    expected.assert_eq(&text);
}

#[test]
fn everything_at_once() {
    static ALL: Workflow<u32, u32> = workflow!(
        name = "all",
        bakes,
        panics,
        retries_what_lasts,
        fails_somehow,
        rests
    );
    check(
        &ALL,
        expect![[r#"
        note[SFN-L201] nothing catches `OvenError.Burnt` of `bakes`: the execution fails with it at /States/bakes
          catch it where the step is used, if something can be done about it
        warning[SFN-L101] `panics` is tried again after `Sfn.Panic`, `Sfn.BadInput`, which the next attempt will meet as well at /States/panics/Retry/0
          leave it out: a mistake of the program does not pass with time
        warning[SFN-L102] `retries_what_lasts` is tried again after `OvenError.Burnt`, which is declared `retryable = false` at /States/retries_what_lasts/Retry/0
          leave it out, or let the error be retryable
        note[SFN-L201] nothing catches `OvenError.Burnt` of `retries_what_lasts`: the execution fails with it at /States/retries_what_lasts
          catch it where the step is used, if something can be done about it
        note[SFN-L302] a worker that dies with `retries_what_lasts` is noticed after 20m at /States/retries_what_lasts
          give the step `heartbeat = "1m"`; workers send heartbeats by themselves
        note[SFN-L103] `fails_somehow` is tried again after every failure, panics and unreadable inputs among them at /States/fails_somehow/Retry/0
          name the errors that may pass; a step that returns `Failure` declares none
        note[SFN-L301] an attempt of `rests` may take as long as the workflow: a worker that dies with it is not noticed at /States/rests
          give the step `timeout = "…"`, or `heartbeat = "…"`
    "#]],
    );
}

#[test]
fn catchers_around_count() {
    static CAUGHT: Workflow<u32, (u32,)> = workflow!(
        name = "caught",
        bakes.catch(on(OvenError::Burnt), rests.timeout("1m")),
        bakes
            .named("again")
            .catch(on(TaskFailed), rests.named("late").timeout("1m")),
        parallel(bakes.named("inner")).catch(on(All), fail("Burnt", "all of it")),
    );
    check(&CAUGHT, expect![[r#""#]]);
}

#[test]
fn pages_are_written() {
    for code in Code::ALL {
        let page = code.page();
        let first = page.lines().next().expect("a first line");
        assert!(first.ends_with('.') && first.len() >= 20, "{code}: {first}");
        assert!(page.contains("```rust"), "{code}");
        assert!(
            page.lines().all(|line| line.len() <= 120),
            "{code}: a line is too long"
        );
    }
}
