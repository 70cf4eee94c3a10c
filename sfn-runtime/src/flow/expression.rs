//! Expressions over the value that flows: typed by rustc, written as JSONata.

use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;

use super::{
    definition::{Call, Template},
    fits::{Fits, Truth},
    variable::VariableId,
};
use crate::{Payload, Shape, Step, Tagging};

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
    /// A part of an object or array.
    Part(Box<Js>, Part),
    /// A constant.
    Literal(Value),
    /// `$not(…)`
    Not(Box<Js>),
    /// Two expressions with an operator between them.
    Binary(Operator, Box<Js>, Box<Js>),
    /// A function of JSONata, without its `$`.
    Call(&'static str, Vec<Js>),
    /// An object, a key after the other.
    Object(Vec<(String, Js)>),
    /// An array, without the flattening that JSONata's own would do: each expression is one item.
    Array(Vec<Js>),
    /// `test ? then : otherwise`
    Conditional(Box<Js>, Box<Js>, Box<Js>),
    /// The value, or `null` when there is none: an absent key would otherwise fail the state.
    OrNull(Box<Js>),
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
}

/// Why an expression has no JSONata. The types are right, so rustc says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Serde writes no such key.
    #[error("`{field}` of `{owner}` is not in its JSON, because serde skips it")]
    Skipped {
        /// The field's name in the source.
        field: String,
        /// The type that has it.
        owner: String,
    },
    /// The type says nothing of its fields.
    #[error(
        "the JSON name of `{field}` is not known\nhelp: put `#[derive(Payload)]` on the type that has it"
    )]
    Unknown {
        /// The field's name in the source.
        field: String,
    },
    /// JSONata has no order for it.
    #[error(
        "`{operator}` needs two numbers or two texts, and this is {found}\nhelp: decide it in a step that returns `bool`"
    )]
    NoOrder {
        /// The operator in the source.
        operator: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// It has no length that both languages count alike.
    #[error("{found} has no length in a condition\nhelp: decide it in a step that returns `bool`")]
    NoLength {
        /// What was found.
        found: &'static str,
    },
    /// The constant has no JSON, or is a number that JSONata would round.
    #[error("this constant cannot stand in a condition: {why}")]
    Constant {
        /// What is wrong with it.
        why: String,
    },
    /// The enum's JSON does not tell its variants apart.
    #[error(
        "`{variant}` cannot be told from other variants of `{owner}` by its JSON\nhelp: decide it in a step that returns `bool`"
    )]
    Variant {
        /// The variant's name in the source.
        variant: String,
        /// The enum.
        owner: String,
    },
    /// A predicate step where none can run.
    #[error(
        "the step `{step}` cannot run here: a predicate step stands alone in a condition of `choose`, or on the left of `&&` and `||`"
    )]
    Predicate {
        /// The step's name.
        step: &'static str,
    },
    /// An option that the stage before it does not have.
    #[error("{stage} has no `{option}`")]
    Option {
        /// The option's name.
        option: &'static str,
        /// The kind of stage.
        stage: &'static str,
    },
}

/// The type of an expression that rustc has checked elsewhere.
#[derive(Debug)]
pub struct Checked;

/// An expression that yields a `T` when a state evaluates it.
///
/// A stage that takes an expression takes a function from the value that flows to the expression:
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use sfn_runtime::{Payload, flow::{Flow, constant}};
///
/// #[derive(Serialize, Deserialize, Payload)]
/// struct Order { size: u8 }
///
/// let flow = Flow::<Order>::start()
///     .choose()
///     .when_ends(|order| order.field(|order| &order.size, "size").more_than(constant(&30)), |flow| flow.fail("TooLarge", ""))
///     .or_pass();
/// ```
///
/// Types are rustc's business: `field` takes a function that is never called and only gives the type, and the
/// path of names that stands for it. The comparisons are lenient; the macros check them by emitting the condition once
/// more, as ordinary Rust.
#[derive(Debug)]
pub struct E<T: ?Sized> {
    js: Result<Js, Fault>,
    shape: Shape,
    /// Whether the key may be absent, or the value null.
    nullable: bool,
    predicate: Option<Box<Predicate>>,
    yields: PhantomData<fn() -> Box<T>>,
}

/// A step whose verdict a condition needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate {
    /// The step, and what it is given.
    pub call: Call,
    /// The state's name, when it is not the step's.
    pub name: Option<String>,
}

impl<T: ?Sized> Clone for E<T> {
    fn clone(&self) -> Self {
        self.clone_as()
    }
}

impl<T: Payload> E<T> {
    /// The value that flows into a state.
    #[must_use]
    pub fn input() -> Self {
        Self::new(Ok(Js::Input), T::shape())
    }

    /// Asks a step that returns `bool`. It runs as a task of its own before the choice.
    #[must_use]
    pub fn holds<S: Step>(&self) -> E<bool>
    where
        T: Fits<S, S::In, S::Input>,
        S::Out: Truth,
    {
        let call = Call::new(S::META, <T as Fits<S, S::In, S::Input>>::GIVEN);
        E {
            predicate: Some(Box::new(Predicate { call, name: None })),
            ..E::new(Ok(Js::Verdict), Shape::Boolean)
        }
    }
}

impl<T: ?Sized> E<T> {
    fn new(js: Result<Js, Fault>, shape: Shape) -> Self {
        let nullable = matches!(shape, Shape::Option(_));
        Self {
            js,
            shape,
            nullable,
            predicate: None,
            yields: PhantomData,
        }
    }

    fn clone_as<R: ?Sized>(&self) -> E<R> {
        E {
            js: self.js.clone(),
            shape: self.shape.clone(),
            nullable: self.nullable,
            predicate: self.predicate.clone(),
            yields: PhantomData,
        }
    }

    /// Names the state of the predicate step, where the step's own name is taken.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        if let Some(predicate) = &mut self.predicate {
            predicate.name = Some(name.into());
        }
        self
    }

    /// A field, or a field's field: `order.field(|order| &order.customer.name, "customer.name")`.
    ///
    /// The function is never called. It gives the type, and rustc its messages; the names say which field it is, as
    /// the source has them: the JSON's names are found through [`Payload::shape`].
    #[must_use]
    pub fn field<R: ?Sized>(
        &self,
        _typed: impl for<'a> FnOnce(&'a T) -> &'a R,
        names: &str,
    ) -> E<R> {
        self.path(names).clone_as()
    }

    /// The same, for a type that rustc has checked elsewhere.
    #[must_use]
    pub fn path(&self, names: &str) -> E<Checked> {
        let mut found = self.clone_as();
        for name in names.split('.').filter(|name| !name.is_empty()) {
            found = found.member(name);
        }
        found
    }

    fn member(self, name: &str) -> Self {
        let nullable = self.nullable;
        let js = match self.js {
            Ok(js) => js,
            fault => return Self::new(fault, Shape::Any),
        };
        let unknown = |field: &str| {
            Self::new(
                Err(Fault::Unknown {
                    field: field.to_owned(),
                }),
                Shape::Any,
            )
        };
        match self.shape {
            Shape::Transparent { field, shape, .. } if field == name => Self::new(Ok(js), shape()),
            Shape::Tuple(items) => match name.parse::<usize>() {
                Ok(index) if index < items.len() => Self::new(
                    Ok(Js::Part(Box::new(js), Part::Index(index))),
                    items[index](),
                ),
                _ => unknown(name),
            },
            Shape::TupleOf(items) => match name.parse::<usize>() {
                Ok(index) if index < items.len() => Self::new(
                    Ok(Js::Part(Box::new(js), Part::Index(index))),
                    items[index].clone(),
                ),
                _ => unknown(name),
            },
            Shape::Struct {
                name: owner,
                fields,
                ..
            } => {
                let Some(field) = fields.iter().find(|field| field.rust == name) else {
                    return unknown(name);
                };
                let shape = (field.shape)();
                match field.json {
                    Some(key) => {
                        let mut part =
                            Self::new(Ok(Js::Part(Box::new(js), Part::Key(key.to_owned()))), shape);
                        // What is within something absent is absent too.
                        part.nullable |= field.optional || nullable;
                        part
                    }
                    None if field.flatten => Self::new(Ok(js), shape),
                    None => Self::new(
                        Err(Fault::Skipped {
                            field: name.to_owned(),
                            owner: owner.to_owned(),
                        }),
                        shape,
                    ),
                }
            }
            _ => unknown(name),
        }
    }

    fn compare<R: ?Sized>(self, operator: Operator, other: E<R>) -> E<bool> {
        let predicate = self.predicate.clone();
        let js = compare(operator, self.clone_as(), other.clone_as());
        join(js, predicate, other.predicate)
    }

    /// `==`
    #[must_use]
    pub fn equals<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.compare(Operator::Equal, other)
    }

    /// `!=`
    #[must_use]
    pub fn differs<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.compare(Operator::NotEqual, other)
    }

    /// `<`
    #[must_use]
    pub fn less_than<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.compare(Operator::Less, other)
    }

    /// `<=`
    #[must_use]
    pub fn at_most<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.compare(Operator::LessOrEqual, other)
    }

    /// `>`
    #[must_use]
    pub fn more_than<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.compare(Operator::Greater, other)
    }

    /// `>=`
    #[must_use]
    pub fn at_least<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.compare(Operator::GreaterOrEqual, other)
    }

    /// How many items a list or a map has. A text has none that Rust and JSONata count alike.
    #[must_use]
    pub fn len(self) -> E<usize> {
        let js = self.js.and_then(|js| match bare(self.shape) {
            Shape::List(_) | Shape::ListOf(_) => Ok(Js::Call("count", vec![js])),
            Shape::Map(_) => Ok(Js::Call("count", vec![Js::Call("keys", vec![js])])),
            other => Err(Fault::NoLength {
                found: describe(&other),
            }),
        });
        E::new(js, Shape::Integer)
    }

    /// Whether a list or a map has no items, or a text no characters.
    #[must_use]
    pub fn is_empty(self) -> E<bool> {
        if let Shape::String = bare(self.shape.clone()) {
            return self.equals(constant(""));
        }
        self.len().equals(constant(&0))
    }

    /// Whether there is a value: neither absent nor null.
    #[must_use]
    pub fn is_some(self) -> E<bool> {
        let js = self.js.map(|js| {
            let exists = Js::Call("exists", vec![js.clone()]);
            let given = binary(Operator::NotEqual, js, Js::Literal(Value::Null));
            binary(Operator::And, exists, given)
        });
        E::new(js, Shape::Boolean)
    }

    /// Whether there is no value: the key is absent, or the value null.
    #[must_use]
    pub fn is_none(self) -> E<bool> {
        self.is_some().not()
    }

    /// Whether the value is what a path in a pattern names: a variant of its enum, or a constant.
    #[must_use]
    pub fn is_path<C: Serialize>(self, last: &str, value: impl FnOnce() -> C) -> E<bool> {
        match bare(self.shape.clone()) {
            Shape::Enum { variants, .. } if variants.iter().any(|variant| variant.rust == last) => {
                self.is_variant(last)
            }
            _ => self.equals(constant(&value())),
        }
    }

    /// Whether an enum's value is of that variant, whatever data it carries.
    #[must_use]
    pub fn is_variant(self, variant: &str) -> E<bool> {
        let js = self
            .js
            .and_then(|js| is_variant(js, bare(self.shape), variant));
        E::new(js, Shape::Boolean)
    }

    pub(crate) fn into_js(self) -> Result<Js, Fault> {
        match self.predicate {
            Some(predicate) => Err(Fault::Predicate {
                step: predicate.call.step.name,
            }),
            None => self.js,
        }
    }

    /// As [`E::into_js`], for a leaf that must not be absent.
    pub(crate) fn into_leaf(self) -> Result<Js, Fault> {
        let nullable = self.nullable;
        let js = self.into_js()?;
        Ok(if nullable {
            Js::OrNull(Box::new(js))
        } else {
            js
        })
    }
}

impl E<bool> {
    /// `!`
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "an operator on expressions would look as if it were evaluated here"
    )]
    pub fn not(self) -> Self {
        Self {
            js: self.js.map(|js| match js {
                Js::Not(inner) => *inner,
                js => Js::Not(Box::new(js)),
            }),
            ..self
        }
    }

    fn both(self, operator: Operator, other: Self) -> Self {
        let js = self
            .js
            .and_then(|left| other.js.map(|right| binary(operator, left, right)));
        join(js, self.predicate, other.predicate)
    }

    /// `&&`
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.both(Operator::And, other)
    }

    /// `||`
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.both(Operator::Or, other)
    }

    pub(crate) fn into_test(self) -> (Result<Js, Fault>, Option<Predicate>) {
        (self.js, self.predicate.map(|predicate| *predicate))
    }
}

impl E<Checked> {
    /// The same expression as a condition; rustc has checked elsewhere that it is one.
    #[must_use]
    pub fn truth(self) -> E<bool> {
        self.clone_as()
    }
}

impl E<Checked> {
    /// A variable of a function body that holds a value of that shape.
    pub(crate) fn variable(id: VariableId, shape: Shape) -> Self {
        Self::new(Ok(Js::Variable(id)), shape)
    }

    /// An expression that was written elsewhere.
    pub(crate) fn of(js: Result<Js, Fault>, shape: Shape) -> Self {
        Self::new(js, shape)
    }

    pub(crate) fn js(&self) -> Result<&Js, &Fault> {
        self.js.as_ref()
    }

    pub(crate) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Whether it is `()`.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self.js, Ok(Js::Literal(Value::Null)))
    }

    /// The shape of a list's items.
    pub(crate) fn item_shape(&self) -> Shape {
        match bare(self.shape.clone()) {
            Shape::List(of) => of(),
            Shape::ListOf(of) => *of,
            _ => Shape::Any,
        }
    }
}

/// A constant: whatever serde makes of it.
#[must_use]
pub fn constant<T: Serialize + ?Sized>(value: &T) -> E<Checked> {
    /// The largest number of which JSONata, which counts in doubles, knows every smaller one.
    const EXACT: u64 = 1 << 53;
    let value = match serde_json::to_value(value) {
        Ok(value) => value,
        Err(error) => {
            let why = error.to_string();
            return E::new(Err(Fault::Constant { why }), Shape::Any);
        }
    };
    let (shape, nullable) = match &value {
        Value::Null => (Shape::Null, false),
        Value::Bool(_) => (Shape::Boolean, false),
        Value::Number(number) if number.is_f64() => (Shape::Number, false),
        Value::Number(number) => {
            let size = number
                .as_u64()
                .or_else(|| number.as_i64().map(i64::unsigned_abs));
            if size.is_some_and(|size| size > EXACT) {
                let why = format!("JSONata would round {number}");
                return E::new(Err(Fault::Constant { why }), Shape::Integer);
            }
            (Shape::Integer, false)
        }
        Value::String(_) => (Shape::String, false),
        _ => (Shape::Any, false),
    };
    E {
        nullable,
        ..E::new(Ok(Js::Literal(value)), shape)
    }
}

fn binary(operator: Operator, left: Js, right: Js) -> Js {
    Js::Binary(operator, Box::new(left), Box::new(right))
}

/// At most one predicate a condition, and it is the leftmost part: the macro and the order of evaluation see to it.
fn join(
    js: Result<Js, Fault>,
    left: Option<Box<Predicate>>,
    right: Option<Box<Predicate>>,
) -> E<bool> {
    let js = match &right {
        Some(right) => Err(Fault::Predicate {
            step: right.call.step.name,
        }),
        None => js,
    };
    E {
        predicate: left,
        ..E::new(js, Shape::Boolean)
    }
}

fn compare(operator: Operator, left: E<Checked>, right: E<Checked>) -> Result<Js, Fault> {
    let given = |js: &Js| matches!(js, Js::Literal(value) if !value.is_null());
    let (left_nullable, right_nullable) = (left.nullable, right.nullable);
    let (left_shape, right_shape) = (bare(left.shape), bare(right.shape));
    let (mut left, mut right) = (left.js?, right.js?);
    match operator {
        Operator::Equal | Operator::NotEqual => {
            if !left_nullable && !right_nullable {
                return Ok(binary(operator, left, right));
            }
            // An absent key equals nothing in JSONata, not even another absent key, and differs from nothing either.
            if left_nullable && !given(&right) {
                left = Js::OrNull(Box::new(left));
            }
            if right_nullable && !given(&left) {
                right = Js::OrNull(Box::new(right));
            }
            let equal = binary(Operator::Equal, left, right);
            Ok(if operator == Operator::Equal {
                equal
            } else {
                Js::Not(Box::new(equal))
            })
        }
        _ => {
            for shape in [&left_shape, &right_shape] {
                if !matches!(
                    shape,
                    Shape::Integer | Shape::Number | Shape::String | Shape::Any
                ) {
                    return Err(Fault::NoOrder {
                        operator: operator.rust(),
                        found: describe(shape),
                    });
                }
            }
            Ok(binary(operator, left, right))
        }
    }
}

impl<T: ?Sized> From<E<T>> for Template {
    fn from(expression: E<T>) -> Self {
        Template::Leaf(expression.into_leaf())
    }
}

/// The shape without the newtypes around it.
fn bare(shape: Shape) -> Shape {
    match shape {
        Shape::Transparent { shape, .. } => bare(shape()),
        other => other,
    }
}

fn describe(shape: &Shape) -> &'static str {
    match shape {
        Shape::Null => "nothing (`()`)",
        Shape::Boolean => "a `bool`",
        Shape::Integer | Shape::Number => "a number",
        Shape::String => "a text",
        Shape::List(_) | Shape::ListOf(_) => "a list",
        Shape::Tuple(_) | Shape::TupleOf(_) => "a tuple",
        Shape::Map(_) => "a map",
        Shape::Option(_) => "an `Option`",
        Shape::Struct { .. } => "a struct",
        Shape::Enum { .. } => "an enum",
        _ => "a value of unknown shape",
    }
}

fn is_variant(js: Js, shape: Shape, name: &str) -> Result<Js, Fault> {
    let Shape::Enum {
        name: owner,
        tagging,
        variants,
        ..
    } = shape
    else {
        return Err(Fault::Variant {
            variant: name.to_owned(),
            owner: describe(&shape).to_owned(),
        });
    };
    let fault = || Fault::Variant {
        variant: name.to_owned(),
        owner: owner.to_owned(),
    };
    let variant = variants
        .iter()
        .find(|variant| variant.rust == name)
        .ok_or_else(fault)?;
    let tag = |js: Js| {
        let literal = Js::Literal(Value::from(variant.json));
        binary(Operator::Equal, js, literal)
    };
    let key = |js: Js, key: &str| Js::Part(Box::new(js), Part::Key(key.to_owned()));
    match tagging {
        Tagging::External if matches!(variant.shape, Shape::Null) => Ok(tag(js)),
        Tagging::External => Ok(Js::Call("exists", vec![key(js, variant.json)])),
        Tagging::Internal(at) | Tagging::Adjacent(at, _) => Ok(tag(key(js, at))),
        Tagging::Untagged => Err(fault()),
    }
}
