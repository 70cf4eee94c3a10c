//! The Task state of a step: its resource, its input, its retriers.

use std::time::Duration;

use serde_json::{Map, Value, json};
use sfn_asl::{Retrier, State, Task};

use super::Mistake;
use crate::{
    Jitter, Kind, StepMeta,
    flow::{
        definition::{Call, Given, Retry},
        places::{Place, Places},
        render::expression,
    },
    step::retryable_names,
};

/// Whole seconds, as Step Functions counts; a part of one counts as one.
pub(super) fn seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

/// The state of a step, with its comment and without what is said where it is used. On Lambda it has an `Output`.
pub(super) fn state(call: Call, places: &dyn Places, kind: Kind) -> Result<State, Mistake> {
    called(call.step, given(call), false, places, kind)
}

/// The same with an input that says itself where its parts come from. One that is answered from elsewhere waits for whoever
/// has its token: on Lambda the function must be told of it, and an activity's worker has it anyway.
pub(super) fn called(
    step: &'static StepMeta,
    input: Map<String, Value>,
    answered: bool,
    places: &dyn Places,
    kind: Kind,
) -> Result<State, Mistake> {
    let mut state = match places.place(step)? {
        Place::Activity { .. } if kind == Kind::Express => {
            return Err(Mistake::ActivityInExpress {
                step: step.name.to_owned(),
            });
        }
        Place::Activity { arn } => State::from(Task {
            arguments: Some(envelope(input)),
            ..Task::new(arn)
        }),
        Place::Lambda { .. } if answered && kind == Kind::Express => {
            return Err(Mistake::CallbackInExpress {
                step: step.name.to_owned(),
            });
        }
        Place::Lambda { function } if answered => {
            let mut payload = envelope(input);
            payload["context"]["token"] = expression("$states.context.Task.Token").into();
            State::from(Task {
                arguments: Some(json!({ "FunctionName": function, "Payload": payload })),
                ..Task::new("arn:aws:states:::lambda:invoke.waitForTaskToken")
            })
        }
        Place::Lambda { function } => State::from(Task {
            arguments: Some(json!({ "FunctionName": function, "Payload": envelope(input) })),
            ..Task::new("arn:aws:states:::lambda:invoke")
        })
        .output(expression("$states.result.Payload")),
    };
    if !step.doc.is_empty() {
        state.comment = Some(step.doc.to_owned());
    }
    Ok(state)
}

/// The parameters of a step in a pipeline, by name.
pub(super) fn given(call: Call) -> Map<String, Value> {
    let parameters = call.step.params;
    let mut input = Map::new();
    match call.given {
        Given::Nothing => {}
        Given::Whole => {
            for parameter in parameters {
                input.insert(parameter.name.into(), expression("$states.input").into());
            }
        }
        Given::Items => {
            for (index, parameter) in parameters.iter().enumerate() {
                let item = expression(&format!("$states.input[{index}]"));
                input.insert(parameter.name.into(), item.into());
            }
        }
        Given::CaughtInput | Given::CaughtError | Given::CaughtBoth => {
            let parts: &[&str] = match call.given {
                Given::CaughtInput => &["input"],
                Given::CaughtError => &["error"],
                _ => &["input", "error"],
            };
            for (part, parameter) in parts.iter().zip(parameters) {
                let part = expression(&format!("$states.input.{part}"));
                input.insert(parameter.name.into(), part.into());
            }
        }
    }
    input
}

/// What a step is sent: its parameters by name, and where it finds itself, which an activity could not know otherwise.
fn envelope(input: Map<String, Value>) -> Value {
    json!({
        "input": input,
        "context": {
            "execution": expression("$states.context.Execution.Id"),
            "name": expression("$states.context.Execution.Name"),
            "state": expression("$states.context.State.Name"),
            "attempt": expression("$states.context.State.RetryCount"),
            "started": expression("$states.context.Execution.StartTime"),
        },
    })
}

/// Lets the worker know of a `heartbeat` or a `timeout` that stands only at the step's use: it sends the one by itself,
/// and ends the step at the other.
pub(super) fn tell(task: &mut Task, limit: &str, seconds: u64) {
    let arguments = task.arguments.as_mut().and_then(Value::as_object_mut);
    if let Some(Value::Object(context)) = arguments.and_then(|sent| sent.get_mut("context")) {
        context.insert(limit.to_owned(), seconds.into());
    }
}

/// The retriers given at the use, then those that travel with the step. The first that matches is used.
pub(super) fn retriers(given: &[Retry], step: Option<&StepMeta>) -> Vec<Retrier> {
    let mut retriers: Vec<Retrier> = given.iter().map(|retry| at_use(retry, step)).collect();
    for retry in step.map_or(&[][..], |step| step.retries) {
        retriers.push(written(
            (retry.on)().into_iter().map(str::to_owned).collect(),
            (retry.interval, retry.max_attempts, retry.backoff),
            retry.max_delay,
            retry.jitter,
        ));
    }
    // `States.ALL` must be the last, and what came after it would never be used.
    if let Some(all) = retriers.iter().position(matches_all) {
        retriers.truncate(all + 1);
    }
    // A retrier of nothing (a step with no retryable error) is refused by AWS.
    retriers.retain(|retrier| !retrier.error_equals.is_empty());
    retriers
}

fn matches_all(retrier: &Retrier) -> bool {
    retrier.error_equals.iter().any(|name| name == "States.ALL")
}

fn at_use(retry: &Retry, step: Option<&StepMeta>) -> Retrier {
    // The same that a `retry(..)` without `on(..)` covers on the step itself.
    let on = retry.on.clone().unwrap_or_else(|| {
        let names = retryable_names(step.map_or(&[], |step| step.errors));
        names.into_iter().map(str::to_owned).collect()
    });
    let times = (retry.interval, retry.max_attempts, retry.backoff);
    written(on, times, retry.max_delay, retry.jitter)
}

fn written(
    on: Vec<String>,
    (interval, attempts, backoff): (Duration, u32, f64),
    max_delay: Option<Duration>,
    jitter: Jitter,
) -> Retrier {
    Retrier {
        // AWS refuses less than a second.
        interval_seconds: Some(seconds(interval).max(1)),
        max_attempts: Some(attempts.into()),
        backoff_rate: Some(backoff),
        max_delay_seconds: max_delay.map(seconds),
        jitter_strategy: match jitter {
            Jitter::None => None,
            Jitter::Full => Some(sfn_asl::Jitter::Full),
        },
        ..Retrier::on(on)
    }
}

/// What AWS recommends for every Lambda task: its service fails now and then for no reason of ours.
pub(super) fn add_lambda_retrier(retriers: &mut Vec<Retrier>) {
    if retriers.last().is_some_and(matches_all) {
        return;
    }
    let names = [
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    ];
    retriers.push(written(
        names.map(str::to_owned).to_vec(),
        (Duration::from_secs(2), 6, 2.0),
        None,
        Jitter::None,
    ));
}
