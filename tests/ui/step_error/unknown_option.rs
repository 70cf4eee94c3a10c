use sfn_runtime::StepError;

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError {
    #[error("busy")]
    #[step_error(retriable = false)]
    Busy,
    #[error("cold")]
    #[step_error(retryable = "no")]
    Cold,
    #[error("burnt")]
    #[step_error(data)]
    Burnt,
}

fn main() {}
