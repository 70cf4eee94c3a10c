//! Log groups, and the one that is the lock.

use super::{Cloud, Error, answer};
use crate::deploy::{
    plan::Actual,
    resource::{LogGroup, Spec, Tags},
};

impl Cloud {
    pub(super) async fn read_log_group(&self, name: &str) -> Result<Option<Actual>, Error> {
        let asked = self
            .logs
            .describe_log_groups()
            .log_group_name_prefix(name)
            .send()
            .await;
        let found = answer("logs:DescribeLogGroups", name, asked)?;
        let groups = found.log_groups.unwrap_or_default();
        let Some(group) = groups
            .into_iter()
            .find(|group| group.log_group_name.as_deref() == Some(name))
        else {
            return Ok(None);
        };
        let days = group.retention_in_days.unwrap_or(0);
        let spec = LogGroup {
            retention_days: u32::try_from(days).unwrap_or(0),
        };
        let tags = self.log_group_tags(name).await?;
        Ok(Some(Actual::new(Spec::LogGroup(spec), tags)))
    }

    pub(crate) async fn log_group_tags(&self, name: &str) -> Result<Tags, Error> {
        let asked = self
            .logs
            .list_tags_for_resource()
            .resource_arn(self.log_group_arn(name))
            .send()
            .await;
        let found = answer("logs:ListTagsForResource", name, asked)?;
        Ok(found.tags.unwrap_or_default().into_iter().collect())
    }

    pub(super) async fn list_log_groups(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .logs
                .describe_log_groups()
                .log_group_name_prefix(prefix)
                .set_next_token(page)
                .send()
                .await;
            let answered = answer("logs:DescribeLogGroups", prefix, asked)?;
            let groups = answered.log_groups.unwrap_or_default();
            found.extend(groups.into_iter().filter_map(|group| group.log_group_name));
            page = answered.next_token;
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    /// Creates a log group: an error when there is one, which makes it a lock.
    pub(crate) async fn create_log_group(&self, name: &str, tags: &Tags) -> Result<(), Error> {
        let tags = tags.clone().into_iter().collect();
        let asked = self
            .logs
            .create_log_group()
            .log_group_name(name)
            .set_tags(Some(tags))
            .send()
            .await;
        answer("logs:CreateLogGroup", name, asked).map(drop)
    }

    pub(super) async fn put_log_group(
        &self,
        name: &str,
        spec: &LogGroup,
        tags: &Tags,
        exists: bool,
    ) -> Result<(), Error> {
        if exists {
            let asked = self
                .logs
                .tag_resource()
                .resource_arn(self.log_group_arn(name))
                .set_tags(Some(tags.clone().into_iter().collect()))
                .send()
                .await;
            answer("logs:TagResource", name, asked)?;
        } else {
            self.create_log_group(name, tags).await?;
        }
        if spec.retention_days == 0 {
            let asked = self.logs.delete_retention_policy().log_group_name(name);
            answer("logs:DeleteRetentionPolicy", name, asked.send().await)?;
        } else {
            let days = i32::try_from(spec.retention_days).unwrap_or(i32::MAX);
            let asked = self
                .logs
                .put_retention_policy()
                .log_group_name(name)
                .retention_in_days(days);
            answer("logs:PutRetentionPolicy", name, asked.send().await)?;
        }
        Ok(())
    }

    pub(crate) async fn remove_log_group(&self, name: &str) -> Result<(), Error> {
        let asked = self.logs.delete_log_group().log_group_name(name);
        answer("logs:DeleteLogGroup", name, asked.send().await).map(drop)
    }
}
