//! Placing steps on Lambda from code; [`here`](crate::here) places them in the program.

use std::time::Duration;

use super::{Architecture, Origin, Placement, Runs, keys::Settings};
use crate::{Client, Step, StepMeta};

/// The step `S` on Lambda, for [`run_on_lambda`] and [`App::place`](crate::App::place).
///
/// ```
/// # use sfn_runtime::{Step, placement::lambda, seconds};
/// # fn doc<make_sauce: Step>() {
/// let sauce = lambda::<make_sauce>().timeout(seconds(40)).memory(512).max_concurrency(50);
/// # }
/// ```
pub fn lambda<S: Step>() -> OnLambda {
    OnLambda {
        step: S::META,
        settings: Settings {
            run: Some(Runs::Lambda),
            ..Settings::default()
        },
    }
}

/// A step on Lambda and what its function is given: see [`lambda`].
///
/// What AWS does not take (a timeout past 15 minutes, too little memory) is refused when it is deployed.
#[derive(Debug, Clone)]
pub struct OnLambda {
    step: &'static StepMeta,
    settings: Settings,
}

impl OnLambda {
    /// How long one call may take: 1 second to 15 minutes. Parts of a second are left out.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Its memory in MB: 128 to 10,240.
    #[must_use]
    pub fn memory(mut self, megabytes: u32) -> Self {
        self.settings.memory = Some(megabytes);
        self
    }

    /// How many calls run at once, 1 to 10,000: as many are kept for it of the account's.
    #[must_use]
    pub fn max_concurrency(mut self, calls: u32) -> Self {
        self.settings.max_concurrency = Some(calls);
        self
    }

    /// Its `/tmp` in MB: 512 to 10,240.
    #[must_use]
    pub fn storage(mut self, megabytes: u32) -> Self {
        self.settings.storage = Some(megabytes);
        self
    }

    /// The processors it runs on.
    #[must_use]
    pub fn architecture(mut self, architecture: Architecture) -> Self {
        self.settings.architecture = Some(architecture);
        self
    }

    /// For how many days its logs are kept; 0 for ever.
    #[must_use]
    pub fn log_retention(mut self, days: u32) -> Self {
        self.settings.log_retention = Some(days);
        self
    }

    /// The role it acts as, by its ARN, rather than one that is made for it.
    #[must_use]
    pub fn role(mut self, arn: impl Into<String>) -> Self {
        self.settings.role = Some(arn.into());
        self
    }

    /// What the role that is made for it may do besides writing logs: the JSON text of an IAM policy.
    #[must_use]
    pub fn policy(mut self, json: impl Into<String>) -> Self {
        self.settings.policy = Some(json.into());
        self
    }

    /// The network it stands in: subnets and security groups, by their ids.
    #[must_use]
    pub fn network<S: Into<String>, G: Into<String>>(
        mut self,
        subnets: impl IntoIterator<Item = S>,
        security_groups: impl IntoIterator<Item = G>,
    ) -> Self {
        self.settings.subnets = Some(subnets.into_iter().map(Into::into).collect());
        self.settings.security_groups = Some(security_groups.into_iter().map(Into::into).collect());
        self
    }

    /// A variable that its program finds.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let variables = self.settings.environment.get_or_insert_default();
        variables.insert(name.into(), value.into());
        self
    }

    /// A tag on what is made for it.
    #[must_use]
    pub fn tag(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let tags = self.settings.tags.get_or_insert_default();
        tags.insert(name.into(), value.into());
        self
    }
}

impl Placement {
    /// The same with that step on Lambda.
    #[must_use]
    pub fn with(mut self, step: OnLambda) -> Self {
        let OnLambda { step, mut settings } = step;
        for key in <Settings as super::keys::Section>::KEYS {
            settings.origins.insert(key, Origin::Program);
        }
        self.steps.insert(step.name.to_owned(), settings);
        self
    }
}

/// A client for an app of which these steps run on Lambda, and the others where they ran.
///
/// It says where they run; `deploy` makes their functions.
///
/// ```no_run
/// # use sfn_runtime::{Client, Step, placement::{lambda, run_on_lambda}, seconds};
/// # fn doc<make_sauce: Step>(client: Client) {
/// let client = run_on_lambda(&client, [lambda::<make_sauce>().timeout(seconds(40)).memory(512)]);
/// # }
/// ```
#[must_use]
pub fn run_on_lambda(client: &Client, steps: impl IntoIterator<Item = OnLambda>) -> Client {
    let placement = steps
        .into_iter()
        .fold(client.placement().clone(), Placement::with);
    client.clone().placed(placement)
}
