//! A state machine's types, for expansions: one that is at fault is then reported where it is written, and nowhere else.

use crate::{
    Client, Declaration, ErrorMeta, Payload, Run, Shape, Start, StepError, Workflow,
    flow::{Body, Definition},
};

/// What a `#[state_machine]` function takes and gives.
pub trait StateMachine: 'static {
    /// Its input.
    type In: Payload;
    /// What it ends with.
    type Out: Payload;
    /// What it fails with.
    type Err: StepError;
    /// What is said of it. Without its types: a constant that has them would say once more what is wrong with them.
    const DECLARATION: Declaration;
    /// What records its body.
    const RECORD: fn(&mut Body);
}

/// What is known of its types.
#[derive(Debug)]
pub struct OfMachine<M>(M);

impl<M: StateMachine> OfMachine<M> {
    /// The errors that it may end with.
    pub const ERRORS: &'static [ErrorMeta] = <M::Err as StepError>::ERRORS;
}

/// The shape of its input.
#[must_use]
pub fn machine_input<M: StateMachine>() -> Shape {
    M::In::shape()
}

/// The shape of what it ends with.
#[must_use]
pub fn machine_output<M: StateMachine>() -> Shape {
    M::Out::shape()
}

const fn workflow<M: StateMachine>() -> Workflow<M::In, M::Out> {
    Workflow::recorded(M::DECLARATION, M::RECORD)
}

/// Its definition.
#[must_use]
pub fn machine_definition<M: StateMachine>() -> Definition {
    workflow::<M>().definition()
}

/// Starts an execution.
pub fn start_machine<M: StateMachine>(client: &Client, input: M::In) -> Start<M::Out> {
    workflow::<M>().start(client, input)
}

/// Runs it to its end.
pub fn run_machine<M: StateMachine>(client: &Client, input: M::In) -> Run<M::Out> {
    workflow::<M>().run(client, input)
}
