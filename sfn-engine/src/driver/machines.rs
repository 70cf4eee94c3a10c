//! State machines, their revisions, versions and aliases.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{
    DescribedStateMachine, EncryptionConfiguration, LoggingConfiguration, MachineListItem,
    MachineStatus, MachineType, RoutingItem,
};
use crate::ids::Random;
use crate::names::{Place, check_unlabelled, parse_arn};
use crate::program::Program;
use crate::{Error, Timestamp};

/// All state machines by name.
#[derive(Default)]
pub(crate) struct Machines(pub(crate) BTreeMap<String, Machine>);

/// A state machine.
pub(crate) struct Machine {
    pub(crate) arn: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) machine_type: MachineType,
    pub(crate) created: Timestamp,
    pub(crate) current: Arc<Revision>,
    pub(crate) versions: Vec<Version>,
    pub(crate) next_version: u32,
    pub(crate) aliases: Vec<Alias>,
    pub(crate) tags: Vec<(String, String)>,
    /// Numbers of its executions, oldest first.
    pub(crate) executions: Vec<usize>,
}

/// What a state machine was at some time.
#[derive(Debug)]
pub(crate) struct Revision {
    /// Its own number: no other revision of any machine has it.
    pub(crate) serial: u64,
    /// `None` for the first.
    pub(crate) id: Option<String>,
    pub(crate) program: Arc<Program>,
    pub(crate) role_arn: Arc<str>,
    pub(crate) logging: LoggingConfiguration,
    pub(crate) tracing: bool,
    pub(crate) encryption: EncryptionConfiguration,
    pub(crate) updated: Timestamp,
}

impl Revision {
    /// Stands in for a revision until the right one is put in its place.
    pub(crate) fn unknown() -> Arc<Revision> {
        Arc::new(Revision {
            serial: 0,
            id: None,
            program: Program::unknown(),
            role_arn: "".into(),
            logging: LoggingConfiguration::default(),
            tracing: false,
            encryption: EncryptionConfiguration::default(),
            updated: Timestamp::default(),
        })
    }
}

/// A published version.
pub(crate) struct Version {
    pub(crate) number: u32,
    pub(crate) revision: Arc<Revision>,
    pub(crate) description: Option<String>,
    pub(crate) created: Timestamp,
}

/// An alias.
pub(crate) struct Alias {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) routing: Vec<RoutingItem>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

/// What the ARN of a state machine means.
pub(crate) struct Target<'a> {
    pub(crate) machine: &'a Machine,
    pub(crate) revision: &'a Arc<Revision>,
    pub(crate) version: Option<&'a Version>,
    pub(crate) alias: Option<&'a Alias>,
}

impl Machine {
    pub(crate) fn version_arn(&self, number: u32) -> String {
        format!("{}:{number}", self.arn)
    }

    pub(crate) fn alias_arn(&self, name: &str) -> String {
        format!("{}:{name}", self.arn)
    }

    pub(crate) fn list_item(&self) -> MachineListItem {
        MachineListItem {
            state_machine_arn: self.arn.to_string(),
            name: self.name.to_string(),
            machine_type: self.machine_type,
            creation_date: self.created,
        }
    }

    /// Refuses a further version when there are as many as there may be.
    pub(crate) fn has_room(&self) -> Result<(), Error> {
        /// As on AWS.
        const MOST: usize = 1000;
        if self.versions.len() < MOST {
            return Ok(());
        }
        Err(Error::ServiceQuotaExceeded(format!(
            "The maximum number of versions ({MOST}) of the state machine has been reached: '{}'",
            self.arn
        )))
    }

    /// Publishes the current revision, unless a version is it already.
    ///
    /// # Errors
    /// When there are as many versions as there may be.
    pub(crate) fn publish(
        &mut self,
        description: Option<String>,
        now: Timestamp,
    ) -> Result<&Version, Error> {
        let known = self
            .versions
            .iter()
            .position(|version| Arc::ptr_eq(&version.revision, &self.current));
        let index = match known {
            Some(index) => index,
            None => {
                self.has_room()?;
                self.versions.push(Version {
                    number: self.next_version,
                    revision: self.current.clone(),
                    description,
                    created: now,
                });
                self.next_version += 1;
                self.versions.len() - 1
            }
        };
        Ok(&self.versions[index])
    }
}

impl Machines {
    /// The machine, or the distributed Map within it, that an ARN means.
    pub(crate) fn describe(&self, arn: &str, seed: u64) -> Result<DescribedStateMachine, Error> {
        let parsed = parse_arn(arn, &["stateMachine"])?;
        let Some((name, label)) = parsed.rest.split_once('/') else {
            return Ok(self.target(arn, seed)?.describe(arn));
        };
        let missing = || Error::StateMachineDoesNotExist(arn.to_owned());
        let whole = &arn[..arn.len() - label.len() - 1];
        let machine = self.target(whole, seed).map_err(|_| missing())?;
        let processor = machine.revision.program.processor_of(label);
        let processor = processor.ok_or_else(missing)?;
        Ok(DescribedStateMachine {
            name: format!("{name}/{label}"),
            definition: processor.definition.into(),
            machine_type: if processor.express {
                MachineType::Express
            } else {
                MachineType::Standard
            },
            label: Some(label.to_owned()),
            ..machine.describe(arn)
        })
    }

    pub(crate) fn get(&self, arn: &str) -> Result<&Machine, Error> {
        let parsed = parse_arn(arn, &["stateMachine"])?;
        check_unlabelled(&parsed)?;
        self.0
            .get(parsed.rest)
            .filter(|machine| &*machine.arn == arn)
            .ok_or_else(|| Error::StateMachineDoesNotExist(arn.to_owned()))
    }

    pub(crate) fn get_mut(&mut self, arn: &str) -> Result<&mut Machine, Error> {
        let parsed = parse_arn(arn, &["stateMachine"])?;
        check_unlabelled(&parsed)?;
        self.0
            .get_mut(parsed.rest)
            .filter(|machine| &*machine.arn == arn)
            .ok_or_else(|| Error::StateMachineDoesNotExist(arn.to_owned()))
    }

    /// The machine, version or alias of an ARN. Which version an alias leads to is left to chance.
    pub(crate) fn target(&self, arn: &str, seed: u64) -> Result<Target<'_>, Error> {
        let parsed = parse_arn(arn, &["stateMachine"])?;
        check_unlabelled(&parsed)?;
        let missing = || Error::StateMachineDoesNotExist(arn.to_owned());
        let (name, qualifier) = match parsed.rest.split_once(':') {
            None => (parsed.rest, None),
            Some((name, qualifier)) => (name, Some(qualifier)),
        };
        let machine = self
            .0
            .get(name)
            .filter(|m| arn.starts_with(&*m.arn))
            .ok_or_else(missing)?;
        let Some(qualifier) = qualifier else {
            return Ok(Target {
                machine,
                revision: &machine.current,
                version: None,
                alias: None,
            });
        };
        let numbered = |number: u32| {
            machine
                .versions
                .iter()
                .find(|version| version.number == number)
        };
        if let Ok(number) = qualifier.parse() {
            let version = numbered(number).ok_or_else(missing)?;
            return Ok(Target {
                machine,
                revision: &version.revision,
                version: Some(version),
                alias: None,
            });
        }
        let alias = machine
            .aliases
            .iter()
            .find(|alias| alias.name == qualifier)
            .ok_or_else(missing)?;
        let mut ticket = Random::new(seed).fraction() * 100.0;
        let chosen = alias.routing.iter().find(|item| {
            ticket -= f64::from(item.weight);
            ticket < 0.0
        });
        let chosen = chosen.or(alias.routing.last()).ok_or_else(missing)?;
        let number = chosen
            .state_machine_version_arn
            .rsplit(':')
            .next()
            .and_then(|n| n.parse().ok());
        let version = number.and_then(numbered).ok_or_else(missing)?;
        Ok(Target {
            machine,
            revision: &version.revision,
            version: Some(version),
            alias: Some(alias),
        })
    }
}

impl Target<'_> {
    pub(crate) fn describe(&self, arn: &str) -> DescribedStateMachine {
        let revision = self.revision;
        DescribedStateMachine {
            state_machine_arn: arn.to_owned(),
            name: self.machine.name.to_string(),
            status: MachineStatus::Active,
            definition: revision.program.definition().clone(),
            role_arn: revision.role_arn.to_string(),
            machine_type: self.machine.machine_type,
            creation_date: self
                .version
                .map_or(self.machine.created, |version| version.created),
            logging: revision.logging.clone(),
            tracing: revision.tracing,
            encryption: revision.encryption.clone(),
            revision_id: revision.id.clone(),
            description: self.version.and_then(|version| version.description.clone()),
            label: None,
            variable_references: revision.program.variable_references(),
        }
    }
}

/// `arn:…:stateMachine:<name>`
pub(crate) fn machine_arn(place: &Place, name: &str) -> String {
    place.arn(format_args!("stateMachine:{name}"))
}
