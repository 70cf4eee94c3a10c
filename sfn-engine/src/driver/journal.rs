//! What happened, as it is written down, and how the engine gets back to where it was.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sfn_asl::ExecutionType;
use tokio::sync::oneshot;

use super::executions::{Entry, Origin, Parent, Start};
use super::machines::{Alias, Machine, Revision, Version};
use super::map_runs::MapRun;
use super::writer::Writer;
use super::{Core, Shared};
use crate::api::{EncryptionConfiguration, LoggingConfiguration, MachineType, RoutingItem};
use crate::execution::{Call, Execution, Signal, Timer};
use crate::program::{Program, StateId};
use crate::store::{Error, Store};
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
    /// The number the next execution gets.
    Next { number: usize },
    /// A revision that no machine has any more, but an execution.
    Revision(Box<RevisionData>),
    /// An execution started.
    Started(Box<StartData>),
    /// An execution as it stands: what was written of it before is not needed any more.
    Entry(Box<EntryData>),
    /// An execution was told something.
    Told {
        number: usize,
        signal: Signal,
        at: Timestamp,
    },
    /// An execution went on after what it was told, and has that many events now. It asked for activities, and these do not
    /// exist.
    Went {
        number: usize,
        at: Timestamp,
        events: usize,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<Arc<str>>,
    },
    /// A redrive, by this token.
    Redriven {
        number: usize,
        token: Option<String>,
        at: Timestamp,
    },
    /// A Map Run as it stands.
    MapRun(Box<MapRun>),
    /// A running Map Run was changed.
    MapRunPlan {
        arn: Arc<str>,
        concurrency: usize,
        percentage: Option<f64>,
        count: Option<u64>,
    },
}

/// What is written by reference, in the shape of the [`Change`] of the same name.
#[derive(Serialize)]
pub(super) enum Standing<'a> {
    Entry(EntryText<'a>),
    MapRun(&'a MapRun),
}

/// An execution as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EntryData {
    pub(super) execution: Execution,
    pub(super) revision: u64,
    pub(super) origin: Origin,
    pub(super) redriven: Option<Timestamp>,
    #[serde(default)]
    pub(super) redrive_tokens: VecDeque<(String, Timestamp)>,
    pub(super) invocations: Vec<(StateId, u32)>,
    pub(super) calls: Vec<Call>,
    pub(super) armed: Vec<(Timer, Timestamp)>,
}

/// An execution as it stands.
#[derive(Serialize)]
pub(super) struct EntryText<'a> {
    execution: &'a Execution,
    revision: u64,
    origin: &'a Origin,
    redriven: Option<Timestamp>,
    redrive_tokens: &'a VecDeque<(String, Timestamp)>,
    invocations: Vec<(StateId, u32)>,
    calls: Vec<&'a Call>,
    armed: Vec<&'a (Timer, Timestamp)>,
}

impl<'a> EntryText<'a> {
    pub(super) fn of(entry: &'a Entry) -> Self {
        let execution = &entry.execution;
        EntryText {
            execution,
            revision: entry.origin.revision.serial,
            origin: &entry.origin,
            redriven: entry.redriven,
            redrive_tokens: &entry.redrive_tokens,
            invocations: entry
                .invocations
                .iter()
                .map(|(state, count)| (*state, *count))
                .collect(),
            calls: entry
                .open_calls
                .values()
                .filter(|call| execution.token_of(call.task).is_some())
                .collect(),
            armed: entry
                .armed
                .iter()
                .filter(|(timer, _)| execution.waits_for(*timer))
                .collect(),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ActivityData {
    pub(super) name: String,
    pub(super) created: Timestamp,
    pub(super) tags: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "EncryptionConfiguration::is_usual")]
    pub(super) encryption: EncryptionConfiguration,
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
pub(super) struct RevisionData {
    serial: u64,
    id: Option<String>,
    definition: Arc<str>,
    role_arn: Arc<str>,
    logging: LoggingConfiguration,
    tracing: bool,
    #[serde(default, skip_serializing_if = "EncryptionConfiguration::is_usual")]
    encryption: EncryptionConfiguration,
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
    pub(super) number: usize,
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
    pub(super) fn started(number: usize, start: &Start, seed: u64, at: Timestamp) -> Change {
        let origin = &start.origin;
        Change::Started(Box::new(StartData {
            number,
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
}

impl StartData {
    /// What it started with, as which number, from which seed, and when.
    pub(super) fn into_start(self, revision: Arc<Revision>) -> (Start, u64, Timestamp) {
        let start = Start {
            arn: self.arn,
            name: self.name,
            machine_arn: self.machine_arn,
            machine_name: self.machine_name,
            input: self.input,
            express: self.express,
            start_at: self.start_at,
            origin: Origin {
                revision,
                version_arn: self.version_arn,
                alias_arn: self.alias_arn,
                trace_header: self.trace_header,
                test_case: self.test_case,
                parent: self.parent,
            },
        };
        (start, self.seed, self.at)
    }

    /// The number of its revision.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// The Map Run it belongs to, and which of its children it is.
    pub(super) fn map_run(&self) -> Option<(Arc<str>, usize)> {
        match &self.parent {
            Some(Parent::MapRun { arn, child, .. }) => Some((arn.clone(), *child)),
            _ => None,
        }
    }
}

impl RevisionData {
    pub(super) fn of(revision: &Revision) -> Self {
        RevisionData {
            serial: revision.serial,
            id: revision.id.clone(),
            definition: revision.program.definition().clone(),
            role_arn: revision.role_arn.clone(),
            logging: revision.logging.clone(),
            tracing: revision.tracing,
            encryption: revision.encryption.clone(),
            updated: revision.updated,
        }
    }
}

/// Something to be written.
pub(super) enum Noted {
    Change(Change),
    /// A change as JSON text.
    Text(String),
}

/// Records as a store takes them.
pub(super) fn records<'a>(noted: impl Iterator<Item = &'a Noted>) -> Result<String, Error> {
    let mut text = Vec::new();
    for noted in noted {
        if !text.is_empty() {
            text.push(b',');
        }
        match noted {
            Noted::Text(change) => text.extend_from_slice(change.as_bytes()),
            Noted::Change(change) => serde_json::to_writer(&mut text, change)
                .map_err(|error| Error::Corrupt(error.to_string()))?,
        }
    }
    String::from_utf8(text).map_err(|error| Error::Corrupt(error.to_string()))
}

/// Changes that are still to be written.
pub(super) struct Journal {
    noted: Vec<Noted>,
    /// Number of the last batch that was given to the writer.
    ticket: u64,
    /// Where archived executions are read.
    pub(super) store: Arc<dyn Store>,
}

impl Journal {
    pub(super) fn new(store: Arc<dyn Store>) -> Self {
        Journal {
            noted: Vec::new(),
            ticket: 0,
            store,
        }
    }

    pub(super) fn note(&mut self, change: Change) {
        self.noted.push(Noted::Change(change));
    }
}

impl Core {
    pub(super) fn note(&mut self, change: impl FnOnce(&Core) -> Change) {
        if self.journal.is_some() {
            let change = change(self);
            self.note_it(Noted::Change(change));
        }
    }

    pub(super) fn note_it(&mut self, noted: Noted) {
        if let Some(journal) = &mut self.journal {
            journal.noted.push(noted);
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
                encryption: activity.encryption.clone(),
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
        if !journal.noted.is_empty() {
            journal.ticket += 1;
            writer.send(std::mem::take(&mut journal.noted), journal.ticket, None);
        }
    }

    /// Begins a new segment with all it needs besides the executions; its number comes when it is there.
    pub(super) fn begin_segment(&mut self, writer: &Writer) -> oneshot::Receiver<u64> {
        self.hand_over(Some(writer));
        let (sender, receiver) = oneshot::channel();
        let number = self.executions.next();
        self.note(|_| Change::Next { number });
        let mut revisions = BTreeMap::new();
        let mut last = None;
        for (_, row) in self.executions.rows() {
            let revision = row.revision();
            // There may be a million executions, and mostly many of one revision follow each other.
            if last != Some(revision.serial) {
                last = Some(revision.serial);
                revisions.insert(revision.serial, revision.clone());
            }
        }
        for revision in revisions.values() {
            self.note(|_| Change::Revision(Box::new(RevisionData::of(revision))));
        }
        let names: Vec<String> = self.machines.0.keys().cloned().collect();
        for name in names {
            self.note_machine(&name);
        }
        let arns: Vec<Arc<str>> = self.activities.0.keys().cloned().collect();
        for arn in arns {
            self.note_activity(&arn);
        }
        if let Some(journal) = &mut self.journal {
            journal.ticket += 1;
            writer.send(
                std::mem::take(&mut journal.noted),
                journal.ticket,
                Some(sender),
            );
        }
        receiver
    }

    /// Number of the last batch that was given to the writer.
    pub(super) fn ticket(&self) -> u64 {
        self.journal.as_ref().map_or(0, |journal| journal.ticket)
    }

    /// Ends when all that has happened so far, the present step included, is written; `None` when nothing is.
    pub(super) fn written(
        &self,
        shared: &Shared,
    ) -> Option<impl Future<Output = Result<(), Error>> + Send + use<>> {
        let journal = self.journal.as_ref()?;
        // The present step is handed over when it is through, under the next number; if there is anything to it.
        let present = u64::from(!journal.noted.is_empty());
        let writer = shared.writer.as_ref()?;
        Some(writer.written(journal.ticket + present))
    }
}

pub(super) fn revision(
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
        encryption: data.encryption,
        updated: data.updated,
    });
    revisions.insert(data.serial, revision.clone());
    Ok(revision)
}

pub(super) fn machine(
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
