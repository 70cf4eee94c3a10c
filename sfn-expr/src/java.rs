//! Values as Java's `toString` shows them, which is how Step Functions formats what is no string.

use std::fmt::Write as _;

use serde_json::{Number, Value};

/// `{Arg1=1, Arg2=[]}` for an object, a string as it is, the rest as in JSON.
pub(crate) fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (i, (name, member)) in members.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                out.push_str(name);
                out.push('=');
                write(member, out);
            }
            out.push('}');
        }
        Value::Number(value) => out.push_str(&number(value)),
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// A value as JSON, with numbers as Java writes them.
pub(crate) fn json(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (i, (name, member)) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write!(out, "{}:", Value::from(name.as_str()))
                    .expect("writing to a string succeeds");
                write_json(member, out);
            }
            out.push('}');
        }
        Value::Number(value) => out.push_str(&number(value)),
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// A number as Java's `toString` shows it: doubles from 10^7 on and below 10^-3 have an exponent.
fn number(number: &Number) -> String {
    let double = match number.as_f64() {
        Some(double) if number.is_f64() => double,
        _ => return number.to_string(),
    };
    let size = double.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return number.to_string();
    }
    // Rust writes `1e21` and `1.5e-7`; Java wants a fraction, and a capital letter.
    let text = format!("{double:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}E{exponent}"),
        Some((digits, exponent)) => format!("{digits}.0E{exponent}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(value: Value, shown: &str) {
        assert_eq!(text(&value), shown);
    }

    #[test]
    fn numbers_are_shown_as_in_java() {
        check(json!(1e21), "1.0E21");
        check(json!(12_345_678.5), "1.23456785E7");
        check(json!(1_234_567.5), "1234567.5");
        check(json!(0.0001), "1.0E-4");
        check(json!(-0.5), "-0.5");
        check(json!(5.0), "5.0");
        check(json!(0.0), "0.0");
        check(json!(9_007_199_254_740_993_i64), "9007199254740993");
        check(
            json!({"a": [1e7, "x"], "b": null}),
            "{a=[1.0E7, x], b=null}",
        );
    }

    #[test]
    fn json_keeps_its_shape() {
        let value = json!({"a\"": [1e7, "x\n", null, true], "b": {}});
        assert_eq!(json(&value), r#"{"a\"":[1.0E7,"x\n",null,true],"b":{}}"#);
    }
}
