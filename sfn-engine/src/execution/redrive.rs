//! Redrives: what is kept of an execution that did not get through, and how it goes on.
//!
//! When a branch or iteration fails, what its neighbours had come to is not thrown away but kept with the frame around
//! them, as its [`Rest`]. A retry or a catcher there forgets it; when nobody mends the failure it is part of what the
//! execution leaves behind, and a redrive makes frames of it again.

use serde::{Deserialize, Serialize};
use sfn_asl::StateType;

use super::distributed::MapRun;
use super::map::Iterations;
use super::{Children, Effect, Execution, Frame, Outcome, Phase};
use crate::history::{EventKind, IterationPhase};
use crate::program::StateDef;
use crate::token::TaskId;
use crate::{ExecutionStatus, Json};

/// What a Parallel or Map had come to when it was cut off.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Rest {
    /// Branches, or iterations of an inline Map.
    Children {
        /// The outputs of those that had ended well.
        results: Vec<Option<Json>>,
        /// Those that had begun and not ended well, in order.
        frames: Vec<Frame>,
        /// Map: the items.
        items: Option<Iterations>,
    },
    /// A distributed Map's children.
    MapRun(MapRun),
}

impl Execution {
    /// Takes a frame out of its place, with all that runs within it.
    pub(super) fn take_frame(&mut self, frame: u32) -> Frame {
        let slot = &mut self.frames[frame as usize];
        let mut taken = std::mem::replace(slot, Frame::free());
        self.free.push(frame);
        match std::mem::replace(&mut taken.phase, Phase::Running) {
            Phase::Entering => taken.phase = Phase::Entering,
            phase => taken.rest = self.rest_of(phase).or(taken.rest),
        }
        taken
    }

    /// Keeps what the frame's state had come to, which is being given up.
    pub(super) fn set_aside(&mut self, frame: u32) {
        let phase = &mut self.frames[frame as usize].phase;
        let phase = std::mem::replace(phase, Phase::Running);
        self.frames[frame as usize].rest = self.rest_of(phase);
    }

    fn rest_of(&mut self, phase: Phase) -> Option<Box<Rest>> {
        match phase {
            Phase::Children(children) => {
                let mut numbers = children.frames;
                numbers.sort_by_key(|number| self.frames[*number as usize].parent);
                let frames = numbers.into_iter().map(|number| self.take_frame(number));
                Some(Box::new(Rest::Children {
                    frames: frames.collect(),
                    results: children.results,
                    items: children.items,
                }))
            }
            Phase::MapRun(run) if run.has_children() => Some(Box::new(Rest::MapRun(*run))),
            _ => None,
        }
    }

    /// Goes on where the execution did not get on, with all retries new.
    pub(super) fn redrive(&mut self) {
        let over_well = |outcome: &Outcome| outcome.status == ExecutionStatus::Succeeded;
        if self.outcome.as_ref().is_none_or(over_well) {
            return;
        }
        let Some(root) = self.unfinished.take() else {
            return;
        };
        self.outcome = None;
        self.redrive_count += 1;
        self.redriven_at = Some(self.now);
        let previous = u32::try_from(self.history.len()).expect("a history is bounded");
        let redriven = self.record(previous, EventKind::ExecutionRedriven(self.redrive_count));
        self.put_back(root, None, redriven);
        self.arm_execution();
    }

    /// Makes a frame of one that was taken out; what it does next follows the event `last`.
    fn put_back(&mut self, mut frame: Frame, parent: Option<(u32, u32)>, last: u32) -> u32 {
        frame.parent = parent;
        frame.last = last;
        frame.retries.clear();
        frame.retry_count = 0;
        frame.missed_heartbeat = false;
        self.place(frame)
    }

    /// Goes on with what a Parallel or Map had come to, if it stands there since a redrive.
    pub(super) fn resume(&mut self, frame: u32, def: &StateDef) -> bool {
        let slot = &mut self.frames[frame as usize];
        let (state, last) = (slot.state, slot.last);
        match slot.rest.take().map(|rest| *rest) {
            None => false,
            Some(Rest::MapRun(run)) => {
                self.redrive_map_run(frame, run);
                true
            }
            Some(Rest::Children {
                results,
                frames,
                items,
            }) => {
                let is_map = def.state_type == StateType::Map;
                let mut numbers = Vec::with_capacity(frames.len());
                for child in frames {
                    let (_, index) = child.parent.expect("it was the child of this frame");
                    let last = if is_map {
                        let started = IterationPhase::Started;
                        self.record(last, EventKind::Iteration(started, state, index))
                    } else {
                        last
                    };
                    numbers.push(self.put_back(child, Some((frame, index)), last));
                }
                self.frames[frame as usize].phase = Phase::Children(Box::new(Children {
                    open: results.iter().filter(|result| result.is_none()).count(),
                    results,
                    frames: numbers,
                    items,
                }));
                // Some may have had no turn yet.
                self.start_iterations(frame, usize::MAX, last);
                true
            }
        }
    }

    fn redrive_map_run(&mut self, frame: u32, mut run: MapRun) {
        let id = TaskId {
            frame,
            nonce: self.next_nonce(),
        };
        let arn = run.redriven(id);
        let count = run.redrive_count();
        let redriven = self.note(frame, EventKind::MapRunRedriven(arn.clone(), count));
        run.follows(redriven);
        self.frames[frame as usize].phase = Phase::MapRun(Box::new(run));
        self.effects.push(Effect::RedriveMap { task: id, arn });
    }
}
