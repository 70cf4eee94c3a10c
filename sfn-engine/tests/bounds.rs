//! What an engine holds is bounded, and what it hands out is not lost on the way.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::Poll;
use std::time::Duration;

use serde_json::{Value, json};
use sfn_engine::api::{
    CreateActivity, CreateStateMachine, GetActivityTask, ListExecutions, SendTaskSuccess,
    StartExecution,
};
use sfn_engine::store::{Closed, Error, Kept, MemoryStore, Part, Place, Retention, Store};
use sfn_engine::{Engine, ExecutionStatus, Handle, TestClock};

/// A store whose writes wait while it is held.
#[derive(Clone, Default)]
struct Held {
    inner: MemoryStore,
    held: Arc<(Mutex<bool>, Condvar)>,
}

impl Held {
    fn hold(&self, held: bool) {
        *self.held.0.lock().expect("nobody panics with it") = held;
        self.held.1.notify_all();
    }
}

impl Store for Held {
    fn load(&self, each: &mut dyn FnMut(Kept<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.inner.load(each)
    }

    fn append(&self, records: &str) -> Result<u64, Error> {
        let held = self.held.0.lock().expect("nobody panics with it");
        drop(self.held.1.wait_while(held, |held| *held));
        self.inner.append(records)
    }

    fn rotate(&self) -> Result<u64, Error> {
        self.inner.rotate()
    }

    fn forget_before(&self, segment: u64) -> Result<(), Error> {
        self.inner.forget_before(segment)
    }

    fn archive(&self, closed: &[Closed]) -> Result<Vec<Place>, Error> {
        self.inner.archive(closed)
    }

    fn heads(&self, places: &[Place]) -> Result<Vec<String>, Error> {
        self.inner.heads(places)
    }

    fn read(&self, place: Place) -> Result<String, Error> {
        self.inner.read(place)
    }

    fn parts(&self) -> Vec<Part> {
        self.inner.parts()
    }

    fn forget_part(&self, part: u32) -> Result<(), Error> {
        self.inner.forget_part(part)
    }
}

async fn start(engine: &Handle, definition: &Value) -> String {
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine.create_state_machine(machine).await.expect("valid");
    let start = StartExecution::new(machine.state_machine_arn);
    let started = engine.start_execution(start).await.expect("it starts");
    started.execution_arn
}

#[tokio::test]
async fn a_poll_that_is_dropped_while_its_task_is_written_gives_it_back() {
    for restarts in [false, true] {
        let (clock, store) = (TestClock::manual(), Held::default());
        let open = |store: Held| {
            let engine = Engine::builder().clock(clock.clone()).store(store);
            engine.start().expect("the store can be read")
        };
        let mut engine = open(store.clone());
        let activity = engine.create_activity(CreateActivity::new("a")).await;
        let activity = activity.expect("made").activity_arn;
        let definition = json!({
            "StartAt": "T",
            "States": { "T": { "Type": "Task", "Resource": activity, "HeartbeatSeconds": 60, "End": true } }
        });
        let arn = start(&engine, &definition).await;
        let poll = GetActivityTask::new(&activity);

        store.hold(true);
        let mut abandoned: Pin<Box<dyn Future<Output = _>>> =
            Box::pin(engine.get_activity_task(poll.clone()));
        let pending = std::future::poll_fn(|context| {
            Poll::Ready(abandoned.as_mut().poll(context).is_pending())
        });
        assert!(pending.await, "nothing is given out before it is written");
        drop(abandoned);
        store.hold(false);

        if restarts {
            engine = open({
                drop(engine);
                store.clone()
            });
        }
        clock.advance(Duration::from_secs(50));
        let task = engine.get_activity_task(poll.clone()).await;
        let task = task.expect("asked").expect("the task is there");
        // The worker that has it now has all the time there is.
        clock.advance(Duration::from_secs(50));
        let done = SendTaskSuccess::new(task.task_token, "1");
        engine.send_task_success(done).await.expect("it is open");
        let ended = engine.wait(&arn).await.expect("it ends");
        assert_eq!(ended.output.as_deref(), Some("1"));
        let events = engine.events_since(&arn, 0).await.expect("a history");
        let is_start = |name: &&str| *name == "ActivityStarted";
        let starts = events.iter().map(|event| event.event_type());
        assert_eq!(starts.filter(is_start).count(), 1);
    }
}

#[tokio::test]
async fn without_a_store_executions_that_ended_are_forgotten_in_time() {
    let clock = TestClock::auto();
    let retention = Retention {
        age: Duration::from_secs(1000),
        count: 16,
        ..Retention::IN_MEMORY
    };
    let engine = Engine::builder().clock(clock.clone()).retention(retention);
    let engine = engine.start().expect("a runtime");
    let definition = |seconds: u32| json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": seconds, "End": true } } });
    let mut arns = Vec::new();
    for _ in 0..100 {
        let arn = start(&engine, &definition(1)).await;
        engine.wait(&arn).await.expect("it ends");
        arns.push(arn);
    }
    let listed = async || {
        let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:m".to_owned();
        let request = ListExecutions {
            state_machine_arn: Some(machine),
            ..ListExecutions::default()
        };
        let listed = engine.list_executions(request).await.expect("listed");
        listed.items.len()
    };
    assert!((16..=18).contains(&listed().await), "{}", listed().await);
    let first = engine.describe_execution(&arns[0]).await;
    assert_eq!(
        first.expect_err("it is gone").code(),
        "ExecutionDoesNotExist"
    );
    engine
        .describe_execution(&arns[99])
        .await
        .expect("the youngest is there");

    // Now they are too old.
    let machine = CreateStateMachine::new("slow", definition(2000).to_string());
    let machine = engine.create_state_machine(machine).await.expect("valid");
    let start = StartExecution::new(machine.state_machine_arn);
    let slow = engine.start_execution(start).await.expect("it starts");
    engine.wait(&slow.execution_arn).await.expect("it ends");
    assert_eq!(listed().await, 0);
}

/// Sixty states that set 200,000 bytes each; more than 52 times that is too much.
async fn assign(name: impl Fn(u32) -> String) -> (ExecutionStatus, Option<String>) {
    let mut states = serde_json::Map::new();
    for n in 0..60 {
        let mut assigned = serde_json::Map::new();
        assigned.insert(name(n), json!("{% $states.input %}"));
        let state = json!({ "Type": "Pass", "Assign": assigned, "Next": format!("S{}", n + 1) });
        states.insert(format!("S{n}"), state);
    }
    states.insert("S60".to_owned(), json!({ "Type": "Succeed" }));
    let definition = json!({ "QueryLanguage": "JSONata", "StartAt": "S0", "States": states });
    let engine = Engine::builder().clock(TestClock::auto());
    let engine = engine.start().expect("a runtime");
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine.create_state_machine(machine).await.expect("valid");
    let input = json!("x".repeat(200_000)).to_string();
    let start = StartExecution::new(machine.state_machine_arn).input(input);
    let arn = engine.start_execution(start).await.expect("it starts");
    let ended = engine.wait(&arn.execution_arn).await.expect("it ends");
    (ended.status, ended.error.map(|error| error.to_string()))
}

#[tokio::test]
async fn all_variables_together_are_bounded() {
    let (status, error) = assign(|n| format!("v{n}")).await;
    assert_eq!(status, ExecutionStatus::Failed);
    assert_eq!(error.as_deref(), Some("States.DataLimitExceeded"));
    // One variable that is set over and over is no more than one.
    let (status, error) = assign(|_| "v".to_owned()).await;
    assert_eq!((status, error), (ExecutionStatus::Succeeded, None));
}
