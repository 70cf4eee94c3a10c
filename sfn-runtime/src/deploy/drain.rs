//! What executions in flight still need, and what can go.
//!
//! An execution finishes where it started: its definition names activities, and versions of functions. Whatever the
//! present definitions do not name any more is kept until no running execution's definition names it either.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    Actual, Id, Model, Plan, ResourceKind, Spec,
    cloud::{Cloud, Error, persist},
    desired::function_arn,
};

/// What still runs, and what it was asked about.
#[derive(Debug, Clone, Default)]
pub(crate) struct InFlight {
    /// The definitions of running executions, as text, with how many run each.
    pub(crate) definitions: BTreeMap<String, usize>,
    /// How many run, by state machine.
    pub(crate) running: BTreeMap<String, usize>,
}

/// Something that is wanted no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Old {
    #[serde(flatten)]
    pub(crate) id: Id,
    /// A published version, where it is not the whole resource.
    pub(crate) version: Option<String>,
    /// How many executions in flight need it; 0 when it can go.
    pub(crate) needed_by: usize,
}

impl InFlight {
    /// Asks what runs.
    pub(crate) async fn look(cloud: &Cloud, machines: &[String]) -> Result<Self, Error> {
        let mut found = Self::default();
        for name in machines {
            let arn = cloud.location().machine(name);
            let executions = persist(|| cloud.running(&arn)).await?;
            found.running.insert(name.clone(), executions.len());
            // Executions of one version share its definition; those that were started without one are asked each.
            let mut by_version: BTreeMap<String, usize> = BTreeMap::new();
            for (execution, version) in executions {
                match version {
                    Some(version) => *by_version.entry(version).or_default() += 1,
                    None => {
                        let text = persist(|| cloud.definition_of(&execution)).await?;
                        *found.definitions.entry(text).or_default() += 1;
                    }
                }
            }
            for (version, count) in by_version {
                let machine = persist(|| cloud.machine(&version)).await?;
                let text = machine.definition.to_string();
                *found.definitions.entry(text).or_default() += count;
            }
        }
        Ok(found)
    }

    /// How many executions run a definition that names this, between quotes.
    fn naming(&self, arn: &str) -> usize {
        let quoted = format!("\"{arn}\"");
        self.counted(|text| text.contains(&quoted))
    }

    /// How many executions run a definition that names any version of this.
    fn naming_any_version(&self, arn: &str) -> usize {
        let begun = format!("\"{arn}:");
        self.counted(|text| text.contains(&begun))
    }

    fn counted(&self, names: impl Fn(&str) -> bool) -> usize {
        let using = self.definitions.iter().filter(|(text, _)| names(text));
        using.map(|(_, count)| count).sum()
    }
}

/// What is wanted no more, and by how many executions it is needed yet.
pub(crate) fn old(plan: &Plan, in_flight: &InFlight) -> Vec<Old> {
    let model = &plan.model;
    let at = model.location();
    let retired = plan.retired();
    let function_of = |role: &str| {
        let name = role.strip_suffix("-lambda")?;
        let id = Id {
            kind: ResourceKind::Function,
            name: name.to_owned(),
        };
        retired.contains(&id).then_some(id.name)
    };
    let mut found = Vec::new();
    for id in &retired {
        let needed_by = match id.kind {
            ResourceKind::Activity => in_flight.naming(&at.activity(&id.name)),
            ResourceKind::Function => in_flight.naming_any_version(&function_arn(&id.name, &at)),
            ResourceKind::Machine => in_flight.running.get(&id.name).copied().unwrap_or(0),
            ResourceKind::Role => match function_of(&id.name) {
                Some(function) => in_flight.naming_any_version(&function_arn(&function, &at)),
                // A machine's: it goes with the last execution.
                None => machine_of(model, &id.name)
                    .and_then(|machine| in_flight.running.get(&machine).copied())
                    .unwrap_or(0),
            },
            // Logs and payloads are kept: they are what one looks for afterwards, and they expire by themselves.
            ResourceKind::LogGroup | ResourceKind::Bucket => continue,
            _ => 0,
        };
        found.push(Old {
            id: id.clone(),
            version: None,
            needed_by,
        });
    }
    // The reverse of the order in which things are made.
    found.sort_by(|one, other| other.id.cmp(&one.id));
    found
}

/// The state machine that a role of ours was made for.
fn machine_of(model: &Model, role: &str) -> Option<String> {
    let workflow = role
        .strip_prefix(&format!("{}-", model.prefix))?
        .strip_suffix("-sfn")?;
    Some(match &model.env {
        None => workflow.to_owned(),
        Some(env) => format!("{workflow}-{env}"),
    })
}

/// The published versions that nothing names any more: of functions that stay, and of state machines that stay.
pub(crate) async fn old_versions(
    cloud: &Cloud,
    plan: &Plan,
    actual: &BTreeMap<Id, Actual>,
    in_flight: &InFlight,
) -> Result<Vec<Old>, Error> {
    let at = plan.model.location();
    let mut present = String::new();
    for found in actual.values() {
        if let Spec::Machine(machine) = &found.spec {
            present.push_str(&machine.definition.to_string());
        }
    }
    let mut all = Vec::new();
    for resource in &plan.model.resources {
        let id = resource.id();
        if !actual.contains_key(&id) {
            continue;
        }
        match id.kind {
            ResourceKind::Function => {
                let versions = persist(|| cloud.versions(&id.name)).await?;
                let newest = versions.iter().map(|(version, _)| *version).max();
                for (version, _) in versions {
                    let arn = format!("{}:{version}", function_arn(&id.name, &at));
                    if Some(version) == newest || present.contains(&format!("\"{arn}\"")) {
                        continue;
                    }
                    all.push(Old {
                        id: id.clone(),
                        version: Some(version.to_string()),
                        needed_by: in_flight.naming(&arn),
                    });
                }
            }
            ResourceKind::Machine => {
                let arn = at.machine(&id.name);
                let live = persist(|| cloud.live_version(&arn)).await?;
                let running: BTreeSet<String> = persist(|| cloud.running(&arn))
                    .await?
                    .into_iter()
                    .filter_map(|(_, version)| version)
                    .collect();
                for version in persist(|| cloud.machine_versions(&arn)).await? {
                    if Some(&version) == live.as_ref() || running.contains(&version) {
                        continue;
                    }
                    all.push(Old {
                        id: id.clone(),
                        version: Some(version),
                        needed_by: 0,
                    });
                }
            }
            _ => {}
        }
    }
    Ok(all)
}

/// Removes what can go. Gives what was removed.
pub(crate) async fn remove(
    cloud: &Cloud,
    old: &[Old],
    actual: &BTreeMap<Id, Actual>,
) -> Result<Vec<Old>, Error> {
    let mut removed = Vec::new();
    for one in old.iter().filter(|one| one.needed_by == 0) {
        match (&one.version, one.id.kind) {
            (Some(version), ResourceKind::Machine) => {
                persist(|| cloud.remove_machine_version(version)).await?;
            }
            (Some(version), _) => {
                if let Ok(version) = version.parse() {
                    persist(|| cloud.remove_version(&one.id.name, version)).await?;
                }
            }
            (None, _) => {
                if let Some(found) = actual.get(&one.id) {
                    persist(|| cloud.remove(&one.id, &found.spec)).await?;
                }
            }
        }
        removed.push(one.clone());
    }
    Ok(removed)
}

/// The state machines of an app: those that are wanted, and those that are not any more.
pub(crate) fn machines(model: &Model, actual: &BTreeMap<Id, Actual>) -> Vec<String> {
    let wanted = model.resources.iter().map(super::Resource::id);
    let all: BTreeSet<Id> = actual
        .iter()
        .filter(|(_, found)| found.owned(model))
        .map(|(id, _)| id.clone())
        .chain(wanted.filter(|id| actual.contains_key(id)))
        .collect();
    all.into_iter()
        .filter(|id| id.kind == ResourceKind::Machine)
        .map(|id| id.name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_running_definition_names_is_needed() {
        let bake = "arn:aws:states:us-east-1:123456789012:activity:bake";
        let sauce = "arn:aws:lambda:us-east-1:123456789012:function:sauce";
        let in_flight = InFlight {
            definitions: [
                (format!("{{\"Resource\":\"{bake}\"}}"), 2),
                (format!("{{\"FunctionName\":\"{sauce}:7\"}}"), 3),
            ]
            .into(),
            running: BTreeMap::new(),
        };
        assert_eq!(in_flight.naming(bake), 2);
        assert_eq!(in_flight.naming(&bake[..bake.len() - 1]), 0);
        assert_eq!(in_flight.naming(&format!("{sauce}:7")), 3);
        assert_eq!(in_flight.naming(&format!("{sauce}:8")), 0);
        assert_eq!(in_flight.naming_any_version(sauce), 3);
    }
}
