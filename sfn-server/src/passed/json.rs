//! Services that speak JSON: `application/x-amz-json-1.0` and `-1.1`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};
use sfn_engine::Timestamp;

use super::table::{Service, Shape, capital};

/// Turns values from Step Functions' form to the wire's and back.
pub(super) struct Form {
    pub(super) service: &'static Service,
    /// Whether bytes are texts in Step Functions; optimized integrations have them in Base64, as the wire has.
    pub(super) bytes_as_text: bool,
}

impl Form {
    /// What goes out for a task's parameters.
    pub(super) fn for_wire(&self, shape: Option<usize>, value: &Value) -> Value {
        match (self.service.shape(shape), value) {
            (Some(Shape::Structure(members)), Value::Object(fields)) => {
                let fields = fields.iter().filter(|(_, value)| !value.is_null());
                let fields = fields.map(|(name, value)| {
                    let member = members.iter().find(|member| member.name == name);
                    let wire = match member.and_then(|member| member.wire) {
                        Some(wire) => wire.to_owned(),
                        None => self.service.wire(name),
                    };
                    let shape = member.map(|member| member.shape);
                    (wire, self.for_wire(shape, value))
                });
                Value::Object(fields.collect())
            }
            (Some(Shape::List { of, .. }), Value::Array(items)) => items
                .iter()
                .map(|item| self.for_wire(Some(*of), item))
                .collect(),
            (Some(Shape::Map { of, .. }), Value::Object(entries)) => entries
                .iter()
                .map(|(key, value)| (key.clone(), self.for_wire(Some(*of), value)))
                .collect::<Map<_, _>>()
                .into(),
            (Some(Shape::Text), value) => text(value).into(),
            (Some(Shape::Time), Value::String(time)) => match Timestamp::parse_rfc3339(time) {
                Some(time) => time.as_secs_f64().into(),
                None => value.clone(),
            },
            (Some(Shape::Bytes), value) if self.bytes_as_text => {
                STANDARD.encode(text(value)).into()
            }
            (None, value) => self.plain(value, &|name| self.service.wire(name)),
            (_, value) => value.clone(),
        }
    }

    /// A task's result for what came back.
    pub(super) fn for_task(&self, shape: Option<usize>, value: &Value) -> Value {
        match (self.service.shape(shape), value) {
            (Some(Shape::Structure(members)), Value::Object(fields)) => {
                let fields = fields.iter().filter(|(_, value)| !value.is_null());
                let fields = fields.map(|(wire, value)| {
                    let member = members.iter().find(|member| match member.wire {
                        Some(name) => name == wire,
                        None => self.service.wire(member.name) == *wire,
                    });
                    let name = match member {
                        Some(member) => member.name.to_owned(),
                        None => capital(wire),
                    };
                    let shape = member.map(|member| member.shape);
                    (name, self.for_task(shape, value))
                });
                Value::Object(fields.collect())
            }
            (Some(Shape::List { of, .. }), Value::Array(items)) => items
                .iter()
                .map(|item| self.for_task(Some(*of), item))
                .collect(),
            (Some(Shape::Map { of, .. }), Value::Object(entries)) => entries
                .iter()
                .map(|(key, value)| (key.clone(), self.for_task(Some(*of), value)))
                .collect::<Map<_, _>>()
                .into(),
            (Some(Shape::Time), Value::Number(seconds)) => match seconds.as_f64() {
                Some(seconds) => time(seconds).into(),
                None => value.clone(),
            },
            (Some(Shape::Bytes), Value::String(bytes)) if self.bytes_as_text => {
                match STANDARD.decode(bytes) {
                    Ok(bytes) => String::from_utf8_lossy(&bytes).into(),
                    Err(_) => value.clone(),
                }
            }
            (None, value) => self.plain(value, &capital),
            (_, value) => value.clone(),
        }
    }

    /// A value whose structures need no more than another first letter.
    fn plain(&self, value: &Value, named: &dyn Fn(&str) -> String) -> Value {
        if !self.service.camel {
            return value.clone();
        }
        match value {
            Value::Object(fields) => fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (named(name), self.plain(value, named)))
                .collect::<Map<_, _>>()
                .into(),
            Value::Array(items) => items.iter().map(|item| self.plain(item, named)).collect(),
            value => value.clone(),
        }
    }
}

/// A text as it is; anything else as JSON text, which is how Step Functions fills members that are texts.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A time as Step Functions shows it: without a fraction where there is none.
fn time(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a time far out of range ends at the last one there is"
    )]
    let time = Timestamp::from_millis((seconds * 1000.0).round() as i64).to_string();
    time.replace(".000Z", "Z")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::table, *};

    #[track_caller]
    fn check(service: &str, verb: &str, parameters: Value, wire: Value) {
        let service = table::service(service).expect("in the table");
        let operation = service.operation(verb).expect("an operation");
        let form = Form {
            service,
            bytes_as_text: true,
        };
        assert_eq!(form.for_wire(operation.sent, &parameters), wire);
    }

    #[track_caller]
    fn check_result(service: &str, verb: &str, wire: Value, result: Value) {
        let service = table::service(service).expect("in the table");
        let operation = service.operation(verb).expect("an operation");
        let form = Form {
            service,
            bytes_as_text: true,
        };
        assert_eq!(form.for_task(operation.answered, &wire), result);
    }

    #[test]
    fn parameters_go_out_under_the_names_of_the_wire() {
        check(
            "sqs",
            "sendMessage",
            json!({"QueueUrl": "u", "MessageBody": {"a": 1}, "DelaySeconds": 3, "MessageGroupId": null}),
            json!({"QueueUrl": "u", "MessageBody": "{\"a\":1}", "DelaySeconds": 3}),
        );
        check(
            "sfn",
            "startExecution",
            json!({"StateMachineArn": "arn", "Input": {"A": 1}}),
            json!({"stateMachineArn": "arn", "input": "{\"A\":1}"}),
        );
        check(
            "ecs",
            "runTask",
            json!({"Cluster": "c", "Overrides": {"ContainerOverrides": [{"Environment": [{"Name": "N", "Value": 1}]}]}}),
            json!({"cluster": "c", "overrides": {"containerOverrides": [{"environment": [{"name": "N", "value": "1"}]}]}}),
        );
        check(
            "kinesis",
            "putRecord",
            json!({"StreamName": "s", "Data": {"a": 1}, "PartitionKey": "k"}),
            json!({"StreamName": "s", "Data": "eyJhIjoxfQ==", "PartitionKey": "k"}),
        );
        check(
            "cloudwatch",
            "putMetricData",
            json!({"Namespace": "n", "MetricData": [{"MetricName": "m", "Timestamp": "1970-01-01T00:00:01.500Z"}]}),
            json!({"Namespace": "n", "MetricData": [{"MetricName": "m", "Timestamp": 1.5}]}),
        );
    }

    #[test]
    fn keys_of_maps_stay_as_they_are() {
        check(
            "dynamodb",
            "putItem",
            json!({"TableName": "t", "Item": {"id": {"S": "a"}, "Nothing": {"NULL": true}}}),
            json!({"TableName": "t", "Item": {"id": {"S": "a"}, "Nothing": {"NULL": true}}}),
        );
        check(
            "ecs",
            "runTask",
            json!({"Overrides": {"ContainerOverrides": [{"Name": "N"}]}, "Tags": [{"Key": "K", "Value": "V"}]}),
            json!({"overrides": {"containerOverrides": [{"name": "N"}]}, "tags": [{"key": "K", "value": "V"}]}),
        );
    }

    #[test]
    fn results_have_capital_names_and_readable_times() {
        check_result(
            "sfn",
            "describeExecution",
            json!({"executionArn": "arn", "startDate": 1.5, "stopDate": 2.0, "inputDetails": {"included": true}}),
            json!({"ExecutionArn": "arn", "StartDate": "1970-01-01T00:00:01.500Z", "StopDate": "1970-01-01T00:00:02Z",
                "InputDetails": {"Included": true}}),
        );
        check_result(
            "dynamodb",
            "getItem",
            json!({"Item": {"id": {"S": "a"}, "data": {"M": {"x": {"N": "1"}}}}}),
            json!({"Item": {"id": {"S": "a"}, "data": {"M": {"x": {"N": "1"}}}}}),
        );
        check_result(
            "kms",
            "decrypt",
            json!({"Plaintext": "aGVsbG8=", "KeyId": "k"}),
            json!({"Plaintext": "hello", "KeyId": "k"}),
        );
    }
}
