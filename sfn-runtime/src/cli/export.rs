//! `export`: what `deploy` would make, for another tool.

use std::path::PathBuf;

use super::{Exit, output, problem::Problem, program::Program};
use crate::{
    deploy::{
        DesiredError,
        export::{Export, ExportError, yaml},
    },
    flow::Definition,
    registry,
};

/// Whose language it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    CloudFormation,
    Terraform,
}

/// What `export` was asked for.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) tool: Tool,
    pub(super) yaml: bool,
    /// The zip that the parameters name by themselves.
    pub(super) code: Option<PathBuf>,
}

/// Prints the template.
pub(super) fn export(program: &Program, options: &Options) -> Result<Exit, Problem> {
    if options.tool == Tool::Terraform && options.yaml {
        return Err(Problem::usage("Terraform reads JSON, and no YAML").help("leave `--yaml` out"));
    }
    let placement = program.placement()?;
    let workflows: Vec<Definition> = registry::workflows()?
        .into_iter()
        .map(Definition::from)
        .collect();
    let zip = options.code.as_deref().map(|path| {
        std::fs::read(path).map_err(|error| {
            Problem::usage(format!(
                "the zip `{}` cannot be read: {error}",
                path.display()
            ))
        })
    });
    let zip = zip.transpose()?;
    let export = Export {
        placement: &placement,
        workflows: &workflows,
        zip: zip.as_deref(),
    };
    match options.tool {
        Tool::CloudFormation if options.yaml => {
            output::text(&yaml(&export.cloudformation(true)?))?;
        }
        Tool::CloudFormation => output::json(&export.cloudformation(false)?)?,
        Tool::Terraform => output::json(&export.terraform()?)?,
    }
    Ok(Exit::Ok)
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        Self::caused(Exit::Definition, &error)
    }
}

impl From<DesiredError> for Problem {
    fn from(error: DesiredError) -> Self {
        Self::caused(Exit::Definition, &error)
    }
}
