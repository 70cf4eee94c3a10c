//! Trying a single state out.

mod context;

use std::sync::Arc;

use serde_json::{Map, Value, json};
use sfn_asl::{ExecutionType, LONE_STATE, StateType};

use crate::api::{InspectionLevel, StateMock, TestState, TestedState};
use crate::driver::{Shared, call_alone};
use crate::execution::{About, Stage, Staged, TooManyFailures, usual_context};
use crate::integrations::Answer;
use crate::program::{KindDef, Pattern, ResourceKind, StateDef, StateId};
use crate::{Error, Json, Program};

fn refused(why: impl Into<String>) -> Error {
    Error::Validation(why.into())
}

pub(super) async fn run(shared: &Arc<Shared>, request: TestState) -> Result<TestedState, Error> {
    let (program, state) = program(&request)?;
    let def = program.state(state);
    check_mock(def, &request)?;
    check_origin(&program, state, &request)?;
    let input = super::execution::input(request.input.clone())?;
    let variables = variables(request.variables.as_deref())?;
    let items = reader_data(def, request.map_item_reader_data.clone())?;
    let now = shared.clock.now();
    let about = about(shared, &request, input);
    let context = match &request.context {
        None => {
            let mut context = usual_context(&about, request.role_arn.as_deref(), def, now);
            if takes_token(def) {
                context["Task"] = json!({ "Token": shared.ids.uuid() });
            }
            context
        }
        Some(_) if request.mock.is_none() => {
            return Err(refused(
                "A Context object can only be given when a mock is specified",
            ));
        }
        Some(text) => context::parse(text, takes_token(def))?,
    };
    let mock = request.mock.as_ref().map(answer);
    let stage = Stage {
        program: program.clone(),
        about,
        state,
        variables,
        context,
        retries: request.retrier_retry_count.unwrap_or(0),
        failed_iterations: request.map_iteration_failure_count.unwrap_or(0),
        items,
        now,
    };
    let staged = stage.run(mock.clone()).map_err(|TooManyFailures| {
        refused("Map iteration failure count must be less than or equal to the number of Map iterations")
    })?;
    let mut tested = match (staged, mock) {
        (Staged::Done(tested), _) => *tested,
        (Staged::Calls(staging), Some(mock)) => staging.answer(mock),
        (Staged::Calls(staging), None) => {
            let (about, program) = (staging.about(), staging.program());
            let answer = call_alone(shared, about, program, &staging.call).await;
            staging.answer(answer)
        }
    };
    match (request.inspection_level, &mut tested.inspection) {
        (InspectionLevel::Info, data) => *data = None,
        (InspectionLevel::Debug, Some(data)) => (data.request, data.response) = (None, None),
        _ => {}
    }
    Ok(tested)
}

/// The state as part of a program that can be run, and its number there.
fn program(request: &TestState) -> Result<(Arc<Program>, StateId), Error> {
    let Some(name) = &request.state_name else {
        return lone(&request.definition);
    };
    let compiled = Program::compile(request.definition.as_str(), ExecutionType::Standard);
    let program = compiled.map_err(|error| Error::InvalidDefinition(error.to_string()))?;
    let number = program
        .find(name)
        .ok_or_else(|| refused("State not found in definition"))?;
    Ok((Arc::new(program), number))
}

/// A definition of one state, with a machine around it in which each state it leads to only ends.
fn lone(definition: &str) -> Result<(Arc<Program>, StateId), Error> {
    let (state, found) = sfn_asl::check_state_text(definition);
    let faults: Vec<String> = found
        .iter()
        .filter(|one| one.severity == sfn_asl::Severity::Error)
        .filter_map(sfn_asl::Diagnostic::aws_message)
        .collect();
    if !faults.is_empty() {
        return Err(Error::InvalidDefinition(faults.join(", ")));
    }
    let broken = || Error::InvalidDefinition("Definition must be a valid JSON object".to_owned());
    let state = state.ok_or_else(broken)?;
    let written: Value = serde_json::from_str(definition).map_err(|_| broken())?;
    let mut targets = Vec::new();
    targets.extend(state.transition().and_then(|transition| transition.next()));
    targets.extend(state.catch().iter().map(|catcher| catcher.next.as_str()));
    if let sfn_asl::Kind::Choice(choice) = &state.kind {
        targets.extend(choice.choices.iter().map(|rule| rule.next.as_str()));
        targets.extend(choice.default.as_deref());
    }
    let mut states = Map::new();
    states.insert(LONE_STATE.to_owned(), written);
    for target in targets {
        states
            .entry(target)
            .or_insert_with(|| json!({ "Type": "Succeed" }));
    }
    let machine = json!({ "StartAt": LONE_STATE, "States": states }).to_string();
    let compiled = Program::compile(machine, ExecutionType::Standard);
    let program = compiled.map_err(|error| Error::InvalidDefinition(error.to_string()))?;
    let number = program.find(LONE_STATE).expect("it was just put in");
    Ok((Arc::new(program), number))
}

/// Whether a state's task is ended by a token, or by a job that has one.
fn takes_token(def: &StateDef) -> bool {
    match &def.kind {
        KindDef::Task(task) => task.resource.pattern != Pattern::RequestResponse,
        _ => false,
    }
}

/// Refuses what cannot be mocked, and what cannot be run without a mock.
fn check_mock(def: &StateDef, request: &TestState) -> Result<(), Error> {
    let kind = def.state_type;
    let Some(mock) = &request.mock else {
        if request.map_iteration_failure_count.is_some() {
            return Err(refused(
                "TestState does not support MapIterationFailureCount when a mock is not specified.",
            ));
        }
        return match &def.kind {
            KindDef::Map(_) | KindDef::Parallel(_) => Err(Error::UntestableState(
                "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, \
                 Pass, Succeed, Fail, Choice]"
                    .to_owned(),
            )),
            KindDef::Task(task) if task.resource.kind == ResourceKind::Activity || takes_token(def) => {
                Err(Error::UntestableState(format!(
                    "TestState API does not support the resource '{}' when a mock is not specified.",
                    task.resource.arn
                )))
            }
            KindDef::Task(_) if request.role_arn.is_none() => {
                Err(refused("RoleArn must be specified when testing a Task state"))
            }
            _ => Ok(()),
        };
    };
    if request.reveal_secrets {
        return Err(refused(
            "TestState does not support RevealSecrets when a mock is specified.",
        ));
    }
    if mock.result.is_some() && mock.error.is_some() {
        return Err(refused(
            "A test mock should have only one of the following fields: [result, errorOutput].",
        ));
    }
    if !matches!(kind, StateType::Task | StateType::Map | StateType::Parallel) {
        return Err(refused(format!(
            "State type '{}' is not supported when a mock is specified",
            kind.as_str()
        )));
    }
    let Some(text) = &mock.result else {
        return Ok(());
    };
    let Ok(result) = serde_json::from_str::<Value>(text) else {
        return Err(refused("Mocked result must be valid JSON"));
    };
    match &def.kind {
        KindDef::Map(map) => {
            let written = map
                .distributed
                .as_ref()
                .is_some_and(|map| map.writer.is_some());
            match (written, &result) {
                (true, Value::Object(_)) | (false, Value::Array(_)) => Ok(()),
                (true, _) => Err(refused("Mocked result must be a JSON object.")),
                (false, _) => Err(refused("Mocked result must be an array.")),
            }
        }
        KindDef::Parallel(parallel) => match &result {
            Value::Array(results) if results.len() == parallel.branches.len() => Ok(()),
            Value::Array(_) => Err(refused(
                "Mocked result must contain the same number of items as number of Parallel branches.",
            )),
            _ => Err(refused("Mocked result must be an array.")),
        },
        KindDef::Task(task) => crate::shapes::check(&task.resource, &result, mock.validation)
            .map_err(|wrong| refused(format!("Mock result schema validation error: {wrong}"))),
        _ => Ok(()),
    }
}

fn answer(mock: &StateMock) -> Answer {
    match (&mock.result, &mock.error) {
        (_, Some((error, cause))) => Answer::Failure {
            error: error.clone(),
            cause: cause.clone(),
        },
        (Some(result), None) => Answer::Success(result.clone()),
        (None, None) => Answer::Success("{}".to_owned()),
    }
}

fn variables(text: Option<&str>) -> Result<Vec<(Arc<str>, Json)>, Error> {
    let Some(text) = text else {
        return Ok(Vec::new());
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => {
            let members = members.into_iter();
            Ok(members
                .map(|(name, value)| (name.into(), Json::new(value)))
                .collect())
        }
        _ => Err(refused("Variables must be a valid JSON object")),
    }
}

/// Refuses what no item reader could have read where there is none to say what it reads.
fn reader_data(def: &StateDef, text: Option<String>) -> Result<Option<String>, Error> {
    let has_reader = match &def.kind {
        KindDef::Map(map) => {
            let distributed = map.distributed.as_ref();
            distributed.is_some_and(|distributed| distributed.reader.is_some())
        }
        _ => false,
    };
    match &text {
        Some(text) if !has_reader && serde_json::from_str::<Value>(text).is_err() => {
            Err(refused("MapItemReaderData must be valid JSON"))
        }
        _ => Ok(text),
    }
}

/// Refuses an error of a state that there is not.
fn check_origin(program: &Program, tested: StateId, request: &TestState) -> Result<(), Error> {
    let Some(name) = &request.error_caused_by_state else {
        return Ok(());
    };
    match program.find(name) {
        Some(found) if found != tested => Ok(()),
        _ => Err(refused(format!(
            "The state '{name}' specified in errorCausedByState was not found within the tested state"
        ))),
    }
}

/// The execution the state seems to be in: express, of a machine nobody made.
fn about(shared: &Arc<Shared>, request: &TestState, input: Json) -> About {
    let (machine, name) = (shared.ids.uuid(), shared.ids.uuid());
    About {
        number: 0,
        arn: shared
            .place
            .arn(format_args!("express:{machine}:{name}"))
            .into(),
        name: name.into(),
        machine_arn: shared
            .place
            .arn(format_args!("stateMachine:{machine}"))
            .into(),
        machine_name: machine.into(),
        role_arn: request.role_arn.as_deref().unwrap_or_default().into(),
        region: shared.place.region.clone(),
        input,
        started: shared.clock.now(),
        express: true,
        start_at: None,
        item: None,
        seed: shared.ids.seed(),
    }
}
