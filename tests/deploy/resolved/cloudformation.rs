use serde_json::{Map, Value, json};

use super::{Resources, VERSION, insert, or_empty, read, text};
use crate::cases::location;

/// The resources of a template.
pub(crate) fn cloudformation(template: &Value) -> Resources {
    let template = Template(template);
    let mut found = Resources::new();
    let resources = template.0["Resources"].as_object().expect("resources");
    for (id, resource) in resources {
        let its = template.evaluated(&resource["Properties"]);
        let kind = text(&resource["Type"]);
        let Some(mut value) = template.read(id, kind, &its) else {
            continue;
        };
        value["tags"] = tags(&its["Tags"]);
        insert(&mut found, value);
    }
    found
}

struct Template<'a>(&'a Value);

impl Template<'_> {
    /// A resource in the terms of the model; `None` for those that belong to another one.
    fn read(&self, id: &str, kind: &str, its: &Value) -> Option<Value> {
        Some(match kind {
            "AWS::S3::Bucket" => {
                let rule = &its["LifecycleConfiguration"]["Rules"][0];
                assert_eq!(rule["Prefix"], "large/");
                let closed = its["PublicAccessBlockConfiguration"].as_object();
                assert!(
                    closed.is_some_and(|all| all.len() == 4 && all.values().all(|one| one == true))
                );
                json!({
                    "kind": "bucket",
                    "name": its["BucketName"],
                    "large_retention_days": rule["ExpirationInDays"],
                })
            }
            "AWS::Logs::LogGroup" => json!({
                "kind": "log_group",
                "name": its["LogGroupName"],
                "retention_days": its.get("RetentionInDays").unwrap_or(&json!(0)),
            }),
            "AWS::IAM::Role" => json!({
                "kind": "role",
                "name": its["RoleName"],
                "path": its["Path"],
                "trust": its["AssumeRolePolicyDocument"],
                "policies": policies(&its["Policies"]),
                "boundary": its["PermissionsBoundary"],
            }),
            "AWS::StepFunctions::Activity" => json!({ "kind": "activity", "name": its["Name"] }),
            "AWS::Lambda::Function" => json!({
                "kind": "function",
                "name": its["FunctionName"],
                "runtime": its["Runtime"],
                "handler": its["Handler"],
                "architecture": its["Architectures"][0],
                "memory": its["MemorySize"],
                "timeout": its["Timeout"],
                "storage": its["EphemeralStorage"]["Size"],
                "role": its["Role"],
                "environment": its["Environment"]["Variables"],
                "subnets": or_empty(&its["VpcConfig"]["SubnetIds"]),
                "security_groups": or_empty(&its["VpcConfig"]["SecurityGroupIds"]),
                "tracing": its["TracingConfig"]["Mode"] == "Active",
                "max_concurrency": its["ReservedConcurrentExecutions"],
            }),
            "AWS::StepFunctions::StateMachine" => {
                let group =
                    &its["LoggingConfiguration"]["Destinations"][0]["CloudWatchLogsLogGroup"];
                json!({
                    "kind": "machine",
                    "name": its["StateMachineName"],
                    "type": its["StateMachineType"],
                    "definition": read(&its["DefinitionString"]),
                    "role": its["RoleArn"],
                    "log_level": its["LoggingConfiguration"]["Level"],
                    "log_group": group["LogGroupArn"],
                    "tracing": its["TracingConfiguration"]["Enabled"],
                })
            }
            "AWS::SNS::Topic" => json!({
                "kind": "topic",
                "name": its["TopicName"],
                "policy": self.beside(id, "AWS::SNS::TopicPolicy")["PolicyDocument"],
                "email": self.beside(id, "AWS::SNS::Subscription")["Endpoint"],
            }),
            "AWS::CloudWatch::Alarm" => json!({
                "kind": "alarm",
                "name": its["AlarmName"],
                "description": its["AlarmDescription"],
                "namespace": its["Namespace"],
                "metric": its["MetricName"],
                "dimensions": named(&its["Dimensions"], "Name", "Value"),
                "statistic": its["Statistic"],
                "period": its["Period"],
                "threshold": its["Threshold"],
                "actions": or_empty(&its["AlarmActions"]),
            }),
            "AWS::Events::Rule" => json!({
                "kind": "rule",
                "name": its["Name"],
                "pattern": its["EventPattern"],
                "target": its["Targets"][0]["Arn"],
                "role": its["Targets"][0]["RoleArn"],
            }),
            "AWS::Scheduler::ScheduleGroup" => {
                json!({ "kind": "schedule_group", "name": its["Name"] })
            }
            "AWS::Scheduler::Schedule" => json!({
                "kind": "schedule",
                "name": its["Name"],
                "group": its["GroupName"],
                "expression": its["ScheduleExpression"],
                "timezone": its["ScheduleExpressionTimezone"],
                "target": its["Target"]["Arn"],
                "role": its["Target"]["RoleArn"],
                "input": read(&its["Target"]["Input"]),
            }),
            "AWS::Lambda::Version"
            | "AWS::StepFunctions::StateMachineVersion"
            | "AWS::StepFunctions::StateMachineAlias"
            | "AWS::SNS::TopicPolicy"
            | "AWS::SNS::Subscription" => return None,
            other => panic!("{id} is of the unknown type {other}"),
        })
    }

    /// The properties of the resource of a kind that names another one.
    fn beside(&self, id: &str, kind: &str) -> Value {
        let reference = json!({ "Ref": id });
        let names = |its: &Value| its["Topics"][0] == reference || its["TopicArn"] == reference;
        let resources = self.0["Resources"].as_object().expect("resources");
        let found = resources
            .values()
            .find(|one| one["Type"] == kind && names(&one["Properties"]));
        found.map_or(Value::Null, |one| self.evaluated(&one["Properties"]))
    }

    fn evaluated(&self, value: &Value) -> Value {
        match value {
            Value::Object(fields) if fields.len() == 1 => {
                let (name, argument) = fields.iter().next().expect("it has one");
                match name.as_str() {
                    "Ref" => self.reference(text(argument)).into(),
                    "Fn::GetAtt" => self
                        .attribute(text(&argument[0]), text(&argument[1]))
                        .into(),
                    "Fn::Sub" => self.substituted(text(argument)).into(),
                    _ => json!({ name.as_str(): self.evaluated(argument) }),
                }
            }
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), self.evaluated(value)))
                .collect::<Map<_, _>>()
                .into(),
            Value::Array(items) => items.iter().map(|item| self.evaluated(item)).collect(),
            other => other.clone(),
        }
    }

    fn substituted(&self, text: &str) -> String {
        let mut parts = text.split("${");
        let mut done = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            if let Some(literal) = part.strip_prefix('!') {
                done.push_str("${");
                done.push_str(literal);
                continue;
            }
            let (name, rest) = part.split_once('}').expect("it is closed");
            done.push_str(&match name.split_once('.') {
                Some((id, attribute)) => self.attribute(id, attribute),
                None => self.reference(name),
            });
            done.push_str(rest);
        }
        done
    }

    fn reference(&self, id: &str) -> String {
        let at = location();
        match id {
            "AWS::Partition" => return at.partition,
            "AWS::Region" => return at.region,
            "AWS::AccountId" => return at.account,
            _ => {}
        }
        if self.0["Parameters"].get(id).is_some() {
            return format!("<{id}>");
        }
        let (kind, its) = self.of(id);
        let name = |field: &str| text(&its[field]).to_owned();
        match kind.as_str() {
            "AWS::StepFunctions::Activity" => at.activity(&name("Name")),
            "AWS::StepFunctions::StateMachine" => at.machine(&name("StateMachineName")),
            "AWS::StepFunctions::StateMachineVersion" => {
                format!("{}:{VERSION}", name("StateMachineArn"))
            }
            "AWS::StepFunctions::StateMachineAlias" => {
                let version = text(&its["RoutingConfiguration"][0]["StateMachineVersionArn"]);
                let machine = version.strip_suffix(VERSION).expect("an ARN of a version");
                format!("{machine}{}", name("Name"))
            }
            "AWS::Lambda::Function" => name("FunctionName"),
            "AWS::Lambda::Version" => format!(
                "arn:{}:lambda:{}:{}:function:{}:{VERSION}",
                at.partition,
                at.region,
                at.account,
                name("FunctionName")
            ),
            "AWS::SNS::Topic" => format!(
                "arn:{}:sns:{}:{}:{}",
                at.partition,
                at.region,
                at.account,
                name("TopicName")
            ),
            "AWS::Scheduler::ScheduleGroup" => name("Name"),
            other => panic!("nothing refers to {id}, a {other}"),
        }
    }

    fn attribute(&self, id: &str, attribute: &str) -> String {
        let at = location();
        let (kind, its) = self.of(id);
        let name = |field: &str| text(&its[field]).to_owned();
        match (kind.as_str(), attribute) {
            ("AWS::IAM::Role", "Arn") => format!(
                "arn:{}:iam::{}:role{}{}",
                at.partition,
                at.account,
                name("Path"),
                name("RoleName")
            ),
            ("AWS::Logs::LogGroup", "Arn") => format!(
                "arn:{}:logs:{}:{}:log-group:{}:*",
                at.partition,
                at.region,
                at.account,
                name("LogGroupName")
            ),
            ("AWS::StepFunctions::StateMachine", "StateMachineRevisionId") => "<revision>".into(),
            other => panic!("{id} has no {other:?}"),
        }
    }

    /// The type of a resource, and those of its properties that name it.
    fn of(&self, id: &str) -> (String, Value) {
        let resource = &self.0["Resources"][id];
        let kind = text(&resource["Type"]).to_owned();
        let names = [
            "Name",
            "Path",
            "RoleName",
            "LogGroupName",
            "FunctionName",
            "StateMachineName",
            "StateMachineArn",
            "RoutingConfiguration",
            "TopicName",
        ];
        let its = names
            .into_iter()
            .filter_map(|name| Some((name, resource["Properties"].get(name)?)))
            .map(|(name, value)| (name.to_owned(), self.evaluated(value)))
            .collect::<Map<_, _>>();
        (kind, its.into())
    }
}

fn named(list: &Value, name: &str, value: &str) -> Value {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .map(|one| (text(&one[name]).to_owned(), one[value].clone()))
        .collect::<Map<_, _>>()
        .into()
}

fn tags(list: &Value) -> Value {
    named(list, "Key", "Value")
}

fn policies(list: &Value) -> Value {
    named(list, "PolicyName", "PolicyDocument")
}
