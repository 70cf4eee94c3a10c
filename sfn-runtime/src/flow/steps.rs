//! The steps that a definition names.

use std::{cell::RefCell, collections::BTreeMap};

use sfn_asl::StateMachine;

use super::{CompileError, Definition, MachineMeta, Place, Places, SamplePlaces, Unplaced};
use crate::StepMeta;

impl Definition {
    /// The steps that its states run, by name; those of the state machines that it calls included.
    ///
    /// # Errors
    ///
    /// When it cannot be compiled.
    pub fn steps(&self) -> Result<Vec<&'static StepMeta>, CompileError> {
        let (recorder, _) = self.recorded()?;
        Ok(recorder.seen.into_inner().into_values().collect())
    }

    /// The state machines that it calls, and those that these call, for looking at.
    #[cfg(feature = "local")]
    pub(crate) fn called(&self) -> Result<Vec<StateMachine>, CompileError> {
        let (_, machines) = self.recorded()?;
        Ok(machines)
    }

    fn recorded(&self) -> Result<(Recorder, Vec<StateMachine>), CompileError> {
        let recorder = Recorder {
            places: SamplePlaces::new("app"),
            seen: RefCell::default(),
            machines: RefCell::default(),
        };
        self.compile(&recorder)?;
        let mut called = Vec::new();
        loop {
            let Some(machine) = recorder.machines.borrow().get(called.len()).copied() else {
                break;
            };
            called.push((machine.define)().compile(&recorder)?);
        }
        Ok((recorder, called))
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
