//! Topics, rules and schedules.

use aws_sdk_eventbridge::types::{Tag as RuleTag, Target as RuleTarget};
use aws_sdk_scheduler::types::{
    FlexibleTimeWindow, FlexibleTimeWindowMode, Tag as GroupTag, Target as ScheduleTarget,
};
use aws_sdk_sns::types::Tag as TopicTag;
use serde_json::Value;

use super::{Cloud, Error, Reason, answer, pairs};
use crate::deploy::{
    plan::Actual,
    resource::{Rule, Schedule, ScheduleGroup, Spec, Tags, Topic},
};

/// The id of a rule's only target.
const TARGET: &str = "sfn";

fn topic_tag(name: &str, value: &str) -> TopicTag {
    let tag = TopicTag::builder().key(name).value(value).build();
    tag.expect("it has a key and a value")
}

fn rule_tag(name: &str, value: &str) -> RuleTag {
    let tag = RuleTag::builder().key(name).value(value).build();
    tag.expect("it has a key and a value")
}

fn group_tag(name: &str, value: &str) -> GroupTag {
    let tag = GroupTag::builder().key(name).value(value).build();
    tag.expect("it has a key and a value")
}

fn json(text: Option<&str>) -> Value {
    text.and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or(Value::Null)
}

impl Cloud {
    fn topic_arn(&self, name: &str) -> String {
        self.arn("sns", name)
    }

    pub(super) async fn read_topic(&self, name: &str) -> Result<Option<Actual>, Error> {
        let arn = self.topic_arn(name);
        let asked = self
            .topics
            .get_topic_attributes()
            .topic_arn(&arn)
            .send()
            .await;
        let found = answer("sns:GetTopicAttributes", name, asked)?;
        let attributes = found.attributes.unwrap_or_default();
        let asked = self.topics.list_subscriptions_by_topic().topic_arn(&arn);
        let subscriptions = answer("sns:ListSubscriptionsByTopic", name, asked.send().await)?;
        let email = subscriptions
            .subscriptions
            .unwrap_or_default()
            .into_iter()
            .find(|subscription| subscription.protocol.as_deref() == Some("email"))
            .and_then(|subscription| subscription.endpoint);
        let asked = self.topics.list_tags_for_resource().resource_arn(&arn);
        let tags = answer("sns:ListTagsForResource", name, asked.send().await)?.tags;
        let spec = Topic {
            policy: json(attributes.get("Policy").map(String::as_str)),
            email,
        };
        let tags = tags.unwrap_or_default().into_iter();
        let tags = tags.map(|tag| (tag.key, tag.value)).collect();
        Ok(Some(Actual::new(Spec::Topic(spec), tags)))
    }

    pub(super) async fn list_topics(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self.topics.list_topics().set_next_token(page).send().await;
            let answered = answer("sns:ListTopics", prefix, asked)?;
            let arns = answered.topics.unwrap_or_default().into_iter();
            let names =
                arns.filter_map(|topic| Some(topic.topic_arn?.rsplit(':').next()?.to_owned()));
            found.extend(names.filter(|name| name.starts_with(prefix)));
            page = answered.next_token;
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    pub(super) async fn put_topic(
        &self,
        name: &str,
        spec: &Topic,
        tags: &Tags,
        exists: bool,
    ) -> Result<(), Error> {
        if !exists {
            // Gives the topic of that name when there is one, unless it has other tags.
            let asked = self
                .topics
                .create_topic()
                .name(name)
                .set_tags(Some(pairs(tags, topic_tag)))
                .send()
                .await;
            answer("sns:CreateTopic", name, asked)?;
        }
        let arn = self.topic_arn(name);
        let asked = self
            .topics
            .tag_resource()
            .resource_arn(&arn)
            .set_tags(Some(pairs(tags, topic_tag)))
            .send()
            .await;
        answer("sns:TagResource", name, asked)?;
        let asked = self
            .topics
            .set_topic_attributes()
            .topic_arn(&arn)
            .attribute_name("Policy")
            .attribute_value(spec.policy.to_string())
            .send()
            .await;
        answer("sns:SetTopicAttributes", name, asked)?;
        if let Some(email) = &spec.email {
            let asked = self
                .topics
                .subscribe()
                .topic_arn(&arn)
                .protocol("email")
                .endpoint(email)
                .send()
                .await;
            answer("sns:Subscribe", name, asked)?;
        }
        Ok(())
    }

    pub(super) async fn remove_topic(&self, name: &str) -> Result<(), Error> {
        let asked = self.topics.delete_topic().topic_arn(self.topic_arn(name));
        answer("sns:DeleteTopic", name, asked.send().await).map(drop)
    }

    pub(super) async fn read_rule(&self, name: &str) -> Result<Option<Actual>, Error> {
        let asked = self.events.describe_rule().name(name).send().await;
        let found = answer("events:DescribeRule", name, asked)?;
        let asked = self.events.list_targets_by_rule().rule(name).send().await;
        let targets = answer("events:ListTargetsByRule", name, asked)?.targets;
        let target = targets
            .unwrap_or_default()
            .into_iter()
            .find(|target| target.id == TARGET);
        let arn = self.arn("events", &format!("rule/{name}"));
        let asked = self
            .events
            .list_tags_for_resource()
            .resource_arn(arn)
            .send()
            .await;
        let tags = answer("events:ListTagsForResource", name, asked)?.tags;
        let spec = Rule {
            pattern: json(found.event_pattern.as_deref()),
            role: target.as_ref().and_then(|target| target.role_arn.clone()),
            target: target.map(|target| target.arn).unwrap_or_default(),
        };
        let tags = tags.unwrap_or_default().into_iter();
        let tags = tags.map(|tag| (tag.key, tag.value)).collect();
        Ok(Some(Actual::new(Spec::Rule(spec), tags)))
    }

    pub(super) async fn list_rules(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .events
                .list_rules()
                .name_prefix(prefix)
                .set_next_token(page)
                .send()
                .await;
            let answered = answer("events:ListRules", prefix, asked)?;
            let rules = answered.rules.unwrap_or_default();
            found.extend(rules.into_iter().filter_map(|rule| rule.name));
            page = answered.next_token;
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    pub(super) async fn put_rule(
        &self,
        name: &str,
        spec: &Rule,
        tags: &Tags,
        exists: bool,
    ) -> Result<(), Error> {
        let asked = self
            .events
            .put_rule()
            .name(name)
            .event_pattern(spec.pattern.to_string())
            // Tags that come with a change of a rule are ignored.
            .set_tags((!exists).then(|| pairs(tags, rule_tag)))
            .send()
            .await;
        answer("events:PutRule", name, asked)?;
        let asked = self
            .events
            .tag_resource()
            .resource_arn(self.arn("events", &format!("rule/{name}")))
            .set_tags(Some(pairs(tags, rule_tag)))
            .send()
            .await;
        answer("events:TagResource", name, asked)?;
        let target = RuleTarget::builder()
            .id(TARGET)
            .arn(&spec.target)
            .set_role_arn(spec.role.clone())
            .build()
            .expect("it has an id and an ARN");
        let asked = self
            .events
            .put_targets()
            .rule(name)
            .targets(target)
            .send()
            .await;
        let done = answer("events:PutTargets", name, asked)?;
        match done.failed_entries.unwrap_or_default().into_iter().next() {
            None => Ok(()),
            Some(failed) => Err(Error::refused(
                "events:PutTargets",
                name,
                failed.error_message.unwrap_or_default(),
            )),
        }
    }

    pub(super) async fn remove_rule(&self, name: &str) -> Result<(), Error> {
        let asked = self
            .events
            .remove_targets()
            .rule(name)
            .ids(TARGET)
            .send()
            .await;
        answer("events:RemoveTargets", name, asked)?;
        let asked = self.events.delete_rule().name(name).send().await;
        answer("events:DeleteRule", name, asked).map(drop)
    }

    pub(super) async fn read_schedule_group(&self, name: &str) -> Result<Option<Actual>, Error> {
        let asked = self.schedules.get_schedule_group().name(name).send().await;
        let found = answer("scheduler:GetScheduleGroup", name, asked)?;
        let arn = found.arn.unwrap_or_default();
        let asked = self
            .schedules
            .list_tags_for_resource()
            .resource_arn(arn)
            .send()
            .await;
        let tags = answer("scheduler:ListTagsForResource", name, asked)?.tags;
        let tags = tags.unwrap_or_default().into_iter();
        let tags = tags.map(|tag| (tag.key, tag.value)).collect();
        Ok(Some(Actual::new(
            Spec::ScheduleGroup(ScheduleGroup {}),
            tags,
        )))
    }

    pub(super) async fn put_schedule_group(
        &self,
        name: &str,
        tags: &Tags,
        exists: bool,
    ) -> Result<(), Error> {
        if exists {
            let asked = self
                .schedules
                .tag_resource()
                .resource_arn(self.arn("scheduler", &format!("schedule-group/{name}")))
                .set_tags(Some(pairs(tags, group_tag)))
                .send()
                .await;
            return answer("scheduler:TagResource", name, asked).map(drop);
        }
        let asked = self
            .schedules
            .create_schedule_group()
            .name(name)
            .set_tags(Some(pairs(tags, group_tag)))
            .send()
            .await;
        answer("scheduler:CreateScheduleGroup", name, asked).map(drop)
    }

    /// Removes the group and its schedules.
    pub(super) async fn remove_schedule_group(&self, name: &str) -> Result<(), Error> {
        let asked = self
            .schedules
            .delete_schedule_group()
            .name(name)
            .send()
            .await;
        answer("scheduler:DeleteScheduleGroup", name, asked).map(drop)
    }

    /// The schedules of a group; `None` when there is no such group.
    pub(super) async fn list_schedules(&self, group: &str) -> Result<Option<Vec<String>>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .schedules
                .list_schedules()
                .group_name(group)
                .set_next_token(page)
                .send()
                .await;
            let answered = match answer("scheduler:ListSchedules", group, asked) {
                Err(error) if error.reason() == Reason::NotFound => return Ok(None),
                other => other?,
            };
            found.extend(
                answered
                    .schedules
                    .into_iter()
                    .filter_map(|schedule| schedule.name),
            );
            page = answered.next_token;
            if page.is_none() {
                break;
            }
        }
        // An unknown group is an empty one to some.
        if found.is_empty() && self.read_schedule_group(group).await.is_err() {
            return Ok(None);
        }
        Ok(Some(found))
    }

    pub(super) async fn read_schedule(
        &self,
        name: &str,
        group: &str,
    ) -> Result<Option<Actual>, Error> {
        let asked = self
            .schedules
            .get_schedule()
            .group_name(group)
            .name(name)
            .send()
            .await;
        let found = answer("scheduler:GetSchedule", name, asked)?;
        let target = found.target;
        let input = target.as_ref().and_then(|target| target.input.as_deref());
        let spec = Schedule {
            group: group.to_owned(),
            expression: found.schedule_expression.unwrap_or_default(),
            timezone: found
                .schedule_expression_timezone
                .unwrap_or_else(|| "UTC".to_owned()),
            input: json(input),
            role: target
                .as_ref()
                .map(|target| target.role_arn.clone())
                .unwrap_or_default(),
            target: target.map(|target| target.arn).unwrap_or_default(),
        };
        Ok(Some(Actual::new(Spec::Schedule(spec), Tags::new())))
    }

    pub(super) async fn put_schedule(
        &self,
        name: &str,
        spec: &Schedule,
        exists: bool,
    ) -> Result<(), Error> {
        let target = ScheduleTarget::builder()
            .arn(&spec.target)
            .role_arn(&spec.role)
            .input(spec.input.to_string())
            .build()
            .expect("it has an ARN and a role");
        let window = FlexibleTimeWindow::builder()
            .mode(FlexibleTimeWindowMode::Off)
            .build()
            .expect("it has a mode");
        if exists {
            let asked = self
                .schedules
                .update_schedule()
                .group_name(&spec.group)
                .name(name)
                .schedule_expression(&spec.expression)
                .schedule_expression_timezone(&spec.timezone)
                .flexible_time_window(window)
                .target(target)
                .send()
                .await;
            return answer("scheduler:UpdateSchedule", name, asked).map(drop);
        }
        let asked = self
            .schedules
            .create_schedule()
            .group_name(&spec.group)
            .name(name)
            .schedule_expression(&spec.expression)
            .schedule_expression_timezone(&spec.timezone)
            .flexible_time_window(window)
            .target(target)
            .send()
            .await;
        answer("scheduler:CreateSchedule", name, asked).map(drop)
    }

    pub(super) async fn remove_schedule(&self, name: &str, group: &str) -> Result<(), Error> {
        let asked = self
            .schedules
            .delete_schedule()
            .group_name(group)
            .name(name)
            .send()
            .await;
        answer("scheduler:DeleteSchedule", name, asked).map(drop)
    }
}
