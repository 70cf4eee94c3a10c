//! What `#[workflow_test]` expands to.

use std::{future::Future, process::Termination};

use super::{coverage, test::Test};

/// A `#[workflow_test]` of this program: the report of [`coverage`](super::coverage) comes after the last of them.
#[derive(Debug)]
pub struct TestEntry {
    /// The function's path, with the crate's name.
    pub path: fn() -> &'static str,
}

inventory::collect!(TestEntry);

/// What a `#[workflow_test]` may take as its parameter.
#[diagnostic::on_unimplemented(
    message = "a workflow test is given a `Test`, not a `{Self}`",
    label = "not what a workflow test is given",
    note = "help: write `test: sfn_runtime::testing::Test`, or no parameter"
)]
pub trait FromTest {
    /// What the test is given.
    fn begin() -> impl Future<Output = Self>;
}

impl FromTest for Test {
    async fn begin() -> Self {
        Test::new().await
    }
}

/// Runs one test, on one thread.
///
/// For `#[workflow_test]`; call it to do the same by hand, in a function of yours.
///
/// # Panics
///
/// When the test does, or the operating system has no thread to give.
pub fn run<T: FromTest, R: Termination, F: Future<Output = R>>(
    path: &'static str,
    test: impl FnOnce(T) -> F,
) -> R {
    // Told last, however the test ends.
    let _finished = coverage::Finished(path);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the operating system lets a test wait");
    runtime.block_on(async { test(T::begin().await).await })
}
