//! What Step Functions refuses although it is JSONata.

use jsonata_core::ast::{AstNode, BinaryOp};

use super::ParseError;
use super::needs::children;

/// Refuses what version 2.0.6 refuses and the parser accepts.
pub(super) fn version(node: &AstNode) -> Result<(), ParseError> {
    if let AstNode::Binary { op, .. } = node {
        // Version 2.0.6 takes the second character for a stray symbol.
        let symbol = match op {
            BinaryOp::Coalesce => Some('?'),
            BinaryOp::Default => Some(':'),
            _ => None,
        };
        if let Some(symbol) = symbol {
            return Err(ParseError::Invalid {
                code: "S0211".to_owned(),
                message: format!("The symbol \"{symbol}\" cannot be used as a unary operator"),
            });
        }
    }
    if let AstNode::Regex { pattern, flags } = node {
        let invalid = |code: &str, message: String| ParseError::Invalid {
            code: code.to_owned(),
            message,
        };
        if pattern.is_empty() {
            return Err(invalid(
                "S0301",
                "Empty regular expressions are not allowed".to_owned(),
            ));
        }
        if let Some(at) = flags.find(|flag| !matches!(flag, 'i' | 'm')) {
            return Err(invalid(
                "S0201",
                format!("Syntax error: \"{}\"", &flags[at..]),
            ));
        }
    }
    children(node).into_iter().try_for_each(version)
}

/// Refuses references to a context item where there is none.
///
/// Inside a later step of a path, in a predicate, an order-by or a group-by there is one.
pub(super) fn top_level(node: &AstNode) -> Result<(), ParseError> {
    match node {
        AstNode::Path { steps } => match steps.first() {
            Some(first) => match &first.node {
                AstNode::Name(name) => Err(refused(name)),
                // The stages of a step have each of its values for context.
                other => top_level(other),
            },
            None => Ok(()),
        },
        AstNode::Name(name) => Err(refused(name)),
        AstNode::Variable(name) if name.is_empty() => Err(refused("$")),
        AstNode::ParentVariable(_) => Err(refused("$$")),
        AstNode::Wildcard => Err(refused("*")),
        AstNode::Descendant => Err(refused("**")),
        AstNode::Sort { input, .. } | AstNode::ObjectTransform { input, .. } => top_level(input),
        AstNode::Transform { .. } => Ok(()),
        AstNode::Function {
            name,
            args,
            is_builtin,
        } => {
            if !is_builtin {
                return Err(refused(name));
            }
            args.iter().try_for_each(top_level)
        }
        other => children(other).into_iter().try_for_each(top_level),
    }
}

fn refused(name: &str) -> ParseError {
    ParseError::Unsupported {
        message: format!("Reference to '{name}' at the top level is not supported."),
    }
}
