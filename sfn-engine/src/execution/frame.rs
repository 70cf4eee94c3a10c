//! Frames: the walks through states that an execution consists of.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Effect, Execution, Item, distributed, map, task};
use crate::history::Failure;
use crate::program::StateId;
use crate::{Json, Timestamp};

/// One walk through states: the machine's own, a branch's, or an iteration's.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Frame {
    /// The frame this one belongs to, and which of its children it is.
    pub(super) parent: Option<(u32, u32)>,
    pub(super) state: StateId,
    pub(super) phase: Phase,
    /// The state's raw input.
    pub(super) input: Json,
    /// The last event of this walk: what the next one follows.
    pub(super) last: u32,
    /// The state's `…Entered` event, 0 before it is written.
    pub(super) entered: u32,
    /// The last event before the state was entered.
    pub(super) before: u32,
    pub(super) entered_at: Timestamp,
    /// How often each retrier was used in this visit of the state.
    pub(super) retries: Vec<u32>,
    /// How often the state was tried again in this visit.
    pub(super) retry_count: u32,
    /// Whether the state's task was given up because its worker was silent.
    pub(super) missed_heartbeat: bool,
    /// Variables of this scope; those of outer scopes are with the parent.
    pub(super) variables: Vec<(Arc<str>, Json)>,
    pub(super) item: Option<Box<Item>>,
    /// After a failure, and until a redrive takes it up: what the state's branches, iterations or children had come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rest: Option<Box<super::redrive::Rest>>,
}

/// What a frame is doing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Phase {
    /// Its state is still to be entered.
    Entering,
    /// Its state was entered (perhaps long ago) and is to be run (perhaps again).
    Running,
    /// A Wait state waits.
    Waiting { nonce: u32 },
    /// A retry waits for its time.
    Retrying { nonce: u32 },
    /// A task was scheduled; the call is still to be made.
    Scheduled(Box<task::Run>),
    /// A task is under way.
    Task(Box<task::Run>),
    /// A task has failed; what follows from it is still to come.
    Failing(Failure),
    /// Branches or iterations run.
    Children(Box<Children>),
    /// A distributed Map reads its items or runs its children.
    MapRun(Box<distributed::MapRun>),
    /// The frame is not in use.
    Free,
}

/// The branches or iterations of a state.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Children {
    /// Their outputs, so far.
    pub(super) results: Vec<Option<Json>>,
    /// The frames at work, with which child each one is.
    pub(super) frames: Vec<u32>,
    /// How many have not ended.
    pub(super) open: usize,
    /// Map: the items and what becomes of them.
    pub(super) items: Option<map::Iterations>,
}

impl Execution {
    /// A new frame, ready to enter `state`.
    pub(super) fn spawn(
        &mut self,
        parent: Option<(u32, u32)>,
        state: StateId,
        input: Json,
        last: u32,
    ) -> u32 {
        self.place(Frame {
            parent,
            state,
            input,
            last,
            entered_at: self.now,
            phase: Phase::Entering,
            ..Frame::free()
        })
    }

    /// Finds room for a frame that is ready to go on.
    pub(super) fn place(&mut self, frame: Frame) -> u32 {
        let id = match self.free.pop() {
            Some(id) => {
                self.frames[id as usize] = frame;
                id
            }
            None => {
                self.frames.push(frame);
                u32::try_from(self.frames.len() - 1).expect("frames are bounded by the history")
            }
        };
        self.ready.push_back(id);
        id
    }

    pub(super) fn release(&mut self, frame: u32) {
        let slot = &mut self.frames[frame as usize];
        slot.phase = Phase::Free;
        slot.variables.clear();
        slot.input = Json::default();
        slot.item = None;
        slot.rest = None;
        self.free.push(frame);
    }
}

impl Frame {
    /// One that is not in use.
    pub(super) fn free() -> Frame {
        Frame {
            parent: None,
            state: StateId::default(),
            phase: Phase::Free,
            input: Json::default(),
            last: 0,
            entered: 0,
            before: 0,
            entered_at: Timestamp::from_millis(0),
            retries: Vec::new(),
            retry_count: 0,
            missed_heartbeat: false,
            variables: Vec::new(),
            item: None,
            rest: None,
        }
    }

    /// What the driver has to give up when the frame is cut off.
    pub(super) fn cancelled(&self) -> Option<Effect> {
        match &self.phase {
            Phase::Task(run) => Some(Effect::Cancel(run.id)),
            Phase::MapRun(run) => Some(Effect::CancelMapRun(run.id)),
            _ => None,
        }
    }
}
