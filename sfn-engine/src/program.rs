//! Definitions, compiled: names are numbers, expressions are parsed, once for all executions.

mod compile;
mod processor;
mod query;
mod references;
mod resource;

use std::sync::Arc;

use sfn_asl::{Map, QueryLanguage, Retrier, StateType};
use sfn_expr::path::{Path, ReferencePath};
use sfn_expr::template::{Query, Template};

pub use compile::CompileError;
pub(crate) use query::{Jsonata, JsonataError, Scalar, Shape, States, Text};
pub use resource::{Pattern, Resource, ResourceKind};

use crate::Json;

/// A state of a [`Program`], by number: unique in the whole machine.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct StateId(pub(crate) u32);

/// A definition that is ready to run. Executions of a machine share one.
#[derive(Debug)]
pub struct Program {
    pub(crate) definition: Arc<str>,
    pub(crate) states: Vec<StateDef>,
    /// Where the machine itself starts.
    pub(crate) start: StateId,
    /// The execution's `TimeoutSeconds`.
    pub(crate) timeout_seconds: Option<u64>,
    pub(crate) language: QueryLanguage,
}

impl Program {
    /// Compiles a definition, JSON text in the Amazon States Language, for a standard or an express machine.
    ///
    /// # Errors
    /// When it is no valid definition; the error has AWS's wording.
    pub fn compile(
        definition: impl Into<Arc<str>>,
        machine_type: sfn_asl::ExecutionType,
    ) -> Result<Program, CompileError> {
        compile::program(definition.into(), machine_type)
    }

    /// The definition as it came in.
    pub fn definition(&self) -> &Arc<str> {
        &self.definition
    }

    /// Which variables each state reads, by state name; both are sorted.
    pub fn variable_references(&self) -> Vec<(String, Vec<String>)> {
        references::of(&self.definition, self.language)
    }

    /// The state of this name, wherever it is.
    pub(crate) fn find(&self, name: &str) -> Option<StateId> {
        let place = self.states.iter().position(|state| &*state.name == name)?;
        u32::try_from(place).ok().map(StateId)
    }

    /// Stands in for a program until the right one is put in its place.
    pub(crate) fn unknown() -> Arc<Program> {
        static UNKNOWN: std::sync::OnceLock<Arc<Program>> = std::sync::OnceLock::new();
        let program = || {
            let definition = r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#;
            Program::compile(definition, sfn_asl::ExecutionType::Standard)
                .expect("this definition is valid")
        };
        UNKNOWN.get_or_init(|| Arc::new(program())).clone()
    }

    pub(crate) fn state(&self, id: StateId) -> &StateDef {
        &self.states[id.0 as usize]
    }

    /// The resource of a Task state.
    ///
    /// INVARIANT: asked only for Task states.
    pub(crate) fn resource(&self, id: StateId) -> &Resource {
        match &self.state(id).kind {
            KindDef::Task(task) => &task.resource,
            _ => unreachable!("only Task states have tasks"),
        }
    }
}

/// One state.
#[derive(Debug)]
pub(crate) struct StateDef {
    pub(crate) name: Arc<str>,
    pub(crate) state_type: StateType,
    pub(crate) language: QueryLanguage,
    pub(crate) kind: KindDef,
    pub(crate) next: Option<StateId>,
    pub(crate) input_path: Select,
    pub(crate) output_path: Select,
    pub(crate) result_path: Place,
    pub(crate) result_selector: Option<Template>,
    /// JSONata `Output`.
    pub(crate) output: Option<Jsonata>,
    pub(crate) assign: Option<Assign>,
    pub(crate) retry: Vec<Retrier>,
    pub(crate) catch: Vec<CatchDef>,
}

/// What `InputPath` and `OutputPath` do.
#[derive(Debug)]
pub(crate) enum Select {
    /// Everything: `$`, or nothing written.
    All,
    /// `null`: the empty object.
    Empty,
    /// What the path picks.
    Path(Path),
}

/// What `ResultPath` does.
#[derive(Debug)]
pub(crate) enum Place {
    /// The result replaces the input.
    Replace,
    /// The result is dropped.
    Discard,
    /// The result goes there in the input.
    At(ReferencePath),
}

/// Variables to set.
#[derive(Debug)]
pub(crate) enum Assign {
    JsonPath(Template),
    Jsonata(Jsonata),
}

#[derive(Debug)]
pub(crate) struct CatchDef {
    pub(crate) errors: Vec<String>,
    pub(crate) next: StateId,
    pub(crate) result_path: Place,
    pub(crate) output: Option<Jsonata>,
    pub(crate) assign: Option<Assign>,
}

/// What a state's type adds.
#[derive(Debug)]
pub(crate) enum KindDef {
    Task(Box<TaskDef>),
    Pass(PassDef),
    Choice(Box<ChoiceDef>),
    Wait(WaitDef),
    Succeed,
    Fail(Box<FailDef>),
    Parallel(Box<ParallelDef>),
    Map(Box<MapDef>),
}

/// What a state hands to whatever it runs: `Parameters` or `Arguments`.
#[derive(Debug)]
pub(crate) enum Payload {
    /// The effective input.
    Input,
    JsonPath(Template),
    Jsonata(Jsonata),
}

#[derive(Debug)]
pub(crate) struct TaskDef {
    pub(crate) resource: Resource,
    pub(crate) payload: Payload,
    pub(crate) timeout: Scalar<u64>,
    pub(crate) heartbeat: Scalar<u64>,
    pub(crate) credentials: Option<Payload>,
}

#[derive(Debug)]
pub(crate) enum PassDef {
    Input,
    Result(Json),
    Parameters(Template),
}

#[derive(Debug)]
pub(crate) struct ChoiceDef {
    pub(crate) rules: Vec<RuleDef>,
    pub(crate) default: Option<StateId>,
}

#[derive(Debug)]
pub(crate) struct RuleDef {
    pub(crate) condition: Condition,
    pub(crate) next: StateId,
    pub(crate) assign: Option<Assign>,
    pub(crate) output: Option<Jsonata>,
}

#[derive(Debug)]
pub(crate) enum Condition {
    Constant(bool),
    Jsonata(Jsonata),
    Test(Test),
}

#[derive(Debug)]
pub(crate) enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    Compare { variable: Path, operator: Operator },
}

#[derive(Debug)]
pub(crate) enum Operator {
    /// One of the comparing operators; the type of the operand's value says which type is meant.
    Compare(Compared, sfn_asl::Order, Operand),
    Matches(String),
    Is(sfn_asl::Type, bool),
}

/// Which type of value an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compared {
    String,
    Numeric,
    Boolean,
    Timestamp,
}

#[derive(Debug)]
pub(crate) enum Operand {
    Value(serde_json::Value),
    Path(Path),
}

#[derive(Debug)]
pub(crate) enum WaitDef {
    Seconds(u64),
    SecondsPath(Path),
    SecondsJsonata(Jsonata),
    Timestamp(crate::Timestamp),
    TimestampPath(Path),
    TimestampJsonata(Jsonata),
}

#[derive(Debug)]
pub(crate) struct FailDef {
    pub(crate) error: Text,
    pub(crate) cause: Text,
}

#[derive(Debug)]
pub(crate) struct ParallelDef {
    pub(crate) branches: Vec<StateId>,
    pub(crate) payload: Payload,
}

#[derive(Debug)]
pub(crate) struct MapDef {
    pub(crate) start: StateId,
    pub(crate) items: Items,
    pub(crate) selector: Option<Payload>,
    pub(crate) max_concurrency: Scalar<u64>,
    pub(crate) distributed: Option<Box<DistributedDef>>,
}

/// Where a Map's items come from.
#[derive(Debug)]
pub(crate) enum Items {
    /// The effective input is the array.
    Input,
    Path(Path),
    Jsonata(Jsonata),
}

/// What a distributed Map has besides.
#[derive(Debug)]
pub(crate) struct DistributedDef {
    /// The Map as written, for the parts that are looked at once a run.
    pub(crate) map: Map,
    pub(crate) label: String,
    pub(crate) express: bool,
    pub(crate) tolerated_count: Scalar<u64>,
    pub(crate) tolerated_percentage: Scalar<f64>,
    pub(crate) reader: Option<ReaderDef>,
    pub(crate) batcher: Option<BatcherDef>,
    pub(crate) writer: Option<Payload>,
}

#[derive(Debug)]
pub(crate) struct ReaderDef {
    pub(crate) resource: Resource,
    pub(crate) payload: Payload,
    pub(crate) max_items: Scalar<u64>,
}

#[derive(Debug)]
pub(crate) struct BatcherDef {
    pub(crate) max_items: Scalar<u64>,
    pub(crate) max_bytes: Scalar<u64>,
    pub(crate) input: Option<Payload>,
}

/// A query that stands where a text is wanted.
pub(crate) type TextQuery = Query;
