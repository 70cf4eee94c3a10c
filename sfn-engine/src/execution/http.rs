//! What a test tells of an HTTP task: the request its parameters make, and the answer.

use std::fmt::Write as _;

use serde_json::Value;

use crate::api::{HttpRequest, HttpResponse};

/// `https` unless the endpoint says otherwise.
fn protocol(parameters: &Value) -> String {
    let url = parameters["ApiEndpoint"].as_str().unwrap_or_default();
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    scheme.unwrap_or("https").to_owned()
}

/// A text as it is, everything else as JSON text.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `[Name: value, Name: value]`
fn headers(headers: &Value) -> String {
    let mut told = String::new();
    for (name, value) in headers.as_object().into_iter().flatten() {
        let values = match value {
            Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
            value => text(value),
        };
        let comma = if told.is_empty() { "" } else { ", " };
        // INVARIANT: writing to a text does not fail.
        let _ = write!(told, "{comma}{name}: {values}");
    }
    format!("[{told}]")
}

/// Leaves alone what a query may hold as it is.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// The request that the parameters of an HTTP task make.
pub(super) fn request(parameters: &Value) -> HttpRequest {
    let mut url = text(&parameters["ApiEndpoint"]);
    let query = parameters.get("QueryParameters").and_then(Value::as_object);
    for (name, value) in query.into_iter().flatten() {
        let values = match value {
            Value::Array(values) => values.iter().map(text).collect(),
            value => vec![text(value)],
        };
        for value in values {
            url.push(if url.contains('?') { '&' } else { '?' });
            let _ = write!(url, "{}={}", escape(name), escape(&value));
        }
    }
    HttpRequest {
        protocol: protocol(parameters),
        method: text(&parameters["Method"]),
        url,
        headers: headers(&parameters["Headers"]),
        body: parameters.get("RequestBody").map(text),
    }
}

/// The answer that the result of an HTTP task tells of.
pub(super) fn response(parameters: &Value, result: &Value) -> HttpResponse {
    let member = |name: &str| result.get(name).map(text).unwrap_or_default();
    HttpResponse {
        protocol: protocol(parameters),
        status_code: member("StatusCode"),
        status_message: member("StatusText"),
        headers: headers(&result["Headers"]),
        body: result.get("ResponseBody").map(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_and_answers_are_told_as_texts() {
        let parameters = json!({
            "ApiEndpoint": "https://api.example.com/v1/things",
            "Method": "POST",
            "Headers": { "Accept": "text/plain" },
            "QueryParameters": { "a b": ["1", "2&3"], "c": 4 },
            "RequestBody": { "x": 1 }
        });
        let request = request(&parameters);
        assert_eq!(
            request.url,
            "https://api.example.com/v1/things?a%20b=1&a%20b=2%263&c=4"
        );
        assert_eq!(request.headers, "[Accept: text/plain]");
        assert_eq!(request.body.as_deref(), Some(r#"{"x":1}"#));
        let result = json!({
            "StatusCode": 200, "StatusText": "OK", "Headers": { "via": ["a", "b"] }, "ResponseBody": "hello"
        });
        let response = response(&parameters, &result);
        assert_eq!(response.protocol, "https");
        assert_eq!(response.status_code, "200");
        assert_eq!(response.headers, "[via: a, b]");
        assert_eq!(response.body.as_deref(), Some("hello"));
    }
}
