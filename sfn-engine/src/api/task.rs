//! What workers report.

/// A task was done.
#[derive(Debug, Clone, Default)]
pub struct SendTaskSuccess {
    /// The token the task came with.
    pub task_token: String,
    /// The result, JSON text of at most 256 KiB.
    pub output: String,
}

impl SendTaskSuccess {
    /// The task of `task_token` gave `output`.
    pub fn new(task_token: impl Into<String>, output: impl Into<String>) -> Self {
        SendTaskSuccess {
            task_token: task_token.into(),
            output: output.into(),
        }
    }
}

/// A task failed.
#[derive(Debug, Clone, Default)]
pub struct SendTaskFailure {
    /// The token the task came with.
    pub task_token: String,
    /// The error's name, which `Retry` and `Catch` match; at most 256 characters.
    pub error: Option<String>,
    /// What happened, for people; at most 32,768 characters.
    pub cause: Option<String>,
}

impl SendTaskFailure {
    /// The task of `task_token` failed with `error` because of `cause`.
    pub fn new(
        task_token: impl Into<String>,
        error: impl Into<String>,
        cause: impl Into<String>,
    ) -> Self {
        SendTaskFailure {
            task_token: task_token.into(),
            error: Some(error.into()),
            cause: Some(cause.into()),
        }
    }
}
