//! Tasks of services, passed on to an endpoint such as an emulator's.

mod failure;
mod http;
mod json;
mod objects;
mod query;
mod s3;
mod table;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt::Write as _, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{HeaderMap, Method, Request, http::response::Parts};
use serde_json::{Map, Value, json};
use sfn_engine::{
    Answer, BoxFuture, Clock, IntegrationCall, Integrations, Reply, Response, SystemClock,
    Timestamp, history::TaskPhase,
};

use crate::client::Endpoint;
use failure::{OPTIMIZED, Optimized, refused};

/// The most bytes an answer may have. A task's result may have 256 KiB; lists of objects as XML are wordier.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// How long an endpoint may take. SDKs give up after about that long; a task's own timeout ends the call earlier.
const PATIENCE: Duration = Duration::from_secs(60);

/// How actions end whose tasks wait for their token.
const WAITS: &str = ".waitForTaskToken";

/// Other names that a service goes by, and its name in `aws-sdk:<name>:…`.
const ALIASES: [(&str, &str); 7] = [
    ("cloudwatchevents", "eventbridge"),
    ("cognito-idp", "cognitoidentityprovider"),
    ("elasticmapreduce", "emr"),
    ("events", "eventbridge"),
    ("logs", "cloudwatchlogs"),
    ("states", "sfn"),
    ("stepfunctions", "sfn"),
];

/// Passes tasks of AWS services on to endpoints, over plain HTTP: `arn:aws:states:::sqs:sendMessage`,
/// `arn:aws:states:::aws-sdk:dynamodb:query` and so on.
///
/// It is meant for emulators such as MiniStack, moto or LocalStack: requests are not signed, though they look it.
/// `.waitForTaskToken` works as well; `.sync` does not, because it needs to know how each service tells that a job has
/// ended (`states:startExecution.sync` is the engine's own and works without an endpoint).
///
/// HTTP tasks are sent to an endpoint of their own (`http=URL`) in place of the hosts they name.
///
/// Distributed Maps read their items from S3 at its endpoint, and write their results there.
///
/// ```
/// use sfn_server::ServiceEndpoints;
///
/// let mut endpoints = ServiceEndpoints::new("us-east-1");
/// endpoints.add("http://127.0.0.1:4566")?;
/// endpoints.add("dynamodb=http://127.0.0.1:8000")?;
/// # Ok::<(), sfn_server::BadServiceEndpoint>(())
/// ```
#[derive(Debug, Clone)]
pub struct ServiceEndpoints {
    region: Arc<str>,
    every: Option<Endpoint>,
    by_service: BTreeMap<&'static str, Endpoint>,
}

/// Why an endpoint of services cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{given}` is no endpoint of services: {why}\nhelp: give a URL such as http://127.0.0.1:4566, or one for a single service, such as dynamodb=http://127.0.0.1:8000"
)]
pub struct BadServiceEndpoint {
    given: String,
    why: String,
}

impl ServiceEndpoints {
    /// No endpoint yet; requests name `region`.
    pub fn new(region: &str) -> Self {
        Self {
            region: region.into(),
            every: None,
            by_service: BTreeMap::new(),
        }
    }

    /// Adds an endpoint: a URL for all services, or `service=URL` for one. The later of two for the same is taken.
    ///
    /// # Errors
    ///
    /// When the URL is none of plain HTTP, or no tasks of the service can be passed on.
    pub fn add(&mut self, given: &str) -> Result<(), BadServiceEndpoint> {
        let bad = |why: String| BadServiceEndpoint {
            given: given.to_owned(),
            why,
        };
        // A URL may have an equals sign too, but only after its colon.
        let service = given
            .split_once('=')
            .filter(|(service, _)| !service.contains(':'));
        match service {
            None => {
                self.every = Some(Endpoint::parse(given).map_err(|why| bad(why.to_owned()))?);
            }
            Some((service, url)) => {
                let name = known(service).ok_or_else(|| {
                    let known = table::names().join(", ");
                    bad(format!(
                        "tasks of `{service}` cannot be passed on; those that can: {known}, http, s3"
                    ))
                })?;
                let endpoint = Endpoint::parse(url).map_err(|why| bad(why.to_owned()))?;
                self.by_service.insert(name, endpoint);
            }
        }
        Ok(())
    }

    /// Passes `aws-sdk:sfn` on to the server at `address` itself, unless that service was given an endpoint.
    #[must_use]
    pub fn with_own(mut self, address: SocketAddr) -> Self {
        let host = if address.ip().is_unspecified() {
            "127.0.0.1".to_owned()
        } else {
            match address {
                SocketAddr::V4(address) => address.ip().to_string(),
                SocketAddr::V6(address) => format!("[{}]", address.ip()),
            }
        };
        self.by_service.entry("sfn").or_insert_with(|| Endpoint {
            authority: format!("{host}:{}", address.port()),
            path: String::new(),
        });
        self
    }

    fn endpoint(&self, service: &str) -> Option<&Endpoint> {
        self.by_service.get(service).or(self.every.as_ref())
    }
}

/// A service's name in `aws-sdk:<name>:…`, by any of its names, if its tasks can be passed on.
fn known(service: &str) -> Option<&'static str> {
    let alias = ALIASES.iter().find(|(alias, _)| *alias == service);
    let service = alias.map_or(service, |(_, name)| name);
    if let Some(name) = ["http", "s3"].into_iter().find(|name| *name == service) {
        return Some(name);
    }
    table::service(service).map(|service| service.name)
}

impl ServiceEndpoints {
    /// What to ask and where, for a task's service and action; `None` when that is not our business.
    ///
    /// The error says why the task cannot be passed on.
    fn decide(&self, service: &str, action: &str) -> Option<Result<(Target, Endpoint), String>> {
        let verb = action.split('.').next().unwrap_or(action);
        // These are the engine's own.
        let own = match service {
            "activity" | "http" | "lambda" => true,
            "states" => verb == "startExecution",
            _ => false,
        };
        if own {
            return None;
        }
        let sdk = service.strip_prefix("aws-sdk:");
        let optimized = OPTIMIZED.iter().find(|found| found.name == service);
        let name = sdk.or(optimized.map(|found| found.sdk)).unwrap_or(service);
        let endpoint = self.endpoint(known(name).unwrap_or(name))?.clone();
        let target = Target::find(name, verb, sdk.is_some(), optimized);
        // Whether the service is known matters more than how it is called.
        Some(target.and_then(|target| {
            if action.contains('.') && !action.ends_with(WAITS) {
                return Err(
                    "`.sync` would have to know how the service tells that a job has ended"
                        .to_owned(),
                );
            }
            Ok((target, endpoint))
        }))
    }
}

impl Integrations for ServiceEndpoints {
    fn call(&self, call: &IntegrationCall) -> Option<Response> {
        if &*call.service == "http" {
            return self.http(call);
        }
        let (target, endpoint) = match self.decide(&call.service, &call.action)? {
            Ok(decided) => decided,
            Err(why) => return Some(Response::Now(refused(call, &why).into())),
        };
        let (call, region) = (call.clone(), self.region.clone());
        Some(Response::Later(Box::pin(async move {
            let answer = target.ask(&call, &endpoint, &region).await;
            let waits = call.action.ends_with(WAITS);
            match answer {
                Answer::Success(output) if waits => Reply {
                    submitted: Some(output),
                    end: None,
                },
                Answer::Failure { error, cause } if waits => Answer::Refused {
                    phase: TaskPhase::SubmitFailed,
                    error,
                    cause,
                }
                .into(),
                answer => answer.into(),
            }
        })))
    }

    fn get_object(&self, bucket: &str, key: &str) -> Option<BoxFuture<Result<Vec<u8>, String>>> {
        self.object(bucket, key)
    }

    fn list_objects(
        &self,
        bucket: &str,
        prefix: &str,
    ) -> Option<BoxFuture<Result<Vec<Value>, String>>> {
        self.objects(bucket, prefix)
    }

    fn put_object(
        &self,
        bucket: &str,
        key: &str,
        body: &[u8],
    ) -> Option<BoxFuture<Result<(), String>>> {
        self.new_object(bucket, key, body)
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
struct Target {
    protocol: Protocol,
    optimized: Option<&'static Optimized>,
}

#[derive(Debug, Clone, Copy)]
enum Protocol {
    Table {
        service: &'static table::Service,
        operation: table::Operation,
    },
    S3(s3::Operation),
}

/// A request, but for what all have in common.
#[derive(Debug)]
struct Outgoing {
    method: Method,
    /// Path and query.
    target: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Target {
    /// The error says why it cannot be passed on.
    fn find(
        name: &str,
        verb: &str,
        sdk: bool,
        optimized: Option<&'static Optimized>,
    ) -> Result<Self, String> {
        if !sdk && optimized.is_none() {
            return Err(format!(
                "the service `{name}` is not among the optimized integrations that are passed on"
            ));
        }
        let known = known(name)
            .ok_or_else(|| format!("the service `{name}` is not among those that are passed on"))?;
        let protocol = match table::service(known) {
            Some(service) => service
                .operation(verb)
                .map(|operation| Protocol::Table { service, operation }),
            None => s3::Operation::named(verb).map(Protocol::S3),
        };
        let protocol = protocol.ok_or_else(|| {
            format!("the operation `{verb}` of `{name}` is not among those that are passed on")
        })?;
        Ok(Target {
            protocol,
            optimized,
        })
    }

    async fn ask(&self, call: &IntegrationCall, endpoint: &Endpoint, region: &str) -> Answer {
        let mut parameters: Value = serde_json::from_str(&call.input).unwrap_or(Value::Null);
        if self.puts_events() {
            name_execution(&mut parameters, &call.execution_arn);
        }
        let outgoing = match self.request(&parameters) {
            Ok(outgoing) => outgoing,
            Err(why) => return refused(call, &why),
        };
        let sent = self.send(outgoing, endpoint, region, LARGEST_ANSWER).await;
        let (head, body) = match sent {
            Ok(Ok(answer)) => answer,
            Ok(Err(failure)) => return failure,
            Err(why) => return refused(call, &why),
        };
        if !head.status.is_success() {
            return self.failed(&head, &body);
        }
        match self.result(&head, &body) {
            Ok(result) if self.puts_events() && result["FailedEntryCount"].as_i64() > Some(0) => {
                Answer::Failure {
                    error: Some("EventBridge.FailedEntry".to_owned()),
                    cause: Some(result.to_string()),
                }
            }
            Ok(result) => Answer::Success(result.to_string()),
            Err(error) => self.unanswered(&format!(
                "http://{}: its answer cannot be read: {error}",
                endpoint.authority
            )),
        }
    }

    /// Sends a request; the inner error is that of an endpoint without an answer, the outer says why there is no request.
    async fn send(
        &self,
        outgoing: Outgoing,
        endpoint: &Endpoint,
        region: &str,
        largest: usize,
    ) -> Result<Result<(Parts, Bytes), Answer>, String> {
        let request = self
            .signed(outgoing, endpoint, region)
            .map_err(|error| format!("the request would be wrong: {error}"))?;
        let asked = tokio::time::timeout(PATIENCE, endpoint.send(request, largest)).await;
        let why = match asked {
            Ok(Ok(answer)) => return Ok(Ok(answer)),
            Ok(Err(error)) => error,
            Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        let cause = format!("http://{}: {why}", endpoint.authority);
        Ok(Err(self.unanswered(&cause)))
    }

    /// Whether it is the optimized integration of EventBridge, which has manners of its own.
    fn puts_events(&self) -> bool {
        self.optimized.is_some_and(|found| found.name == "events")
    }

    fn form(&self, service: &'static table::Service) -> json::Form {
        json::Form {
            service,
            bytes_as_text: self.optimized.is_none(),
        }
    }

    fn request(&self, parameters: &Value) -> Result<Outgoing, String> {
        let (service, operation) = match self.protocol {
            Protocol::S3(operation) => return operation.request(parameters),
            Protocol::Table { service, operation } => (service, operation),
        };
        let (headers, body) = match service.protocol {
            table::Protocol::Json { version, target } => (
                vec![
                    (
                        "content-type".to_owned(),
                        format!("application/x-amz-json-{version}"),
                    ),
                    (
                        "x-amz-target".to_owned(),
                        format!("{target}.{}", operation.name),
                    ),
                ],
                self.form(service)
                    .for_wire(operation.sent, parameters)
                    .to_string(),
            ),
            table::Protocol::Query { version } => (
                vec![(
                    "content-type".to_owned(),
                    "application/x-www-form-urlencoded; charset=utf-8".to_owned(),
                )],
                query::form(service, version, operation, parameters)
                    .map_err(|name| format!("`{}` has no parameter `{name}`", operation.name))?,
            ),
        };
        Ok(Outgoing {
            method: Method::POST,
            target: "/".to_owned(),
            headers,
            body: body.into(),
        })
    }

    /// The request with what makes it look signed.
    fn signed(
        &self,
        outgoing: Outgoing,
        endpoint: &Endpoint,
        region: &str,
    ) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        let service = match self.protocol {
            Protocol::Table { service, .. } => service.signed_as,
            Protocol::S3(_) => "s3",
        };
        let time = basic_time(SystemClock.now());
        let day = &time[..8];
        let mut request = Request::builder()
            .method(outgoing.method)
            .uri(format!("{}{}", endpoint.path, outgoing.target))
            .header(
                "user-agent",
                concat!("sfn-server/", env!("CARGO_PKG_VERSION")),
            )
            .header("x-amz-date", &time)
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
            // Emulators take any key; they read the region and the service from here.
            .header(
                "authorization",
                format!(
                    "AWS4-HMAC-SHA256 Credential=test/{day}/{region}/{service}/aws4_request, \
                     SignedHeaders=host;x-amz-date, Signature={}",
                    "0".repeat(64)
                ),
            );
        for (name, value) in outgoing.headers {
            request = request.header(name, value);
        }
        request.body(Full::new(outgoing.body))
    }

    /// The task's result; the error says what is wrong with the answer.
    fn result(&self, head: &Parts, body: &Bytes) -> Result<Value, String> {
        let mut result = match self.protocol {
            Protocol::S3(operation) => operation.result(&head.headers, body)?,
            Protocol::Table { service, operation } => match service.protocol {
                // An operation that answers nothing may answer with an empty body.
                table::Protocol::Json { .. } if body.is_empty() => Value::Object(Map::new()),
                table::Protocol::Json { .. } => {
                    let body = serde_json::from_slice(body).map_err(|error| error.to_string())?;
                    self.form(service).for_task(operation.answered, &body)
                }
                table::Protocol::Query { .. } => {
                    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
                    let document =
                        roxmltree::Document::parse(text).map_err(|error| error.to_string())?;
                    query::result(service, operation, document.root_element())
                }
            },
        };
        // Recorded: all optimized integrations but that of EventBridge tell about the answer itself.
        if self.optimized.is_some()
            && !self.puts_events()
            && let Some(fields) = result.as_object_mut()
        {
            add_metadata(fields, head);
        }
        Ok(result)
    }
}

/// Adds the execution and its state machine to what each event is about, as Step Functions does.
fn name_execution(parameters: &mut Value, execution_arn: &str) {
    let parts: Vec<&str> = execution_arn.split(':').collect();
    let [arn, partition, states, region, account, _, machine, ..] = parts[..] else {
        return;
    };
    let machine = format!("{arn}:{partition}:{states}:{region}:{account}:stateMachine:{machine}");
    let entries = parameters.get_mut("Entries").and_then(Value::as_array_mut);
    for entry in entries
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        let resources = entry.entry("Resources").or_insert_with(|| json!([]));
        if let Some(resources) = resources.as_array_mut() {
            resources.extend([json!(execution_arn), json!(machine)]);
        }
    }
}

fn add_metadata(fields: &mut Map<String, Value>, head: &Parts) {
    let (mut all, mut single) = (Map::new(), Map::new());
    for name in head.headers.keys() {
        // hyper writes all names small; AWS's services write these so.
        let shown = match name.as_str() {
            "connection" => "connection",
            "content-length" => "Content-Length",
            "content-type" => "Content-Type",
            "date" => "Date",
            "server" => "Server",
            "x-amzn-requestid" => "x-amzn-RequestId",
            other => other,
        };
        let values: Vec<_> = texts(&head.headers, name.as_str()).collect();
        if let Some(first) = values.first() {
            single.insert(shown.to_owned(), first.clone().into());
        }
        all.insert(shown.to_owned(), values.into());
    }
    fields.insert(
        "SdkHttpMetadata".to_owned(),
        json!({ "AllHttpHeaders": all, "HttpHeaders": single, "HttpStatusCode": head.status.as_u16() }),
    );
    let request_id = request_id(head).unwrap_or_default();
    fields.insert(
        "SdkResponseMetadata".to_owned(),
        json!({ "RequestId": request_id }),
    );
}

fn texts<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = String> + use<'a> {
    let values = headers.get_all(name).into_iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// What the service calls the request.
fn request_id(head: &Parts) -> Option<String> {
    ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"]
        .iter()
        .find_map(|name| texts(&head.headers, name).next())
}

/// A time as signatures have it: `20260101T000000Z`.
fn basic_time(time: Timestamp) -> String {
    let time = time.to_string();
    let digits: String = time
        .split('.')
        .next()
        .unwrap_or(&time)
        .chars()
        .filter(|letter| !matches!(letter, '-' | ':'))
        .collect();
    digits + "Z"
}

/// A text in a URL or a form: all but letters, digits, `-_.~` and `kept` escaped.
fn escape(text: &str, kept: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        let letter = char::from(byte);
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || kept.contains(letter) {
            escaped.push(letter);
        } else {
            write!(escaped, "%{byte:02X}").expect("a string takes any text");
        }
    }
    escaped
}
