//! Where a step finds itself.

/// Where a step finds itself: execution, state, attempt. Asked for with `#[inject] ctx: StepContext`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StepContext {
    /// The execution's ARN.
    pub execution_arn: String,
    /// The execution's name.
    pub execution_name: String,
    /// The state's name.
    pub state: String,
    /// 1 for the first attempt, 2 for the first retry, and so on.
    pub attempt: u32,
}
