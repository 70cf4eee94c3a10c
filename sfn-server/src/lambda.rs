//! Lambda functions behind an Invoke endpoint.

use std::fmt::Write as _;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, StatusCode, header};
use serde_json::Value;
use sfn_engine::{BoxFuture, LambdaError, LambdaHandler, LambdaInvocation};

use crate::client::Endpoint;

/// The most bytes a function's answer may have: twice what Lambda lets through, so that the engine can say itself that
/// an answer is too large.
const LARGEST_ANSWER: usize = 12 * 1024 * 1024;

/// Calls Lambda functions by Lambda's own Invoke operation at an endpoint of your choosing, over plain HTTP:
/// `POST /2015-03-31/functions/{name}/invocations`.
///
/// Lambda's Runtime Interface Emulator, `cargo lambda watch` and other stand-ins offer one.
#[derive(Debug, Clone)]
pub struct LambdaEndpoint {
    endpoint: Endpoint,
}

/// Why an endpoint cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{endpoint}` is no endpoint of Lambda functions: {why}\nhelp: give a URL such as http://127.0.0.1:9000"
)]
pub struct BadEndpoint {
    endpoint: String,
    why: String,
}

impl LambdaEndpoint {
    /// Takes an endpoint such as `http://127.0.0.1:9000`; a path is kept in front of Lambda's own.
    ///
    /// # Errors
    ///
    /// When it is no URL, or not one of plain HTTP.
    pub fn new(endpoint: &str) -> Result<Self, BadEndpoint> {
        let bad = |why: &str| BadEndpoint {
            endpoint: endpoint.to_owned(),
            why: why.to_owned(),
        };
        let endpoint = Endpoint::parse(endpoint).map_err(bad)?;
        Ok(Self { endpoint })
    }

    /// Path and query of a call.
    fn target(&self, call: &LambdaInvocation) -> String {
        let (function, qualifier) = split(&call.function);
        let qualifier = call.qualifier.as_deref().or(qualifier);
        let mut target = format!(
            "{}/2015-03-31/functions/{}/invocations",
            self.endpoint.path,
            escaped(function)
        );
        if let Some(qualifier) = qualifier {
            target.push_str("?Qualifier=");
            target.push_str(&escaped(qualifier));
        }
        target
    }
}

/// A function's name and qualifier, out of its ARN or out of `name:qualifier`.
fn split(function: &str) -> (&str, Option<&str>) {
    let rest = match function.split_once(":function:") {
        Some((_, rest)) => rest,
        None => function,
    };
    match rest.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier)),
        None => (rest, None),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.$".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("a string takes any text");
        }
    }
    escaped
}

impl LambdaHandler for LambdaEndpoint {
    fn invoke(&self, call: LambdaInvocation) -> Option<BoxFuture<Result<String, LambdaError>>> {
        let endpoint = self.clone();
        Some(Box::pin(async move {
            let function = call.function.clone();
            let answered = endpoint.post(&call).await;
            answered.unwrap_or_else(|cause| {
                Err(LambdaError::Service {
                    error: "Lambda.SdkClientException".to_owned(),
                    cause: format!(
                        "Unable to execute HTTP request: `{function}` could not be called at http://{}: {cause}",
                        endpoint.endpoint.authority
                    ),
                })
            })
        }))
    }
}

impl LambdaEndpoint {
    /// The outer error says why the endpoint gave no answer at all.
    async fn post(&self, call: &LambdaInvocation) -> Result<Result<String, LambdaError>, String> {
        let kind = if call.asynchronous {
            "Event"
        } else {
            "RequestResponse"
        };
        let request = Request::post(self.target(call))
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-amz-invocation-type", kind)
            .body(Full::new(Bytes::copy_from_slice(call.payload.as_bytes())))
            .map_err(|error| error.to_string())?;
        let (head, body) = self.endpoint.send(request, LARGEST_ANSWER).await?;
        let payload =
            String::from_utf8(body.to_vec()).map_err(|_| "the answer is no text".to_owned())?;
        if !head.status.is_success() {
            let named = head
                .headers
                .get("x-amzn-errortype")
                .and_then(|value| value.to_str().ok());
            return Ok(Err(service_error(head.status, named, &payload)));
        }
        if head.headers.contains_key("x-amz-function-error") {
            return Ok(Err(LambdaError::Function { payload }));
        }
        // A call nobody waits for has an empty answer; a function that returns nothing returns `null`.
        Ok(Ok(if payload.is_empty() {
            "null".to_owned()
        } else {
            payload
        }))
    }
}

/// What Lambda itself refused, as Step Functions names it.
fn service_error(status: StatusCode, named: Option<&str>, payload: &str) -> LambdaError {
    let body: Value = serde_json::from_str(payload).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let kind = named
        .or(text("__type"))
        .or(text("Type"))
        .map(|kind| kind.rsplit('#').next().unwrap_or(kind))
        .map(|kind| kind.split(':').next().unwrap_or(kind))
        .filter(|kind| kind.ends_with("Exception"));
    let kind = kind.unwrap_or(match status.as_u16() {
        404 => "ResourceNotFoundException",
        413 => "RequestTooLargeException",
        429 => "TooManyRequestsException",
        400..=499 => "InvalidParameterValueException",
        _ => "ServiceException",
    });
    let message = text("message").or(text("Message")).unwrap_or(payload);
    LambdaError::Service {
        error: format!("Lambda.{kind}"),
        cause: format!(
            "{message} (Service: AWSLambda; Status Code: {}; Error Code: {kind})",
            status.as_u16()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_target(endpoint: &str, function: &str, expected: &str) {
        let endpoint = LambdaEndpoint::new(endpoint).expect("an endpoint");
        assert_eq!(
            endpoint.target(&LambdaInvocation::new(function, "{}")),
            expected
        );
    }

    #[test]
    fn functions_are_called_by_name_and_qualifier() {
        check_target(
            "http://localhost:9000",
            "f",
            "/2015-03-31/functions/f/invocations",
        );
        check_target(
            "http://localhost:9000/lambda/",
            "arn:aws:lambda:us-east-1:123456789012:function:f:live",
            "/lambda/2015-03-31/functions/f/invocations?Qualifier=live",
        );
        check_target(
            "http://localhost",
            "f:$LATEST",
            "/2015-03-31/functions/f/invocations?Qualifier=$LATEST",
        );
        check_target(
            "http://localhost",
            "a/b",
            "/2015-03-31/functions/a%2Fb/invocations",
        );
    }

    #[test]
    fn only_plain_http_is_an_endpoint() {
        for bad in ["", "localhost:9000", "https://localhost", "http://"] {
            let message = LambdaEndpoint::new(bad).expect_err("refused").to_string();
            assert!(message.contains("help: give a URL"), "{message}");
        }
    }

    #[track_caller]
    fn check_error(status: u16, named: Option<&str>, payload: &str, expected: &str) {
        let status = StatusCode::from_u16(status).expect("a status");
        assert_eq!(service_error(status, named, payload).to_string(), expected);
    }

    #[test]
    fn errors_are_named_as_step_functions_does() {
        check_error(
            404,
            Some("ResourceNotFoundException:http://internal.amazon.com/"),
            r#"{"Type":"User","Message":"Function not found: f"}"#,
            "Lambda.ResourceNotFoundException: Function not found: f (Service: AWSLambda; Status Code: 404; Error Code: \
             ResourceNotFoundException)",
        );
        check_error(
            500,
            None,
            "broken",
            "Lambda.ServiceException: broken (Service: AWSLambda; Status Code: 500; Error Code: ServiceException)",
        );
    }
}
