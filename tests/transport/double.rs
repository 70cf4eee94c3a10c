//! A service that hands out tasks, remembers what workers say, and misbehaves on demand.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use sfn_runtime::{
    BoxFuture, Client,
    service::{
        ActivityTask, CreateMachine, Error, ErrorKind, ExecutionDescription, ExecutionSummary,
        HistoryEvent, HistoryRequest, ListRequest, Location, MachineDescription, Page, Service,
        StartRequest, Started, TaskFailure, UpdateMachine,
    },
};
use tokio::{sync::Notify, time::Instant};

/// The operations that faults are ordered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    Poll,
    Success,
    Failure,
    Heartbeat,
}

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// It is refused, and nothing happens.
    Refused(ErrorKind),
    /// It is carried out, and its answer is lost.
    AnswerLost,
    /// It never comes back.
    Silence,
}

/// What a worker said of a task.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    Success(Value),
    Failure { error: String, cause: String },
}

/// See the module. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Double(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// A task was queued.
    queued: Notify,
    /// Polls are to come back with nothing.
    released: Notify,
    /// A report arrived.
    reported: Notify,
    polls: AtomicUsize,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<ActivityTask>,
    faults: HashMap<Call, VecDeque<Fault>>,
    /// By token.
    said: HashMap<String, Said>,
    beats: Vec<(Instant, String)>,
    /// Tokens of tasks that ended on the service's side.
    over: HashSet<String>,
    most_polls: usize,
    abandoned_polls: usize,
    calls: HashMap<Call, usize>,
    workers: HashSet<String>,
    holds_polls: bool,
}

impl Double {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// As AWS: a poll comes back when it comes back.
    pub(crate) fn holding_polls(self) -> Self {
        self.state().holds_polls = true;
        self
    }

    pub(crate) fn client(&self) -> Client {
        Client::over(self.clone())
    }

    /// The next calls of that kind go wrong so, one after another.
    pub(crate) fn plan(&self, call: Call, faults: impl IntoIterator<Item = Fault>) {
        let mut state = self.state();
        state.faults.entry(call).or_default().extend(faults);
    }

    /// Queues a task whose token is `token` and whose step takes `input`.
    pub(crate) fn task(&self, token: &str, input: Value) {
        let context = json!({
            "execution": "arn:aws:states:us-east-1:123456789012:execution:m:e",
            "name": "e",
            "state": "State",
            "attempt": 0,
            "started": "2026-01-01T00:00:00Z",
        });
        self.raw_task(
            token,
            &json!({ "input": input, "context": context }).to_string(),
        );
    }

    /// Queues a task with that very text as its input.
    pub(crate) fn raw_task(&self, token: &str, input: &str) {
        self.state().queue.push_back(ActivityTask {
            token: token.to_owned(),
            input: input.to_owned(),
        });
        self.0.queued.notify_waiters();
    }

    /// The task ends: it timed out, or its execution was stopped.
    pub(crate) fn end(&self, token: &str) {
        self.state().over.insert(token.to_owned());
    }

    /// Waits for what a worker says of a task.
    pub(crate) async fn said(&self, token: &str) -> Said {
        loop {
            let reported = self.0.reported.notified();
            if let Some(said) = self.state().said.get(token) {
                return said.clone();
            }
            reported.await;
        }
    }

    pub(crate) fn nothing_said(&self, token: &str) -> bool {
        !self.state().said.contains_key(token)
    }

    /// When heartbeats came for a task.
    pub(crate) fn beats(&self, token: &str) -> Vec<Instant> {
        let state = self.state();
        let beats = state.beats.iter().filter(|(_, of)| of == token);
        beats.map(|(at, _)| *at).collect()
    }

    /// How many polls are open.
    pub(crate) fn polls(&self) -> usize {
        self.0.polls.load(Ordering::SeqCst)
    }

    pub(crate) fn most_polls(&self) -> usize {
        self.state().most_polls
    }

    /// How many polls were dropped before they came back.
    pub(crate) fn abandoned_polls(&self) -> usize {
        self.state().abandoned_polls
    }

    /// How many calls of that kind were made, those that went wrong included.
    pub(crate) fn calls(&self, call: Call) -> usize {
        self.state().calls.get(&call).copied().unwrap_or_default()
    }

    /// Under which names tasks were asked for.
    pub(crate) fn workers(&self) -> Vec<String> {
        self.state().workers.iter().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0
            .state
            .lock()
            .expect("no test panics while holding it")
    }

    /// Counts a call, and carries out what was ordered for it.
    async fn called(&self, call: Call) -> Result<Option<Fault>, Error> {
        let fault = {
            let mut state = self.state();
            *state.calls.entry(call).or_default() += 1;
            state.faults.get_mut(&call).and_then(VecDeque::pop_front)
        };
        match fault {
            Some(Fault::Refused(kind)) => Err(Error::new(kind, format!("{kind:?} as ordered"))),
            Some(Fault::Silence) => std::future::pending().await,
            other => Ok(other),
        }
    }

    async fn report(&self, call: Call, token: String, said: Said) -> Result<(), Error> {
        let fault = self.called(call).await?;
        {
            let mut state = self.state();
            if state.over.contains(&token) || state.said.contains_key(&token) {
                return Err(Error::new(ErrorKind::TaskTimedOut, "the task is over"));
            }
            state.said.insert(token, said);
        }
        self.0.reported.notify_waiters();
        lost(fault)
    }
}

fn lost(fault: Option<Fault>) -> Result<(), Error> {
    match fault {
        Some(_) => Err(Error::new(
            ErrorKind::Unreachable,
            "the answer is lost, as ordered",
        )),
        None => Ok(()),
    }
}

/// Counts a poll while it is open, and whether it was dropped.
struct Poll<'a> {
    double: &'a Double,
    back: bool,
}

impl Drop for Poll<'_> {
    fn drop(&mut self) {
        self.double.0.polls.fetch_sub(1, Ordering::SeqCst);
        if !self.back {
            self.double.state().abandoned_polls += 1;
        }
    }
}

fn unasked<T>() -> BoxFuture<'static, Result<T, Error>> {
    Box::pin(async {
        Err(Error::new(
            ErrorKind::NotSupported,
            "the double only has tasks",
        ))
    })
}

impl Service for Double {
    fn location(&self) -> BoxFuture<'_, Result<Location, Error>> {
        Box::pin(async {
            Ok(Location {
                partition: "aws".to_owned(),
                region: "us-east-1".to_owned(),
                account: "123456789012".to_owned(),
            })
        })
    }

    fn create_activity(&self, _: String) -> BoxFuture<'_, Result<String, Error>> {
        unasked()
    }

    fn create_machine(&self, _: CreateMachine) -> BoxFuture<'_, Result<String, Error>> {
        unasked()
    }

    fn update_machine(&self, _: UpdateMachine) -> BoxFuture<'_, Result<(), Error>> {
        unasked()
    }

    fn describe_machine(&self, _: String) -> BoxFuture<'_, Result<MachineDescription, Error>> {
        unasked()
    }

    fn start_execution(&self, _: StartRequest) -> BoxFuture<'_, Result<Started, Error>> {
        unasked()
    }

    fn describe_execution(&self, _: String) -> BoxFuture<'_, Result<ExecutionDescription, Error>> {
        unasked()
    }

    fn execution_history(
        &self,
        _: HistoryRequest,
    ) -> BoxFuture<'_, Result<Page<HistoryEvent>, Error>> {
        unasked()
    }

    fn stop_execution(&self, _: String, _: TaskFailure) -> BoxFuture<'_, Result<(), Error>> {
        unasked()
    }

    fn list_executions(
        &self,
        _: ListRequest,
    ) -> BoxFuture<'_, Result<Page<ExecutionSummary>, Error>> {
        unasked()
    }

    fn get_activity_task(
        &self,
        _activity: String,
        worker: String,
    ) -> BoxFuture<'_, Result<Option<ActivityTask>, Error>> {
        Box::pin(async move {
            let open = self.0.polls.fetch_add(1, Ordering::SeqCst) + 1;
            let mut poll = Poll {
                double: self,
                back: false,
            };
            {
                let mut state = self.state();
                state.most_polls = state.most_polls.max(open);
                state.workers.insert(worker);
            }
            let given_up = tokio::time::sleep(Duration::from_secs(60));
            let released = self.0.released.notified();
            tokio::pin!(given_up, released);
            released.as_mut().enable();
            let answer = match self.called(Call::Poll).await {
                Err(error) => Err(error),
                Ok(_) => loop {
                    let queued = self.0.queued.notified();
                    if let Some(task) = self.state().queue.pop_front() {
                        break Ok(Some(task));
                    }
                    tokio::select! {
                        () = queued => {}
                        () = &mut released => break Ok(None),
                        () = &mut given_up => break Ok(None),
                    }
                },
            };
            poll.back = true;
            answer
        })
    }

    fn send_task_success(&self, token: String, output: String) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let output = serde_json::from_str(&output).expect("an output is JSON");
            self.report(Call::Success, token, Said::Success(output))
                .await
        })
    }

    fn send_task_failure(
        &self,
        token: String,
        failure: TaskFailure,
    ) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let said = Said::Failure {
                error: failure.error.unwrap_or_default(),
                cause: failure.cause.unwrap_or_default(),
            };
            self.report(Call::Failure, token, said).await
        })
    }

    fn send_task_heartbeat(&self, token: String) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let fault = self.called(Call::Heartbeat).await?;
            {
                let mut state = self.state();
                if state.over.contains(&token) || state.said.contains_key(&token) {
                    return Err(Error::new(ErrorKind::TaskTimedOut, "the task is over"));
                }
                state.beats.push((Instant::now(), token));
            }
            lost(fault)
        })
    }

    fn release_polls(&self, _activity: &str) -> bool {
        let holds = self.state().holds_polls;
        if !holds {
            self.0.released.notify_waiters();
        }
        !holds
    }
}
