//! Where the evaluator's reading of an expression differs from the reference implementation's, and how that is mended.
//!
//! [`read_as_reference`] corrects what the parser made of a text; everything that looks at an expression sees the outcome.
//! [`for_evaluator`] adds calls of functions of our own, which only the evaluator gets to see.

use std::collections::BTreeSet;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage, UnaryOp};
use jsonata_core::evaluator::{EvaluatorError, HostFnResult};
use jsonata_core::value::JValue;

use super::needs::{children, visit};

/// A function that expressions may call.
type Guard = fn(&[JValue]) -> HostFnResult;

/// The functions that [`for_evaluator`] calls, with their names. No expression can write these: they hold a blank.
pub(super) const GUARDS: [(&str, Guard); 9] = [
    (LIST, list),
    (LIST_TO_FOLD, list_to_fold),
    (OPERAND, operand),
    (NEGATED, negated),
    (CONDITION, condition),
    (BOUND, bound),
    (PICTURE, picture),
    (CONTEXT_NUMBER, context_number),
    (WIDTH, width),
];

const LIST: &str = "a list";
const LIST_TO_FOLD: &str = "a list to fold";
const OPERAND: &str = "an operand";
const NEGATED: &str = "an operand to negate";
const CONDITION: &str = "a condition";
const BOUND: &str = "a bound";
const PICTURE: &str = "a picture";
const WIDTH: &str = "a width";
const CONTEXT_NUMBER: &str = "a number for context";

/// Reads operators and predicates as the reference implementation does.
///
/// - An order-by binds as loosely as a comparison, so `a ~> f ^(x)` orders what `f` made of `a`; the parser
///   gives it to the operand beside it.
/// - A call behind `~>` is made as such, and what is written behind it (`x ~> $f()[0]`) has no effect.
pub(super) fn read_as_reference(node: &mut AstNode) {
    children_mut(node).into_iter().for_each(read_as_reference);
    if let AstNode::Binary {
        op: BinaryOp::ChainPipe,
        rhs,
        ..
    } = node
    {
        let call = match &mut **rhs {
            AstNode::Path { steps } => match &mut steps[..] {
                [only] if matches!(only.node, AstNode::Function { .. } | AstNode::Call { .. }) => {
                    Some(std::mem::replace(&mut only.node, AstNode::Undefined))
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(call) = call {
            **rhs = call;
        }
    }
    let operand = match node {
        AstNode::Binary { op, rhs, .. } if binds_as_tight_as_order_by(*op) => rhs,
        AstNode::Unary { operand, .. } => operand,
        _ => return,
    };
    if innermost_order_by(operand).is_none() {
        return;
    }
    // The order-by takes the place of the operator, and the operator that of the order-by's input.
    let mut outer = std::mem::replace(&mut **operand, AstNode::Undefined);
    let input = innermost_order_by(&mut outer).expect("there is one, as was just seen");
    **operand = std::mem::replace(input, AstNode::Undefined);
    *input = std::mem::replace(node, AstNode::Undefined);
    *node = outer;
}

fn binds_as_tight_as_order_by(op: BinaryOp) -> bool {
    !matches!(
        op,
        BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::ColonEqual
            | BinaryOp::Range
            | BinaryOp::Coalesce
            | BinaryOp::Default
            | BinaryOp::FocusBind
            | BinaryOp::IndexBind
    )
}

/// The input of the order-by that a chain of steps, predicates and groups begins with.
fn innermost_order_by(node: &mut AstNode) -> Option<&mut AstNode> {
    match node {
        AstNode::Sort { input, .. } => {
            // The first of several is the one that stands beside the operand.
            if begins_with_order_by(input) {
                innermost_order_by(input)
            } else {
                Some(input)
            }
        }
        AstNode::Path { steps } => innermost_order_by(&mut steps.first_mut()?.node),
        AstNode::ObjectTransform { input, .. } => innermost_order_by(input),
        _ => None,
    }
}

fn begins_with_order_by(node: &AstNode) -> bool {
    match node {
        AstNode::Sort { .. } => true,
        AstNode::Path { steps } => steps
            .first()
            .is_some_and(|step| begins_with_order_by(&step.node)),
        AstNode::ObjectTransform { input, .. } => begins_with_order_by(input),
        _ => false,
    }
}

/// The expression with calls of [`GUARDS`] where the evaluator's operators and functions are not careful enough;
/// `None` where it needs none.
pub(super) fn for_evaluator(ast: &AstNode) -> Option<AstNode> {
    let mut bound = BTreeSet::new();
    let mut divides = false;
    let mut guarded = false;
    visit(ast, &mut |node| match node {
        AstNode::Binary { op, lhs, .. } => {
            divides |= matches!(op, BinaryOp::Divide | BinaryOp::Modulo);
            guarded |= *op == BinaryOp::Range;
            if let (BinaryOp::ColonEqual, AstNode::Variable(name)) = (op, &**lhs) {
                bound.insert(name.as_str());
            }
        }
        AstNode::Lambda { params, .. } => bound.extend(params.iter().map(String::as_str)),
        AstNode::Function { name, .. } => {
            guarded |= list_guard(name, 0).is_some()
                || takes_picture(name)
                || matches!(name.as_str(), "formatInteger" | "pad");
        }
        _ => {}
    });
    if !divides && !guarded {
        return None;
    }
    let mut rewritten = ast.clone();
    let guards = Guards {
        bound: &bound,
        divides,
    };
    guards.add(&mut rewritten);
    Some(rewritten)
}

struct Guards<'a> {
    /// The names that the expression itself defines: a function of such a name is not the one we know.
    bound: &'a BTreeSet<&'a str>,
    /// Whether it divides, and so may make something that is no number.
    divides: bool,
}

impl Guards<'_> {
    fn add(&self, node: &mut AstNode) {
        let chained = matches!(
            node,
            AstNode::Binary { op: BinaryOp::ChainPipe, rhs, .. }
                if matches!(**rhs, AstNode::Function { .. })
        );
        // Judged before the parts are guarded, which hides what they are.
        self.guard(node);
        let mut below = children_mut(node);
        // A call behind `~>` lacks its first argument, and was judged with the operator.
        if let [_, call] = &mut below[..]
            && chained
        {
            children_mut(call)
                .into_iter()
                .for_each(|child| self.add(child));
            below.truncate(1);
        }
        below.into_iter().for_each(|child| self.add(child));
    }

    fn guard(&self, node: &mut AstNode) {
        match node {
            AstNode::Function {
                name,
                args,
                is_builtin: true,
            } if !self.bound.contains(name.as_str()) => {
                if let Some(guard) = list_guard(name, args.len())
                    && let [list, _, ..] = &mut args[..]
                {
                    call(guard, list);
                } else if name == "pad" {
                    // The text may be left out, and so may the character.
                    args.iter_mut().for_each(|arg| call(WIDTH, arg));
                } else if name == "formatInteger"
                    && let [picture] = &mut args[..]
                    && !matches!(picture, AstNode::Placeholder)
                {
                    let mut context = AstNode::Variable(String::new());
                    call(CONTEXT_NUMBER, &mut context);
                    args.insert(0, context);
                } else if takes_picture(name)
                    && let [_, picture, ..] = &mut args[..]
                {
                    call(PICTURE, picture);
                } else if matches!(name.as_str(), "not" | "boolean")
                    && self.divides
                    && let [operand] = &mut args[..]
                {
                    self.guard_number(CONDITION, operand);
                }
            }
            AstNode::Binary { op, lhs, rhs } => match op {
                BinaryOp::ChainPipe => {
                    if let AstNode::Function {
                        name,
                        args,
                        is_builtin: true,
                    } = &mut **rhs
                        && !self.bound.contains(name.as_str())
                    {
                        if let Some(guard) = list_guard(name, args.len() + 1) {
                            call(guard, lhs);
                        } else if name == "pad" {
                            args.iter_mut().for_each(|arg| call(WIDTH, arg));
                        } else if takes_picture(name)
                            && let [picture, ..] = &mut args[..]
                        {
                            call(PICTURE, picture);
                        }
                    }
                }
                BinaryOp::Range => {
                    for end in [lhs, rhs] {
                        if !matches!(**end, AstNode::Number(n) if n.abs() <= LARGEST_BOUND) {
                            call(BOUND, end);
                        }
                    }
                }
                BinaryOp::Add
                | BinaryOp::Subtract
                | BinaryOp::Multiply
                | BinaryOp::Divide
                | BinaryOp::Modulo => {
                    self.guard_number(OPERAND, lhs);
                    self.guard_number(OPERAND, rhs);
                }
                BinaryOp::And | BinaryOp::Or => {
                    self.guard_number(CONDITION, lhs);
                    self.guard_number(CONDITION, rhs);
                }
                _ => {}
            },
            AstNode::Unary {
                op: UnaryOp::Negate,
                operand,
            } => self.guard_number(NEGATED, operand),
            AstNode::Conditional { condition, .. } => self.guard_number(CONDITION, condition),
            _ => {}
        }
    }

    /// Guards `node` if it may be infinite or no number at all: where something is divided, or comes from elsewhere.
    fn guard_number(&self, guard: &str, node: &mut AstNode) {
        if self.divides && may_be_no_number(node, guard != OPERAND) {
            call(guard, node);
        }
    }
}

fn may_be_no_number(node: &AstNode, or_infinite: bool) -> bool {
    match node {
        AstNode::Binary { op, .. } => match op {
            BinaryOp::Divide | BinaryOp::Modulo => true,
            // Its operands are finite, or it fails.
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply => or_infinite,
            BinaryOp::ColonEqual | BinaryOp::ChainPipe => true,
            _ => false,
        },
        AstNode::Unary { .. } => false,
        AstNode::Block(nodes) => nodes
            .last()
            .is_some_and(|last| may_be_no_number(last, or_infinite)),
        AstNode::Variable(_)
        | AstNode::Function { .. }
        | AstNode::Call { .. }
        | AstNode::Conditional { .. } => true,
        // A path over data finds what JSON can hold.
        AstNode::Path { steps } => steps.first().is_some_and(|first| {
            matches!(&first.node, AstNode::Variable(name) if name != "states")
                || may_be_no_number(&first.node, or_infinite)
        }),
        _ => false,
    }
}

/// The guard of the list that a function of that many arguments takes first.
fn list_guard(name: &str, arguments: usize) -> Option<&'static str> {
    match (name, arguments) {
        ("reduce", 2) => Some(LIST_TO_FOLD),
        ("reduce" | "filter", _) => Some(LIST),
        _ => None,
    }
}

/// Whether a function takes a picture of a date as its second argument.
fn takes_picture(name: &str) -> bool {
    matches!(name, "fromMillis" | "toMillis")
}

/// Puts `node` into a call of the function `name`.
fn call(name: &str, node: &mut AstNode) {
    if matches!(node, AstNode::Placeholder) {
        return;
    }
    let argument = std::mem::replace(node, AstNode::Undefined);
    *node = AstNode::Function {
        name: name.to_owned(),
        args: vec![argument],
        is_builtin: true,
    };
}

/// The nodes right below a node, as [`children`] gives them.
fn children_mut(node: &mut AstNode) -> Vec<&mut AstNode> {
    fn of_step(step: &mut PathStep) -> impl Iterator<Item = &mut AstNode> {
        std::iter::once(&mut step.node).chain(step.stages.iter_mut().filter_map(
            |stage| match stage {
                Stage::Filter(condition) => Some(&mut **condition),
                Stage::KeepArray | Stage::Index(_) => None,
            },
        ))
    }
    fn of_pairs(pairs: &mut [(AstNode, AstNode)]) -> impl Iterator<Item = &mut AstNode> {
        pairs.iter_mut().flat_map(|(key, value)| [key, value])
    }
    match node {
        AstNode::Path { steps } => steps.iter_mut().flat_map(of_step).collect(),
        AstNode::Binary { lhs, rhs, .. } => vec![lhs, rhs],
        AstNode::Unary { operand, .. } => vec![operand],
        AstNode::Function { args, .. } => args.iter_mut().collect(),
        AstNode::Call { procedure, args } => {
            std::iter::once(&mut **procedure).chain(args).collect()
        }
        AstNode::Lambda { body, .. } => vec![body],
        AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => {
            items.iter_mut().collect()
        }
        AstNode::Object(pairs) => of_pairs(pairs).collect(),
        AstNode::ObjectTransform { input, pattern } => std::iter::once(&mut **input)
            .chain(of_pairs(pattern))
            .collect(),
        AstNode::Conditional {
            condition,
            then_branch,
            else_branch,
        } => {
            let mut nodes: Vec<&mut AstNode> = vec![condition, then_branch];
            nodes.extend(else_branch.as_deref_mut());
            nodes
        }
        AstNode::FunctionApplication(inner) => vec![inner],
        AstNode::Sort { input, terms } => std::iter::once(&mut **input)
            .chain(terms.iter_mut().map(|(term, _)| term))
            .collect(),
        AstNode::Transform {
            location,
            update,
            delete,
        } => {
            let mut nodes: Vec<&mut AstNode> = vec![location, update];
            nodes.extend(delete.as_deref_mut());
            nodes
        }
        leaf => {
            debug_assert!(children(leaf).is_empty());
            Vec::new()
        }
    }
}

fn argument(arguments: &[JValue]) -> JValue {
    arguments.first().cloned().unwrap_or(JValue::Undefined)
}

/// A null is a list of one null; the evaluator takes it for nothing.
fn list(arguments: &[JValue]) -> HostFnResult {
    Ok(match argument(arguments) {
        JValue::Null => JValue::array(vec![JValue::Null]),
        other => other,
    })
}

/// The same; and what is folded without an initial value, and is empty, comes to nothing, not to null.
fn list_to_fold(arguments: &[JValue]) -> HostFnResult {
    Ok(match list(arguments)? {
        JValue::Array(items) if items.is_empty() => JValue::Undefined,
        other => other,
    })
}

/// What is not a number (`0/0`) is no operand; the evaluator computes on with it. As a text it is refused.
fn operand(arguments: &[JValue]) -> HostFnResult {
    Ok(match argument(arguments) {
        JValue::Number(n) if n.is_nan() => JValue::string("NaN"),
        other => other,
    })
}

/// What is not a number is false, and what is infinite fails.
fn condition(arguments: &[JValue]) -> HostFnResult {
    match finite(arguments)? {
        JValue::Number(n) if n.is_nan() => Ok(JValue::Bool(false)),
        other => Ok(other),
    }
}

/// What is infinite cannot be negated either.
fn negated(arguments: &[JValue]) -> HostFnResult {
    operand(&[finite(arguments)?])
}

fn finite(arguments: &[JValue]) -> HostFnResult {
    match argument(arguments) {
        JValue::Number(n) if n.is_infinite() => Err(EvaluatorError::EvaluationError(
            "D1001: Number out of range: null".to_owned(),
        )),
        other => Ok(other),
    }
}

/// The largest bound of a range that is handed on. The evaluator computes a range's length in 64 bits, and no range
/// that comes near may be built anyway.
const LARGEST_BOUND: f64 = 4e18;

fn bound(arguments: &[JValue]) -> HostFnResult {
    Ok(match argument(arguments) {
        JValue::Number(n) if n.is_finite() => {
            JValue::Number(n.clamp(-LARGEST_BOUND, LARGEST_BOUND))
        }
        other => other,
    })
}

/// The most digits that a date's picture may ask of a part; the evaluator computes in 64 bits what they can hold.
const DIGITS: usize = 18;

fn picture(arguments: &[JValue]) -> HostFnResult {
    let picture = argument(arguments);
    if let JValue::String(text) = &picture
        && text.split('[').any(|part| {
            let digits = part.chars().filter(|c| c.is_numeric() || *c == '#');
            digits.count() > DIGITS
        })
    {
        return Err(EvaluatorError::EvaluationError(
            "The picture asks for more digits than a date has".to_owned(),
        ));
    }
    Ok(picture)
}

/// The context item as the number that `$formatInteger` is not given: only the evaluator's own functions see it.
fn context_number(arguments: &[JValue]) -> HostFnResult {
    match argument(arguments) {
        number @ (JValue::Number(_) | JValue::Undefined) => Ok(number),
        _ => Err(EvaluatorError::EvaluationError(
            "T0411: Context value is not a compatible type with argument 1 of function \"formatInteger\""
                .to_owned(),
        )),
    }
}

/// The widest that a text is padded to: what is wider exceeds the service's limit of a result, and may fill the memory.
const WIDEST: f64 = 7e6;

fn width(arguments: &[JValue]) -> HostFnResult {
    match argument(arguments) {
        JValue::Number(n) if n.abs() > WIDEST => Err(EvaluatorError::EvaluationError(
            "D2014: the text is too wide".to_owned(),
        )),
        other => Ok(other),
    }
}
