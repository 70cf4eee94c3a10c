//! Running a case on the engine.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Map, Value, json};
use sfn_engine::api::{
    CreateActivity, CreateStateMachine, DescribedExecution, GetActivityTask, MachineType,
    SendTaskFailure, SendTaskSuccess, StartExecution, SyncExecutionResult,
};
use sfn_engine::mock::MockConfig;
use sfn_engine::{
    BoxFuture, Engine, Handle, IntegrationCall, Integrations, Response, TestClock, TestIds,
    Timestamp,
};

use crate::case::Case;
use crate::compare::{Bindings, Comparer, parse_texts};

/// The name of the one test case in the mocks of a recording.
const TEST_CASE: &str = "Recorded";

/// Runs a case; answers how it agrees with the recording, or how it does not.
pub(crate) async fn run(case: &Case) -> Result<String, String> {
    match tokio::time::timeout(Duration::from_secs(20), attempt(case)).await {
        Ok(agreed) => agreed,
        Err(_) => Err("it does not end".to_owned()),
    }
}

async fn attempt(case: &Case) -> Result<String, String> {
    let value = &case.value;
    let mut clock = TestClock::auto();
    if let Some(now) = case
        .text("/flags/input_relative_to_now")
        .and_then(Timestamp::parse_rfc3339)
    {
        clock = clock.starting_at(now);
    }
    let name = case.text("/state_machine/name").unwrap_or("machine");
    let mut builder = Engine::builder()
        .clock(clock.clone())
        .ids(TestIds::default())
        .account("111111111111")
        .integrations(Bucket::of(value));
    if !case.has_worker() {
        let mocks = mock_config(name, &value["mocks"]).to_string();
        builder =
            builder.integrations(MockConfig::parse(&mocks).map_err(|error| error.to_string())?);
    }
    let engine = builder.start().map_err(|error| error.to_string())?;
    let definition = value["definition"].to_string();
    let express = case.text("/state_machine/type") == Some("EXPRESS");
    let machine = CreateStateMachine {
        role_arn: case
            .text("/state_machine/role_arn")
            .unwrap_or_default()
            .to_owned(),
        machine_type: if express {
            MachineType::Express
        } else {
            MachineType::Standard
        },
        ..CreateStateMachine::new(name, definition)
    };
    let machine = engine
        .create_state_machine(machine)
        .await
        .map_err(|error| error.to_string())?;
    let parts: Vec<&str> = case
        .text("/execution_arn")
        .unwrap_or_default()
        .split(':')
        .collect();
    let execution = match parts[..] {
        [.., name, _] if parts.get(5) == Some(&"express") => name,
        [.., name] => name,
        [] => "execution",
    };
    let input = match case.text("/input_text") {
        Some(text) => text.to_owned(),
        None => value["input"].to_string(),
    };
    let arn = format!("{}#{TEST_CASE}", machine.state_machine_arn);
    let start = StartExecution::new(arn).name(execution).input(input);
    let comparer = Comparer::new(case);
    if express {
        let ended = engine
            .start_sync_execution(start)
            .await
            .map_err(|error| error.to_string())?;
        return match value.pointer("/expected/response") {
            Some(expected) => compare_response(&comparer, expected, &ended),
            None => compare_outcome(&comparer, &value["expected"], &ended.execution),
        };
    }
    if case.has_worker() {
        create_activities(&engine, case).await;
    }
    let started = engine
        .start_execution(start)
        .await
        .map_err(|error| error.to_string())?;
    if case.has_worker() {
        tokio::spawn(work(engine.clone(), clock.clone(), value.clone()));
    }
    let ended = engine
        .wait(&started.execution_arn)
        .await
        .map_err(|error| error.to_string())?;
    let Some(expected) = case.history() else {
        return compare_outcome(&comparer, &value["expected"], &ended);
    };
    let events = engine
        .events_since(&started.execution_arn, 0)
        .await
        .map_err(|error| error.to_string())?;
    let events: Vec<Value> = events
        .iter()
        .map(sfn_engine::history::HistoryEvent::to_json)
        .collect();
    let ordered = value
        .pointer("/flags/ordered")
        .and_then(Value::as_bool)
        .unwrap_or(true);
    let expected: Vec<Value> = expected.iter().map(scalars_as_text).collect();
    comparer
        .compare(&expected, &events, ordered)
        .map(str::to_owned)
        .map_err(|differ| {
            let told = events.iter().map(|event| {
                format!(
                    "\n  {}<-{} {}",
                    event["id"],
                    event["previousEventId"],
                    event["type"].as_str().unwrap_or_default()
                )
            });
            let last = events.last().map(Value::to_string).unwrap_or_default();
            format!("{differ}{}\n  {last}", told.collect::<String>())
        })
}

/// Inputs and outputs as texts: some recordings had one such as "1" parsed down to the number.
fn scalars_as_text(event: &Value) -> Value {
    let mut event = event.clone();
    let details = event
        .as_object_mut()
        .into_iter()
        .flatten()
        .filter(|(key, _)| key.ends_with("EventDetails"));
    for (_, details) in details {
        for key in ["input", "output", "cause", "error"] {
            if let Some(value) = details.get_mut(key)
                && (value.is_number() || value.is_boolean() || value.is_array())
            {
                *value = json!(value.to_string());
            }
        }
    }
    event
}

/// The recorded answers as a `MockConfigFile`.
fn mock_config(machine: &str, mocks: &Value) -> Value {
    let (mut states, mut responses) = (Map::new(), Map::new());
    for (state, calls) in mocks.as_object().into_iter().flatten() {
        let calls: Map<String, Value> = calls
            .as_object()
            .into_iter()
            .flatten()
            .map(|(number, response)| (number.clone(), mocked_response(response)))
            .collect();
        states.insert(state.clone(), json!(state));
        responses.insert(state.clone(), Value::Object(calls));
    }
    json!({
        "StateMachines": { machine: { "TestCases": { TEST_CASE: states } } },
        "MockedResponses": responses,
    })
}

fn mocked_response(response: &Value) -> Value {
    let mut response = response.clone();
    if let Some(throw) = response.get_mut("Throw")
        && let Some(cause) = throw.get_mut("Cause")
        && !cause.is_string()
    {
        // The recorder had parsed it; on the wire it is text.
        *cause = json!(cause.to_string());
    }
    if response.get("Return").is_none() && response.get("Throw").is_none() {
        response["Return"] = Value::Null;
    }
    response
}

fn compare_outcome(
    comparer: &Comparer,
    expected: &Value,
    ended: &DescribedExecution,
) -> Result<String, String> {
    if expected["status"] != json!(ended.status.as_str()) {
        return Err(format!(
            "status {} expected, {ended:?} found",
            expected["status"]
        ));
    }
    let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().map(Value::from);
    let output = ended
        .output
        .as_deref()
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    let mut bind = Bindings::new();
    for (key, actual) in [
        ("output", output),
        ("error", text(&ended.error)),
        ("cause", text(&ended.cause)),
    ] {
        if let Some(expected) = expected.get(key) {
            let actual = actual.ok_or_else(|| format!("`{key}` is missing"))?;
            comparer
                .matches(expected, &comparer.norm(&actual), &mut bind, key)
                .map_err(|differ| differ.to_string())?;
        }
    }
    Ok("outcome".to_owned())
}

fn compare_response(
    comparer: &Comparer,
    expected: &Value,
    ended: &SyncExecutionResult,
) -> Result<String, String> {
    let execution = &ended.execution;
    let mut actual = json!({
        "billingDetails": {
            "billedDurationInMilliseconds": ended.billing.billed_duration_in_milliseconds,
            "billedMemoryUsedInMB": ended.billing.billed_memory_used_in_mb,
        },
        "executionArn": execution.execution_arn,
        "input": &*execution.input,
        "inputDetails": { "included": true },
        "name": execution.name,
        "outputDetails": { "included": true },
        "startDate": execution.start_date.as_secs_f64(),
        "stateMachineArn": execution.state_machine_arn,
        "status": execution.status.as_str(),
        "stopDate": execution.stop_date.map(Timestamp::as_secs_f64),
    });
    for (key, text) in [
        ("output", &execution.output),
        ("error", &execution.error),
        ("cause", &execution.cause),
    ] {
        if let Some(text) = text {
            actual[key] = json!(&**text);
        }
    }
    let mut expected = expected.clone();
    if let Some(members) = expected.as_object_mut() {
        members.shift_remove("ResponseMetadata");
    }
    comparer
        .matches(
            &expected,
            &comparer.norm(&parse_texts(&actual)),
            &mut Bindings::new(),
            "",
        )
        .map(|()| "response".to_owned())
        .map_err(|differ| differ.to_string())
}

/// All states of a definition, inner ones too.
fn states(flow: &Value, found: &mut Vec<(String, Value)>) {
    for (name, state) in flow["States"].as_object().into_iter().flatten() {
        found.push((name.clone(), state.clone()));
        for branch in state["Branches"].as_array().into_iter().flatten() {
            states(branch, found);
        }
        for inner in ["Iterator", "ItemProcessor"] {
            states(&state[inner], found);
        }
    }
}

fn tasks(definition: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    states(definition, &mut found);
    found
        .into_iter()
        .filter_map(|(name, state)| {
            let resource = state["Resource"].as_str()?.to_owned();
            resource
                .contains(":activity:")
                .then_some((name, resource, state))
        })
        .collect()
}

async fn create_activities(engine: &Handle, case: &Case) {
    let history = case.history().map_or(&[][..], Vec::as_slice);
    // The recorded test had deleted it when nothing was scheduled.
    if !history
        .iter()
        .any(|event| event["type"] == "ActivityScheduled")
    {
        return;
    }
    for (_, resource, _) in tasks(&case.value["definition"]) {
        let name = resource.rsplit(':').next().unwrap_or_default();
        engine
            .create_activity(CreateActivity::new(name))
            .await
            .expect("recorded names are valid");
    }
}

/// The worker the recorded test had.
async fn work(engine: Handle, clock: TestClock, case: Value) {
    let history = case
        .pointer("/expected/history")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut workers = history
        .iter()
        .filter(|event| event["type"] == "ActivityStarted")
        .map(|event| {
            event
                .pointer("/activityStartedEventDetails/workerName")
                .and_then(Value::as_str)
        });
    for (name, resource, state) in tasks(&case["definition"]) {
        let answers: BTreeMap<String, Value> =
            serde_json::from_value(case["mocks"][&name].clone()).unwrap_or_default();
        for answer in answers.values() {
            let Some(worker) = workers.next() else { return };
            let mut poll = GetActivityTask::new(&resource);
            poll.worker_name = worker.map(str::to_owned);
            let Ok(Some(task)) = engine.get_activity_task(poll).await else {
                return;
            };
            if answer["Event"]
                .as_str()
                .is_some_and(|event| event.ends_with("TimedOut"))
            {
                // Taken and never answered: the clock does not jump while a worker has a task, so move it.
                clock.advance(Duration::from_secs(3600));
                continue;
            }
            if state.get("HeartbeatSeconds").is_some() {
                let _ = engine.send_task_heartbeat(&task.task_token).await;
            }
            let answer = mocked_response(answer);
            let text = |key: &str| answer["Throw"][key].as_str().map(str::to_owned);
            let _ = match answer.get("Throw") {
                Some(_) => {
                    let (error, cause) = (text("Error"), text("Cause"));
                    engine
                        .send_task_failure(SendTaskFailure {
                            task_token: task.task_token,
                            error,
                            cause,
                        })
                        .await
                }
                None => {
                    let output = answer["Return"].to_string();
                    engine
                        .send_task_success(SendTaskSuccess::new(task.task_token, output))
                        .await
                }
            };
        }
    }
}

/// The S3 objects a recorded test had put up.
struct Bucket {
    objects: Mutex<BTreeMap<(String, String), Vec<u8>>>,
}

impl Bucket {
    fn of(case: &Value) -> Self {
        let text =
            |value: &Value, key: &str| value["params"][key].as_str().unwrap_or_default().to_owned();
        let objects = case["setup"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|call| call["operation"] == "PutObject")
            .map(|call| {
                (
                    (text(call, "Bucket"), text(call, "Key")),
                    text(call, "Body").into_bytes(),
                )
            })
            .collect();
        Bucket {
            objects: Mutex::new(objects),
        }
    }
}

impl Integrations for Bucket {
    fn call(&self, _call: &IntegrationCall) -> Option<Response> {
        None
    }

    fn get_object(&self, bucket: &str, key: &str) -> Option<BoxFuture<Result<Vec<u8>, String>>> {
        let objects = self.objects.lock().expect("nobody panics with it");
        let body = objects.get(&(bucket.to_owned(), key.to_owned())).cloned();
        let body = body.ok_or_else(|| "The specified key does not exist.".to_owned());
        Some(Box::pin(std::future::ready(body)))
    }

    fn list_objects(
        &self,
        bucket: &str,
        prefix: &str,
    ) -> Option<BoxFuture<Result<Vec<Value>, String>>> {
        let objects = self.objects.lock().expect("nobody panics with it");
        let listed = objects
            .iter()
            .filter(|((in_bucket, key), _)| in_bucket == bucket && key.starts_with(prefix))
            .map(|((_, key), body)| {
                json!({
                    "Etag": "etag", "LastModified": "1970-01-01T00:00:00.000Z", "Key": key, "Size": body.len(), "StorageClass": "STANDARD",
                })
            });
        let listed = listed.collect();
        Some(Box::pin(std::future::ready(Ok(listed))))
    }

    fn put_object(
        &self,
        bucket: &str,
        key: &str,
        body: &[u8],
    ) -> Option<BoxFuture<Result<(), String>>> {
        let mut objects = self.objects.lock().expect("nobody panics with it");
        objects.insert((bucket.to_owned(), key.to_owned()), body.to_vec());
        Some(Box::pin(std::future::ready(Ok(()))))
    }
}
