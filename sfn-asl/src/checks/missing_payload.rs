#![doc = include_str!("../pages/missing_payload.md")]

use serde_json::Value;

use super::resource::Resource;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, QueryLanguage, Visit};

/// What the integrations ask for that AWS checks before anything runs: service, action, fields.
const REQUIRED: &[(&str, &str, &[&str])] = &[
    ("lambda", "invoke", &["FunctionName"]),
    ("sqs", "sendMessage", &["QueueUrl", "MessageBody"]),
    ("sns", "publish", &["Message"]),
    ("dynamodb", "putItem", &["TableName", "Item"]),
    ("dynamodb", "getItem", &["TableName", "Key"]),
    ("states", "startExecution", &["StateMachineArn"]),
    ("events", "putEvents", &["Entries"]),
    ("ecs", "runTask", &["TaskDefinition"]),
    ("glue", "startJobRun", &["JobName"]),
];

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let Kind::Task(task) = &visit.state.kind else {
        return;
    };
    let Resource::Integration {
        service, action, ..
    } = Resource::parse(&task.resource)
    else {
        return;
    };
    let (field, payload) = match visit.language {
        QueryLanguage::JsonPath => ("Parameters", &task.parameters),
        QueryLanguage::Jsonata => ("Arguments", &task.arguments),
    };
    let Some(payload) = payload else {
        report.add(
            Diagnostic::error(
                Code::MissingPayload,
                &visit.place,
                format!("the integration with `{service}` needs `{field}`"),
            )
            .says(format!(
                "{field} field is required for resource ARN: {}",
                task.resource
            ))
            .says_at(Some(&visit.place.then("Resource"))),
        );
        return;
    };
    let Value::Object(payload) = payload else {
        return;
    };
    let required = REQUIRED
        .iter()
        .find(|(s, a, _)| *s == service && *a == action)
        .map_or(&[][..], |(.., fields)| fields);
    for required in required {
        let evaluated = visit.language == QueryLanguage::JsonPath
            && payload.contains_key(&format!("{required}.$"));
        if !payload.contains_key(*required) && !evaluated {
            report.add(
                Diagnostic::error(
                    Code::MissingPayload,
                    &visit.place.then(field),
                    format!("`{service}:{action}` needs `{required}`"),
                )
                .says(format!(
                    "The field '{required}' is required but was missing"
                )),
            );
        }
    }
}
