//! The operations of the API, one file each, and what several of them share.

mod create_activity;
mod create_state_machine;
mod create_state_machine_alias;
mod delete_activity;
mod delete_state_machine;
mod delete_state_machine_alias;
mod delete_state_machine_version;
mod describe_activity;
mod describe_execution;
mod describe_map_run;
mod describe_state_machine;
mod describe_state_machine_alias;
mod describe_state_machine_for_execution;
mod get_activity_task;
mod get_execution_history;
mod list_activities;
mod list_executions;
mod list_map_runs;
mod list_state_machine_aliases;
mod list_state_machine_versions;
mod list_state_machines;
mod list_tags_for_resource;
mod publish_state_machine_version;
mod redrive_execution;
mod send_task_failure;
mod send_task_heartbeat;
mod send_task_success;
mod start_execution;
mod start_sync_execution;
mod stop_execution;
mod tag_resource;
mod test_state;
mod untag_resource;
mod update_map_run;
mod update_state_machine;
mod update_state_machine_alias;
mod validate_state_machine_definition;

use std::{future::Future, pin::Pin};

use serde_json::{Value, json};
use sfn_engine::{
    ExecutionStatus, Handle, MachineType,
    api::{
        DescribedStateMachine, EncryptionConfiguration, EncryptionType, LogLevel,
        LoggingConfiguration, Paged, RoutingItem, StartExecution,
    },
};

use crate::{answer::Failure, params::Params};

/// What an operation gives: the body of its answer, or why there is none.
pub(crate) type Reply = Result<Value, Failure>;

/// An operation: parameters in, reply out.
pub(crate) type Operation = fn(Params, Handle) -> Pin<Box<dyn Future<Output = Reply> + Send>>;

/// The most characters a definition may have. Source: the API's model.
const LARGEST_DEFINITION: usize = 1_048_576;

/// The most characters an input or output may have. Source: the API's model.
const LARGEST_PAYLOAD: usize = 262_144;

/// The operation of that name.
pub(crate) fn find(name: &str) -> Option<Operation> {
    Some(match name {
        "CreateActivity" => boxed(|p, e| Box::pin(create_activity::run(p, e))),
        "CreateStateMachine" => boxed(|p, e| Box::pin(create_state_machine::run(p, e))),
        "CreateStateMachineAlias" => boxed(|p, e| Box::pin(create_state_machine_alias::run(p, e))),
        "DeleteActivity" => boxed(|p, e| Box::pin(delete_activity::run(p, e))),
        "DeleteStateMachine" => boxed(|p, e| Box::pin(delete_state_machine::run(p, e))),
        "DeleteStateMachineAlias" => boxed(|p, e| Box::pin(delete_state_machine_alias::run(p, e))),
        "DeleteStateMachineVersion" => {
            boxed(|p, e| Box::pin(delete_state_machine_version::run(p, e)))
        }
        "DescribeActivity" => boxed(|p, e| Box::pin(describe_activity::run(p, e))),
        "DescribeExecution" => boxed(|p, e| Box::pin(describe_execution::run(p, e))),
        "DescribeMapRun" => boxed(|p, e| Box::pin(describe_map_run::run(p, e))),
        "DescribeStateMachine" => boxed(|p, e| Box::pin(describe_state_machine::run(p, e))),
        "DescribeStateMachineAlias" => {
            boxed(|p, e| Box::pin(describe_state_machine_alias::run(p, e)))
        }
        "DescribeStateMachineForExecution" => {
            boxed(|p, e| Box::pin(describe_state_machine_for_execution::run(p, e)))
        }
        "GetActivityTask" => boxed(|p, e| Box::pin(get_activity_task::run(p, e))),
        "GetExecutionHistory" => boxed(|p, e| Box::pin(get_execution_history::run(p, e))),
        "ListActivities" => boxed(|p, e| Box::pin(list_activities::run(p, e))),
        "ListExecutions" => boxed(|p, e| Box::pin(list_executions::run(p, e))),
        "ListMapRuns" => boxed(|p, e| Box::pin(list_map_runs::run(p, e))),
        "ListStateMachineAliases" => boxed(|p, e| Box::pin(list_state_machine_aliases::run(p, e))),
        "ListStateMachineVersions" => {
            boxed(|p, e| Box::pin(list_state_machine_versions::run(p, e)))
        }
        "ListStateMachines" => boxed(|p, e| Box::pin(list_state_machines::run(p, e))),
        "ListTagsForResource" => boxed(|p, e| Box::pin(list_tags_for_resource::run(p, e))),
        "PublishStateMachineVersion" => {
            boxed(|p, e| Box::pin(publish_state_machine_version::run(p, e)))
        }
        "RedriveExecution" => boxed(|p, e| Box::pin(redrive_execution::run(p, e))),
        "SendTaskFailure" => boxed(|p, e| Box::pin(send_task_failure::run(p, e))),
        "SendTaskHeartbeat" => boxed(|p, e| Box::pin(send_task_heartbeat::run(p, e))),
        "SendTaskSuccess" => boxed(|p, e| Box::pin(send_task_success::run(p, e))),
        "StartExecution" => boxed(|p, e| Box::pin(start_execution::run(p, e))),
        "StartSyncExecution" => boxed(|p, e| Box::pin(start_sync_execution::run(p, e))),
        "StopExecution" => boxed(|p, e| Box::pin(stop_execution::run(p, e))),
        "TagResource" => boxed(|p, e| Box::pin(tag_resource::run(p, e))),
        "TestState" => boxed(|p, e| Box::pin(test_state::run(p, e))),
        "UntagResource" => boxed(|p, e| Box::pin(untag_resource::run(p, e))),
        "UpdateMapRun" => boxed(|p, e| Box::pin(update_map_run::run(p, e))),
        "UpdateStateMachine" => boxed(|p, e| Box::pin(update_state_machine::run(p, e))),
        "UpdateStateMachineAlias" => boxed(|p, e| Box::pin(update_state_machine_alias::run(p, e))),
        "ValidateStateMachineDefinition" => {
            boxed(|p, e| Box::pin(validate_state_machine_definition::run(p, e)))
        }
        _ => return None,
    })
}

/// Gives a closure the type of a function pointer.
fn boxed(operation: Operation) -> Operation {
    operation
}

/// Leaves out members that are `null`: the API has no such thing.
fn present(mut body: Value) -> Value {
    if let Value::Object(members) = &mut body {
        members.retain(|_, value| !value.is_null());
    }
    body
}

/// A page of a list under its name.
fn page<T>(name: &str, found: Paged<T>, item: impl Fn(T) -> Value) -> Value {
    let items: Vec<Value> = found.items.into_iter().map(item).collect();
    present(json!({ name: items, "nextToken": found.next_token }))
}

/// The parameters that both ways of starting share.
fn start(params: &mut Params) -> Result<StartExecution, Failure> {
    Ok(StartExecution {
        state_machine_arn: params.arn("stateMachineArn")?,
        name: params.optional_text("name")?,
        input: params.optional_bounded_text("input", LARGEST_PAYLOAD)?,
        trace_header: params.optional_bounded_text("traceHeader", 256)?,
    })
}

fn machine_type(params: &mut Params) -> Result<MachineType, Failure> {
    Ok(
        match params.optional_word("type", &["STANDARD", "EXPRESS"])? {
            Some("EXPRESS") => MachineType::Express,
            _ => MachineType::Standard,
        },
    )
}

fn status_filter(params: &mut Params) -> Result<Option<ExecutionStatus>, Failure> {
    // In the order in which AWS lists them when it refuses another word.
    let words = [
        "SUCCEEDED",
        "TIMED_OUT",
        "PENDING_REDRIVE",
        "ABORTED",
        "FAILED",
        "RUNNING",
    ];
    Ok(params
        .optional_word("statusFilter", &words)?
        .map(|word| match word {
            "SUCCEEDED" => ExecutionStatus::Succeeded,
            "TIMED_OUT" => ExecutionStatus::TimedOut,
            "PENDING_REDRIVE" => ExecutionStatus::PendingRedrive,
            "ABORTED" => ExecutionStatus::Aborted,
            "FAILED" => ExecutionStatus::Failed,
            _ => ExecutionStatus::Running,
        }))
}

fn tracing(params: &mut Params) -> Result<Option<bool>, Failure> {
    match params.optional_object("tracingConfiguration")? {
        Some(mut tracing) => Ok(Some(tracing.flag("enabled")?)),
        None => Ok(None),
    }
}

/// `encryptionConfiguration`; `None` when nothing is said about it.
fn encryption(params: &mut Params) -> Result<Option<EncryptionConfiguration>, Failure> {
    let Some(mut encryption) = params.optional_object("encryptionConfiguration")? else {
        return Ok(None);
    };
    let words = ["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"];
    let encryption_type = match encryption.word("type", &words)? {
        "CUSTOMER_MANAGED_KMS_KEY" => EncryptionType::CustomerManagedKmsKey,
        _ => EncryptionType::AwsOwnedKey,
    };
    let period = "kmsDataKeyReusePeriodSeconds";
    let most = u64::from(u32::MAX);
    Ok(Some(EncryptionConfiguration {
        encryption_type,
        kms_key_id: encryption.optional_bounded_text("kmsKeyId", 2048)?,
        // INVARIANT: at most `u32::MAX`, as just checked; the engine has the bounds of the service.
        kms_data_key_reuse_period_seconds: encryption
            .optional_integer(period, 0, most)?
            .map(|period| u32::try_from(period).expect("bounded by `u32::MAX`")),
    }))
}

/// How `Describe…` tells it.
fn told_encryption(encryption: &EncryptionConfiguration) -> Value {
    present(json!({
        "type": encryption.encryption_type.as_str(),
        "kmsKeyId": encryption.kms_key_id,
        "kmsDataKeyReusePeriodSeconds": encryption.kms_data_key_reuse_period_seconds,
    }))
}

/// `includedData`: whether all is to be told, or nothing that a key would be needed for.
fn includes_data(params: &mut Params) -> Result<bool, Failure> {
    let word = params.optional_word("includedData", &["ALL_DATA", "METADATA_ONLY"])?;
    Ok(word != Some("METADATA_ONLY"))
}

fn logging(params: &mut Params) -> Result<Option<LoggingConfiguration>, Failure> {
    let Some(mut logging) = params.optional_object("loggingConfiguration")? else {
        return Ok(None);
    };
    let level = match logging.optional_word("level", &["ALL", "ERROR", "FATAL", "OFF"])? {
        Some("ALL") => LogLevel::All,
        Some("ERROR") => LogLevel::Error,
        Some("FATAL") => LogLevel::Fatal,
        _ => LogLevel::Off,
    };
    let include_execution_data = logging.flag("includeExecutionData")?;
    let mut log_group_arns = Vec::new();
    for mut destination in logging.objects("destinations")? {
        if let Some(mut group) = destination.optional_object("cloudWatchLogsLogGroup")? {
            log_group_arns.extend(group.optional_text("logGroupArn")?);
        }
    }
    Ok(Some(LoggingConfiguration {
        level,
        include_execution_data,
        log_group_arns,
    }))
}

/// Where an alias leads; `None` when nothing is said about it.
fn routing(params: &mut Params) -> Result<Option<Vec<RoutingItem>>, Failure> {
    if !params.has("routingConfiguration") {
        return Ok(None);
    }
    let mut routing = Vec::new();
    for mut item in params.objects("routingConfiguration")? {
        let weight = item.optional_integer("weight", 0, u64::MAX)?.unwrap_or(0);
        routing.push(RoutingItem {
            state_machine_version_arn: item.arn("stateMachineVersionArn")?,
            // The engine refuses what is above 100, with the place of the item.
            weight: u8::try_from(weight).unwrap_or(u8::MAX),
        });
    }
    Ok(Some(routing))
}

/// A state machine as `DescribeStateMachine` tells it.
///
/// Without data there is no definition. (There always is one for an ARN with a label, as AWS has to look into it.)
fn described(machine: &DescribedStateMachine, with_data: bool) -> Value {
    let definition = if with_data || machine.label.is_some() {
        &machine.definition
    } else {
        "{}"
    };
    let destinations: Vec<Value> = machine
        .logging
        .log_group_arns
        .iter()
        .map(|arn| json!({ "cloudWatchLogsLogGroup": { "logGroupArn": arn } }))
        .collect();
    let mut logging = json!({
        "level": machine.logging.level.as_str(),
        "includeExecutionData": machine.logging.include_execution_data,
    });
    if !destinations.is_empty() {
        logging["destinations"] = Value::Array(destinations);
    }
    let references: serde_json::Map<String, Value> = machine
        .variable_references
        .iter()
        .map(|(state, names)| (state.clone(), json!(names)))
        .collect();
    json!({
        "stateMachineArn": machine.state_machine_arn,
        "name": machine.name,
        "status": machine.status.as_str(),
        "definition": definition,
        "roleArn": machine.role_arn,
        "type": machine.machine_type.as_str(),
        "creationDate": machine.creation_date.as_secs_f64(),
        "loggingConfiguration": logging,
        "tracingConfiguration": { "enabled": machine.tracing },
        "label": machine.label,
        "revisionId": machine.revision_id,
        "description": machine.description,
        "encryptionConfiguration": told_encryption(&machine.encryption),
        "variableReferences": (with_data && !references.is_empty()).then_some(references),
    })
}
