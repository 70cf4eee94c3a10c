//! A service integration, with what is said of it where it stands.

use std::time::Duration;

use crate::{
    Shape,
    flow::{
        definition::Retry,
        expression::{Checked, E},
    },
};

/// A call of an AWS service by Step Functions itself, with what is said of it where it stands.
///
/// ```
/// use sfn_runtime::{Shape, minutes, flow::{AwsSite, Retry, constant}};
///
/// let site = AwsSite::new("arn:aws:states:::sns:publish", constant(&()), Shape::Any)
///     .named("tell them")
///     .timeout(minutes(1))
///     .retry(Retry::on(["Sns.ThrottledException"]));
/// # let _ = site;
/// ```
#[derive(Debug, Clone)]
#[must_use = "it is recorded by `Body::aws`"]
pub struct AwsSite {
    pub(super) resource: String,
    pub(super) arguments: E<Checked>,
    pub(super) shape: Shape,
    pub(super) name: Option<String>,
    pub(super) comment: String,
    pub(super) timeout: Option<Duration>,
    pub(super) heartbeat: Option<Duration>,
    pub(super) retries: Vec<Retry>,
}

impl AwsSite {
    /// The integration of that ARN, with these arguments. Of its answer that is read which the shape has.
    pub fn new(resource: impl Into<String>, arguments: E<Checked>, shape: Shape) -> Self {
        Self {
            resource: resource.into(),
            arguments,
            shape,
            name: None,
            comment: String::new(),
            timeout: None,
            heartbeat: None,
            retries: Vec::new(),
        }
    }

    /// Names its state.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says something about it: its state's `Comment`.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = comment.into();
        self
    }

    /// Limits how long an attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Limits how long whoever has the task's token may stay silent.
    pub fn heartbeat(mut self, heartbeat: Duration) -> Self {
        self.heartbeat = Some(heartbeat);
        self
    }

    /// Tries again after these errors.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retries.push(retry);
        self
    }
}
