//! Labels of state machines and activities.

use std::sync::Arc;

use crate::Error;
use crate::driver::{Core, Shared};
use crate::names::parse_arn;

/// As many labels a resource may have.
const MOST: usize = 50;

/// Refuses more labels than a resource may have, and those that are AWS's own.
pub(super) fn check(name: &str, tags: &[(String, String)]) -> Result<(), Error> {
    check_keys(tags)?;
    if tags.len() > MOST {
        return Err(Error::TooManyTags(name.to_owned()));
    }
    Ok(())
}

fn check_keys(tags: &[(String, String)]) -> Result<(), Error> {
    if tags.iter().any(|(key, _)| key.starts_with("aws:")) {
        return Err(Error::Validation(
            "aws: prefixed tag key names are not allowed for external use.".to_owned(),
        ));
    }
    Ok(())
}

fn tags<'a>(core: &'a mut Core, arn: &str) -> Result<&'a mut Vec<(String, String)>, Error> {
    let missing = || Error::ResourceNotFound(format!("Resource not found: '{arn}'"));
    match parse_arn(arn, &["stateMachine", "activity"])?.kind {
        "activity" => core
            .activities
            .0
            .get_mut(arn)
            .map(|activity| &mut activity.tags)
            .ok_or_else(missing),
        _ => core
            .machines
            .get_mut(arn)
            .map(|machine| &mut machine.tags)
            .map_err(|_| missing()),
    }
}

pub(super) fn add(
    shared: &Arc<Shared>,
    arn: &str,
    new: Vec<(String, String)>,
) -> Result<(), Error> {
    check_keys(&new)?;
    shared.act(|core, _| {
        let tags = tags(core, arn)?;
        let mut all = tags.clone();
        for (key, value) in new {
            match all.iter_mut().find(|(known, _)| *known == key) {
                Some((_, old)) => *old = value,
                None => all.push((key, value)),
            }
        }
        if all.len() > MOST {
            return Err(Error::TooManyTags(arn.to_owned()));
        }
        *tags = all;
        note(core, arn);
        Ok(())
    })
}

pub(super) fn remove(shared: &Arc<Shared>, arn: &str, keys: &[String]) -> Result<(), Error> {
    shared.act(|core, _| {
        tags(core, arn)?.retain(|(key, _)| !keys.contains(key));
        note(core, arn);
        Ok(())
    })
}

pub(super) fn list(shared: &Arc<Shared>, arn: &str) -> Result<Vec<(String, String)>, Error> {
    shared.act(|core, _| tags(core, arn).map(|tags| tags.clone()))
}

fn note(core: &mut Core, arn: &str) {
    match parse_arn(arn, &["stateMachine", "activity"]) {
        Ok(parsed) if parsed.kind == "activity" => core.note_activity(arn),
        Ok(parsed) => core.note_machine(parsed.rest),
        Err(_) => {}
    }
}
