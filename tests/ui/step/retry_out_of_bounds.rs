use sfn_runtime::step;

#[step(
    retry(interval = "0s", backoff = 0.5, max_attempts = 100000000, jitter = half),
    retry(on(TaskFailed), interval = "1m", max_delay = "30s"),
    retry(on(Timeout), max_delay = "367 days", max_attempts = "three"),
)]
fn bake() {}

fn main() {}
