//! Lambda functions, mocks and whatever else answers a task.

use serde_json::{Value, json};
use sfn_engine::api::{CreateStateMachine, DescribedExecution, SendTaskSuccess, StartExecution};
use sfn_engine::history::EventDetails;
use sfn_engine::mock::MockConfig;
use sfn_engine::{
    BoxFuture, Engine, IntegrationCall, Integrations, LambdaError, LambdaHandler, LambdaInvocation,
    Reply, Response, TestClock,
};

use crate::{check_failure, check_output, events, run, start, types};

/// A function that adds one, and fails for anything that is no number.
struct Plus;

impl LambdaHandler for Plus {
    fn invoke(&self, call: LambdaInvocation) -> Option<BoxFuture<Result<String, LambdaError>>> {
        if !call.function.ends_with("plus") {
            return None;
        }
        Some(Box::pin(async move {
            match call.payload.parse::<i64>() {
                Ok(n) => Ok((n + 1).to_string()),
                Err(_) => Err(LambdaError::Function {
                    payload: r#"{"errorType":"NoNumber","errorMessage":"a number is wanted"}"#
                        .to_owned(),
                }),
            }
        }))
    }
}

async fn with_lambda(state: Value, input: Value) -> (DescribedExecution, Vec<&'static str>) {
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .lambda(Plus)
        .start()
        .expect("a runtime");
    let definition = json!({ "StartAt": "T", "States": { "T": state } });
    let arn = start(&engine, &definition, input).await;
    (
        engine.wait(&arn).await.expect("it ends"),
        types(&engine, &arn).await,
    )
}

#[tokio::test]
async fn lambda_functions_are_called_in_both_forms() {
    let direct = json!({
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:plus", "End": true
    });
    let (described, types) = with_lambda(direct.clone(), json!(1)).await;
    check_output(&described, json!(2));
    assert_eq!(
        types[2..5],
        [
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded"
        ]
    );
    let (described, _) = with_lambda(direct, json!("x")).await;
    check_failure(
        &described,
        "NoNumber",
        r#"{"errorType":"NoNumber","errorMessage":"a number is wanted"}"#,
    );
    let invoke = json!({
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": { "FunctionName": "plus", "Payload.$": "$" }, "OutputPath": "$.Payload", "End": true
    });
    let (described, types) = with_lambda(invoke, json!(1)).await;
    check_output(&described, json!(2));
    assert_eq!(
        types[2..5],
        ["TaskScheduled", "TaskStarted", "TaskSucceeded"]
    );
}

#[tokio::test]
async fn a_task_nobody_does_says_how_to_mock_it() {
    let definition = json!({
        "StartAt": "T",
        "States": { "T": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": { "TopicArn": "t", "Message": "m" }, "End": true } }
    });
    let (described, _) = run(definition, json!({})).await;
    assert_eq!(described.error.as_deref(), Some("States.TaskFailed"));
    let cause = described.cause.expect("there is a cause");
    assert!(cause.contains("help: mock it"), "{cause}");
}

#[tokio::test]
async fn a_mocked_service_answers_call_after_call() {
    let mocks = json!({
        "StateMachines": { "m": { "TestCases": { "Flaky": { "T": "Flaky" } } } },
        "MockedResponses": { "Flaky": {
            "0": { "Throw": { "Error": "Busy", "Cause": "later" } },
            "1-2": { "Return": { "MessageId": "1" } }
        } }
    });
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .integrations(MockConfig::parse(&mocks.to_string()).expect("a valid file"))
        .start()
        .expect("a runtime");
    let definition = json!({
        "StartAt": "T",
        "States": { "T": {
            "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": { "TopicArn": "t", "Message": "m" },
            "Retry": [{ "ErrorEquals": ["Busy"] }], "End": true
        } }
    });
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine
        .create_state_machine(machine)
        .await
        .expect("valid")
        .state_machine_arn;
    let request = StartExecution::new(format!("{machine}#Flaky"));
    let started = engine.start_execution(request).await.expect("it starts");
    check_output(
        &engine.wait(&started.execution_arn).await.expect("it ends"),
        json!({ "MessageId": "1" }),
    );
}

#[tokio::test]
async fn a_token_sent_back_ends_a_task() {
    let mocks = json!({ "StateMachines": {}, "MockedResponses": {} });
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .integrations(MockConfig::parse(&mocks.to_string()).expect("a valid file"))
        .integrations(Mailbox)
        .start()
        .expect("a runtime");
    let definition = json!({
        "StartAt": "T",
        "States": { "T": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": { "QueueUrl": "q", "MessageBody": { "token.$": "$$.Task.Token" } }, "End": true
        } }
    });
    let arn = start(&engine, &definition, json!({})).await;
    let events = events(&engine, &arn).await;
    let EventDetails::TaskScheduled { parameters, .. } = &events[2].details else {
        panic!("{events:?}")
    };
    let parameters: Value = serde_json::from_str(parameters).expect("JSON");
    let token = parameters["MessageBody"]["token"]
        .as_str()
        .expect("the token is in the message");
    engine
        .send_task_success(SendTaskSuccess::new(token, "\"approved\""))
        .await
        .expect("the task waits");
    check_output(
        &engine.wait(&arn).await.expect("it ends"),
        json!("approved"),
    );
    assert_eq!(events[4].event_type(), "TaskSubmitted");
}

/// Takes every message.
struct Mailbox;

impl Integrations for Mailbox {
    fn call(&self, _call: &IntegrationCall) -> Option<Response> {
        Some(Response::Now(Reply {
            submitted: Some(r#"{"MessageId":"1"}"#.to_owned()),
            end: None,
        }))
    }
}

#[tokio::test]
async fn a_mocked_call_that_could_not_be_made_never_started() {
    let mocks = json!({
        "StateMachines": { "m": { "TestCases": { "Refused": { "T": "Refused" } } } },
        "MockedResponses": { "Refused": {
            "0": { "Throw": { "Error": "No", "Cause": "never" }, "Event": "LambdaFunctionScheduleFailed" }
        } }
    });
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .integrations(MockConfig::parse(&mocks.to_string()).expect("a valid file"))
        .start()
        .expect("a runtime");
    let definition = json!({ "StartAt": "T", "States": { "T": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true
    } } });
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine
        .create_state_machine(machine)
        .await
        .expect("valid")
        .state_machine_arn;
    let request = StartExecution::new(format!("{machine}#Refused"));
    let started = engine.start_execution(request).await.expect("it starts");
    check_failure(
        &engine.wait(&started.execution_arn).await.expect("it ends"),
        "No",
        "never",
    );
    assert_eq!(
        types(&engine, &started.execution_arn).await[2..],
        [
            "LambdaFunctionScheduled",
            "LambdaFunctionScheduleFailed",
            "ExecutionFailed"
        ]
    );
}
