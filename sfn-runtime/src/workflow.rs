//! A workflow: the value of a `static`, made by `workflow!`.

use std::{
    fmt,
    future::{Ready, ready},
    marker::PhantomData,
    time::Duration,
};

use serde_json::Value;

use crate::{
    Failure, ParamMeta, Payload, StepError,
    flow::{Body, Definition, FitsFragment, Flow, MachineMeta, Node, Stage},
    payload::{field_of, in_words},
};

/// How Step Functions runs a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Each state runs exactly once, for up to a year, with a history.
    #[default]
    Standard,
    /// At least once, for up to five minutes, without activities.
    Express,
}

/// What a workflow says about itself, apart from its stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaration {
    /// The workflow's name, which is its state machine's.
    pub name: &'static str,
    /// What it is for: the definition's `Comment`. Empty for none.
    pub comment: &'static str,
    /// How it runs.
    pub kind: Kind,
    /// How long an execution may take; see [`Definition::timeout`].
    pub timeout: Option<Duration>,
    /// The source file.
    pub file: &'static str,
    /// The line of its name, from 1.
    pub line: u32,
}

impl Declaration {
    /// A standard workflow of that name about which nothing else is said.
    #[must_use]
    #[track_caller]
    pub const fn named(name: &'static str) -> Self {
        let place = std::panic::Location::caller();
        Self {
            name,
            comment: "",
            kind: Kind::Standard,
            timeout: None,
            file: place.file(),
            line: place.line(),
        }
    }
}

/// A workflow that takes `I` and ends with `O`.
///
/// It is the value of a `static`, made by [`workflow!`](crate::workflow) or, without a macro, from a function that
/// builds its [`Flow`]:
///
/// ```
/// use sfn_runtime::{Workflow, flow::Flow};
///
/// fn rest(flow: Flow<String>) -> Flow<String> {
///     flow.wait(sfn_runtime::minutes(2)).end()
/// }
///
/// static REST: Workflow<String, String> = Workflow::new("rest", rest);
/// assert_eq!(REST.definition().nodes.len(), 1);
/// ```
///
/// Only workflows made by the macro are found by name on the command line.
pub struct Workflow<I, O> {
    declaration: Declaration,
    build: Build<I, O>,
}

/// What a workflow takes, as its only parameter.
struct Only<I>(PhantomData<I>);

impl<I: Payload> Only<I> {
    const PARAMETER: &'static [ParamMeta] = &[ParamMeta {
        name: "input",
        shape: I::shape,
    }];
}

/// How the states come about.
enum Build<I, O> {
    Stages(fn(Flow<I>) -> Flow<O>),
    Body(fn(&mut Body)),
}

impl<I, O> Workflow<I, O> {
    /// A standard workflow of that name.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str, build: fn(Flow<I>) -> Flow<O>) -> Self {
        Self::declare(Declaration::named(name), build)
    }

    /// A workflow with all that may be said about it.
    #[must_use]
    pub const fn declare(declaration: Declaration, build: fn(Flow<I>) -> Flow<O>) -> Self {
        Self {
            declaration,
            build: Build::Stages(build),
        }
    }

    /// A workflow that is a function body: what `#[state_machine]` expands to. The function records it.
    #[must_use]
    pub const fn recorded(declaration: Declaration, record: fn(&mut Body)) -> Self {
        Self {
            declaration,
            build: Build::Body(record),
        }
    }

    /// What a right `workflow!` expands to. `_beside` is a block of items; it stands behind the stages, so that editors find these at
    /// the same place in half-typed code.
    #[doc(hidden)]
    #[must_use]
    pub const fn declare_written(
        declaration: Declaration,
        build: fn(Flow<I>) -> Flow<O>,
        _beside: (),
    ) -> Self {
        Self::declare(declaration, build)
    }

    /// What a wrong one expands to, which never compiles: `_errors` has no type, and so has the second parameter of the stages.
    #[doc(hidden)]
    #[must_use]
    pub const fn declared<E: Copy>(
        _declaration: Declaration,
        _build: fn(Flow<I>, E) -> Flow<O>,
        _errors: E,
    ) -> Self {
        panic!("it was reported what is wrong with this workflow")
    }

    /// Its name, which is its state machine's.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.declaration.name
    }

    /// What it says about itself.
    #[must_use]
    pub const fn declaration(&self) -> &Declaration {
        &self.declaration
    }
}

impl<I: Payload, O: Payload> Workflow<I, O> {
    /// Runs it as an execution of its own, and waits for its end: `PIZZA.call(order).await?`.
    ///
    /// For `#[state_machine]` bodies, which call the value of a `static` so; a `#[state_machine]` is called as the function
    /// that it is. A plain call of the body has nobody who runs a pipeline.
    ///
    /// # Errors
    ///
    /// What the other execution fails with, under the same name; in a plain call always `Sfn.Error`.
    pub fn call(&self, _input: I) -> Ready<Result<O, Failure>> {
        let name = self.name();
        ready(Err(Failure::new(
            Failure::ERROR,
            format!("`{name}` is run by Step Functions, and a plain call has none"),
        )))
    }

    /// The workflow as a body that calls it knows it. `define` gives its definition.
    #[doc(hidden)]
    #[must_use]
    pub const fn machine(&self, define: fn() -> Definition) -> MachineMeta {
        MachineMeta {
            name: self.declaration.name,
            doc: self.declaration.comment,
            kind: self.declaration.kind,
            params: Only::<I>::PARAMETER,
            output: O::shape,
            errors: Failure::ERRORS,
            define,
        }
    }

    /// Its stages, as data. Built anew by each call, in microseconds.
    #[must_use]
    pub fn definition(&self) -> Definition {
        let nodes = match self.build {
            Build::Stages(build) => build(Flow::start()).into_nodes(),
            Build::Body(record) => {
                let mut body = Body::new(self.declaration.file);
                record(&mut body);
                vec![Node::new(Stage::Body(body.finish()))]
            }
        };
        Definition {
            name: self.declaration.name.to_owned(),
            comment: self.declaration.comment.to_owned(),
            kind: self.declaration.kind,
            timeout: self.declaration.timeout,
            input: I::shape,
            check_input: reads_as::<I>,
            output: O::shape,
            file: self.declaration.file,
            line: self.declaration.line,
            nodes,
        }
    }
}

/// Whether a value reads as a `T`; the path of the field at fault stands before what is wrong.
pub(crate) fn reads_as<T: Payload>(value: &Value) -> Result<(), String> {
    serde_path_to_error::deserialize::<_, T>(value)
        .map(drop)
        .map_err(|error| {
            let path = error.path().to_string();
            let complaint = error.into_inner().to_string();
            let words = in_words(&complaint);
            match path.as_str() {
                "." => match field_of(&complaint, value) {
                    Some(field) => format!("`{field}`: {words}"),
                    None => words,
                },
                path => format!("`{path}`: {words}"),
            }
        })
}

impl<I, O> fmt::Debug for Workflow<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workflow")
            .field("declaration", &self.declaration)
            .finish_non_exhaustive()
    }
}

/// Stages that several workflows share: made by [`fragment!`](crate::fragment), used with `include(..)`.
///
/// Its stages become part of the workflow that includes it. It is no state machine of its own.
pub struct Fragment<A, B> {
    build: fn(Flow<A>) -> Flow<B>,
}

impl<A, B> Fragment<A, B> {
    /// The stages that the function appends.
    #[must_use]
    pub const fn new(build: fn(Flow<A>) -> Flow<B>) -> Self {
        Self { build }
    }

    /// What a right `fragment!` expands to; see `Workflow::declare_written`.
    #[doc(hidden)]
    #[must_use]
    pub const fn declare_written(build: fn(Flow<A>) -> Flow<B>, _beside: ()) -> Self {
        Self::new(build)
    }

    /// What a wrong one expands to; see `Workflow::declared`.
    #[doc(hidden)]
    #[must_use]
    pub const fn declared<E: Copy>(_build: fn(Flow<A>, E) -> Flow<B>, _errors: E) -> Self {
        panic!("it was reported what is wrong with this fragment")
    }

    pub(crate) fn build(&self) -> Flow<B> {
        (self.build)(Flow::start())
    }

    /// The stages that come before this fragment's, and its own; the same as [`Flow::include`].
    pub fn after<T, X>(&self, flow: Flow<T, X>) -> Flow<B, T>
    where
        T: FitsFragment<A>,
    {
        flow.include(self)
    }
}

impl<A, B> fmt::Debug for Fragment<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fragment").finish_non_exhaustive()
    }
}

/// A workflow as the registry knows it: by name, its types forgotten.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowEntry {
    /// The workflow's name.
    pub name: &'static str,
    /// Gives its stages, as data.
    pub define: fn() -> Definition,
    /// The source file.
    pub file: &'static str,
    /// The line of the `workflow!`, from 1.
    pub line: u32,
}

inventory::collect!(WorkflowEntry);
