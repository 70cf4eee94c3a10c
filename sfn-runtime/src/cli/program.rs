//! What a command knows of the program it belongs to.

use std::path::PathBuf;

use sfn_asl::StateMachine;

use super::problem::Problem;
use crate::{
    Providers, StepMeta, WorkflowEntry,
    app::{App, Story},
    flow::{Definition, SamplePlaces},
    placement::{self, Known, OnLambda, Placement},
    registry,
};

/// The program: what `main` has set up, and what the command line says about all commands.
pub(super) struct Program {
    /// How it was called, for messages.
    pub(super) name: String,
    pub(super) providers: Providers,
    pub(super) stories: Vec<Story>,
    config: Option<PathBuf>,
    /// The profile that was asked for.
    env: Option<String>,
    /// What the program's own code says of the steps' places.
    placed: Vec<OnLambda>,
}

impl Program {
    pub(super) fn new(
        app: App,
        name: String,
        config: Option<PathBuf>,
        env: Option<String>,
    ) -> Self {
        Self {
            name,
            providers: app.providers,
            stories: app.stories,
            config,
            env,
            placed: app.placed,
        }
    }

    /// The configuration that the command line names.
    pub(super) fn config(&self) -> Option<&std::path::Path> {
        self.config.as_deref()
    }

    pub(super) fn workflow(&self, name: &str) -> Result<&'static WorkflowEntry, Problem> {
        Ok(registry::workflow(name)?)
    }

    /// Where the steps run.
    pub(super) fn placement(&self) -> Result<Placement, Problem> {
        Ok(self.placement_of(&registry::steps()?)?)
    }

    /// Where these steps run; the error has all that is wrong with the configuration.
    pub(super) fn placement_of(
        &self,
        steps: &[&'static StepMeta],
    ) -> Result<Placement, placement::Error> {
        let workflows = registry::workflows().unwrap_or_default();
        let workflows: Vec<_> = workflows.iter().map(|workflow| workflow.name).collect();
        let known = Known {
            steps,
            workflows: &workflows,
        };
        let placed = self.placed.iter().cloned();
        placed.fold(Placement::new(), Placement::with).loaded(
            self.config.as_deref(),
            self.env.as_deref(),
            &known,
        )
    }

    /// The state machine as it is shown: with the activities of a made-up account.
    pub(super) fn sample(&self, workflow: &WorkflowEntry) -> Result<StateMachine, Problem> {
        // A broken configuration does not keep a definition from being shown.
        let app = self
            .placement()
            .map_or_else(|_| self.name.clone(), |placement| placement.prefix());
        Ok((workflow.define)().compile(&SamplePlaces::new(app))?)
    }
}

/// The steps that a definition names, by name.
pub(super) fn steps_of(definition: &Definition) -> Result<Vec<&'static StepMeta>, Problem> {
    Ok(definition.steps()?)
}
