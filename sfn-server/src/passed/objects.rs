//! Objects that a distributed Map reads and writes, at the endpoint of S3.

use std::sync::Arc;

use serde_json::{Value, json};
use sfn_engine::{Answer, BoxFuture, Timestamp};

use super::{Protocol, ServiceEndpoints, Target, s3};
use crate::client::Endpoint;

/// The most bytes an object may have that items are read from.
const LARGEST_OBJECT: usize = 64 * 1024 * 1024;

/// How many pages of a list are read: a thousand of a thousand objects each, which is more than a Map Run gets through.
const MOST_PAGES: usize = 1000;

impl ServiceEndpoints {
    /// S3, if it has an endpoint.
    fn s3(&self) -> Option<Bucket> {
        Some(Bucket {
            endpoint: self.endpoint("s3")?.clone(),
            region: self.region.clone(),
        })
    }

    pub(super) fn object(
        &self,
        bucket: &str,
        key: &str,
    ) -> Option<BoxFuture<Result<Vec<u8>, String>>> {
        let parameters = json!({ "Bucket": bucket, "Key": key });
        let s3 = self.s3()?;
        Some(Box::pin(async move {
            s3.ask(s3::Operation::GetObject, &parameters).await
        }))
    }

    pub(super) fn objects(
        &self,
        bucket: &str,
        prefix: &str,
    ) -> Option<BoxFuture<Result<Vec<Value>, String>>> {
        let mut parameters = json!({ "Bucket": bucket });
        if !prefix.is_empty() {
            parameters["Prefix"] = prefix.into();
        }
        let s3 = self.s3()?;
        Some(Box::pin(async move {
            let mut items = Vec::new();
            for _ in 0..MOST_PAGES {
                let list = s3::Operation::ListObjectsV2;
                let body = s3.ask(list, &parameters).await?;
                let page = list.result(&hyper::HeaderMap::new(), &body)?;
                let found = page["Contents"].as_array().into_iter().flatten();
                items.extend(found.map(item));
                match page.get("NextContinuationToken") {
                    Some(next) => parameters["ContinuationToken"] = next.clone(),
                    None => return Ok(items),
                }
            }
            Err(format!("the list has more than {MOST_PAGES} pages"))
        }))
    }

    pub(super) fn new_object(
        &self,
        bucket: &str,
        key: &str,
        body: &[u8],
    ) -> Option<BoxFuture<Result<(), String>>> {
        let body = String::from_utf8_lossy(body);
        let parameters = json!({ "Bucket": bucket, "Key": key, "Body": body, "ContentType": "application/json" });
        let s3 = self.s3()?;
        Some(Box::pin(async move {
            let answer = s3.ask(s3::Operation::PutObject, &parameters).await;
            answer.map(|_| ())
        }))
    }
}

/// An object as the items of a Map show it: recorded is `Etag`, and the time is a number.
fn item(found: &Value) -> Value {
    let time = found["LastModified"].as_str();
    let time = time.and_then(Timestamp::parse_rfc3339);
    json!({
        "Etag": found["ETag"],
        "Key": found["Key"],
        "LastModified": time.map(|time| time.as_millis() / 1000),
        "Size": found["Size"],
        "StorageClass": found.get("StorageClass").unwrap_or(&json!("STANDARD")),
    })
}

/// S3 at an endpoint.
struct Bucket {
    endpoint: Endpoint,
    region: Arc<str>,
}

impl Bucket {
    /// The body of the answer; the error is a cause.
    async fn ask(&self, operation: s3::Operation, parameters: &Value) -> Result<Vec<u8>, String> {
        let target = Target {
            protocol: Protocol::S3(operation),
            optimized: None,
        };
        let outgoing = operation.request(parameters)?;
        let sent = target.send(outgoing, &self.endpoint, &self.region, LARGEST_OBJECT);
        let failure = match sent.await? {
            Ok((head, body)) if head.status.is_success() => return Ok(body.to_vec()),
            Ok((head, body)) => target.failed(&head, &body),
            Err(failure) => failure,
        };
        Err(match failure {
            Answer::Failure { cause, .. } => cause.unwrap_or_default(),
            _ => String::new(),
        })
    }
}
