//! Expressions over the value that flows: typed by rustc, written as JSONata.

mod fault;
mod form;
mod js;

use std::marker::PhantomData;

use serde::Serialize;

pub use self::{
    fault::Fault,
    form::Array,
    js::{Js, Local, Operator, Part},
};
pub(crate) use self::{form::CHARS, js::Item};
use super::{
    definition::{Call, Template},
    fits::{Fits, Truth},
    ops,
    variable::VariableId,
};
use crate::{Payload, Shape, Step};

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
/// more, as ordinary Rust. What else may be done with an expression is in [`ops`].
#[derive(Debug)]
pub struct E<T: ?Sized> {
    pub(super) js: Result<Js, Fault>,
    pub(super) shape: Shape,
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
    pub(super) fn new(js: Result<Js, Fault>, shape: Shape) -> Self {
        Self {
            js,
            shape,
            predicate: None,
            yields: PhantomData,
        }
    }

    fn clone_as<R: ?Sized>(&self) -> E<R> {
        E {
            js: self.js.clone(),
            shape: self.shape.clone(),
            predicate: self.predicate.clone(),
            yields: PhantomData,
        }
    }

    /// The same expression, of a type that rustc has checked elsewhere.
    #[must_use]
    pub fn checked(&self) -> E<Checked> {
        self.clone_as()
    }

    /// What an operation makes of it; a predicate step stays with it.
    fn with<R: ?Sized>(self, operation: impl FnOnce(E<Checked>) -> E<Checked>) -> E<R> {
        let mut this = self.clone_as();
        let predicate = this.predicate.take();
        let made = operation(this);
        E {
            predicate,
            ..made.clone_as()
        }
    }

    /// What an operation makes of two.
    ///
    /// There is at most one predicate a condition, and it is the leftmost part: the macro and the order of evaluation
    /// see to it.
    fn with_two<U: ?Sized, R: ?Sized>(
        self,
        other: E<U>,
        operation: impl FnOnce(E<Checked>, E<Checked>) -> E<Checked>,
    ) -> E<R> {
        if let Some(right) = &other.predicate {
            let step = right.call.step.name;
            return E::new(Err(Fault::Predicate { step }), Shape::Boolean);
        }
        self.with(|this| operation(this, other.clone_as()))
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
        let names = names.split('.').filter(|name| !name.is_empty());
        names.fold(self.clone_as(), ops::field)
    }

    /// `==`
    #[must_use]
    pub fn equals<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.with_two(other, ops::equals)
    }

    /// `!=`
    #[must_use]
    pub fn differs<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.with_two(other, ops::differs)
    }

    /// `<`
    #[must_use]
    pub fn less_than<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.with_two(other, ops::less_than)
    }

    /// `<=`
    #[must_use]
    pub fn at_most<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.with_two(other, ops::at_most)
    }

    /// `>`
    #[must_use]
    pub fn more_than<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.with_two(other, ops::more_than)
    }

    /// `>=`
    #[must_use]
    pub fn at_least<R: ?Sized>(self, other: E<R>) -> E<bool> {
        self.with_two(other, ops::at_least)
    }

    /// How many items a list or a map has. A text has none that Rust and JSONata count alike.
    #[must_use]
    pub fn len(self) -> E<usize> {
        self.with(ops::len)
    }

    /// Whether a list or a map has no items, or a text no characters.
    #[must_use]
    pub fn is_empty(self) -> E<bool> {
        self.with(ops::is_empty)
    }

    /// Whether there is a value: neither absent nor null.
    #[must_use]
    pub fn is_some(self) -> E<bool> {
        self.with(ops::is_some)
    }

    /// Whether there is no value: the key is absent, or the value null.
    #[must_use]
    pub fn is_none(self) -> E<bool> {
        self.with(ops::is_none)
    }

    /// Whether the value is what a path in a pattern names: a variant of its enum, or a constant.
    #[must_use]
    pub fn is_path<C: Serialize>(self, last: &str, value: impl FnOnce() -> C) -> E<bool> {
        self.with(|this| ops::is_path(this, last, || constant(&value())))
    }

    /// Whether an enum's value is of that variant, whatever data it carries.
    #[must_use]
    pub fn is_variant(self, variant: &str) -> E<bool> {
        self.with(|this| ops::is_variant(this, variant))
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
        let nullable = self.shape.is_option();
        let js = self.into_js()?;
        Ok(if nullable { js.or_null() } else { js })
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
        self.with(ops::not)
    }

    /// `&&`
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.with_two(other, ops::and)
    }

    /// `||`
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.with_two(other, ops::or)
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

    /// The line in the source, for what is wrong with it.
    #[must_use]
    pub fn at_line(mut self, line: u32) -> Self {
        self.js = self.js.map_err(|fault| match fault {
            Fault::At { .. } => fault,
            fault => Fault::At {
                line,
                fault: Box::new(fault),
            },
        });
        self
    }

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
        matches!(self.js, Ok(Js::Literal(serde_json::Value::Null)))
    }

    /// The shape of a list's items.
    pub(crate) fn item_shape(&self) -> Shape {
        self.shape.clone().bare().item().unwrap_or(Shape::Any)
    }
}

/// A constant: whatever serde makes of it.
#[must_use]
pub fn constant<T: Serialize + ?Sized>(value: &T) -> E<Checked> {
    ops::known(value, None)
}

impl<T: ?Sized> From<E<T>> for Template {
    fn from(expression: E<T>) -> Self {
        Template::Leaf(expression.into_leaf())
    }
}
