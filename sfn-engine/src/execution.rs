//! The core: what an execution does next is a function of what it is, what happens, and when.
//!
//! [`advance`] takes one [`Signal`], writes history, and answers with the [`Effect`]s the driver has to bring about. It
//! reads no clock, waits for nothing and calls nobody; randomness comes from a seed the execution was given.
//!
//! An execution is a set of *frames*. The root frame walks the machine's own states; each branch of a Parallel and
//! each iteration of a Map is a frame of its own, child of the frame that stands in that state. Frames that can move
//! wait in a queue and move one state at a time, so that concurrent ones take turns.

mod abort;
mod choice;
mod context;
mod data;
mod distributed;
mod exchange;
mod failure;
mod fault;
mod frame;
mod http;
mod inspect;
mod map;
mod parallel;
mod redrive;
mod simple;
mod task;

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::history::{Assigned, Event, EventKind, Failure, IterationPhase, Problem};
use crate::ids::Random;
use crate::program::{KindDef, Program, StateId};
use crate::token::{TaskId, TaskToken};
use crate::{ExecutionStatus, Json, Timestamp};

pub(crate) use distributed::written;
pub use distributed::{Batch, ItemSource, MapRunOutcome, MapRunPlan};
pub(crate) use exchange::TimerKind;
pub use exchange::{Call, Effect, Signal, Timer};
pub(crate) use fault::size_fault;
use frame::{Children, Frame, Phase};
pub(crate) use inspect::{Stage, Staged, TooManyFailures, usual_context};

/// How many bytes the input or output of a state, task or execution may have.
pub const MAX_PAYLOAD: usize = 262_144;

/// How many bytes the variables of an execution may have together.
pub const MAX_VARIABLES: usize = 10 << 20;

/// How many events a history may have.
pub const MAX_EVENTS: usize = 25_000;

/// What the core asks about the world, besides what it is told. The answer may only depend on what was recorded.
pub trait Surroundings {
    /// Whether there is an activity of this ARN.
    fn activity_exists(&self, arn: &str) -> bool;
}

/// What does not change while an execution runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct About {
    /// Its number in this engine.
    pub number: u64,
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its state machine.
    pub machine_arn: Arc<str>,
    /// Its state machine's name.
    pub machine_name: Arc<str>,
    /// The role it would run as.
    pub role_arn: Arc<str>,
    /// Where it would run.
    pub region: Arc<str>,
    /// Its input.
    pub input: Json,
    /// When it started.
    pub started: Timestamp,
    /// Whether its machine is express.
    pub express: bool,
    /// The state it starts at, when it is not the machine's own: a child of a distributed Map.
    pub start_at: Option<StateId>,
    /// What a child of a distributed Map knows of its item.
    pub item: Option<Item>,
    /// Where its randomness begins.
    pub seed: u64,
}

/// The item an iteration of a Map works on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its place, from 0.
    pub index: u32,
    /// The item itself.
    pub value: Json,
    /// Its key, when the items are the members of an object.
    pub key: Option<Arc<str>>,
    /// Where it comes from.
    pub source: Option<Arc<str>>,
}

/// How an execution ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// How.
    pub status: ExecutionStatus,
    /// When.
    pub at: Timestamp,
    /// Its output, when it succeeded.
    pub output: Option<Json>,
    /// What went wrong, when something did.
    pub failure: Option<Failure>,
}

/// A running (or ended) execution.
#[derive(Debug, Serialize, Deserialize)]
pub struct Execution {
    /// Not written with the rest, but put back by whoever reads it.
    #[serde(skip, default = "Program::unknown")]
    pub(crate) program: Arc<Program>,
    pub(crate) about: Arc<About>,
    pub(crate) history: Vec<Event>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) redrive_count: u32,
    /// When it was last redriven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redriven_at: Option<Timestamp>,
    frames: Vec<Frame>,
    free: Vec<u32>,
    ready: VecDeque<u32>,
    #[serde(skip)]
    effects: Vec<Effect>,
    random: Random,
    now: Timestamp,
    nonce: u32,
    /// Where to go on when the execution is redriven.
    unfinished: Option<Frame>,
    /// How many bytes were assigned to variables since their sum was last counted, that sum included.
    #[serde(default)]
    assigned: usize,
    /// The member `Execution` of the context object, from when an expression first asks for it until the end (it changes
    /// with a redrive, which comes after one). It holds the whole input: a Map that made it for each of its items
    /// would take time by the square of their number.
    #[serde(skip)]
    shown: OnceLock<serde_json::Value>,
    /// Set when a single state is tried out.
    #[serde(skip)]
    trial: Option<Box<inspect::Trial>>,
    /// Set when the history is full: the execution fails as soon as the current step is through.
    overflow: bool,
}

/// Tells `execution` what happened at `now`; answers what has to follow.
///
/// It is [`receive`] and then [`proceed`].
pub fn advance(
    execution: &mut Execution,
    signal: Signal,
    now: Timestamp,
    surroundings: &dyn Surroundings,
) -> Vec<Effect> {
    receive(execution, signal, now);
    proceed(execution, surroundings)
}

/// Tells `execution` what happened at `now`, without anything following yet.
///
/// What happens at one moment is told before anything follows: so AWS does, too. A signal that does not concern the
/// execution any more (a timer of a state that was left, a task that ended) does nothing.
pub fn receive(execution: &mut Execution, signal: Signal, now: Timestamp) {
    // Time does not go back within an execution, whatever the clock does.
    execution.now = execution.now.max(now);
    match signal {
        signal if execution.outcome.is_none() => execution.receive(signal),
        Signal::Redrive => execution.redrive(),
        _ => {}
    }
}

/// Lets `execution` go on until it has to wait; answers what has to be brought about.
pub fn proceed(execution: &mut Execution, surroundings: &dyn Surroundings) -> Vec<Effect> {
    execution.run(surroundings);
    std::mem::take(&mut execution.effects)
}

impl Execution {
    /// An execution that has not begun: tell it [`Signal::Started`].
    pub fn new(program: Arc<Program>, about: Arc<About>) -> Self {
        Execution {
            random: Random::new(about.seed),
            now: about.started,
            program,
            about,
            history: Vec::new(),
            outcome: None,
            redrive_count: 0,
            redriven_at: None,
            frames: Vec::new(),
            free: Vec::new(),
            ready: VecDeque::new(),
            effects: Vec::new(),
            nonce: 0,
            unfinished: None,
            assigned: 0,
            shown: OnceLock::new(),
            trial: None,
            overflow: false,
        }
    }

    /// How it stands.
    pub fn status(&self) -> ExecutionStatus {
        self.outcome
            .as_ref()
            .map_or(ExecutionStatus::Running, |outcome| outcome.status)
    }

    /// Whether a task is still open, and under this secret.
    pub(crate) fn has_task(&self, task: TaskId, secret: u64) -> bool {
        self.outcome.is_none() && self.open_task(task).is_some_and(|run| run.secret == secret)
    }

    /// The token of an open task.
    pub(crate) fn token_of(&self, task: TaskId) -> Option<TaskToken> {
        let run = self.open_task(task)?;
        Some(TaskToken {
            execution: self.about.number,
            task,
            secret: run.secret,
        })
    }

    /// Whether anything would happen if this timer fired.
    pub(crate) fn waits_for(&self, timer: Timer) -> bool {
        if self.outcome.is_some() {
            return false;
        }
        if timer.kind == TimerKind::Execution {
            return timer.nonce == self.redrive_count;
        }
        match (
            self.frames
                .get(timer.frame as usize)
                .map(|slot| &slot.phase),
            timer.kind,
        ) {
            (Some(Phase::Waiting { nonce } | Phase::Retrying { nonce }), TimerKind::Wake) => {
                *nonce == timer.nonce
            }
            (Some(Phase::Task(run)), TimerKind::Timeout | TimerKind::Heartbeat) => {
                run.id.nonce == timer.nonce
            }
            _ => false,
        }
    }

    /// The token of an activity's task that no worker has taken.
    pub(crate) fn untaken(&self, task: TaskId) -> Option<TaskToken> {
        self.open_task(task).filter(|run| !run.started)?;
        self.token_of(task)
    }

    fn receive(&mut self, signal: Signal) {
        match signal {
            Signal::Started => self.start(),
            Signal::ActivityTaken { task, worker } => self.activity_taken(task, worker),
            Signal::ActivityReturned { task } => self.activity_returned(task),
            Signal::TaskStarted { task } => self.task_started(task),
            Signal::TaskRefused {
                task,
                phase,
                problem,
            } => self.task_refused(task, phase, problem),
            Signal::TaskSubmitted { task, output } => self.task_submitted(task, output),
            Signal::TaskSucceeded { task, output } => self.task_succeeded(task, output),
            Signal::TaskFailed { task, problem } => self.task_failed(task, problem),
            Signal::TaskTimedOut { task } => self.task_timed_out(task),
            Signal::Heartbeat { task } => self.heartbeat(task),
            Signal::Timer(timer) => self.timer(timer),
            Signal::Stop(problem) => self.stop(problem),
            // Only an execution that is over can be redriven.
            Signal::Redrive => {}
            Signal::ItemsRead {
                task,
                items,
                source,
            } => self.items_read(task, items, source),
            Signal::MapRunEnded { task, outcome } => self.map_run_ended(task, outcome),
        }
    }

    fn start(&mut self) {
        self.record(0, EventKind::ExecutionStarted);
        self.arm_execution();
        let start = self.about.start_at.unwrap_or(self.program.start);
        let root = self.spawn(None, start, self.about.input.clone(), 0);
        self.frames[root as usize].item = self.about.item.clone().map(Box::new);
    }

    /// Starts the clock of the whole execution.
    fn arm_execution(&mut self) {
        let timeout = self
            .program
            .timeout_seconds
            .filter(|_| self.about.start_at.is_none());
        // Express executions end after five minutes, whatever the definition says.
        let timeout = if self.about.express {
            Some(timeout.unwrap_or(300).min(300))
        } else {
            timeout
        };
        if let Some(seconds) = timeout {
            let timer = Timer {
                kind: TimerKind::Execution,
                frame: 0,
                nonce: self.redrive_count,
            };
            self.effects
                .push(Effect::Arm(timer, after(self.now, seconds)));
        }
    }

    /// Moves frames until none can move.
    fn run(&mut self, surroundings: &dyn Surroundings) {
        let program = self.program.clone();
        while self.outcome.is_none() {
            if self.overflow {
                self.end_of_history();
                break;
            }
            let Some(frame) = self.ready.pop_front() else {
                break;
            };
            match self.frames[frame as usize].phase {
                Phase::Entering => {
                    self.enter(frame);
                    self.run_state(frame, &program, surroundings);
                }
                Phase::Running => self.run_state(frame, &program, surroundings),
                Phase::Scheduled(_) => self.start_task(frame, &program),
                Phase::Failing(_) => self.fail_task(frame),
                // The frame was cut off while it stood in the queue.
                _ => {}
            }
        }
    }

    fn enter(&mut self, frame: u32) {
        let (state, input, last) = {
            let frame = &self.frames[frame as usize];
            (frame.state, frame.input.clone(), frame.last)
        };
        let entered = self.record(last, EventKind::Entered(state, input));
        let now = self.now;
        let frame = &mut self.frames[frame as usize];
        frame.before = last;
        frame.entered = entered;
        frame.last = entered;
        frame.entered_at = now;
        frame.retries.clear();
        frame.retry_count = 0;
        frame.missed_heartbeat = false;
        frame.rest = None;
        frame.phase = Phase::Running;
    }

    fn run_state(&mut self, frame: u32, program: &Program, surroundings: &dyn Surroundings) {
        let def = program.state(self.frames[frame as usize].state);
        let ran = match &def.kind {
            KindDef::Pass(pass) => self.pass(frame, def, pass),
            KindDef::Succeed => self.succeed(frame, def),
            KindDef::Fail(fail) => self.fail(frame, def, fail),
            KindDef::Choice(choice) => self.choose(frame, def, choice),
            KindDef::Wait(wait) => self.wait(frame, def, wait),
            KindDef::Task(task) => self.schedule(frame, def, task, surroundings),
            KindDef::Parallel(parallel) => self.fork(frame, def, parallel),
            KindDef::Map(map) => self.map(frame, def, map),
        };
        if let Err(fault) = ran {
            self.fault(frame, fault);
        }
    }

    /// Adds an event; answers its number.
    fn record(&mut self, previous: u32, kind: EventKind) -> u32 {
        if self.history.len() + 1 >= MAX_EVENTS {
            // The last number is kept for the event that says so.
            self.overflow = true;
            return previous;
        }
        self.history.push(Event {
            at: self.now,
            previous,
            kind,
        });
        u32::try_from(self.history.len()).expect("a history is bounded")
    }

    /// Adds an event that follows the frame's last one, and becomes it.
    fn note(&mut self, frame: u32, kind: EventKind) -> u32 {
        let id = self.record(self.frames[frame as usize].last, kind);
        self.frames[frame as usize].last = id;
        id
    }

    fn next_nonce(&mut self) -> u32 {
        self.nonce += 1;
        self.nonce
    }

    /// Leaves the frame's state with `output`.
    fn exit(
        &mut self,
        frame: u32,
        output: Json,
        assigned: Option<Assigned>,
        next: Option<StateId>,
    ) {
        let state = self.frames[frame as usize].state;
        if output.size() > MAX_PAYLOAD {
            let name = self.program.state(state).name.clone();
            return self.fault(frame, size_fault(&name));
        }
        match assigned {
            None => self.note(frame, EventKind::Exited(state, output.clone())),
            Some(assigned) => {
                let slot = &mut self.frames[frame as usize];
                for (name, value) in assigned.iter() {
                    match slot.variables.iter_mut().find(|(known, _)| known == name) {
                        Some((_, old)) => *old = value.clone(),
                        None => slot.variables.push((name.clone(), value.clone())),
                    }
                }
                self.note(
                    frame,
                    EventKind::ExitedAssigning(state, output.clone(), assigned),
                )
            }
        };
        match next {
            Some(next) => {
                let slot = &mut self.frames[frame as usize];
                slot.state = next;
                slot.input = output;
                slot.phase = Phase::Entering;
                self.ready.push_back(frame);
            }
            None => self.finish(frame, output),
        }
    }

    /// The frame's flow came to its end.
    fn finish(&mut self, frame: u32, output: Json) {
        match self.frames[frame as usize].parent {
            Some((parent, index)) => self.child_done(parent, index, frame, output),
            None => {
                self.note(frame, EventKind::ExecutionSucceeded(output.clone()));
                self.over(ExecutionStatus::Succeeded, Some(output), None);
            }
        }
    }

    /// One branch or iteration ended well.
    fn child_done(&mut self, parent: u32, index: u32, child: u32, output: Json) {
        let last = self.frames[child as usize].last;
        self.release(child);
        let state = self.frames[parent as usize].state;
        let is_map = self.program.state(state).state_type == sfn_asl::StateType::Map;
        let ended = if is_map {
            self.record(
                last,
                EventKind::Iteration(IterationPhase::Succeeded, state, index),
            )
        } else {
            last
        };
        let Phase::Children(children) = &mut self.frames[parent as usize].phase else {
            unreachable!("a frame with children waits for them");
        };
        children.results[index as usize] = Some(output);
        children.frames.retain(|frame| *frame != child);
        children.open -= 1;
        let done = children.open == 0;
        if is_map {
            self.start_iterations(parent, 1, last);
        }
        if done {
            self.children_done(parent, ended);
        }
    }

    /// All branches or iterations ended well.
    fn children_done(&mut self, frame: u32, last: u32) {
        let slot = &mut self.frames[frame as usize];
        slot.last = last;
        let state = slot.state;
        let Phase::Children(children) = std::mem::replace(&mut slot.phase, Phase::Running) else {
            unreachable!("a frame with children waits for them");
        };
        let outputs = children
            .results
            .into_iter()
            .map(|output| output.expect("all have ended").into_value());
        let result = Json::new(serde_json::Value::Array(outputs.collect()));
        // What follows hangs on the children's last event, too: AWS numbers it so.
        let succeeded = self.record(last, EventKind::Succeeded(state));
        self.complete_children(frame, result, succeeded);
    }

    fn timer(&mut self, timer: Timer) {
        if timer.kind == TimerKind::Execution {
            // The clock that ran before a redrive counts no more.
            if timer.nonce == self.redrive_count {
                self.time_out();
            }
            return;
        }
        let Some(slot) = self.frames.get(timer.frame as usize) else {
            return;
        };
        match (&slot.phase, timer.kind) {
            (Phase::Waiting { nonce }, TimerKind::Wake) if *nonce == timer.nonce => {
                self.wait_is_over(timer.frame)
            }
            (Phase::Retrying { nonce }, TimerKind::Wake) if *nonce == timer.nonce => {
                self.frames[timer.frame as usize].phase = Phase::Running;
                self.ready.push_back(timer.frame);
            }
            (Phase::Task(run), TimerKind::Timeout | TimerKind::Heartbeat)
                if run.id.nonce == timer.nonce =>
            {
                self.task_timer(timer);
            }
            _ => {}
        }
    }

    fn stop(&mut self, problem: Problem) {
        let failure = Arc::new(problem);
        self.record(0, EventKind::ExecutionAborted(failure.clone()));
        self.over(ExecutionStatus::Aborted, None, Some(failure));
    }

    fn time_out(&mut self) {
        self.record(0, EventKind::ExecutionTimedOut);
        self.over(ExecutionStatus::TimedOut, None, None);
    }

    fn end_of_history(&mut self) {
        let failure = Arc::new(Problem {
            error: Some("States.Runtime".into()),
            cause: Some(
                format!(
                    "The execution reached the maximum number of history events ({MAX_EVENTS})."
                )
                .into(),
            ),
        });
        let previous = u32::try_from(self.history.len()).expect("a history is bounded");
        self.history.push(Event {
            at: self.now,
            previous,
            kind: EventKind::ExecutionFailed(failure.clone()),
        });
        self.over(ExecutionStatus::Failed, None, Some(failure));
    }

    fn over(&mut self, status: ExecutionStatus, output: Option<Json>, failure: Option<Failure>) {
        let effects = &mut self.effects;
        effects.extend(self.frames.iter().filter_map(Frame::cancelled));
        // What was assigned and where the execution stood is kept for a redrive; an express execution has none, unless its
        // Map Run starts it anew.
        if status != ExecutionStatus::Succeeded && !self.about.express && !self.frames.is_empty() {
            self.unfinished = Some(self.take_frame(0));
        }
        self.frames = Vec::new();
        self.free = Vec::new();
        self.ready = VecDeque::new();
        self.shown = OnceLock::new();
        self.outcome = Some(Outcome {
            status,
            at: self.now,
            output,
            failure,
        });
        self.effects.push(Effect::Ended);
    }
}

fn after(now: Timestamp, seconds: u64) -> Timestamp {
    now + std::time::Duration::from_secs(seconds)
}
