//! Versions and aliases of state machines.

use std::sync::Arc;

use crate::api::{
    CreateStateMachineAlias, CreatedAlias, DescribedAlias, ListAliases, Page, Paged,
    PublishStateMachineVersion, PublishedVersion, RoutingItem, UpdateStateMachineAlias,
    VersionListItem,
};
use crate::driver::{Alias, Core, Machine, Shared};
use crate::names::{check_unlabelled, parse_arn};
use crate::{Error, Reason, Timestamp};

/// The machine an ARN with a qualifier belongs to, and the qualifier.
fn split(arn: &str) -> Result<(&str, &str), Error> {
    let parsed = parse_arn(arn, &["stateMachine"])?;
    check_unlabelled(&parsed)?;
    match parsed.rest.split_once(':') {
        Some((_, qualifier)) => Ok((&arn[..arn.len() - qualifier.len() - 1], qualifier)),
        None => Err(Error::InvalidArn(format!("Invalid ARN: {arn}"))),
    }
}

fn missing() -> Error {
    Error::ResourceNotFound("Request references a resource that does not exist.".to_owned())
}

pub(super) fn publish(
    shared: &Arc<Shared>,
    request: PublishStateMachineVersion,
) -> Result<PublishedVersion, Error> {
    shared.act(|core, now| {
        let machine = core.machines.get_mut(&request.state_machine_arn)?;
        let current = machine.current.id.as_deref().unwrap_or("INITIAL");
        if let Some(wanted) = &request.revision_id
            && wanted != current
        {
            return Err(Error::Conflict(format!(
                "Failed to publish the State Machine version for revision {wanted}. The current State Machine revision \
                 is {current}."
            )));
        }
        let version = machine.publish(request.description, now)?;
        let (number, creation_date) = (version.number, version.created);
        let (name, arn) = (machine.name.clone(), machine.version_arn(number));
        core.note_machine(&name);
        Ok(PublishedVersion { creation_date, state_machine_version_arn: arn })
    })
}

pub(super) fn list_versions(
    shared: &Arc<Shared>,
    arn: &str,
    page: &Page,
) -> Result<Paged<VersionListItem>, Error> {
    shared.look(|core| {
        page.range()?;
        // A machine that does not exist has none: the operation has no error for that.
        let versions = match core.machines.get(arn) {
            Ok(machine) => &machine.versions[..],
            Err(Error::StateMachineDoesNotExist(_)) => &[],
            Err(error) => return Err(error),
        };
        // Newest first.
        page.cut(versions.iter().rev().map(|version| VersionListItem {
            creation_date: version.created,
            state_machine_version_arn: format!("{arn}:{}", version.number),
        }))
    })
}

pub(super) fn delete_version(shared: &Arc<Shared>, arn: &str) -> Result<(), Error> {
    let (machine, number) = split(arn)?;
    shared.act(|core, _| {
        let Ok(machine) = core.machines.get_mut(machine) else { return Ok(()) };
        let leads_here = |item: &RoutingItem| item.state_machine_version_arn == arn;
        let users: Vec<&str> = machine
            .aliases
            .iter()
            .filter(|alias| alias.routing.iter().any(leads_here))
            .map(|alias| alias.name.as_str())
            .collect();
        if !users.is_empty() {
            return Err(Error::Conflict(format!(
                "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this \
                 version: [{}]",
                users.join(", ")
            )));
        }
        machine.versions.retain(|version| version.number.to_string() != number);
        let name = machine.name.clone();
        core.note_machine(&name);
        Ok(())
    })
}

fn invalid(why: impl Into<String>) -> Error {
    Error::refused(Reason::RoutingConfiguration, why)
}

/// Refuses a routing that AWS refuses; answers the ARN of the machine it is for.
fn check_routing(core: &Core, routing: &[RoutingItem]) -> Result<String, Error> {
    let arns: Vec<&str> = routing
        .iter()
        .map(|item| item.state_machine_version_arn.as_str())
        .collect();
    let received = arns.join(", ");
    if routing.is_empty() || routing.len() > 2 {
        let items: Vec<String> = routing
            .iter()
            .map(|RoutingItem { state_machine_version_arn, weight }| {
                format!("RoutingConfigurationListItem(stateMachineVersionArn={state_machine_version_arn}, weight={weight})")
            })
            .collect();
        let must = if routing.is_empty() {
            "have length greater than or equal to 1"
        } else {
            "have length less than or equal to 2"
        };
        return Err(Error::constraint(
            format!("[{}]", items.join(", ")),
            "routingConfiguration",
            must,
        ));
    }
    for (index, item) in routing.iter().enumerate() {
        if item.weight > 100 {
            let field = format!("routingConfiguration.{}.member.weight", index + 1);
            return Err(Error::constraint(
                item.weight,
                &field,
                "have value less than or equal to 100",
            ));
        }
    }
    if arns.len() == 2 && arns[0] == arns[1] {
        return Err(invalid(format!(
            "Routing configuration must contain distinct state machine version ARNs. Received: [{received}]"
        )));
    }
    let versions: Vec<_> = arns.iter().filter_map(|arn| split(arn).ok()).collect();
    let numbered = |(_, number): &(&str, &str)| number.parse::<u32>().is_ok();
    if versions.len() < arns.len() || !versions.iter().all(numbered) {
        return Err(invalid(format!(
            "Routing configuration must contain state machine version ARNs. Received: [{received}]"
        )));
    }
    let weights: Vec<u32> = routing.iter().map(|item| u32::from(item.weight)).collect();
    if weights.iter().sum::<u32>() != 100 {
        let received: Vec<String> = weights.iter().map(ToString::to_string).collect();
        return Err(invalid(format!(
            "Sum of routing configuration weights must equal 100. Received: [{}]",
            received.join(", ")
        )));
    }
    let (machine, _) = versions[0];
    if versions.iter().any(|(other, _)| *other != machine) {
        return Err(invalid(format!(
            "Routing configuration must contain versions of the same state machine. Received: [{received}]"
        )));
    }
    let known = core.machines.get(machine).map_err(|_| missing())?;
    for (_, number) in &versions {
        if !known
            .versions
            .iter()
            .any(|version| version.number.to_string() == **number)
        {
            return Err(missing());
        }
    }
    Ok(machine.to_owned())
}

/// As many aliases a state machine may have, as on AWS.
const MOST_ALIASES: usize = 100;

pub(super) fn create_alias(
    shared: &Arc<Shared>,
    request: CreateStateMachineAlias,
) -> Result<CreatedAlias, Error> {
    let name = &request.name;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty()
        || name.len() > 80
        || !name.chars().all(allowed)
        || name.parse::<u64>().is_ok()
    {
        let must = "satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$";
        return Err(Error::constraint(name, "name", must));
    }
    shared.act(|core, now| {
        let machine = check_routing(core, &request.routing)?;
        let machine = core.machines.get_mut(&machine)?;
        let state_machine_alias_arn = machine.alias_arn(name);
        if let Some(known) = machine.aliases.iter().find(|alias| alias.name == *name) {
            if known.routing == request.routing && known.description == request.description {
                return Ok(CreatedAlias { state_machine_alias_arn, creation_date: known.created });
            }
            return Err(Error::Conflict(format!(
                "Failed to create alias because an alias with the same name and a different routing configuration \
                 already exists: {state_machine_alias_arn}"
            )));
        }
        if machine.aliases.len() >= MOST_ALIASES {
            return Err(Error::ServiceQuotaExceeded(format!(
                "The maximum number of aliases ({MOST_ALIASES}) of the state machine has been reached: '{}'",
                machine.arn
            )));
        }
        machine.aliases.push(Alias {
            name: name.clone(),
            description: request.description,
            routing: request.routing,
            created: now,
            updated: now,
        });
        let name = machine.name.clone();
        core.note_machine(&name);
        Ok(CreatedAlias { state_machine_alias_arn, creation_date: now })
    })
}

fn find<'a>(core: &'a Core, arn: &str) -> Result<(&'a Machine, &'a Alias), Error> {
    let (machine, name) = split(arn)?;
    let machine = core.machines.get(machine).map_err(|_| missing())?;
    let alias = machine
        .aliases
        .iter()
        .find(|alias| alias.name == name)
        .ok_or_else(missing)?;
    Ok((machine, alias))
}

pub(super) fn describe_alias(shared: &Arc<Shared>, arn: &str) -> Result<DescribedAlias, Error> {
    shared.look(|core| {
        let (_, alias) = find(core, arn)?;
        Ok(DescribedAlias {
            state_machine_alias_arn: arn.to_owned(),
            name: alias.name.clone(),
            description: alias.description.clone(),
            routing: alias.routing.clone(),
            creation_date: alias.created,
            update_date: alias.updated,
        })
    })
}

pub(super) fn update_alias(
    shared: &Arc<Shared>,
    request: UpdateStateMachineAlias,
) -> Result<Timestamp, Error> {
    if request.description.is_none() && request.routing.is_none() {
        return Err(Error::refused(
            Reason::MissingRequiredParameter,
            "Either the description or the routing configuration must be specified",
        ));
    }
    shared.act(|core, now| {
        let arn = &request.state_machine_alias_arn;
        find(core, arn)?;
        let (machine, name) = split(arn)?;
        if let Some(routing) = &request.routing
            && check_routing(core, routing)? != machine
        {
            return Err(invalid(
                "Routing configuration must contain versions of the alias's state machine",
            ));
        }
        let aliases = &mut core.machines.get_mut(machine)?.aliases;
        let alias = aliases
            .iter_mut()
            .find(|alias| alias.name == name)
            .ok_or_else(missing)?;
        if let Some(routing) = request.routing {
            alias.routing = routing;
        }
        if let Some(description) = request.description {
            alias.description = Some(description);
        }
        alias.updated = now;
        note(core, machine);
        Ok(now)
    })
}

pub(super) fn delete_alias(shared: &Arc<Shared>, arn: &str) -> Result<(), Error> {
    let (machine, name) = split(arn)?;
    shared.act(|core, _| {
        if let Ok(found) = core.machines.get_mut(machine) {
            found.aliases.retain(|alias| alias.name != name);
            note(core, machine);
        }
    });
    Ok(())
}

pub(super) fn list_aliases(
    shared: &Arc<Shared>,
    request: &ListAliases,
) -> Result<Paged<CreatedAlias>, Error> {
    shared.look(|core| {
        request.page.range()?;
        let arn = &request.state_machine_arn;
        let target = core.machines.target(arn, 0)?;
        let machine = target.machine;
        let wanted = |alias: &&Alias| {
            target.version.is_none()
                || alias
                    .routing
                    .iter()
                    .any(|item| item.state_machine_version_arn == *arn)
        };
        let aliases: Vec<_> = machine.aliases.iter().filter(wanted).collect();
        request
            .page
            .cut(aliases.into_iter().map(|alias| CreatedAlias {
                state_machine_alias_arn: machine.alias_arn(&alias.name),
                creation_date: alias.created,
            }))
    })
}

fn note(core: &mut Core, arn: &str) {
    if let Ok(parsed) = parse_arn(arn, &["stateMachine"]) {
        core.note_machine(parsed.rest);
    }
}
