//! Machines whose tasks are passed on to a service double.

use std::sync::{Arc, Mutex};

use http_body_util::BodyExt;
use hyper::{Response as HttpResponse, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::json;
use sfn_engine::Engine;
use tokio::net::TcpListener;

use super::*;
use crate::Service;

/// A service that answers every request alike and remembers them.
struct Double {
    url: String,
    /// Method, target, headers and body.
    heard: Arc<Mutex<Vec<(String, HeaderMap, String)>>>,
}

impl Double {
    async fn answering(status: u16, headers: &'static [(&str, &str)], body: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = heard.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let hears = hears.clone();
                let answer = service_fn(move |request: Request<Incoming>| {
                    let hears = hears.clone();
                    async move {
                        let (head, sent) = request.into_parts();
                        let sent = sent.collect().await?.to_bytes();
                        let line = format!("{} {}", head.method, head.uri);
                        let sent = String::from_utf8_lossy(&sent).into_owned();
                        hears
                            .lock()
                            .expect("whole")
                            .push((line, head.headers, sent));
                        let mut answer = HttpResponse::builder().status(status);
                        for (name, value) in headers {
                            answer = answer.header(*name, *value);
                        }
                        let answer = answer.body(Full::new(Bytes::from_static(body.as_bytes())));
                        Ok::<_, hyper::Error>(answer.expect("a response"))
                    }
                });
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
                tokio::spawn(connection);
            }
        });
        Double { url, heard }
    }

    fn heard(&self) -> (String, HeaderMap, String) {
        let heard = self.heard.lock().expect("whole");
        assert_eq!(heard.len(), 1, "one request");
        heard[0].clone()
    }
}

fn endpoints(url: &str) -> ServiceEndpoints {
    let mut endpoints = ServiceEndpoints::new("eu-west-1");
    endpoints.add(url).expect("an endpoint");
    endpoints
}

/// Runs a machine of one task as a synchronous express execution, and gives what that call answers.
async fn run(endpoints: ServiceEndpoints, resource: &str, parameters: Value) -> Value {
    let engine = Engine::builder()
        .integrations(endpoints)
        .start()
        .expect("an engine");
    let service = Service::new(engine);
    let definition = json!({"StartAt": "T", "States": {"T": {
        "Type": "Task", "Resource": format!("arn:aws:states:::{resource}"), "Parameters": parameters, "End": true}}});
    let call = async |operation: &str, body: Value| -> Value {
        let answer = service.call(operation, body.to_string().as_bytes()).await;
        assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
        answer.body
    };
    let machine = json!({"name": "M", "type": "EXPRESS", "roleArn": "arn:aws:iam::123456789012:role/r",
        "definition": definition.to_string()});
    let machine = call("CreateStateMachine", machine).await;
    let execution = json!({"stateMachineArn": machine["stateMachineArn"], "input": "{}"});
    call("StartSyncExecution", execution).await
}

fn output(execution: &Value) -> Value {
    assert_eq!(execution["status"], "SUCCEEDED", "{execution}");
    serde_json::from_str(execution["output"].as_str().expect("a text")).expect("JSON")
}

#[track_caller]
fn check_failure(execution: &Value, error: &str, cause: &str) {
    assert_eq!(
        (execution["error"].as_str(), execution["cause"].as_str()),
        (Some(error), Some(cause))
    );
}

#[tokio::test]
async fn json_goes_out_and_the_answer_comes_with_metadata() {
    let double = Double::answering(
        200,
        &[
            ("x-amzn-RequestId", "id-1"),
            ("Content-Type", "application/x-amz-json-1.0"),
        ],
        r#"{"MD5OfMessageBody":"m","MessageId":"i"}"#,
    )
    .await;
    let parameters = json!({"QueueUrl": "http://q/1/q", "MessageBody": {"a": 1}});
    let result = output(&run(endpoints(&double.url), "sqs:sendMessage", parameters).await);
    assert_eq!(result["MessageId"], "i");
    assert_eq!(result["SdkHttpMetadata"]["HttpStatusCode"], 200);
    assert_eq!(
        result["SdkHttpMetadata"]["AllHttpHeaders"]["x-amzn-RequestId"],
        json!(["id-1"])
    );
    assert_eq!(result["SdkResponseMetadata"], json!({"RequestId": "id-1"}));

    let (line, headers, body) = double.heard();
    assert_eq!(line, "POST /");
    assert_eq!(headers["x-amz-target"], "AmazonSQS.SendMessage");
    assert_eq!(headers["content-type"], "application/x-amz-json-1.0");
    let authorization = headers["authorization"].to_str().expect("a text");
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=test/"));
    assert!(
        authorization
            .contains("/eu-west-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=0")
    );
    assert_eq!(
        body,
        r#"{"QueueUrl":"http://q/1/q","MessageBody":"{\"a\":1}"}"#
    );
}

#[tokio::test]
async fn results_of_the_sdk_integrations_have_no_metadata() {
    let double = Double::answering(200, &[], r#"{"executionArn":"a","startDate":1.5}"#).await;
    let parameters = json!({"ExecutionArn": "a"});
    let execution = run(
        endpoints(&double.url),
        "aws-sdk:sfn:describeExecution",
        parameters,
    )
    .await;
    assert_eq!(
        output(&execution),
        json!({"ExecutionArn": "a", "StartDate": "1970-01-01T00:00:01.500Z"})
    );
    assert_eq!(double.heard().2, r#"{"executionArn":"a"}"#);
}

#[tokio::test]
async fn topics_are_told_by_forms() {
    let double = Double::answering(
        200,
        &[],
        "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>i</MessageId>\
         </PublishResult></PublishResponse>",
    )
    .await;
    let parameters = json!({"TopicArn": "t", "Message": "m"});
    let execution = run(endpoints(&double.url), "aws-sdk:sns:publish", parameters).await;
    assert_eq!(output(&execution), json!({"MessageId": "i"}));
    assert_eq!(
        double.heard().2,
        "Action=Publish&Version=2010-03-31&TopicArn=t&Message=m"
    );
}

#[tokio::test]
async fn objects_are_read() {
    let double = Double::answering(
        200,
        &[
            ("ETag", "\"e\""),
            ("Last-Modified", "Thu, 18 Apr 2024 06:27:01 GMT"),
            ("x-amz-meta-a", "b"),
        ],
        "text data",
    )
    .await;
    let parameters = json!({"Bucket": "b", "Key": "k"});
    let execution = run(endpoints(&double.url), "aws-sdk:s3:getObject", parameters).await;
    assert_eq!(
        output(&execution),
        json!({"ContentLength": 9, "LastModified": "2024-04-18T06:27:01Z", "ETag": "\"e\"", "Metadata": {"a": "b"},
            "Body": "text data"})
    );
    assert_eq!(double.heard().0, "GET /b/k");
}

#[tokio::test]
async fn errors_of_optimized_integrations() {
    let double = Double::answering(
        400,
        &[("x-amzn-RequestId", "id")],
        r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}"#,
    )
    .await;
    let execution = run(
        endpoints(&double.url),
        "dynamodb:putItem",
        json!({"TableName": "t", "Item": {}}),
    )
    .await;
    check_failure(
        &execution,
        "DynamoDB.ConditionalCheckFailedException",
        "no (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: id; Proxy: null)",
    );
    let double = Double::answering(
        404,
        &[],
        "<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error>\
         <RequestId>id</RequestId></ErrorResponse>",
    )
    .await;
    let execution = run(
        endpoints(&double.url),
        "sns:publish",
        json!({"TopicArn": "t", "Message": "m"}),
    )
    .await;
    check_failure(
        &execution,
        "SNS.NotFoundException",
        "Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: id; Proxy: null)",
    );
}

#[tokio::test]
async fn errors_of_sdk_integrations() {
    let double = Double::answering(
        400,
        &[("x-amzn-RequestId", "id")],
        r#"{"__type":"ValidationException","message":"Invalid name."}"#,
    )
    .await;
    let execution = run(
        endpoints(&double.url),
        "aws-sdk:secretsmanager:createSecret",
        json!({"Name": "Invalid Name", "SecretString": "s"}),
    )
    .await;
    check_failure(
        &execution,
        "SecretsManager.SecretsManagerException",
        "Invalid name. (Service: SecretsManager, Status Code: 400, Request ID: id) (SDK Attempt Count: 1)",
    );
    let double = Double::answering(
        404,
        &[("x-amz-request-id", "id"), ("x-amz-id-2", "more")],
        "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>",
    )
    .await;
    let execution = run(
        endpoints(&double.url),
        "aws-sdk:s3:getObject",
        json!({"Bucket": "b", "Key": "k"}),
    )
    .await;
    check_failure(
        &execution,
        "S3.NoSuchKeyException",
        "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: id, Extended Request ID: more) \
         (SDK Attempt Count: 1)",
    );
}

#[tokio::test]
async fn events_name_the_execution_and_fail_one_by_one() {
    let double = Double::answering(
        200,
        &[],
        r#"{"FailedEntryCount":1,"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"Detail is malformed."}]}"#,
    )
    .await;
    let parameters = json!({"Entries": [{"Detail": {"a": 1}, "DetailType": "d", "Source": "s", "Resources": ["r"]}]});
    let execution = run(endpoints(&double.url), "events:putEvents", parameters).await;
    check_failure(
        &execution,
        "EventBridge.FailedEntry",
        r#"{"FailedEntryCount":1,"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"Detail is malformed."}]}"#,
    );
    let sent: Value = serde_json::from_str(&double.heard().2).expect("JSON");
    let entry = &sent["Entries"][0];
    assert_eq!(entry["Detail"], r#"{"a":1}"#);
    assert_eq!(entry["Resources"][0], "r");
    assert_eq!(
        entry["Resources"][2],
        "arn:aws:states:us-east-1:123456789012:stateMachine:M"
    );
}

#[tokio::test]
async fn an_endpoint_that_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let endpoints = endpoints(&format!("http://{address}"));
    let execution = run(endpoints, "aws-sdk:dynamodb:listTables", json!({})).await;
    assert_eq!(execution["error"], "DynamoDb.SdkClientException");
    let cause = execution["cause"].as_str().expect("a text");
    assert!(
        cause.starts_with(&format!(
            "Unable to execute HTTP request: http://{address}: "
        )),
        "{cause}"
    );
}

#[track_caller]
fn check_refused(service: &str, action: &str, why: &str) {
    let decided = endpoints("http://127.0.0.1:1").decide(service, action);
    let said = decided.expect("its business").map(|_| ());
    assert_eq!(said, Err(why.to_owned()));
}

#[tokio::test]
async fn a_task_that_is_not_passed_on_says_how_to_mock_it() {
    let execution = run(
        endpoints("http://127.0.0.1:1"),
        "aws-sdk:s3:getBucketAcl",
        json!({"Bucket": "b"}),
    )
    .await;
    check_failure(
        &execution,
        "States.TaskFailed",
        "`arn:aws:states:::aws-sdk:s3:getBucketAcl` cannot be passed on to a service's endpoint: the operation \
         `getBucketAcl` of `s3` is not among those that are passed on\nhelp: mock it: name the state under \
         `StateMachines.<name>.TestCases.<case>` in a MockConfigFile and start the execution with \
         `<state machine ARN>#<case>`",
    );
}

#[test]
fn what_is_not_passed_on_says_so() {
    check_refused(
        "aws-sdk:cakes",
        "bake",
        "the service `cakes` is not among those that are passed on",
    );
    check_refused(
        "apigateway",
        "invoke",
        "the service `apigateway` is not among the optimized integrations that are passed on",
    );
    check_refused(
        "aws-sdk:s3",
        "putBucketAcl",
        "the operation `putBucketAcl` of `s3` is not among those that are passed on",
    );
    check_refused(
        "ecs",
        "runTask.sync",
        "`.sync` would have to know how the service tells that a job has ended",
    );
}

#[test]
fn what_is_the_engines_own_is_left_to_it() {
    let endpoints = endpoints("http://127.0.0.1:1");
    for (service, action) in [
        ("lambda", "invoke"),
        ("activity", "activity:a"),
        ("states", "startExecution.sync:2"),
    ] {
        assert!(endpoints.decide(service, action).is_none());
    }
    let mut one = ServiceEndpoints::new("us-east-1");
    one.add("dynamodb=http://127.0.0.1:1").expect("an endpoint");
    assert!(one.decide("sqs", "sendMessage").is_none());
    assert!(matches!(one.decide("dynamodb", "putItem"), Some(Ok(_))));
}

#[test]
fn bad_endpoints_are_told() {
    for (given, why) in [
        (
            "https://x",
            "it is asked over plain HTTP alone, and this is an `https://` URL",
        ),
        ("dynamodb=x", "it does not begin with `http://`"),
        (
            "cakes=http://x",
            "tasks of `cakes` cannot be passed on; those that can: athena, ",
        ),
    ] {
        let message = ServiceEndpoints::new("r")
            .add(given)
            .expect_err("refused")
            .to_string();
        let begin = format!("`{given}` is no endpoint of services: {why}");
        assert!(message.starts_with(&begin), "{message}");
        assert!(message.contains("help: give a URL"), "{message}");
    }
}

#[tokio::test]
async fn http_tasks_go_to_the_endpoint_for_them() {
    let headers = &[("content-type", "application/json"), ("x-a", "1")];
    let double = Double::answering(200, headers, r#"{"b":2}"#).await;
    let parameters = json!({
        "ApiEndpoint": "https://api.example.com/v1/things?x=1",
        "Method": "POST",
        "Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1"},
        "Headers": {"x-b": "2"},
        "QueryParameters": {"y": ["2", "3"]},
        "RequestBody": {"a": 1},
    });
    let endpoint = format!("http={}/under", double.url);
    let result = output(&run(endpoints(&endpoint), "http:invoke", parameters.clone()).await);
    assert_eq!(result["ResponseBody"], json!({"b": 2}));
    assert_eq!(result["StatusCode"], 200);
    assert_eq!(result["Headers"]["x-a"], json!(["1"]));
    let (line, headers, body) = double.heard();
    assert_eq!(line, "POST /under/v1/things?x=1&y=2&y=3");
    assert_eq!(headers["x-b"], "2");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(body, r#"{"a":1}"#);

    // One endpoint for all services is none for these.
    let failed = run(endpoints(&double.url), "http:invoke", parameters).await;
    assert_eq!(failed["error"], "States.TaskFailed", "{failed}");
}

#[tokio::test]
async fn http_tasks_fail_by_their_status() {
    let double = Double::answering(404, &[], "not here").await;
    let mut parameters = json!({
        "ApiEndpoint": "https://api.example.com/", "Method": "POST",
        "Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1"},
        "Headers": {"Content-Type": "application/x-www-form-urlencoded"},
        "RequestBody": {"a b": ["1", 2]},
    });
    let endpoint = format!("http={}", double.url);
    let failed = run(endpoints(&endpoint), "http:invoke", parameters.clone()).await;
    check_failure(&failed, "States.Http.StatusCode.404", "not here");
    assert_eq!(double.heard().2, "a%20b=1&a%20b=2");

    parameters["Method"] = "GET".into();
    let nowhere = run(
        endpoints("http=http://127.0.0.1:1"),
        "http:invoke",
        parameters,
    )
    .await;
    assert_eq!(nowhere["error"], "States.Http.Socket", "{nowhere}");
}
