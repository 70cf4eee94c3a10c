//! The Choice state.

use std::cmp::Ordering;

use serde_json::{Number, Value};
use sfn_asl::{QueryLanguage, Type};

use super::Execution;
use super::fault::{Fault, evaluation};
use crate::program::{ChoiceDef, Compared, Condition, Operand, Operator, Shape, StateDef, Test};
use crate::{Json, Timestamp};

impl Execution {
    pub(super) fn choose(
        &mut self,
        frame: u32,
        def: &StateDef,
        choice: &ChoiceDef,
    ) -> Result<(), Fault> {
        let raw = self.frames[frame as usize].input.clone();
        let input = self.effective_input(frame, def, &raw)?;
        let mut chosen = None;
        for rule in &choice.rules {
            if self.holds(frame, &rule.condition, &input)? {
                chosen = Some(rule);
                break;
            }
        }
        let (next, assign, output) = match (chosen, choice.default) {
            (Some(rule), _) => (rule.next, rule.assign.as_ref(), rule.output.as_ref()),
            (None, Some(default)) => (default, def.assign.as_ref(), def.output.as_ref()),
            (None, None) => {
                return Err(Fault::runtime(
                    "Failed to transition out of the state. The state does not point to a next state.",
                ));
            }
        };
        if def.language == QueryLanguage::Jsonata {
            return self.leave_jsonata_by(frame, assign, output, &raw, None, Some(next));
        }
        let assigned = self.assign_jsonpath(frame, assign, &input)?;
        let output = self.effective_output(frame, def, input)?;
        self.exit(frame, output, assigned, Some(next));
        Ok(())
    }

    fn holds(&mut self, frame: u32, condition: &Condition, input: &Json) -> Result<bool, Fault> {
        match condition {
            Condition::Constant(constant) => Ok(*constant),
            Condition::Jsonata(jsonata) => {
                let value = self.jsonata(frame, jsonata, input, None, None)?;
                let value = jsonata
                    .expect_shape(value, Shape::Boolean)
                    .map_err(evaluation)?;
                Ok(value == Value::Bool(true))
            }
            Condition::Test(test) => self.test(frame, test, input),
        }
    }

    fn test(&mut self, frame: u32, test: &Test, input: &Json) -> Result<bool, Fault> {
        match test {
            Test::And(tests) => {
                for test in tests {
                    if !self.test(frame, test, input)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Test::Or(tests) => {
                for test in tests {
                    if self.test(frame, test, input)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Test::Not(test) => Ok(!self.test(frame, test, input)?),
            Test::Compare {
                variable,
                operator: Operator::Is(Type::Present, wanted),
            } => Ok(self.path_test(frame, variable, input, |_| ()).is_ok() == *wanted),
            Test::Compare { variable, operator } => {
                let other = match operator {
                    Operator::Compare(_, _, Operand::Path(path)) => Some(
                        self.path_value(frame, path, input)
                            .map_err(|_| invalid(path))?,
                    ),
                    _ => None,
                };
                self.path_test(frame, variable, input, |value| {
                    applies(operator, value, other.as_ref())
                })
                .map_err(|_| invalid(variable))
            }
        }
    }
}

fn invalid(path: &sfn_expr::path::Path) -> Fault {
    Fault::runtime(format!(
        "Invalid path '{path}': The choice state's condition path references an invalid value."
    ))
}

/// Whether `value` is what the operator asks for. Values of other types never are.
fn applies(operator: &Operator, value: &Value, other: Option<&Json>) -> bool {
    match operator {
        Operator::Compare(compared, order, operand) => {
            let other = match (operand, other) {
                (Operand::Value(literal), _) => literal,
                (Operand::Path(_), Some(other)) => other.value(),
                (Operand::Path(_), None) => return false,
            };
            compare(*compared, value, other).is_some_and(|ordering| order.holds(ordering))
        }
        Operator::Matches(pattern) => value
            .as_str()
            .is_some_and(|text| matches_pattern(pattern, text)),
        Operator::Is(what, wanted) => is(*what, value) == *wanted,
    }
}

fn is(what: Type, value: &Value) -> bool {
    match what {
        Type::Null => value.is_null(),
        Type::Present => true,
        Type::Numeric => value.is_number(),
        Type::String => value.is_string(),
        Type::Boolean => value.is_boolean(),
        Type::Timestamp => timestamp(value).is_some(),
    }
}

/// How the values relate; `None` when one has another type than is compared.
fn compare(compared: Compared, a: &Value, b: &Value) -> Option<Ordering> {
    match compared {
        // Java orders strings by their UTF-16 code units.
        Compared::String => Some(a.as_str()?.encode_utf16().cmp(b.as_str()?.encode_utf16())),
        Compared::Numeric => compare_numbers(a.as_number()?, b.as_number()?),
        Compared::Boolean => Some(a.as_bool()?.cmp(&b.as_bool()?)),
        Compared::Timestamp => Some(timestamp(a)?.cmp(&timestamp(b)?)),
    }
}

fn compare_numbers(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// A time to the nanosecond, which a [`Timestamp`] does not hold.
fn timestamp(value: &Value) -> Option<(Timestamp, u32)> {
    let text = value.as_str()?;
    let at = Timestamp::parse_rfc3339(text)?;
    let digits = text.split_once('.').map_or("", |(_, rest)| rest);
    let digits = digits.trim_end_matches(|c: char| !c.is_ascii_digit());
    let digits = digits.split(['+', '-', 'Z']).next().unwrap_or("");
    let beyond = digits
        .bytes()
        .skip(3)
        .take(6)
        .enumerate()
        .fold(0, |sum, (place, digit)| {
            sum + u32::from(digit - b'0') * 10u32.pow(5 - u32::try_from(place).unwrap_or(5))
        });
    Some((at, beyond))
}

/// `StringMatches`: `*` stands for any text; a backslash takes the meaning from what follows.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    // The pattern's pieces between stars; the text must have them in this order, first and last at its ends.
    let mut pieces = vec![String::new()];
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' => pieces.push(String::new()),
            '\\' => pieces.last_mut().expect("never empty").extend(chars.next()),
            c => pieces.last_mut().expect("never empty").push(c),
        }
    }
    let [first, middle @ .., last] = &pieces[..] else {
        return pieces[0] == text;
    };
    let Some(rest) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    let Some(mut rest) = rest.strip_suffix(last.as_str()) else {
        return false;
    };
    for piece in middle {
        match rest.find(piece.as_str()) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check_pattern(pattern: &str, text: &str, expected: bool) {
        assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
    }

    #[test]
    fn patterns_match_with_stars() {
        check_pattern("log-*.txt", "log-2026.txt", true);
        check_pattern("log-*.txt", "log-.txt", true);
        check_pattern("log-*.txt", "log.txt", false);
        check_pattern("*", "", true);
        check_pattern("a*a", "a", false);
        check_pattern("*b*d*", "abcde", true);
        check_pattern("*d*b*", "abcde", false);
        check_pattern("a\\*b", "a*b", true);
        check_pattern("a\\*b", "axb", false);
        check_pattern("plain", "plain", true);
    }

    #[test]
    fn comparing_other_types_gives_nothing() {
        assert_eq!(compare(Compared::String, &json!("a"), &json!(1)), None);
        assert_eq!(
            compare(Compared::Numeric, &json!(0), &json!(0.0)),
            Some(Ordering::Equal)
        );
        assert_eq!(
            compare(Compared::Boolean, &json!(null), &json!(false)),
            None
        );
        let (a, b) = (
            json!("2016-12-05T21:29:29.000000001Z"),
            json!("2016-12-05T21:29:29Z"),
        );
        assert_eq!(
            compare(Compared::Timestamp, &a, &b),
            Some(Ordering::Greater)
        );
        let (a, b) = (
            json!("2016-12-05T22:29:29+01:00"),
            json!("2016-12-05T21:29:29Z"),
        );
        assert_eq!(compare(Compared::Timestamp, &a, &b), Some(Ordering::Equal));
    }
}
