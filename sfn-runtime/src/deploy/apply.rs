//! Doing what a plan says.

use std::{cell::Cell, collections::BTreeMap};

use super::{
    Action, Difference, Id, Plan, Resource, Spec, Step,
    cloud::{Cloud, Error, Reason, Zips, persist, persist_change},
    desired::resolve,
    names,
};

/// How far an apply is.
#[derive(Debug)]
pub(crate) enum Progress<'a> {
    /// A step begins.
    Begins,
    /// It is done.
    Done(&'a Step),
}

/// An apply that did not come to its end.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub(crate) error: Error,
    /// What was done before.
    pub(crate) done: Vec<Id>,
    /// What was not: the resource at fault, and those after it.
    pub(crate) left: Vec<Id>,
}

/// Does the steps in order. Safe to repeat after an interruption: a new plan holds what is left.
pub(crate) async fn apply(
    cloud: &Cloud,
    plan: &Plan,
    zips: &Zips,
    mut progress: impl FnMut(Progress<'_>),
) -> Result<(), Stopped> {
    let mut versions = plan.versions.clone();
    let to_do: Vec<&Step> = plan
        .steps
        .iter()
        .filter(|step| !matches!(step.action, Action::Keep | Action::Retire))
        .collect();
    let bucket = names::bucket(&plan.model.prefix, cloud.location());
    let bucket = plan.model.bucket_name(&bucket);
    for (at, step) in to_do.iter().enumerate() {
        progress(Progress::Begins);
        match one(cloud, step, &versions, zips, bucket).await {
            Ok(None) => {}
            Ok(Some(version)) => {
                versions.insert(step.resource.name.clone(), version);
            }
            Err(error) => {
                let ids = |steps: &[&Step]| steps.iter().map(|step| step.resource.id()).collect();
                return Err(Stopped {
                    error,
                    done: ids(&to_do[..at]),
                    left: ids(&to_do[at..]),
                });
            }
        }
        progress(Progress::Done(step));
    }
    Ok(())
}

async fn one(
    cloud: &Cloud,
    step: &Step,
    versions: &BTreeMap<String, String>,
    zips: &Zips,
    bucket: Option<&str>,
) -> Result<Option<String>, Error> {
    let mut resource: Resource = step.resource.clone();
    if let Spec::Machine(machine) = &mut resource.spec {
        machine.definition = resolve(&machine.definition, versions);
    }
    match &step.action {
        Action::Create => {
            let exists = &Cell::new(false);
            let resource = &resource;
            persist_change(|| async move {
                match cloud.put(resource, exists.get(), zips, bucket).await {
                    // The answer to an earlier try was lost, or half of it was done: the plan saw that nobody else has
                    // one.
                    Err(error) if error.reason() == Reason::Exists && !exists.get() => {
                        exists.set(true);
                        cloud.put(resource, true, zips, bucket).await
                    }
                    other => other,
                }
            })
            .await
        }
        Action::Update(differences) => {
            let gone = removed_tags(differences);
            if !gone.is_empty() {
                // Before the rest: among it is the list of our tags, by which these are known.
                let id = resource.id();
                persist(|| cloud.untag(&id, &gone)).await?;
            }
            persist_change(|| cloud.put(&resource, true, zips, bucket)).await
        }
        Action::Delete => {
            let id = resource.id();
            persist(|| cloud.remove(&id, &resource.spec)).await?;
            Ok(None)
        }
        Action::Keep | Action::Retire => Ok(None),
    }
}

/// The tags that are wanted no more.
fn removed_tags(differences: &[Difference]) -> Vec<String> {
    let gone = differences
        .iter()
        .filter(|difference| difference.to.is_none());
    gone.filter_map(|difference| difference.path.strip_prefix("tags."))
        .map(str::to_owned)
        .collect()
}
