use super::*;

mod bypass;
mod suite;

/// An environment that answers the same each time.
struct Fixed;

impl Environment for Fixed {
    fn now_millis(&mut self) -> i64 {
        1_700_000_000_123
    }

    fn random(&mut self) -> f64 {
        0.25
    }

    fn uuid(&mut self) -> String {
        "6fa459ea-ee8a-4ca4-894e-db77e160355e".to_owned()
    }
}

#[test]
fn is_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Expression>();
    check::<Template>();
}
