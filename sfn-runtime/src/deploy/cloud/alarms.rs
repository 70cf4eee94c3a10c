//! Alarms.

use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, Statistic, Tag};

use super::{Cloud, Error, answer, pairs};
use crate::deploy::{
    plan::Actual,
    resource::{Alarm, Spec, Tags},
};

fn tag(name: &str, value: &str) -> Tag {
    Tag::builder().key(name).value(value).build()
}

impl Cloud {
    pub(super) async fn read_alarm(&self, name: &str) -> Result<Option<Actual>, Error> {
        let asked = self.alarms.describe_alarms().alarm_names(name).send().await;
        let found = answer("cloudwatch:DescribeAlarms", name, asked)?;
        let Some(alarm) = found.metric_alarms.unwrap_or_default().into_iter().next() else {
            return Ok(None);
        };
        let arn = alarm.alarm_arn.unwrap_or_default();
        let asked = self
            .alarms
            .list_tags_for_resource()
            .resource_arn(&arn)
            .send()
            .await;
        let tags = answer("cloudwatch:ListTagsForResource", name, asked)?.tags;
        let dimensions = alarm.dimensions.unwrap_or_default();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the thresholds that are compared are small whole numbers"
        )]
        let threshold = alarm.threshold.unwrap_or_default() as u32;
        let spec = Alarm {
            description: alarm.alarm_description.unwrap_or_default(),
            namespace: alarm.namespace.unwrap_or_default(),
            metric: alarm.metric_name.unwrap_or_default(),
            dimensions: dimensions
                .into_iter()
                .filter_map(|dimension| Some((dimension.name?, dimension.value?)))
                .collect(),
            statistic: alarm
                .statistic
                .map(|statistic| statistic.as_str().to_owned())
                .unwrap_or_default(),
            period: alarm
                .period
                .and_then(|period| u32::try_from(period).ok())
                .unwrap_or(0),
            threshold,
            actions: alarm.alarm_actions.unwrap_or_default(),
        };
        let tags = tags.unwrap_or_default().into_iter();
        let tags = tags
            .filter_map(|tag| Some((tag.key?, tag.value?)))
            .collect();
        Ok(Some(Actual::new(Spec::Alarm(spec), tags)))
    }

    pub(super) async fn list_alarms(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .alarms
                .describe_alarms()
                .alarm_name_prefix(prefix)
                .set_next_token(page)
                .send()
                .await;
            let answered = answer("cloudwatch:DescribeAlarms", prefix, asked)?;
            let alarms = answered.metric_alarms.unwrap_or_default();
            found.extend(alarms.into_iter().filter_map(|alarm| alarm.alarm_name));
            page = answered.next_token;
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    pub(super) async fn put_alarm(
        &self,
        name: &str,
        spec: &Alarm,
        tags: &Tags,
    ) -> Result<(), Error> {
        let dimensions = spec
            .dimensions
            .iter()
            .map(|(name, value)| Dimension::builder().name(name).value(value).build())
            .collect();
        let asked = self
            .alarms
            .put_metric_alarm()
            .alarm_name(name)
            .alarm_description(&spec.description)
            .namespace(&spec.namespace)
            .metric_name(&spec.metric)
            .set_dimensions(Some(dimensions))
            .statistic(Statistic::from(spec.statistic.as_str()))
            .period(i32::try_from(spec.period).unwrap_or(i32::MAX))
            .evaluation_periods(1)
            .threshold(f64::from(spec.threshold))
            .comparison_operator(ComparisonOperator::GreaterThanOrEqualToThreshold)
            // No execution is no failure.
            .treat_missing_data("notBreaching")
            .set_alarm_actions(Some(spec.actions.clone()))
            .set_tags(Some(pairs(tags, tag)))
            .send()
            .await;
        answer("cloudwatch:PutMetricAlarm", name, asked)?;
        // Tags that come with a change of an alarm are ignored.
        let asked = self
            .alarms
            .tag_resource()
            .resource_arn(self.arn("cloudwatch", &format!("alarm:{name}")))
            .set_tags(Some(pairs(tags, tag)))
            .send()
            .await;
        answer("cloudwatch:TagResource", name, asked).map(drop)
    }

    pub(super) async fn remove_alarm(&self, name: &str) -> Result<(), Error> {
        let asked = self.alarms.delete_alarms().alarm_names(name).send().await;
        answer("cloudwatch:DeleteAlarms", name, asked).map(drop)
    }
}
