use sfn_runtime::StepError;

#[derive(Debug)]
struct Oven;

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError {
    #[error("{0:?} is broken")]
    #[step_error(data)]
    Broken(Oven),
}

fn main() {}
