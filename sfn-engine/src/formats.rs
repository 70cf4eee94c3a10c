//! The formats of objects that item readers read.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use sfn_asl::{CsvDelimiter, CsvHeaderLocation, InputType, ReaderConfig};

/// Takes no more items than `max`.
pub(crate) fn limited(max: Option<u64>) -> impl Fn(Vec<Value>) -> Vec<Value> {
    move |mut items| {
        if let Some(max) = max {
            items.truncate(usize::try_from(max).unwrap_or(usize::MAX));
        }
        items
    }
}

/// The items in an object, as its configuration says.
///
/// # Errors
/// The cause of `States.ItemReaderFailed`.
pub(crate) fn items(
    body: &[u8],
    config: &ReaderConfig,
    max: Option<u64>,
) -> Result<Vec<Value>, String> {
    let input_type = config.input_type.unwrap_or(InputType::Json);
    let text = || {
        let text =
            std::str::from_utf8(body).map_err(|_| "the object is no UTF-8 text".to_owned())?;
        Ok::<&str, String>(text.strip_prefix('\u{feff}').unwrap_or(text))
    };
    let items = match input_type {
        InputType::Csv => csv_items(text()?, config)?,
        InputType::Json => json_items(text()?, config)?,
        InputType::Jsonl => text()?
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                serde_json::from_str(line).map_err(|_| "Unable to parse JSONL item.".to_owned())
            })
            .collect::<Result<_, _>>()?,
        unread @ (InputType::Parquet | InputType::Manifest) => return Err(refused(unread)),
    };
    Ok(limited(max)(items))
}

/// Why nothing is read that is no text, or only tells where the text is.
fn refused(input_type: InputType) -> String {
    let what = if input_type == InputType::Parquet {
        "Parquet"
    } else {
        "manifests"
    };
    format!(
        "this engine reads no {what}\nhelp: try the Map with the same rows as CSV or JSON lines, or with \
         `arn:aws:states:::s3:listObjectsV2`"
    )
}

fn json_items(body: &str, config: &ReaderConfig) -> Result<Vec<Value>, String> {
    let mut value: Value =
        serde_json::from_str(body).map_err(|_| "Unable to parse JSON.".to_owned())?;
    if let Some(pointer) = &config.items_pointer {
        value = value
            .pointer(pointer)
            .cloned()
            .ok_or_else(|| format!("Unable to find the items at {pointer}."))?;
    }
    match value {
        Value::Array(items) => Ok(items),
        Value::Object(members) => Ok(members
            .into_iter()
            .map(|(key, value)| json!({ "Key": key, "Value": value }))
            .collect()),
        _ => Err("Attempting to map over non-iterable node.".to_owned()),
    }
}

fn csv_items(body: &str, config: &ReaderConfig) -> Result<Vec<Value>, String> {
    let delimiter = match config.csv_delimiter.unwrap_or_default() {
        CsvDelimiter::Comma => ',',
        CsvDelimiter::Pipe => '|',
        CsvDelimiter::Semicolon => ';',
        CsvDelimiter::Space => ' ',
        CsvDelimiter::Tab => '\t',
    };
    let mut rows = csv_rows(body, delimiter).into_iter();
    let headers = match config.csv_header_location {
        Some(CsvHeaderLocation::Given) => {
            let given = config.csv_headers.as_ref().and_then(Value::as_array);
            given
                .into_iter()
                .flatten()
                .map(|header| header.as_str().unwrap_or_default().to_owned())
                .collect()
        }
        _ => rows.next().unwrap_or_default(),
    };
    let mut seen = HashSet::new();
    if !headers.iter().all(|header| seen.insert(header)) {
        return Err("CSV headers cannot contain duplicates.".to_owned());
    }
    Ok(rows
        .map(|row| {
            let mut fields = row.into_iter();
            // Fields beyond the headers are dropped, missing ones are empty.
            let object: Map<String, Value> = headers
                .iter()
                .map(|header| (header.clone(), json!(fields.next().unwrap_or_default())))
                .collect();
            Value::Object(object)
        })
        .collect())
}

/// The rows of a CSV text (RFC 4180); empty lines are none.
fn csv_rows(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut some) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => (quoted, some) = (true, true),
            '\n' | '\r' if !quoted => {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                if some || !field.is_empty() {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                some = false;
            }
            c if c == delimiter && !quoted => {
                row.push(std::mem::take(&mut field));
                some = true;
            }
            c => field.push(c),
        }
    }
    if some || !field.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_rows(text: &str, expected: &[&[&str]]) {
        assert_eq!(csv_rows(text, ','), expected);
    }

    #[test]
    fn what_is_not_read_is_refused_with_a_way_out() {
        for input_type in [InputType::Parquet, InputType::Manifest] {
            let config = ReaderConfig {
                input_type: Some(input_type),
                ..ReaderConfig::default()
            };
            let told = items(b"PAR1\xff", &config, None).expect_err("it is not read");
            assert_eq!(told, refused(input_type));
            assert!(told.contains("help: "), "{told}");
        }
    }

    #[test]
    fn csv_is_read_with_quotes_and_without_empty_lines() {
        check_rows("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]);
        check_rows(
            "a,b\r\n\r\n1,\"2\"\"3\n4\"",
            &[&["a", "b"], &["1", "2\"3\n4"]],
        );
        check_rows(",,,\n   \n", &[&["", "", "", ""], &["   "]]);
        check_rows("\"\"\n", &[&[""]]);
    }
}
