//! A test and what it runs.

use std::{
    collections::BTreeMap,
    fmt,
    marker::PhantomData,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sfn_asl::StateMachine;

use super::{
    cast::{Cast, Part, lock},
    clock::Time,
    coverage,
    execution::Execution,
    fault::Fault,
    golden::Recorded,
    mock::{Mock, Mocked},
};
use crate::{
    Client, Handle, Payload, Providers, Served, Step, Workers, Workflow, flow::Definition,
    local::LocalOptions, placement::Placement, run_here, service::HistoryEvent, worker::Runner,
};

/// The variable that names the Step Functions to run tests against, instead of the embedded engine: a URL.
pub const ENDPOINT_VARIABLE: &str = "SFN_TEST_ENDPOINT";

/// How many tasks of one step are worked on at once.
const CONCURRENCY: usize = 16;

/// How long an execution may take in real time, unless [`Test::patience`] says otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

/// A place to run workflows in, of one test alone.
///
/// `#[workflow_test]` hands it to the test. It is an embedded engine whose clock jumps over waits, and workers in this
/// process; see the [module](super).
///
/// Most methods panic when something is not as the test says: that is how a test fails.
pub struct Test {
    client: Client,
    time: Option<Time>,
    cast: Arc<Cast>,
    providers: Mutex<Providers>,
    /// By the step's name.
    workers: Mutex<BTreeMap<&'static str, Workers>>,
    started: AtomicUsize,
    patience: Duration,
    /// Whether no step is ever run.
    answered: bool,
}

impl Test {
    /// On the embedded engine, or where [`ENDPOINT_VARIABLE`] says.
    ///
    /// # Panics
    ///
    /// When the endpoint cannot be used.
    pub async fn new() -> Self {
        match std::env::var(ENDPOINT_VARIABLE) {
            Ok(endpoint) if !endpoint.is_empty() => Self::at(&endpoint).await,
            _ => Self::local(),
        }
    }

    /// On the embedded engine, whatever the environment says. For what only virtual time can show.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    #[must_use]
    pub fn local() -> Self {
        Self::local_with(None)
    }

    /// The same, where these answer tasks before workers are asked.
    pub(super) fn local_with(answers: Option<Recorded>) -> Self {
        let time = Time::new();
        let mut options = LocalOptions::new().clock(time.clone());
        let answered = answers.is_some();
        if let Some(answers) = answers {
            options = options.answering(answers);
        }
        let client =
            Client::local(options).expect("an engine in memory starts in any tokio runtime");
        let client = client.placed(Placement::new().with_app("test"));
        let mut test = Self::over(client, Some(time));
        test.answered = answered;
        test
    }

    /// At the Step Functions, or what speaks its protocol, at that URL. State machines and activities get names of their
    /// own, and stay there when the test has ended.
    ///
    /// # Panics
    ///
    /// When the endpoint cannot be used, or this was built without the feature `aws`.
    #[cfg(feature = "aws")]
    pub async fn at(endpoint: &str) -> Self {
        let client = Client::aws(crate::aws::AwsOptions::new().endpoint(endpoint))
            .await
            .unwrap_or_else(|error| panic!("{ENDPOINT_VARIABLE}: {error}"));
        // Other tests are there as well, and their workers would take this one's tasks.
        let suffix = uuid::Uuid::new_v4().simple().to_string();
        let placement = Placement::new().with_app("test").with_env(&suffix[..8]);
        Self::over(client.placed(placement), None)
    }

    /// At the Step Functions, or what speaks its protocol, at that URL: not in this build.
    ///
    /// # Panics
    ///
    /// Always.
    #[cfg(not(feature = "aws"))]
    #[expect(
        clippy::unused_async,
        reason = "the same call awaits the SDK's set-up in a build with it"
    )]
    pub async fn at(endpoint: &str) -> Self {
        panic!(
            "{ENDPOINT_VARIABLE} is `{endpoint}`, but this was built without the AWS SDK\n\
             help: run the tests with `--features sfn-runtime/aws`"
        );
    }

    fn over(client: Client, time: Option<Time>) -> Self {
        Self {
            client,
            cast: Arc::new(Cast::new(time.clone())),
            time,
            providers: Mutex::default(),
            workers: Mutex::default(),
            started: AtomicUsize::new(0),
            patience: PATIENCE,
            answered: false,
        }
    }

    pub(super) fn cast(&self) -> &Cast {
        &self.cast
    }

    /// Another engine with the same mocks, from their beginning, without faults. Always an embedded one.
    pub(super) fn again(&self) -> Self {
        let mut again = Self::local();
        again.cast = Arc::new(self.cast.again(again.time.clone()));
        again.providers = Mutex::new(lock(&self.providers).clone());
        again.patience = self.patience;
        again
    }

    /// Replaces a step; see [`mock`](super::mock). Of several mocks for one call the latest answers.
    ///
    /// # Panics
    ///
    /// When the mock says no answer.
    pub fn mock<S: Step>(&self, mock: Mock<S>) -> Mocked<S> {
        assert!(
            !mock.script.answers.is_empty(),
            "the mock of `{}` says no answer\nhelp: add one, such as `.returns(..)` or `.fails(..)`",
            S::META.name
        );
        let part = Part::new(mock.script);
        lock(&self.cast.mocks).push(Arc::clone(&part));
        Mocked::new(part)
    }

    /// Puts a fault into a state; see [`fault`](super::fault). Faults come before mocks; of several the latest.
    ///
    /// A fault that never hits fails the test when it ends: a test that believes in it proves nothing.
    ///
    /// # Panics
    ///
    /// When the fault does not say what happens.
    pub fn fault(&self, fault: Fault) {
        assert!(
            !fault.script.answers.is_empty(),
            "the fault does not say what happens\nhelp: add `.fails(..)`, `.times_out()` or `.panics()`"
        );
        lock(&self.cast.faults).push(Part::new(fault.script));
    }

    /// Gives a value to every step that asks for its type with `#[inject]`. Steps that are replaced need none.
    pub fn provide<T: Clone + Send + Sync + 'static>(&self, value: T) {
        lock(&self.providers).insert(value);
    }

    /// How long an execution may take in real time before the test fails; a minute unless given.
    pub fn patience(&mut self, span: Duration) {
        self.patience = span;
    }

    /// The client of the engine, for all that is not said here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The clock.
    ///
    /// # Panics
    ///
    /// When the test runs against an endpoint, whose time is the real one.
    pub fn clock(&self) -> &Time {
        self.time.as_ref().unwrap_or_else(|| {
            panic!("time is the real one at {ENDPOINT_VARIABLE}\nhelp: use `Test::local()`")
        })
    }

    /// Whether time is virtual: always, unless the test runs against an endpoint.
    pub fn has_clock(&self) -> bool {
        self.time.is_some()
    }

    /// Runs a workflow to its end, however that is.
    ///
    /// # Panics
    ///
    /// When the workflow cannot be compiled or started, or takes longer in real time than the test has patience.
    pub async fn run<I: Payload, O: Payload>(
        &self,
        workflow: &Workflow<I, O>,
        input: I,
    ) -> Execution<O> {
        self.start(workflow, input).await.ended().await
    }

    /// Starts a workflow, to do something while it runs: answer a task, stop it, move the [`clock`](Self::clock).
    ///
    /// # Panics
    ///
    /// When the workflow cannot be compiled or started.
    pub async fn start<I: Payload, O: Payload>(
        &self,
        workflow: &Workflow<I, O>,
        input: I,
    ) -> Running<O> {
        let input = serde_json::to_value(input)
            .unwrap_or_else(|error| panic!("the input cannot be written as JSON: {error}"));
        self.begin(workflow.definition(), &input).await
    }

    pub(super) async fn begin<O>(
        &self,
        definition: Definition,
        input: &serde_json::Value,
    ) -> Running<O> {
        let workflow = definition.name.clone();
        let steps = definition.steps().unwrap_or_else(|error| panic!("{error}"));
        self.serve(&steps).await;
        let called = definition
            .called()
            .unwrap_or_else(|error| panic!("{error}"));
        let ensured = self
            .client
            .ensure(definition)
            .await
            .unwrap_or_else(|error| panic!("{}", chain(&error)));
        let described = self
            .client
            .service()
            .describe_machine(ensured.arn)
            .await
            .unwrap_or_else(|error| panic!("{}", chain(&error)));
        let (machine, _) = sfn_asl::read(&described.definition);
        let machine = Arc::new(machine.expect("the engine has taken the definition"));
        self.cast.learn(&machine);
        for called in &called {
            self.cast.learn(called);
        }
        if !self.answered {
            coverage::meet(&workflow, &machine);
        }
        let number = self.started.fetch_add(1, Ordering::Relaxed) + 1;
        let handle = self
            .client
            .start(&workflow, input)
            .named(format!("test-{number}"))
            .await
            .unwrap_or_else(|error| panic!("{}", chain(&error)));
        Running {
            handle,
            workflow,
            machine,
            patience: self.patience,
            output: PhantomData,
        }
    }

    /// Starts workers for the steps that have none yet.
    async fn serve(&self, steps: &[&'static crate::StepMeta]) {
        let providers = lock(&self.providers).clone();
        for &step in steps {
            if lock(&self.workers).contains_key(step.name) {
                continue;
            }
            if !self.answered
                && !self.cast.replaces(step)
                && let Err(missing) = providers.check(&[step])
            {
                panic!(
                    "{missing}\nhelp: in a test: `test.provide(..)`, or replace the step: `test.mock(mock::<{}>()…)`",
                    step.ident
                );
            }
            let (cast, client) = (Arc::clone(&self.cast), self.client.clone());
            let runner: Runner = Arc::new(move |step, task, token| {
                let (cast, client) = (Arc::clone(&cast), client.clone());
                Box::pin(async move { cast.play(step, task, client.service(), &token).await })
            });
            let served = Served::of(step).concurrency(CONCURRENCY);
            let workers = run_here(&self.client, [served])
                .providing(providers.clone())
                .through(runner)
                .await
                .unwrap_or_else(|error| panic!("{}", chain(&error)));
            lock(&self.workers).insert(step.name, workers);
        }
    }
}

impl Drop for Test {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for part in lock(&self.cast.faults).iter() {
            assert!(
                !part.is_unused(),
                "the fault of state `{}` never hit: {:?}",
                part.script.state.as_deref().unwrap_or_default(),
                part.script,
            );
        }
    }
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Test")
            .field("cast", &self.cast)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

/// An execution under way in a test.
pub struct Running<O> {
    handle: Handle<serde_json::Value>,
    workflow: String,
    machine: Arc<StateMachine>,
    patience: Duration,
    output: PhantomData<fn() -> O>,
}

impl<O> Running<O> {
    /// The execution, for all that is not said here.
    pub fn handle(&self) -> &Handle<serde_json::Value> {
        &self.handle
    }

    pub(super) fn machine(&self) -> Arc<StateMachine> {
        Arc::clone(&self.machine)
    }

    /// Its events when it has ended, or when patience has.
    pub(super) async fn ended_or_not(self) -> Vec<HistoryEvent> {
        // Either way, the history tells.
        let _ = tokio::time::timeout(self.patience, self.handle.closed()).await;
        let history = self.handle.history().await;
        history.unwrap_or_else(|error| panic!("{}", chain(&error)))
    }

    /// Waits for its end, however that is.
    ///
    /// # Panics
    ///
    /// When it takes longer in real time than the test has patience.
    pub async fn ended(self) -> Execution<O> {
        let closed = tokio::time::timeout(self.patience, self.handle.closed()).await;
        let history = self.handle.history().await;
        let events = history.unwrap_or_else(|error| panic!("{}", chain(&error)));
        let Ok(closed) = closed else {
            panic!(
                "`{}` has not ended after {:?} of real time; so far:\n{}",
                self.workflow,
                self.patience,
                super::story::story(&events)
            );
        };
        let described = closed.unwrap_or_else(|error| panic!("{}", chain(&error)));
        coverage::record(&self.workflow, &self.machine, &events);
        Execution::new(self.workflow, described, events)
    }
}

impl<O> fmt::Debug for Running<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("workflow", &self.workflow)
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}

/// An error with all that caused it.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}
