//! The language as plain data: every field of both query languages, nothing defaulted away.

mod choice;
mod fail;
mod map;
mod parallel;
mod pass;
mod retry;
mod task;
mod values;
mod wait;
mod walk;

use indexmap::IndexMap;
use serde_json::Value;

pub use self::choice::{
    Choice, ChoiceRule, Comparison, Condition, Operand, Operator, Order, Test, Type,
};
pub use self::fail::{Fail, Succeed};
pub use self::map::{
    CsvDelimiter, CsvHeaderLocation, ExecutionType, InputType, ItemBatcher, ItemProcessor,
    ItemReader, ManifestType, Map, Mode, OutputType, ProcessorConfig, ProcessorField, ReaderConfig,
    ReaderTransformation, ResultWriter, WriterConfig, WriterTransformation,
};
pub use self::parallel::Parallel;
pub use self::pass::Pass;
pub use self::retry::{Catcher, Jitter, Retrier};
pub use self::task::Task;
pub use self::values::{Assign, OrExpression, PathField, QueryLanguage, Transition, expression};
pub use self::wait::{Wait, WaitFor};
pub use self::walk::Visit;

/// A whole definition: what `CreateStateMachine` takes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StateMachine {
    /// The language of all states that name none themselves; absent means JSONPath.
    pub query_language: Option<QueryLanguage>,
    /// The version of the States Language; `1.0` is the only one.
    pub version: Option<String>,
    /// How long an execution may take, in seconds.
    pub timeout_seconds: Option<u64>,
    /// The states, where they start, and the machine's comment.
    pub flow: Flow,
}

impl StateMachine {
    /// A machine of these states, all else absent.
    #[must_use]
    pub fn new(flow: Flow) -> Self {
        Self {
            flow,
            ..Self::default()
        }
    }

    /// The language of all states that name none themselves.
    #[must_use]
    pub fn language(&self) -> QueryLanguage {
        self.query_language.unwrap_or_default()
    }

    /// The language of one state, wherever in this machine it stands.
    ///
    /// A state without a language of its own has the *machine's*, not that of the Map or Parallel state around it.
    #[must_use]
    pub fn language_of(&self, state: &State) -> QueryLanguage {
        state.query_language.unwrap_or_else(|| self.language())
    }
}

/// States that lead to one another: a machine's, a branch's or an item processor's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flow {
    /// What the author says about it.
    pub comment: Option<String>,
    /// The state an execution begins with.
    pub start_at: String,
    /// The states by name, in the order they were written.
    pub states: IndexMap<String, State>,
}

impl Flow {
    /// A flow that begins with the state of that name; [`Flow::state`] adds it and the others.
    #[must_use]
    pub fn starting_at(name: impl Into<String>) -> Self {
        Self {
            start_at: name.into(),
            ..Self::default()
        }
    }

    /// Adds a state; one of the same name is replaced.
    #[must_use]
    pub fn state(mut self, name: impl Into<String>, state: impl Into<State>) -> Self {
        self.states.insert(name.into(), state.into());
        self
    }
}

/// One state: what all types of state have in common, and [what its type adds](Kind).
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// What the author says about it.
    pub comment: Option<String>,
    /// The language of this state's fields; absent means the machine's.
    pub query_language: Option<QueryLanguage>,
    /// JSONPath: which part of the input the state sees.
    pub input_path: PathField,
    /// JSONPath: which part of the effective output the state passes on.
    pub output_path: PathField,
    /// Variables to set when the state is left. Not for Succeed and Fail.
    pub assign: Assign,
    /// JSONata: the state's output, with an expression at any leaf. Not for Fail.
    pub output: Option<Value>,
    /// The type, with its own fields.
    pub kind: Kind,
}

impl State {
    /// A state of that type, everything common absent.
    #[must_use]
    pub fn new(kind: impl Into<Kind>) -> Self {
        Self {
            comment: None,
            query_language: None,
            input_path: PathField::Absent,
            output_path: PathField::Absent,
            assign: Assign::new(),
            output: None,
            kind: kind.into(),
        }
    }

    /// Says something about the state.
    #[must_use]
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// Gives the state its JSONata output.
    #[must_use]
    pub fn output(mut self, output: impl Into<Value>) -> Self {
        self.output = Some(output.into());
        self
    }

    /// Sets a variable when the state is left.
    #[must_use]
    pub fn assign(mut self, variable: impl Into<String>, value: impl Into<Value>) -> Self {
        self.assign.insert(variable.into(), value.into());
        self
    }

    /// Lets the state lead to another; without effect on Choice, Succeed and Fail, which have no `Next`.
    #[must_use]
    pub fn then(mut self, next: impl Into<String>) -> Self {
        if let Some(transition) = self.transition_mut() {
            *transition = Transition::Next(next.into());
        }
        self
    }

    /// The type's name.
    #[must_use]
    pub fn state_type(&self) -> StateType {
        match self.kind {
            Kind::Task(_) => StateType::Task,
            Kind::Parallel(_) => StateType::Parallel,
            Kind::Map(_) => StateType::Map,
            Kind::Pass(_) => StateType::Pass,
            Kind::Wait(_) => StateType::Wait,
            Kind::Choice(_) => StateType::Choice,
            Kind::Succeed(_) => StateType::Succeed,
            Kind::Fail(_) => StateType::Fail,
        }
    }

    /// `Next` or `End`; `None` for Choice, Succeed and Fail, which have neither.
    #[must_use]
    pub fn transition(&self) -> Option<&Transition> {
        match &self.kind {
            Kind::Task(task) => Some(&task.transition),
            Kind::Parallel(parallel) => Some(&parallel.transition),
            Kind::Map(map) => Some(&map.transition),
            Kind::Pass(pass) => Some(&pass.transition),
            Kind::Wait(wait) => Some(&wait.transition),
            Kind::Choice(_) | Kind::Succeed(_) | Kind::Fail(_) => None,
        }
    }

    /// The same, to change it.
    pub fn transition_mut(&mut self) -> Option<&mut Transition> {
        match &mut self.kind {
            Kind::Task(task) => Some(&mut task.transition),
            Kind::Parallel(parallel) => Some(&mut parallel.transition),
            Kind::Map(map) => Some(&mut map.transition),
            Kind::Pass(pass) => Some(&mut pass.transition),
            Kind::Wait(wait) => Some(&mut wait.transition),
            Kind::Choice(_) | Kind::Succeed(_) | Kind::Fail(_) => None,
        }
    }

    /// The retriers, in the order they are tried; empty for types that have none.
    #[must_use]
    pub fn retry(&self) -> &[Retrier] {
        match &self.kind {
            Kind::Task(task) => &task.retry,
            Kind::Parallel(parallel) => &parallel.retry,
            Kind::Map(map) => &map.retry,
            _ => &[],
        }
    }

    /// The catchers, in the order they are tried; empty for types that have none.
    #[must_use]
    pub fn catch(&self) -> &[Catcher] {
        match &self.kind {
            Kind::Task(task) => &task.catch,
            Kind::Parallel(parallel) => &parallel.catch,
            Kind::Map(map) => &map.catch,
            _ => &[],
        }
    }

    /// JSONPath: where the result goes in the input; [`PathField::Absent`] for types that have no such field.
    #[must_use]
    pub fn result_path(&self) -> &PathField {
        match &self.kind {
            Kind::Task(task) => &task.result_path,
            Kind::Parallel(parallel) => &parallel.result_path,
            Kind::Map(map) => &map.result_path,
            Kind::Pass(pass) => &pass.result_path,
            _ => &PathField::Absent,
        }
    }

    /// JSONPath: the template that reshapes a raw result, for Task, Parallel and Map.
    #[must_use]
    pub fn result_selector(&self) -> Option<&Value> {
        match &self.kind {
            Kind::Task(task) => task.result_selector.as_ref(),
            Kind::Parallel(parallel) => parallel.result_selector.as_ref(),
            Kind::Map(map) => map.result_selector.as_ref(),
            _ => None,
        }
    }

    /// JSONPath: the `Parameters` template, for Task, Parallel, Pass and (deprecated there) Map.
    #[must_use]
    pub fn parameters(&self) -> Option<&Value> {
        match &self.kind {
            Kind::Task(task) => task.parameters.as_ref(),
            Kind::Parallel(parallel) => parallel.parameters.as_ref(),
            Kind::Map(map) => map.parameters.as_ref(),
            Kind::Pass(pass) => pass.parameters.as_ref(),
            _ => None,
        }
    }
}

/// What a state does, with the fields only its type has.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Has work done: by a Lambda function, an activity, another service.
    Task(Box<Task>),
    /// Runs several flows at once.
    Parallel(Box<Parallel>),
    /// Runs one flow for each item.
    Map(Box<Map>),
    /// Passes its input on, perhaps reshaped.
    Pass(Box<Pass>),
    /// Lets time pass.
    Wait(Box<Wait>),
    /// Decides which state comes next.
    Choice(Box<Choice>),
    /// Ends the flow well.
    Succeed(Succeed),
    /// Ends the execution with an error.
    Fail(Box<Fail>),
}

/// The value of the field `Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StateType {
    /// `Task`
    Task,
    /// `Parallel`
    Parallel,
    /// `Map`
    Map,
    /// `Pass`
    Pass,
    /// `Wait`
    Wait,
    /// `Choice`
    Choice,
    /// `Succeed`
    Succeed,
    /// `Fail`
    Fail,
}

impl StateType {
    /// All types, in the order AWS's messages list them.
    pub const ALL: [Self; 8] = [
        Self::Task,
        Self::Wait,
        Self::Pass,
        Self::Succeed,
        Self::Fail,
        Self::Choice,
        Self::Parallel,
        Self::Map,
    ];

    /// The word as the definition has it; history events begin with it, too.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
            Self::Pass => "Pass",
            Self::Wait => "Wait",
            Self::Choice => "Choice",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
        }
    }
}

impl std::fmt::Display for StateType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Makes a type's fields a [`Kind`] and a [`State`], and gives it the verbs that only a state has.
macro_rules! kinds {
    ($($variant:ident: $kind:ty),*) => {$(
        impl From<$kind> for Kind {
            fn from(kind: $kind) -> Self {
                Self::$variant(kind.into())
            }
        }

        impl From<$kind> for State {
            fn from(kind: $kind) -> Self {
                Self::new(kind)
            }
        }
    )*};
}

kinds!(
    Task: Task, Parallel: Parallel, Map: Map, Pass: Pass, Wait: Wait, Choice: Choice, Succeed: Succeed, Fail: Fail
);
