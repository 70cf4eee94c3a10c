use serde_json::{Map, Value, json};

use super::{Resources, VERSION, insert, or_empty, read, text};
use crate::cases::location;

/// The resources of a module.
pub(crate) fn terraform(module: &Value) -> Resources {
    let module = Module(module);
    let mut found = Resources::new();
    let kinds = module.0["resource"].as_object().expect("resources");
    for (kind, all) in kinds {
        for (id, its) in all.as_object().expect("resources by name") {
            let its = module.evaluated(its);
            let Some(mut value) = module.read(kind, id, &its) else {
                continue;
            };
            value["tags"] = its.get("tags").cloned().unwrap_or_else(|| json!({}));
            insert(&mut found, value);
        }
    }
    found
}

struct Module<'a>(&'a Value);

impl Module<'_> {
    /// A resource in the terms of the model; `None` for those that belong to another one.
    fn read(&self, kind: &str, id: &str, its: &Value) -> Option<Value> {
        let beside = |kind: &str| self.evaluated(&self.0["resource"][kind][id]);
        Some(match kind {
            "aws_s3_bucket" => {
                let rule = &beside("aws_s3_bucket_lifecycle_configuration")["rule"][0];
                assert_eq!(rule["filter"][0]["prefix"], "large/");
                let closed = beside("aws_s3_bucket_public_access_block");
                let closed = closed.as_object().expect("it is closed to the public");
                assert_eq!(closed.values().filter(|one| **one == true).count(), 4);
                json!({
                    "kind": "bucket",
                    "name": its["bucket"],
                    "large_retention_days": rule["expiration"][0]["days"],
                })
            }
            "aws_cloudwatch_log_group" => json!({
                "kind": "log_group",
                "name": its["name"],
                "retention_days": its["retention_in_days"],
            }),
            "aws_iam_role" => {
                let policies = self.0["resource"].get("aws_iam_role_policy");
                let policies = policies.and_then(Value::as_object);
                let own = format!("${{aws_iam_role.{id}.id}}");
                let policies: Map<String, Value> = policies
                    .into_iter()
                    .flat_map(Map::values)
                    .filter(|policy| policy["role"] == own.as_str())
                    .map(|policy| self.evaluated(policy))
                    .map(|policy| (text(&policy["name"]).to_owned(), read(&policy["policy"])))
                    .collect();
                json!({
                    "kind": "role",
                    "name": its["name"],
                    "path": its["path"],
                    "trust": read(&its["assume_role_policy"]),
                    "policies": policies,
                    "boundary": its["permissions_boundary"],
                })
            }
            "aws_sfn_activity" => json!({ "kind": "activity", "name": its["name"] }),
            "aws_lambda_function" => {
                assert_eq!(its["publish"], true);
                json!({
                    "kind": "function",
                    "name": its["function_name"],
                    "runtime": its["runtime"],
                    "handler": its["handler"],
                    "architecture": its["architectures"][0],
                    "memory": its["memory_size"],
                    "timeout": its["timeout"],
                    "storage": its["ephemeral_storage"][0]["size"],
                    "role": its["role"],
                    "environment": its["environment"][0]["variables"],
                    "subnets": or_empty(&its["vpc_config"][0]["subnet_ids"]),
                    "security_groups": or_empty(&its["vpc_config"][0]["security_group_ids"]),
                    "tracing": its["tracing_config"][0]["mode"] == "Active",
                    "max_concurrency": its["reserved_concurrent_executions"],
                })
            }
            "aws_sfn_state_machine" => {
                assert_eq!(its["publish"], true);
                let logging = &its["logging_configuration"][0];
                json!({
                    "kind": "machine",
                    "name": its["name"],
                    "type": its["type"],
                    "definition": read(&its["definition"]),
                    "role": its["role_arn"],
                    "log_level": logging["level"],
                    "log_group": logging["log_destination"],
                    "tracing": its["tracing_configuration"][0]["enabled"],
                })
            }
            "aws_sns_topic" => json!({
                "kind": "topic",
                "name": its["name"],
                "policy": read(&beside("aws_sns_topic_policy")["policy"]),
                "email": beside("aws_sns_topic_subscription")["endpoint"],
            }),
            "aws_cloudwatch_metric_alarm" => json!({
                "kind": "alarm",
                "name": its["alarm_name"],
                "description": its["alarm_description"],
                "namespace": its["namespace"],
                "metric": its["metric_name"],
                "dimensions": its["dimensions"],
                "statistic": its["statistic"],
                "period": its["period"],
                "threshold": its["threshold"],
                "actions": its["alarm_actions"],
            }),
            "aws_cloudwatch_event_rule" => {
                let target = beside("aws_cloudwatch_event_target");
                json!({
                    "kind": "rule",
                    "name": its["name"],
                    "pattern": read(&its["event_pattern"]),
                    "target": target["arn"],
                    "role": target["role_arn"],
                })
            }
            "aws_scheduler_schedule_group" => {
                json!({ "kind": "schedule_group", "name": its["name"] })
            }
            "aws_scheduler_schedule" => json!({
                "kind": "schedule",
                "name": its["name"],
                "group": its["group_name"],
                "expression": its["schedule_expression"],
                "timezone": its["schedule_expression_timezone"],
                "target": its["target"][0]["arn"],
                "role": its["target"][0]["role_arn"],
                "input": read(&its["target"][0]["input"]),
            }),
            "aws_s3_bucket_lifecycle_configuration"
            | "aws_s3_bucket_public_access_block"
            | "aws_iam_role_policy"
            | "aws_sfn_alias"
            | "aws_sns_topic_policy"
            | "aws_sns_topic_subscription"
            | "aws_cloudwatch_event_target" => return None,
            other => panic!("{id} is of the unknown type {other}"),
        })
    }

    fn evaluated(&self, value: &Value) -> Value {
        match value {
            Value::String(template) => self.substituted(template).into(),
            Value::Array(items) => items.iter().map(|item| self.evaluated(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (self.substituted(name), self.evaluated(value)))
                .collect::<Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    fn substituted(&self, template: &str) -> String {
        let mut done = String::new();
        let mut rest = template;
        while let Some(first) = rest.chars().next() {
            if let Some(literal) = rest.strip_prefix("$${") {
                done.push_str("${");
                rest = literal;
            } else if let Some(literal) = rest.strip_prefix("%%{") {
                done.push_str("%{");
                rest = literal;
            } else if let Some(open) = rest.strip_prefix("${") {
                let (path, after) = open.split_once('}').expect("it is closed");
                done.push_str(&self.reference(path));
                rest = after;
            } else {
                assert!(!rest.starts_with("%{"), "a directive: {template}");
                done.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        done
    }

    fn reference(&self, path: &str) -> String {
        let at = location();
        let arn = |service: &str, rest: &str| {
            format!(
                "arn:{}:{service}:{}:{}:{rest}",
                at.partition, at.region, at.account
            )
        };
        match path {
            "data.aws_partition.current.partition" => return at.partition,
            "data.aws_region.current.region" => return at.region,
            "data.aws_caller_identity.current.account_id" => return at.account,
            _ => {}
        }
        if let Some(literal) = path.strip_prefix('"') {
            return literal.trim_end_matches('"').to_owned();
        }
        if let Some(variable) = path.strip_prefix("var.") {
            assert!(self.0["variable"].get(variable).is_some(), "{path}");
            return format!("<{variable}>");
        }
        let parts: Vec<&str> = path.split('.').collect();
        let [kind, id, attribute] = parts.as_slice() else {
            panic!("no reference: {path}");
        };
        let its = &self.0["resource"][kind][id];
        let name = |field: &str| self.substituted(text(&its[field]));
        match (*kind, *attribute) {
            ("aws_iam_role", "arn") => format!(
                "arn:{}:iam::{}:role{}{}",
                at.partition,
                at.account,
                name("path"),
                name("name")
            ),
            ("aws_iam_role" | "aws_cloudwatch_event_rule" | "aws_scheduler_schedule_group", _) => {
                name("name")
            }
            ("aws_s3_bucket", "id") => name("bucket"),
            ("aws_sfn_activity", "id") => at.activity(&name("name")),
            ("aws_lambda_function", "qualified_arn") => arn(
                "lambda",
                &format!("function:{}:{VERSION}", name("function_name")),
            ),
            ("aws_sfn_state_machine", "arn") => at.machine(&name("name")),
            ("aws_sfn_state_machine", "state_machine_version_arn") => {
                format!("{}:{VERSION}", at.machine(&name("name")))
            }
            ("aws_sfn_alias", "arn") => {
                let version = &its["routing_configuration"][0]["state_machine_version_arn"];
                let version = self.substituted(text(version));
                let machine = version.strip_suffix(VERSION).expect("an ARN of a version");
                format!("{machine}{}", name("name"))
            }
            ("aws_cloudwatch_log_group", "arn") => {
                arn("logs", &format!("log-group:{}", name("name")))
            }
            ("aws_sns_topic", "arn") => arn("sns", &name("name")),
            other => panic!("nothing refers to {other:?}"),
        }
    }
}
