use sfn_runtime::step;

#[derive(Debug)]
enum OvenError {
    Busy,
}

#[step]
fn bake() -> Result<(), OvenError> {
    Err(OvenError::Busy)
}

fn main() {}
