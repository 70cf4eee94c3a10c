use sfn_runtime::StepError;

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError {
    #[error("busy")]
    #[step_error(name = "States.Timeout")]
    Busy,
    #[error("cold")]
    #[step_error(name = "Sfn.Cold")]
    Cold,
    #[error("?")]
    #[step_error(name = "")]
    Unknown,
}

fn main() {}
