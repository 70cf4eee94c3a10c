//! Finds out whether an expression is simple.

use std::cmp::Ordering;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage, UnaryOp};
use serde_json::Value;

use super::super::convert;
use super::function::Function;
use super::path::{Path, Root, Step};
use super::{Arithmetic, Plain};

/// How deep a simple expression may nest. Deeper ones may exceed the service's limit, which the evaluator knows.
const MAX_DEPTH: usize = 24;

impl Plain {
    /// The expression, if it is simple.
    pub(in super::super) fn of(ast: &AstNode) -> Option<Plain> {
        plain(ast, 0)
    }
}

fn plain(node: &AstNode, depth: usize) -> Option<Plain> {
    if depth > MAX_DEPTH {
        return None;
    }
    let below = |node: &AstNode| plain(node, depth + 1).map(Box::new);
    match node {
        AstNode::String(text) => Some(Plain::Literal(Value::String(text.clone()))),
        AstNode::Number(n) => Some(Plain::Literal(convert::number(*n))),
        AstNode::Boolean(b) => Some(Plain::Literal(Value::Bool(*b))),
        AstNode::Null => Some(Plain::Literal(Value::Null)),
        AstNode::Variable(name) if !name.is_empty() && name != "states" => {
            Some(Plain::Path(Path {
                root: Root::Variable(name.clone()),
                indexes: Vec::new(),
                steps: Vec::new(),
            }))
        }
        AstNode::Path { steps } => path(steps).map(Plain::Path),
        AstNode::Unary {
            op: UnaryOp::Negate,
            operand,
        } => Some(Plain::Negate(below(operand)?)),
        AstNode::Binary { op, lhs, rhs } => {
            let order = |accepts: fn(Ordering) -> bool| {
                Some(Plain::Order {
                    left: below(lhs)?,
                    right: below(rhs)?,
                    accepts,
                })
            };
            let arithmetic = |operator| {
                Some(Plain::Arithmetic {
                    left: below(lhs)?,
                    right: below(rhs)?,
                    operator,
                })
            };
            let equal = |negated| {
                Some(Plain::Equal {
                    left: below(lhs)?,
                    right: below(rhs)?,
                    negated,
                })
            };
            match op {
                BinaryOp::Equal => equal(false),
                BinaryOp::NotEqual => equal(true),
                BinaryOp::LessThan => order(Ordering::is_lt),
                BinaryOp::LessThanOrEqual => order(Ordering::is_le),
                BinaryOp::GreaterThan => order(Ordering::is_gt),
                BinaryOp::GreaterThanOrEqual => order(Ordering::is_ge),
                BinaryOp::Add => arithmetic(Arithmetic::Add),
                BinaryOp::Subtract => arithmetic(Arithmetic::Subtract),
                BinaryOp::Multiply => arithmetic(Arithmetic::Multiply),
                BinaryOp::Divide => arithmetic(Arithmetic::Divide),
                BinaryOp::Modulo => arithmetic(Arithmetic::Modulo),
                BinaryOp::And => Some(Plain::And(below(lhs)?, below(rhs)?)),
                BinaryOp::Or => Some(Plain::Or(below(lhs)?, below(rhs)?)),
                BinaryOp::In => Some(Plain::In(below(lhs)?, below(rhs)?)),
                BinaryOp::Concatenate => Some(Plain::Concatenate(below(lhs)?, below(rhs)?)),
                _ => None,
            }
        }
        AstNode::Conditional {
            condition,
            then_branch,
            else_branch,
        } => {
            let otherwise = match else_branch {
                Some(node) => Some(below(node)?),
                None => None,
            };
            Some(Plain::Conditional(
                below(condition)?,
                below(then_branch)?,
                otherwise,
            ))
        }
        AstNode::Block(nodes) => match &nodes[..] {
            [single] => plain(single, depth + 1),
            _ => None,
        },
        AstNode::Function {
            name,
            args,
            is_builtin: true,
        } => match &args[..] {
            [argument] => Some(Plain::Call(Function::named(name)?, below(argument)?)),
            _ => None,
        },
        AstNode::Object(pairs) => {
            let mut members: Vec<(String, Plain)> = Vec::with_capacity(pairs.len());
            for (key, value) in pairs {
                let AstNode::String(key) = key else {
                    return None;
                };
                // The evaluator refuses what is there twice.
                if members.iter().any(|(other, _)| other == key) {
                    return None;
                }
                members.push((key.clone(), plain(value, depth + 1)?));
            }
            Some(Plain::Object(members))
        }
        AstNode::Array(items) => items
            .iter()
            .map(|item| Some((matches!(item, AstNode::Array(_)), plain(item, depth + 1)?)))
            .collect::<Option<Vec<_>>>()
            .map(Plain::Array),
        _ => None,
    }
}

fn path(steps: &[PathStep]) -> Option<Path> {
    let [first, rest @ ..] = steps else {
        return None;
    };
    let AstNode::Variable(name) = &first.node else {
        return None;
    };
    if name.is_empty() || !is_simple(first) {
        return None;
    }
    let mut indexes = indexes(&first.stages)?;
    let mut rest = rest
        .iter()
        .map(step)
        .collect::<Option<Vec<Step>>>()?
        .into_iter();
    let root = if name == "states" {
        if !indexes.is_empty() {
            return None;
        }
        let mut root = rest.next()?;
        if root.name == "context" {
            if !root.indexes.is_empty() {
                return None;
            }
            root = rest.next()?;
            indexes = root.indexes;
            Root::Context(root.name)
        } else {
            indexes = root.indexes;
            match root.name.as_str() {
                "input" => Root::Input,
                "result" => Root::Result,
                "errorOutput" => Root::ErrorOutput,
                _ => return None,
            }
        }
    } else {
        Root::Variable(name.clone())
    };
    Some(Path {
        root,
        indexes,
        steps: rest.collect(),
    })
}

/// Whether a step binds nothing beside.
fn is_simple(step: &PathStep) -> bool {
    step.focus.is_none()
        && step.index_var.is_none()
        && step.ancestor_label.is_none()
        && !step.is_tuple
}

fn step(step: &PathStep) -> Option<Step> {
    match &step.node {
        AstNode::Name(name) if is_simple(step) => Some(Step {
            name: name.clone(),
            indexes: indexes(&step.stages)?,
        }),
        _ => None,
    }
}

/// The indexes that the predicates of a step are, if they all are.
fn indexes(stages: &[Stage]) -> Option<Vec<i64>> {
    let index = |stage: &Stage| match stage {
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
    };
    stages.iter().map(index).collect()
}
