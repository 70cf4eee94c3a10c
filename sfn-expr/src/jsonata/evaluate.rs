//! Runs the general evaluator.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::Value;

use super::convert::Converter;
use super::needs::Need;
use super::{Bindings, EvalError, Parsed, message, rewrite};
use crate::Environment;

/// How much an evaluation may use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How deep nodes may nest below the outermost; the service counts that one too.
    pub(super) depth: Option<usize>,
    pub(super) millis: Option<u64>,
    /// Of numbers in one sequence.
    pub(super) sequence: Option<usize>,
    /// Of the result.
    pub(super) bytes: Option<usize>,
}

impl Limits {
    /// What the service was measured to allow.
    pub(super) const AWS: Limits = Limits {
        depth: Some(99),
        millis: Some(5_000),
        sequence: Some(873_782),
        bytes: Some(6_990_256),
    };
}

/// The value of `parsed`; `None` for undefined.
///
/// `data` is the context item, which is undefined in Step Functions.
pub(super) fn run(
    parsed: &Parsed,
    data: &JValue,
    bindings: &Bindings<'_>,
    env: &mut dyn Environment,
    limits: Limits,
) -> Result<Option<Value>, EvalError> {
    let options = EvaluatorOptions {
        timeout_ms: limits.millis,
        cancel: None,
        max_stack_depth: limits.depth,
        max_sequence_length: limits.sequence,
    };
    let converter = Rc::new(Converter::default());
    let mut evaluator =
        Evaluator::with_options(scope(parsed, bindings, &converter), options.clone());
    parsed.functions.register(&mut evaluator, env, &converter);
    let ast = match &parsed.guarded {
        Some(guarded) => {
            for (name, guard) in rewrite::GUARDS {
                evaluator
                    .register_fn(name, guard)
                    .expect("no function of JSONata has such a name");
            }
            guarded
        }
        None => &parsed.ast,
    };
    let value = surely(&mut evaluator, ast, data).map_err(|error| {
        // Messages name values that the error does not carry; they are evaluated again.
        let value_of = |node: &AstNode| {
            let mut evaluator =
                Evaluator::with_options(scope(parsed, bindings, &converter), options.clone());
            converter
                .result(&surely(&mut evaluator, node, data).ok()?)
                .ok()?
        };
        message::of_evaluator(&error, &parsed.ast, &value_of)
    })?;
    if limits
        .bytes
        .is_some_and(|limit| !fits(&value, &mut { limit }))
    {
        return Err(message::out_of_memory());
    }
    converter.result(&value)
}

/// Evaluates; a panic of the evaluator, which is not ours, fails the expression and no more.
///
/// Fuzzing finds overflows in it, where a build checks for them. Nothing that a panic leaves half done is looked at again.
pub(super) fn surely(
    evaluator: &mut Evaluator,
    ast: &AstNode,
    data: &JValue,
) -> Result<JValue, EvaluatorError> {
    catch_unwind(AssertUnwindSafe(|| evaluator.evaluate(ast, data))).unwrap_or_else(|_| {
        Err(EvaluatorError::EvaluationError(
            "The expression is beyond the evaluator".to_owned(),
        ))
    })
}

/// What the expression can see, as far as it looks.
fn scope(parsed: &Parsed, bindings: &Bindings<'_>, converter: &Converter) -> Context {
    let mut context = Context::new();
    for (name, need) in parsed.needs.roots() {
        if name == "states" {
            context.bind(name.to_owned(), states(bindings, need, converter));
        } else if let Some(value) = bindings.variables.get(name) {
            context.bind(name.to_owned(), converter.part(value, need));
        }
    }
    context
}

/// `$states`, as far as it is needed.
fn states(bindings: &Bindings<'_>, need: &Need, converter: &Converter) -> JValue {
    let part = |name: &str| match need {
        Need::Whole => Some(&Need::Whole),
        Need::Members(members) => members.get(name),
    };
    let mut members = Vec::with_capacity(4);
    if let Some(need) = part("input") {
        members.push(("input", converter.part(bindings.input, need)));
    }
    if let (Some(need), Some(result)) = (part("result"), bindings.result) {
        members.push(("result", converter.part(result, need)));
    }
    if let (Some(need), Some(error_output)) = (part("errorOutput"), bindings.error_output) {
        members.push(("errorOutput", converter.part(error_output, need)));
    }
    match part("context") {
        None => {}
        Some(Need::Whole) => members.push(("context", converter.whole(bindings.context.value()))),
        Some(Need::Members(needed)) => {
            // Member by member, so that the whole need not be built.
            let context = needed.iter().filter_map(|(name, need)| {
                Some((
                    name.clone(),
                    converter.part(bindings.context.member(name)?, need),
                ))
            });
            members.push(("context", JValue::object(context.collect())));
        }
    }
    JValue::object(
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// Whether `value` takes no more than `left` bytes, which it is taken from.
fn fits(value: &JValue, left: &mut usize) -> bool {
    let size = match value {
        JValue::String(text) => text.len(),
        JValue::Array(items) => return items.iter().all(|item| fits(item, left)),
        JValue::Object(members) => return members.values().all(|member| fits(member, left)),
        _ => 8,
    };
    match left.checked_sub(size) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    }
}
