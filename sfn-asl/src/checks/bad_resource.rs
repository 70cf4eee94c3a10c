#![doc = include_str!("../pages/bad_resource.md")]

use super::resource::{Pattern, Resource};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, Visit};

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
