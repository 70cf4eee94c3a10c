use super::*;

#[test]
fn is_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Expression>();
    check::<Template>();
}
