//! What has to be done for an account to be as a model wants it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    APP_TAG, ENV_TAG, MANAGED_TAG, REGION_TAG, TAGS_TAG,
    desired::{function_arn, resolve},
    diff::{Difference, differences},
    resource::{Id, Model, Resource, ResourceKind, Role, Spec, Tags},
};

/// What there is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Actual {
    /// What it is.
    pub spec: Spec,
    /// Its tags; those of its parent where it takes none.
    pub tags: Tags,
    /// A function's newest published version, when it is what the function is now.
    pub version: Option<String>,
    /// Whether what is started is what it is now: a state machine's alias. True for all other kinds.
    pub live: bool,
}

impl Actual {
    /// A resource as it was found.
    #[must_use]
    pub fn new(spec: Spec, tags: Tags) -> Self {
        Self {
            spec,
            tags,
            version: None,
            live: true,
        }
    }

    /// The same with its newest version.
    #[must_use]
    pub fn version(mut self, version: Option<String>) -> Self {
        self.version = version;
        self
    }

    /// The same, saying whether its alias stands at what it is now.
    #[must_use]
    pub fn live(mut self, live: bool) -> Self {
        self.live = live;
        self
    }

    /// Whether it was made for the model's app and profile.
    pub(crate) fn owned(&self, model: &Model) -> bool {
        let is = |tag: &str, value: &str| self.tags.get(tag).is_some_and(|own| own == value);
        is(MANAGED_TAG, "sfn")
            && is(APP_TAG, &model.app)
            && is(ENV_TAG, model.env.as_deref().unwrap_or("default"))
            && self.elsewhere(model).is_none()
    }

    /// The other Region that it was made for.
    fn elsewhere(&self, model: &Model) -> Option<&str> {
        let region = self.tags.get(REGION_TAG)?;
        (*region != model.region).then_some(region)
    }

    /// The tags that a configuration has set, and this one does not.
    fn dropped_tags<'a>(&'a self, wanted: &'a Tags) -> impl Iterator<Item = (&'a str, &'a str)> {
        let list = self.tags.get(TAGS_TAG);
        let names = list.into_iter().flat_map(|list| list.split('='));
        names
            .chain(list.map(|_| TAGS_TAG))
            .filter(|name| !wanted.contains_key(*name))
            .filter_map(|name| Some((name, self.tags.get(name)?.as_str())))
    }
}

/// Something of a wanted name that belongs to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
#[non_exhaustive]
pub struct Foreign {
    /// What it is.
    pub id: Id,
    /// The app that wants the name.
    pub app: String,
    /// Its profile, as tags say it.
    pub env: String,
    /// What its tags say.
    pub found: String,
    /// The Region that it was made for, where it is the same app and profile in another one.
    pub elsewhere: Option<String>,
}

impl Foreign {
    fn message(&self) -> String {
        let Self {
            id,
            app,
            env,
            found,
            elsewhere,
        } = self;
        match elsewhere {
            Some(region) => format!(
                "{id} serves `{app}` in {region}, and is the same in every Region\n\
                 help: deploy to {region}, or under a profile of its own here: `[env.NAME]` in `sfn.toml`, and `--env NAME`"
            ),
            None => format!(
                "{id} is there, and was not made for `{app}`: {found}\n\
                 help: rename the app or what is in the way, or hand it over by tagging it \
                 `{APP_TAG}={app}`, `{ENV_TAG}={env}` and `{MANAGED_TAG}=sfn`"
            ),
        }
    }
}

/// What is done with a resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "action", content = "differences", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Update(Vec<Difference>),
    /// It is as it shall be.
    Keep,
    /// Nothing wants it any more, but executions in flight may: `drain` removes it.
    Retire,
    /// Nothing wants it any more, and it acts by itself: it is removed.
    Delete,
}

/// What is done with one resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// What is done.
    #[serde(flatten)]
    pub action: Action,
    /// The resource as it shall be; as it is, when it is retired or deleted.
    pub resource: Resource,
}

/// What has to be done, in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// What there shall be.
    #[serde(skip)]
    pub model: Model,
    /// The steps.
    pub steps: Vec<Step>,
    /// The versions of the functions that stay as they are.
    #[serde(skip)]
    pub versions: BTreeMap<String, String>,
}

impl Plan {
    /// Whether an apply would do nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let idle = |step: &Step| matches!(step.action, Action::Keep | Action::Retire);
        self.steps.iter().all(idle)
    }

    /// What nothing wants any more, and what may be needed yet.
    #[must_use]
    pub fn retired(&self) -> Vec<Id> {
        let retired = |step: &&Step| step.action == Action::Retire;
        self.steps
            .iter()
            .filter(retired)
            .map(|step| step.resource.id())
            .collect()
    }

    /// The changes that AWS does not make: a state machine never becomes one of the other type.
    #[must_use]
    pub fn impossible(&self) -> Vec<Id> {
        let of_type = |difference: &Difference| difference.path == "type";
        self.steps
            .iter()
            .filter(|step| match &step.action {
                Action::Update(all) => all.iter().any(of_type),
                _ => false,
            })
            .map(|step| step.resource.id())
            .collect()
    }

    /// How many steps have an action like that.
    #[must_use]
    pub fn count(&self, which: impl Fn(&Action) -> bool) -> usize {
        self.steps.iter().filter(|step| which(&step.action)).count()
    }
}

/// Compares what there shall be with what there is.
///
/// `actual` has whatever was found: of the model's resources, and of others of the same app and profile.
///
/// # Errors
///
/// Everything of a wanted name that belongs to somebody else; then nothing may be touched.
pub fn plan(model: Model, actual: &BTreeMap<Id, Actual>) -> Result<Plan, Vec<Foreign>> {
    let foreign = foreign(&model, actual);
    if !foreign.is_empty() {
        return Err(foreign);
    }
    let retired: Vec<&Id> = actual
        .keys()
        .filter(|id| model.get(id).is_none())
        .filter(|id| actual[*id].owned(&model) || id.kind == ResourceKind::Schedule)
        .collect();
    let mut versions = BTreeMap::new();
    let mut steps = Vec::new();
    for wanted in &model.resources {
        let mut resource = wanted.clone();
        let found = actual.get(&resource.id());
        if let (Spec::Role(role), Some(Spec::Role(old))) =
            (&mut resource.spec, found.map(|found| &found.spec))
        {
            keep_grants(role, old, &retired, &model);
        }
        if let Spec::Machine(machine) = &mut resource.spec {
            machine.definition = resolve(&machine.definition, &versions);
        }
        let action = match found {
            None => Action::Create,
            Some(found) => compare(&resource, found),
        };
        if let (Action::Keep, Some(version)) = (&action, found.and_then(|f| f.version.clone())) {
            versions.insert(resource.name.clone(), version);
        }
        steps.push(Step { action, resource });
    }
    for id in retired {
        let found = &actual[id];
        let resource = Resource {
            name: id.name.clone(),
            spec: found.spec.clone(),
            tags: found.tags.clone(),
            purpose: "wanted no more".to_owned(),
        };
        let action = match id.kind {
            // These would go on acting by themselves.
            ResourceKind::Schedule | ResourceKind::Rule | ResourceKind::Alarm => Action::Delete,
            _ => Action::Retire,
        };
        steps.push(Step { action, resource });
    }
    Ok(Plan {
        model,
        steps,
        versions,
    })
}

fn foreign(model: &Model, actual: &BTreeMap<Id, Actual>) -> Vec<Foreign> {
    let mut all = Vec::new();
    for wanted in &model.resources {
        // A schedule stands in a group of ours, which is asked instead.
        let Some(found) = actual.get(&wanted.id()).filter(|_| !wanted.tags.is_empty()) else {
            continue;
        };
        if found.owned(model) {
            continue;
        }
        let tags: Vec<String> = [APP_TAG, ENV_TAG, MANAGED_TAG]
            .into_iter()
            .filter_map(|tag| Some(format!("`{tag}={}`", found.tags.get(tag)?)))
            .collect();
        let ours_but_for_its_region = Actual {
            tags: Tags::from_iter(
                (found.tags.clone().into_iter()).filter(|(name, _)| name != REGION_TAG),
            ),
            ..found.clone()
        };
        let elsewhere = found
            .elsewhere(model)
            .filter(|_| ours_but_for_its_region.owned(model));
        all.push(Foreign {
            elsewhere: elsewhere.map(str::to_owned),
            id: wanted.id(),
            app: model.app.clone(),
            env: model.env.clone().unwrap_or_else(|| "default".to_owned()),
            found: match tags.as_slice() {
                [] => "it has none of our tags".to_owned(),
                tags => format!("it has the tags {}", tags.join(", ")),
            },
        });
    }
    all
}

/// What has to change for `found` to be `wanted`.
fn compare(wanted: &Resource, found: &Actual) -> Action {
    let (mut from, mut to) = (value(&found.spec), value(&wanted.spec));
    if let Spec::Function(function) = &wanted.spec
        && function.code.is_none()
    {
        from["code"] = Value::Null;
        to["code"] = Value::Null;
    }
    normalise(&mut from);
    normalise(&mut to);
    let mut all = differences(&from, &to);
    if matches!(wanted.spec, Spec::Machine(_)) {
        shorten(&mut all);
    }
    for (name, value) in &wanted.tags {
        if found.tags.get(name) != Some(value) {
            let old = found.tags.get(name).map(|old| json!(old));
            all.push(Difference::new(
                &format!("tags.{name}"),
                old,
                Some(json!(value)),
            ));
        }
    }
    for (name, value) in found.dropped_tags(&wanted.tags) {
        all.push(Difference::new(
            &format!("tags.{name}"),
            Some(json!(value)),
            None,
        ));
    }
    if all.is_empty() {
        // What an interrupted deployment left behind.
        let left = match &wanted.spec {
            Spec::Function(_) if found.version.is_none() => Some("a version of it is published"),
            Spec::Machine(_) if !found.live => Some("the alias `live` is moved to it"),
            _ => None,
        };
        all.extend(left.map(|left| Difference::new(left, None, None)));
    }
    if all.is_empty() {
        Action::Keep
    } else {
        Action::Update(all)
    }
}

/// Where a state runs elsewhere, that says it all: its arguments and retriers follow from it.
fn shorten(all: &mut Vec<Difference>) {
    let moved: Vec<String> = all
        .iter()
        .filter_map(|difference| difference.path.strip_suffix(".Resource"))
        .filter(|state| state.starts_with("definition."))
        .map(|state| format!("{state}."))
        .collect();
    all.retain(|difference| {
        let state = moved
            .iter()
            .find_map(|state| difference.path.strip_prefix(state.as_str()));
        matches!(state, None | Some("Resource" | "Arguments.FunctionName"))
    });
}

fn value(spec: &Spec) -> Value {
    serde_json::to_value(spec).expect("our own types have text keys and finite numbers")
}

/// One form for what AWS takes and gives in several: policies with one action or resource, in any order.
fn normalise(spec: &mut Value) {
    for part in ["trust", "policies", "policy"] {
        if let Some(part) = spec.get_mut(part) {
            normalise_policy(part);
        }
    }
}

fn normalise_policy(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                let listed = matches!(&**name, "Action" | "Resource" | "Service");
                if listed && value.is_string() {
                    *value = json!([value.take()]);
                }
                if listed && let Value::Array(items) = value {
                    items.sort_by_key(Value::to_string);
                }
                normalise_policy(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalise_policy),
        _ => {}
    }
}

/// Leaves a machine's role what executions in flight may need: the functions of ours that are retired.
fn keep_grants(role: &mut Role, old: &Role, retired: &[&Id], model: &Model) {
    const SID: &str = "InvokeFunctions";
    let at = model.location();
    let granted: BTreeSet<&str> = statements(old)
        .flat_map(|statement| statement["Resource"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .collect();
    let kept: Vec<String> = retired
        .iter()
        .filter(|id| id.kind == ResourceKind::Function)
        .map(|id| format!("{}:*", function_arn(&id.name, &at)))
        .filter(|arn| granted.contains(arn.as_str()))
        .collect();
    if kept.is_empty() {
        return;
    }
    let policy = role
        .policies
        .entry("flow".to_owned())
        .or_insert_with(|| json!({ "Version": "2012-10-17", "Statement": [] }));
    let Some(statements) = policy["Statement"].as_array_mut() else {
        return;
    };
    let own = statements
        .iter_mut()
        .find(|statement| statement["Sid"] == SID);
    match own {
        Some(statement) => {
            if let Some(resources) = statement["Resource"].as_array_mut() {
                resources.extend(kept.into_iter().map(Value::from));
            }
        }
        None => statements.push(json!({
            "Sid": SID,
            "Effect": "Allow",
            "Action": ["lambda:InvokeFunction"],
            "Resource": kept,
        })),
    }
}

fn statements(role: &Role) -> impl Iterator<Item = &Value> {
    role.policies
        .get("flow")
        .and_then(|policy| policy["Statement"].as_array())
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests;
