//! The steps that a definition names.

use std::{cell::RefCell, collections::BTreeMap};

use super::{CompileError, Definition, MachineMeta, Place, Places, SamplePlaces, Unplaced};
use crate::StepMeta;

impl Definition {
    /// The steps that its states run, by name; those of the state machines that it calls included.
    ///
    /// # Errors
    ///
    /// When it cannot be compiled.
    pub fn steps(&self) -> Result<Vec<&'static StepMeta>, CompileError> {
        let recorder = Recorder {
            places: SamplePlaces::new("app"),
            seen: RefCell::default(),
            machines: RefCell::default(),
        };
        self.compile(&recorder)?;
        let mut done = 0;
        loop {
            let Some(machine) = recorder.machines.borrow().get(done).copied() else {
                break;
            };
            (machine.define)().compile(&recorder)?;
            done += 1;
        }
        Ok(recorder.seen.into_inner().into_values().collect())
    }
}

/// Places every step somewhere, and remembers it.
struct Recorder {
    places: SamplePlaces,
    seen: RefCell<BTreeMap<&'static str, &'static StepMeta>>,
    machines: RefCell<Vec<&'static MachineMeta>>,
}

impl Places for Recorder {
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
        self.seen.borrow_mut().insert(step.name, step);
        self.places.place(step)
    }
    fn machine(&self, machine: &'static MachineMeta) -> Result<String, Unplaced> {
        let mut machines = self.machines.borrow_mut();
        if !machines.iter().any(|known| known.name == machine.name) {
            machines.push(machine);
        }
        self.places.machine(machine)
    }
}
