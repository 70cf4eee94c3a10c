//! Error messages as the reference implementation words them, which is how Step Functions shows them.

use jsonata_core::evaluator::EvaluatorError;
use jsonata_core::parser::ParserError;

use super::EvalError;

/// The parser's message without its code.
pub(super) fn of_parser(error: &ParserError) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("Invalid syntax: ").unwrap_or(&text);
    match jsonata_core::evaluator::error_code_prefix(text) {
        Some(code) => text[code.len() + 1..].trim_start().to_owned(),
        None => text.to_owned(),
    }
}

/// The evaluator's error.
pub(super) fn of_evaluator(error: &EvaluatorError) -> EvalError {
    let text = error.message();
    let Some(code) = error.code() else {
        return EvalError::Thrown {
            code: "U0000".to_owned(),
            message: text.to_owned(),
        };
    };
    match code {
        "D1011" | "U1001" => EvalError::Limit {
            message: "Stack overflow error: Check for non-terminating recursive function. \
                      Consider rewriting as tail-recursive. Depth=101 max=100"
                .to_owned(),
        },
        "D1012" => EvalError::Limit {
            message: "Expression evaluation timeout: Check for infinite loop".to_owned(),
        },
        "D2014" | "D2015" => out_of_memory(),
        code => EvalError::Thrown {
            code: code.to_owned(),
            message: text[code.len() + 1..].trim_start().to_owned(),
        },
    }
}

pub(super) fn out_of_memory() -> EvalError {
    EvalError::Limit {
        message: "Expression evaluation memory limit exceeded: Check for excessive memory usage"
            .to_owned(),
    }
}
