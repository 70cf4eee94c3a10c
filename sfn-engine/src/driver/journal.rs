//! What happened, as it is written down, and how the engine gets back to where it was.

use std::collections::HashMap;
use std::sync::{Arc, mpsc};

use serde::{Deserialize, Serialize};
use sfn_asl::ExecutionType;
use tokio::sync::watch;

use super::activities::Activity;
use super::executions::{Origin, Parent, Start};
use super::machines::{Alias, Machine, Revision, Version};
use super::{Core, Shared};
use crate::api::{LoggingConfiguration, MachineType, RoutingItem};
use crate::execution::{Call, Effect, Signal};
use crate::program::{Program, StateId};
use crate::store::{Error, Record, Store};
use crate::token::TaskId;
use crate::{Json, Timestamp};

/// One thing that happened. An old engine refuses what it does not know; a new one reads all that were ever written.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Change {
    /// An activity is like this now, or is gone.
    Activity {
        arn: Arc<str>,
        activity: Option<ActivityData>,
    },
    /// A state machine is like this now, or is gone.
    Machine {
        name: String,
        machine: Option<Box<MachineData>>,
    },
    /// The execution of the next number started.
    Started(Box<StartData>),
    /// An execution was told something.
    Told {
        number: usize,
        signal: Signal,
        at: Timestamp,
    },
    /// An execution went on after what it was told.
    Went { number: usize, at: Timestamp },
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ActivityData {
    name: String,
    created: Timestamp,
    tags: Vec<(String, String)>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MachineData {
    arn: Arc<str>,
    machine_type: MachineType,
    created: Timestamp,
    current: RevisionData,
    versions: Vec<VersionData>,
    next_version: u32,
    aliases: Vec<AliasData>,
    tags: Vec<(String, String)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct RevisionData {
    serial: u64,
    id: Option<String>,
    definition: Arc<str>,
    role_arn: Arc<str>,
    logging: LoggingConfiguration,
    tracing: bool,
    updated: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
struct VersionData {
    number: u32,
    revision: RevisionData,
    description: Option<String>,
    created: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
struct AliasData {
    name: String,
    description: Option<String>,
    routing: Vec<RoutingItem>,
    created: Timestamp,
    updated: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StartData {
    arn: String,
    name: Arc<str>,
    machine_arn: Arc<str>,
    machine_name: Arc<str>,
    input: Json,
    express: bool,
    start_at: Option<StateId>,
    seed: u64,
    revision: u64,
    version_arn: Option<Arc<str>>,
    alias_arn: Option<Arc<str>>,
    trace_header: Option<String>,
    test_case: Option<Arc<str>>,
    parent: Option<Parent>,
    at: Timestamp,
}

impl Change {
    pub(super) fn started(start: &Start, seed: u64, at: Timestamp) -> Change {
        let origin = &start.origin;
        Change::Started(Box::new(StartData {
            arn: start.arn.clone(),
            name: start.name.clone(),
            machine_arn: start.machine_arn.clone(),
            machine_name: start.machine_name.clone(),
            input: start.input.clone(),
            express: start.express,
            start_at: start.start_at,
            seed,
            revision: origin.revision.serial,
            version_arn: origin.version_arn.clone(),
            alias_arn: origin.alias_arn.clone(),
            trace_header: origin.trace_header.clone(),
            test_case: origin.test_case.clone(),
            parent: origin.parent.clone(),
            at,
        }))
    }

    fn record(&self) -> Result<Record, Error> {
        let execution = match self {
            Change::Told { number, .. } | Change::Went { number, .. } => Some(*number as u64),
            _ => None,
        };
        let payload =
            serde_json::to_string(self).map_err(|error| Error::Corrupt(error.to_string()))?;
        Ok(Record { execution, payload })
    }
}

impl RevisionData {
    fn of(revision: &Revision) -> Self {
        RevisionData {
            serial: revision.serial,
            id: revision.id.clone(),
            definition: revision.program.definition().clone(),
            role_arn: revision.role_arn.clone(),
            logging: revision.logging.clone(),
            tracing: revision.tracing,
            updated: revision.updated,
        }
    }
}

/// What is given to the thread that writes, and how far it has come.
pub(super) struct Writer {
    sender: mpsc::Sender<(Vec<Change>, u64)>,
    written: watch::Receiver<Written>,
}

#[derive(Clone, Default)]
struct Written {
    ticket: u64,
    failed: Option<Arc<Error>>,
}

impl Writer {
    /// Starts the thread that writes. It ends when all is written and the engine is gone.
    pub(super) fn start(store: Arc<dyn Store>) -> std::io::Result<Writer> {
        let (sender, receiver) = mpsc::channel::<(Vec<Change>, u64)>();
        let (progress, written) = watch::channel(Written::default());
        std::thread::Builder::new()
            .name("sfn-store".to_owned())
            .spawn(move || {
                while let Ok((mut changes, mut ticket)) = receiver.recv() {
                    // What piled up in the meantime goes along.
                    while let Ok((more, later)) = receiver.try_recv() {
                        changes.extend(more);
                        ticket = later;
                    }
                    let records: Result<Vec<Record>, Error> =
                        changes.iter().map(Change::record).collect();
                    let failed = records
                        .and_then(|records| store.append(&records))
                        .err()
                        .map(Arc::new);
                    let ended = failed.is_some();
                    progress.send_replace(Written { ticket, failed });
                    if ended {
                        // What comes after a record that is not there must not be there either.
                        return;
                    }
                }
            })?;
        Ok(Writer { sender, written })
    }

    /// Ends when all up to `ticket` is written.
    pub(super) fn written(
        &self,
        ticket: u64,
    ) -> impl Future<Output = Result<(), Arc<Error>>> + Send + use<> {
        let mut written = self.written.clone();
        async move {
            let reached = written
                .wait_for(|written| written.ticket >= ticket || written.failed.is_some())
                .await;
            match reached.map(|written| written.failed.clone()) {
                Ok(None) => Ok(()),
                Ok(Some(failed)) => Err(failed),
                Err(_) => Err(Arc::new(Error::Io(std::io::Error::other(
                    "the store has stopped",
                )))),
            }
        }
    }

    fn send(&self, changes: Vec<Change>, ticket: u64) {
        // A writer that has stopped has told so; whoever waits for this ticket is told, too.
        let _ = self.sender.send((changes, ticket));
    }
}

/// Changes that are still to be written.
#[derive(Default)]
pub(super) struct Journal {
    changes: Vec<Change>,
    /// Number of the last batch that was given to the writer.
    ticket: u64,
}

impl Core {
    pub(super) fn note(&mut self, change: impl FnOnce(&Core) -> Change) {
        if self.journal.is_some() && !self.replaying {
            let change = change(self);
            if let Some(journal) = &mut self.journal {
                journal.changes.push(change);
            }
        }
    }

    /// An activity was made, changed or deleted.
    pub(crate) fn note_activity(&mut self, arn: &str) {
        self.note(|core| Change::Activity {
            arn: arn.into(),
            activity: core.activities.0.get(arn).map(|activity| ActivityData {
                name: activity.name.clone(),
                created: activity.created,
                tags: activity.tags.clone(),
            }),
        });
    }

    /// A state machine was made, changed or deleted.
    pub(crate) fn note_machine(&mut self, name: &str) {
        self.note(|core| Change::Machine {
            name: name.to_owned(),
            machine: core.machines.0.get(name).map(|machine| {
                Box::new(MachineData {
                    arn: machine.arn.clone(),
                    machine_type: machine.machine_type,
                    created: machine.created,
                    current: RevisionData::of(&machine.current),
                    versions: machine
                        .versions
                        .iter()
                        .map(|version| VersionData {
                            number: version.number,
                            revision: RevisionData::of(&version.revision),
                            description: version.description.clone(),
                            created: version.created,
                        })
                        .collect(),
                    next_version: machine.next_version,
                    aliases: machine
                        .aliases
                        .iter()
                        .map(|alias| AliasData {
                            name: alias.name.clone(),
                            description: alias.description.clone(),
                            routing: alias.routing.clone(),
                            created: alias.created,
                            updated: alias.updated,
                        })
                        .collect(),
                    tags: machine.tags.clone(),
                })
            }),
        });
    }

    /// Gives what changed to the writer.
    pub(super) fn hand_over(&mut self, writer: Option<&Writer>) {
        let (Some(journal), Some(writer)) = (&mut self.journal, writer) else {
            return;
        };
        if !journal.changes.is_empty() {
            journal.ticket += 1;
            writer.send(std::mem::take(&mut journal.changes), journal.ticket);
        }
    }

    /// Number of the last batch that was given to the writer.
    pub(super) fn ticket(&self) -> u64 {
        self.journal.as_ref().map_or(0, |journal| journal.ticket)
    }

    /// Ends when all that has happened so far, the present step included, is written; `None` when nothing is.
    pub(super) fn written(
        &self,
        shared: &Shared,
    ) -> Option<impl Future<Output = Result<(), Arc<Error>>> + Send + use<>> {
        // The present step is handed over when it is through, under the next number.
        shared
            .writer
            .as_ref()
            .map(|writer| writer.written(self.ticket() + 1))
    }

    /// Goes back to where the engine was that wrote these records, and takes up what it had left.
    pub(super) fn restore(
        &mut self,
        shared: &Arc<Shared>,
        records: &[Record],
    ) -> Result<(), Error> {
        self.replaying = true;
        let mut revisions = HashMap::new();
        let mut calls = HashMap::new();
        for record in records {
            let change: Change = serde_json::from_str(&record.payload)
                .map_err(|error| Error::Corrupt(format!("{error} in {}", record.payload)))?;
            self.replay(shared, change, &mut revisions, &mut calls)?;
        }
        self.replaying = false;
        self.journal = Some(Journal::default());
        let now = shared.clock.now();
        // Calls whose answer was not recorded are made again. Whoever is called has to bear that.
        let mut open: Vec<(usize, Call)> = calls
            .into_iter()
            .map(|((number, _), call)| (number, call))
            .collect();
        open.sort_by_key(|(number, call)| (*number, call.task.nonce));
        for (number, call) in open {
            if self.executions[number]
                .execution
                .token_of(call.task)
                .is_some()
            {
                self.busy = self.busy.saturating_sub(1);
                self.outbox
                    .push_back((number, Effect::Call(Box::new(call))));
            }
        }
        self.resume_map_runs(shared, now);
        Ok(())
    }

    fn replay(
        &mut self,
        shared: &Arc<Shared>,
        change: Change,
        revisions: &mut HashMap<u64, Arc<Revision>>,
        calls: &mut HashMap<(usize, TaskId), Call>,
    ) -> Result<(), Error> {
        let unknown =
            |number: usize| Error::Corrupt(format!("there is no execution number {number}"));
        match change {
            Change::Activity {
                arn,
                activity: None,
            } => {
                self.activities.0.remove(&arn);
            }
            Change::Activity {
                arn,
                activity: Some(data),
            } => match self.activities.0.get_mut(&arn) {
                Some(known) => known.tags = data.tags,
                None => {
                    self.activities
                        .0
                        .insert(arn, Activity::new(data.name, data.created, data.tags));
                }
            },
            Change::Machine {
                name,
                machine: None,
            } => {
                self.machines.0.remove(&name);
            }
            Change::Machine {
                name,
                machine: Some(data),
            } => {
                let executions = self.machines.0.remove(&name).map(|known| known.executions);
                let machine = machine(&name, *data, executions.unwrap_or_default(), revisions)?;
                self.machines.0.insert(name, machine);
            }
            Change::Started(data) => self.replay_start(shared, *data, revisions)?,
            Change::Told { number, signal, at } => {
                let entry = self
                    .executions
                    .get_mut(number)
                    .ok_or_else(|| unknown(number))?;
                match &signal {
                    Signal::TaskSubmitted { task, .. } => {
                        calls.remove(&(number, *task));
                    }
                    Signal::TaskSucceeded { task, .. }
                    | Signal::TaskFailed { task, .. }
                    | Signal::TaskRefused { task, .. }
                    | Signal::TaskTimedOut { task } => {
                        calls.remove(&(number, *task));
                        if entry.execution.token_of(*task).is_some() {
                            self.busy = self.busy.saturating_sub(1);
                        }
                    }
                    Signal::Redrive => entry.redriven = Some((None, at)),
                    Signal::MapRunEnded { task, outcome } => {
                        self.map_run_has_ended(number, *task, outcome, at)
                    }
                    _ => {}
                }
                self.signal(number, signal, at);
            }
            Change::Went { number, at } => {
                let entry = self
                    .executions
                    .get_mut(number)
                    .ok_or_else(|| unknown(number))?;
                entry.is_told = false;
                self.told.retain(|told| *told != number);
                for effect in self.go_on(number, at) {
                    match effect {
                        Effect::Arm(timer, at) => self.timers.arm(at, number, timer),
                        Effect::Activity { task, state, input } => {
                            self.busy += 1;
                            self.enqueue(number, task, state, &input);
                        }
                        Effect::Call(call) => {
                            self.busy += 1;
                            calls.insert((number, call.task), *call);
                        }
                        Effect::Cancel(task) => {
                            self.busy = self.busy.saturating_sub(1);
                            calls.remove(&(number, task));
                        }
                        Effect::RunMap { task, plan, .. } => {
                            self.note_map_run(shared, number, task, *plan, at)
                        }
                        Effect::Ended => self.has_ended(number),
                        // What was read, and that it was given up, was recorded.
                        Effect::ReadItems { .. } | Effect::CancelMapRun(_) => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// Knows that an execution belongs to a state machine.
    fn note_execution(&mut self, machine: &str, number: usize) {
        if let Some(machine) = self.machines.0.get_mut(machine) {
            machine.executions.push(number);
        }
    }

    fn replay_start(
        &mut self,
        shared: &Arc<Shared>,
        data: StartData,
        revisions: &HashMap<u64, Arc<Revision>>,
    ) -> Result<(), Error> {
        let revision = revisions.get(&data.revision).cloned().ok_or_else(|| {
            Error::Corrupt(format!(
                "{} started at revision {}, which is unknown",
                data.arn, data.revision
            ))
        })?;
        let start = Start {
            arn: data.arn,
            name: data.name,
            machine_arn: data.machine_arn,
            machine_name: data.machine_name,
            input: data.input,
            express: data.express,
            start_at: data.start_at,
            origin: Origin {
                revision,
                version_arn: data.version_arn,
                alias_arn: data.alias_arn,
                trace_header: data.trace_header,
                test_case: data.test_case,
                parent: data.parent.clone(),
            },
        };
        let machine = start.machine_name.clone();
        let number = self.add(shared, start, data.seed, data.at);
        match data.parent {
            Some(Parent::MapRun { arn, child, items }) => {
                self.note_child(&arn, child, items, number)
            }
            Some(Parent::Task {
                number: parent,
                task,
                ..
            }) => {
                if let Some(entry) = self.executions.get_mut(parent) {
                    entry.nested.insert(task, number);
                }
                self.note_execution(&machine, number);
            }
            None => self.note_execution(&machine, number),
        }
        Ok(())
    }
}

fn revision(
    data: RevisionData,
    machine_type: MachineType,
    revisions: &mut HashMap<u64, Arc<Revision>>,
) -> Result<Arc<Revision>, Error> {
    if let Some(known) = revisions.get(&data.serial) {
        return Ok(known.clone());
    }
    let machine_type = match machine_type {
        MachineType::Standard => ExecutionType::Standard,
        MachineType::Express => ExecutionType::Express,
    };
    let program = Program::compile(data.definition, machine_type)
        .map_err(|error| Error::Corrupt(format!("a recorded definition is refused: {error}")))?;
    let revision = Arc::new(Revision {
        serial: data.serial,
        id: data.id,
        program: Arc::new(program),
        role_arn: data.role_arn,
        logging: data.logging,
        tracing: data.tracing,
        updated: data.updated,
    });
    revisions.insert(data.serial, revision.clone());
    Ok(revision)
}

fn machine(
    name: &str,
    data: MachineData,
    executions: Vec<usize>,
    revisions: &mut HashMap<u64, Arc<Revision>>,
) -> Result<Machine, Error> {
    let versions = data
        .versions
        .into_iter()
        .map(|version| {
            Ok(Version {
                number: version.number,
                revision: revision(version.revision, data.machine_type, revisions)?,
                description: version.description,
                created: version.created,
            })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Machine {
        arn: data.arn,
        name: name.into(),
        machine_type: data.machine_type,
        created: data.created,
        current: revision(data.current, data.machine_type, revisions)?,
        versions,
        next_version: data.next_version,
        aliases: data
            .aliases
            .into_iter()
            .map(|alias| Alias {
                name: alias.name,
                description: alias.description,
                routing: alias.routing,
                created: alias.created,
                updated: alias.updated,
            })
            .collect(),
        tags: data.tags,
        executions,
    })
}
