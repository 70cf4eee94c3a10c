//! What services answer: the shapes that mocked results are compared with.
//!
//! The table was written by `shapes/generate.py`, which tells its format. It is looked at only when a mock is, so it is
//! kept as text and read where it is needed.

use serde_json::Value;

use crate::api::FieldValidation;
use crate::program::{Pattern, Resource};

/// Services with the shapes of their answers.
const TABLE: &str = include_str!("../shapes/shapes.txt");

/// Deeper than any answer nests.
const DEEPEST: usize = 64;

/// Optimized integrations are named differently from the services they call.
const OPTIMIZED: [(&str, &str); 6] = [
    ("states", "sfn"),
    ("events", "eventbridge"),
    ("elasticmapreduce", "emr"),
    ("emr-containers", "emrcontainers"),
    ("emr-serverless", "emrserverless"),
    ("bedrock", "bedrockruntime"),
];

/// What a job that is waited for is asked with, by service and operation: a mock of the task is a mock of that answer.
const ASKED_WITH: [(&str, &str, &str); 27] = [
    ("athena", "startQueryExecution", "getQueryExecution"),
    ("batch", "submitJob", "describeJobs"),
    ("codebuild", "startBuild", "batchGetBuilds"),
    ("codebuild", "startBuildBatch", "batchGetBuildBatches"),
    ("ecs", "runTask", "describeTasks"),
    ("eks", "createCluster", "describeCluster"),
    ("eks", "createFargateProfile", "describeFargateProfile"),
    ("eks", "createNodegroup", "describeNodegroup"),
    ("eks", "deleteCluster", "describeCluster"),
    ("eks", "deleteFargateProfile", "describeFargateProfile"),
    ("eks", "deleteNodegroup", "describeNodegroup"),
    ("emr", "addStep", "describeStep"),
    ("emr", "createCluster", "describeCluster"),
    ("emr", "terminateCluster", "describeCluster"),
    (
        "emrcontainers",
        "deleteVirtualCluster",
        "describeVirtualCluster",
    ),
    ("emrcontainers", "startJobRun", "describeJobRun"),
    ("emrserverless", "startApplication", "getApplication"),
    ("emrserverless", "startJobRun", "getJobRun"),
    ("emrserverless", "stopApplication", "getApplication"),
    ("glue", "startJobRun", "getJobRun"),
    ("mediaconvert", "createJob", "getJob"),
    (
        "sagemaker",
        "createHyperParameterTuningJob",
        "describeHyperParameterTuningJob",
    ),
    ("sagemaker", "createLabelingJob", "describeLabelingJob"),
    ("sagemaker", "createProcessingJob", "describeProcessingJob"),
    ("sagemaker", "createTrainingJob", "describeTrainingJob"),
    ("sagemaker", "createTransformJob", "describeTransformJob"),
    ("sfn", "startExecution", "describeExecution"),
];

/// Refuses a result that the service could not have given; the error says what is wrong.
///
/// Services and operations that the table does not know are not compared.
pub(crate) fn check(
    resource: &Resource,
    result: &Value,
    how: FieldValidation,
) -> Result<(), String> {
    if how == FieldValidation::None {
        return Ok(());
    }
    let Some((section, number)) = find(resource) else {
        return Ok(());
    };
    let strict = how == FieldValidation::Strict;
    let checked = Check {
        section: &section,
        strict,
    };
    if !result.is_object() {
        return Err("Mocked result must be a JSON object".to_owned());
    }
    match result.as_object() {
        // The optimized integration hands the payload on as the JSON value it is.
        Some(members) if resource.is_lambda_invoke() => {
            let mut members = members.clone();
            members.remove("Payload");
            checked.value("", &Value::Object(members), number, 0)
        }
        _ => checked.value("", result, number, 0),
    }
}

/// The shapes of a service, and the number of the one that an operation answers with.
fn find(resource: &Resource) -> Option<(Vec<&'static str>, usize)> {
    let verb = resource.verb();
    let (service, operation) = match resource.service.strip_prefix("aws-sdk:") {
        Some(service) => (service, verb),
        None => {
            let renamed = OPTIMIZED
                .iter()
                .find(|(name, _)| *name == &*resource.service);
            (renamed.map_or(&*resource.service, |(_, name)| name), verb)
        }
    };
    let operation = match resource.pattern {
        Pattern::RequestResponse => operation,
        Pattern::Sync => {
            let of_this =
                |(of, start, _): &&(&str, &str, &str)| *of == service && *start == operation;
            ASKED_WITH.iter().find(of_this)?.2
        }
        // Whatever the holder of the token sends.
        Pattern::WaitForTaskToken => return None,
    };
    let mark = format!("\n@{service}\n");
    let section = &TABLE[TABLE.find(&mark)? + mark.len()..];
    let section = section.split("\n@").next().unwrap_or(section);
    let lines: Vec<&str> = section.lines().collect();
    let number = lines
        .iter()
        .find_map(|line| line.strip_prefix(operation)?.strip_prefix(' '))?;
    Some((lines.clone(), number.parse().ok()?))
}

struct Check<'a> {
    section: &'a [&'static str],
    strict: bool,
}

impl Check<'_> {
    fn value(&self, field: &str, value: &Value, number: usize, depth: usize) -> Result<(), String> {
        let shape = self.section.get(number).copied().unwrap_or("*");
        if depth > DEEPEST || shape == "*" {
            return Ok(());
        }
        let must = |what: &str| Err(format!("Field '{field}' must be {what}"));
        let (kind, rest) = shape.split_at(1);
        let inner = || {
            rest.trim_end_matches('!')
                .parse::<usize>()
                .unwrap_or(usize::MAX)
        };
        match (kind, value) {
            ("{", Value::Object(members)) => {
                for member in rest.split_ascii_whitespace() {
                    let (name, of) = member.split_once('=').unwrap_or((member, "*"));
                    let required = of.ends_with('!');
                    match members.get(name) {
                        Some(value) => {
                            let of = of.trim_end_matches('!').parse().unwrap_or(usize::MAX);
                            self.value(name, value, of, depth + 1)?;
                        }
                        None if required && self.strict => {
                            return Err(format!("Required field '{name}' is missing"));
                        }
                        None => {}
                    }
                }
                Ok(())
            }
            ("m", Value::Object(members)) => members
                .values()
                .try_for_each(|value| self.value(field, value, inner(), depth + 1)),
            ("{" | "m", _) => must("an object"),
            ("[", Value::Array(items)) => items
                .iter()
                .try_for_each(|item| self.value(field, item, inner(), depth + 1)),
            ("[", _) => must("an array"),
            ("s" | "x", Value::String(text)) => length(field, rest, text.chars().count()),
            ("e", Value::String(text)) => {
                if rest.trim_start().split('|').any(|known| known == text) {
                    Ok(())
                } else {
                    Err(format!("Field '{field}' is not an expected value"))
                }
            }
            ("t", Value::String(_)) | ("b", Value::Bool(_)) => Ok(()),
            ("s" | "x" | "e" | "t", _) => must("a string"),
            ("b", _) => must("a boolean"),
            ("i" | "f", Value::Number(number)) => {
                bounds(field, rest, number.as_f64().unwrap_or(0.0))
            }
            ("i" | "f", _) => must("a number"),
            _ => Ok(()),
        }
    }
}

/// The two bounds behind a shape's letter.
fn limits(rest: &str) -> (Option<f64>, Option<f64>) {
    let mut limits = rest
        .split_ascii_whitespace()
        .map(|limit| limit.parse().ok());
    (limits.next().flatten(), limits.next().flatten())
}

fn length(field: &str, rest: &str, length: usize) -> Result<(), String> {
    let (least, most) = limits(rest);
    let length = length as f64;
    if least.is_some_and(|least| length < least) {
        return Err(format!(
            "Field '{field}' is smaller than the minimum length"
        ));
    }
    if most.is_some_and(|most| length > most) {
        return Err(format!("Field '{field}' exceeds the maximum length"));
    }
    Ok(())
}

fn bounds(field: &str, rest: &str, value: f64) -> Result<(), String> {
    let (least, most) = limits(rest);
    if least.is_some_and(|least| value < least) {
        return Err(format!("Field '{field}' is less than the minimum value"));
    }
    if most.is_some_and(|most| value > most) {
        return Err(format!("Field '{field}' exceeds the maximum value"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_result(resource: &str, result: &str, how: FieldValidation, expected: Option<&str>) {
        let resource = Resource::parse(resource).expect("a resource");
        let result = serde_json::from_str(result).expect("JSON");
        assert_eq!(check(&resource, &result, how).err().as_deref(), expected);
    }

    #[test]
    fn results_are_compared_as_strictly_as_asked() {
        use FieldValidation::{None as Nothing, Present, Strict};
        let start = "arn:aws:states:::states:startExecution";
        let missing = Some("Required field 'ExecutionArn' is missing");
        check_result(start, "{}", Strict, missing);
        check_result(start, "{}", Present, None);
        check_result(
            start,
            r#"{"StartDate":true}"#,
            Present,
            Some("Field 'StartDate' must be a string"),
        );
        check_result(start, r#"{"StartDate":true}"#, Nothing, None);
        let unknown = r#"{"ExecutionArn":"a","StartDate":"2026-01-01T00:00:00Z","Else":1}"#;
        check_result(start, unknown, Strict, None);
    }

    #[test]
    fn texts_numbers_and_words_have_their_bounds() {
        use FieldValidation::Strict;
        let object = "arn:aws:states:::aws-sdk:s3:getObject";
        let word = Some("Field 'StorageClass' is not an expected value");
        check_result(object, r#"{"StorageClass":"Papyrus"}"#, Strict, word);
        let number = Some("Field 'ContentLength' must be a number");
        check_result(object, r#"{"ContentLength":"9000"}"#, Strict, number);
        let encrypt = "arn:aws:states:::aws-sdk:kms:encrypt";
        let short = Some("Field 'CiphertextBlob' is smaller than the minimum length");
        check_result(encrypt, r#"{"CiphertextBlob":""}"#, Strict, short);
        let function = "arn:aws:states:::aws-sdk:lambda:getFunction";
        let little = Some("Field 'MemorySize' is less than the minimum value");
        check_result(
            function,
            r#"{"Configuration":{"MemorySize":1}}"#,
            Strict,
            little,
        );
    }

    #[test]
    fn shapes_that_hold_themselves_are_followed() {
        let item = "arn:aws:states:::dynamodb:getItem";
        let nested = r#"{"Item":{"a":{"M":{"b":{"L":[{"S":1}]}}}}}"#;
        check_result(
            item,
            nested,
            FieldValidation::Strict,
            Some("Field 'S' must be a string"),
        );
    }

    #[test]
    fn jobs_are_mocked_by_what_they_are_asked_with() {
        use FieldValidation::Strict;
        let job = "arn:aws:states:::glue:startJobRun.sync";
        let wrong = Some("Field 'Attempt' must be a number");
        check_result(job, r#"{"JobRun":{"Attempt":"1"}}"#, Strict, wrong);
        check_result(job, r#"{"JobRun":{"Attempt":1}}"#, Strict, None);
        let task = "arn:aws:states:::ecs:runTask.sync";
        let wrong = Some("Field 'Tasks' must be an array");
        check_result(task, r#"{"Tasks":{}}"#, Strict, wrong);
        let child = "arn:aws:states:::states:startExecution.sync:2";
        let missing = Some("Required field 'ExecutionArn' is missing");
        check_result(child, "{}", Strict, missing);
        // Each line of the table leads somewhere.
        for (service, start, _) in ASKED_WITH {
            let name = OPTIMIZED.iter().find(|(_, of)| *of == service);
            let name = name.map_or(service, |(name, _)| name);
            let resource = format!("arn:aws:states:::{name}:{start}.sync");
            let resource = Resource::parse(&resource).expect("a resource");
            assert!(find(&resource).is_some(), "{service}:{start}");
        }
    }

    #[test]
    fn what_the_table_does_not_know_is_not_compared() {
        check_result(
            "arn:aws:states:::aws-sdk:groundstation:getDish",
            "{}",
            FieldValidation::Strict,
            None,
        );
        check_result(
            "arn:aws:states:::aws-sdk:s3:getNothing",
            "{}",
            FieldValidation::Strict,
            None,
        );
    }
}
