//! What a command knows of the program it belongs to.

use std::{cell::RefCell, collections::BTreeMap, path::PathBuf};

use sfn_asl::StateMachine;

use super::problem::Problem;
use crate::{
    Providers, StepMeta, WorkflowEntry,
    app::{App, Story},
    flow::{Definition, Place, Places, SamplePlaces, Unplaced},
    placement::{self, Placement},
    registry,
};

/// The program: what `main` has set up, and what the command line says about all commands.
pub(super) struct Program {
    /// How it was called, for messages.
    pub(super) name: String,
    pub(super) providers: Providers,
    pub(super) stories: Vec<Story>,
    config: Option<PathBuf>,
}

impl Program {
    pub(super) fn new(app: App, name: String, config: Option<PathBuf>) -> Self {
        Self {
            name,
            providers: app.providers,
            stories: app.stories,
            config,
        }
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
        Placement::load(self.config.as_deref(), steps)
    }

    /// The state machine as it is shown: with the activities of a made-up account.
    pub(super) fn sample(&self, workflow: &WorkflowEntry) -> Result<StateMachine, Problem> {
        // A broken configuration does not keep a definition from being shown.
        let app = self.placement().map_or_else(
            |_| self.name.clone(),
            |placement| placement.app().to_owned(),
        );
        Ok((workflow.define)().compile(&SamplePlaces::new(app))?)
    }
}

/// The steps that a definition names, by name.
pub(super) fn steps_of(definition: &Definition) -> Result<Vec<&'static StepMeta>, Problem> {
    /// Places every step somewhere, and remembers it.
    struct Recorder {
        places: SamplePlaces,
        seen: RefCell<BTreeMap<&'static str, &'static StepMeta>>,
    }

    impl Places for Recorder {
        fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
            self.seen.borrow_mut().insert(step.name, step);
            self.places.place(step)
        }
    }

    let recorder = Recorder {
        places: SamplePlaces::new("app"),
        seen: RefCell::default(),
    };
    definition.compile(&recorder)?;
    Ok(recorder.seen.into_inner().into_values().collect())
}
