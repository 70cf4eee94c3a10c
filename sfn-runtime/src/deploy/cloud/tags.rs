//! Taking tags away.

use super::{Cloud, Error, answer};
use crate::deploy::resource::{Id, ResourceKind};

impl Cloud {
    /// Takes these tags from a resource. What has none of them is as it shall be.
    pub(crate) async fn untag(&self, id: &Id, tags: &[String]) -> Result<(), Error> {
        let name = id.name.as_str();
        let keys = Some(tags.to_vec());
        let done = match id.kind {
            // Its tags are written as a whole; a schedule takes none.
            ResourceKind::Bucket | ResourceKind::Schedule => Ok(()),
            ResourceKind::LogGroup => {
                let asked = self.logs.untag_resource();
                let asked = asked.resource_arn(self.log_group_arn(name));
                let answered = asked.set_tag_keys(keys).send().await;
                answer("logs:UntagResource", name, answered).map(drop)
            }
            ResourceKind::Role => {
                let asked = self.roles.untag_role().role_name(name);
                let answered = asked.set_tag_keys(keys).send().await;
                answer("iam:UntagRole", name, answered).map(drop)
            }
            ResourceKind::Activity | ResourceKind::Machine => {
                let arn = match id.kind {
                    ResourceKind::Activity => self.location.activity(name),
                    _ => self.location.machine(name),
                };
                let asked = self.machines.untag_resource().resource_arn(arn);
                let answered = asked.set_tag_keys(keys).send().await;
                answer("states:UntagResource", name, answered).map(drop)
            }
            ResourceKind::Function => {
                let asked = self.functions.untag_resource();
                let asked = asked.resource(self.arn("lambda", &format!("function:{name}")));
                let answered = asked.set_tag_keys(keys).send().await;
                answer("lambda:UntagResource", name, answered).map(drop)
            }
            ResourceKind::Topic => {
                let asked = self.topics.untag_resource();
                let asked = asked.resource_arn(self.arn("sns", name));
                let answered = asked.set_tag_keys(keys).send().await;
                answer("sns:UntagResource", name, answered).map(drop)
            }
            ResourceKind::Alarm => {
                let asked = self.alarms.untag_resource();
                let asked = asked.resource_arn(self.arn("cloudwatch", &format!("alarm:{name}")));
                let answered = asked.set_tag_keys(keys).send().await;
                answer("cloudwatch:UntagResource", name, answered).map(drop)
            }
            ResourceKind::Rule => {
                let asked = self.events.untag_resource();
                let asked = asked.resource_arn(self.arn("events", &format!("rule/{name}")));
                let answered = asked.set_tag_keys(keys).send().await;
                answer("events:UntagResource", name, answered).map(drop)
            }
            ResourceKind::ScheduleGroup => {
                let asked = self.schedules.untag_resource();
                let group = format!("schedule-group/{name}");
                let asked = asked.resource_arn(self.arn("scheduler", &group));
                let answered = asked.set_tag_keys(keys).send().await;
                answer("scheduler:UntagResource", name, answered).map(drop)
            }
        };
        done.map_err(|error| error.about(id))
    }
}
