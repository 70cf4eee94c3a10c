//! Events in the shape of the AWS API.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{EventDetails, HistoryEvent, IterationPhase, Problem, StateType, TaskPhase};

/// The event's type.
pub(super) fn event_type(details: &EventDetails) -> &'static str {
    use EventDetails as D;
    match details {
        D::ExecutionStarted { .. } => "ExecutionStarted",
        D::ExecutionSucceeded { .. } => "ExecutionSucceeded",
        D::ExecutionFailed(_) => "ExecutionFailed",
        D::ExecutionAborted(_) => "ExecutionAborted",
        D::ExecutionTimedOut(_) => "ExecutionTimedOut",
        D::ExecutionRedriven { .. } => "ExecutionRedriven",
        D::StateEntered { state_type, .. } => match state_type {
            StateType::Task => "TaskStateEntered",
            StateType::Parallel => "ParallelStateEntered",
            StateType::Map => "MapStateEntered",
            StateType::Pass => "PassStateEntered",
            StateType::Wait => "WaitStateEntered",
            StateType::Choice => "ChoiceStateEntered",
            StateType::Succeed => "SucceedStateEntered",
            StateType::Fail => "FailStateEntered",
        },
        D::StateExited { state_type, .. } => match state_type {
            StateType::Task => "TaskStateExited",
            StateType::Parallel => "ParallelStateExited",
            StateType::Map => "MapStateExited",
            StateType::Pass => "PassStateExited",
            StateType::Wait => "WaitStateExited",
            StateType::Choice => "ChoiceStateExited",
            // A Fail state is never left.
            StateType::Succeed | StateType::Fail => "SucceedStateExited",
        },
        D::StateAborted(state_type) => match state_type {
            StateType::Parallel => "ParallelStateAborted",
            StateType::Map => "MapStateAborted",
            StateType::Wait => "WaitStateAborted",
            _ => "TaskStateAborted",
        },
        D::StateStarted {
            state_type: StateType::Map,
            ..
        } => "MapStateStarted",
        D::StateStarted { .. } => "ParallelStateStarted",
        D::StateSucceeded(StateType::Map) => "MapStateSucceeded",
        D::StateSucceeded(_) => "ParallelStateSucceeded",
        D::StateFailed(StateType::Map) => "MapStateFailed",
        D::StateFailed(_) => "ParallelStateFailed",
        D::MapIteration { phase, .. } => match phase {
            IterationPhase::Started => "MapIterationStarted",
            IterationPhase::Succeeded => "MapIterationSucceeded",
            IterationPhase::Failed => "MapIterationFailed",
            IterationPhase::Aborted => "MapIterationAborted",
        },
        D::MapRunStarted { .. } => "MapRunStarted",
        D::MapRunSucceeded => "MapRunSucceeded",
        D::MapRunFailed(_) => "MapRunFailed",
        D::MapRunAborted => "MapRunAborted",
        D::MapRunRedriven { .. } => "MapRunRedriven",
        D::ActivityScheduled { .. } => "ActivityScheduled",
        D::ActivityStarted { .. } => "ActivityStarted",
        D::ActivitySucceeded { .. } => "ActivitySucceeded",
        D::ActivityFailed(_) => "ActivityFailed",
        D::ActivityTimedOut(_) => "ActivityTimedOut",
        D::ActivityScheduleFailed(_) => "ActivityScheduleFailed",
        D::LambdaFunctionScheduled { .. } => "LambdaFunctionScheduled",
        D::LambdaFunctionStarted => "LambdaFunctionStarted",
        D::LambdaFunctionSucceeded { .. } => "LambdaFunctionSucceeded",
        D::LambdaFunctionFailed(_) => "LambdaFunctionFailed",
        D::LambdaFunctionTimedOut(_) => "LambdaFunctionTimedOut",
        D::LambdaFunctionScheduleFailed(_) => "LambdaFunctionScheduleFailed",
        D::LambdaFunctionStartFailed(_) => "LambdaFunctionStartFailed",
        D::TaskScheduled { .. } => "TaskScheduled",
        D::Task { phase, .. } => match phase {
            TaskPhase::Started => "TaskStarted",
            TaskPhase::Submitted => "TaskSubmitted",
            TaskPhase::Succeeded => "TaskSucceeded",
            TaskPhase::Failed | TaskPhase::ScheduleFailed => "TaskFailed",
            TaskPhase::TimedOut => "TaskTimedOut",
            TaskPhase::StartFailed => "TaskStartFailed",
            TaskPhase::SubmitFailed => "TaskSubmitFailed",
        },
        D::EvaluationFailed { .. } => "EvaluationFailed",
    }
}

/// The whole event.
pub(super) fn event(event: &HistoryEvent) -> Value {
    let kind = event.event_type();
    let mut object = Map::new();
    object.insert("timestamp".to_owned(), json!(event.timestamp.as_secs_f64()));
    object.insert("type".to_owned(), json!(kind));
    object.insert("id".to_owned(), json!(event.id));
    object.insert("previousEventId".to_owned(), json!(event.previous_event_id));
    if let Some((name, fields)) = details(kind, &event.details) {
        object.insert(name, Value::Object(fields.0));
    }
    Value::Object(object)
}

/// A details object that is being put together.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    fn text(self, name: &str, value: &str) -> Self {
        self.with(name, value)
    }

    fn optional(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn optional_text(self, name: &str, value: &Option<Arc<str>>) -> Self {
        self.optional(name, value.as_deref())
    }

    /// `input` or `output`, and that it is whole.
    fn payload(self, name: &str, value: &Option<Arc<str>>) -> Self {
        match value {
            None => self,
            Some(text) => self
                .text(name, text)
                .with(&format!("{name}Details"), json!({ "truncated": false })),
        }
    }

    fn problem(self, problem: &Problem) -> Self {
        self.optional_text("error", &problem.error)
            .optional_text("cause", &problem.cause)
    }

    fn credentials(self, role_arn: &Option<Arc<str>>) -> Self {
        self.optional(
            "taskCredentials",
            role_arn.as_deref().map(|role| json!({ "roleArn": role })),
        )
    }
}

/// The name of the details object and what is in it; `None` for types that have none.
fn details(kind: &str, details: &EventDetails) -> Option<(String, Fields)> {
    use EventDetails as D;
    let fields = Fields::default();
    let fields = match details {
        D::ExecutionStarted {
            input,
            role_arn,
            state_machine_alias_arn,
            state_machine_version_arn,
        } => fields
            .payload("input", input)
            .text("roleArn", role_arn)
            .optional_text("stateMachineAliasArn", state_machine_alias_arn)
            .optional_text("stateMachineVersionArn", state_machine_version_arn),
        D::ExecutionSucceeded { output }
        | D::ActivitySucceeded { output }
        | D::LambdaFunctionSucceeded { output } => fields.payload("output", output),
        D::ExecutionFailed(problem)
        | D::ExecutionAborted(problem)
        | D::ExecutionTimedOut(problem)
        | D::MapRunFailed(problem)
        | D::ActivityFailed(problem)
        | D::ActivityTimedOut(problem)
        | D::ActivityScheduleFailed(problem)
        | D::LambdaFunctionFailed(problem)
        | D::LambdaFunctionTimedOut(problem)
        | D::LambdaFunctionScheduleFailed(problem)
        | D::LambdaFunctionStartFailed(problem) => fields.problem(problem),
        D::ExecutionRedriven { redrive_count } => fields.with("redriveCount", *redrive_count),
        D::StateEntered { name, input, .. } => {
            let fields = fields.text("name", name).payload("input", input);
            return Some(("stateEnteredEventDetails".to_owned(), fields));
        }
        D::StateExited {
            name,
            output,
            assigned_variables,
            ..
        } => {
            let mut fields = fields.text("name", name).payload("output", output);
            if !assigned_variables.is_empty() {
                let variables: Map<_, _> = assigned_variables
                    .iter()
                    .map(|(name, text)| (name.to_string(), Value::from(&**text)))
                    .collect();
                fields = fields
                    .with("assignedVariables", variables)
                    .with("assignedVariablesDetails", json!({ "truncated": false }));
            }
            return Some(("stateExitedEventDetails".to_owned(), fields));
        }
        D::StateStarted {
            length: Some(length),
            ..
        } => fields.with("length", *length),
        D::MapIteration { name, index, .. } => fields.text("name", name).with("index", *index),
        D::MapRunStarted { map_run_arn } => fields.text("mapRunArn", map_run_arn),
        D::MapRunRedriven {
            map_run_arn,
            redrive_count,
        } => fields
            .text("mapRunArn", map_run_arn)
            .with("redriveCount", *redrive_count),
        D::ActivityScheduled {
            resource,
            input,
            timeout_in_seconds,
            heartbeat_in_seconds,
        } => fields
            .text("resource", resource)
            .payload("input", input)
            .optional("timeoutInSeconds", *timeout_in_seconds)
            .optional("heartbeatInSeconds", *heartbeat_in_seconds),
        D::ActivityStarted { worker_name } => fields.optional_text("workerName", worker_name),
        D::LambdaFunctionScheduled {
            resource,
            input,
            timeout_in_seconds,
            task_credentials,
        } => fields
            .text("resource", resource)
            .payload("input", input)
            .optional("timeoutInSeconds", *timeout_in_seconds)
            .credentials(task_credentials),
        D::TaskScheduled {
            resource_type,
            resource,
            region,
            parameters,
            timeout_in_seconds,
            heartbeat_in_seconds,
            task_credentials,
        } => fields
            .text("resourceType", resource_type)
            .text("resource", resource)
            .text("region", region)
            .text("parameters", parameters)
            .optional("timeoutInSeconds", *timeout_in_seconds)
            .optional("heartbeatInSeconds", *heartbeat_in_seconds)
            .credentials(task_credentials),
        D::Task {
            resource_type,
            resource,
            output,
            problem,
            ..
        } => fields
            .text("resourceType", resource_type)
            .text("resource", resource)
            .payload("output", output)
            .problem(problem),
        D::EvaluationFailed {
            problem,
            location,
            state,
        } => fields
            .problem(problem)
            .optional_text("location", location)
            .text("state", state),
        D::StateAborted(_)
        | D::StateStarted { length: None, .. }
        | D::StateSucceeded(_)
        | D::StateFailed(_)
        | D::MapRunSucceeded
        | D::MapRunAborted
        | D::LambdaFunctionStarted => return None,
    };
    let mut name = format!("{kind}EventDetails");
    name[..1].make_ascii_lowercase();
    Some((name, fields))
}
