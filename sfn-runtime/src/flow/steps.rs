//! The steps that a definition names.

use std::{cell::RefCell, collections::BTreeMap};

use super::{CompileError, Definition, Place, Places, SamplePlaces, Unplaced};
use crate::StepMeta;

impl Definition {
    /// The steps that its states run, by name.
    ///
    /// # Errors
    ///
    /// When it cannot be compiled.
    pub fn steps(&self) -> Result<Vec<&'static StepMeta>, CompileError> {
        let recorder = Recorder {
            places: SamplePlaces::new("app"),
            seen: RefCell::default(),
        };
        self.compile(&recorder)?;
        Ok(recorder.seen.into_inner().into_values().collect())
    }
}

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
