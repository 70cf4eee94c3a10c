//! What starts workflows by itself, and what tells of their failures.

use std::collections::BTreeSet;

use serde_json::json;

use super::{LIVE, QUEUED, Writer};
use crate::{
    deploy::{
        iam::{self, Grants},
        names,
        resource::{Alarm, Rule, Schedule, ScheduleGroup, Spec, Tags, Topic},
    },
    placement::WorkflowSettings,
    service::Location,
};

impl Writer<'_> {
    /// What starts a workflow by itself.
    pub(super) fn triggers(&mut self, workflow: &str, machine: &str, settings: &WorkflowSettings) {
        let target = format!("{machine}:{LIVE}");
        let services: Vec<&str> = [
            settings
                .schedule
                .as_ref()
                .map(|_| "scheduler.amazonaws.com"),
            settings.event.as_ref().map(|_| "events.amazonaws.com"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if services.is_empty() {
            return;
        }
        let mut grants = Grants::default();
        grants.start(&target);
        let mut trust = iam::trust_service(services[0], self.at);
        if services.len() > 1 {
            trust["Statement"][0]["Principal"]["Service"] = json!(services);
        }
        let role = names::trigger_role(&self.prefix, workflow);
        let tags = self.tags.clone();
        let purpose = format!("starts `{workflow}`");
        let role = self.role(role, trust, &grants, None, purpose.clone(), tags);
        if let Some(expression) = &settings.schedule {
            let group = names::cut(&self.prefix, 64);
            let spec = Spec::ScheduleGroup(ScheduleGroup {});
            if !self.resources.iter().any(|known| known.spec == spec) {
                self.add(group.clone(), spec, "schedules");
            }
            let input = settings.input.as_deref().unwrap_or("{}");
            let spec = Schedule {
                group,
                expression: expression.clone(),
                timezone: settings
                    .timezone
                    .clone()
                    .unwrap_or_else(|| "UTC".to_owned()),
                target: target.clone(),
                role: role.clone(),
                input: serde_json::from_str(input).unwrap_or_else(|_| json!({})),
            };
            // A schedule takes no tags; its group's count.
            let name = names::schedule(workflow);
            self.add_tagged(name, Spec::Schedule(spec), purpose.clone(), Tags::new());
        }
        if let Some(pattern) = &settings.event {
            let spec = Rule {
                pattern: serde_json::from_str(pattern).unwrap_or_else(|_| json!({})),
                target,
                role: Some(role),
            };
            let name = names::event_rule(&self.prefix, workflow);
            self.add(name, Spec::Rule(spec), purpose);
        }
    }

    /// The ARN of the topic that is told of what goes wrong.
    pub(super) fn topic(&self) -> Option<String> {
        let notify = self.placement.deploy().notify.as_deref()?;
        match notify.starts_with("arn:") {
            true => Some(notify.to_owned()),
            false => {
                let Location {
                    partition,
                    region,
                    account,
                } = self.at;
                let name = names::failures(&self.prefix);
                Some(format!("arn:{partition}:sns:{region}:{account}:{name}"))
            }
        }
    }

    /// Tells somebody of every execution that ends badly.
    pub(super) fn notification(&mut self) {
        let Some(topic) = self.topic() else { return };
        if self.machines.is_empty() {
            return;
        }
        let name = names::failures(&self.prefix);
        let notify = self.placement.deploy().notify.clone();
        if notify.as_ref().is_some_and(|who| !who.starts_with("arn:")) {
            let spec = Topic {
                policy: json!({
                    "Version": "2012-10-17",
                    "Statement": [{
                        "Sid": "Tell",
                        "Effect": "Allow",
                        "Principal": { "Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
                        "Action": "sns:Publish",
                        "Resource": topic,
                        "Condition": { "StringEquals": { "aws:SourceAccount": self.at.account } },
                    }],
                }),
                email: notify,
            };
            self.add(name.clone(), Spec::Topic(spec), "tells of what goes wrong");
        }
        let arns: BTreeSet<&str> = self
            .machines
            .iter()
            .map(|(_, arn, _)| arn.as_str())
            .collect();
        let spec = Rule {
            pattern: json!({
                "source": ["aws.states"],
                "detail-type": ["Step Functions Execution Status Change"],
                "detail": {
                    "status": ["FAILED", "TIMED_OUT", "ABORTED"],
                    "stateMachineArn": arns,
                },
            }),
            target: topic,
            role: None,
        };
        self.add(name, Spec::Rule(spec), "tells of executions that end badly");
    }

    pub(super) fn alarms(&mut self, activities: &[String]) {
        let actions: Vec<String> = self.topic().into_iter().collect();
        let every = self.placement.deploy().alarms;
        for (workflow, arn, settings) in self.machines.clone() {
            if !settings.alarms.unwrap_or(every) {
                continue;
            }
            let kinds = [
                ("failed", "ExecutionsFailed", "an execution failed"),
                ("timed-out", "ExecutionsTimedOut", "an execution timed out"),
                ("throttled", "ExecutionThrottled", "states were throttled"),
            ];
            for (what, metric, words) in kinds {
                let spec = Alarm {
                    description: format!("`{workflow}`: {words}"),
                    namespace: "AWS/States".to_owned(),
                    metric: metric.to_owned(),
                    dimensions: [("StateMachineArn".to_owned(), arn.clone())].into(),
                    statistic: "Sum".to_owned(),
                    period: 300,
                    threshold: 1,
                    actions: actions.clone(),
                };
                let purpose = spec.description.clone();
                let name = names::alarm(&self.prefix, &workflow, what);
                self.add(name, Spec::Alarm(spec), purpose);
            }
        }
        if !every {
            return;
        }
        for activity in activities {
            let spec = Alarm {
                description: format!("a task of `{activity}` waited five minutes for a worker"),
                namespace: "AWS/States".to_owned(),
                metric: "ActivityScheduleTime".to_owned(),
                dimensions: [("ActivityArn".to_owned(), self.at.activity(activity))].into(),
                statistic: "Maximum".to_owned(),
                period: 300,
                // The metric counts milliseconds.
                threshold: QUEUED * 1_000,
                actions: actions.clone(),
            };
            let purpose = spec.description.clone();
            // The activity's name begins with the prefix already.
            let name = names::cut(&format!("{activity}-waiting"), 255);
            self.add(name, Spec::Alarm(spec), purpose);
        }
    }
}
