//! What the API's model says of each parameter: all that a request breaks is told at once, as AWS does.
//!
//! The table is made from the model (`model/generate.py`). What the model does not say (that an ARN is one, that a name
//! has no blanks) is for the operations and the engine.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::answer::Failure;

static TABLE: &str = include_str!("../model/constraints.txt");

/// What is said of one parameter.
struct Rule {
    /// The names on the way to it; `true` for a list, whose members the next name is of.
    way: Vec<(&'static str, bool)>,
    required: bool,
    /// Whether its value is not to be shown.
    sensitive: bool,
    length: Option<(usize, Option<usize>)>,
    number: Option<(f64, Option<f64>)>,
    words: Vec<&'static str>,
}

fn rules() -> &'static HashMap<&'static str, Vec<Rule>> {
    static RULES: OnceLock<HashMap<&'static str, Vec<Rule>>> = OnceLock::new();
    RULES.get_or_init(|| {
        let mut rules: HashMap<&str, Vec<Rule>> = HashMap::new();
        let mut operation = "";
        for line in TABLE.lines() {
            match line.strip_prefix(' ') {
                None => operation = line,
                Some(rule) => rules.entry(operation).or_default().push(Rule::read(rule)),
            }
        }
        rules
    })
}

impl Rule {
    fn read(line: &'static str) -> Rule {
        let mut parts = line.split(' ');
        let path = parts.next().unwrap_or_default();
        let name = path.trim_end_matches(['!', '~']);
        let mut rule = Rule {
            way: name
                .split('.')
                .map(|name| match name.strip_suffix("[]") {
                    Some(list) => (list, true),
                    None => (name, false),
                })
                .collect(),
            required: path.contains('!'),
            sensitive: path.contains('~'),
            length: None,
            number: None,
            words: Vec::new(),
        };
        for part in parts {
            match (part.strip_prefix('='), part.split_once("..")) {
                (Some(bounds), _) => {
                    let (least, most) = bounds.split_once("..").unwrap_or_default();
                    rule.number = Some((least.parse().unwrap_or(f64::MIN), most.parse().ok()));
                }
                (None, Some((least, most))) => {
                    rule.length = Some((least.parse().unwrap_or(0), most.parse().ok()));
                }
                (None, None) => rule.words = part.split('|').collect(),
            }
        }
        if name == "statusFilter" {
            // As recorded: the one list of words whose order is known not to be the model's.
            rule.words = vec![
                "SUCCEEDED",
                "TIMED_OUT",
                "PENDING_REDRIVE",
                "ABORTED",
                "FAILED",
                "RUNNING",
            ];
        }
        rule
    }

    /// Looks at each value the rule is about: what is at `way` within `members`, which stand at `place`.
    fn check(
        &self,
        way: &[(&str, bool)],
        members: &Map<String, Value>,
        place: &str,
        found: &mut Vec<String>,
    ) {
        let Some(((name, is_list), rest)) = way.split_first() else {
            return;
        };
        let place = match place {
            "" => (*name).to_owned(),
            place => format!("{place}.{name}"),
        };
        let member = members.get(*name).unwrap_or(&Value::Null);
        match member {
            Value::Array(items) if *is_list => {
                for (number, item) in (1..).zip(items) {
                    let place = format!("{place}.{number}.member");
                    match item {
                        Value::Object(members) => self.check(rest, members, &place, found),
                        item if rest.is_empty() => self.judge(item, &place, found),
                        _ => {}
                    }
                }
            }
            Value::Object(members) if !rest.is_empty() => self.check(rest, members, &place, found),
            member if rest.is_empty() && !is_list => self.judge(member, &place, found),
            // The parameter around it is absent, or of a wrong type, which is told elsewhere.
            _ => {}
        }
    }

    fn judge(&self, value: &Value, place: &str, found: &mut Vec<String>) {
        let shown = match value {
            _ if self.sensitive => "Value".to_owned(),
            Value::Null => "Value null".to_owned(),
            Value::String(text) => format!("Value '{text}'"),
            other => format!("Value '{other}'"),
        };
        let mut broken = |must: String| {
            found.push(format!(
                "{shown} at '{place}' failed to satisfy constraint: Member must {must}"
            ));
        };
        if value.is_null() {
            if self.required {
                broken("not be null".to_owned());
            }
            return;
        }
        if let (Some((least, most)), Some(text)) = (self.length, value.as_str()) {
            let length = text.chars().count();
            if let Some(most) = most.filter(|most| length > *most) {
                broken(format!("have length less than or equal to {most}"));
            }
            if length < least {
                broken(format!("have length greater than or equal to {least}"));
            }
        }
        if let (Some((least, most)), Some(number)) = (self.number, value.as_f64()) {
            if let Some(most) = most.filter(|most| number > *most) {
                broken(format!("have value less than or equal to {most}"));
            }
            if number < least {
                broken(format!("have value greater than or equal to {least}"));
            }
        }
        if let Some(text) = value.as_str()
            && !self.words.is_empty()
            && !self.words.contains(&text)
        {
            broken(format!(
                "satisfy enum value set: [{}]",
                self.words.join(", ")
            ));
        }
    }
}

/// Refuses a request that breaks constraints of the model.
pub(crate) fn check(operation: &str, request: &Map<String, Value>) -> Result<(), Failure> {
    let mut found = Vec::new();
    for rule in rules().get(operation).into_iter().flatten() {
        rule.check(&rule.way, request, "", &mut found);
    }
    let errors = match found.len() {
        0 => return Ok(()),
        1 => "1 validation error".to_owned(),
        many => format!("{many} validation errors"),
    };
    Err(Failure::Engine(sfn_engine::Error::Validation(format!(
        "{errors} detected: {}",
        found.join("; ")
    ))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn refused(operation: &str, request: Value, expected: &str) {
        let members = request.as_object().expect("a request is an object");
        let told = check(operation, members).map_err(|failure| failure.to_string());
        let expected = if expected.is_empty() {
            Ok(())
        } else {
            Err(expected.to_owned())
        };
        assert_eq!(told, expected, "{operation} {request}");
    }

    #[test]
    fn all_that_is_broken_is_told_at_once() {
        refused("CreateActivity", json!({ "name": "a" }), "");
        refused("ListActivities", json!({}), "");
        refused(
            "StopExecution",
            json!({ "error": "x".repeat(257) }),
            "2 validation errors detected: Value null at 'executionArn' failed to satisfy constraint: Member must not be \
             null; Value at 'error' failed to satisfy constraint: Member must have length less than or equal to 256",
        );
        refused(
            "CreateActivity",
            json!({ "name": "", "tags": [{ "key": "a" }, { "key": "", "value": "b" }] }),
            "2 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have length \
             greater than or equal to 1; Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have \
             length greater than or equal to 1",
        );
        refused(
            "UpdateMapRun",
            json!({ "mapRunArn": "a", "toleratedFailurePercentage": 100.5 }),
            "1 validation error detected: Value '100.5' at 'toleratedFailurePercentage' failed to satisfy constraint: \
             Member must have value less than or equal to 100",
        );
        refused(
            "TestState",
            json!({ "definition": "{}", "mock": { "fieldValidationMode": "LAX" } }),
            "1 validation error detected: Value 'LAX' at 'mock.fieldValidationMode' failed to satisfy constraint: Member \
             must satisfy enum value set: [STRICT, PRESENT, NONE]",
        );
    }

    #[test]
    fn every_operation_is_in_the_table() {
        assert_eq!(rules().len(), 37);
        for operation in rules().keys() {
            assert!(crate::operation::find(operation).is_some(), "{operation}");
        }
    }
}
