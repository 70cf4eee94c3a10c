//! How calls end, as values of a function body: what `Result` and errors become.
//!
//! A `Result` that is kept is `{"Ok": value}` or `{"Err": error}`; an error is what a catcher gets, `{"Error": name, "Cause": text}`.
//! The macros write calls of these functions; rustc has checked the types on the same tokens as ordinary Rust.

use serde_json::Value;

use super::{
    body::{Body, CallSite, MapSite},
    expression::{Checked, E, Fault, Js, Operator, Part},
    ops,
};
use crate::{ErrorMeta, Failure, Shape, Tagging, Variant};

type X = E<Checked>;

/// The name under which the shape of a kept `Result` is known.
const RESULT: &str = "Result";
/// The name that a `Failure` is known by, whatever it is.
const ANY: &str = "States.TaskFailed";
/// The same for an error's.
const ERROR: &str = "an error";

fn variant(rust: &'static str, json: &'static str, shape: Shape) -> Variant {
    Variant { rust, json, shape }
}

fn result_shape(value: Shape, error: Shape) -> Shape {
    Shape::Enum {
        origin: None,
        name: RESULT,
        tagging: Tagging::External,
        variants: vec![variant("Ok", "Ok", value), variant("Err", "Err", error)],
    }
}

/// The shapes of the value and of the error, if it is that of a `Result`.
fn parts_of(shape: &Shape) -> Option<(&Shape, &Shape)> {
    match shape {
        Shape::Enum { name, variants, .. } if *name == RESULT => match variants.as_slice() {
            [ok, err] => Some((&ok.shape, &err.shape)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether it is a `Result` that is kept.
pub(crate) fn is_kept(it: &X) -> bool {
    is_kept_shape(it.shape())
}

/// Whether it is the shape of a `Result` that is kept.
pub(crate) fn is_kept_shape(shape: &Shape) -> bool {
    parts_of(shape).is_some()
}

/// The errors as a shape: by variant, those of a wrapped error below it.
fn error_shape(errors: &[ErrorMeta]) -> Shape {
    let mut variants: Vec<Variant> = Vec::new();
    let mut at = 0;
    while let Some(error) = errors.get(at) {
        let Some(_) = error.within else {
            let data = error.data.map_or(Shape::Null, |data| data());
            variants.push(variant(error.variant, error.name, data));
            at += 1;
            continue;
        };
        let same = errors[at..]
            .iter()
            .take_while(|other| other.variant == error.variant);
        let within: Vec<ErrorMeta> = same.filter_map(|other| other.within.copied()).collect();
        at += within.len();
        variants.push(variant(error.variant, "", error_shape(&within)));
    }
    Shape::Enum {
        origin: None,
        name: ERROR,
        tagging: Tagging::Adjacent("Error", "Cause"),
        variants,
    }
}

/// A caught error, of which it is known which it may be.
#[must_use]
pub fn caught(error: X, errors: &[ErrorMeta]) -> X {
    E::of(error.js, error_shape(errors))
}

/// The names of the errors that paths of variants name.
#[must_use]
pub fn names(errors: &[ErrorMeta], paths: &[&[&str]]) -> Vec<String> {
    errors
        .iter()
        .filter(|error| paths.iter().any(|path| is_named(error, path)))
        .map(|error| error.name.to_owned())
        .collect()
}

fn is_named(error: &ErrorMeta, path: &[&str]) -> bool {
    match path {
        [] => true,
        [first, rest @ ..] => {
            // A struct is its only variant.
            let same = error.variant == *first || error.variant.is_empty();
            same && error.within.is_none_or(|within| is_named(within, rest))
        }
    }
}

/// The variant that a path leads to, down the errors that are wrapped.
fn find<'s>(shape: &'s Shape, path: &[&str]) -> Option<&'s Variant> {
    let Shape::Enum { name, variants, .. } = shape else {
        return None;
    };
    let (first, rest) = path.split_first()?;
    if *name != ERROR {
        return None;
    }
    let found = variants
        .iter()
        .find(|variant| variant.rust == *first || variant.rust.is_empty())?;
    match (&found.shape, rest) {
        (_, []) => Some(found),
        (shape, rest) => find(shape, rest),
    }
}

/// The names of a variant's errors: its own, or all of those it wraps.
fn names_of(variant: &Variant, all: &mut Vec<&'static str>) {
    match &variant.shape {
        Shape::Enum { name, variants, .. } if *name == ERROR => {
            for inner in variants {
                names_of(inner, all);
            }
        }
        _ => all.push(variant.json),
    }
}

fn unknown(path: &[&str]) -> Fault {
    Fault::Variant {
        variant: path.join("::"),
        owner: ERROR.to_owned(),
    }
}

fn part(js: &Js, key: &str) -> Js {
    Js::Part(Box::new(js.clone()), Part::Key(key.to_owned()))
}

/// Whether an error is of the variant that a path names.
#[must_use]
pub fn is_variant(error: &X, path: &[&str]) -> X {
    let js = (|| {
        let js = error.js().map_err(Clone::clone)?;
        let found = find(error.shape(), path).ok_or_else(|| unknown(path))?;
        let mut all = Vec::new();
        names_of(found, &mut all);
        let tests = all.into_iter().map(|name| {
            let name = Js::Literal(Value::from(name));
            Js::Binary(Operator::Equal, Box::new(part(js, "Error")), Box::new(name))
        });
        tests
            .reduce(|one, other| Js::Binary(Operator::Or, Box::new(one), Box::new(other)))
            .ok_or_else(|| unknown(path))
    })();
    E::of(js, Shape::Boolean)
}

/// A field of an error, or the error that it wraps.
#[must_use]
pub fn part_of(error: &X, path: &[&str], field: &str) -> X {
    let Some(found) = find(error.shape(), path) else {
        return E::of(Err(unknown(path)), Shape::Any);
    };
    match &found.shape {
        // It is the same error, under another type.
        Shape::Enum { name, .. } if *name == ERROR => E::of(
            error.js().cloned().map_err(Clone::clone),
            found.shape.clone(),
        ),
        Shape::Null => E::of(
            Err(Fault::Lost {
                field: field.to_owned(),
                variant: path.join("::"),
            }),
            Shape::Any,
        ),
        // Named fields, or several without names.
        shape @ (Shape::Struct { origin: None, .. } | Shape::TupleOf(_)) => {
            ops::field(error.error_data(shape.clone()), field)
        }
        shape => error.error_data(shape.clone()),
    }
}

/// A field of an error whose type is a struct: `late.days`, or of a `Failure` its name and cause.
#[must_use]
pub fn field_of(error: &X, field: &str) -> X {
    let only = match error.shape() {
        Shape::Enum { name, variants, .. } if *name == ERROR => match variants.as_slice() {
            [only] if only.rust.is_empty() => Some(only),
            _ => None,
        },
        _ => None,
    };
    match (only, field) {
        (Some(only), "error") if only.json == ANY => error.error_name(),
        (Some(only), "cause") if only.json == ANY => error.error_cause(),
        (Some(_), _) => part_of(error, &["the error"], field),
        (None, _) => E::of(
            Err(Fault::Unknown {
                field: field.to_owned(),
            }),
            Shape::Any,
        ),
    }
}

/// `Ok(value)`, kept.
#[must_use]
pub fn ok(value: X) -> X {
    let shape = result_shape(value.shape().clone(), Shape::Any);
    let js = value.into_leaf();
    E::of(js.map(|js| Js::Object(vec![("Ok".to_owned(), js)])), shape)
}

/// `Err(error)`, kept.
#[must_use]
pub fn err(error: X) -> X {
    let shape = result_shape(Shape::Any, error.shape().clone());
    let js = error.into_js();
    E::of(js.map(|js| Js::Object(vec![("Err".to_owned(), js)])), shape)
}

fn has(result: &X, key: &str, value: bool) -> X {
    let js = match parts_of(result.shape()) {
        Some(_) => result
            .js()
            .map(|js| Js::Call("exists", vec![part(js, key)]))
            .map_err(Clone::clone),
        // What cannot fail went well.
        None => Ok(Js::Literal(Value::Bool(value))),
    };
    E::of(js, Shape::Boolean)
}

/// Whether it went well.
#[must_use]
pub fn is_ok(result: &X) -> X {
    has(result, "Ok", true)
}

/// Whether it failed.
#[must_use]
pub fn is_err(result: &X) -> X {
    has(result, "Err", false)
}

/// The value, where it went well.
#[must_use]
pub fn value(result: &X) -> X {
    match parts_of(result.shape()) {
        Some((value, _)) => E::of(
            result.js().map(|js| part(js, "Ok")).map_err(Clone::clone),
            value.clone(),
        ),
        None => result.clone(),
    }
}

/// The error, where it failed.
#[must_use]
pub fn error(result: &X) -> X {
    match parts_of(result.shape()) {
        Some((_, error)) => E::of(
            result.js().map(|js| part(js, "Err")).map_err(Clone::clone),
            error.clone(),
        ),
        None => E::of(Ok(Js::Literal(Value::Null)), error_shape(&[])),
    }
}

/// `.unwrap_or(other)`, of a `Result` or an `Option`.
#[must_use]
pub fn value_or(result: X, other: X) -> X {
    match parts_of(result.shape()) {
        Some(_) => ops::when(is_ok(&result), value(&result), other),
        None => ops::unwrap_or(result, other),
    }
}

/// `.ok()` of a `Result`; an `Option` stays what it is.
#[must_use]
pub fn as_option(result: X) -> X {
    match parts_of(result.shape()) {
        Some(_) => ops::when(is_ok(&result), ops::some(value(&result)), ops::none()),
        None => result,
    }
}

/// Calls something, and keeps how it ended where it may fail.
pub fn gather(body: &mut Body, site: CallSite) -> X {
    let errors = site.errors();
    if errors.is_empty() {
        return body.call(site);
    }
    kept(body, errors, |body| Some(body.call(site)))
}

/// Does something, and keeps how it ended.
pub fn kept(body: &mut Body, errors: &[ErrorMeta], does: impl FnOnce(&mut Body) -> Option<X>) -> X {
    let mut shape = None;
    let result = body
        .attempt(does)
        .ok(|_, value| {
            shape = Some(value.shape().clone());
            Some(ok(value))
        })
        .rest(|_, error| Some(err(error)))
        .join();
    let shape = result_shape(shape.unwrap_or(Shape::Any), error_shape(errors));
    E::of(result.js, shape)
}

/// A block of statements whose `return`s keep their results by themselves; its errors are kept here.
pub fn kept_block(
    body: &mut Body,
    errors: &[ErrorMeta],
    does: impl FnOnce(&mut Body) -> Option<X>,
) -> X {
    let result = body
        .attempt(does)
        .rest(|_, error| Some(err(caught(error, errors))))
        .join();
    E::of(result.js, result_shape(Shape::Any, error_shape(errors)))
}

/// `result?`: the value, or the flow ends with the error.
pub fn unwrapped(body: &mut Body, result: X) -> X {
    if parts_of(result.shape()).is_none() {
        return result;
    }
    body.choose(None)
        .when("it went well", is_ok(&result), |_| Some(value(&result)))
        .otherwise(|body| {
            body.raise(error(&result));
            None
        })
        .join()
}

/// `option?`: the value, or the flow ends with `None`.
pub fn some_or_none(body: &mut Body, option: X) -> X {
    body.choose(None)
        .when("there is one", ops::is_some(option.clone()), |_| {
            Some(ops::content(option))
        })
        .otherwise(|body| {
            body.return_(Some(ops::none()));
            None
        })
        .join()
}

/// The flow ends with a value, or as the `Result` says.
pub fn returned(body: &mut Body, result: X) {
    let value = unwrapped(body, result);
    body.return_(Some(value));
}

/// Ends with an error that is the same in every execution.
pub fn raise_known(body: &mut Body, failure: Failure) {
    body.fail(failure.error, Some(ops::text(&failure.cause)));
}

/// Ends with the error that a variant wraps.
pub fn raise_within(body: &mut Body, errors: &[ErrorMeta], variant: &str, error: X) {
    let wraps = errors
        .iter()
        .any(|known| known.variant == variant && known.within.is_some());
    if wraps {
        return body.raise(error);
    }
    body.refuse(format!(
        "`{variant}` holds another error, and is not it\n\
         help: mark the variant `#[step_error(transparent)]`, so that the error keeps its name"
    ));
}

/// Ends with an error whose fields show only when it runs.
pub fn raise_made(body: &mut Body, errors: &[ErrorMeta], variant: &str, fields: Vec<(&str, X)>) {
    let Some(error) = errors.iter().find(|error| error.variant == variant) else {
        return body.refuse(format!("the error `{variant}` has no name of its own"));
    };
    let Some(parts) = error.message else {
        return body.refuse(format!(
            "the text of `{variant}` is not known here\n\
             note: it is written into the state machine, so it must be made of the error's fields alone\n\
             help: write `#[error(\"… {{field}} …\")]` on it, or let a step fail with it"
        ));
    };
    let field = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| *known == name)
            .map_or_else(ops::broken, |(_, value)| value.clone())
    };
    let parts = parts.iter().map(|part| match part {
        crate::MessagePart::Text(text) => ops::text(text),
        crate::MessagePart::Field(name) => ops::to_string(field(name)),
    });
    let message = ops::format(parts.collect());
    let cause = match error.data.map(|data| data()) {
        None => message,
        Some(shape) => {
            let leaf = |value: X| value.into_leaf();
            let data = match shape {
                Shape::Struct { origin: None, .. } => fields
                    .iter()
                    .map(|(name, value)| Ok(((*name).to_owned(), leaf(value.clone())?)))
                    .collect::<Result<Vec<_>, Fault>>()
                    .map(Js::Object),
                Shape::TupleOf(_) => {
                    let items = fields.iter().map(|(_, value)| value.clone());
                    leaf(ops::tuple(items.collect()))
                }
                _ => leaf(field("0")),
            };
            let js = data.and_then(|data| {
                let message = leaf(message)?;
                let cause = Js::Object(vec![
                    ("message".to_owned(), message),
                    ("data".to_owned(), data),
                ]);
                Ok(Js::Call("string", vec![cause]))
            });
            E::of(js, Shape::String)
        }
    };
    body.fail(error.name, Some(cause));
}

/// At most that many items at once; 0 sets no limit.
pub fn at_most(site: MapSite, items: usize) -> MapSite {
    match u32::try_from(items) {
        Ok(0) | Err(_) => site,
        Ok(items) => site.max_concurrency(items),
    }
}

/// The ARN of a service integration: `sns:publish`, or an ARN as it is.
pub fn integration(resource: impl AsRef<str>) -> String {
    let resource = resource.as_ref();
    match resource.starts_with("arn:") {
        true => resource.to_owned(),
        false => format!("arn:aws:states:::{resource}"),
    }
}
