//! Failures, as Step Functions names and tells them.

use bytes::Bytes;
use hyper::http::response::Parts;
use serde_json::Value;
use sfn_engine::{Answer, IntegrationCall};

use super::{Protocol, Target, s3};

/// An optimized integration, which names its errors as the first AWS SDK for Java does.
#[derive(Debug)]
pub(super) struct Optimized {
    /// In `arn:aws:states:::<name>:…`.
    pub(super) name: &'static str,
    /// In `aws-sdk:<name>:…`.
    pub(super) sdk: &'static str,
    /// What the names of errors begin with.
    prefix: &'static str,
    /// The service in the text of a cause.
    client: &'static str,
}

pub(super) const OPTIMIZED: [Optimized; 10] = [
    optimized("athena", "athena", "Athena", "AmazonAthena"),
    optimized("codebuild", "codebuild", "CodeBuild", "AWSCodeBuild"),
    optimized("dynamodb", "dynamodb", "DynamoDB", "AmazonDynamoDBv2"),
    optimized("ecs", "ecs", "ECS", "AmazonECS"),
    optimized(
        "elasticmapreduce",
        "emr",
        "ElasticMapReduce",
        "AmazonElasticMapReduce",
    ),
    optimized("events", "eventbridge", "EventBridge", "AmazonEventBridge"),
    optimized("glue", "glue", "Glue", "AWSGlue"),
    optimized("sagemaker", "sagemaker", "SageMaker", "AmazonSageMaker"),
    optimized("sns", "sns", "SNS", "AmazonSNS"),
    optimized("sqs", "sqs", "SQS", "AmazonSQS"),
];

const fn optimized(
    name: &'static str,
    sdk: &'static str,
    prefix: &'static str,
    client: &'static str,
) -> Optimized {
    Optimized {
        name,
        sdk,
        prefix,
        client,
    }
}

/// A task that is not passed on, with the reason and what to do instead.
pub(super) fn refused(call: &IntegrationCall, why: &str) -> Answer {
    Answer::Failure {
        error: Some("States.TaskFailed".to_owned()),
        cause: Some(format!(
            "`{}` cannot be passed on to a service's endpoint: {why}\nhelp: mock it: name the state under \
             `StateMachines.<name>.TestCases.<case>` in a MockConfigFile and start the execution with \
             `<state machine ARN>#<case>`",
            call.resource
        )),
    }
}

impl Target {
    fn error_prefix(&self) -> &'static str {
        match (self.optimized, &self.protocol) {
            (Some(optimized), _) => optimized.prefix,
            (None, Protocol::Table { service, .. }) => service.error_prefix,
            (None, Protocol::S3(_)) => "S3",
        }
    }

    /// The endpoint gave no answer.
    pub(super) fn unanswered(&self, cause: &str) -> Answer {
        Answer::Failure {
            error: Some(format!("{}.SdkClientException", self.error_prefix())),
            cause: Some(format!("Unable to execute HTTP request: {cause}")),
        }
    }

    /// The service answered with an error.
    pub(super) fn failed(&self, head: &Parts, body: &Bytes) -> Answer {
        let told = Told::read(head, body);
        let status = head.status.as_u16();
        let code = told.code.as_deref().unwrap_or(match self.protocol {
            Protocol::S3(_) => s3::Operation::silent_error(status),
            Protocol::Table { .. } => "",
        });
        let modelled = match &self.protocol {
            Protocol::Table { service, .. } => service.error(code).map(str::to_owned),
            Protocol::S3(_) => s3::error(code),
        };
        let request_id = super::request_id(head)
            .or(told.request_id)
            .unwrap_or_else(|| "null".to_owned());
        let message = told.message.as_deref().unwrap_or("null");
        let prefix = self.error_prefix();
        let (name, cause) = if let Some(optimized) = self.optimized {
            let name = modelled.unwrap_or_else(|| match optimized.client {
                "AmazonDynamoDBv2" => "AmazonDynamoDBException".to_owned(),
                client => format!("{client}Exception"),
            });
            let cause = format!(
                "{message} (Service: {}; Status Code: {status}; Error Code: {code}; Request ID: {request_id}; Proxy: null)",
                optimized.client
            );
            (name, cause)
        } else {
            let name = modelled.unwrap_or_else(|| format!("{prefix}Exception"));
            let extended = head.headers.get("x-amz-id-2").map(|id| {
                let id = String::from_utf8_lossy(id.as_bytes());
                format!(", Extended Request ID: {id}")
            });
            let cause = format!(
                "{message} (Service: {prefix}, Status Code: {status}, Request ID: {request_id}{}) (SDK Attempt Count: 1)",
                extended.unwrap_or_default()
            );
            (name, cause)
        };
        Answer::Failure {
            error: Some(format!("{prefix}.{name}")),
            cause: Some(cause),
        }
    }
}

/// What the body of an error tells.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
}

impl Told {
    fn read(head: &Parts, body: &[u8]) -> Told {
        let header = head.headers.get("x-amzn-errortype");
        let header = header.and_then(|value| value.to_str().ok()).map(code);
        let text = String::from_utf8_lossy(body);
        let mut told = match serde_json::from_str::<Value>(&text) {
            Ok(body) => {
                let member = |name: &str| body.get(name).and_then(Value::as_str);
                Told {
                    code: member("__type").or(member("code")).map(code),
                    message: member("message").or(member("Message")).map(str::to_owned),
                    request_id: None,
                }
            }
            Err(_) => match roxmltree::Document::parse(&text) {
                Ok(document) => {
                    let find = |name: &str| {
                        let mut nodes = document.descendants();
                        let node = nodes.find(|node| node.tag_name().name() == name)?;
                        node.text().map(str::to_owned)
                    };
                    Told {
                        code: find("Code"),
                        message: find("Message"),
                        request_id: find("RequestId"),
                    }
                }
                // Not a service's words, but better than none.
                Err(_) => Told {
                    message: Some(text.trim().chars().take(1000).collect())
                        .filter(|message: &String| !message.is_empty()),
                    ..Told::default()
                },
            },
        };
        told.code = header.or(told.code);
        told
    }
}

/// The code alone, out of `com.amazonaws.sqs#QueueDoesNotExist` or `NotFound:http://…`.
fn code(text: &str) -> String {
    let text = text.split(':').next().unwrap_or(text);
    text.rsplit('#').next().unwrap_or(text).to_owned()
}
