//! What an expression can see: the data, the context object, the variables, and the outside world.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

/// Time, randomness and identity, as the caller decides them.
///
/// An engine that replays answers the same each time; a test answers what it likes.
pub trait Environment {
    /// The present, in milliseconds since 1970-01-01T00:00:00Z.
    fn now_millis(&mut self) -> i64;

    /// A random number, `0 <= n < 1`.
    fn random(&mut self) -> f64;

    /// A new UUID (version 4), in its usual text form.
    fn uuid(&mut self) -> String;
}

/// The variables in scope, by name without the `$`.
pub trait Variables {
    /// The value of `name`, if it was assigned.
    fn get(&self, name: &str) -> Option<&Value>;
}

/// No variable at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoVariables;

impl Variables for NoVariables {
    fn get(&self, _name: &str) -> Option<&Value> {
        None
    }
}

impl Variables for Map<String, Value> {
    fn get(&self, name: &str) -> Option<&Value> {
        Map::get(self, name)
    }
}

impl<S: std::hash::BuildHasher> Variables for HashMap<String, Value, S> {
    fn get(&self, name: &str) -> Option<&Value> {
        HashMap::get(self, name)
    }
}

impl Variables for BTreeMap<String, Value> {
    fn get(&self, name: &str) -> Option<&Value> {
        BTreeMap::get(self, name)
    }
}

/// The context object, `$$` in JSONPath and `$states.context` in JSONata.
///
/// It holds the execution's whole input, so it need not be built before someone looks:
/// a [`LazyCell`] is a context, and an implementation of your own may keep the members apart
/// and answer [`member`](Context::member) without ever building the whole.
pub trait Context {
    /// The whole object.
    fn value(&self) -> &Value;

    /// One member of it, such as `Execution` or `Map`.
    fn member(&self, name: &str) -> Option<&Value> {
        self.value().get(name)
    }
}

impl Context for Value {
    fn value(&self) -> &Value {
        self
    }
}

impl<F: FnOnce() -> Value> Context for LazyCell<Value, F> {
    fn value(&self) -> &Value {
        self
    }
}

/// What a JSONPath expression can see.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// `$`: the state's data at this point of its processing.
    pub input: &'a Value,
    /// `$$`: the context object.
    pub context: &'a dyn Context,
    /// `$name`: the variables.
    pub variables: &'a dyn Variables,
}

impl<'a> Scope<'a> {
    /// A scope of `input` and `context`, without variables.
    pub fn new(input: &'a Value, context: &'a dyn Context) -> Self {
        Scope {
            input,
            context,
            variables: &NoVariables,
        }
    }

    /// The same with `variables`.
    #[must_use]
    pub fn with_variables(mut self, variables: &'a dyn Variables) -> Self {
        self.variables = variables;
        self
    }

    /// The same over another `input`.
    #[must_use]
    pub fn with_input(mut self, input: &'a Value) -> Self {
        self.input = input;
        self
    }
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("input", self.input)
            .finish_non_exhaustive()
    }
}
