//! What each event of a history changes.

use super::{Failure, Frame, FrameKind, Outcome, Place, Progress};
use crate::service::{ExecutionStatus, HistoryEvent};

impl Progress {
    /// Takes in the next event. Events come in the order of their numbers.
    pub fn apply(&mut self, event: &HistoryEvent) {
        self.last = Some(event.at.as_millis());
        let before = self
            .places
            .get(&event.previous)
            .copied()
            .unwrap_or_default();
        let place = match event.kind.as_str() {
            "ExecutionStarted" => {
                self.started = Some(event.at.as_millis());
                Place::default()
            }
            "ExecutionRedriven" => {
                self.status = None;
                self.error = None;
                self.failing = None;
                Place::default()
            }
            "ExecutionSucceeded" => self.end(event, ExecutionStatus::Succeeded, before),
            "ExecutionFailed" => self.end(event, ExecutionStatus::Failed, before),
            "ExecutionTimedOut" => self.end(event, ExecutionStatus::TimedOut, before),
            "ExecutionAborted" => self.end(event, ExecutionStatus::Aborted, before),
            "ParallelStateStarted" | "MapStateStarted" => self.start_container(event, before),
            "ParallelStateFailed" | "MapStateFailed" => self.fail_container(event, before),
            "MapIterationStarted" => self.start_iteration(event, before),
            "MapIterationSucceeded" => self.end_iteration(event, before, Outcome::Succeeded),
            "MapIterationFailed" => self.end_iteration(event, before, Outcome::Failed),
            "MapIterationAborted" => self.end_iteration(event, before, Outcome::Stopped),
            "EvaluationFailed" => self.fail_evaluation(event, before),
            kind if kind.ends_with("StateEntered") => self.enter(event, before),
            kind if kind.ends_with("StateExited") => self.leave(event, before),
            // Which run was aborted is not told; what is around it says so as well.
            kind if kind.ends_with("StateAborted") || kind.starts_with("MapRun") => before,
            kind if kind.ends_with("ScheduleFailed")
                || kind.ends_with("StartFailed")
                || kind.ends_with("SubmitFailed")
                || kind.ends_with("Failed")
                || kind.ends_with("TimedOut") =>
            {
                self.fail_attempt(event, before.frame);
                before
            }
            kind if kind.ends_with("Scheduled") => {
                if let Some(frame) = before.frame.map(|frame| &mut self.frames[frame]) {
                    frame.attempts += 1;
                    frame.failing = false;
                    frame.queued = true;
                }
                before
            }
            kind if kind.ends_with("Started") => {
                if let Some(frame) = before.frame.map(|frame| &mut self.frames[frame]) {
                    frame.queued = false;
                }
                before
            }
            _ => before,
        };
        self.places.insert(event.id, place);
    }

    fn enter(&mut self, event: &HistoryEvent, before: Place) -> Place {
        let name = event.state.clone().unwrap_or_default();
        let kind = match event.kind.as_str() {
            "ParallelStateEntered" | "MapStateEntered" => FrameKind::Container,
            "FailStateEntered" => FrameKind::Fail,
            _ => FrameKind::State,
        };
        let passes = self.supersede(before.inside, &name, None);
        let frame = self.open(name, kind, before.inside, event.at.as_millis());
        self.frames[frame].passes = passes + 1;
        self.frames[frame].failing = kind == FrameKind::Fail;
        Place {
            frame: Some(frame),
            inside: before.inside,
        }
    }

    /// Marks an earlier pass in the same scope, and gives how many there were.
    fn supersede(&mut self, parent: Option<usize>, name: &str, iteration: Option<u64>) -> u32 {
        let frames = self.by_state.get(name).map_or(&[][..], Vec::as_slice);
        let earlier = frames.iter().rev().copied().find(|&index| {
            let frame = &self.frames[index];
            frame.parent == parent
                && match frame.kind {
                    FrameKind::Iteration(index) => iteration == Some(index),
                    _ => iteration.is_none(),
                }
        });
        let Some(earlier) = earlier else { return 0 };
        let again = self.frames[earlier].superseded;
        self.frames[earlier].superseded = true;
        // What an earlier attempt of the scope did is no pass of its own.
        if again {
            0
        } else {
            self.frames[earlier].passes
        }
    }

    fn open(&mut self, state: String, kind: FrameKind, parent: Option<usize>, at: i64) -> usize {
        let index = self.frames.len();
        self.by_state.entry(state.clone()).or_default().push(index);
        self.frames.push(Frame {
            state,
            kind,
            parent,
            entered: at,
            left: None,
            outcome: None,
            attempts: 0,
            failing: false,
            queued: false,
            error: None,
            total: None,
            superseded: false,
            passes: 0,
        });
        index
    }

    /// The nearest frame, from this one outwards, that fits.
    fn nearest(&self, mut frame: Option<usize>, fits: impl Fn(&Frame) -> bool) -> Option<usize> {
        while let Some(index) = frame {
            if fits(&self.frames[index]) {
                return Some(index);
            }
            frame = self.frames[index].parent;
        }
        None
    }

    fn leave(&mut self, event: &HistoryEvent, before: Place) -> Place {
        let name = event.state.as_deref().unwrap_or_default();
        let open = |frame: &Frame| frame.state == name && frame.kind != FrameKind::Fail;
        let state = |frame: &Frame| open(frame) && !matches!(frame.kind, FrameKind::Iteration(_));
        let Some(frame) = self.nearest(before.frame, state) else {
            return before;
        };
        let outcome = if self.frames[frame].failing {
            Outcome::Caught
        } else {
            Outcome::Succeeded
        };
        // A container may be left by a catcher without an event that says it failed.
        if self.frames[frame].kind == FrameKind::Container {
            self.close_within(frame, event.at.as_millis());
        }
        self.close(frame, event.at.as_millis(), outcome);
        Place {
            frame: Some(frame),
            inside: self.frames[frame].parent,
        }
    }

    fn close(&mut self, frame: usize, at: i64, outcome: Outcome) {
        let frame = &mut self.frames[frame];
        if frame.outcome.is_none() {
            frame.outcome = Some(outcome);
            frame.left = Some(at);
            frame.failing = false;
            frame.queued = false;
        }
    }

    /// Ends all that is still open within a frame: it failed, or something else did.
    fn close_within(&mut self, container: usize, at: i64) {
        for index in container + 1..self.frames.len() {
            if self.frames[index].outcome.is_some() || !self.is_within(index, container) {
                continue;
            }
            let outcome = if self.frames[index].failing {
                Outcome::Failed
            } else {
                Outcome::Stopped
            };
            self.close(index, at, outcome);
        }
    }

    fn is_within(&self, frame: usize, container: usize) -> bool {
        let mut outer = self.frames[frame].parent;
        while let Some(index) = outer {
            if index == container {
                return true;
            }
            outer = self.frames[index].parent;
        }
        false
    }

    fn start_container(&mut self, event: &HistoryEvent, before: Place) -> Place {
        let open = |frame: &Frame| frame.kind == FrameKind::Container && frame.outcome.is_none();
        let Some(container) = self.nearest(before.frame, open) else {
            return before;
        };
        self.frames[container].attempts += 1;
        if self.frames[container].attempts > 1 {
            let error = before
                .frame
                .and_then(|frame| self.frames[frame].error.clone());
            self.close_within(container, event.at.as_millis());
            for index in container + 1..self.frames.len() {
                if self.is_within(index, container) {
                    self.frames[index].superseded = true;
                }
            }
            let frame = &mut self.frames[container];
            frame.failing = false;
            frame.error = error.or(frame.error.take());
        }
        self.frames[container].total = event.length;
        Place {
            frame: Some(container),
            inside: Some(container),
        }
    }

    fn fail_container(&mut self, event: &HistoryEvent, before: Place) -> Place {
        let open = |frame: &Frame| frame.kind == FrameKind::Container && frame.outcome.is_none();
        let Some(container) = self.nearest(before.frame, open) else {
            return before;
        };
        let error = before
            .frame
            .and_then(|frame| self.frames[frame].error.clone());
        self.close_within(container, event.at.as_millis());
        let frame = &mut self.frames[container];
        frame.failing = true;
        frame.error = error.or(frame.error.take());
        Place {
            frame: Some(container),
            inside: frame.parent,
        }
    }

    fn start_iteration(&mut self, event: &HistoryEvent, before: Place) -> Place {
        let name = event.state.as_deref().unwrap_or_default();
        let map = |frame: &Frame| frame.kind == FrameKind::Container && frame.state == name;
        let Some(map) = self.nearest(before.frame, map) else {
            return before;
        };
        let index = event.index.unwrap_or_default();
        self.supersede(Some(map), name, Some(index));
        let iteration = self.open(
            name.to_owned(),
            FrameKind::Iteration(index),
            Some(map),
            event.at.as_millis(),
        );
        Place {
            frame: Some(iteration),
            inside: Some(iteration),
        }
    }

    fn end_iteration(&mut self, event: &HistoryEvent, before: Place, outcome: Outcome) -> Place {
        let name = event.state.as_deref().unwrap_or_default();
        let index = event.index.unwrap_or_default();
        let frames = self.by_state.get(name).map_or(&[][..], Vec::as_slice);
        let iteration = frames.iter().rev().copied().find(|&frame| {
            let frame = &self.frames[frame];
            frame.kind == FrameKind::Iteration(index) && frame.outcome.is_none()
        });
        let Some(iteration) = iteration else {
            return before;
        };
        let error = before
            .frame
            .and_then(|frame| self.frames[frame].error.clone());
        self.close_within(iteration, event.at.as_millis());
        self.close(iteration, event.at.as_millis(), outcome);
        if outcome == Outcome::Failed {
            self.frames[iteration].error = error;
        }
        Place {
            frame: Some(iteration),
            inside: Some(iteration),
        }
    }

    fn fail_attempt(&mut self, event: &HistoryEvent, frame: Option<usize>) {
        let Some(frame) = frame.map(|frame| &mut self.frames[frame]) else {
            return;
        };
        frame.failing = true;
        frame.queued = false;
        frame.error = Some(failure(event));
    }

    fn fail_evaluation(&mut self, event: &HistoryEvent, before: Place) -> Place {
        // Recordings differ in what comes before: the state's own event, or what led to the state.
        let name = event.state.as_deref().unwrap_or_default();
        let named = |frame: &Frame| frame.state == name && frame.outcome.is_none();
        let frame = self.nearest(before.frame, named).or_else(|| {
            let frames = self.by_state.get(name)?;
            frames
                .iter()
                .rev()
                .copied()
                .find(|&frame| self.frames[frame].outcome.is_none())
        });
        self.fail_attempt(event, frame);
        Place {
            frame,
            inside: before.inside,
        }
    }

    fn end(&mut self, event: &HistoryEvent, status: ExecutionStatus, before: Place) -> Place {
        self.status = Some(status);
        self.output.clone_from(&event.output);
        if status != ExecutionStatus::Succeeded {
            self.error = Some(failure(event));
        }
        if status == ExecutionStatus::Failed {
            let state = |frame: &Frame| !matches!(frame.kind, FrameKind::Iteration(_));
            let last = self.nearest(before.frame, state);
            // The chain of events may end at a container; the state at fault is within it.
            let inner = last.and_then(|container| {
                (container + 1..self.frames.len()).rev().find(|&index| {
                    let frame = &self.frames[index];
                    frame.outcome == Some(Outcome::Failed)
                        && matches!(frame.kind, FrameKind::State | FrameKind::Fail)
                        && !frame.superseded
                        && self.is_within(index, container)
                })
            });
            self.failing = inner.or(last).map(|frame| self.frames[frame].state.clone());
            let mut outer = before.frame;
            while let Some(frame) = outer {
                if self.frames[frame].error.is_none() {
                    self.frames[frame].error = Some(failure(event));
                }
                self.close(frame, event.at.as_millis(), Outcome::Failed);
                outer = self.frames[frame].parent;
            }
        }
        for index in 0..self.frames.len() {
            let outcome = match status {
                ExecutionStatus::Succeeded => Outcome::Succeeded,
                _ if self.frames[index].failing => Outcome::Failed,
                _ => Outcome::Stopped,
            };
            self.close(index, event.at.as_millis(), outcome);
        }
        Place::default()
    }
}

fn failure(event: &HistoryEvent) -> Failure {
    Failure {
        error: event.error.clone().unwrap_or_default(),
        cause: event.cause.clone().unwrap_or_default(),
        at: event.at.as_millis(),
    }
}
