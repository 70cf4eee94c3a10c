//! The Parallel state.

use super::fault::Fault;
use super::{Children, Execution, Phase};
use crate::history::EventKind;
use crate::program::{ParallelDef, StateDef};

impl Execution {
    pub(super) fn fork(
        &mut self,
        frame: u32,
        def: &StateDef,
        parallel: &ParallelDef,
    ) -> Result<(), Fault> {
        if self.resume(frame, def) {
            return Ok(());
        }
        let raw = self.frames[frame as usize].input.clone();
        let input = self.effective_input(frame, def, &raw)?;
        let input = self.payload(frame, &parallel.payload, &input, None)?;
        let started = self.note(frame, EventKind::ParallelStarted);
        let mut frames = Vec::with_capacity(parallel.branches.len());
        for (index, start) in (0u32..).zip(&parallel.branches) {
            frames.push(self.spawn(Some((frame, index)), *start, input.clone(), started));
        }
        self.frames[frame as usize].phase = Phase::Children(Box::new(Children {
            results: vec![None; frames.len()],
            open: frames.len(),
            frames,
            items: None,
        }));
        Ok(())
    }
}
