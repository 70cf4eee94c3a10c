//! The keys of `[deploy]` and of `[workflows.NAME]`: what is made besides the steps.

use std::collections::BTreeMap;

use super::{
    Origin,
    keys::{self, Section},
    values::{self, Given},
};

/// How much of its executions a state machine logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogLevel {
    /// Nothing.
    #[default]
    Off,
    /// Executions that end badly.
    Fatal,
    /// All errors, handled ones as well.
    Error,
    /// Every event.
    All,
}

impl LogLevel {
    /// As the API writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "OFF",
            Self::Fatal => "FATAL",
            Self::Error => "ERROR",
            Self::All => "ALL",
        }
    }

    const WORDS: [(&'static str, Self); 4] = [
        ("off", Self::Off),
        ("fatal", Self::Fatal),
        ("error", Self::Error),
        ("all", Self::All),
    ];
}

/// What is said in `[deploy]`: how everything is deployed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeploySettings {
    /// The Region, where not the environment's.
    pub region: Option<String>,
    /// The account that may be deployed to; any when not said.
    pub account: Option<String>,
    /// The role of all state machines; one is made for each when not said.
    pub role: Option<String>,
    /// The permissions boundary of the roles that are made.
    pub boundary: Option<String>,
    /// Tags on everything that is made.
    pub tags: BTreeMap<String, String>,
    /// How much the state machines log.
    pub log_level: LogLevel,
    /// For how many days logs are kept; 0 for ever. 30 unless given.
    pub log_retention: Option<u32>,
    /// Whether executions are traced by X-Ray.
    pub tracing: bool,
    /// Whether alarms are made.
    pub alarms: bool,
    /// Who is told of executions that end badly, and of alarms: an e-mail address, or a topic's ARN.
    pub notify: Option<String>,
    /// A bucket for code and large payloads; one is made where it is needed when not said.
    pub bucket: Option<String>,
    /// After how many days objects of large payloads are deleted. 30 unless given.
    pub large_retention: Option<u32>,
}

impl Section for DeploySettings {
    const KEYS: &'static [&'static str] = &[
        "region",
        "account",
        "role",
        "boundary",
        "tags",
        "log_level",
        "log_retention",
        "tracing",
        "alarms",
        "notify",
        "bucket",
        "large_retention",
    ];
    const WHAT: &'static str = "keys of `[deploy]`";

    fn set(&mut self, key: &'static str, given: &Given<'_>, _: &Origin) -> Result<(), String> {
        match key {
            "region" => self.region = Some(values::text(key, given, "eu-central-1")?),
            "account" => {
                let account = values::text(key, given, "123456789012")?;
                if account.len() != 12 || !account.chars().all(|c| c.is_ascii_digit()) {
                    return Err(format!("`account` has twelve digits, unlike `{account}`"));
                }
                self.account = Some(account);
            }
            "role" => self.role = Some(role(key, given)?),
            "boundary" => {
                let sample = "arn:aws:iam::123456789012:policy/boundary";
                self.boundary = Some(values::arn(key, given, "iam", sample)?);
            }
            "tags" => self.tags = keys::tags(key, given)?,
            "log_level" => self.log_level = values::word(key, given, &LogLevel::WORDS)?,
            "log_retention" => self.log_retention = Some(keys::retention(key, given)?),
            "tracing" => self.tracing = values::flag(key, given)?,
            "alarms" => self.alarms = values::flag(key, given)?,
            "notify" => {
                let who = values::text(key, given, "ops@example.org")?;
                let topic = who.starts_with("arn:") && who.split(':').nth(2) == Some("sns");
                if !topic && !who.contains('@') {
                    return Err(format!(
                        "`notify` is an e-mail address or the ARN of a topic, not `{who}`"
                    ));
                }
                self.notify = Some(who);
            }
            "bucket" => self.bucket = Some(values::text(key, given, "my-company-code")?),
            "large_retention" => {
                self.large_retention = Some(values::number(key, given, 1, 3_650, " (days)")?);
            }
            _ => unreachable!("the keys are those of the table above"),
        }
        Ok(())
    }
}

/// What is said in `[workflows.NAME]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkflowSettings {
    /// When it is started by itself: `rate(5 minutes)`, `cron(0 9 * * ? *)`, `at(2026-12-24T18:00:00)`.
    pub schedule: Option<String>,
    /// The time zone of the schedule: `Europe/Berlin`. UTC unless given.
    pub timezone: Option<String>,
    /// The input of what the schedule starts: JSON text. `{}` unless given.
    pub input: Option<String>,
    /// The pattern of the EventBridge events that start it: JSON text.
    pub event: Option<String>,
    /// Its role, where not that of `[deploy]`.
    pub role: Option<String>,
    /// What its own role may do besides what its states need: the JSON text of an IAM policy.
    pub policy: Option<String>,
    /// How much it logs, where not as `[deploy]` says.
    pub log_level: Option<LogLevel>,
    /// Whether it is traced, where not as `[deploy]` says.
    pub tracing: Option<bool>,
    /// Whether it has alarms, where not as `[deploy]` says.
    pub alarms: Option<bool>,
}

impl Section for WorkflowSettings {
    const KEYS: &'static [&'static str] = &[
        "schedule",
        "timezone",
        "input",
        "event",
        "role",
        "policy",
        "log_level",
        "tracing",
        "alarms",
    ];
    const WHAT: &'static str = "keys of a workflow";

    fn set(&mut self, key: &'static str, given: &Given<'_>, _: &Origin) -> Result<(), String> {
        match key {
            "schedule" => {
                let text = values::text(key, given, "rate(5 minutes)")?;
                let known = ["rate(", "cron(", "at("];
                if !known.iter().any(|start| text.starts_with(start)) || !text.ends_with(')') {
                    return Err(format!(
                        "`schedule` is `rate(5 minutes)`, `cron(0 9 * * ? *)` or `at(2026-12-24T18:00:00)`, not `{text}`"
                    ));
                }
                self.schedule = Some(text);
            }
            "timezone" => self.timezone = Some(values::text(key, given, "Europe/Berlin")?),
            "input" => self.input = Some(values::json(key, given, "{ \"table\": 7 }")?),
            "event" => self.event = Some(values::json(key, given, "{ \"source\": [\"shop\"] }")?),
            "role" => self.role = Some(role(key, given)?),
            "policy" => self.policy = Some(values::policy(key, given)?),
            "log_level" => self.log_level = Some(values::word(key, given, &LogLevel::WORDS)?),
            "tracing" => self.tracing = Some(values::flag(key, given)?),
            "alarms" => self.alarms = Some(values::flag(key, given)?),
            _ => unreachable!("the keys are those of the table above"),
        }
        Ok(())
    }
}

fn role(key: &str, given: &Given<'_>) -> Result<String, String> {
    values::arn(key, given, "iam", "arn:aws:iam::123456789012:role/kitchen")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::keys::Settings;

    /// Each key of the tables is one that `set` knows.
    #[test]
    fn every_key_is_read() {
        fn check<S: Section>() {
            for key in S::KEYS {
                let refused = S::default().set(key, &Given::Other("a fraction"), &Origin::Program);
                let message = refused.expect_err("no key takes a fraction");
                assert!(message.starts_with(&format!("`{key}` ")), "{message}");
            }
        }
        check::<Settings>();
        check::<DeploySettings>();
        check::<WorkflowSettings>();
    }
}
