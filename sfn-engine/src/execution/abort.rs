//! Cutting off what runs in branches and iterations.

use sfn_asl::StateType;

use super::{Execution, Phase};
use crate::history::{EventKind, IterationPhase};

impl Execution {
    /// Cuts off all children of a frame because of the event `cause` of one of them, `failed`. What they had come to is
    /// kept for a redrive.
    pub(super) fn abort_children(&mut self, parent: u32, failed: Option<u32>, cause: u32) {
        let container = self.frames[parent as usize].state;
        let is_map = self.program.state(container).state_type == StateType::Map;
        let Phase::Children(children) = &mut self.frames[parent as usize].phase else {
            return;
        };
        let mut frames = children.frames.clone();
        frames.sort_by_key(|frame| self.frames[*frame as usize].parent);
        for frame in frames {
            if Some(frame) == failed {
                continue;
            }
            let Some((_, index)) = self.frames[frame as usize].parent else {
                continue;
            };
            if is_map {
                self.record(
                    cause,
                    EventKind::Iteration(IterationPhase::Aborted, container, index),
                );
            }
            self.abort(frame, cause);
        }
    }

    fn abort(&mut self, frame: u32, cause: u32) {
        let slot = &self.frames[frame as usize];
        let state = slot.state;
        let entered = !matches!(slot.phase, Phase::Entering | Phase::Free);
        let cancelled = slot.cancelled();
        let state_type = self.program.state(state).state_type;
        if entered
            && matches!(
                state_type,
                StateType::Task | StateType::Wait | StateType::Map | StateType::Parallel
            )
        {
            self.record(cause, EventKind::Aborted(state));
        }
        if matches!(self.frames[frame as usize].phase, Phase::MapRun(_)) {
            self.record(cause, EventKind::MapRunAborted);
        }
        self.abort_children(frame, None, cause);
        self.effects.extend(cancelled);
    }
}
