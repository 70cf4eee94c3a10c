//! What errors report.

use std::io;

use serde::Serialize;

use super::Failure;
use crate::{Step, StepError, step};

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError {
    #[error("the oven is busy")]
    Busy,
    #[error("burnt after {minutes} minutes at {degrees}")]
    #[step_error(name = "Burnt", retryable = false, data)]
    Burnt { minutes: u32, degrees: f64 },
    #[error("no {0}")]
    #[step_error(data)]
    Missing(Ingredient),
    #[error("two")]
    #[step_error(data)]
    Two(u8, u8),
    #[error("could not read the thermometer")]
    Thermometer(#[from] io::Error),
}

#[derive(Debug, Serialize)]
struct Ingredient {
    name: &'static str,
}

impl std::fmt::Display for Ingredient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

#[derive(Debug, thiserror::Error, StepError)]
#[error("the kitchen is closed")]
#[step_error(retryable = false)]
struct Closed;

#[derive(Debug, thiserror::Error, StepError)]
#[step_error(name = "Till")]
enum TillError {
    #[error("no change")]
    NoChange,
}

#[derive(Debug, thiserror::Error, StepError)]
enum Never {}

#[step(
    retry(on(OvenError::Busy, OvenError::Burnt, Timeout), interval = "1s"),
    retry(interval = "2s")
)]
fn heat(minutes: u32) -> Result<u32, OvenError> {
    match minutes {
        40.. => Err(OvenError::Burnt {
            minutes,
            degrees: 250.5,
        }),
        _ => Err(OvenError::Busy),
    }
}

#[track_caller]
fn check(error: &impl StepError, name: &str, cause: &str) {
    assert_eq!(error.failure(), Failure::new(name, cause));
}

#[test]
fn each_variant_reports_its_name_and_text() {
    check(&OvenError::Busy, "OvenError.Busy", "the oven is busy");
    check(&Closed, "Closed", "the kitchen is closed");
    check(&TillError::NoChange, "Till.NoChange", "no change");
    check(&"plain".to_owned(), "Sfn.Error", "plain");
    check(&Failure::new("Own", "cause"), "Own", "cause");
}

#[test]
fn data_is_json_beside_the_message() {
    check(
        &OvenError::Burnt {
            minutes: 45,
            degrees: 250.5,
        },
        "Burnt",
        r#"{"message":"burnt after 45 minutes at 250.5","data":{"minutes":45,"degrees":250.5}}"#,
    );
    check(
        &OvenError::Missing(Ingredient { name: "salt" }),
        "OvenError.Missing",
        r#"{"message":"no salt","data":{"name":"salt"}}"#,
    );
    check(
        &OvenError::Two(1, 2),
        "OvenError.Two",
        r#"{"message":"two","data":[1,2]}"#,
    );
}

#[test]
fn sources_stand_in_the_cause() {
    let error = OvenError::from(io::Error::other("no such wire"));
    check(
        &error,
        "OvenError.Thermometer",
        "could not read the thermometer: no such wire",
    );
    let boxed: Box<dyn std::error::Error + Send + Sync> = Box::new(error);
    check(
        &boxed,
        "Sfn.Error",
        "could not read the thermometer: no such wire",
    );
}

#[test]
fn tables_say_what_may_be_retried() {
    let retryable = |errors: &[super::ErrorMeta]| {
        let names = errors.iter().filter(|error| error.retryable);
        names.map(|error| error.name).collect::<Vec<_>>()
    };
    assert_eq!(
        retryable(OvenError::ERRORS),
        [
            "OvenError.Busy",
            "OvenError.Missing",
            "OvenError.Two",
            "OvenError.Thermometer"
        ]
    );
    assert!(retryable(Closed::ERRORS).is_empty());
    assert!(Never::ERRORS.is_empty());
}

#[test]
fn retriers_of_a_step_name_its_errors() {
    let retries = <heat as Step>::META.retries;
    assert_eq!(
        (retries[0].on)(),
        ["OvenError.Busy", "Burnt", "States.Timeout"]
    );
    assert_eq!((retries[1].on)()[0], "OvenError.Busy");
}

#[test]
fn long_texts_are_cut_to_what_step_functions_takes() {
    let failure = Failure::new("é".repeat(300), "x".repeat(40_000));
    assert_eq!(failure.error.chars().count(), 256);
    assert_eq!(failure.cause.len(), 32_768);
}
