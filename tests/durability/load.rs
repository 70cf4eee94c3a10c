//! Machines with everything that can be half done, what they must have done when they are over, and who does their tasks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use sfn_engine::api::{
    CreateActivity, CreateStateMachine, GetActivityTask, SendTaskFailure, SendTaskSuccess,
};
use sfn_engine::history::HistoryEvent;
use sfn_engine::{BoxFuture, Error, Handle, LambdaError, LambdaHandler, LambdaInvocation};
use sfn_tests::random::Random;

/// A kind of machine.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    states: fn() -> Value,
    /// How often each state is entered, and left.
    pub(crate) entered: &'static [(&'static str, usize)],
    /// How many activity tasks end well.
    pub(crate) tasks: usize,
}

const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:work";

fn task() -> Value {
    json!({
        "Type": "Task", "Resource": ACTIVITY, "Parameters": { "name.$": "$$.Execution.Name" }, "Retry": retry(),
        "End": true
    })
}

fn retry() -> Value {
    json!([{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 1000 }])
}

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "chain",
        states: || {
            json!({
                "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Pass", "Next": "C" },
                "C": { "Type": "Pass", "Next": "D" }, "D": { "Type": "Pass", "End": true }
            })
        },
        entered: &[("A", 1), ("B", 1), ("C", 1), ("D", 1)],
        tasks: 0,
    },
    Kind {
        name: "rest",
        states: || {
            json!({
                "A": { "Type": "Wait", "Seconds": 1, "Next": "B" }, "B": { "Type": "Pass", "Next": "C" },
                "C": { "Type": "Wait", "Seconds": 1, "End": true }
            })
        },
        entered: &[("A", 1), ("B", 1), ("C", 1)],
        tasks: 0,
    },
    Kind {
        name: "work",
        states: || json!({ "A": task() }),
        entered: &[("A", 1)],
        tasks: 1,
    },
    Kind {
        name: "each",
        states: || {
            json!({ "A": {
                "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "End": true,
                "ItemProcessor": { "StartAt": "Work", "States": { "Work": task() } }
            } })
        },
        entered: &[("A", 1), ("Work", 3)],
        tasks: 3,
    },
    Kind {
        name: "both",
        states: || {
            let rest = json!({ "Type": "Wait", "Seconds": 1, "End": true });
            json!({
                "A": { "Type": "Parallel", "Next": "B", "Branches": [
                    { "StartAt": "Rest", "States": { "Rest": rest } },
                    { "StartAt": "Work", "States": { "Work": task() } },
                    { "StartAt": "Pass", "States": { "Pass": { "Type": "Pass", "End": true } } }
                ] },
                "B": { "Type": "Pass", "End": true }
            })
        },
        entered: &[("A", 1), ("Rest", 1), ("Work", 1), ("Pass", 1), ("B", 1)],
        tasks: 1,
    },
    Kind {
        name: "nest",
        states: || {
            json!({ "A": {
                "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": true,
                "Parameters": {
                    "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:rest",
                    "Name.$": "$$.Execution.Name", "Input": {}
                }
            } })
        },
        entered: &[("A", 1)],
        tasks: 0,
    },
    Kind {
        name: "spread",
        states: || {
            json!({ "A": {
                "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "End": true,
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                    "StartAt": "Rest", "States": { "Rest": { "Type": "Wait", "Seconds": 1, "End": true } }
                }
            } })
        },
        entered: &[("A", 1)],
        tasks: 0,
    },
    Kind {
        name: "call",
        states: || {
            json!({ "A": {
                "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:echo", "End": true
            } })
        },
        entered: &[("A", 1)],
        tasks: 0,
    },
    Kind {
        name: "back",
        states: || {
            json!({ "A": {
                "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "End": true,
                "Parameters": { "FunctionName": "later", "Payload": { "token.$": "$$.Task.Token" } },
                "TimeoutSeconds": 2, "Retry": retry()
            } })
        },
        entered: &[("A", 1)],
        tasks: 0,
    },
];

/// The kind an execution of this name is of.
pub(crate) fn kind_of(name: &str) -> &'static Kind {
    let kind = name.split('-').next();
    KINDS
        .iter()
        .find(|known| Some(known.name) == kind)
        .expect("executions are named for their kind")
}

/// Every execution's input.
pub(crate) const INPUT: &str = r#"{"items":[1,2,3]}"#;

pub(crate) fn machine_arn(kind: &Kind) -> String {
    format!(
        "arn:aws:states:us-east-1:123456789012:stateMachine:{}",
        kind.name
    )
}

/// Makes the activity and all machines, if they are not there.
pub(crate) async fn set_up(engine: &Handle) -> Result<(), Error> {
    engine.create_activity(CreateActivity::new("work")).await?;
    for kind in KINDS {
        let definition = json!({ "StartAt": "A", "States": (kind.states)() });
        let machine = CreateStateMachine::new(kind.name, definition.to_string());
        engine.create_state_machine(machine).await?;
    }
    Ok(())
}

/// Takes a task and reports on it; one in five fails. Answers who did it for which execution, when that was acknowledged.
pub(crate) async fn work(
    engine: &Handle,
    random: &Mutex<Random>,
    by: &str,
) -> Result<Option<(String, String)>, Error> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let Some(task) = engine
        .get_activity_task(GetActivityTask::new(ACTIVITY))
        .await?
    else {
        return Ok(None);
    };
    let input: Value = serde_json::from_str(&task.input).expect("a task's input is JSON");
    let name = input["name"].as_str().expect("it has a name").to_owned();
    let fails = random.lock().expect("nobody panics here").one_in(5);
    let sent = if fails {
        let failure = SendTaskFailure::new(task.task_token, "Flaky", "");
        engine.send_task_failure(failure).await.map(|()| None)
    } else {
        let by = format!("{by}-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let output = json!({ "by": by }).to_string();
        let success = SendTaskSuccess::new(task.task_token, output);
        engine
            .send_task_success(success)
            .await
            .map(|()| Some((name, by)))
    };
    match sent {
        Err(Error::TaskTimedOut) => Ok(None),
        sent => sent,
    }
}

/// The functions; what waits for a token gets it from whoever looks after `tokens`.
#[derive(Clone)]
pub(crate) struct Functions {
    pub(crate) tokens: Arc<Mutex<Vec<String>>>,
    pub(crate) arrived: Arc<tokio::sync::Notify>,
}

impl Functions {
    pub(crate) fn new() -> Self {
        Functions {
            tokens: Arc::default(),
            arrived: Arc::new(tokio::sync::Notify::new()),
        }
    }

    /// Sends tokens back for as long as the engine takes them.
    pub(crate) async fn send_back(self, engine: Handle) -> Result<(), Error> {
        loop {
            let token = self.tokens.lock().expect("nobody panics here").pop();
            let Some(token) = token else {
                self.arrived.notified().await;
                continue;
            };
            match engine
                .send_task_success(SendTaskSuccess::new(token, "1"))
                .await
            {
                Ok(()) | Err(Error::TaskTimedOut) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl LambdaHandler for Functions {
    fn invoke(&self, call: LambdaInvocation) -> Option<BoxFuture<Result<String, LambdaError>>> {
        let functions = self.clone();
        Some(Box::pin(async move {
            if call.function != "later" {
                return Ok(call.payload.to_string());
            }
            let payload: Value = serde_json::from_str(&call.payload).expect("a payload is JSON");
            let token = payload["token"]
                .as_str()
                .expect("it has a token")
                .to_owned();
            functions
                .tokens
                .lock()
                .expect("nobody panics here")
                .push(token);
            functions.arrived.notify_one();
            Ok("null".to_owned())
        }))
    }
}

/// Checks that a history has no gap and ends well, and that each state was entered and left as often as it must be.
#[track_caller]
pub(crate) fn check_history(name: &str, events: &[HistoryEvent]) {
    let kind = kind_of(name);
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (id, event) in (1..).zip(events) {
        assert_eq!(event.id, id, "{name}: {events:#?}");
        assert!(event.previous_event_id < id, "{name}: {event:?}");
        let kind = event.event_type();
        let state = event.details.state_name().unwrap_or_default();
        let key = match kind {
            _ if kind.ends_with("StateEntered") => format!("entered {state}"),
            _ if kind.ends_with("StateExited") => format!("exited {state}"),
            kind => kind.to_owned(),
        };
        *counts.entry(key).or_default() += 1;
    }
    let count = |key: &str| counts.get(key).copied().unwrap_or_default();
    for (state, times) in kind.entered {
        assert_eq!(
            count(&format!("entered {state}")),
            *times,
            "{name}, {state}: {events:#?}"
        );
        assert_eq!(
            count(&format!("exited {state}")),
            *times,
            "{name}, {state}: {events:#?}"
        );
    }
    assert_eq!(count("ExecutionStarted"), 1, "{name}: {events:#?}");
    assert_eq!(count("ExecutionSucceeded"), 1, "{name}: {events:#?}");
    assert_eq!(
        count("ActivitySucceeded"),
        kind.tasks,
        "{name}: {events:#?}"
    );
    let last = events.last().map(HistoryEvent::event_type);
    assert_eq!(last, Some("ExecutionSucceeded"), "{name}");
}

/// Who did the tasks of a history.
pub(crate) fn doers(events: &[HistoryEvent]) -> Vec<String> {
    let output = |event: &HistoryEvent| match &event.details {
        sfn_engine::history::EventDetails::ActivitySucceeded { output } => output.clone(),
        _ => None,
    };
    events
        .iter()
        .filter_map(output)
        .map(|output| {
            let output: Value = serde_json::from_str(&output).expect("an output is JSON");
            output["by"].as_str().expect("it tells who").to_owned()
        })
        .collect()
}
