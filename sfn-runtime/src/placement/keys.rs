//! The keys of a step, whoever sets them.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Architecture, Origin, Runs,
    values::{self, Given},
};
use crate::MAX_CONCURRENCY;

/// The days that CloudWatch keeps logs for; it takes no others.
pub(super) const RETENTIONS: [u32; 23] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653, 0,
];

/// What a table of `sfn.toml`, or variables, may set.
pub(super) trait Section: Default {
    /// The keys, in the order of messages.
    const KEYS: &'static [&'static str];
    /// What they are keys of, for messages: `keys of a step`.
    const WHAT: &'static str;

    /// # Errors
    ///
    /// What the key takes, when it is not this.
    fn set(&mut self, key: &'static str, given: &Given<'_>, origin: &Origin) -> Result<(), String>;

    /// The key of that name.
    fn key(name: &str) -> Option<&'static str> {
        Self::KEYS.iter().copied().find(|key| *key == name)
    }

    /// Whether a table below this one is a value and not a part of its own.
    fn takes_table(key: &str) -> bool {
        matches!(key, "environment" | "tags")
    }
}

/// What is said of a step, or of all.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub(super) run: Option<Runs>,
    pub(super) concurrency: Option<usize>,
    pub(super) timeout: Option<Duration>,
    pub(super) memory: Option<u32>,
    pub(super) max_concurrency: Option<u32>,
    pub(super) storage: Option<u32>,
    pub(super) architecture: Option<Architecture>,
    pub(super) log_retention: Option<u32>,
    pub(super) role: Option<String>,
    pub(super) policy: Option<String>,
    pub(super) subnets: Option<Vec<String>>,
    pub(super) security_groups: Option<Vec<String>>,
    pub(super) environment: Option<BTreeMap<String, String>>,
    pub(super) tags: Option<BTreeMap<String, String>>,
    /// Where each key was set.
    pub(super) origins: BTreeMap<&'static str, Origin>,
}

/// Where the step must run for the key to mean something; `None` when it always does.
pub(super) fn needs(key: &str) -> Option<Runs> {
    match key {
        "run" => None,
        "concurrency" => Some(Runs::Here),
        _ => Some(Runs::Lambda),
    }
}

impl Section for Settings {
    const KEYS: &'static [&'static str] = &[
        "run",
        "concurrency",
        "timeout",
        "memory",
        "max_concurrency",
        "storage",
        "architecture",
        "log_retention",
        "role",
        "policy",
        "subnets",
        "security_groups",
        "environment",
        "tags",
    ];
    const WHAT: &'static str = "keys of a step";

    fn set(&mut self, key: &'static str, given: &Given<'_>, origin: &Origin) -> Result<(), String> {
        match key {
            "run" => {
                let words = [("here", Runs::Here), ("lambda", Runs::Lambda)];
                self.run = Some(values::word(key, given, &words)?);
            }
            "concurrency" => {
                let most = MAX_CONCURRENCY as i64;
                self.concurrency = Some(values::number(key, given, 1, most, "")? as usize);
            }
            // What Lambda allows.
            "timeout" => {
                let words = "from `1s` to `15m`";
                self.timeout = Some(values::span(key, given, 1..=900, words)?);
            }
            "memory" => self.memory = Some(values::number(key, given, 128, 10_240, " (MB)")?),
            "max_concurrency" => {
                self.max_concurrency = Some(values::number(key, given, 1, 10_000, "")?);
            }
            "storage" => self.storage = Some(values::number(key, given, 512, 10_240, " (MB)")?),
            "architecture" => {
                let words = [
                    ("arm64", Architecture::Arm64),
                    ("x86_64", Architecture::X86_64),
                ];
                self.architecture = Some(values::word(key, given, &words)?);
            }
            "log_retention" => self.log_retention = Some(retention(key, given)?),
            "role" => {
                let sample = "arn:aws:iam::123456789012:role/kitchen";
                self.role = Some(values::arn(key, given, "iam", sample)?);
            }
            "policy" => self.policy = Some(values::policy(key, given)?),
            "subnets" => self.subnets = Some(values::list(key, given, "subnet-")?),
            "security_groups" => self.security_groups = Some(values::list(key, given, "sg-")?),
            "environment" => self.environment = Some(environment(key, given)?),
            "tags" => self.tags = Some(tags(key, given)?),
            _ => unreachable!("the keys are those of the table above"),
        }
        self.origins.insert(key, origin.clone());
        Ok(())
    }
}

/// For how many days logs are kept; 0 for ever.
pub(super) fn retention(key: &str, given: &Given<'_>) -> Result<u32, String> {
    values::one_of_numbers(key, given, &RETENTIONS)
        .map_err(|wrong| format!("{wrong} (days; 0 keeps them for ever)"))
}

/// Variables of a function: those that Lambda and this runtime set are not for users.
fn environment(key: &str, given: &Given<'_>) -> Result<BTreeMap<String, String>, String> {
    let found = values::map(key, given)?;
    for name in found.keys() {
        let mut letters = name.chars();
        let legal = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
            && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !legal || name.len() < 2 {
            return Err(format!(
                "`{key}` has names of letters, digits and `_` that begin with a letter, unlike `{name}`"
            ));
        }
        if name.starts_with("AWS_") || name.starts_with("LAMBDA_") || name == "SFN_STEP" {
            return Err(format!(
                "`{name}` is set by Lambda or by the runtime itself"
            ));
        }
    }
    // AWS counts names and values.
    let size: usize = found
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if size > 4096 {
        return Err(format!("`{key}` has {size} bytes, and Lambda takes 4096"));
    }
    Ok(found)
}

/// Tags for everything that is made.
pub(super) fn tags(key: &str, given: &Given<'_>) -> Result<BTreeMap<String, String>, String> {
    let found = values::map(key, given)?;
    for (name, value) in &found {
        if name.starts_with("aws:") || name.starts_with("sfn:") {
            return Err(format!(
                "`{key}` may not begin with `aws:` or `sfn:`, unlike `{name}`"
            ));
        }
        if name.is_empty() || name.chars().count() > 128 || value.chars().count() > 256 {
            return Err(format!(
                "`{key}` have names of 1 to 128 characters and values of up to 256, unlike `{name}`"
            ));
        }
    }
    // AWS takes fifty of each resource; ours are four.
    if found.len() > 45 {
        return Err(format!("`{key}` are 45 at most, not {}", found.len()));
    }
    Ok(found)
}
