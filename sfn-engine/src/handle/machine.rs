//! State machines.

use std::sync::Arc;

use sfn_asl::ExecutionType;

use crate::api::{
    CreateStateMachine, CreatedStateMachine, DescribedStateMachine, LogLevel, LoggingConfiguration,
    MachineListItem, MachineType, Page, Paged, UpdateStateMachine, UpdatedStateMachine,
};
use crate::driver::{Entry, Machine, Revision, Shared, machine_arn};
use crate::execution::Signal;
use crate::history::Problem;
use crate::names::{check_name, check_unlabelled, parse_arn};
use crate::{Error, Program, Timestamp};

fn compile(definition: &str, machine_type: MachineType) -> Result<Program, Error> {
    let machine_type = match machine_type {
        MachineType::Standard => ExecutionType::Standard,
        MachineType::Express => ExecutionType::Express,
    };
    Program::compile(definition, machine_type)
        .map_err(|error| Error::InvalidDefinition(error.to_string()))
}

/// Refuses a log without exactly one place to go to, and one whose ARN does not mean what is in the group.
fn check_logging(logging: &LoggingConfiguration) -> Result<(), Error> {
    if logging
        .log_group_arns
        .iter()
        .any(|arn| !arn.ends_with(":*"))
    {
        return Err(Error::InvalidLoggingConfiguration(
            "Log Group ARN must be provided with '*' qualifier.".to_owned(),
        ));
    }
    let one = logging.log_group_arns.len() == 1;
    if one || logging.level == LogLevel::Off && logging.log_group_arns.is_empty() {
        return Ok(());
    }
    Err(Error::InvalidLoggingConfiguration(
        "Must specify exactly one Log Destination.".to_owned(),
    ))
}

/// As many state machines an account may have.
const MOST_MACHINES: usize = 100_000;

/// Publishes the current revision, if that was asked for; answers the version's ARN.
fn published(
    machine: &mut Machine,
    asked: bool,
    description: Option<String>,
    now: Timestamp,
) -> Result<Option<String>, Error> {
    if !asked {
        return Ok(None);
    }
    let number = machine.publish(description, now)?.number;
    Ok(Some(machine.version_arn(number)))
}

pub(super) fn create(
    shared: &Arc<Shared>,
    request: CreateStateMachine,
) -> Result<CreatedStateMachine, Error> {
    check_name(&request.name)?;
    if request.version_description.is_some() && !request.publish {
        return Err(Error::Validation(
            "Version description can only be set when publish is true".to_owned(),
        ));
    }
    check_logging(&request.logging)?;
    super::tag::check(&request.name, &request.tags)?;
    let encryption = super::encryption::complete(request.encryption)?;
    let program = Arc::new(compile(&request.definition, request.machine_type)?);
    let arn = machine_arn(&shared.place, &request.name);
    shared.act(|core, now| {
        if let Some(machine) = core.machines.0.get_mut(&request.name) {
            // The same request again is the same machine; another role or other tags make no difference.
            let revision = &machine.current;
            let same = **revision.program.definition() == *request.definition
                && machine.machine_type == request.machine_type
                && revision.logging == request.logging
                && revision.tracing == request.tracing
                && revision.encryption == encryption;
            if !same {
                return Err(Error::StateMachineAlreadyExists(arn));
            }
            let creation_date = machine.created;
            let state_machine_version_arn =
                published(machine, request.publish, request.version_description, now)?;
            core.note_machine(&request.name);
            return Ok(CreatedStateMachine {
                state_machine_arn: arn,
                creation_date,
                state_machine_version_arn,
            });
        }
        if core.machines.0.len() >= MOST_MACHINES {
            return Err(Error::StateMachineLimitExceeded);
        }
        let revision = Revision {
            serial: shared.ids.seed(),
            id: None,
            program,
            role_arn: request.role_arn.into(),
            logging: request.logging,
            tracing: request.tracing,
            encryption,
            updated: now,
        };
        let mut machine = Machine {
            arn: arn.as_str().into(),
            name: request.name.as_str().into(),
            machine_type: request.machine_type,
            created: now,
            current: Arc::new(revision),
            versions: Vec::new(),
            next_version: 1,
            aliases: Vec::new(),
            tags: request.tags,
            executions: Vec::new(),
        };
        let state_machine_version_arn = published(
            &mut machine,
            request.publish,
            request.version_description,
            now,
        )?;
        core.machines.0.insert(request.name.clone(), machine);
        core.note_machine(&request.name);
        Ok(CreatedStateMachine {
            state_machine_arn: arn,
            creation_date: now,
            state_machine_version_arn,
        })
    })
}

pub(super) fn update(
    shared: &Arc<Shared>,
    request: UpdateStateMachine,
) -> Result<UpdatedStateMachine, Error> {
    let nothing = request.definition.is_none()
        && request.role_arn.is_none()
        && request.logging.is_none()
        && request.tracing.is_none()
        && request.encryption.is_none();
    if nothing {
        return Err(Error::MissingRequiredParameter);
    }
    if request.version_description.is_some() && !request.publish {
        return Err(Error::Validation(
            "Version description can only be set when publish is true".to_owned(),
        ));
    }
    request.logging.as_ref().map_or(Ok(()), check_logging)?;
    let encryption = request
        .encryption
        .map(super::encryption::complete)
        .transpose()?;
    let machine_type = shared.look(|core| {
        core.machines
            .get(&request.state_machine_arn)
            .map(|machine| machine.machine_type)
    })?;
    let compiled = request
        .definition
        .as_deref()
        .map(|text| compile(text, machine_type));
    let program = compiled.transpose()?.map(Arc::new);
    let revision_id = shared.ids.uuid();
    shared.act(|core, now| {
        let machine = core.machines.get_mut(&request.state_machine_arn)?;
        let before = &machine.current;
        let definition = program.as_ref().map(|program| program.definition());
        let differs = definition.is_some_and(|text| text != before.program.definition())
            || request
                .role_arn
                .as_deref()
                .is_some_and(|role| role != &*before.role_arn)
            || request
                .logging
                .as_ref()
                .is_some_and(|logging| *logging != before.logging)
            || request
                .tracing
                .is_some_and(|tracing| tracing != before.tracing)
            || encryption
                .as_ref()
                .is_some_and(|encryption| *encryption != before.encryption);
        // What changes nothing makes no new revision.
        if differs {
            if request.publish {
                machine.has_room()?;
            }
            machine.current = Arc::new(Revision {
                serial: shared.ids.seed(),
                id: Some(revision_id),
                program: program.unwrap_or_else(|| before.program.clone()),
                role_arn: request
                    .role_arn
                    .map_or_else(|| before.role_arn.clone(), Into::into),
                logging: request.logging.unwrap_or_else(|| before.logging.clone()),
                tracing: request.tracing.unwrap_or(before.tracing),
                encryption: encryption.unwrap_or_else(|| before.encryption.clone()),
                updated: now,
            });
        }
        let state_machine_version_arn =
            published(machine, request.publish, request.version_description, now)?;
        let (name, revision_id) = (machine.name.clone(), machine.current.id.clone());
        core.note_machine(&name);
        Ok(UpdatedStateMachine {
            update_date: now,
            revision_id,
            state_machine_version_arn,
        })
    })
}

pub(super) fn describe(shared: &Arc<Shared>, arn: &str) -> Result<DescribedStateMachine, Error> {
    let seed = shared.ids.seed();
    shared.look(|core| core.machines.describe(arn, seed))
}

pub(super) fn delete(shared: &Arc<Shared>, arn: &str) -> Result<(), Error> {
    let parsed = parse_arn(arn, &["stateMachine"])?;
    check_unlabelled(&parsed)?;
    shared.act(|core, now| {
        if core.machines.get(arn).is_err() {
            return;
        }
        let Some(machine) = core.machines.0.remove(parsed.rest) else {
            return;
        };
        core.note_machine(parsed.rest);
        for number in machine.executions {
            let running = |entry: &Entry| !entry.status().is_over();
            if core.executions.get(number).is_some_and(running) {
                core.signal(number, Signal::Stop(Problem::default()), now);
            }
        }
    });
    Ok(())
}

pub(super) fn list(shared: &Arc<Shared>, page: &Page) -> Result<Paged<MachineListItem>, Error> {
    shared.look(|core| page.cut(core.machines.0.values().map(Machine::list_item)))
}
