//! `TestState`: runs one state on an input and tells what became of it.

use serde_json::{Value, json};
use sfn_engine::{
    Handle, Json,
    api::{FieldValidation, InspectionData, InspectionLevel, StateMock, TestState},
};

use super::{LARGEST_DEFINITION, LARGEST_PAYLOAD, Reply, present};
use crate::{answer::Failure, params::Params};

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let definition = params.bounded_text("definition", LARGEST_DEFINITION)?;
    let mut configuration = params.optional_object("stateConfiguration")?;
    let mut configured = |name: &str| match &mut configuration {
        Some(configuration) => configuration.optional_integer(name, 0, u64::from(u32::MAX)),
        None => Ok(None),
    };
    let retrier_retry_count = configured("retrierRetryCount")?;
    let map_iteration_failure_count = configured("mapIterationFailureCount")?;
    let mut named = |name: &str, most: usize| match &mut configuration {
        Some(configuration) => configuration.optional_bounded_text(name, most),
        None => Ok(None),
    };
    let error_caused_by_state = named("errorCausedByState", 80)?;
    let map_item_reader_data = named("mapItemReaderData", LARGEST_PAYLOAD)?;
    let request = TestState {
        definition,
        state_name: params.optional_bounded_text("stateName", 80)?,
        role_arn: params.optional_bounded_text("roleArn", 2_000)?,
        input: params.optional_bounded_text("input", LARGEST_PAYLOAD)?,
        inspection_level: inspection_level(&mut params)?,
        variables: params.optional_bounded_text("variables", LARGEST_PAYLOAD)?,
        mock: mock(&mut params)?,
        context: params.optional_bounded_text("context", LARGEST_PAYLOAD)?,
        // INVARIANT: at most `u32::MAX`, as just checked.
        retrier_retry_count: retrier_retry_count
            .map(|count| u32::try_from(count).expect("bounded by `u32::MAX`")),
        error_caused_by_state,
        map_iteration_failure_count,
        map_item_reader_data,
        reveal_secrets: params.flag("revealSecrets")?,
    };
    let tested = engine.test_state(request).await?;
    Ok(present(json!({
        "output": tested.output.map(|output| output.text().clone()),
        "error": tested.error,
        "cause": tested.cause,
        "inspectionData": tested.inspection.map(inspected),
        "nextState": tested.next_state,
        "status": tested.status.as_str(),
    })))
}

fn inspection_level(params: &mut Params) -> Result<InspectionLevel, Failure> {
    Ok(
        match params.optional_word("inspectionLevel", &["INFO", "DEBUG", "TRACE"])? {
            Some("DEBUG") => InspectionLevel::Debug,
            Some("TRACE") => InspectionLevel::Trace,
            _ => InspectionLevel::Info,
        },
    )
}

fn mock(params: &mut Params) -> Result<Option<StateMock>, Failure> {
    let Some(mut mock) = params.optional_object("mock")? else {
        return Ok(None);
    };
    let error = match mock.optional_object("errorOutput")? {
        None => None,
        Some(mut error) => Some((
            error.optional_bounded_text("error", 256)?,
            error.optional_bounded_text("cause", 32_768)?,
        )),
    };
    let validation =
        match mock.optional_word("fieldValidationMode", &["STRICT", "PRESENT", "NONE"])? {
            Some("PRESENT") => FieldValidation::Present,
            Some("NONE") => FieldValidation::None,
            _ => FieldValidation::Strict,
        };
    Ok(Some(StateMock {
        result: mock.optional_bounded_text("result", LARGEST_PAYLOAD)?,
        error,
        validation,
    }))
}

/// Data are JSON texts, as everywhere in the API.
fn inspected(data: InspectionData) -> Value {
    let text = |json: Option<Json>| json.map(|json| json.text().clone());
    let details = present(json!({
        "retryIndex": data.retry_index,
        "retryBackoffIntervalSeconds": data.retry_backoff_seconds,
        "catchIndex": data.catch_index,
    }));
    let has_details = details
        .as_object()
        .is_some_and(|details| !details.is_empty());
    present(json!({
        "input": text(data.input),
        "afterInputPath": text(data.after_input_path),
        "afterParameters": text(data.after_parameters),
        "afterArguments": text(data.after_arguments),
        "result": text(data.result),
        "afterResultSelector": text(data.after_result_selector),
        "afterResultPath": text(data.after_result_path),
        "afterItemsPath": text(data.after_items_path),
        "afterItemsPointer": text(data.after_items_pointer),
        "afterItemSelector": text(data.after_item_selector),
        "afterItemBatcher": text(data.after_item_batcher),
        "variables": text(data.variables),
        "maxConcurrency": data.max_concurrency,
        "toleratedFailureCount": data.tolerated_failure_count,
        "toleratedFailurePercentage": data.tolerated_failure_percentage,
        "errorDetails": has_details.then_some(details),
        "request": data.request.map(|request| present(json!({
            "protocol": request.protocol,
            "method": request.method,
            "url": request.url,
            "headers": request.headers,
            "body": request.body,
        }))),
        "response": data.response.map(|response| present(json!({
            "protocol": response.protocol,
            "statusCode": response.status_code,
            "statusMessage": response.status_message,
            "headers": response.headers,
            "body": response.body,
        }))),
    }))
}
