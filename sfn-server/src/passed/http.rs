//! HTTP tasks (`arn:aws:states:::http:invoke`), sent to one endpoint in place of all the hosts they name.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{HeaderMap, Method, Request, Uri, http::response::Parts};
use serde_json::{Map, Value, json};
use sfn_engine::{Answer, IntegrationCall, Response};

use super::{LARGEST_ANSWER, PATIENCE, ServiceEndpoints, escape, failure::refused, texts};
use crate::client::Endpoint;

impl ServiceEndpoints {
    /// Sends an HTTP task, if there is an endpoint for these alone: one for all services is no place for them.
    pub(super) fn http(&self, call: &IntegrationCall) -> Option<Response> {
        let endpoint = self.by_service.get("http")?.clone();
        let call = call.clone();
        Some(Response::Later(Box::pin(async move {
            let parameters = serde_json::from_str(&call.input).unwrap_or(Value::Null);
            let answer = match request(&parameters, &endpoint) {
                Ok(request) => send(request, &endpoint).await,
                Err(why) => refused(&call, &why),
            };
            answer.into()
        })))
    }
}

async fn send(request: Request<Full<Bytes>>, endpoint: &Endpoint) -> Answer {
    let asked = tokio::time::timeout(PATIENCE, endpoint.send(request, LARGEST_ANSWER)).await;
    let why = match asked {
        Ok(Ok((head, body))) => return answer(&head, &body),
        Ok(Err(error)) => error,
        Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
    };
    Answer::Failure {
        error: Some("States.Http.Socket".to_owned()),
        cause: Some(format!("http://{}: {why}", endpoint.authority)),
    }
}

/// The request with the path and query of the task's own endpoint; the error names the parameter that is wrong.
fn request(parameters: &Value, endpoint: &Endpoint) -> Result<Request<Full<Bytes>>, String> {
    let needed = |name: &str| {
        let value = parameters.get(name).and_then(Value::as_str);
        value.ok_or_else(|| format!("`{name}` is missing"))
    };
    let url: Uri = needed("ApiEndpoint")?
        .parse()
        .map_err(|_| "`ApiEndpoint` is no URL".to_owned())?;
    let method: Method = needed("Method")?
        .parse()
        .map_err(|_| "`Method` is no method".to_owned())?;
    let mut pairs: Vec<String> = url.query().map(str::to_owned).into_iter().collect();
    pairs.extend(form(parameters.get("QueryParameters")));
    let mut target = format!("{}{}", endpoint.path, url.path());
    if !pairs.is_empty() {
        target.push('?');
        target.push_str(&pairs.join("&"));
    }
    let mut request = Request::builder().method(method).uri(target);
    let mut content_type = None;
    let headers = parameters.get("Headers").and_then(Value::as_object);
    for (name, value) in headers.into_iter().flatten() {
        for value in values(value) {
            if name.eq_ignore_ascii_case("content-type") {
                content_type = Some(value.to_ascii_lowercase());
            }
            request = request.header(name, value);
        }
    }
    let body = match parameters.get("RequestBody") {
        None => Bytes::new(),
        Some(body) => {
            let is_form = content_type
                .as_deref()
                .is_some_and(|known| known.starts_with("application/x-www-form-urlencoded"));
            if content_type.is_none() {
                request = request.header("content-type", "application/json");
            }
            let text = match body {
                Value::Object(_) if is_form => form(Some(body)).join("&"),
                Value::String(text) if content_type.is_some() => text.clone(),
                body => body.to_string(),
            };
            text.into()
        }
    };
    request
        .body(Full::new(body))
        .map_err(|error| format!("the request would be wrong: {error}"))
}

/// `name=value` for each member, several for one that is a list.
fn form(members: Option<&Value>) -> Vec<String> {
    let members = members.and_then(Value::as_object);
    let pair = |(name, value): (&String, &Value)| {
        let name = escape(name, "");
        let values = values(value).into_iter();
        let pairs = values.map(|value| format!("{name}={}", escape(&value, "")));
        pairs.collect::<Vec<_>>()
    };
    members.into_iter().flatten().flat_map(pair).collect()
}

fn values(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().map(super::json::text).collect(),
        value => vec![super::json::text(value)],
    }
}

/// The task's result, or the error that its status is.
fn answer(head: &Parts, body: &Bytes) -> Answer {
    let status = head.status;
    let text = String::from_utf8_lossy(body);
    if !status.is_success() {
        return Answer::Failure {
            error: Some(format!("States.Http.StatusCode.{}", status.as_u16())),
            cause: Some(text.into_owned()),
        };
    }
    let is_json = texts(&head.headers, "content-type").any(|value| value.contains("json"));
    let body = match serde_json::from_str::<Value>(&text) {
        Ok(body) if is_json => body,
        _ => Value::from(text.into_owned()),
    };
    let result = json!({
        "Headers": headers(&head.headers),
        "ResponseBody": body,
        "StatusCode": status.as_u16(),
        "StatusText": status.canonical_reason().unwrap_or_default(),
    });
    Answer::Success(result.to_string())
}

fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let names = headers.keys();
    names
        .map(|name| {
            let values: Vec<String> = texts(headers, name.as_str()).collect();
            (name.to_string(), values.into())
        })
        .collect()
}
