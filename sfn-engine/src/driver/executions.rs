//! Executions as the engine keeps them.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::journal::Change;
use super::machines::Revision;
use super::{Core, Shared};
use crate::api::{
    DescribedExecution, DescribedStateMachine, DescribedStateMachineForExecution,
    ExecutionListItem, MachineStatus, MachineType, RedriveStatus,
};
use crate::execution::{About, Call, Effect, Execution, MAX_EVENTS, Signal, Timer};
use crate::handle::Progress;
use crate::history::{HistoryEvent, Teller};
use crate::names::check_name;
use crate::program::StateId;
use crate::token::TaskId;
use crate::{Error, ExecutionStatus, Json, Timestamp};

/// An execution with all that the core need not know about it.
pub(crate) struct Entry {
    pub(crate) execution: Execution,
    pub(crate) origin: Origin,
    progress: Option<watch::Sender<Progress>>,
    /// When it was last redriven.
    pub(crate) redriven: Option<Timestamp>,
    /// The tokens of its last redrives, oldest first.
    pub(crate) redrive_tokens: VecDeque<(String, Timestamp)>,
    /// Whether it stands in the queue of those that were told something.
    pub(super) is_told: bool,
    /// How often each state called a service, for mocks that answer one call after the other.
    pub(super) invocations: HashMap<StateId, u32>,
    /// Calls to the outside that are under way.
    pub(super) calls: HashMap<TaskId, AbortHandle>,
    /// Tasks that nobody will report on: only the clock ends them, or the end of another execution.
    pub(super) silent: HashSet<TaskId>,
    /// Executions that tasks started and wait for.
    pub(super) nested: HashMap<TaskId, usize>,
    /// With a journal: calls whose answer is not there yet, to be made again after a crash.
    pub(super) open_calls: HashMap<TaskId, Call>,
    /// With a journal: timers that may still be waited for.
    pub(super) armed: Vec<(Timer, Timestamp)>,
}

/// Where an execution comes from.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Origin {
    /// What its machine was when it started.
    #[serde(skip, default = "Revision::unknown")]
    pub(crate) revision: Arc<Revision>,
    pub(crate) version_arn: Option<Arc<str>>,
    pub(crate) alias_arn: Option<Arc<str>>,
    pub(crate) trace_header: Option<String>,
    /// The mocks it was started with.
    pub(crate) test_case: Option<Arc<str>>,
    pub(crate) parent: Option<Parent>,
}

/// Who is told when an execution ends.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) enum Parent {
    /// A Task that started it and waits: `parsed` for `.sync:2`.
    Task {
        number: usize,
        task: TaskId,
        parsed: bool,
    },
    /// A Map Run it is a child of.
    MapRun {
        arn: Arc<str>,
        child: usize,
        items: u64,
    },
}

impl Entry {
    pub(super) fn new(execution: Execution, origin: Origin) -> Self {
        Entry {
            execution,
            origin,
            progress: None,
            redriven: None,
            redrive_tokens: VecDeque::new(),
            is_told: false,
            invocations: HashMap::new(),
            calls: HashMap::new(),
            silent: HashSet::new(),
            nested: HashMap::new(),
            open_calls: HashMap::new(),
            armed: Vec::new(),
        }
    }

    /// Whether it is the child of a Map Run.
    pub(crate) fn is_child(&self) -> bool {
        matches!(self.origin.parent, Some(Parent::MapRun { .. }))
    }

    /// Keeps account of what it is told.
    pub(super) fn hears(&mut self, signal: &Signal) {
        match signal {
            Signal::TaskSubmitted { task, .. }
            | Signal::TaskSucceeded { task, .. }
            | Signal::TaskFailed { task, .. }
            | Signal::TaskRefused { task, .. }
            | Signal::TaskTimedOut { task } => {
                self.open_calls.remove(task);
            }
            _ => {}
        }
    }

    /// Keeps account of what it waits for.
    pub(super) fn wants(&mut self, effects: &[Effect]) {
        /// So many timers are worth a look for those nobody waits for any more.
        const MANY: usize = 16;
        for effect in effects {
            match effect {
                Effect::Call(call) => {
                    self.open_calls.insert(call.task, Call::clone(call));
                }
                Effect::Cancel(task) => {
                    self.open_calls.remove(task);
                }
                Effect::Arm(timer, at) => {
                    if self.armed.len() >= MANY && self.armed.len().is_power_of_two() {
                        let execution = &self.execution;
                        self.armed.retain(|(timer, _)| execution.waits_for(*timer));
                    }
                    self.armed.push((*timer, *at));
                }
                Effect::Ended => {
                    self.open_calls = HashMap::new();
                    self.armed = Vec::new();
                }
                _ => {}
            }
        }
    }

    pub(crate) fn status(&self) -> ExecutionStatus {
        self.execution.status()
    }

    /// Remembers a redrive.
    pub(super) fn was_redriven(&mut self, token: Option<String>, at: Timestamp) {
        /// As on AWS.
        const TOKENS: usize = 10;
        self.redriven = Some(at);
        if let Some(token) = token {
            self.redrive_tokens.retain(|(known, _)| *known != token);
            self.redrive_tokens.push_back((token, at));
            if self.redrive_tokens.len() > TOKENS {
                self.redrive_tokens.pop_front();
            }
        }
    }

    /// Why it cannot be redriven, in AWS's words.
    pub(crate) fn not_redrivable(&self, now: Timestamp) -> Option<&'static str> {
        /// How long an execution may be open.
        const OPEN: Duration = Duration::from_secs(365 * 24 * 60 * 60);
        /// How long after its end it can be redriven.
        const REDRIVABLE: Duration = Duration::from_secs(14 * 24 * 60 * 60);
        let Some(outcome) = &self.execution.outcome else {
            return Some("Execution is RUNNING and cannot be redriven");
        };
        if outcome.status == ExecutionStatus::Succeeded {
            Some("Execution is SUCCEEDED and cannot be redriven")
        } else if self.execution.history.len() + 1 >= MAX_EVENTS {
            Some("Execution history event limit exceeded")
        } else if now.since(self.about().started) > OPEN {
            Some("Execution has exceeded the max execution time")
        } else if now.since(outcome.at) > REDRIVABLE {
            Some("Execution redrivable period exceeded")
        } else {
            None
        }
    }

    pub(crate) fn about(&self) -> &About {
        &self.execution.about
    }

    /// How far it has come, and every further step.
    pub(crate) fn subscribe(&mut self) -> watch::Receiver<Progress> {
        let now = self.progress();
        self.progress
            .get_or_insert_with(|| watch::Sender::new(now))
            .subscribe()
    }

    fn progress(&self) -> Progress {
        Progress {
            events: self.execution.history.len() as u64,
            status: self.status(),
        }
    }

    pub(super) fn publish(&self) {
        if let Some(sender) = &self.progress {
            sender.send_if_modified(|seen| {
                let now = self.progress();
                let moved = *seen != now;
                *seen = now;
                moved
            });
        }
    }

    pub(crate) fn describe(&self, now: Timestamp) -> DescribedExecution {
        let about = self.about();
        let outcome = self.execution.outcome.as_ref();
        let failure = outcome.and_then(|outcome| outcome.failure.as_ref());
        let status = self.status();
        let map_run_arn = match &self.origin.parent {
            Some(Parent::MapRun { arn, .. }) => Some(arn.to_string()),
            _ => None,
        };
        let (redrive_status, redrive_status_reason) = match self.not_redrivable(now) {
            Some(why) => (RedriveStatus::NotRedrivable, Some(why.to_owned())),
            None if map_run_arn.is_some() => (RedriveStatus::RedrivableByMapRun, None),
            None => (RedriveStatus::Redrivable, None),
        };
        DescribedExecution {
            execution_arn: about.arn.to_string(),
            state_machine_arn: about.machine_arn.to_string(),
            name: about.name.to_string(),
            status,
            start_date: about.started,
            stop_date: outcome.map(|outcome| outcome.at),
            input: about.input.text().clone(),
            output: outcome
                .and_then(|outcome| outcome.output.as_ref())
                .map(|output| output.text().clone()),
            error: failure.and_then(|failure| failure.error.clone()),
            cause: failure.and_then(|failure| failure.cause.clone()),
            trace_header: self.origin.trace_header.clone(),
            map_run_arn,
            state_machine_version_arn: self.origin.version_arn.as_ref().map(ToString::to_string),
            state_machine_alias_arn: self.origin.alias_arn.as_ref().map(ToString::to_string),
            redrive_count: self.execution.redrive_count,
            redrive_date: self.redriven,
            redrive_status,
            redrive_status_reason,
        }
    }

    /// What its state machine was when it started.
    pub(crate) fn describe_machine(&self) -> DescribedStateMachineForExecution {
        let about = self.about();
        let revision = &self.origin.revision;
        let (map_run_arn, label) = match &self.origin.parent {
            Some(Parent::MapRun { arn, .. }) => {
                let label = about
                    .machine_name
                    .split_once('/')
                    .map(|(_, label)| label.to_owned());
                (Some(arn.to_string()), label)
            }
            _ => (None, None),
        };
        // A child of a distributed Map runs its processor, and knows of nothing else.
        let processor = about
            .start_at
            .and_then(|start| revision.program.processor_at(start));
        let definition = match processor {
            Some(processor) => processor.definition.into(),
            None => revision.program.definition().clone(),
        };
        let machine_type = if about.express {
            MachineType::Express
        } else {
            MachineType::Standard
        };
        DescribedStateMachineForExecution {
            machine: DescribedStateMachine {
                state_machine_arn: about.machine_arn.to_string(),
                name: about.machine_name.to_string(),
                status: MachineStatus::Active,
                definition,
                role_arn: revision.role_arn.to_string(),
                machine_type,
                creation_date: revision.updated,
                logging: revision.logging.clone(),
                tracing: revision.tracing,
                encryption: revision.encryption.clone(),
                revision_id: revision.id.clone(),
                description: None,
                label,
                variable_references: revision.program.variable_references(),
            },
            update_date: revision.updated,
            map_run_arn,
        }
    }

    pub(crate) fn list_item(&self) -> ExecutionListItem {
        let about = self.about();
        let (map_run_arn, item_count) = match &self.origin.parent {
            Some(Parent::MapRun { arn, items, .. }) => (Some(arn.to_string()), Some(*items)),
            _ => (None, None),
        };
        ExecutionListItem {
            execution_arn: about.arn.to_string(),
            state_machine_arn: about.machine_arn.to_string(),
            name: about.name.to_string(),
            status: self.status(),
            start_date: about.started,
            stop_date: self.execution.outcome.as_ref().map(|outcome| outcome.at),
            map_run_arn,
            item_count,
            state_machine_version_arn: self.origin.version_arn.as_ref().map(ToString::to_string),
            state_machine_alias_arn: self.origin.alias_arn.as_ref().map(ToString::to_string),
            redrive_count: self.execution.redrive_count,
            redrive_date: self.redriven,
        }
    }

    /// Events number `from + 1` to `to`, in this order.
    pub(crate) fn events(&self, from: usize, to: usize, with_data: bool) -> Vec<HistoryEvent> {
        let history = &self.execution.history;
        let to = to.min(history.len());
        let from = from.min(to);
        let about = self.about();
        let teller = Teller {
            program: &self.execution.program,
            input: &about.input,
            role_arn: &about.role_arn,
            region: &about.region,
            alias_arn: self.origin.alias_arn.as_ref(),
            version_arn: self.origin.version_arn.as_ref(),
            with_data,
        };
        (from + 1..)
            .zip(&history[from..to])
            .map(|(id, event)| teller.tell(id, event))
            .collect()
    }
}

/// What a new execution is to be.
pub(crate) struct Start {
    pub(crate) arn: String,
    pub(crate) name: Arc<str>,
    pub(crate) machine_arn: Arc<str>,
    pub(crate) machine_name: Arc<str>,
    pub(crate) input: Json,
    pub(crate) express: bool,
    /// Where a child of a distributed Map starts.
    pub(crate) start_at: Option<StateId>,
    pub(crate) origin: Origin,
}

/// An execution that was started, or was running already.
pub(crate) struct Started {
    pub(crate) number: usize,
}

impl Core {
    /// Starts an execution; answers its number.
    pub(crate) fn start(&mut self, shared: &Shared, start: Start, now: Timestamp) -> usize {
        let seed = shared.ids.seed();
        let number = self.executions.next();
        self.note(|_| Change::started(number, &start, seed, now));
        let number = self.add(shared, start, seed, now);
        self.signal(number, Signal::Started, now);
        number
    }

    /// Adds an execution that is still to be told that it starts.
    pub(super) fn add(
        &mut self,
        shared: &Shared,
        start: Start,
        seed: u64,
        now: Timestamp,
    ) -> usize {
        let number = self.executions.next();
        let arn: Arc<str> = start.arn.into();
        let about = About {
            number: number as u64,
            arn: arn.clone(),
            name: start.name,
            machine_arn: start.machine_arn,
            machine_name: start.machine_name,
            role_arn: start.origin.revision.role_arn.clone(),
            region: shared.place.region.clone(),
            input: start.input,
            started: now,
            express: start.express,
            start_at: start.start_at,
            item: None,
            seed,
        };
        let execution = Execution::new(start.origin.revision.program.clone(), Arc::new(about));
        self.executions.push(Entry::new(execution, start.origin));
        self.by_arn.insert(arn, number);
        number
    }

    /// An execution has ended: nothing of it is going on any more.
    pub(super) fn has_ended(&mut self, number: usize) {
        let entry = &mut self.executions[number];
        for (_, call) in entry.calls.drain() {
            call.abort();
        }
        // A redrive goes on to call.
        if entry.status() == ExecutionStatus::Succeeded {
            entry.invocations = HashMap::new();
        }
        entry.publish();
        // Nobody is told anything further: receivers notice that they have the last word.
        entry.progress = None;
        if let Some(Parent::MapRun { arn, child, .. }) = entry.origin.parent.clone() {
            self.count_child(&arn, child, number);
        }
    }

    /// An execution has ended: whoever waits for it is told.
    pub(super) fn ended(&mut self, number: usize, now: Timestamp) {
        self.has_ended(number);
        if self.journal.is_none() {
            self.over.push_back((number, now));
        }
        match self.executions[number].origin.parent.clone() {
            None => {}
            Some(Parent::Task {
                number: parent,
                task,
                parsed,
            }) => {
                if let Some(entry) = self.executions.get_mut(parent) {
                    entry.nested.remove(&task);
                }
                let signal = self.nested_result(number, task, parsed, now);
                self.end_task(parent, signal, task, now);
            }
            Some(Parent::MapRun { arn, .. }) => self.child_ended(&arn, now),
        }
    }

    /// Has an execution in memory, from the archive if need be.
    ///
    /// # Errors
    /// When it is in the archive and cannot be read from there.
    pub(crate) fn live(&mut self, number: usize) -> Result<(), Error> {
        if self.executions.get(number).is_none() {
            let entry = self.read(number)?;
            self.by_arn.insert(entry.about().arn.clone(), number);
            self.executions.put_live(number, entry);
            self.note_entry(number);
        }
        Ok(())
    }

    /// Runs an execution in memory again from where it did not get on.
    pub(crate) fn redrive(&mut self, number: usize, token: Option<String>, now: Timestamp) {
        self.executions[number].was_redriven(token.clone(), now);
        self.note(|_| Change::Redriven {
            number,
            token,
            at: now,
        });
        self.signal(number, Signal::Redrive, now);
    }

    /// Starts an execution of whatever the ARN means, unless the same one is running already.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one field of the request"
    )]
    pub(crate) fn start_by_arn(
        &mut self,
        shared: &Shared,
        arn: &str,
        name: Option<&str>,
        input: Json,
        trace_header: Option<String>,
        parent: Option<Parent>,
        now: Timestamp,
    ) -> Result<Started, Error> {
        let (arn, test_case) = match arn.split_once('#') {
            None => (arn, None),
            Some((arn, test_case)) => (arn, Some(test_case)),
        };
        let generated;
        let name = match name {
            Some(name) => {
                check_name(name)?;
                name
            }
            None => {
                generated = shared.ids.uuid();
                &generated
            }
        };
        let target = self.machines.target(arn, shared.ids.seed())?;
        let machine = target.machine;
        let express = machine.machine_type == MachineType::Express;
        let machine_name = &machine.name;
        let arn = if express {
            let uuid = shared.ids.uuid();
            shared
                .place
                .arn(format_args!("express:{machine_name}:{name}:{uuid}"))
        } else {
            shared
                .place
                .arn(format_args!("execution:{machine_name}:{name}"))
        };
        if let Some((number, entry)) = self.live_by_arn(&arn) {
            let is_running = entry.status() == ExecutionStatus::Running;
            if is_running && entry.about().input == input {
                return Ok(Started { number });
            }
            return Err(Error::ExecutionAlreadyExists(arn));
        }
        if self.archived_by_arn(&arn)?.is_some() {
            return Err(Error::ExecutionAlreadyExists(arn));
        }
        let origin = Origin {
            revision: target.revision.clone(),
            version_arn: target
                .version
                .map(|version| machine.version_arn(version.number).into()),
            alias_arn: target
                .alias
                .map(|alias| machine.alias_arn(&alias.name).into()),
            trace_header,
            test_case: test_case.map(Into::into),
            parent,
        };
        let start = Start {
            arn,
            name: name.into(),
            machine_arn: machine.arn.clone(),
            machine_name: machine.name.clone(),
            input,
            express,
            start_at: None,
            origin,
        };
        let key = machine.name.clone();
        let number = self.start(shared, start, now);
        if let Some(machine) = self.machines.0.get_mut(&*key) {
            machine.executions.push(number);
        }
        Ok(Started { number })
    }
}
