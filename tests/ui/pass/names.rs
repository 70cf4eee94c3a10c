//! The names that `on(..)` knows by itself are the runtime's, all of them.

use sfn_runtime::{ErrorName, Step, step};

#[step(retry(on(
    TaskFailed,
    Timeout,
    HeartbeatTimeout,
    Permissions,
    DataLimitExceeded,
    Panic,
    BadInput,
    BadOutput,
    TooLarge,
    WorkerStopped
)))]
fn all_but_all() {}

#[step(retry(on(All)))]
fn all_alone() {}

#[test]
fn the_macros_know_the_names_of_the_runtime() {
    let mut written = (<all_alone as Step>::META.retries[0].on)();
    written.extend((<all_but_all as Step>::META.retries[0].on)());
    let known: Vec<_> = ErrorName::ALL.iter().map(|error| error.name).collect();
    // That the macros know no more of them stands in `ui/step/retry_on_nothing.stderr`.
    assert_eq!(written, known);
}
