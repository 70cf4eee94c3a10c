//! Activities and the tasks workers get from them.

use std::sync::Arc;

use super::EncryptionConfiguration;
use crate::Timestamp;

/// Asks for an activity of this name; idempotent.
#[derive(Debug, Clone, Default)]
pub struct CreateActivity {
    /// 1 to 80 characters.
    pub name: String,
    /// Labels of the resource.
    pub tags: Vec<(String, String)>,
    /// How it would be encrypted on AWS.
    pub encryption: EncryptionConfiguration,
}

impl CreateActivity {
    /// An activity called `name`.
    pub fn new(name: impl Into<String>) -> Self {
        CreateActivity {
            name: name.into(),
            ..CreateActivity::default()
        }
    }
}

/// The activity that was made, or was there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedActivity {
    /// `arn:aws:states:<region>:<account>:activity:<name>`.
    pub activity_arn: String,
    /// When it was first created.
    pub creation_date: Timestamp,
}

/// What is known about an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedActivity {
    /// Its ARN.
    pub activity_arn: String,
    /// Its name.
    pub name: String,
    /// When it was created.
    pub creation_date: Timestamp,
    /// How it would be encrypted on AWS.
    pub encryption: EncryptionConfiguration,
}

/// An activity in a list.
pub type ActivityListItem = DescribedActivity;

/// Asks for a task to work on.
#[derive(Debug, Clone, Default)]
pub struct GetActivityTask {
    /// The activity whose tasks the worker does.
    pub activity_arn: String,
    /// Who asks; appears in the history.
    pub worker_name: Option<String>,
}

impl GetActivityTask {
    /// Asks for a task of `activity_arn`, without a name.
    pub fn new(activity_arn: impl Into<String>) -> Self {
        GetActivityTask {
            activity_arn: activity_arn.into(),
            worker_name: None,
        }
    }

    /// The same as `worker_name`.
    #[must_use]
    pub fn worker_name(mut self, worker_name: impl Into<String>) -> Self {
        self.worker_name = Some(worker_name.into());
        self
    }
}

/// A task that was handed to a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityTask {
    /// What to report the result with.
    pub task_token: String,
    /// The task's input, JSON text.
    pub input: Arc<str>,
}
