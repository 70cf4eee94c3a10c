//! Trying a single state out.

use std::sync::Arc;

use crate::Json;

/// How much a test of a state tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InspectionLevel {
    /// The outcome.
    #[default]
    Info,
    /// The data at each stage as well.
    Debug,
    /// As [`Debug`](InspectionLevel::Debug), and of HTTP tasks the request and the response.
    Trace,
}

/// How strictly a mocked result is compared with what the service would answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// Required fields must be there, and all known fields must be right.
    #[default]
    Strict,
    /// Known fields that are there must be right.
    Present,
    /// Not at all.
    None,
}

/// What stands in for a Task's service, a Map's iterations or a Parallel's branches.
#[derive(Debug, Clone, Default)]
pub struct StateMock {
    /// The result, JSON text.
    pub result: Option<String>,
    /// The error and its cause instead of a result.
    pub error: Option<(Option<String>, Option<String>)>,
    /// How strictly `result` is looked at.
    pub validation: FieldValidation,
}

/// Runs one state on an input.
#[derive(Debug, Clone, Default)]
pub struct TestState {
    /// The state, or with `state_name` a whole state machine; JSON text.
    pub definition: String,
    /// Which state of the machine.
    pub state_name: Option<String>,
    /// The role it would run as.
    pub role_arn: Option<String>,
    /// Its input, JSON text; `{}` when absent.
    pub input: Option<String>,
    /// How much is told.
    pub inspection_level: InspectionLevel,
    /// The variables it finds, an object as JSON text.
    pub variables: Option<String>,
    /// What stands in for the outside.
    pub mock: Option<StateMock>,
    /// The context object it finds, JSON text; only with a mock.
    pub context: Option<String>,
    /// How often its retriers were used before.
    pub retrier_retry_count: Option<u32>,
    /// The state within a Map or Parallel that caused the mocked error.
    pub error_caused_by_state: Option<String>,
    /// How many iterations of a Map failed.
    pub map_iteration_failure_count: Option<u64>,
    /// What a Map's item reader read, as it stands in the object: CSV, JSON or JSON lines.
    pub map_item_reader_data: Option<String>,
    /// Whether the secrets of a connection are shown; not with a mock. There are none here.
    pub reveal_secrets: bool,
}

/// How a tested state ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestStatus {
    /// Well.
    Succeeded,
    /// With an error nobody mends.
    Failed,
    /// With an error a retrier is for.
    Retriable,
    /// With an error a catcher is for.
    CaughtError,
}

impl TestStatus {
    /// The name in the AWS API.
    pub fn as_str(self) -> &'static str {
        match self {
            TestStatus::Succeeded => "SUCCEEDED",
            TestStatus::Failed => "FAILED",
            TestStatus::Retriable => "RETRIABLE",
            TestStatus::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// The data of a state at its stages.
///
/// Stages that a state does not have, or did not come to, are `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InspectionData {
    /// The input.
    pub input: Option<Json>,
    /// After `InputPath`.
    pub after_input_path: Option<Json>,
    /// After `Parameters`.
    pub after_parameters: Option<Json>,
    /// After `Arguments`.
    pub after_arguments: Option<Json>,
    /// The result of the task, or of a Pass state.
    pub result: Option<Json>,
    /// After `ResultSelector`.
    pub after_result_selector: Option<Json>,
    /// After `ResultPath`.
    pub after_result_path: Option<Json>,
    /// A Map's items.
    pub after_items_path: Option<Json>,
    /// What a Map's item reader found by its `ItemsPointer`.
    pub after_items_pointer: Option<Json>,
    /// What a Map's iterations get.
    pub after_item_selector: Option<Json>,
    /// What a Map's children get, several items each.
    pub after_item_batcher: Option<Json>,
    /// The variables after the state.
    pub variables: Option<Json>,
    /// A Map's `MaxConcurrency`.
    pub max_concurrency: Option<u64>,
    /// A Map's `ToleratedFailureCount`.
    pub tolerated_failure_count: Option<u64>,
    /// A Map's `ToleratedFailurePercentage`.
    pub tolerated_failure_percentage: Option<f64>,
    /// Which retrier was for the error, from 0.
    pub retry_index: Option<usize>,
    /// How long it waits before the next try, in seconds.
    pub retry_backoff_seconds: Option<u64>,
    /// Which catcher was for the error, from 0.
    pub catch_index: Option<usize>,
    /// What an HTTP task asked, with [`InspectionLevel::Trace`].
    pub request: Option<HttpRequest>,
    /// What an HTTP task was answered, with [`InspectionLevel::Trace`].
    pub response: Option<HttpResponse>,
}

/// The request of an HTTP task, as its parameters say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpRequest {
    /// `http` or `https`.
    pub protocol: String,
    /// `GET`, `POST` and so on.
    pub method: String,
    /// With the query.
    pub url: String,
    /// `[Name: value, Name: value]`.
    pub headers: String,
    /// JSON text, or the text itself.
    pub body: Option<String>,
}

/// The answer to an HTTP task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpResponse {
    /// `http` or `https`.
    pub protocol: String,
    /// The status.
    pub status_code: String,
    /// The words behind the status.
    pub status_message: String,
    /// `[Name: value, Name: value]`.
    pub headers: String,
    /// JSON text, or the text itself.
    pub body: Option<String>,
}

/// What a test of a state gave.
#[derive(Debug, Clone, PartialEq)]
pub struct TestedState {
    /// How it ended.
    pub status: TestStatus,
    /// Its output.
    pub output: Option<Json>,
    /// The error's name.
    pub error: Option<Arc<str>>,
    /// The error's cause.
    pub cause: Option<Arc<str>>,
    /// The state that follows.
    pub next_state: Option<String>,
    /// The data at each stage, unless only the outcome was asked for.
    pub inspection: Option<InspectionData>,
}
