use sfn_runtime::{StepError, step};

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError {
    #[error("busy")]
    Busy,
}

#[derive(Debug, thiserror::Error, StepError)]
enum TillError {
    #[error("no change")]
    NoChange,
}

#[step(retry(on(TillError::NoChange)))]
fn bake() -> Result<(), OvenError> {
    Err(OvenError::Busy)
}

#[step(retry(on(OvenError::Busy)))]
fn cool() {}

fn main() {
    let _ = TillError::NoChange;
}
