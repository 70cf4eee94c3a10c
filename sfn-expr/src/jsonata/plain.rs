//! Expressions simple enough to be evaluated on the data itself, without handing it to the evaluator.
//!
//! That is faster, and it keeps integers that a double cannot hold.

use jsonata_core::ast::{AstNode, PathStep, Stage, UnaryOp};
use serde_json::Value;

use super::Bindings;

/// A simple expression.
#[derive(Debug, Clone)]
pub(super) enum Plain {
    Path(Root, Vec<Step>),
}

#[derive(Debug, Clone)]
pub(super) enum Root {
    Input,
    Result,
    ErrorOutput,
    /// A member of the context object.
    Context(String),
    Variable(String),
}

/// A field, with the indexes that follow it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    name: String,
    indexes: Vec<i64>,
}

/// What came of a simple expression.
pub(super) enum Outcome {
    /// The value; `None` for undefined.
    Known(Option<Value>),
    /// The evaluator must be asked.
    Unsure,
}

impl Plain {
    pub(super) fn of(ast: &AstNode) -> Option<Plain> {
        match ast {
            AstNode::Path { steps } => path(steps),
            AstNode::Variable(name) if !name.is_empty() && name != "states" => {
                Some(Plain::Path(Root::Variable(name.clone()), Vec::new()))
            }
            _ => None,
        }
    }

    pub(super) fn evaluate(&self, bindings: &Bindings<'_>) -> Outcome {
        match self {
            Plain::Path(root, steps) => {
                let start = match root {
                    Root::Input => Some(bindings.input),
                    Root::Result => bindings.result,
                    Root::ErrorOutput => bindings.error_output,
                    Root::Context(name) => bindings.context.member(name),
                    Root::Variable(name) => match bindings.variables.get(name) {
                        Some(value) => Some(value),
                        // It may be the name of a function.
                        None => return Outcome::Unsure,
                    },
                };
                let mut here = match start {
                    Some(value) => value,
                    None => return Outcome::Known(None),
                };
                for step in steps {
                    match here {
                        Value::Object(members) if step.indexes.is_empty() => {
                            match members.get(&step.name) {
                                Some(found) => here = found,
                                None => return Outcome::Known(None),
                            }
                        }
                        _ => return Outcome::Unsure,
                    }
                }
                match here {
                    // An array may be unwrapped or flattened.
                    Value::Array(_) => Outcome::Unsure,
                    value => Outcome::Known(Some(value.clone())),
                }
            }
        }
    }
}

fn path(steps: &[PathStep]) -> Option<Plain> {
    let [first, rest @ ..] = steps else {
        return None;
    };
    let AstNode::Variable(name) = &first.node else {
        return None;
    };
    if !is_simple(first) || !first.stages.is_empty() {
        return None;
    }
    let mut rest = rest
        .iter()
        .map(step)
        .collect::<Option<Vec<Step>>>()?
        .into_iter();
    if name != "states" {
        return Some(Plain::Path(Root::Variable(name.clone()), rest.collect()));
    }
    let field = rest.next()?;
    if !field.indexes.is_empty() {
        return None;
    }
    let root = match field.name.as_str() {
        "input" => Root::Input,
        "result" => Root::Result,
        "errorOutput" => Root::ErrorOutput,
        "context" => {
            let member = rest.next()?;
            if !member.indexes.is_empty() {
                return None;
            }
            Root::Context(member.name)
        }
        _ => return None,
    };
    Some(Plain::Path(root, rest.collect()))
}

fn is_simple(step: &PathStep) -> bool {
    step.focus.is_none()
        && step.index_var.is_none()
        && step.ancestor_label.is_none()
        && !step.is_tuple
}

fn step(step: &PathStep) -> Option<Step> {
    let AstNode::Name(name) = &step.node else {
        return None;
    };
    if !is_simple(step) {
        return None;
    }
    let indexes = step.stages.iter().map(|stage| match stage {
        Stage::Filter(index) => match &**index {
            AstNode::Number(n) => Some(n.floor() as i64),
            AstNode::Unary {
                op: UnaryOp::Negate,
                operand,
            } => match **operand {
                AstNode::Number(n) => Some((-n).floor() as i64),
                _ => None,
            },
            _ => None,
        },
        Stage::KeepArray | Stage::Index(_) => None,
    });
    Some(Step {
        name: name.clone(),
        indexes: indexes.collect::<Option<Vec<i64>>>()?,
    })
}
