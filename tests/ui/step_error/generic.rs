use sfn_runtime::StepError;

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError<T: std::fmt::Debug> {
    #[error("{0:?}")]
    Odd(T),
}

fn main() {}
