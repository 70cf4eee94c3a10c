//! The Amazon States Language: typed model, reader with places, writer, checks with codes.
//!
//! A [`StateMachine`] is plain data. It is built in code with `Default` and struct update, or read from text; it is
//! compared, walked, checked and written, and it never runs: that is the engine's part.
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
