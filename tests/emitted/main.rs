//! What the examples emit, with every step on Lambda, on the engine alone: each ends as its page says, and its transitions do
//! not depend on where its steps run. `tests/differential/run` has a second interpreter run the same definitions, and compares.
//!
//! Steps run for real once, here; what they gave, call by call, is what the other interpreter is told that they give. So that
//! there is one order of calls, items of maps go one after the other, and distributed maps are inline ones in what is compared;
//! that the distributed one ends alike is asserted here. What the other interpreter cannot do is arranged for it, in plain sight:
//! see `assigned_behind` and `Running::note`.
//!
//! `SFN_DIFFERENTIAL` names a folder that gets definitions, inputs, answers and ends.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use sfn_engine::{
    Answer, Engine, IntegrationCall, Integrations, Response, TestClock, TestIds,
    api::{CreateStateMachine, StartExecution},
};
use sfn_runtime::{
    Providers, StepMeta, TaskInput,
    flow::{Definition, MachineMeta, Place, Places, SamplePlaces, Unplaced},
};

/// Every step on Lambda; notes which there are.
#[derive(Default)]
struct OnLambda(RefCell<Vec<&'static StepMeta>>);

impl Places for OnLambda {
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
        self.0.borrow_mut().push(step);
        Ok(Place::Lambda {
            function: function(step),
        })
    }

    fn machine(&self, machine: &'static MachineMeta) -> Result<String, Unplaced> {
        SamplePlaces::new("emitted").machine(machine)
    }
}

/// Of Lambda functions, only some characters may be in a name.
fn function(step: &StepMeta) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = step.name.chars().map(plain).collect();
    format!("arn:aws:lambda:us-east-1:123456789012:function:{name}:1")
}

/// Runs the steps, and notes what each state was given.
struct Running {
    steps: Vec<&'static StepMeta>,
    providers: Providers,
    /// What whoever is waited for says.
    verdict: Value,
    answers: Mutex<BTreeMap<String, Vec<Value>>>,
}

struct Shared(Arc<Running>);

impl Running {
    /// What an attempt gave. One that was tried again is forgotten: the other interpreter asks for one answer a visit, and
    /// would fail again and again with the first.
    fn note(&self, state: &str, attempt: u32, answer: Value) {
        let mut answers = self.answers.lock().expect("nobody panics while holding it");
        let answers = answers.entry(state.to_owned()).or_default();
        if attempt > 0 {
            answers.pop();
        }
        answers.push(answer);
    }

    async fn answer(&self, state: &str, attempt: u32, mut arguments: Value) -> Answer {
        let wanted = arguments["FunctionName"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let step = self.steps.iter().find(|step| function(step) == wanted);
        let step = step.unwrap_or_else(|| panic!("nothing but steps is called, and not {wanted}"));
        let input = TaskInput::from_envelope(arguments["Payload"].take())
            .expect("it is an envelope")
            .with_providers(self.providers.clone());
        match (step.handler)(input).await {
            Ok(output) => {
                let given = json!({ "StatusCode": 200, "Payload": output });
                self.note(state, attempt, json!({ "Return": given }));
                Answer::Success(given.to_string())
            }
            Err(failure) => {
                let thrown = json!({ "Error": failure.error, "Cause": failure.cause });
                self.note(state, attempt, json!({ "Throw": thrown }));
                Answer::Failure {
                    error: Some(failure.error),
                    cause: Some(failure.cause),
                }
            }
        }
    }
}

impl Integrations for Shared {
    fn call(&self, call: &IntegrationCall) -> Option<Response> {
        if &*call.service != "lambda" {
            // Another state machine: the engine runs it.
            return None;
        }
        if call.task_token.is_some() {
            let verdict = self.0.verdict.clone();
            self.0
                .note(&call.state_name, call.attempt, json!({ "Return": verdict }));
            return Some(Response::Now(Answer::Success(verdict.to_string()).into()));
        }
        let (running, state) = (Arc::clone(&self.0), Arc::clone(&call.state_name));
        let attempt = call.attempt;
        let arguments = serde_json::from_str(&call.input).expect("it is JSON");
        Some(Response::Later(Box::pin(async move {
            running.answer(&state, attempt, arguments).await.into()
        })))
    }
}

/// What a Parallel state assigns, assigned by a state behind it: the other interpreter leaves it out.
fn assigned_behind(states: &mut serde_json::Map<String, Value>) {
    let mut behind = Vec::new();
    for (name, state) in states.iter_mut() {
        if state["Type"] != "Parallel" || state["Assign"].is_null() {
            continue;
        }
        let moved = json!({ "Assign": state["Assign"].take(), "Output": state["Output"].take() });
        let moved = moved.to_string();
        assert!(
            !moved.contains("$states.input"),
            "{name}: there it is another"
        );
        let mut pass = json(&moved.replace("$states.result", "$states.input"));
        pass["Type"] = json!("Pass");
        let pass_name = format!("behind {name}");
        let members = state.as_object_mut().expect("a state is an object");
        members.retain(|_, value| !value.is_null());
        for way in ["Next", "End"] {
            if let Some(value) = members.remove(way) {
                pass[way] = value;
            }
        }
        members.insert("Next".to_owned(), json!(pass_name));
        pass.as_object_mut()
            .expect("it was made as one")
            .retain(|_, value| !value.is_null());
        behind.push((pass_name, pass));
    }
    states.extend(behind);
}

/// One item after the other, and no map elsewhere.
fn one_by_one(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::Object(states)) = members.get_mut("States") {
                assigned_behind(states);
            }
            if members.get("Type") == Some(&json!("Map")) {
                members.insert("MaxConcurrency".to_owned(), json!(1));
                for field in [
                    "Label",
                    "ToleratedFailurePercentage",
                    "ToleratedFailureCount",
                ] {
                    members.remove(field);
                }
                members["ItemProcessor"]["ProcessorConfig"] = json!({ "Mode": "INLINE" });
            }
            members.values_mut().for_each(one_by_one);
        }
        Value::Array(items) => items.iter_mut().for_each(one_by_one),
        _ => {}
    }
}

/// A run of one machine.
struct Case {
    name: &'static str,
    machine: Definition,
    /// What it runs.
    nested: Vec<Definition>,
    input: Value,
    /// Values for the steps, made anew for each run.
    providers: fn() -> Providers,
    verdict: Value,
    ends: Result<Value, &'static str>,
}

/// How an execution ended, and what its tasks gave.
async fn run(case: &Case, edit: fn(&mut Value)) -> (Value, Value, BTreeMap<String, Vec<Value>>) {
    let places = OnLambda::default();
    let mut definitions = Vec::new();
    for machine in case.nested.iter().chain([&case.machine]) {
        let compiled = machine.compile(&places);
        let mut definition = compiled
            .unwrap_or_else(|error| panic!("{error}"))
            .to_value();
        edit(&mut definition);
        definitions.push((machine.name.to_string(), definition));
    }
    let running = Arc::new(Running {
        steps: places.0.into_inner(),
        providers: (case.providers)(),
        verdict: case.verdict.clone(),
        answers: Mutex::default(),
    });
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .ids(TestIds::default())
        .integrations(Shared(Arc::clone(&running)))
        .start()
        .expect("there is a runtime");
    let mut arn = String::new();
    for (name, definition) in &definitions {
        let create = CreateStateMachine {
            role_arn: "arn:aws:iam::123456789012:role/r".to_owned(),
            ..CreateStateMachine::new(name, definition.to_string())
        };
        let created = engine.create_state_machine(create).await;
        arn = created
            .unwrap_or_else(|error| panic!("{name}: {error}"))
            .state_machine_arn;
    }
    let start = StartExecution::new(arn).input(case.input.to_string());
    let started = engine
        .start_execution(start)
        .await
        .expect("the input is JSON");
    let ended = engine
        .wait(&started.execution_arn)
        .await
        .expect("it exists");
    let mut outcome = json!({ "status": ended.status.as_str() });
    if let Some(output) = &ended.output {
        outcome["output"] = serde_json::from_str(output).expect("it is JSON");
    }
    for (key, text) in [("error", &ended.error), ("cause", &ended.cause)] {
        if let Some(text) = text {
            outcome[key] = json!(&**text);
        }
    }
    let mut answers = running
        .answers
        .lock()
        .expect("nobody panics while holding it")
        .clone();
    if !case.nested.is_empty() {
        // What the machines within gave is in the history; what their own steps gave concerns them alone.
        answers = of_this_machine(&engine, &started.execution_arn, &definitions, answers).await;
    }
    let (_, definition) = definitions.pop().expect("the last is the machine");
    (definition, outcome, answers)
}

/// The answers to the tasks of the machine itself.
async fn of_this_machine(
    engine: &sfn_engine::Handle,
    execution: &str,
    definitions: &[(String, Value)],
    answers: BTreeMap<String, Vec<Value>>,
) -> BTreeMap<String, Vec<Value>> {
    let (_, machine) = definitions.last().expect("there is the machine");
    let own = machine["States"].as_object().expect("it has states");
    let mut answers: BTreeMap<String, Vec<Value>> = answers
        .into_iter()
        .filter(|(state, _)| own.contains_key(state))
        .collect();
    let events = engine.events_since(execution, 0).await.expect("it exists");
    let mut state = String::new();
    for event in events {
        let event = event.to_json();
        let kind = event["type"].as_str().unwrap_or_default().to_owned();
        if kind == "TaskStateEntered" {
            let details = &event["stateEnteredEventDetails"];
            state = details["name"].as_str().unwrap_or_default().to_owned();
        }
        let is_machine = |details: &Value| {
            let resource = details["resourceType"].as_str();
            resource == Some("states")
        };
        let (done, failed) = (
            &event["taskSucceededEventDetails"],
            &event["taskFailedEventDetails"],
        );
        let answer = if is_machine(done) {
            let output = done["output"].as_str().unwrap_or_default();
            let output: Value = serde_json::from_str(output).expect("it is JSON");
            json!({ "Return": output })
        } else if is_machine(failed) {
            json!({ "Throw": { "Error": failed["error"], "Cause": failed["cause"] } })
        } else {
            continue;
        };
        answers.entry(state.clone()).or_default().push(answer);
    }
    answers
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

fn providing<T: Clone + Send + Sync + 'static>(value: T) -> Providers {
    let mut providers = Providers::default();
    providers.insert(value);
    providers
}

fn cases() -> Vec<Case> {
    use order::shop::{Line, Order};
    let case = |name, machine, input, providers, ends| Case {
        name,
        machine,
        nested: Vec::new(),
        input,
        providers,
        verdict: Value::Null,
        ends,
    };
    let order = |sku: &str, quantity| {
        let order = Order {
            order_id: "A-1".to_owned(),
            customer: "Bob".to_owned(),
            lines: vec![Line {
                sku: sku.to_owned(),
                quantity,
                cents: 700,
            }],
        };
        serde_json::to_value(order).expect("it is JSON")
    };
    let orders = || order::process::process_order::WORKFLOW.definition();
    let desk: fn() -> Providers = || providing(order::desk::Desk::with_a_human());
    let oven: fn() -> Providers = || providing(pizza::kitchen::Oven::moody());
    let bureau: fn() -> Providers = || providing(credit::bureau::Bureau::busy(3));
    let quakes: fn() -> Providers = || {
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let landing = here.join("../examples/earthquakes/data");
        let lake = here.join("../target/tests/emitted");
        // There is none before the first run.
        let _ = std::fs::remove_dir_all(&lake);
        let mut providers = providing(earthquakes::lake::Lake::new(landing, lake));
        providers.insert(earthquakes::warehouse::Warehouse::quiet());
        providers
    };
    let post: fn() -> Providers = || providing(process_batch::mail::Post::default());
    let batch = || process_batch::campaign::process_batch::WORKFLOW.definition();
    let mut campaign = json(process_batch::CAMPAIGN);
    campaign["batches"] = json!(1);
    // Due at once: the engine's clock begins long before the story does.
    campaign["firstAt"] = json!("2020-01-01T09:00:00Z");
    let booking = || festival::plan::book_festival::WORKFLOW.definition();
    let booked = |guests: u32| json!({ "name": "Sound", "month": "07", "guests": guests });
    let nothing: fn() -> Providers = Providers::default;
    let served = json!({ "table": 12, "pizza": "32 cm with tomato, mozzarella, basil" });
    vec![
        case(
            "make-pizza",
            pizza::menu::MAKE_PIZZA.definition(),
            json(pizza::ORDER),
            oven,
            Ok(served),
        ),
        case(
            "tutorial-pizza",
            pizza::menu::TUTORIAL_PIZZA.definition(),
            json(pizza::ORDER),
            oven,
            Ok(json!({})),
        ),
        case(
            "credit-under",
            credit::machine::CREDIT.definition(),
            json(credit::UNDER),
            bureau,
            Ok(json!({ "granted": 3000 })),
        ),
        case(
            "credit-over",
            credit::machine::CREDIT.definition(),
            json(credit::OVER),
            bureau,
            Ok(json!({ "granted": 12000 })),
        ),
        case(
            "earthquakes",
            earthquakes::pipeline::EARTHQUAKES.definition(),
            json(earthquakes::INPUT),
            quakes,
            Ok(json!({})),
        ),
        case(
            "order-small",
            orders(),
            order("cup", 2),
            desk,
            Ok(json!({ "tracking": "A-1-1" })),
        ),
        case(
            "order-paid-back",
            orders(),
            order("unicorn", 1),
            desk,
            Ok(json!({ "tracking": null })),
        ),
        case(
            "order-too-many",
            orders(),
            order("samovar", 6),
            desk,
            Err("StockError.TooFew"),
        ),
        Case {
            verdict: json!({ "ok": true, "reason": "fine" }),
            ..case(
                "order-approved",
                orders(),
                json(order::ORDER),
                desk,
                Ok(json!({ "tracking": "A-1017-2" })),
            )
        },
        Case {
            verdict: json!({ "ok": false, "reason": "no" }),
            ..case(
                "order-rejected",
                orders(),
                json(order::ORDER),
                desk,
                Err("OrderError.Rejected"),
            )
        },
        Case {
            nested: vec![batch()],
            ..case(
                "campaign",
                process_batch::campaign::campaign::WORKFLOW.definition(),
                campaign,
                post,
                Ok(json!({ "sent": 8 })),
            )
        },
        case(
            "process-batch",
            batch(),
            json!({ "campaign": "spring", "due": "2026-05-04T09:00:00Z", "contacts": ["ada", "bob", "ivo"] }),
            post,
            Ok(json!({ "sent": 2 })),
        ),
        case(
            "driest-month",
            festival::plan::DRIEST_MONTH.definition(),
            json(festival::RECORD),
            nothing,
            Ok(json!({ "dryPercent": 91.1 })),
        ),
        case(
            "book-festival",
            booking(),
            booked(900),
            nothing,
            Ok(json!({ "guests": 900 })),
        ),
        case(
            "book-festival-too-many",
            booking(),
            booked(1800),
            nothing,
            Err("BookingError.TooMany"),
        ),
        Case {
            nested: vec![booking()],
            ..case(
                "festival",
                festival::plan::festival::WORKFLOW.definition(),
                json(festival::WISH),
                nothing,
                Ok(Value::Null),
            )
        },
    ]
}

#[tokio::test]
async fn each_ends_as_its_page_says() {
    let mut lines = String::new();
    let mut mocks = json!({ "StateMachines": {}, "MockedResponses": {} });
    for case in cases() {
        let name = case.name;
        let (definition, ours, answers) = run(&case, one_by_one).await;
        let mut ends = vec![&ours];
        let distributed;
        if name == "driest-month" {
            (_, distributed, _) = run(&case, |_| {}).await;
            ends.push(&distributed);
        }
        for ended in ends {
            match &case.ends {
                Ok(expected) => {
                    assert_eq!(ended["status"], "SUCCEEDED", "{name}: {ended}");
                    for (key, value) in expected.as_object().into_iter().flatten() {
                        assert_eq!(ended["output"][key], *value, "{name}: {ended}");
                    }
                }
                Err(error) => assert_eq!(ended["error"], *error, "{name}: {ended}"),
            }
        }
        let mut states = serde_json::Map::new();
        for (state, answers) in &answers {
            let response = format!("{name}-{state}");
            for (index, answer) in answers.iter().enumerate() {
                mocks["MockedResponses"][&response][index.to_string()] = answer.clone();
            }
            states.insert(state.clone(), json!(response));
        }
        mocks["StateMachines"][name] = json!({ "TestCases": { "Generated": states } });
        let line = json!({
            "name": name, "language": "JSONata", "definition": definition, "input": case.input,
            "mocks": answers, "ours": ours,
        });
        lines.push_str(&format!("{line}\n"));
    }
    if let Some(folder) = std::env::var_os("SFN_DIFFERENTIAL") {
        let folder = std::path::Path::new(&folder);
        for (file, text) in [
            ("examples.jsonl", lines),
            ("examples-mocks.json", mocks.to_string()),
        ] {
            std::fs::write(folder.join(file), text).expect("the folder can be written");
        }
    }
}
