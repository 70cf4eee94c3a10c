//! The cases over each transport. Which transport cannot show what stands in [`CANNOT`], and
//! nowhere else.

use std::time::Duration;

#[cfg(feature = "aws")]
use sfn_runtime::aws::AwsOptions;
use sfn_runtime::{
    Client, Workers,
    local::{LocalOptions, TestClock},
    placement::Placement,
};

use crate::cases;

/// How long a case may take; a poll that a worker waits for takes a minute of it.
const LONGEST: Duration = Duration::from_secs(150);

/// What is between a case and the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// Nothing: the embedded engine, in this process.
    Engine,
    /// The AWS SDK, and our own server.
    #[cfg(feature = "aws")]
    Server,
    /// The AWS SDK, and somebody else's stand-in for AWS.
    #[cfg(feature = "aws")]
    StandIn,
}

/// The cases that a transport cannot show, and why not.
#[cfg(feature = "aws")]
const CANNOT: &[(Transport, &str, &str)] = &[
    (
        Transport::StandIn,
        "the_same_start_twice_is_one_execution",
        "MiniStack 1.5.33 refuses the second start of a running execution, where AWS answers with the first",
    ),
    (
        Transport::StandIn,
        "a_failure_names_its_state",
        "the events of MiniStack 1.5.33 do not say which event led to them",
    ),
    (
        Transport::StandIn,
        "a_history_tells_of_activities",
        "MiniStack 1.5.33 writes TaskScheduled and TaskSucceeded for activities, and no worker",
    ),
    (
        Transport::StandIn,
        "a_silent_step_is_stopped_and_retried",
        "MiniStack 1.5.33 does not enforce HeartbeatSeconds on activities",
    ),
];

/// A world of one case: names of its own, so that cases do not meet in a shared service.
pub(crate) struct World {
    pub(crate) client: Client,
    /// The service's clock, where it is one that a test moves.
    clock: Option<TestClock>,
    transport: Transport,
}

impl World {
    /// Lets time pass at the service, though a worker has a task in hand.
    pub(crate) async fn pass(&self, time: Duration) {
        match &self.clock {
            Some(clock) => clock.advance(time),
            None => tokio::time::sleep(time).await,
        }
    }

    /// Ends a case's workers. Where a poll lasts a minute it is not waited for: nobody else takes
    /// the tasks of this case, so none is lost.
    pub(crate) async fn finish(&self, workers: Workers) {
        match self.transport {
            Transport::Engine => workers.stop().await,
            #[cfg(feature = "aws")]
            Transport::Server | Transport::StandIn => workers.stop_now().await,
        }
    }
}

/// Runs a case, but not for ever.
async fn bounded(case: impl Future<Output = ()>) {
    let ended = tokio::time::timeout(LONGEST, case).await;
    assert!(ended.is_ok(), "the case did not end within {LONGEST:?}");
}

fn engine() -> World {
    let clock = TestClock::auto();
    let options = LocalOptions::new().clock(clock.clone());
    World {
        clock: Some(clock),
        client: Client::local(options)
            .expect("a runtime is there")
            .placed(Placement::new().with_app("suite")),
        transport: Transport::Engine,
    }
}

#[cfg(feature = "aws")]
async fn server() -> World {
    let clock = TestClock::auto();
    let engine = sfn_engine::Engine::builder().clock(clock.clone());
    let service = sfn_server::Service::new(engine.start().expect("a runtime is there"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("loopback has a port");
    let address = listener.local_addr().expect("it is bound");
    // It ends with the test's runtime.
    let serving = sfn_server::serve(listener, service, std::future::pending(), Duration::ZERO);
    tokio::spawn(serving);
    let options = AwsOptions::new()
        .endpoint(format!("http://{address}"))
        .region("us-east-1")
        .account("123456789012")
        .credentials("test", "test")
        .role("arn:aws:iam::123456789012:role/suite");
    World {
        client: Client::aws(options)
            .await
            .expect("a Region is given")
            .placed(Placement::new().with_app("suite")),
        clock: Some(clock),
        transport: Transport::Server,
    }
}

#[cfg(feature = "aws")]
async fn stand_in(case: &str) -> Option<World> {
    let endpoint = std::env::var("SFN_TEST_ENDPOINT").ok()?;
    let options = AwsOptions::new()
        .endpoint(endpoint)
        .region("us-east-1")
        .role("arn:aws:iam::000000000000:role/suite");
    // An app of its own, so that neither another case nor an earlier run takes this one's tasks.
    let app: String = format!("{}-{case}", std::process::id())
        .chars()
        .take(32)
        .collect();
    Some(World {
        client: Client::aws(options)
            .await
            .expect("a Region is given")
            .placed(Placement::new().with_app(&app)),
        clock: None,
        transport: Transport::StandIn,
    })
}

/// Makes a test of each case for each transport.
macro_rules! suite {
    ($($case:ident)+) => {
        mod over_the_engine {
            $(
                #[tokio::test]
                async fn $case() {
                    super::bounded(super::cases::$case(super::engine())).await;
                }
            )+
        }

        #[cfg(feature = "aws")]
        mod over_our_server {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::bounded(super::cases::$case(super::server().await)).await;
                }
            )+
        }

        #[cfg(feature = "aws")]
        mod over_a_stand_in {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let case = stringify!($case);
                    let Some(world) = super::stand_in(case).await else {
                        eprintln!("skipped: `SFN_TEST_ENDPOINT` names no service");
                        return;
                    };
                    let cannot = super::CANNOT.iter();
                    let mut cannot = cannot.filter(|(transport, name, _)| {
                        *transport == world.transport && *name == case
                    });
                    if let Some((_, _, reason)) = cannot.next() {
                        eprintln!("skipped: {reason}");
                        return;
                    }
                    super::bounded(super::cases::$case(world)).await;
                }
            )+

            #[test]
            fn every_case_that_is_left_out_exists() {
                for (_, name, _) in super::CANNOT {
                    assert!([$(stringify!($case)),+].contains(name), "{name}");
                }
            }
        }
    };
}

suite! {
    a_workflow_runs_to_its_typed_output
    an_untyped_run_gives_json
    a_failure_has_its_error_and_its_cause
    a_failure_names_its_state
    an_output_of_another_type_is_said_so
    a_stopped_execution_says_why
    an_unknown_machine_is_named
    the_same_start_twice_is_one_execution
    a_name_is_taken_after_the_end
    an_input_that_is_too_large_is_not_sent
    executions_are_listed_newest_first
    a_history_is_the_same_read_and_watched
    a_history_tells_of_activities
    ensuring_twice_changes_nothing
    a_changed_workflow_is_updated
    a_failed_attempt_is_retried
    a_panic_fails_the_execution_by_name
    a_result_that_is_too_large_fails_by_name
    no_more_run_at_once_than_may
    a_drained_worker_finishes_what_it_has
    a_task_that_was_given_back_goes_to_another_worker
    a_silent_step_is_stopped_and_retried
}
