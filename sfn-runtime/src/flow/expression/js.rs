//! JSONata as a tree.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use serde_json::Value;

use crate::flow::{expression::form::Array, variable::VariableId};

/// JSONata as a tree, so that it is written only when the names of variables are known.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Js {
    /// What the state was given: `$states.input`.
    Input,
    /// The verdict of the predicate step that runs before the choice.
    Verdict,
    /// A variable of a function body; a name stands for it before it is written.
    Variable(VariableId),
    /// A place that has its name already: `$order`, `$states.result`.
    Place(String),
    /// A name within the expression itself: a function's parameter, or what a `Let` binds.
    Local(Local),
    /// A part of an object or array.
    Part(Box<Js>, Part),
    /// The item whose number the second expression gives; a negative one counts from the end.
    At(Box<Js>, Box<Js>),
    /// A constant.
    Literal(Value),
    /// `$not(…)`
    Not(Box<Js>),
    /// `-…`
    Negative(Box<Js>),
    /// Two expressions with an operator between them.
    Binary(Operator, Box<Js>, Box<Js>),
    /// A function of JSONata, without its `$`.
    Call(&'static str, Vec<Js>),
    /// The value, or `null` when there is none: an absent key would otherwise fail the state.
    OrNull(Box<Js>),
    /// `… ? … : …`
    Conditional(Box<Js>, Box<Js>, Box<Js>),
    /// `(name := …; …)`
    Let(Local, Box<Js>, Box<Js>),
    /// `function(…) { … }`
    Function(Vec<Local>, Box<Js>),
    /// An array with one item for each.
    Items(Vec<Item>),
    /// What is in the array that it yields, or the only thing that it yields, or nothing; always as an array: `[…]`.
    Sequence(Box<Js>),
    /// The whole numbers from the first to the second.
    Range(Box<Js>, Box<Js>),
    /// An object.
    Object(Vec<(String, Js)>),
    /// A regular expression, without its slashes.
    Regex(&'static str),
}

/// A name within an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    number: u32,
    /// What it is called where that name is free.
    pub(crate) hint: Arc<str>,
}

impl Local {
    pub(crate) fn new(hint: &str) -> Self {
        // Which number it is does not matter and is never written: it only tells two names apart.
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            hint: hint.into(),
        }
    }
}

/// An item of an array, and whether it is an array itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub(crate) js: Js,
    pub(crate) array: Array,
}

/// A part of an object or array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The value of that key.
    Key(String),
    /// The item of that number, from 0.
    Index(usize),
}

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `&`
    Concat,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Js {
    /// The expressions it is directly made of.
    #[must_use]
    pub fn children(&self) -> Vec<&Js> {
        match self {
            Js::Input
            | Js::Verdict
            | Js::Variable(_)
            | Js::Place(_)
            | Js::Local(_)
            | Js::Literal(_)
            | Js::Regex(_) => Vec::new(),
            Js::Part(inner, _)
            | Js::Not(inner)
            | Js::Negative(inner)
            | Js::OrNull(inner)
            | Js::Sequence(inner)
            | Js::Function(_, inner) => vec![inner],
            Js::Binary(_, left, right)
            | Js::At(left, right)
            | Js::Range(left, right)
            | Js::Let(_, left, right) => vec![left, right],
            Js::Conditional(test, then, otherwise) => vec![test, then, otherwise],
            Js::Call(_, arguments) => arguments.iter().collect(),
            Js::Items(items) => items.iter().map(|item| &item.js).collect(),
            Js::Object(members) => members.iter().map(|(_, value)| value).collect(),
        }
    }

    /// The same, to be changed.
    pub fn children_mut(&mut self) -> Vec<&mut Js> {
        match self {
            Js::Input
            | Js::Verdict
            | Js::Variable(_)
            | Js::Place(_)
            | Js::Local(_)
            | Js::Literal(_)
            | Js::Regex(_) => Vec::new(),
            Js::Part(inner, _)
            | Js::Not(inner)
            | Js::Negative(inner)
            | Js::OrNull(inner)
            | Js::Sequence(inner)
            | Js::Function(_, inner) => vec![inner],
            Js::Binary(_, left, right)
            | Js::At(left, right)
            | Js::Range(left, right)
            | Js::Let(_, left, right) => vec![left, right],
            Js::Conditional(test, then, otherwise) => vec![test, then, otherwise],
            Js::Call(_, arguments) => arguments.iter_mut().collect(),
            Js::Items(items) => items.iter_mut().map(|item| &mut item.js).collect(),
            Js::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
        }
    }

    /// Whether it may be written several times: it costs little, and reads well.
    #[must_use]
    pub fn is_cheap(&self) -> bool {
        match self {
            Js::Input
            | Js::Verdict
            | Js::Variable(_)
            | Js::Place(_)
            | Js::Local(_)
            | Js::Literal(_) => true,
            Js::Part(of, _) => of.is_cheap(),
            _ => false,
        }
    }

    /// How often a local name is read. Within a function it counts as often.
    pub(crate) fn reads(&self, local: &Local) -> usize {
        match self {
            Js::Local(read) => usize::from(read == local),
            // It may run many times.
            Js::Function(_, body) => body.reads(local) * 2,
            other => other
                .children()
                .into_iter()
                .map(|child| child.reads(local))
                .sum(),
        }
    }

    pub(crate) fn replace_local(&mut self, local: &Local, with: &Js) {
        if matches!(self, Js::Local(read) if read == local) {
            *self = with.clone();
            return;
        }
        for child in self.children_mut() {
            child.replace_local(local, with);
        }
    }

    /// The number that it is.
    pub(crate) fn integer(&self) -> Option<i128> {
        match self {
            Js::Literal(Value::Number(number)) => number
                .as_i64()
                .map(i128::from)
                .or_else(|| number.as_u64().map(i128::from)),
            _ => None,
        }
    }
}

impl Js {
    /// The value, or null where there is none.
    pub(crate) fn or_null(self) -> Js {
        match self {
            js @ (Js::Literal(_) | Js::OrNull(_) | Js::Items(_) | Js::Object(_)) => js,
            // What has one in each case needs no question of its own.
            Js::Conditional(test, then, otherwise) => Js::Conditional(
                test,
                Box::new(then.or_null()),
                Box::new(otherwise.or_null()),
            ),
            // `.min()` of none is nothing, and so on; what costs is not computed twice.
            js if js.is_cheap() => Js::OrNull(Box::new(js)),
            js => {
                let local = Local::new("value");
                let read = Js::OrNull(Box::new(Js::Local(local.clone())));
                Js::Let(local, Box::new(js), Box::new(read))
            }
        }
    }
}
