//! Where each step runs: `sfn.toml`, and the same keys by environment variable.
//!
//! ```toml
//! app = "pizzeria"            # begins the names of everything that is deployed
//!
//! [steps]                     # the default for all
//! run = "here"
//!
//! [steps.make_dough]          # the step's name; quote it where it has spaces
//! concurrency = 2
//!
//! [steps.make_sauce]
//! run = "lambda"
//! timeout = "40s"
//! memory = 512
//! max_concurrency = 50
//!
//! [deploy]                    # how all of it is deployed
//! region = "eu-central-1"
//! log_level = "error"
//!
//! [workflows.make-pizza]
//! schedule = "rate(1 hour)"
//!
//! [env.prod]                  # a profile: what differs there, chosen with `--env prod`
//! steps.make_dough.run = "lambda"
//! deploy.alarms = true
//! ```
//!
//! A profile says the same keys again, but for `app`; a step's own word counts more than the word for all, whichever of
//! the two stands in the profile. What is deployed under a profile has its name in all names, as `pizzeria-prod`.
//!
//! The file is the one that `SFN_CONFIG` names, or `sfn.toml` in the current folder, or the one
//! beside the `Cargo.toml` of the program that `cargo run` started. Without any of them every step
//! runs here, one at a time.
//!
//! A variable says the same as the key it is named for, and counts more than the file:
//! `SFN_APP`, `SFN_STEPS__RUN`, `SFN_STEPS__MAKE_DOUGH__CONCURRENCY`,
//! `SFN_WORKFLOWS__MAKE_PIZZA__SCHEDULE`, `SFN_DEPLOY__REGION`; `SFN_ENV` chooses the profile. A name is written in
//! capitals, and everything but letters and digits as `_`. Lists are separated by commas, tables written `A=1,B=2`.

mod code;
mod deployment;
mod duration;
mod error;
mod file;
mod keys;
mod name;
mod values;
mod variables;
mod whole;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{Served, StepMeta};

pub use code::{OnLambda, lambda, run_on_lambda};
pub use deployment::{DeploySettings, LogLevel, WorkflowSettings};
pub(crate) use duration::parse as duration;
pub use error::{Error, Mistake, Origin};

use keys::Settings;
use values::Given;

/// The name of the file.
pub const FILE: &str = "sfn.toml";

/// The variable that names another file.
pub const FILE_VARIABLE: &str = "SFN_CONFIG";

/// The variable that chooses the profile.
pub const PROFILE_VARIABLE: &str = "SFN_ENV";

/// The name of the app where no file and no variable gives one and the program's own name is not
/// to be had.
const NAMELESS: &str = "app";

/// What runs a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Runs {
    /// A worker in this program.
    #[default]
    Here,
    /// A Lambda function.
    Lambda,
}

/// The processors that a Lambda function runs on.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum Architecture {
    /// AWS's own: cheaper by a fifth.
    #[default]
    #[serde(rename = "arm64")]
    Arm64,
    /// Intel's and AMD's.
    #[serde(rename = "x86_64")]
    X86_64,
}

impl Architecture {
    /// As the API writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }
}

/// What a step's Lambda function is given; `None` where nothing was said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LambdaSettings {
    /// How long one call may take: 1 second to 15 minutes.
    pub timeout: Option<Duration>,
    /// Its memory in MB: 128 to 10,240.
    pub memory: Option<u32>,
    /// How many calls run at once: 1 to 10,000.
    pub max_concurrency: Option<u32>,
    /// Its `/tmp` in MB: 512 to 10,240.
    pub storage: Option<u32>,
    /// The processors it runs on.
    pub architecture: Option<Architecture>,
    /// For how many days its logs are kept; 0 for ever.
    pub log_retention: Option<u32>,
    /// The role it acts as, an ARN; one is made when not said.
    pub role: Option<String>,
    /// What that role may do besides writing its logs: the JSON text of an IAM policy.
    pub policy: Option<String>,
    /// The subnets of the network it stands in.
    pub subnets: Vec<String>,
    /// The security groups of that network.
    pub security_groups: Vec<String>,
    /// Variables that its program finds.
    pub environment: BTreeMap<String, String>,
    /// Tags on what is made for the step alone.
    pub tags: BTreeMap<String, String>,
}

/// The names that a configuration may use.
pub(crate) struct Known<'a> {
    pub(crate) steps: &'a [&'static StepMeta],
    pub(crate) workflows: &'a [&'a str],
}

/// Where each step runs.
///
/// ```no_run
/// use sfn_runtime::{placement::Placement, registry};
///
/// # fn doc() -> Result<(), Box<dyn std::error::Error>> {
/// let steps = registry::steps()?;
/// let placement = Placement::load(None, &steps)?;
/// println!("{} is the app", placement.app());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Placement {
    app: String,
    /// The chosen profile.
    env: Option<String>,
    /// All profiles of the file.
    profiles: Vec<String>,
    file: Option<PathBuf>,
    default: Settings,
    /// By the step's name.
    steps: BTreeMap<String, Settings>,
    deploy: DeploySettings,
    /// By the workflow's name.
    workflows: BTreeMap<String, WorkflowSettings>,
}

impl Placement {
    /// Every step here, one at a time, under the name of this program.
    pub fn new() -> Self {
        Self {
            app: program_name(),
            env: None,
            profiles: Vec::new(),
            file: None,
            default: Settings::default(),
            steps: BTreeMap::new(),
            deploy: DeploySettings::default(),
            workflows: BTreeMap::new(),
        }
    }

    /// The same for an app of that name. What activity names do not take becomes `_`.
    #[must_use]
    pub fn with_app(mut self, app: &str) -> Self {
        self.app = name::encode(app, name::APP_LIMIT);
        self
    }

    /// Reads the file and the variables.
    ///
    /// `config` is a file that the user has named, `steps` are the steps that there are.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when the file cannot be read; [`Error::Mistakes`], with all of them,
    /// when a key, a step or a value is not known.
    pub fn load(config: Option<&Path>, steps: &[&'static StepMeta]) -> Result<Self, Error> {
        Self::load_profile(config, None, steps)
    }

    /// The same under a profile of the file; `None` for the one that the variable [`PROFILE_VARIABLE`] names, if any.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load), and [`Error::NoSuchProfile`].
    pub fn load_profile(
        config: Option<&Path>,
        profile: Option<&str>,
        steps: &[&'static StepMeta],
    ) -> Result<Self, Error> {
        // Two workflows of one name are told elsewhere.
        let workflows = crate::registry::workflows().unwrap_or_default();
        let workflows: Vec<_> = workflows.iter().map(|workflow| workflow.name).collect();
        let known = Known {
            steps,
            workflows: &workflows,
        };
        Self::new().loaded(config, profile, &known)
    }

    /// The same with what a configuration says on top. `profile` counts more than the variable.
    pub(crate) fn loaded(
        self,
        config: Option<&Path>,
        profile: Option<&str>,
        known: &Known<'_>,
    ) -> Result<Self, Error> {
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        self.read(config, profile, known, &variables.collect())
    }

    /// [`loaded`](Self::loaded) with an environment of one's own.
    fn read(
        mut self,
        config: Option<&Path>,
        profile: Option<&str>,
        known: &Known<'_>,
        variables: &variables::Variables,
    ) -> Result<Self, Error> {
        let mut mistakes = Vec::new();
        let profile = match profile {
            Some(profile) => Some(profile.to_owned()),
            None => variables
                .get(PROFILE_VARIABLE)
                .and_then(|value| value.clone().into_string().ok())
                .filter(|profile| !profile.is_empty()),
        };
        if let Some(path) = find(config, variables) {
            let text = std::fs::read_to_string(&path).map_err(|source| Error::Unreadable {
                path: path.clone(),
                source,
            })?;
            let profile = profile.as_deref();
            file::read(&path, &text, known, profile, &mut self, &mut mistakes);
            self.file = Some(path);
        }
        variables::read(variables, known, &mut self, &mut mistakes);
        if mistakes.is_empty() {
            whole::check(&self, known.steps, &mut mistakes);
        }
        if !mistakes.is_empty() {
            return Err(Error::Mistakes(mistakes));
        }
        match profile {
            Some(name) if self.env.as_ref() != Some(&name) => Err(Error::NoSuchProfile {
                name,
                known: self.profiles,
            }),
            _ => Ok(self),
        }
    }

    /// The app's name, which begins the names of everything that is deployed.
    pub fn app(&self) -> &str {
        &self.app
    }

    /// The profile that was chosen.
    pub fn env(&self) -> Option<&str> {
        self.env.as_deref()
    }

    /// What the names of all that is deployed begin with: the app's name, and the profile's.
    pub fn prefix(&self) -> String {
        match &self.env {
            None => self.app.clone(),
            Some(env) => format!("{}-{env}", self.app),
        }
    }

    /// How everything is deployed.
    pub fn deploy(&self) -> &DeploySettings {
        &self.deploy
    }

    /// What is said of a workflow.
    pub fn workflow(&self, name: &str) -> WorkflowSettings {
        self.workflows.get(name).cloned().unwrap_or_default()
    }

    /// The same for a profile of that name, with nothing said for it.
    #[cfg(all(feature = "local", feature = "aws"))]
    pub(crate) fn with_env(mut self, env: &str) -> Self {
        self.env = Some(env.to_owned());
        self
    }

    /// The name of a workflow's state machine: the workflow's own, and the profile's behind it.
    pub fn machine_name(&self, workflow: &str) -> String {
        match &self.env {
            None => workflow.to_owned(),
            Some(env) => format!("{workflow}-{env}"),
        }
    }

    /// The file that was read.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// What runs the step.
    pub fn runs(&self, step: &StepMeta) -> Runs {
        self.look_up(step, |settings| settings.run)
            .unwrap_or_default()
    }

    /// How many of the step run at once in this program.
    pub fn concurrency(&self, step: &StepMeta) -> usize {
        self.look_up(step, |settings| settings.concurrency)
            .unwrap_or(1)
    }

    /// What the step's Lambda function is given.
    pub fn lambda(&self, step: &StepMeta) -> LambdaSettings {
        let texts = |get: fn(&Settings) -> Option<Vec<String>>| self.look_up(step, get);
        // What is said of all and what is said of one go together.
        let both = |get: fn(&Settings) -> &Option<BTreeMap<String, String>>| {
            let mut all = get(&self.default).clone().unwrap_or_default();
            let own = self.steps.get(step.name).and_then(|own| get(own).clone());
            all.extend(own.unwrap_or_default());
            all
        };
        LambdaSettings {
            timeout: self.look_up(step, |settings| settings.timeout),
            memory: self.look_up(step, |settings| settings.memory),
            max_concurrency: self.look_up(step, |settings| settings.max_concurrency),
            storage: self.look_up(step, |settings| settings.storage),
            architecture: self.look_up(step, |settings| settings.architecture),
            log_retention: self.look_up(step, |settings| settings.log_retention),
            role: self.look_up(step, |settings| settings.role.clone()),
            policy: self.look_up(step, |settings| settings.policy.clone()),
            subnets: texts(|settings| settings.subnets.clone()).unwrap_or_default(),
            security_groups: texts(|settings| settings.security_groups.clone()).unwrap_or_default(),
            environment: both(|settings| &settings.environment),
            tags: both(|settings| &settings.tags),
        }
    }

    /// The steps, each with its concurrency, for [`run_here`](crate::run_here): all of them, as a
    /// program that runs a workflow to its end needs.
    ///
    /// # Errors
    ///
    /// [`Error::OnLambda`] when one of them runs on Lambda.
    pub fn all_here(&self, steps: &[&'static StepMeta]) -> Result<Vec<Served>, Error> {
        match steps.iter().find(|step| self.runs(step) == Runs::Lambda) {
            None => Ok(self.here(steps)),
            Some(step) => Err(Error::OnLambda {
                step: step.name,
                variable: variables::name_of(step, "run"),
                origin: self.origin(step, "run"),
            }),
        }
    }

    /// Those of the steps that run here, each with its concurrency, for
    /// [`run_here`](crate::run_here).
    pub fn here(&self, steps: &[&'static StepMeta]) -> Vec<Served> {
        steps
            .iter()
            .filter(|step| self.runs(step) == Runs::Here)
            .map(|step| Served::of(step).concurrency(self.concurrency(step)))
            .collect()
    }

    /// The step's own word, or else the word for all.
    fn look_up<T>(&self, step: &StepMeta, get: impl Fn(&Settings) -> Option<T>) -> Option<T> {
        let own = self.steps.get(step.name).and_then(&get);
        own.or_else(|| get(&self.default))
    }

    fn set_app(&mut self, given: &Given<'_>) -> Result<(), String> {
        let app = match given {
            Given::Text(text) => text,
            other => return Err(format!("`app` is a text, not {}", other.what())),
        };
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if app.is_empty() || app.len() > name::APP_LIMIT || !app.chars().all(legal) {
            let limit = name::APP_LIMIT;
            return Err(format!(
                "`app` has 1 to {limit} letters, digits, `-` or `_`, unlike `{app}`"
            ));
        }
        self.app = (*app).to_owned();
        Ok(())
    }

    fn settings(&mut self, step: Option<&'static StepMeta>) -> &mut Settings {
        match step {
            None => &mut self.default,
            Some(step) => self.steps.entry(step.name.to_owned()).or_default(),
        }
    }
}

impl Default for Placement {
    fn default() -> Self {
        Self::new()
    }
}

/// The file to read: the named one, which must be there, or the first that is.
fn find(config: Option<&Path>, variables: &variables::Variables) -> Option<PathBuf> {
    let named = config.map(Path::to_owned);
    let by_variable = || variables.get(FILE_VARIABLE).map(PathBuf::from);
    let current = || Some(PathBuf::from(FILE)).filter(|path| path.is_file());
    // Set by `cargo run` and `cargo test`, where the current folder is often the workspace's.
    let beside_manifest = || {
        let folder = variables.get("CARGO_MANIFEST_DIR")?;
        Some(Path::new(folder).join(FILE)).filter(|path| path.is_file())
    };
    named
        .or_else(by_variable)
        .or_else(current)
        .or_else(beside_manifest)
}

/// The configuration that is in use, if there is one.
pub(crate) fn file_in_use(config: Option<&Path>) -> Option<PathBuf> {
    let variables =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    find(config, &variables.collect())
}

/// The name of this program's file.
fn program_name() -> String {
    let program = std::env::current_exe().ok();
    let stem = program
        .as_deref()
        .and_then(Path::file_stem)
        .and_then(std::ffi::OsStr::to_str);
    name::encode(stem.unwrap_or(NAMELESS), name::APP_LIMIT)
}

#[cfg(test)]
mod tests;
