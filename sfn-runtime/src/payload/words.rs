//! serde's complaints, in words of those who write JSON and no Rust.

use serde_json::Value;

/// What is wrong with a value, without the names of Rust types: `expected a list, found an object`.
///
/// What is no complaint about a type, such as a missing field, is said as serde says it.
pub(crate) fn in_words(complaint: &str) -> String {
    let told = ["invalid type: ", "invalid value: ", "invalid length "]
        .iter()
        .find_map(|start| complaint.strip_prefix(start))
        .and_then(|rest| rest.rsplit_once(", expected "));
    let Some((found, expected)) = told else {
        return complaint.to_owned();
    };
    let expected = expected_in_words(expected);
    if complaint.starts_with("invalid length ") {
        return format!("expected {expected}, found {found} of them");
    }
    format!("expected {expected}, found {}", found_in_words(found))
}

/// The only field whose value a complaint shows: serde cannot tell where it was among flattened fields.
pub(crate) fn field_of<'a>(complaint: &str, value: &'a Value) -> Option<&'a str> {
    let (_, shown) = complaint.split_once(": ")?;
    let (shown, _) = shown.rsplit_once(", expected ")?;
    let mut fields = value
        .as_object()?
        .iter()
        .filter(|(_, value)| match value {
            Value::Null => shown == "null",
            Value::Bool(value) => shown == format!("boolean `{value}`"),
            Value::Number(number) => {
                shown == format!("integer `{number}`")
                    || shown == format!("floating point `{number}`")
            }
            Value::String(text) => shown == format!("string {text:?}"),
            Value::Array(_) => shown == "sequence",
            Value::Object(_) => shown == "map",
        })
        .map(|(name, _)| name.as_str());
    fields.next().filter(|_| fields.next().is_none())
}

fn expected_in_words(expected: &str) -> String {
    let words = match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "u128" | "usize" => "a whole number that is not negative",
        "i8" => "a whole number from -128 to 127",
        "i16" => "a whole number from -32768 to 32767",
        "i32" => "a whole number from -2147483648 to 2147483647",
        "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "`true` or `false`",
        "a string" | "a borrowed string" | "string" | "str" => "a text",
        "a character" => "a text of one letter",
        "a sequence" => "a list",
        "a map" | "map" => "an object",
        "unit" => "`null`",
        other => return other_in_words(other),
    };
    words.to_owned()
}

/// `struct Order`, `tuple struct Pair with 2 elements`, `a tuple of size 2`, and their like.
fn other_in_words(expected: &str) -> String {
    let starts = |start: &str| expected.starts_with(start);
    let size = expected
        .strip_prefix("a tuple of size ")
        .or_else(|| expected.strip_prefix("an array of length "))
        .or_else(|| expected.strip_suffix(" elements")?.rsplit(' ').next())
        .or_else(|| expected.strip_suffix(" element")?.rsplit(' ').next());
    if let Some(size) = size {
        return format!("a list of {size}");
    }
    if starts("unit struct ") {
        "`null`".to_owned()
    } else if starts("struct ") || starts("internally tagged enum ") {
        "an object".to_owned()
    } else if starts("enum ") {
        "the name of a variant, or an object with it".to_owned()
    } else {
        expected.to_owned()
    }
}

fn found_in_words(found: &str) -> String {
    if let Some(text) = found.strip_prefix("string ") {
        return format!("the text {text}");
    }
    // Numbers and truth values stand in backticks, behind the name of what they are.
    if let Some((_, shown)) = found.split_once(" `")
        && let Some(shown) = shown.strip_suffix('`')
    {
        return shown.to_owned();
    }
    match found {
        "null" | "unit value" => "`null`".to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, de::DeserializeOwned};
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only reading it is tried")]
    struct Order {
        size: u8,
    }

    #[derive(Debug, Deserialize)]
    enum Size {
        Small,
    }

    #[track_caller]
    fn check<T: DeserializeOwned>(value: Value, expected: &str) {
        let Err(error) = serde_json::from_value::<T>(value) else {
            panic!("the value fits");
        };
        assert_eq!(in_words(&error.to_string()), expected);
    }

    #[test]
    fn no_complaint_names_a_rust_type() {
        check::<u8>(
            json!(300),
            "expected a whole number from 0 to 255, found 300",
        );
        check::<u64>(
            json!(-1),
            "expected a whole number that is not negative, found -1",
        );
        check::<i64>(json!(1.5), "expected a whole number, found 1.5");
        check::<f64>(json!("old"), "expected a number, found the text \"old\"");
        check::<bool>(json!(null), "expected `true` or `false`, found `null`");
        check::<String>(json!(true), "expected a text, found true");
        check::<Vec<u8>>(json!({}), "expected a list, found an object");
        check::<Order>(json!("x"), "expected an object, found the text \"x\"");
        check::<(u8, u8)>(json!(7), "expected a list of 2, found 7");
        check::<(u8, u8)>(json!([7]), "expected a list of 2, found 1 of them");
        check::<Order>(json!({}), "missing field `size`");
        check::<Size>(json!("large"), "unknown variant `large`, expected `Small`");
        assert!(matches!(
            serde_json::from_value(json!("Small")),
            Ok(Size::Small)
        ));
    }

    #[test]
    fn a_field_is_named_where_only_one_has_the_value() {
        let value = json!({ "age": 300, "cents": 1, "more": 1 });
        let complaint = |n: u32| format!("invalid value: integer `{n}`, expected u8");
        assert_eq!(field_of(&complaint(300), &value), Some("age"));
        assert_eq!(field_of(&complaint(1), &value), None);
        assert_eq!(field_of("missing field `x`", &value), None);
    }
}
