//! Failing each step in each way it declares.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    future::IntoFuture,
    pin::Pin,
};

use serde_json::Value;
use sfn_asl::{Kind, OrExpression, StateMachine, expression};

use super::{
    cast::lock,
    execution::Execution,
    fault::{Fault, fault},
    test::Test,
};
use crate::{
    ErrorName, Failure, Payload, StepError, StepMeta, Workflow,
    flow::{Definition, SamplePlaces, activity_name},
    service::ExecutionStatus,
};

/// The app's name in definitions that are only looked at.
const APP: &str = "test";

impl Test {
    /// Runs a workflow again and again, and lets each state of a step fail with each error that the step declares, with
    /// a timeout where it has one, and with a panic: at every attempt. Await it for what came of it.
    ///
    /// Each run has an engine of its own, with the mocks of this test from their beginning.
    ///
    /// ```standalone_crate
    /// # use sfn_runtime::{StepError, Workflow, step, testing::Test, workflow};
    /// # #[derive(Debug, thiserror::Error, StepError)]
    /// # enum OvenError { #[error("the oven is busy")] Busy }
    /// #[step]
    /// async fn bake(size: u32) -> Result<u32, OvenError> { Ok(size * 10) }
    /// #[step]
    /// fn order_elsewhere() -> u32 { 1 }
    ///
    /// static PIZZA: Workflow<u32, u32> =
    ///     workflow!(name = "pizza", bake.catch(on(OvenError::Busy), order_elsewhere));
    /// # fn main() {
    /// # sfn_runtime::testing::run("doc::pizza", async |test: Test| {
    /// let exhausted = test.exhaust(&PIZZA, 30).await;
    /// exhausted.assert_declared();
    /// assert_eq!(exhausted.to_string(), "\
    /// bake             OvenError.Busy  succeeds
    /// bake             Sfn.Panic       fails with it
    /// order_elsewhere  Sfn.Panic       fails with it, when `bake` fails with OvenError.Busy
    /// ");
    /// # }) }
    /// ```
    pub fn exhaust<I: Payload, O: Payload>(
        &self,
        workflow: &Workflow<I, O>,
        input: I,
    ) -> Exhaust<'_> {
        let input = serde_json::to_value(input)
            .unwrap_or_else(|error| panic!("the input cannot be written as JSON: {error}"));
        Exhaust {
            test: self,
            definition: workflow.definition(),
            input,
            samples: BTreeMap::new(),
        }
    }
}

/// An exhaustive run about to be started: await it for what came of it.
#[must_use = "nothing is run until it is awaited"]
#[derive(Debug)]
pub struct Exhaust<'a> {
    test: &'a Test,
    definition: Definition,
    input: Value,
    /// By the error's name.
    samples: BTreeMap<String, Failure>,
}

impl Exhaust<'_> {
    /// Raises the errors of this name as this one: with its cause and its data. Errors without a sample have neither.
    pub fn sample(mut self, error: impl StepError) -> Self {
        let failure = error.failure();
        self.samples.insert(failure.error.clone(), failure);
        self
    }

    async fn run(self) -> Exhausted {
        let machine = self
            .definition
            .compile(&SamplePlaces::new(APP))
            .unwrap_or_else(|error| panic!("{error}"));
        let steps = self
            .definition
            .steps()
            .unwrap_or_else(|error| panic!("{error}"));
        let (plain, _) = self.once(Vec::new()).await;
        let mut declared = declared(&machine, &steps);
        declared.extend(self.samples.keys().cloned());
        let all = || injections(&machine, &steps, &self.samples);
        // Which states each run came to.
        let mut ways: Vec<Vec<String>> = Vec::new();
        let mut endings: Vec<Ending> = Vec::new();
        for Injection {
            state,
            error,
            fault,
        } in all()
        {
            let (ended, reached) = self.once(vec![fault]).await;
            ways.push(ended.path().into_iter().map(str::to_owned).collect());
            endings.push(Ending {
                end: match reached {
                    false => End::NotReached,
                    true => End::of(&ended, &error, &declared),
                },
                state,
                error,
                after: None,
                story: ended.story(),
            });
        }
        // Some states are reached only when something has failed before.
        for index in 0..endings.len() {
            if endings[index].end != End::NotReached {
                continue;
            }
            let state = &endings[index].state;
            let Some(before) = ways.iter().position(|way| way.contains(state)) else {
                continue;
            };
            let both = all().into_iter().enumerate();
            let both = both.filter(|(at, _)| [before, index].contains(at));
            let faults = both.map(|(_, injection)| injection.fault).collect();
            let (ended, reached) = self.once(faults).await;
            if reached {
                let earlier = &endings[before];
                let after = (earlier.state.clone(), earlier.error.clone());
                let ending = &mut endings[index];
                ending.end = End::of(&ended, &ending.error, &declared);
                ending.after = Some(after);
                ending.story = ended.story();
            }
        }
        Exhausted {
            workflow: self.definition.name.clone(),
            plain: End::of(&plain, "", &declared),
            plain_story: plain.story(),
            endings,
        }
    }

    /// One run, and whether all the faults have hit.
    async fn once(&self, faults: Vec<Fault>) -> (Execution<Value>, bool) {
        let test = self.test.again();
        for fault in faults {
            test.fault(fault);
        }
        let running = test
            .begin::<Value>(self.definition.clone(), &self.input)
            .await;
        let ended = running.ended().await;
        let faults = std::mem::take(&mut *lock(&test.cast().faults));
        (ended, faults.iter().all(|fault| !fault.is_unused()))
    }
}

impl<'a> IntoFuture for Exhaust<'a> {
    type Output = Exhausted;
    type IntoFuture = Pin<Box<dyn Future<Output = Exhausted> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// One fault of an exhaustive run.
struct Injection {
    state: String,
    error: String,
    fault: Fault,
}

/// All faults worth a run, in the order of the states.
fn injections(
    machine: &StateMachine,
    steps: &[&'static StepMeta],
    samples: &BTreeMap<String, Failure>,
) -> Vec<Injection> {
    let mut all = Vec::new();
    for visit in machine.walk() {
        let Kind::Task(task) = &visit.state.kind else {
            continue;
        };
        let of = |step: &&&'static StepMeta| task.resource.ends_with(&activity_name(APP, step));
        let Some(step) = steps.iter().find(of) else {
            continue;
        };
        let mut add = |error: &str, fault: Fault| {
            all.push(Injection {
                state: visit.name.to_owned(),
                error: error.to_owned(),
                fault,
            });
        };
        for error in step.errors {
            let Failure { error, cause } = match samples.get(error.name) {
                Some(sample) => sample.clone(),
                None => Failure::new(error.name, "an error of an exhaustive test"),
            };
            add(&error, fault(visit.name).fails_with(error.clone(), cause));
        }
        if let Some(OrExpression::Value(_)) = task.timeout_seconds {
            add(ErrorName::TIMEOUT.name, fault(visit.name).times_out());
        }
        if let Some(OrExpression::Value(_)) = task.heartbeat_seconds {
            let name = ErrorName::HEARTBEAT_TIMEOUT.name;
            add(name, fault(visit.name).falls_silent());
        }
        add(Failure::PANIC, fault(visit.name).panics());
    }
    all
}

/// The error names that an execution may end with because somebody has written them down.
fn declared(machine: &StateMachine, steps: &[&'static StepMeta]) -> BTreeSet<String> {
    let of_steps = steps
        .iter()
        .flat_map(|step| step.errors)
        .map(|error| error.name.to_owned());
    let of_states = machine
        .walk()
        .into_iter()
        .filter_map(|visit| match &visit.state.kind {
            Kind::Fail(fail) => fail.error.clone().filter(|name| expression(name).is_none()),
            _ => None,
        });
    of_steps.chain(of_states).collect()
}

/// How a run ended in which a step failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The execution came to its state no more, or never did with this input.
    NotReached,
    /// The workflow has coped.
    Succeeds,
    /// Nothing has handled the error: the execution failed with it.
    FailsWithIt,
    /// The execution failed with another error, which a step or a state of the workflow declares.
    FailsWith(String),
    /// The execution failed with an error that nobody has written down, such as `States.QueryEvaluationError`.
    FailsUndeclared(String),
    /// The execution took longer than it may.
    TimesOut,
}

impl End {
    fn of(ended: &Execution<Value>, error: &str, declared: &BTreeSet<String>) -> Self {
        match ended.status() {
            ExecutionStatus::Succeeded => Self::Succeeds,
            ExecutionStatus::TimedOut => Self::TimesOut,
            _ => {
                let name = ended.failure().error;
                // The history calls a heartbeat that did not come a timeout, as AWS does.
                let silent =
                    error == ErrorName::HEARTBEAT_TIMEOUT.name && name == ErrorName::TIMEOUT.name;
                if name == error || silent {
                    Self::FailsWithIt
                } else if declared.contains(&name) {
                    Self::FailsWith(name)
                } else {
                    Self::FailsUndeclared(name)
                }
            }
        }
    }

    fn is_declared(&self) -> bool {
        !matches!(self, Self::FailsUndeclared(_) | Self::TimesOut)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReached => f.write_str("is not reached"),
            Self::Succeeds => f.write_str("succeeds"),
            Self::FailsWithIt => f.write_str("fails with it"),
            Self::FailsWith(name) => write!(f, "fails with {name}"),
            Self::FailsUndeclared(name) => write!(f, "fails with {name}, which nobody declares"),
            Self::TimesOut => f.write_str("times out"),
        }
    }
}

/// What came of one error of one state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ending {
    /// The state.
    pub state: String,
    /// The name of the error that its step raised at every attempt.
    pub error: String,
    /// What had to fail before, at every attempt, for the execution to come to the state: a state and an error.
    pub after: Option<(String, String)>,
    /// How the execution ended.
    pub end: End,
    /// What happened; see [`Execution::story`].
    pub story: String,
}

/// What came of an exhaustive run. As text it is a table, made for a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exhausted {
    /// The workflow's name.
    pub workflow: String,
    /// How it ends when nothing fails.
    pub plain: End,
    /// Each error of each state, in the order of the definition.
    pub endings: Vec<Ending>,
    plain_story: String,
}

impl Exhausted {
    /// Asserts that every run ended in a declared way: with success, with the very error that was raised, or with an
    /// error that a step or a `fail` of the workflow declares.
    ///
    /// # Panics
    ///
    /// When one did not: an expression failed, no rule of a choice held, time was over.
    #[track_caller]
    pub fn assert_declared(&self) {
        assert!(
            self.plain.is_declared(),
            "`{}` {} without any fault\n--- story\n{}",
            self.workflow,
            self.plain,
            self.plain_story
        );
        if let Some(ending) = self.endings.iter().find(|ending| !ending.end.is_declared()) {
            panic!(
                "`{}` {} when `{}` fails with {}\n--- story\n{}",
                self.workflow, ending.end, ending.state, ending.error, ending.story
            );
        }
    }

    /// The errors that nothing in the workflow handles: the execution fails with them.
    pub fn unhandled(&self) -> impl Iterator<Item = &Ending> {
        self.endings
            .iter()
            .filter(|ending| ending.end == End::FailsWithIt)
    }
}

impl fmt::Display for Exhausted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |of: fn(&Ending) -> &str| {
            let widths = self.endings.iter().map(|ending| of(ending).chars().count());
            widths.max().unwrap_or(0)
        };
        let (state, error) = (width(|ending| &ending.state), width(|ending| &ending.error));
        for ending in &self.endings {
            write!(
                f,
                "{:state$}  {:error$}  {}",
                ending.state, ending.error, ending.end
            )?;
            if let Some((state, error)) = &ending.after {
                write!(f, ", when `{state}` fails with {error}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
