//! An engine whose time is moved by hand, workers beside it, and an execution that is watched.

use std::time::Duration;

use sfn_runtime::{
    Client, Handle, Payload, Providers, Served, Watch, Workers, Workflow,
    local::{Clock as _, LocalOptions, TestClock},
    run_here,
    service::HistoryEvent,
};

/// Longer than anything that a worker waits for.
const STILL: Duration = Duration::from_secs(24 * 60 * 60);

/// Where a workflow runs in these tests.
pub(crate) struct World {
    pub(crate) client: Client,
    clock: TestClock,
    providers: Providers,
}

impl World {
    /// An engine with nothing in it, at a time that nothing moves but [`World::pass`].
    pub(crate) fn new(providers: Providers) -> Self {
        let clock = TestClock::manual();
        let options = LocalOptions::new().clock(clock.clone());
        let client = Client::local(options).expect("a test has a runtime");
        Self {
            client,
            clock,
            providers,
        }
    }

    /// Serves `steps` in this process.
    pub(crate) async fn serve(&self, steps: impl IntoIterator<Item = Served>) -> Workers {
        run_here(&self.client, steps)
            .providing(self.providers.clone())
            .await
            .expect("the steps can be served")
    }

    /// Creates the state machine and its activities, and starts an execution.
    pub(crate) async fn start<I: Payload, O: Payload>(
        &self,
        workflow: &'static Workflow<I, O>,
        input: I,
    ) -> Run<O> {
        self.client
            .ensure(workflow)
            .await
            .expect("the machine is created");
        let handle = workflow
            .start(&self.client, input)
            .await
            .expect("it starts");
        Run {
            watch: handle.watch(),
            handle,
            seen: Vec::new(),
        }
    }

    /// Lets `seconds` pass.
    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// How many seconds have passed since the beginning.
    pub(crate) fn passed(&self) -> u64 {
        self.clock.now().since(TestClock::START).as_secs()
    }
}

/// An execution, and what of its history has been seen.
pub(crate) struct Run<O> {
    pub(crate) handle: Handle<O>,
    watch: Watch,
    pub(crate) seen: Vec<HistoryEvent>,
}

impl<O> Run<O> {
    /// Follows the execution until the `count`th event of `kind` since its start.
    pub(crate) async fn until(&mut self, kind: &str, count: usize) -> HistoryEvent {
        loop {
            let matching = self.seen.iter().filter(|event| event.kind == kind);
            if let Some(event) = matching.clone().nth(count - 1) {
                return event.clone();
            }
            self.step(&format!("`{kind}` number {count}")).await;
        }
    }

    /// Follows the execution until `state` was entered for the first time.
    pub(crate) async fn until_entered(&mut self, state: &str) {
        let entered =
            |event: &HistoryEvent| event.enters_state() && event.state.as_deref() == Some(state);
        while !self.seen.iter().any(entered) {
            self.step(&format!("the state `{state}`")).await;
        }
    }

    /// Follows the execution to its end.
    pub(crate) async fn until_the_end(&mut self) {
        while !self.seen.last().is_some_and(HistoryEvent::closes_execution) {
            self.step("the end").await;
        }
    }

    async fn step(&mut self, wanted: &str) {
        // tokio's time is paused, so it jumps when everything stands still: a test that waits for what never comes
        // says so at once.
        let next = tokio::time::timeout(STILL, self.watch.next()).await;
        match next {
            Ok(Ok(Some(event))) => self.seen.push(event),
            Ok(Ok(None)) => panic!("it ended without {wanted}:\n{}", self.lines()),
            Ok(Err(error)) => panic!("{error}"),
            Err(_) => panic!("it stands still without {wanted}:\n{}", self.lines()),
        }
    }

    /// The states in the order they were entered.
    pub(crate) fn entered(&self) -> Vec<&str> {
        self.seen
            .iter()
            .filter(|event| event.enters_state())
            .filter_map(|event| event.state.as_deref())
            .collect()
    }

    /// The activity of a step, as the history names it.
    pub(crate) fn activity(&self, step: &str) -> String {
        self.seen
            .iter()
            .filter_map(|event| event.resource.clone())
            .find(|resource| resource.contains(step))
            .unwrap_or_else(|| panic!("no task of `{step}` was scheduled:\n{}", self.lines()))
    }

    /// How many events of `kind` there were.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.seen.iter().filter(|event| event.kind == kind).count()
    }

    /// The JSON with which `state` was left, the last time that it was.
    pub(crate) fn output(&self, state: &str) -> serde_json::Value {
        let left =
            |event: &&HistoryEvent| event.exits_state() && event.state.as_deref() == Some(state);
        let event = self.seen.iter().rev().find(left);
        let event = event.unwrap_or_else(|| panic!("`{state}` was not left:\n{}", self.lines()));
        serde_json::from_str(event.output.as_deref().unwrap_or("null")).expect("it is JSON")
    }

    /// The pause before each attempt of `state` but the first, in seconds: from the failure to the next scheduling.
    pub(crate) fn pauses(&self, failure: &str) -> Vec<u64> {
        self.seen
            .iter()
            .filter(|event| event.kind == failure)
            .filter_map(|failed| {
                let mut behind = self.seen.iter().filter(|event| event.previous == failed.id);
                let next = behind.find(|event| event.kind == "ActivityScheduled")?;
                Some(next.at.since(failed.at).as_secs())
            })
            .collect()
    }

    /// The history so far, for messages.
    fn lines(&self) -> String {
        self.seen
            .iter()
            .map(|event| {
                let (state, error) = (event.state.as_deref(), event.error.as_deref());
                format!(
                    "{:>3} {} {} {} {}\n",
                    event.id,
                    event.at,
                    event.kind,
                    state.unwrap_or_default(),
                    error.unwrap_or_default()
                )
            })
            .collect()
    }
}
