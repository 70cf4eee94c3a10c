//! Error messages as the reference implementation words them, which is how Step Functions shows them.
//!
//! The evaluator's own wording differs; its codes do not. What it leaves out, such as the name of the
//! function at fault, is found again in the expression.

use jsonata_core::ast::{AstNode, BinaryOp, UnaryOp};
use jsonata_core::evaluator::{EvaluatorError, error_code_prefix};
use jsonata_core::parser::ParserError;
use serde_json::Value;

use super::{EvalError, ParseError};

mod signature;

use signature::Signature;

/// The parser's error about `source`.
pub(super) fn of_parser(error: &ParserError, source: &str) -> ParseError {
    if matches!(error, ParserError::UnclosedString) && ends_inside_a_regex(source) {
        return ParseError::Invalid {
            code: "S0302".to_owned(),
            message: "No terminating / in regular expression".to_owned(),
        };
    }
    let text = error.to_string();
    let text = text
        .strip_prefix("Invalid syntax: ")
        .or_else(|| text.strip_prefix("Invalid number: "))
        .unwrap_or(&text);
    if text == "Unclosed comment" {
        return ParseError::Invalid {
            code: "S0106".to_owned(),
            message: "Comment has no closing tag".to_owned(),
        };
    }
    match error_code_prefix(text) {
        Some(code) => {
            let rest = text[code.len() + 1..].trim_start();
            ParseError::Invalid {
                code: code.to_owned(),
                message: parser_wording(code, rest),
            }
        }
        None => ParseError::Invalid {
            code: String::new(),
            message: text.to_owned(),
        },
    }
}

/// Whether what is not closed in `source` is a regular expression: the parser takes it for a string.
fn ends_inside_a_regex(source: &str) -> bool {
    // What the last token was tells a regular expression from a division.
    let mut after_operand = false;
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\'' | '`' => {
                while let Some(inner) = chars.next() {
                    match inner {
                        '\\' if c != '`' => drop(chars.next()),
                        inner if inner == c => break,
                        _ => {}
                    }
                }
                after_operand = true;
            }
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                let mut last = ' ';
                for inner in chars.by_ref() {
                    if last == '*' && inner == '/' {
                        break;
                    }
                    last = inner;
                }
            }
            '/' if !after_operand => {
                let mut closed = false;
                while let Some(inner) = chars.next() {
                    match inner {
                        '\\' => drop(chars.next()),
                        '/' => {
                            closed = true;
                            break;
                        }
                        _ => {}
                    }
                }
                if !closed {
                    return true;
                }
                after_operand = true;
            }
            c if c.is_whitespace() => {}
            c => after_operand = c.is_alphanumeric() || matches!(c, '_' | '$' | ')' | ']' | '}'),
        }
    }
    false
}

fn parser_wording(code: &str, text: &str) -> String {
    match code {
        "S0102" => match text.strip_prefix("Number out of range: ") {
            Some(number) => format!("Number out of range: \"{number}\""),
            None => text.to_owned(),
        },
        "S0103" => match text.strip_prefix("Unsupported escape sequence: \\") {
            Some(escape) => format!("Unsupported escape sequence: \\\"{escape}\""),
            None => text.to_owned(),
        },
        "S0201" => match text.strip_prefix("Syntax error: ") {
            Some(found) => format!("Syntax error: {}", token(found)),
            None => text.to_owned(),
        },
        "S0202" => match text
            .strip_prefix("Expected ")
            .and_then(|rest| rest.split_once(", got "))
        {
            Some((expected, found)) => {
                format!("Expected {}, got {}", token(expected), token(found))
            }
            None => text.to_owned(),
        },
        "S0203" => {
            let expected = text
                .strip_prefix("Expected ")
                .and_then(|rest| rest.strip_suffix(" before end of expression"));
            match expected {
                Some(expected) => format!("Expected {} before end of expression", token(expected)),
                None => text.to_owned(),
            }
        }
        "S0204" => match text.strip_prefix("Unknown operator: ") {
            Some(operator) => format!("Unknown operator: \"{operator}\""),
            None => text.to_owned(),
        },
        "S0208" => {
            "Parameter 1 of function definition must be a variable name (start with $)".to_owned()
        }
        "S0211" => {
            let symbol = text
                .strip_prefix("The symbol ")
                .and_then(|rest| rest.strip_suffix(" cannot be used as a unary operator"));
            match symbol {
                Some(symbol) => format!(
                    "The symbol {} cannot be used as a unary operator",
                    token(symbol)
                ),
                None => text.to_owned(),
            }
        }
        "S0214" => match text.strip_prefix("Expected a variable reference after ") {
            Some(symbol) => {
                format!("The right side of \"{symbol}\" must be a variable name (start with $)")
            }
            None => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// A token as it is written, from the name the parser has for it.
fn token(name: &str) -> String {
    if let Some(inner) = name
        .strip_prefix("Number(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        return match inner.parse::<f64>() {
            Ok(number) => super::convert::number(number).to_string(),
            Err(_) => inner.to_owned(),
        };
    }
    for kind in ["Identifier(", "String(", "Variable(", "Function("] {
        if let Some(inner) = name
            .strip_prefix(kind)
            .and_then(|rest| rest.strip_suffix(')'))
        {
            return inner.to_owned();
        }
    }
    let symbol = match name {
        "True" => return "true".to_owned(),
        "False" => return "false".to_owned(),
        "Null" => return "null".to_owned(),
        "Plus" => "+",
        "Minus" => "-",
        "Star" => "*",
        "StarStar" => "**",
        "Slash" => "/",
        "Percent" => "%",
        "Equal" => "=",
        "NotEqual" => "!=",
        "LessThan" => "<",
        "LessThanOrEqual" => "<=",
        "GreaterThan" => ">",
        "GreaterThanOrEqual" => ">=",
        "And" => "and",
        "Or" => "or",
        "In" => "in",
        "Ampersand" => "&",
        "Dot" => ".",
        "DotDot" => "..",
        // Step Functions' version reads these two as an operator and a stray symbol.
        "Question" | "QuestionQuestion" => "?",
        "Colon" | "QuestionColon" => ":",
        "ColonEqual" => ":=",
        "TildeArrow" => "~>",
        "LeftParen" => "(",
        "RightParen" => ")",
        "LeftBracket" => "[",
        "RightBracket" => "]",
        "LeftBrace" => "{",
        "RightBrace" => "}",
        "Comma" => ",",
        "Semicolon" => ";",
        "Caret" => "^",
        "Pipe" => "|",
        "Hash" => "#",
        "At" => "@",
        "Eof" => "(end)",
        other => other,
    };
    format!("\"{symbol}\"")
}

/// The evaluator's error about `ast`. `value_of` evaluates a part of it, as far as that can be done apart.
pub(super) fn of_evaluator(
    error: &EvaluatorError,
    ast: &AstNode,
    value_of: &dyn Fn(&AstNode) -> Option<Value>,
) -> EvalError {
    let text = error.message();
    // Errors of a lambda's signature carry a sentence in front of their code.
    let text = text
        .strip_prefix("Signature validation failed: ")
        .unwrap_or(text);
    // Of all that `&` takes, only this cannot be a text.
    let text = match text {
        "Cannot concatenate complex types" => "D3001: infinite, or no number",
        text => text,
    };
    let Some(code) = error_code_prefix(text) else {
        // The reference implementation has no code for these either.
        return EvalError::Thrown {
            code: "U0000".to_owned(),
            message: text.to_owned(),
        };
    };
    let rest = text[code.len() + 1..].trim_start();
    match code {
        "D1011" | "U1001" => stack_overflow(),
        "D1012" => EvalError::Limit {
            message: "Expression evaluation timeout: Check for infinite loop".to_owned(),
        },
        "D2014" | "D2015" => out_of_memory(),
        code => EvalError::Thrown {
            code: code.to_owned(),
            message: wording(code, rest, ast, value_of),
        },
    }
}

pub(super) fn stack_overflow() -> EvalError {
    EvalError::Limit {
        message: "Stack overflow error: Check for non-terminating recursive function. \
                  Consider rewriting as tail-recursive. Depth=101 max=100"
            .to_owned(),
    }
}

pub(super) fn out_of_memory() -> EvalError {
    EvalError::Limit {
        message: "Expression evaluation memory limit exceeded: Check for excessive memory usage"
            .to_owned(),
    }
}

fn wording(
    code: &str,
    text: &str,
    ast: &AstNode,
    value_of: &dyn Fn(&AstNode) -> Option<Value>,
) -> String {
    let fixed = match code {
        "D1001" => "Number out of range: null",
        "D3001" => "Attempting to invoke string function on Infinity or NaN",
        "D3010" => "Second argument of replace function cannot be an empty string",
        "D3020" => "Third argument of split function must evaluate to a positive number",
        "D3080" => "The picture string must only contain a maximum of two sub-pictures",
        "D3081" => {
            "The sub-picture must not contain more than one instance of the 'decimal-separator' character"
        }
        "D3082" => {
            "The sub-picture must not contain more than one instance of the 'percent' character"
        }
        "D3083" => {
            "The sub-picture must not contain more than one instance of the 'per-mille' character"
        }
        "D3084" => "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
        "D3085" => {
            "The mantissa part of a sub-picture must contain at least one character that is either an \
             'optional digit character' or a member of the 'decimal digit family'"
        }
        "D3086" => {
            "The sub-picture must not contain a passive character that is preceded by an active character \
             and that is followed by another active character"
        }
        "D3087" => {
            "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a \
             'decimal-separator' character"
        }
        "D3088" => {
            "The sub-picture must not contain a 'grouping-separator' at the end of the integer part"
        }
        "D3089" => {
            "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character"
        }
        "D3090" => {
            "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that \
             is followed by an instance of the 'optional digit character'"
        }
        "D3091" => {
            "The fractional part of the sub-picture must not contain an instance of the 'optional digit \
             character' that is followed by a member of the 'decimal digit family'"
        }
        "D3134" => "The timezone integer format specifier cannot have more than four digits",
        "D3135" => "No matching closing bracket ']' in date/time picture string",
        "D3138" => {
            "The $single() function expected exactly 1 matching result.  Instead it matched more."
        }
        "D3139" => {
            "The $single() function expected exactly 1 matching result.  Instead it matched 0."
        }
        "T1006" => "Attempted to invoke a non-function",
        "T2003" => "The left side of the range operator (..) must evaluate to an integer",
        "T2004" => "The right side of the range operator (..) must evaluate to an integer",
        _ => "",
    };
    if !fixed.is_empty() {
        return fixed.to_owned();
    }
    match code {
        "D3030" => match text
            .strip_prefix("Cannot convert '")
            .and_then(|rest| rest.strip_suffix("' to number"))
        {
            Some(value) => format!("Unable to cast value to a number: \"{value}\""),
            None => text.to_owned(),
        },
        "D3060" | "D3061" => text.to_owned(),
        "D3100" => match text.rsplit_once("got ") {
            Some((_, radix)) => {
                format!(
                    "The radix of the formatBase function must be between 2 and 36.  It was given {radix}"
                )
            }
            None => text.to_owned(),
        },
        "D3130" => format!(
            "Formatting or parsing an integer as a sequence starting with \"{text}\" is not supported by this \
             implementation"
        ),
        "D3133" => format!(
            "The 'name' modifier can only be applied to months and days in the date/time picture string, not \"{text}\""
        ),
        "T0410" | "T0411" | "T0412" => argument(code, text, ast),
        "T1010" => text
            .replace("function $split", "function \"split\"")
            .replace("function $match", "function \"match\""),
        "T2001" | "T2002" => operator(text),
        "D1002" => negation(text, ast, value_of),
        "T2009" | "T2010" => comparison(code, ast, value_of),
        _ => text.to_owned(),
    }
}

/// `… of the + operator …`, with the operator in quotes.
fn operator(text: &str) -> String {
    match text
        .split_once(" of the ")
        .and_then(|(side, rest)| Some((side, rest.split_once(" operator ")?)))
    {
        Some((side, (operator, rest))) if !operator.starts_with('"') => {
            format!("{side} of the \"{operator}\" operator {rest}")
        }
        _ => text.to_owned(),
    }
}

/// A negation of what is no number; the first such one is taken.
fn negation(text: &str, ast: &AstNode, value_of: &dyn Fn(&AstNode) -> Option<Value>) -> String {
    let mut message = text.to_owned();
    signature::visit(ast, &mut |node| {
        if let AstNode::Unary {
            op: UnaryOp::Negate,
            operand,
        } = node
            && let Some(value) = value_of(operand).filter(|value| !value.is_number())
        {
            message = format!("Cannot negate a non-numeric value: {value}");
            return false;
        }
        true
    });
    message
}

/// A comparison of what cannot be compared; the first such one is taken, or else the first.
fn comparison(code: &str, ast: &AstNode, value_of: &dyn Fn(&AstNode) -> Option<Value>) -> String {
    let mut operator = None;
    let mut values = None;
    signature::visit(ast, &mut |node| {
        let AstNode::Binary { op, lhs, rhs } = node else {
            return true;
        };
        let symbol = match op {
            BinaryOp::LessThan => "<",
            BinaryOp::LessThanOrEqual => "<=",
            BinaryOp::GreaterThan => ">",
            BinaryOp::GreaterThanOrEqual => ">=",
            _ => return true,
        };
        operator.get_or_insert(symbol);
        let (left, right) = (value_of(lhs), value_of(rhs));
        let comparable = |value: &Option<Value>| {
            matches!(value, None | Some(Value::Number(_) | Value::String(_)))
        };
        let at_fault = match (&left, &right) {
            _ if code == "T2010" => !comparable(&left) || !comparable(&right),
            (Some(left), Some(right)) => left.is_number() != right.is_number(),
            _ => false,
        };
        if at_fault {
            operator = Some(symbol);
            values = left.zip(right);
        }
        !at_fault
    });
    let operator = operator.unwrap_or("<");
    match values {
        _ if code == "T2010" => {
            format!(
                "The expressions either side of operator \"{operator}\" must evaluate to numeric or string values"
            )
        }
        Some((left, right)) => {
            format!(
                "The values {left} and {right} either side of operator \"{operator}\" must be of the same data type"
            )
        }
        None => format!(
            "The values either side of operator \"{operator}\" must be of the same data type"
        ),
    }
}

/// An argument that a function does not accept.
fn argument(code: &str, text: &str, ast: &AstNode) -> String {
    // A lambda with a signature is told by its position alone.
    if let Some(rest) = text.strip_prefix("Argument ")
        && let Some((index, rest)) = rest.split_once(" of function ")
    {
        if rest.starts_with('"') {
            return text.to_owned();
        }
        return match rest.strip_prefix("must be an array of ") {
            Some(kind) => format!(
                "Argument {index} of function undefined must be an array of {}",
                plural(kind)
            ),
            None => {
                format!("Argument {index} of function undefined does not match function signature")
            }
        };
    }
    if code == "T0411" {
        let name = Signature::culprit(ast, |signature, _| signature.takes_context());
        return format!(
            "Context value is not a compatible type with argument 1 of function {}",
            quoted(name)
        );
    }
    if let Some(counts) = text.strip_prefix("Argument count mismatch: expected ") {
        let given = counts
            .rsplit_once("got ")
            .and_then(|(_, given)| given.parse().ok())
            .unwrap_or(0);
        let fits = |signature: &Signature, arguments| {
            arguments == given && (given > signature.most() || given < signature.least())
        };
        let (index, name) = Signature::culprit_with(ast, fits, |signature| {
            if given > signature.most() {
                signature.most() + 1
            } else {
                given + 1
            }
        });
        return format!(
            "Argument {index} of function {} does not match function signature",
            quoted(name)
        );
    }
    let Some((index, wanted)) = text
        .strip_prefix("Argument ")
        .and_then(|rest| rest.split_once(" must be "))
    else {
        // `now() takes no arguments`
        let name = text.split_once("()").map(|(name, _)| name);
        return format!(
            "Argument 1 of function {} does not match function signature",
            quoted(name)
        );
    };
    let position: usize = index.parse().unwrap_or(1);
    if let Some(kind) = wanted.strip_prefix("an array of ") {
        let name = Signature::culprit(ast, |signature, _| signature.array_of(position).is_some());
        return format!(
            "Argument {index} of function {} must be an array of {}",
            quoted(name),
            plural(kind)
        );
    }
    let name = Signature::culprit(ast, |signature, arguments| {
        arguments >= position && signature.wants(position, wanted)
    });
    format!(
        "Argument {index} of function {} does not match function signature",
        quoted(name)
    )
}

fn quoted(name: Option<&str>) -> String {
    match name {
        Some(name) => format!("\"{name}\""),
        None => "undefined".to_owned(),
    }
}

fn plural(kind: &str) -> &'static str {
    match kind {
        "Number" => "\"numbers\"",
        "String" => "\"strings\"",
        "Boolean" => "\"booleans\"",
        "Object" => "\"objects\"",
        "Array" => "\"arrays\"",
        "Function" => "\"functions\"",
        _ => "\"values\"",
    }
}
