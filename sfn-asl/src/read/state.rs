//! Reading one state.

use serde_json::{Map as Object, Value};

use super::field::Fields;
use super::{choice, map, retry};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::fields;
use crate::model::{
    Assign, Fail, Flow, Kind, Parallel, Pass, State, StateType, Succeed, Task, Transition, Wait,
    WaitFor,
};
use crate::place::Place;
use crate::suggest::nearest;

/// What stands for a state that could not be read.
pub(super) fn stand_in() -> State {
    State::new(Pass::default())
}

pub(super) fn state(object: &Object<String, Value>, at: Place, report: &Report) -> State {
    let mut fields = Fields::new(object, at, "a state", report);
    let Some(state_type) = state_type(&mut fields) else {
        // Its transition is kept: what comes after is not unreachable because this is not understood.
        let mut state = stand_in();
        if let (Some(transition), Some(Value::String(next))) =
            (state.transition_mut(), fields.take("Next"))
        {
            *transition = Transition::Next(next.clone());
        }
        return state;
    };
    let mut fields = Fields::new(object, fields.at, article(state_type), report);
    fields.know(["Type"]);
    let state = State {
        comment: fields.text("Comment"),
        query_language: super::query_language(&mut fields),
        input_path: fields.path("InputPath"),
        output_path: fields.path("OutputPath"),
        assign: assign(&mut fields),
        output: fields.value("Output"),
        kind: kind(state_type, &mut fields),
    };
    finish(state_type, &fields);
    state
}

fn article(state_type: StateType) -> &'static str {
    match state_type {
        StateType::Task => "a Task state",
        StateType::Parallel => "a Parallel state",
        StateType::Map => "a Map state",
        StateType::Pass => "a Pass state",
        StateType::Wait => "a Wait state",
        StateType::Choice => "a Choice state",
        StateType::Succeed => "a Succeed state",
        StateType::Fail => "a Fail state",
    }
}

fn state_type(fields: &mut Fields<'_>) -> Option<StateType> {
    fields.require(&["Type"]);
    let text = fields.text("Type")?;
    let found = StateType::ALL
        .into_iter()
        .find(|candidate| candidate.as_str() == text);
    if found.is_none() {
        let known = StateType::ALL.map(StateType::as_str);
        let help = match nearest(&text, known) {
            Some(near) => format!("`{near}` is meant, perhaps"),
            None => format!(
                "the types are {}",
                known.map(|word| format!("`{word}`")).join(", ")
            ),
        };
        fields.report.add(
            Diagnostic::error(
                Code::UnknownStateType,
                &fields.place("Type"),
                format!("there is no type of state `{text}`"),
            )
            .says(format!(
                "The field 'Type' should have one of these values: [{}]",
                known.join(", ")
            ))
            .help(help),
        );
    }
    found
}

/// Reports the keys that do not belong here: those of other types, and those nobody knows.
fn finish(state_type: StateType, fields: &Fields<'_>) {
    let allowed: Vec<&'static str> = fields::of(state_type).collect();
    // All types share the common fields' reading above, so what is known and what is allowed differ.
    for key in fields.keys().filter(|key| !allowed.contains(&key.as_str())) {
        let mut diagnostic = match fields::find(key) {
            Some(field) => {
                let owners: Vec<&str> = field.types.iter().map(|owner| owner.as_str()).collect();
                Diagnostic::error(
                    Code::MisplacedField,
                    &fields.at.then(key.as_str()),
                    format!("{} has no field `{key}`", article(state_type)),
                )
                .help(format!("it belongs to {}", owners.join(", ")))
            }
            None => {
                let mut diagnostic = Diagnostic::error(
                    Code::UnknownField,
                    &fields.at.then(key.as_str()),
                    format!("{} has no field `{key}`", article(state_type)),
                );
                diagnostic.help = nearest(key, allowed.iter().copied())
                    .map(|near| format!("`{near}` is meant, perhaps"));
                diagnostic
            }
        };
        diagnostic = diagnostic
            .says(format!("Field '{key}' is not supported"))
            .says_at(Some(&fields.at));
        fields.report.add(diagnostic);
    }
}

pub(super) fn assign(fields: &mut Fields<'_>) -> Assign {
    fields
        .object("Assign")
        .map(|(variables, _)| variables.clone())
        .unwrap_or_default()
}

fn kind(state_type: StateType, fields: &mut Fields<'_>) -> Kind {
    match state_type {
        StateType::Task => task(fields).into(),
        StateType::Parallel => parallel(fields).into(),
        StateType::Map => map::map(fields).into(),
        StateType::Pass => Pass {
            result: fields.value("Result"),
            parameters: fields.value("Parameters"),
            result_path: fields.path("ResultPath"),
            transition: transition(fields),
        }
        .into(),
        StateType::Wait => wait(fields).into(),
        StateType::Choice => choice::choice(fields).into(),
        StateType::Succeed => Succeed.into(),
        StateType::Fail => fail(fields).into(),
    }
}

fn task(fields: &mut Fields<'_>) -> Task {
    fields.require(&["Resource"]);
    fields.at_most_one(&["TimeoutSeconds", "TimeoutSecondsPath"]);
    fields.at_most_one(&["HeartbeatSeconds", "HeartbeatSecondsPath"]);
    Task {
        resource: fields.text("Resource").unwrap_or_default(),
        parameters: fields.value("Parameters"),
        arguments: fields.value("Arguments"),
        credentials: fields.value("Credentials"),
        timeout_seconds: fields.whole_or_expression("TimeoutSeconds", 1),
        timeout_seconds_path: fields.text("TimeoutSecondsPath"),
        heartbeat_seconds: fields.whole_or_expression("HeartbeatSeconds", 1),
        heartbeat_seconds_path: fields.text("HeartbeatSecondsPath"),
        result_selector: fields.value("ResultSelector"),
        result_path: fields.path("ResultPath"),
        retry: retry::retriers(fields),
        catch: retry::catchers(fields),
        transition: transition(fields),
    }
}

fn parallel(fields: &mut Fields<'_>) -> Parallel {
    fields.require(&["Branches"]);
    let branches = fields
        .objects("Branches", "a branch")
        .into_iter()
        .map(|mut branch| {
            branch.require(&["States", "StartAt"]);
            let flow: Flow = super::flow(&mut branch);
            branch.finish();
            flow
        })
        .collect();
    Parallel {
        branches,
        parameters: fields.value("Parameters"),
        arguments: fields.value("Arguments"),
        result_selector: fields.value("ResultSelector"),
        result_path: fields.path("ResultPath"),
        retry: retry::retriers(fields),
        catch: retry::catchers(fields),
        transition: transition(fields),
    }
}

fn wait(fields: &mut Fields<'_>) -> Wait {
    // AWS names them in this order.
    fields.exactly_one(&["SecondsPath", "Seconds", "TimestampPath", "Timestamp"]);
    let wait_for = [
        fields
            .whole_or_expression("Seconds", 0)
            .map(WaitFor::Seconds),
        fields.text("SecondsPath").map(WaitFor::SecondsPath),
        fields.text("Timestamp").map(WaitFor::Timestamp),
        fields.text("TimestampPath").map(WaitFor::TimestampPath),
    ];
    Wait {
        wait_for: wait_for.into_iter().flatten().collect(),
        transition: transition(fields),
    }
}

fn fail(fields: &mut Fields<'_>) -> Fail {
    fields.at_most_one(&["Error", "ErrorPath"]);
    fields.at_most_one(&["Cause", "CausePath"]);
    Fail {
        error: fields.text("Error"),
        error_path: fields.text("ErrorPath"),
        cause: fields.text("Cause"),
        cause_path: fields.text("CausePath"),
    }
}

/// `Next`, or `End: true`. `End: false` is the same as no `End`.
pub(super) fn transition(fields: &mut Fields<'_>) -> Transition {
    let end = fields.boolean("End");
    let next = fields.text("Next");
    if end == Some(false) && fields.has("Next") {
        return next.map_or(Transition::End, Transition::Next);
    }
    fields.exactly_one(&["Next", "End"]);
    if end == Some(false) {
        fields.report.add(
            Diagnostic::error(
                Code::BadValue,
                &fields.place("End"),
                "`End` is `false`, and there is no `Next`",
            )
            .says("This object should have only one of the following fields: [Next, End]")
            .says_at(Some(&fields.at))
            .help("write `\"End\": true`, or a `Next`"),
        );
    }
    next.map_or(Transition::End, Transition::Next)
}
