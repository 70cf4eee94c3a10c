//! The Amazon States Language: typed model, reader with places, writer, checks with codes.
//!
//! A [`StateMachine`] is plain data. It is built in code with `Default` and struct update, or read from text; it is
//! compared, walked, checked, drawn and written, and it never runs: that is the engine's part.
//!
//! | to | there is |
//! |---|---|
//! | read a definition, with all its faults | [`read`], [`from_value`]; [`read_state`] for a single state |
//! | know whether AWS would take it | [`check_text`], [`check`] for a machine built in code, [`check_state_text`] |
//! | say what AWS would say | [`invalid_definition`], [`Diagnostic::aws`] |
//! | explain a fault | [`Code`], [`explain`] |
//! | write it | [`StateMachine::to_string_pretty`], `to_string`, [`StateMachine::to_value`] |
//! | go through its states | [`StateMachine::walk`], [`StateMachine::flows`], [`Flow::reachable`] |
//! | draw it | [`StateMachine::graphs`], [`Flow::edges`] |
//!
//! What a diagnostic has of AWS's own words was recorded from the service where that could be had: by this project's
//! recordings, and by what others measured with `ValidateStateMachineDefinition`. Where nothing was to be had, the code is
//! AWS's and the words are ours.
//!
//! ```
//! use sfn_asl::{Flow, Pass, QueryLanguage, State, StateMachine, Transition, Wait};
//!
//! let machine = StateMachine {
//!     query_language: Some(QueryLanguage::Jsonata),
//!     ..StateMachine::new(
//!         Flow::starting_at("Rest")
//!             .state("Rest", Wait::seconds(60).then("Greet"))
//!             .state("Greet", State::from(Pass::default()).output("{% 'Hello, ' & $states.input.name %}")),
//!     )
//! };
//! assert_eq!(machine.flow.states["Rest"].transition(), Some(&Transition::Next("Greet".into())));
//! ```

mod checks;
mod code;
mod diagnostic;
mod fields;
mod graph;
pub mod json;
mod model;
mod place;
mod read;
mod suggest;
mod write;

pub use crate::checks::{check, check_state_text, check_text};
pub use crate::code::{Code, NoSuchCode, explain};
pub use crate::diagnostic::{Aws, Diagnostic, Severity, has_errors, invalid_definition};
pub use crate::graph::{Edge, Graph, Label, Node};
pub use crate::json::Position;

pub use crate::model::{
    Assign, Catcher, Choice, ChoiceRule, Comparison, Condition, CsvDelimiter, CsvHeaderLocation,
    ExecutionType, Fail, Flow, InputType, ItemBatcher, ItemProcessor, ItemReader, Jitter, Kind,
    ManifestType, Map, Mode, Operand, Operator, OrExpression, Order, OutputType, Parallel, Pass,
    PathField, ProcessorConfig, ProcessorField, QueryLanguage, ReaderConfig, ReaderTransformation,
    ResultWriter, Retrier, State, StateMachine, StateType, Succeed, Task, Test, Transition, Type,
    Visit, Wait, WaitFor, WriterConfig, WriterTransformation, expression,
};
pub use crate::place::{Place, Segment};
pub use crate::read::{LARGEST_DEFINITION, LONE_STATE, from_value, read, read_state};
/// The names that JSONata's functions have in Step Functions, for who makes up names of variables.
pub use sfn_expr::jsonata::FUNCTIONS as JSONATA_FUNCTIONS;
