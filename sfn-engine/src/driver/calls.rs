//! Calls to the outside: mocks, Lambda functions, other executions, services.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::executions::{Parent, Started};
use super::{Core, Shared};
use crate::execution::{About, Call, Signal};
use crate::history::{Problem, TaskPhase};
use crate::integrations::{Answer, IntegrationCall, Reply, Response};
use crate::lambda::{BoxFuture, LambdaError, LambdaInvocation};
use crate::program::{Pattern, Resource, ResourceKind, StateId};
use crate::token::TaskId;
use crate::{Error, ExecutionStatus, Json, Program, Timestamp};

impl Core {
    /// Makes a call, or has someone make it.
    pub(super) fn call(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        call: &Call,
        now: Timestamp,
    ) {
        let program = self.executions[number].execution.program.clone();
        let resource = program.resource(call.state);
        if let Some(response) = self.ask(
            shared,
            number,
            call.state,
            &call.input,
            call.attempt,
            call.token.clone(),
        ) {
            let refused = matches!(
                &response,
                Response::Now(Reply {
                    end: Some(Answer::Refused { phase, .. }),
                    ..
                }) if *phase != TaskPhase::SubmitFailed
            );
            if !refused {
                self.signal(number, Signal::TaskStarted { task: call.task }, now);
            }
            return self.respond(shared, number, call.task, response);
        }
        self.signal(number, Signal::TaskStarted { task: call.task }, now);
        if resource.kind == ResourceKind::Lambda || resource.is_lambda_invoke() {
            return self.call_lambda(shared, number, call, resource, now);
        }
        if &*resource.service == "states" && resource.verb() == "startExecution" {
            return self.start_nested(shared, number, call, resource, now);
        }
        self.answer(number, call.task, nobody(resource), now);
    }

    /// Asks the integrations.
    fn ask(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        state: StateId,
        input: &Json,
        attempt: u32,
        task_token: Option<String>,
    ) -> Option<Response> {
        if shared.integrations.is_empty() {
            return None;
        }
        let entry = &mut self.executions[number];
        let count = entry.invocations.entry(state).or_default();
        let invocation = *count;
        *count += 1;
        let program = &entry.execution.program;
        let resource = program.resource(state);
        let call = IntegrationCall {
            execution_arn: entry.execution.about.arn.clone(),
            state_machine_name: entry.execution.about.machine_name.clone(),
            test_case: entry.origin.test_case.clone(),
            state_name: program.state(state).name.clone(),
            resource: resource.arn.clone(),
            service: resource.service.clone(),
            action: resource.action.clone(),
            input: input.text().clone(),
            task_token,
            attempt,
            invocation,
        };
        shared
            .integrations
            .iter()
            .find_map(|integration| integration.call(&call))
    }

    /// An activity's task, if a mock does it. The worker of a mock has no name.
    pub(super) fn mock_activity(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        task: TaskId,
        state: StateId,
        input: &Json,
        now: Timestamp,
    ) -> bool {
        let Some(response) = self.ask(shared, number, state, input, 0, None) else {
            return false;
        };
        self.signal(number, Signal::ActivityTaken { task, worker: None }, now);
        self.respond(shared, number, task, response);
        true
    }

    fn respond(&mut self, shared: &Arc<Shared>, number: usize, task: TaskId, response: Response) {
        match response {
            // All calls of one moment are made before any is answered: so AWS tells it.
            Response::Now(reply) => self.replies.push_back((number, task, reply)),
            Response::Later(reply) => {
                self.spawn(shared, number, task, reply);
            }
        }
    }

    /// Waits outside of the engine for a reply.
    fn spawn(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        task: TaskId,
        reply: impl Future<Output = Reply> + Send + 'static,
    ) {
        let engine = Arc::downgrade(shared);
        let written = self.written(shared);
        let spawned = shared.runtime.spawn(async move {
            // Write, then act: the call leaves only after what led to it is safe.
            if let Some(written) = written
                && written.await.is_err()
            {
                return;
            }
            let reply = reply.await;
            if let Some(shared) = engine.upgrade() {
                shared.act(|core, now| {
                    if let Some(entry) = core.executions.get_mut(number) {
                        entry.calls.remove(&task);
                    }
                    core.reply(number, task, reply, now);
                });
            }
        });
        self.executions[number]
            .calls
            .insert(task, spawned.abort_handle());
    }

    /// What a call gave.
    pub(super) fn reply(&mut self, number: usize, task: TaskId, reply: Reply, now: Timestamp) {
        if let Some(submitted) = reply.submitted {
            match Json::parse(submitted) {
                Ok(output) => self.signal(number, Signal::TaskSubmitted { task, output }, now),
                Err(error) => return self.answer(number, task, unreadable(&error), now),
            }
        }
        if let Some(end) = reply.end {
            self.answer(number, task, end, now);
        }
    }

    /// The end of a call.
    fn answer(&mut self, number: usize, task: TaskId, answer: Answer, now: Timestamp) {
        let signal = match answer {
            Answer::Success(output) => match Json::parse(output) {
                Ok(output) => Signal::TaskSucceeded { task, output },
                Err(error) => return self.answer(number, task, unreadable(&error), now),
            },
            Answer::Failure { error, cause } => {
                let problem = Problem {
                    error: error.map(Into::into),
                    cause: cause.map(Into::into),
                };
                Signal::TaskFailed { task, problem }
            }
            Answer::Refused {
                phase,
                error,
                cause,
            } => Signal::TaskRefused {
                task,
                phase,
                problem: Problem {
                    error: error.map(Into::into),
                    cause: cause.map(Into::into),
                },
            },
            Answer::Timeout => Signal::TaskTimedOut { task },
            Answer::Silence => {
                // Nothing to wait for but the clock.
                self.busy = self.busy.saturating_sub(1);
                if let Some(entry) = self.executions.get_mut(number) {
                    entry.silent.insert(task);
                }
                return;
            }
        };
        self.end_task(number, signal, task, now);
    }

    /// A task ends by a report of whoever did it.
    pub(crate) fn end_task(&mut self, number: usize, signal: Signal, task: TaskId, now: Timestamp) {
        let Some(entry) = self.executions.get_mut(number) else {
            return;
        };
        if entry.execution.token_of(task).is_some() {
            if !entry.silent.remove(&task) {
                self.busy = self.busy.saturating_sub(1);
            }
            self.signal(number, signal, now);
        }
    }

    /// Nobody waits for a task's end any more.
    pub(super) fn cancel(&mut self, number: usize, task: TaskId, now: Timestamp) {
        let entry = &mut self.executions[number];
        if !entry.silent.remove(&task) {
            self.busy = self.busy.saturating_sub(1);
        }
        if let Some(call) = entry.calls.remove(&task) {
            call.abort();
        }
        // An execution that was started to be waited for is stopped with the one that waited, in the words of AWS.
        if let Some(child) = entry.nested.remove(&task) {
            let cause = format!(
                "The Task state in AWS Step Functions execution [{}] which was managing this resource was aborted",
                entry.execution.about.arn
            );
            let problem = Problem {
                error: None,
                cause: Some(cause.into()),
            };
            self.signal(child, Signal::Stop(problem), now);
        }
    }

    fn call_lambda(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        call: &Call,
        resource: &Resource,
        now: Timestamp,
    ) {
        let Some(answer) = invoke(shared, call, resource) else {
            return self.answer(number, call.task, nobody(resource), now);
        };
        let waits = resource.pattern == Pattern::WaitForTaskToken;
        self.spawn(shared, number, call.task, async move {
            match answer.await {
                Answer::Success(output) if waits => Reply {
                    submitted: Some(output),
                    end: None,
                },
                answer => answer.into(),
            }
        });
    }

    /// `states:startExecution`, with or without waiting for the end.
    fn start_nested(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        call: &Call,
        resource: &Resource,
        now: Timestamp,
    ) {
        let parameters = call.input.value().clone();
        let text = |name: &str| parameters.get(name).and_then(Value::as_str);
        let input = nested_input(&parameters);
        let waits = resource.pattern == Pattern::Sync;
        let parent = waits.then(|| Parent::Task {
            number,
            task: call.task,
            parsed: resource.action.ends_with(":2"),
        });
        let machine_arn = text("StateMachineArn").unwrap_or_default();
        // The child's first steps are told only after the parent was told that it started.
        let ahead = std::mem::take(&mut self.outbox);
        let started =
            self.start_by_arn(shared, machine_arn, text("Name"), input, None, parent, now);
        let child_effects = std::mem::replace(&mut self.outbox, ahead);
        match started {
            Ok(Started { number: child, .. }) => {
                let answer = started_nested(self.executions[child].about());
                if waits {
                    let output = Json::new(answer);
                    self.signal(
                        number,
                        Signal::TaskSubmitted {
                            task: call.task,
                            output,
                        },
                        now,
                    );
                    // From here on the child is what time is waited for.
                    self.executions[number].nested.insert(call.task, child);
                    self.answer(number, call.task, Answer::Silence, now);
                } else if resource.pattern == Pattern::WaitForTaskToken {
                    let output = Json::new(answer);
                    self.signal(
                        number,
                        Signal::TaskSubmitted {
                            task: call.task,
                            output,
                        },
                        now,
                    );
                } else {
                    self.answer(number, call.task, Answer::Success(answer.to_string()), now);
                }
            }
            Err(error) => self.answer(number, call.task, not_started(&error), now),
        }
        self.outbox.extend(child_effects);
    }

    /// What a Task gets when the execution it started and waits for has ended.
    pub(super) fn nested_result(
        &self,
        child: usize,
        task: TaskId,
        parsed: bool,
        now: Timestamp,
    ) -> Signal {
        let described = self.executions[child].describe(now);
        let data = |text: &str| {
            if parsed {
                serde_json::from_str(text).unwrap_or(Value::Null)
            } else {
                json!(text)
            }
        };
        // In AWS's order; times are milliseconds since 1970 here, as measured.
        let mut result = serde_json::Map::new();
        let mut tell = |name: &str, value: Value| {
            result.insert(name.to_owned(), value);
        };
        if let Some(cause) = &described.cause {
            tell("Cause", json!(&**cause));
        }
        if let Some(error) = &described.error {
            tell("Error", json!(&**error));
        }
        tell("ExecutionArn", json!(described.execution_arn));
        tell("Input", data(&described.input));
        tell("InputDetails", json!({ "Included": true }));
        tell("Name", json!(described.name));
        if let Some(output) = &described.output {
            tell("Output", data(output));
            tell("OutputDetails", json!({ "Included": true }));
        }
        tell("RedriveCount", json!(described.redrive_count));
        tell("RedriveStatus", json!(described.redrive_status.as_str()));
        if let Some(reason) = &described.redrive_status_reason {
            tell("RedriveStatusReason", json!(reason));
        }
        tell("StartDate", json!(described.start_date.as_millis()));
        tell("StateMachineArn", json!(described.state_machine_arn));
        tell("Status", json!(described.status.as_str()));
        if let Some(stopped) = described.stop_date {
            tell("StopDate", json!(stopped.as_millis()));
        }
        let result = Value::Object(result);
        if described.status == ExecutionStatus::Succeeded {
            Signal::TaskSucceeded {
                task,
                output: Json::new(result),
            }
        } else {
            let problem = Problem {
                error: Some("States.TaskFailed".into()),
                cause: Some(result.to_string().into()),
            };
            Signal::TaskFailed { task, problem }
        }
    }
}

/// Calls a Lambda function; `None` when nobody knows it.
fn invoke(shared: &Shared, call: &Call, resource: &Resource) -> Option<BoxFuture<Answer>> {
    let direct = resource.kind == ResourceKind::Lambda;
    let parameters = call.input.value();
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    let invocation = if direct {
        LambdaInvocation::new(resource.arn.to_string(), call.input.text().clone())
    } else {
        // Without a payload, a function gets an empty object.
        let payload: Arc<str> = match parameters.get("Payload") {
            None | Some(Value::Null) => "{}".into(),
            Some(payload) => payload.to_string().into(),
        };
        LambdaInvocation {
            qualifier: text("Qualifier").map(str::to_owned),
            asynchronous: text("InvocationType") == Some("Event"),
            ..LambdaInvocation::new(text("FunctionName").unwrap_or_default(), payload)
        }
    };
    let asynchronous = invocation.asynchronous;
    let version = invocation
        .qualifier
        .clone()
        .unwrap_or_else(|| "$LATEST".to_owned());
    let answer = shared.lambda.as_ref()?.invoke(invocation)?;
    Some(Box::pin(async move {
        match answer.await {
            Ok(payload) if direct => Answer::Success(payload),
            Ok(payload) => Answer::Success(invoked(&payload, asynchronous, &version)),
            Err(LambdaError::Function { payload }) => function_error(payload),
            Err(LambdaError::Service { error, cause }) => Answer::Failure {
                error: Some(error),
                cause: Some(cause),
            },
        }
    }))
}

/// What a nested execution starts with.
fn nested_input(parameters: &Value) -> Json {
    match parameters.get("Input") {
        None => Json::new(json!({})),
        Some(Value::String(text)) => {
            Json::parse(text.as_str()).unwrap_or_else(|_| Json::new(json!(text)))
        }
        Some(input) => Json::new(input.clone()),
    }
}

/// What a Task gets when the execution it asked for has started.
fn started_nested(about: &About) -> Value {
    json!({ "ExecutionArn": &*about.arn, "StartDate": about.started.as_millis() })
}

/// What a Task gets when the execution it asked for cannot be started.
fn not_started(error: &Error) -> Answer {
    let code = error.code();
    let code = code.strip_suffix("Exception").unwrap_or(code);
    Answer::Failure {
        error: Some(format!("StepFunctions.{code}Exception")),
        cause: Some(error.to_string()),
    }
}

/// The answer to a call that no execution makes, but the test of a state; nothing is waited for but that answer.
///
/// It takes as long as the task's timeout, and five minutes at most, as AWS has it.
pub(crate) async fn call_alone(
    shared: &Arc<Shared>,
    about: &About,
    program: &Program,
    call: &Call,
) -> Answer {
    const MOST: Duration = Duration::from_secs(300);
    let most = call.timeout.map_or(MOST, Duration::from_secs).min(MOST);
    let until = shared.clock.now() + most;
    tokio::select! {
        answer = answer_alone(shared, about, program, call) => answer,
        () = shared.clock.sleep_until(until) => Answer::Timeout,
    }
}

async fn answer_alone(
    shared: &Arc<Shared>,
    about: &About,
    program: &Program,
    call: &Call,
) -> Answer {
    let resource = program.resource(call.state);
    let asked = IntegrationCall {
        execution_arn: about.arn.clone(),
        state_machine_name: about.machine_name.clone(),
        test_case: None,
        state_name: program.state(call.state).name.clone(),
        resource: resource.arn.clone(),
        service: resource.service.clone(),
        action: resource.action.clone(),
        input: call.input.text().clone(),
        task_token: None,
        attempt: call.attempt,
        invocation: 0,
    };
    let integrations = shared.integrations.iter();
    let response = integrations
        .map(|integration| integration.call(&asked))
        .find_map(|response| response);
    let reply = match response {
        Some(Response::Now(reply)) => Some(reply),
        Some(Response::Later(reply)) => Some(reply.await),
        None => None,
    };
    if let Some(reply) = reply {
        return reply.end.unwrap_or(Answer::Silence);
    }
    if (resource.kind == ResourceKind::Lambda || resource.is_lambda_invoke())
        && let Some(answer) = invoke(shared, call, resource)
    {
        return answer.await;
    }
    if &*resource.service == "states" && resource.verb() == "startExecution" {
        let parameters = call.input.value();
        let text = |name: &str| parameters.get(name).and_then(Value::as_str);
        let (arn, name) = (text("StateMachineArn").unwrap_or_default(), text("Name"));
        let input = nested_input(parameters);
        let started = shared.act(|core, now| {
            let started = core.start_by_arn(shared, arn, name, input, None, None, now)?;
            Ok(started_nested(core.executions[started.number].about()))
        });
        return match started {
            Ok(answer) => Answer::Success(answer.to_string()),
            Err(error) => not_started(&error),
        };
    }
    nobody(resource)
}

/// The result of the optimized Lambda integration.
fn invoked(payload: &str, asynchronous: bool, version: &str) -> String {
    if asynchronous {
        return json!({ "Payload": "", "StatusCode": 202 }).to_string();
    }
    let payload: Value = serde_json::from_str(payload).unwrap_or_else(|_| json!(payload));
    json!({ "ExecutedVersion": version, "Payload": payload, "StatusCode": 200 }).to_string()
}

/// How a function's own failure appears.
fn function_error(payload: String) -> Answer {
    let kind = serde_json::from_str::<Value>(&payload)
        .ok()
        .and_then(|value| {
            value
                .get("errorType")
                .and_then(Value::as_str)
                .map(str::to_owned)
        });
    match kind {
        Some(error) => Answer::Failure {
            error: Some(error),
            cause: Some(payload),
        },
        None => Answer::Failure {
            error: Some("Lambda.Unknown".to_owned()),
            cause: Some(format!(
                "The cause could not be determined because Lambda did not return an error type. Returned payload: \
                 {payload}"
            )),
        },
    }
}

fn unreadable(error: &serde_json::Error) -> Answer {
    Answer::Failure {
        error: Some("States.Runtime".to_owned()),
        cause: Some(format!("the answer is no JSON: {error}")),
    }
}

/// Nobody here does this task.
fn nobody(resource: &Resource) -> Answer {
    let arn = &resource.arn;
    let (what, flag) = if resource.kind == ResourceKind::Lambda || resource.is_lambda_invoke() {
        (
            "no Lambda handler of this engine knows the function",
            "have it called by `sfn-server --lambda-endpoint <URL>`",
        )
    } else if &*resource.service == "http" {
        (
            "no integration of this engine answers for the service",
            "have it sent to one endpoint by `sfn-server --service-endpoint http=<URL>`",
        )
    } else {
        (
            "no integration of this engine answers for the service",
            "pass it on by `sfn-server --service-endpoint <URL>`",
        )
    };
    Answer::Failure {
        error: Some("States.TaskFailed".to_owned()),
        cause: Some(format!(
            "`{arn}` cannot be called from here: {what}\nhelp: mock it: name the state under `StateMachines.<name>.TestCases.<case>` \
             in a MockConfigFile and start the execution with `<state machine ARN>#<case>`\nhelp: or {flag}"
        )),
    }
}
