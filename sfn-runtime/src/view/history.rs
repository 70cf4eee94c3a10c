//! Histories for the tests, written as they are told.

use crate::service::{HistoryEvent, Timestamp};

/// Writes a history: numbers and times come by themselves.
#[derive(Default)]
pub(crate) struct Story {
    events: Vec<HistoryEvent>,
    now: i64,
}

impl Story {
    pub(crate) fn wait(&mut self, millis: i64) -> &mut Self {
        self.now += millis;
        self
    }

    /// An event after the event of that number; gives its own number.
    pub(crate) fn after(
        &mut self,
        previous: u64,
        kind: &str,
        fill: impl FnOnce(&mut HistoryEvent),
    ) -> u64 {
        let id = self.events.len() as u64 + 1;
        let mut event = HistoryEvent::new(id, previous, Timestamp::from_millis(self.now), kind);
        fill(&mut event);
        self.events.push(event);
        id
    }

    pub(crate) fn state(&mut self, previous: u64, kind: &str, name: &str) -> u64 {
        self.after(previous, kind, |event| event.state = Some(name.to_owned()))
    }

    pub(crate) fn error(&mut self, previous: u64, kind: &str, error: &str, cause: &str) -> u64 {
        self.after(previous, kind, |event| {
            event.error = Some(error.to_owned());
            event.cause = Some(cause.to_owned());
        })
    }

    pub(crate) fn plain(&mut self, previous: u64, kind: &str) -> u64 {
        self.after(previous, kind, |_| {})
    }

    /// A task's passage from its entry to its exit; gives the exit's number.
    pub(crate) fn task(&mut self, previous: u64, name: &str, millis: i64) -> u64 {
        let entered = self.state(previous, "TaskStateEntered", name);
        let scheduled = self.plain(entered, "ActivityScheduled");
        let started = self.plain(scheduled, "ActivityStarted");
        self.wait(millis);
        let succeeded = self.plain(started, "ActivitySucceeded");
        self.state(succeeded, "TaskStateExited", name)
    }

    pub(crate) fn iteration(&mut self, previous: u64, what: &str, map: &str, index: u64) -> u64 {
        self.after(previous, &format!("MapIteration{what}"), |event| {
            event.state = Some(map.to_owned());
            event.index = Some(index);
        })
    }

    pub(crate) fn events(&self) -> Vec<HistoryEvent> {
        self.events.clone()
    }
}

/// The kitchen of the graphs' tests, up to the oven, which refuses once and then goes out.
pub(crate) fn history_of_a_bad_evening() -> Vec<HistoryEvent> {
    let mut story = Story::default();
    story.plain(0, "ExecutionStarted");
    let base = story.state(0, "ParallelStateEntered", "Base");
    let base = story.plain(base, "ParallelStateStarted");
    story.task(base, "dough", 900);
    story.task(base, "sauce", 300);
    let map = story.state(base, "MapStateEntered", "Each ingredient");
    let mut last = story.after(map, "MapStateStarted", |event| event.length = Some(2));
    for index in 0..2 {
        last = story.iteration(last, "Started", "Each ingredient", index);
        last = story.task(last, "prepare", 400);
        story.iteration(last, "Succeeded", "Each ingredient", index);
    }
    story.plain(last, "MapStateSucceeded");
    let map = story.state(last, "MapStateExited", "Each ingredient");
    story.plain(map, "ParallelStateSucceeded");
    let base = story.state(map, "ParallelStateExited", "Base");
    let bake = story.state(base, "TaskStateEntered", "bake");
    let scheduled = story.plain(bake, "ActivityScheduled");
    let started = story.plain(scheduled, "ActivityStarted");
    let failed = story
        .wait(700)
        .error(started, "ActivityFailed", "Oven.Busy", "the oven is taken");
    let scheduled = story.wait(1_000).plain(failed, "ActivityScheduled");
    let started = story.plain(scheduled, "ActivityStarted");
    let failed = story
        .wait(500)
        .error(started, "ActivityFailed", "Oven.Cold", "the oven\nis cold");
    let bake = story.state(failed, "TaskStateExited", "bake");
    let sorry = story.state(bake, "FailStateEntered", "Apologise");
    story.error(sorry, "ExecutionFailed", "NoPizza", "the oven is cold");
    story.events()
}
