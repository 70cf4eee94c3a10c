//! The same resources for somebody else's tool: a CloudFormation template, or a configuration of Terraform.
//!
//! For those who may not let a program change an account. Both are written from the very [`Model`] that `deploy` works
//! from, with the account, the Region and the partition left open: they are those of whoever applies it. Nothing is
//! asked and nothing is sent, so no credentials and no SDK are needed.
//!
//! What differs from `deploy`: the code is not uploaded, but named by parameters (a bucket, a key, a checksum); there is
//! no `drain`, since the other tool removes what the next template does not name as soon as that is applied; and tags
//! guard nothing, since the other tool has a record of its own of what it made.

mod cloudformation;
mod ids;
mod marks;
mod terraform;
mod yaml;

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Machine, Model, Request, Resource, Spec,
    desired::{DesiredError, desired, version_of},
    names,
};
use crate::{
    flow::Definition,
    placement::{Architecture, Placement},
};
use marks::{Known, Mark};

pub use yaml::yaml;

/// What is exported.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// Where the steps run, and how all is deployed.
    pub placement: &'a Placement,
    /// The workflows.
    pub workflows: &'a [Definition],
    /// The zip, where there is one already: its key and its checksum are what the parameters say by themselves.
    pub zip: Option<&'a [u8]>,
}

/// Why there is no template.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// What there shall be cannot be said.
    #[error(transparent)]
    Desired(#[from] DesiredError),
    /// A template has no `null`.
    #[error(
        "{id} has a `null` in its {what}, which CloudFormation does not take\n\
         help: export to Terraform, or leave that resource to `deploy`"
    )]
    Null {
        /// The resource, in words.
        id: String,
        /// Where in it.
        what: String,
    },
}

impl Export<'_> {
    /// A CloudFormation template, as JSON; [`yaml`] writes it as YAML.
    ///
    /// With `readable`, definitions are indented, which pays in YAML alone: CloudFormation takes 51,200 bytes that do not
    /// come from S3.
    ///
    /// # Errors
    ///
    /// See [`ExportError`].
    pub fn cloudformation(&self, readable: bool) -> Result<Value, ExportError> {
        let model = self.model()?;
        cloudformation::Writer::new(self, &model, readable).template()
    }

    /// A root module of Terraform in its JSON syntax, for a file `NAME.tf.json`.
    ///
    /// # Errors
    ///
    /// See [`ExportError`].
    pub fn terraform(&self) -> Result<Value, ExportError> {
        let model = self.model()?;
        Ok(terraform::Writer::new(self, &model).module())
    }

    fn model(&self) -> Result<Model, DesiredError> {
        desired(Request {
            placement: self.placement,
            workflows: self.workflows,
            location: &marks::anywhere(),
            code: &BTreeMap::new(),
            // The code stands in a bucket that is there before.
            bucket: self.placement.deploy().large_retention.is_some(),
        })
    }

    /// The parameters that name the code: those that some function needs, and what they are when nobody says.
    fn code(&self, model: &Model) -> Code {
        let used = |architecture| {
            model.resources.iter().any(
                |one| matches!(&one.spec, Spec::Function(one) if one.architecture == architecture),
            )
        };
        let all = [Architecture::Arm64, Architecture::X86_64];
        let sha256 = self.zip.map(|zip| STANDARD.encode(Sha256::digest(zip)));
        Code {
            architectures: all.into_iter().filter(|one| used(*one)).collect(),
            bucket: self.placement.deploy().bucket.clone(),
            key: sha256.as_deref().map(names::code),
            sha256,
        }
    }
}

/// What the parameters of the code are.
struct Code {
    architectures: Vec<Architecture>,
    bucket: Option<String>,
    key: Option<String>,
    sha256: Option<String>,
}

/// The text of a definition, with marks where it names what is made beside it.
fn definition(machine: &Machine, known: &Known, readable: bool) -> String {
    let marked = marked(&machine.definition, known);
    if readable {
        format!("{marked:#}")
    } else {
        marked.to_string()
    }
}

fn marked(value: &Value, known: &Known) -> Value {
    match value {
        Value::String(text) => match known.get(text) {
            // A workflow that starts itself, or two that start each other, must not wait for each other to be made.
            Some(Mark::Machine(_)) | None => value.clone(),
            Some(mark) => mark.to_string().into(),
        },
        Value::Array(items) => items.iter().map(|item| marked(item, known)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), marked(value, known)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// The resources of a model that others name by an ARN.
fn known(model: &Model) -> Known {
    let at = model.location();
    let arn = |service: &str, rest: &str| {
        let (partition, region, account) = (&at.partition, &at.region, &at.account);
        format!("arn:{partition}:{service}:{region}:{account}:{rest}")
    };
    let mut known = Known::default();
    for Resource { name, spec, .. } in &model.resources {
        match spec {
            Spec::Role(role) => known.insert(
                format!(
                    "arn:{}:iam::{}:role{}{name}",
                    at.partition, at.account, role.path
                ),
                Mark::Role(name.clone()),
            ),
            Spec::Activity(_) => known.insert(at.activity(name), Mark::Activity(name.clone())),
            Spec::Function(_) => known.insert(
                arn("lambda", &format!("function:{name}:{}", version_of(name))),
                Mark::Version(name.clone()),
            ),
            Spec::Machine(_) => {
                known.insert(at.machine(name), Mark::Machine(name.clone()));
                let alias = format!("{}:{}", at.machine(name), super::LIVE);
                known.insert(alias, Mark::Alias(name.clone()));
            }
            Spec::LogGroup(_) => known.insert(
                arn("logs", &format!("log-group:{name}:*")),
                Mark::LogGroup(name.clone()),
            ),
            Spec::Topic(_) => known.insert(arn("sns", name), Mark::Topic(name.clone())),
            Spec::Bucket(_)
            | Spec::Alarm(_)
            | Spec::Rule(_)
            | Spec::ScheduleGroup(_)
            | Spec::Schedule(_) => {}
        }
    }
    known
}
