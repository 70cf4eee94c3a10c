//! Other services, as the embedding program (or a mock) provides them.

use std::sync::Arc;

use crate::history::TaskPhase;
use crate::lambda::BoxFuture;

/// A call of a service by a Task state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IntegrationCall {
    /// The execution.
    pub execution_arn: Arc<str>,
    /// Its state machine's name.
    pub state_machine_name: Arc<str>,
    /// The test case the execution was started with (`arn#TestCase`).
    pub test_case: Option<Arc<str>>,
    /// The Task state.
    pub state_name: Arc<str>,
    /// The state's `Resource`.
    pub resource: Arc<str>,
    /// The service: `sqs`, `aws-sdk:s3`; `lambda` and `activity` for those.
    pub service: Arc<str>,
    /// The action with its pattern: `sendMessage.waitForTaskToken`.
    pub action: Arc<str>,
    /// The parameters, JSON text.
    pub input: Arc<str>,
    /// What ends the task, for `.waitForTaskToken`.
    pub task_token: Option<String>,
    /// How often the state's task was tried before in this visit of the state.
    pub attempt: u32,
    /// Which call of this state it is within the execution, from 0.
    pub invocation: u32,
}

/// What a service answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The task is done; JSON text.
    Success(String),
    /// The task failed.
    Failure {
        /// The error's name.
        error: Option<String>,
        /// What happened.
        cause: Option<String>,
    },
    /// The call could not be made, or its job was not taken.
    Refused {
        /// At which step: [`TaskPhase::ScheduleFailed`], [`TaskPhase::StartFailed`] or [`TaskPhase::SubmitFailed`].
        phase: TaskPhase,
        /// The error's name.
        error: Option<String>,
        /// What happened.
        cause: Option<String>,
    },
    /// The task took too long, whatever its timeout is.
    Timeout,
    /// No answer ever comes: the task ends by its timeout.
    Silence,
}

/// All that a service answers to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// For `.sync` and `.waitForTaskToken`: what the service answered when it took the job, JSON text.
    pub submitted: Option<String>,
    /// The end; `None` when someone sends the task token back.
    pub end: Option<Answer>,
}

impl From<Answer> for Reply {
    fn from(end: Answer) -> Self {
        Reply {
            submitted: None,
            end: Some(end),
        }
    }
}

/// A reply that is there, or comes later.
pub enum Response {
    /// It is there.
    Now(Reply),
    /// It comes.
    Later(BoxFuture<Reply>),
}

/// Answers in place of services (and of Lambda functions and activities, before those are asked themselves).
///
/// ```
/// use sfn_engine::{Answer, IntegrationCall, Integrations, Response};
///
/// /// A mail service that takes every message.
/// struct Mail;
///
/// impl Integrations for Mail {
///     fn call(&self, call: &IntegrationCall) -> Option<Response> {
///         let sends = &*call.service == "ses" && &*call.action == "sendEmail";
///         sends.then(|| Response::Now(Answer::Success(r#"{"MessageId":"1"}"#.to_owned()).into()))
///     }
/// }
/// ```
pub trait Integrations: Send + Sync + 'static {
    /// Answers a call; `None` when this is not its business.
    ///
    /// It is asked while the engine is in the middle of a step: decide quickly, do not call the engine from here, and
    /// leave whatever takes time (or reaches out of the process) to a [`Response::Later`], which is only polled once
    /// everything that led to the call is written.
    fn call(&self, call: &IntegrationCall) -> Option<Response>;

    /// Reads an S3 object for an item reader; `None` when this is not its business.
    ///
    /// Objects are asked for when all that led to it is written and nothing of the engine is held up, so the future may
    /// take its time. After a crash in between it is asked again. The error is the cause of `States.ItemReaderFailed`.
    fn get_object(&self, bucket: &str, key: &str) -> Option<BoxFuture<Result<Vec<u8>, String>>> {
        let _ = (bucket, key);
        None
    }

    /// Lists S3 objects for an item reader, as `listObjectsV2` shows them; `None` when this is not its business.
    ///
    /// The error is the cause of `States.ItemReaderFailed`.
    fn list_objects(
        &self,
        bucket: &str,
        prefix: &str,
    ) -> Option<BoxFuture<Result<Vec<serde_json::Value>, String>>> {
        let _ = (bucket, prefix);
        None
    }

    /// Writes an S3 object for a result writer; `None` when this is not its business.
    ///
    /// After a crash in between the same object is written again. The error is the cause of `States.ResultWriterFailed`.
    fn put_object(
        &self,
        bucket: &str,
        key: &str,
        body: &[u8],
    ) -> Option<BoxFuture<Result<(), String>>> {
        let _ = (bucket, key, body);
        None
    }
}
