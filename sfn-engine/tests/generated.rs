//! Machines nobody wrote: whatever the states are and however they are nested, an execution ends, its history is
//! whole, the same seed gives the same history, and an engine that is told its records again has the same, too.

use serde_json::{Map, Value, json};
use sfn_engine::api::{CreateStateMachine, RedriveExecution, StartExecution};
use sfn_engine::history::{EventDetails, HistoryEvent, StateType};
use sfn_engine::store::MemoryStore;
use sfn_engine::{Engine, ExecutionStatus, Handle, Random, TestClock, TestIds};

/// How many machines are made.
const MACHINES: u64 = 200;

/// Makes up definitions.
struct Author {
    random: Random,
    states: u32,
}

impl Author {
    fn below(&mut self, bound: u64) -> u64 {
        self.random.next() % bound
    }

    fn name(&mut self) -> String {
        self.states += 1;
        format!("S{}", self.states)
    }

    /// States in a row, the last of them an end.
    fn flow(&mut self, depth: u32) -> Value {
        let names: Vec<String> = (0..1 + self.below(3)).map(|_| self.name()).collect();
        let mut states = Map::new();
        for (index, name) in names.iter().enumerate() {
            let next = names.get(index + 1);
            let mut state = self.state(depth, next);
            if !matches!(state["Type"].as_str(), Some("Choice" | "Fail" | "Succeed")) {
                match next {
                    Some(next) => state["Next"] = json!(next),
                    None => state["End"] = json!(true),
                }
            }
            states.insert(name.clone(), state);
        }
        json!({ "StartAt": names[0], "States": states })
    }

    fn state(&mut self, depth: u32, next: Option<&String>) -> Value {
        let jsonata = self.below(2) == 0;
        let mut state = match self.below(if depth == 0 { 5 } else { 9 }) {
            0 if jsonata => {
                json!({ "Type": "Pass", "Output": "{% [$states.input, $random() < 2] %}" })
            }
            0 => json!({ "Type": "Pass", "Result": [1, { "a": [2] }] }),
            1 => json!({ "Type": "Wait", "Seconds": self.below(20) }),
            2 if jsonata && self.below(2) == 0 => {
                json!({ "Type": "Pass", "Output": "{% $error('made up') %}" })
            }
            2 if !jsonata && self.below(3) == 0 => {
                json!({ "Type": "Pass", "Parameters": { "x.$": "$.missing" } })
            }
            2 => json!({ "Type": "Pass" }),
            3 if next.is_none() => json!({ "Type": "Fail", "Error": "MadeUp", "Cause": "because" }),
            3 if jsonata => json!({
                "Type": "Choice",
                "Choices": [{ "Condition": "{% $exists($states.input) %}", "Next": next }],
                "Default": next
            }),
            3 => json!({
                "Type": "Choice",
                "Choices": [{ "Variable": "$", "IsPresent": true, "Next": next }],
                "Default": next
            }),
            4 => {
                // A name of its own: inner scopes may not assign the variables of outer ones.
                let (name, value) = match jsonata {
                    true => (self.name(), "{% $states.input %}"),
                    false => (format!("{}.$", self.name()), "$"),
                };
                json!({ "Type": "Pass", "Assign": { name: value } })
            }
            5 | 6 => {
                let branches: Vec<Value> = (0..1 + self.below(3))
                    .map(|_| self.flow(depth - 1))
                    .collect();
                json!({ "Type": "Parallel", "Branches": branches })
            }
            _ => {
                let mut map = json!({ "Type": "Map", "MaxConcurrency": self.below(3), "ItemProcessor": self.flow(depth - 1) });
                if jsonata {
                    map["Items"] = json!("{% [1, {'a': 2}, 'three'] %}");
                } else {
                    map["Parameters"] = json!({ "v.$": "$$.Map.Item.Value" });
                    map["InputPath"] = json!("$$.Execution.Input.items");
                }
                map
            }
        };
        if jsonata && !matches!(state["Type"].as_str(), Some("Fail")) {
            state["QueryLanguage"] = json!("JSONata");
        }
        if matches!(state["Type"].as_str(), Some("Parallel" | "Map")) {
            if self.below(2) == 0 {
                state["Retry"] = json!([{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "JitterStrategy": "FULL" }]);
            }
            if let Some(next) = next.filter(|_| self.below(2) == 0) {
                state["Catch"] = json!([{ "ErrorEquals": ["MadeUp", "States.QueryEvaluationError"], "Next": next }]);
            }
        }
        state
    }
}

async fn run(definition: &Value, store: &MemoryStore, seed: u64) -> (Handle, Vec<HistoryEvent>) {
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .ids(TestIds::new(seed))
        .store(store.clone())
        .start()
        .expect("a runtime");
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine.create_state_machine(machine).await;
    let machine = machine.unwrap_or_else(|error| panic!("{error}\n{definition:#}"));
    let start = StartExecution::new(machine.state_machine_arn)
        .name("e")
        .input(r#"{"items":[1,2]}"#);
    let arn = engine
        .start_execution(start)
        .await
        .expect("it starts")
        .execution_arn;
    let mut ended = engine.wait(&arn).await.expect("it ends");
    // What is in the way is still there, unless it was chance.
    for _ in 0..2 {
        if ended.status == ExecutionStatus::Failed {
            let redrive = RedriveExecution {
                execution_arn: arn.clone(),
                client_token: None,
            };
            engine.redrive_execution(redrive).await.expect("redriven");
            ended = engine.wait(&arn).await.expect("it ends");
        }
    }
    let events = engine.events_since(&arn, 0).await.expect("a history");
    (engine, events)
}

/// What must hold of any history that has ended.
fn check(events: &[HistoryEvent], definition: &Value) {
    let mut entered = 0;
    let mut left = 0;
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event.id, index as u64 + 1, "{definition:#}");
        assert!(
            event.previous_event_id < event.id,
            "{event:?}\n{definition:#}"
        );
        let cause = event
            .previous_event_id
            .checked_sub(1)
            .map(|at| &events[at as usize]);
        match &event.details {
            EventDetails::StateEntered { .. } => entered += 1,
            EventDetails::StateExited { .. } => left += 1,
            _ => {}
        }
        assert!(
            cause.is_none_or(|cause| cause.timestamp <= event.timestamp),
            "{event:?} before its cause\n{definition:#}"
        );
    }
    assert!(
        left <= entered,
        "more states were left than entered\n{definition:#}"
    );
    let last = events.last().expect("a history is never empty");
    assert!(
        matches!(last.event_type(), "ExecutionSucceeded" | "ExecutionFailed"),
        "{last:?}"
    );
    let is_redrive = |event: &HistoryEvent| event.event_type() == "ExecutionRedriven";
    // What a failure had cut off is left after a redrive.
    if last.event_type() == "ExecutionSucceeded" && !events.iter().any(is_redrive) {
        let pairs = |wanted: StateType| {
            events.iter().fold(0i64, |sum, event| match &event.details {
                EventDetails::StateEntered { state_type, .. } if *state_type == wanted => sum + 1,
                EventDetails::StateExited { state_type, .. } if *state_type == wanted => sum - 1,
                EventDetails::StateAborted(state_type) if *state_type == wanted => sum - 1,
                _ => sum,
            })
        };
        assert!(
            pairs(StateType::Wait) >= 0,
            "a Wait ended twice\n{definition:#}"
        );
    }
}

#[tokio::test]
async fn any_machine_ends_with_a_whole_history_and_can_be_told_again() {
    let mut succeeded = 0;
    for seed in 0..MACHINES {
        let mut author = Author {
            random: Random::new(seed),
            states: 0,
        };
        let definition = author.flow(3);
        let store = MemoryStore::default();
        let (engine, events) = run(&definition, &store, seed).await;
        check(&events, &definition);
        succeeded += u64::from(
            events
                .last()
                .is_some_and(|last| last.event_type() == "ExecutionSucceeded"),
        );

        let (_, again) = run(&definition, &MemoryStore::default(), seed).await;
        assert_eq!(events, again, "the same seed\n{definition:#}");

        drop(engine);
        let told = Engine::builder()
            .clock(TestClock::manual())
            .store(store)
            .start()
            .expect("it can be told");
        let arn = "arn:aws:states:us-east-1:123456789012:execution:m:e";
        let again = told.events_since(arn, 0).await.expect("a history");
        assert_eq!(events, again, "told again\n{definition:#}");
    }
    // Neither end is rare, or the machines would show little.
    assert!(
        (MACHINES / 8..MACHINES * 7 / 8).contains(&succeeded),
        "{succeeded} of {MACHINES} succeeded"
    );
}
