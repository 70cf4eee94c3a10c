//! What `plan`, `deploy`, `drain` and `destroy` share: the account, what there is, and what there shall be.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::{Exit, problem::Problem, program::Program, work::Address};
use crate::{
    deploy::{
        Actual, Foreign, Id, Model, Plan, Request, Spec,
        cloud::{Cloud, Error, LARGEST_DIRECT, Reason, Zip, Zips},
        desired, plan,
    },
    flow::Definition,
    package::{Build, PackageError},
    placement::{Architecture, Placement, Runs},
    registry,
};

/// Where the program's zip comes from.
#[derive(Debug)]
pub(super) enum Code {
    /// It is not looked at.
    Left,
    /// It is built.
    Built,
    /// From a file.
    File(PathBuf),
}

/// The account, and the app in it.
pub(super) struct Account {
    pub(super) cloud: Cloud,
    pub(super) model: Model,
    pub(super) actual: BTreeMap<Id, Actual>,
    pub(super) zips: Zips,
}

impl Account {
    /// Connects, tells what there shall be, and looks at what there is.
    pub(super) async fn look(
        program: &Program,
        address: &Address,
        code: &Code,
    ) -> Result<Self, Problem> {
        let steps = registry::steps()?;
        let placement = program.placement()?;
        let definitions: Vec<Definition> = registry::workflows()?
            .into_iter()
            .map(Definition::from)
            .collect();
        let mut options = address.options();
        if address.region.is_none()
            && let Some(region) = &placement.deploy().region
        {
            options = options.region(region);
        }
        let config = options.load().await?;
        let cloud = Cloud::connect(&config).await?;
        let account = &cloud.location().account;
        if let Some(wanted) = &placement.deploy().account
            && wanted != account
        {
            return Err(Problem::new(
                Exit::Configuration,
                format!(
                    "the credentials are those of account {account}, and `account` says {wanted}"
                ),
            )
            .help(
                "choose the right profile with `--profile`, or change `[deploy]` in `sfn.toml`",
            ));
        }
        let mut used = BTreeSet::new();
        for definition in &definitions {
            for step in definition.steps()? {
                if placement.runs(step) == Runs::Lambda {
                    used.insert(placement.lambda(step).architecture.unwrap_or_default());
                }
            }
        }
        debug_assert!(used.is_empty() || !steps.is_empty());
        let zips = zips(code, &used).await?;
        let model = model(&placement, &definitions, &cloud, &zips)?;
        let actual = cloud.survey(&model).await?;
        Ok(Self {
            cloud,
            model,
            actual,
            zips,
        })
    }

    /// What has to be done.
    pub(super) fn plan(&self) -> Result<Plan, Problem> {
        let plan = plan(self.model.clone(), &self.actual).map_err(|foreign| strangers(&foreign))?;
        if let Some(id) = plan.impossible().into_iter().next() {
            return Err(Problem::new(
                Exit::Definition,
                format!("{id} is of another type, and AWS does not change it"),
            )
            .help("give the workflow another name, or destroy the app first"));
        }
        Ok(plan)
    }

    /// Looks again.
    pub(super) async fn refresh(&mut self) -> Result<(), Problem> {
        self.actual = self.cloud.survey(&self.model).await?;
        Ok(())
    }

    /// Everything that was made for the app and its profile, in the order in which it is made.
    pub(super) fn owned(&self) -> Vec<(&Id, &Spec)> {
        // A schedule takes no tags: its group's count.
        let group = self.actual.iter().any(|(_, found)| {
            matches!(found.spec, Spec::ScheduleGroup(_)) && found.owned(&self.model)
        });
        let ours = |found: &Actual| match found.spec {
            Spec::Schedule(_) => group,
            _ => found.owned(&self.model),
        };
        self.actual
            .iter()
            .filter(|(_, found)| ours(found))
            .map(|(id, found)| (id, &found.spec))
            .collect()
    }
}

fn model(
    placement: &Placement,
    definitions: &[Definition],
    cloud: &Cloud,
    zips: &Zips,
) -> Result<Model, Problem> {
    let code: BTreeMap<Architecture, String> = zips
        .iter()
        .map(|(architecture, zip)| (*architecture, zip.sha256.clone()))
        .collect();
    let large = zips.values().any(|zip| zip.bytes.len() > LARGEST_DIRECT);
    Ok(desired(Request {
        placement,
        workflows: definitions,
        location: cloud.location(),
        code: &code,
        bucket: large || placement.deploy().large_retention.is_some(),
    })?)
}

async fn zips(code: &Code, used: &BTreeSet<Architecture>) -> Result<Zips, Problem> {
    let mut zips = Zips::new();
    for architecture in used {
        let zip = match code {
            Code::Left => continue,
            Code::File(path) => {
                let bytes = std::fs::read(path).map_err(|error| {
                    Problem::usage(format!(
                        "the zip `{}` cannot be read: {error}",
                        path.display()
                    ))
                })?;
                Zip {
                    sha256: STANDARD.encode(Sha256::digest(&bytes)),
                    bytes,
                }
            }
            Code::Built => {
                let build = Build::of_this_program(*architecture).map_err(|error| {
                    Problem::new(
                        Exit::Configuration,
                        format!("it is not known which program is running: {error}"),
                    )
                })?;
                let package = build.run().await?;
                Zip {
                    bytes: package.zip,
                    sha256: package.sha256,
                }
            }
        };
        zips.insert(*architecture, zip);
    }
    Ok(zips)
}

fn strangers(all: &[Foreign]) -> Problem {
    let all: Vec<String> = all.iter().map(Foreign::to_string).collect();
    Problem::new(Exit::Service, all.join("\n"))
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let exit = match error.reason() {
            Reason::Credentials => Exit::Configuration,
            _ => Exit::Service,
        };
        Self::caused(exit, &error)
    }
}

impl From<PackageError> for Problem {
    fn from(error: PackageError) -> Self {
        Self::caused(Exit::Configuration, &error)
    }
}
