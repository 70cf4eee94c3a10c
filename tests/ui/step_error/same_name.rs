use sfn_runtime::StepError;

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError {
    #[error("busy")]
    #[step_error(name = "Oven")]
    Busy,
    #[error("cold")]
    #[step_error(name = "Oven")]
    Cold,
}

fn main() {}
