//! What there shall be on AWS, told from the program and its placement alone.

mod events;

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::{Value, json};

use super::{
    APP_TAG, ENV_TAG, MANAGED_TAG, REGION_TAG, TAGS_TAG, iam,
    iam::Grants,
    names,
    resource::{Activity, Bucket, Function, LogGroup, Machine, Model, Resource, Role, Spec, Tags},
};
use crate::{
    StepMeta,
    flow::{CompileError, Definition, MachineMeta, Place, Places, Unplaced, activity_name},
    placement::{Architecture, LambdaSettings, LogLevel, Placement, Runs, WorkflowSettings},
    service::Location,
};

/// The alias through which executions are started.
pub const LIVE: &str = "live";

/// The memory of a function of which nothing is said, in MB: Rust needs little, and the processor grows with it.
const MEMORY: u32 = 256;
/// The time-out of a function of which neither the placement nor the step says one, in seconds.
const TIMEOUT: u32 = 60;
/// The `/tmp` of a function, in MB: what Lambda gives for nothing.
const STORAGE: u32 = 512;
/// For how many days logs are kept, and large payloads.
const RETENTION: u32 = 30;
/// After how many seconds in the queue of an activity an alarm rings.
const QUEUED: u32 = 300;

/// How long a tag's value may be.
const TAG_VALUE: usize = 256;

/// What [`desired`] is told.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Where the steps run, and how all is deployed.
    pub placement: &'a Placement,
    /// The workflows.
    pub workflows: &'a [Definition],
    /// The account and Region.
    pub location: &'a Location,
    /// The SHA-256 of the zip for each processor, in base64. What is not here is not compared.
    pub code: &'a BTreeMap<Architecture, String>,
    /// Whether the program needs a bucket: for code of more than 50 MB, or for large payloads.
    pub bucket: bool,
}

/// Why it cannot be said what there shall be.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum DesiredError {
    /// A workflow cannot be written as a definition.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// What a state needs to be allowed cannot be told.
    #[error("{}", lines(.0))]
    Underivable(Vec<Underivable>),
}

/// A state whose permissions cannot be told from the definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the permissions of state `{state}` of `{workflow}` cannot be told: {why}\n\
     help: write them out as `policy`, or name a role of your own as `role`, in `[workflows.{workflow}]`"
)]
pub struct Underivable {
    /// The workflow.
    pub workflow: String,
    /// The state.
    pub state: String,
    /// Why not.
    pub why: String,
}

fn lines(all: &[Underivable]) -> String {
    let all: Vec<_> = all.iter().map(Underivable::to_string).collect();
    all.join("\n")
}

/// Says what there shall be.
///
/// The same arguments give the same model, byte for byte. ARNs are told from names; only the versions of functions are
/// not known yet, and stand as `${NAME.Version}` in the definitions.
///
/// # Errors
///
/// See [`DesiredError`].
pub fn desired(request: Request<'_>) -> Result<Model, DesiredError> {
    let placement = request.placement;
    let mut writer = Writer {
        placement,
        prefix: placement.prefix(),
        at: request.location,
        code: request.code,
        tags: tags(placement),
        bucket: bucket(&request),
        resources: Vec::new(),
        machines: Vec::new(),
        underivable: Vec::new(),
    };
    if let Some(bucket) = writer.bucket.clone()
        && placement.deploy().bucket.is_none()
    {
        let days = placement.deploy().large_retention.unwrap_or(RETENTION);
        let spec = Bucket {
            large_retention_days: days,
        };
        writer.add(bucket, Spec::Bucket(spec), "code and large payloads");
    }
    let mut steps: BTreeMap<&str, &'static StepMeta> = BTreeMap::new();
    let mut compiled = Vec::new();
    for definition in request.workflows {
        let places = Planned::new(&writer);
        let machine = definition.compile(&places)?;
        steps.extend(places.seen.into_inner());
        compiled.push((definition, machine));
    }
    for step in steps.values() {
        match placement.runs(step) {
            Runs::Here => writer.activity(step),
            Runs::Lambda => writer.function(step),
        }
    }
    for (definition, machine) in &compiled {
        writer.machine(definition, machine);
    }
    if !writer.underivable.is_empty() {
        return Err(DesiredError::Underivable(writer.underivable));
    }
    writer.notification();
    let activities: Vec<String> = steps
        .values()
        .filter(|step| placement.runs(step) == Runs::Here)
        .map(|step| activity_name(&writer.prefix, step))
        .collect();
    writer.alarms(&activities);
    // What one names stands before it, and so does its kind.
    let mut resources = writer.resources;
    resources.sort_by_key(|resource| resource.spec.kind());
    Ok(Model {
        app: placement.app().to_owned(),
        env: placement.env().map(str::to_owned),
        prefix: writer.prefix,
        partition: request.location.partition.clone(),
        region: request.location.region.clone(),
        account: request.location.account.clone(),
        resources,
    })
}

/// The tags that say whose everything is, and the user's own.
pub(super) fn tags(placement: &Placement) -> Tags {
    let mut tags = placement.deploy().tags.clone();
    let env = placement.env().unwrap_or("default");
    tags.insert(APP_TAG.to_owned(), placement.app().to_owned());
    tags.insert(ENV_TAG.to_owned(), env.to_owned());
    tags.insert(MANAGED_TAG.to_owned(), "sfn".to_owned());
    tags
}

/// The user's own tags, by their names; `None` without any.
fn list_of(tags: &Tags) -> Option<String> {
    let mut list = String::new();
    for name in tags.keys().filter(|name| !name.starts_with("sfn:")) {
        // What does not fit into a tag, or would be read as two, stays when it is wanted no more.
        if list.len() + name.len() + 1 > TAG_VALUE || name.contains('=') {
            continue;
        }
        if !list.is_empty() {
            list.push('=');
        }
        list.push_str(name);
    }
    (!list.is_empty()).then_some(list)
}

fn bucket(request: &Request<'_>) -> Option<String> {
    let named = request.placement.deploy().bucket.clone();
    named.or_else(|| {
        let own = || names::bucket(&request.placement.prefix(), request.location);
        request.bucket.then(own)
    })
}

struct Writer<'a> {
    placement: &'a Placement,
    prefix: String,
    at: &'a Location,
    code: &'a BTreeMap<Architecture, String>,
    tags: Tags,
    bucket: Option<String>,
    resources: Vec<Resource>,
    /// Names and ARNs of the state machines, with their settings.
    machines: Vec<(String, String, WorkflowSettings)>,
    underivable: Vec<Underivable>,
}

impl Writer<'_> {
    fn add(&mut self, name: String, spec: Spec, purpose: impl Into<String>) {
        let tags = self.tags.clone();
        self.add_tagged(name, spec, purpose, tags);
    }

    fn add_tagged(&mut self, name: String, spec: Spec, purpose: impl Into<String>, mut tags: Tags) {
        if let Some(list) = list_of(&tags) {
            tags.insert(TAGS_TAG.to_owned(), list);
        }
        if matches!(spec, Spec::Role(_)) {
            tags.insert(REGION_TAG.to_owned(), self.at.region.clone());
        }
        self.resources.push(Resource {
            name,
            spec,
            tags,
            purpose: purpose.into(),
        });
    }

    fn activity(&mut self, step: &StepMeta) {
        let name = activity_name(&self.prefix, step);
        let purpose = format!("tasks of step `{}`", step.name);
        self.add(name, Spec::Activity(Activity {}), purpose);
    }

    fn function(&mut self, step: &StepMeta) {
        let settings = self.placement.lambda(step);
        let deploy = self.placement.deploy();
        let name = names::function(&self.prefix, step);
        let logs = names::function_logs(&name);
        let days = settings.log_retention.or(deploy.log_retention);
        let mut tags = self.tags.clone();
        for (name, value) in &settings.tags {
            tags.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let group = LogGroup {
            retention_days: days.unwrap_or(RETENTION),
        };
        let purpose = format!("logs of step `{}`", step.name);
        self.add_tagged(logs.clone(), Spec::LogGroup(group), purpose, tags.clone());
        let tracing = deploy.tracing;
        let role = match &settings.role {
            Some(arn) => arn.clone(),
            None => {
                let mut grants = Grants::default();
                grants.write_logs(&logs, self.at);
                if !settings.subnets.is_empty() {
                    grants.join_network();
                }
                if tracing {
                    grants.trace();
                }
                if let Some(bucket) = &self.bucket {
                    grants.large_payloads(bucket, self.at);
                }
                let name = names::function_role(&self.prefix, step);
                let purpose = format!("what step `{}` may do", step.name);
                let own = settings.policy.as_deref();
                self.role(
                    name,
                    iam::trust_lambda(),
                    &grants,
                    own,
                    purpose,
                    tags.clone(),
                )
            }
        };
        let spec = self.function_spec(step, settings, role, tracing);
        let purpose = format!("step `{}`", step.name);
        self.add_tagged(name, Spec::Function(spec), purpose, tags);
    }

    fn function_spec(
        &self,
        step: &StepMeta,
        settings: LambdaSettings,
        role: String,
        tracing: bool,
    ) -> Function {
        let architecture = settings.architecture.unwrap_or_default();
        let span = settings.timeout.or(step.timeout);
        let timeout = span.map_or(TIMEOUT, |span| {
            // A part of a second counts as one, as in definitions.
            u32::try_from(span.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
        });
        let mut environment = settings.environment;
        environment.insert("SFN_STEP".to_owned(), step.name.to_owned());
        if let Some(bucket) = &self.bucket {
            environment.insert("SFN_BUCKET".to_owned(), bucket.clone());
        }
        Function {
            runtime: "provided.al2023".to_owned(),
            handler: "bootstrap".to_owned(),
            architecture,
            memory: settings.memory.unwrap_or(MEMORY),
            timeout,
            storage: settings.storage.unwrap_or(STORAGE),
            role,
            environment,
            subnets: settings.subnets,
            security_groups: settings.security_groups,
            tracing,
            max_concurrency: settings.max_concurrency,
            code: self.code.get(&architecture).cloned(),
        }
    }

    /// Adds a role, and gives its ARN.
    fn role(
        &mut self,
        name: String,
        trust: Value,
        grants: &Grants,
        own: Option<&str>,
        purpose: String,
        tags: Tags,
    ) -> String {
        let path = names::role_path(&self.prefix);
        let arn = format!(
            "arn:{}:iam::{}:role{path}{name}",
            self.at.partition, self.at.account
        );
        let mut policies = BTreeMap::new();
        policies.extend(
            grants
                .document()
                .map(|document| ("flow".to_owned(), document)),
        );
        if let Some(own) = own {
            let own = serde_json::from_str(own).unwrap_or_else(|_| json!({}));
            policies.insert("own".to_owned(), own);
        }
        let spec = Role {
            path,
            trust,
            policies,
            boundary: self.placement.deploy().boundary.clone(),
        };
        self.add_tagged(name, Spec::Role(spec), purpose, tags);
        arn
    }

    fn machine(&mut self, definition: &Definition, machine: &sfn_asl::StateMachine) {
        let deploy = self.placement.deploy();
        let workflow = definition.name.as_str();
        let settings = self.placement.workflow(workflow);
        let name = self.placement.machine_name(workflow);
        let arn = self.at.machine(&name);
        let tracing = settings.tracing.unwrap_or(deploy.tracing);
        let level = settings.log_level.unwrap_or(deploy.log_level);
        let group = (level != LogLevel::Off).then(|| names::machine_logs(&self.prefix, workflow));
        if let Some(group) = &group {
            let spec = LogGroup {
                retention_days: deploy.log_retention.unwrap_or(RETENTION),
            };
            let purpose = format!("logs of `{workflow}`");
            self.add(group.clone(), Spec::LogGroup(spec), purpose);
        }
        let named = settings.role.clone().or_else(|| deploy.role.clone());
        let role = match named {
            Some(arn) => arn,
            None => {
                let (mut grants, unclear) = Grants::of(machine, &name, self.at);
                if settings.policy.is_none() {
                    let unclear = unclear.into_iter().map(|unclear| Underivable {
                        workflow: workflow.to_owned(),
                        state: unclear.state,
                        why: unclear.why,
                    });
                    self.underivable.extend(unclear);
                }
                if group.is_some() {
                    grants.deliver_logs();
                }
                if tracing {
                    grants.trace();
                }
                let name = names::machine_role(&self.prefix, workflow);
                let purpose = format!("what `{workflow}` may do");
                let (trust, own) = (iam::trust_states(self.at), settings.policy.as_deref());
                let tags = self.tags.clone();
                self.role(name, trust, &grants, own, purpose, tags)
            }
        };
        let spec = Machine {
            kind: definition.kind,
            definition: machine.to_value(),
            role,
            log_level: level.as_str().to_owned(),
            log_group: group.map(|group| format!("{}:*", iam::log_group_arn(&group, self.at))),
            tracing,
        };
        self.add(
            name.clone(),
            Spec::Machine(spec),
            format!("workflow `{workflow}`"),
        );
        self.triggers(workflow, &arn, &settings);
        self.machines.push((workflow.to_owned(), arn, settings));
    }
}

/// Places for an account: the ARNs that there will be.
struct Planned<'a> {
    placement: &'a Placement,
    prefix: &'a str,
    at: &'a Location,
    seen: RefCell<BTreeMap<&'static str, &'static StepMeta>>,
}

impl<'a> Planned<'a> {
    fn new(writer: &'a Writer<'_>) -> Self {
        Self {
            placement: writer.placement,
            prefix: &writer.prefix,
            at: writer.at,
            seen: RefCell::default(),
        }
    }
}

impl Places for Planned<'_> {
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
        self.seen.borrow_mut().insert(step.name, step);
        Ok(match self.placement.runs(step) {
            Runs::Here => Place::Activity {
                arn: self.at.activity(&activity_name(self.prefix, step)),
            },
            Runs::Lambda => {
                let name = names::function(self.prefix, step);
                Place::Lambda {
                    function: format!("{}:{}", function_arn(&name, self.at), version_of(&name)),
                }
            }
        })
    }

    fn machine(&self, machine: &'static MachineMeta) -> Result<String, Unplaced> {
        let name = self.placement.machine_name(machine.name);
        Ok(self.at.machine(&name))
    }
}

pub(super) fn function_arn(name: &str, at: &Location) -> String {
    format!(
        "arn:{}:lambda:{}:{}:function:{name}",
        at.partition, at.region, at.account
    )
}

/// What stands for a function's version until it is known.
pub(super) fn version_of(function: &str) -> String {
    format!("${{{function}.Version}}")
}

/// Puts the versions that are known into a definition.
pub(super) fn resolve(definition: &Value, versions: &BTreeMap<String, String>) -> Value {
    match definition {
        Value::String(text) => {
            let mut text = text.clone();
            if text.contains("${") {
                for (function, version) in versions {
                    text = text.replace(&version_of(function), version);
                }
            }
            Value::String(text)
        }
        Value::Array(items) => items.iter().map(|item| resolve(item, versions)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), resolve(value, versions)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}
