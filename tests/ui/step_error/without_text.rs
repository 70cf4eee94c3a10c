use sfn_runtime::StepError;

#[derive(Debug, StepError)]
enum OvenError {
    Busy,
}

fn main() {}
