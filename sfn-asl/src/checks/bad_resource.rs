#![doc = include_str!("../pages/bad_resource.md")]

use super::resource::{Pattern, Resource};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, Visit};
use crate::suggest::nearest;

/// Services whose integration answers at once, so that there is no job to wait for.
const WITHOUT_SYNC: [&str; 8] = [
    "lambda",
    "sns",
    "sqs",
    "dynamodb",
    "events",
    "apigateway",
    "aws-sdk",
    "bedrock-agentcore",
];

/// Services that do not pass a task token on.
const WITHOUT_TOKEN: [&str; 11] = [
    "athena",
    "batch",
    "codebuild",
    "elasticmapreduce",
    "emr-containers",
    "emr-serverless",
    "glue",
    "databrew",
    "mediaconvert",
    "sagemaker",
    "dynamodb",
];

/// The services that Step Functions has integrations of its own for, and what these do where that is little.
const OPTIMIZED: [(&str, &[&str]); 22] = [
    ("apigateway", &["invoke"]),
    ("athena", &[]),
    ("batch", &[]),
    ("bedrock", &[]),
    ("bedrock-agentcore", &[]),
    ("codebuild", &[]),
    ("databrew", &[]),
    (
        "dynamodb",
        &["getItem", "putItem", "updateItem", "deleteItem"],
    ),
    ("ecs", &["runTask"]),
    ("eks", &[]),
    ("elasticmapreduce", &[]),
    ("emr-containers", &[]),
    ("emr-serverless", &[]),
    ("events", &["putEvents"]),
    ("glue", &[]),
    ("http", &["invoke"]),
    ("lambda", &["invoke"]),
    ("mediaconvert", &[]),
    ("sagemaker", &[]),
    ("sns", &["publish"]),
    ("sqs", &["sendMessage"]),
    ("states", &["startExecution"]),
];

/// What is wrong with an integration's name, and the way out.
fn unknown(service: &str, action: &str) -> Option<(String, String)> {
    if service == "aws-sdk" {
        return None;
    }
    let list = |words: &mut dyn Iterator<Item = &str>| {
        let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
        words.join(", ")
    };
    let names = || OPTIMIZED.iter().map(|(name, _)| *name);
    match OPTIMIZED.iter().find(|(name, _)| *name == service) {
        None => Some((
            format!("there is no integration with a service `{service}`"),
            match nearest(service, names()) {
                Some(near) => format!("`{near}` is meant, perhaps"),
                None => format!(
                    "write `aws-sdk:SERVICE:ACTION`, or one of {}",
                    list(&mut names())
                ),
            },
        )),
        Some((_, actions)) if actions.is_empty() || actions.contains(&action) => None,
        Some((_, actions)) => Some((
            format!("the integration with `{service}` has no action `{action}`"),
            match nearest(action, actions.iter().copied()) {
                Some(near) => format!("`{near}` is meant, perhaps"),
                None => format!(
                    "it has {}; for others write `aws-sdk:SERVICE:ACTION`",
                    list(&mut actions.iter().copied())
                ),
            },
        )),
    }
}

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let Kind::Task(task) = &visit.state.kind else {
        return;
    };
    let arn = &task.resource;
    let place = visit.place.then("Resource");
    let not_recognized = format!(
        "The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the resource is not \
         available in this region."
    );
    match Resource::parse(arn) {
        Resource::Invalid if arn.is_empty() => report.add(
            Diagnostic::error(
                Code::MissingField,
                &visit.place,
                "a Task state needs `Resource`",
            )
            .says("These fields are required: [Resource]"),
        ),
        Resource::Invalid => report.add(
            Diagnostic::error(Code::BadResource, &place, format!("`{arn}` is no ARN"))
                .says("Value is not a valid resource ARN")
                .help("an ARN looks like `arn:aws:states:::lambda:invoke`"),
        ),
        Resource::Integration {
            service, action, ..
        } if unknown(service, action).is_some() => {
            if let Some((message, help)) = unknown(service, action) {
                report.add(
                    Diagnostic::error(Code::BadResource, &place, message)
                        .says(not_recognized)
                        .help(help),
                );
            }
        }
        Resource::Integration {
            service,
            pattern: Pattern::Sync | Pattern::Sync2,
            ..
        } if WITHOUT_SYNC.contains(&service) => {
            report.add(
                Diagnostic::error(
                    Code::BadResource,
                    &place,
                    format!("the integration with `{service}` has no job to wait for with `.sync`"),
                )
                .says(not_recognized)
                .help("drop the `.sync`"),
            );
        }
        Resource::Integration {
            service,
            pattern: Pattern::Sync2,
            ..
        } if service != "states" => report.add(
            Diagnostic::error(
                Code::BadResource,
                &place,
                format!(
                    "the integration with `{service}` has no `.sync:2`, only nested executions have"
                ),
            )
            .says(not_recognized)
            .help("write `.sync`"),
        ),
        Resource::Integration {
            service,
            pattern: Pattern::Token,
            ..
        } if WITHOUT_TOKEN.contains(&service) => {
            report.add(
                Diagnostic::error(
                    Code::BadResource,
                    &place,
                    format!("the integration with `{service}` cannot wait for a task token"),
                )
                .says(not_recognized)
                .help("drop the `.waitForTaskToken`"),
            );
        }
        Resource::Activity | Resource::Integration { .. } | Resource::Other => {}
    }
}
