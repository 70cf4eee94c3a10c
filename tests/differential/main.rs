//! Generated machines and expressions: here they must end, and end the same each time. `tests/differential/run` runs them on other
//! interpreters as well and compares.
//!
//! `SFN_DIFFERENTIAL` names a folder that gets what was generated, with what we made of it. `SFN_DIFFERENTIAL_SEED` chooses
//! another run, `SFN_DIFFERENTIAL_MACHINES` and `SFN_DIFFERENTIAL_EXPRESSIONS` how many there are.

mod expression;
mod machine;

use std::path::Path;
use std::time::Duration;

use expression::Expressions;
use machine::Case;
use serde_json::{Map, Value, json};
use sfn_engine::api::{CreateStateMachine, StartExecution};
use sfn_engine::mock::MockConfig;
use sfn_engine::{Engine, TestClock, TestIds};
use sfn_expr::jsonata::{Bindings, EvalError, Expression, ParseError};
use sfn_tests::random::Random;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| {
        text.parse().expect("the variable holds a number")
    })
}

/// Writes a file into the folder that `SFN_DIFFERENTIAL` names, if it does.
fn keep(file: &str, text: &str) {
    if let Some(folder) = std::env::var_os("SFN_DIFFERENTIAL") {
        std::fs::write(Path::new(&folder).join(file), text).expect("the folder can be written");
    }
}

/// The mocks of a case as a `MockConfigFile`, test case `Generated`.
fn add_mocks(config: &mut Value, machine: &str, case: &Case) {
    let mut states = Map::new();
    for (state, answers) in &case.mocks {
        let answers = answers.as_array().expect("they are listed");
        let mut calls = Map::new();
        for (index, answer) in answers.iter().enumerate() {
            let last = index + 1 == answers.len();
            let call = if last {
                format!("{index}-999")
            } else {
                index.to_string()
            };
            calls.insert(call, answer.clone());
        }
        let name = format!("{machine}-{state}");
        config["MockedResponses"][&name] = Value::Object(calls);
        states.insert(state.clone(), json!(name));
    }
    config["StateMachines"][machine] = json!({ "TestCases": { "Generated": states } });
}

/// How an execution of the case ends.
async fn outcome(name: &str, case: &Case) -> Value {
    let mut config = json!({ "StateMachines": {}, "MockedResponses": {} });
    add_mocks(&mut config, name, case);
    let mocks = MockConfig::parse(&config.to_string()).expect("the mocks are well-formed");
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .ids(TestIds::default())
        .integrations(mocks)
        .start()
        .expect("there is a runtime");
    let machine = CreateStateMachine {
        role_arn: "arn:aws:iam::123456789012:role/r".to_owned(),
        ..CreateStateMachine::new(name, case.definition.to_string())
    };
    let created = match engine.create_state_machine(machine).await {
        Ok(created) => created,
        Err(error) => return json!({ "status": "REFUSED", "error": error.to_string() }),
    };
    let start = StartExecution::new(format!("{}#Generated", created.state_machine_arn));
    let started = engine
        .start_execution(start.input(case.input.to_string()))
        .await;
    let arn = started.expect("the input is JSON").execution_arn;
    let ended = tokio::time::timeout(Duration::from_secs(30), engine.wait(&arn)).await;
    let ended = ended.expect("it ends").expect("it exists");
    let output = ended.output.as_deref();
    let output: Option<Value> = output.map(|text| serde_json::from_str(text).expect("it is JSON"));
    let mut outcome = json!({ "status": ended.status.as_str() });
    if let Some(output) = output {
        outcome["output"] = output;
    }
    for (key, text) in [("error", ended.error), ("cause", ended.cause)] {
        if let Some(text) = text {
            outcome[key] = json!(&*text);
        }
    }
    outcome
}

#[test]
fn generated_machines_end_the_same_each_time() {
    let seed = number("SFN_DIFFERENTIAL_SEED", 1);
    let count = number("SFN_DIFFERENTIAL_MACHINES", 300);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime can be built");
    let (mut lines, mut succeeded) = (String::new(), 0);
    let mut config = json!({ "StateMachines": {}, "MockedResponses": {} });
    for index in 0..count {
        let jsonata = index % 2 == 1;
        let name = format!("m{index}");
        let case = machine::generate(seed.wrapping_mul(1_000_003).wrapping_add(index), jsonata);
        let ours = runtime.block_on(outcome(&name, &case));
        assert_eq!(
            ours,
            runtime.block_on(outcome(&name, &case)),
            "{}",
            case.definition
        );
        assert_ne!(
            ours["status"], "REFUSED",
            "{}\n{}",
            ours["error"], case.definition
        );
        succeeded += u64::from(ours["status"] == "SUCCEEDED");
        add_mocks(&mut config, &name, &case);
        let line = json!({
            "name": name, "language": if jsonata { "JSONata" } else { "JSONPath" },
            "definition": case.definition, "input": case.input, "mocks": case.mocks, "ours": ours,
        });
        lines.push_str(&format!("{line}\n"));
    }
    println!("{count} machines, {succeeded} succeed, SFN_DIFFERENTIAL_SEED={seed}");
    assert!(succeeded > count / 4, "too few of the machines succeed");
    keep("machines.jsonl", &lines);
    keep("mocks.json", &config.to_string());
}

/// A world in which nothing changes.
struct Fixed;

impl sfn_expr::Environment for Fixed {
    fn now_millis(&mut self) -> i64 {
        0
    }

    fn random(&mut self) -> f64 {
        0.5
    }

    fn uuid(&mut self) -> String {
        "6fa459ea-ee8a-4ca4-894e-db77e160355e".to_owned()
    }
}

fn value(text: &str, input: &Value) -> Value {
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(ParseError::Invalid { code, .. }) => return json!({ "refused": code }),
        Err(error) => return json!({ "refused": error.to_string() }),
    };
    match expression.evaluate(&Bindings::new(input, &Value::Null), &mut Fixed) {
        Ok(Some(value)) => json!({ "value": value }),
        Ok(None) => json!({ "nothing": true }),
        Err(EvalError::Thrown { code, message }) => json!({ "error": code, "message": message }),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

#[test]
fn generated_expressions_have_values() {
    let seed = number("SFN_DIFFERENTIAL_SEED", 1);
    let count = number("SFN_DIFFERENTIAL_EXPRESSIONS", 2000);
    let (mut lines, mut valued) = (String::new(), 0);
    for index in 0..count {
        let mut random = Random::new(seed.wrapping_mul(7_000_003).wrapping_add(index));
        let input = expression::document(&mut random);
        let names = expression::names("$states.input");
        let mut expressions = Expressions {
            random: &mut random,
            names: &names,
        };
        let text = expressions.any(4);
        let ours = value(&text, &input);
        valued += u64::from(ours.get("value").is_some());
        let line = json!({ "name": format!("e{index}"), "expression": text, "input": input, "ours": ours });
        lines.push_str(&format!("{line}\n"));
    }
    println!("{count} expressions, {valued} have a value, SFN_DIFFERENTIAL_SEED={seed}");
    assert!(
        valued > count / 2,
        "too few of the expressions have a value"
    );
    keep("expressions.jsonl", &lines);
}
