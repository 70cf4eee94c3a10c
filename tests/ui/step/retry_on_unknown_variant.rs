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

#[step(retry(on(OvenError::Bussy)))]
fn bake() -> Result<(), OvenError> {
    Err(OvenError::Busy)
}

fn main() {
    let _ = TillError::NoChange;
}
