//! Expressions that AWS refuses: [`Code::InvalidJsonata`], [`Code::UnsupportedJsonata`], [`Code::UnclosedExpression`].
//!
//! The three are one walk, because an expression is parsed once and each needs the others to have passed.

use sfn_expr::jsonata::{Expression, ParseError};

use super::spots::{self, expressions};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{QueryLanguage, Visit, expression};

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    if visit.language != QueryLanguage::Jsonata {
        return;
    }
    for spot in expressions(visit) {
        let Some(text) = expression(spot.text) else {
            unclosed(&spot, report);
            continue;
        };
        match Expression::parse(text) {
            Ok(expression) => states(&expression, &spot, report),
            Err(ParseError::Unsupported { message, .. }) => report.add(
                Diagnostic::error(Code::UnsupportedJsonata, &spot.place, lower(&message))
                    .says_as("UNSUPPORTED_JSONATA_EXPRESSION", message)
                    .help("the input is `$states.input`, a variable is `$name`"),
            ),
            Err(ParseError::Invalid { message, .. }) => report.add(
                Diagnostic::error(
                    Code::InvalidJsonata,
                    &spot.place,
                    format!("the expression does not parse: {}", lower(&message)),
                )
                .says_as("INVALID_JSONATA_EXPRESSION", message),
            ),
            Err(other) => report.add(Diagnostic::error(
                Code::InvalidJsonata,
                &spot.place,
                other.to_string(),
            )),
        }
    }
}

fn unclosed(spot: &spots::Expression<'_>, report: &Report) {
    let message = if spot.required {
        format!(
            "`{}` is no expression, and nothing else may stand here",
            spot.text
        )
    } else {
        "the expression has no end".to_owned()
    };
    report.add(
        Diagnostic::error(Code::UnclosedExpression, &spot.place, message)
            .says("JSONata string must start with {% and end with %}")
            .help("write it between `{%` and `%}`, with no space outside"),
    );
}

/// What of `$states` is read, and is not there.
fn states(expression: &Expression, spot: &spots::Expression<'_>, report: &Report) {
    // Who reads all of `$states` gets what there is.
    if expression.reads_states("") {
        return;
    }
    let fields = [
        (
            "result",
            spot.result,
            "only Task, Parallel and Map states have a result, for their `Output` and `Assign`",
        ),
        (
            "errorOutput",
            spot.error_output,
            "only a catcher's `Output` and `Assign` have the error",
        ),
    ];
    for (field, _, help) in fields
        .into_iter()
        .filter(|(field, there, _)| !there && expression.reads_states(field))
    {
        report.add(
            Diagnostic::error(
                Code::UnsupportedJsonata,
                &spot.place,
                format!("there is no `$states.{field}` here"),
            )
            .says_as(
                "UNSUPPORTED_JSONATA_EXPRESSION",
                format!("Field '$states.{field}' does not exist."),
            )
            .help(help),
        );
    }
}

/// A sentence of AWS as our messages are: it goes on where ours left off.
fn lower(sentence: &str) -> String {
    let mut characters = sentence.trim_end_matches('.').chars();
    let first = characters
        .next()
        .map(|first| first.to_lowercase().to_string())
        .unwrap_or_default();
    first + characters.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{ExecutionType, check, from_value, invalid_definition};

    #[track_caller]
    fn output(expression: &str, expected: &str) {
        refused(
            json!({ "Type": "Pass", "Output": { "v": format!("{{% {expression} %}}") }, "End": true }),
            expected,
        );
    }

    #[track_caller]
    fn refused(state: serde_json::Value, expected: &str) {
        let definition =
            json!({ "QueryLanguage": "JSONata", "StartAt": "E", "States": { "E": state } });
        let (machine, found) = from_value(&definition);
        assert_eq!(found, []);
        let found = check(&machine.expect("a machine"), ExecutionType::Standard);
        let expected = (!expected.is_empty())
            .then(|| format!("Invalid State Machine Definition: '{expected}'"));
        assert_eq!(invalid_definition(&found), expected);
    }

    #[test]
    fn says_what_aws_says() {
        output(
            "phone[0].number",
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/E/Output/v",
        );
        output(
            "$states.errorOutput",
            "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/E/Output/v",
        );
        output(
            "1 +",
            "INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/E/Output/v",
        );
        output(
            "\"unterminated",
            "INVALID_JSONATA_EXPRESSION: String literal must be terminated by a matching quote at /States/E/Output/v",
        );
        output("$states.input.items[value > 3]", "");
        output("$states", "");
    }

    #[test]
    fn knows_where_results_and_errors_are() {
        let task = |output: &str, catch: &str, arguments: &str| {
            json!({
                "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true,
                "Arguments": format!("{{% {arguments} %}}"), "Output": format!("{{% {output} %}}"),
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "E", "Assign": { "e": format!("{{% {catch} %}}") } }]
            })
        };
        refused(
            task(
                "$states.result",
                "$states.errorOutput.Cause",
                "$states.input",
            ),
            "",
        );
        refused(
            task("$states.errorOutput", "$states.result", "$states.result"),
            "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/E/Arguments, \
             UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/E/Output, \
             UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/E/Catch[0]/Assign/e",
        );
    }

    #[test]
    fn wants_expressions_whole() {
        refused(
            json!({ "Type": "Wait", "Seconds": "{% 5", "End": true }),
            "SCHEMA_VALIDATION_FAILED: JSONata string must start with {% and end with %} at /States/E/Seconds",
        );
        refused(
            json!({
                "Type": "Map", "Items": "$.items", "End": true,
                "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Succeed" } } }
            }),
            "SCHEMA_VALIDATION_FAILED: JSONata string must start with {% and end with %} at /States/E/Items",
        );
        // A space outside makes it an ordinary text.
        refused(
            json!({ "Type": "Pass", "Output": " {% nothing of note %} ", "End": true }),
            "",
        );
    }
}
