//! The context object that a test brings along.

use serde_json::{Map, Value};

use crate::Error;

/// What a member of the context object has to be.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Anything,
}

/// The members of each part. `Map` is missing on purpose: AWS refuses it here.
const PARTS: &[(&str, &[(&str, Kind)])] = &[
    (
        "Execution",
        &[
            ("Id", Kind::Text),
            ("Input", Kind::Anything),
            ("Name", Kind::Text),
            ("RoleArn", Kind::Text),
            ("StartTime", Kind::Text),
            ("RedriveCount", Kind::Number),
            ("RedriveTime", Kind::Text),
        ],
    ),
    (
        "State",
        &[
            ("EnteredTime", Kind::Text),
            ("Name", Kind::Text),
            ("RetryCount", Kind::Number),
        ],
    ),
    ("StateMachine", &[("Id", Kind::Text), ("Name", Kind::Text)]),
    ("Task", &[("Token", Kind::Text)]),
];

fn refused(why: impl std::fmt::Display) -> Error {
    Error::Validation(format!("Invalid Context object provided: {why}"))
}

/// Reads a context object and refuses what it may not hold.
pub(super) fn parse(text: &str, takes_token: bool) -> Result<Value, Error> {
    let parsed = serde_json::from_str(text).map_err(|_| refused("it must be valid JSON"))?;
    let Value::Object(parts) = &parsed else {
        return Err(refused("it must be a JSON object"));
    };
    for (name, part) in parts {
        if name == "Map" {
            return Err(refused(
                "'Map' field is not supported when mocking a Context object",
            ));
        }
        let known = PARTS.iter().find(|(known, _)| known == name);
        let (_, members) =
            known.ok_or_else(|| refused(format_args!("Field '{name}' is not allowed")))?;
        if name == "Task" && !takes_token {
            return Err(refused(
                "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' \
                 service integration pattern",
            ));
        }
        let Value::Object(part) = part else {
            return Err(refused(format_args!("{name} must be an object")));
        };
        check(name, part, members)?;
    }
    Ok(parsed)
}

fn check(name: &str, part: &Map<String, Value>, members: &[(&str, Kind)]) -> Result<(), Error> {
    for (member, value) in part {
        let known = members.iter().find(|(known, _)| known == member);
        let (_, kind) =
            known.ok_or_else(|| refused(format_args!("Field '{member}' is not allowed")))?;
        let wanted = match kind {
            Kind::Text if !value.is_string() => "a string",
            Kind::Number if !value.is_number() => "a number",
            _ => continue,
        };
        return Err(refused(format_args!("{name}.{member} must be {wanted}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, takes_token: bool, expected: Option<&str>) {
        let told = parse(text, takes_token)
            .err()
            .map(|error| error.to_string());
        let expected = expected.map(|why| format!("Invalid Context object provided: {why}"));
        assert_eq!(told, expected);
    }

    #[test]
    fn what_aws_refuses_is_refused() {
        check("{}", false, None);
        check(
            r#"{"Execution":{"Id":"x","Input":[1]},"Task":{"Token":"t"}}"#,
            true,
            None,
        );
        check(
            r#"{"Pokedex":{}}"#,
            false,
            Some("Field 'Pokedex' is not allowed"),
        );
        check(
            r#"{"Execution":{"pokemon":1}}"#,
            false,
            Some("Field 'pokemon' is not allowed"),
        );
        check(
            r#"{"Execution":{"Id":1}}"#,
            false,
            Some("Execution.Id must be a string"),
        );
        check(
            r#"{"Map":{}}"#,
            false,
            Some("'Map' field is not supported when mocking a Context object"),
        );
        check(
            r#"{"Task":{"Token":"t"}}"#,
            false,
            Some(
                "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' \
                 service integration pattern",
            ),
        );
    }
}
