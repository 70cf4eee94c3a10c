//! Machines of one Pass state, evaluated by this crate alone, end as AWS was recorded to end them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sfn_expr::{Environment, Scope, jsonata, path, template};

struct Fixed;

impl Environment for Fixed {
    fn now_millis(&mut self) -> i64 {
        1_700_000_000_000
    }

    fn random(&mut self) -> f64 {
        0.5
    }

    fn uuid(&mut self) -> String {
        // What the recorder wrote for one.
        "generated-uuid".to_owned()
    }
}

fn cases() -> Option<PathBuf> {
    let root = std::env::var_os("SFN_CONFORMANCE").map_or_else(
        || {
            Path::new(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../shared/conformance"
            ))
            .to_owned()
        },
        PathBuf::from,
    );
    let folder = root.join("cases");
    folder.is_dir().then_some(folder)
}

fn context(case: &Value, state: &str) -> Value {
    let arn = case["execution_arn"].as_str().unwrap_or_default();
    let machine = case["state_machine"]["arn"].as_str().unwrap_or_default();
    let last = |arn: &str| arn.rsplit(':').next().unwrap_or_default().to_owned();
    json!({
        "Execution": {"Id": arn, "Input": case["input"], "Name": last(arn), "RoleArn": case["state_machine"]["role_arn"]},
        "StateMachine": {"Id": machine, "Name": last(machine)},
        "State": {"Name": state},
    })
}

/// What the state gives, or the cause it fails with; `None` when it holds more than expressions.
fn run(case: &Value, name: &str, state: &Value) -> Option<Result<Value, String>> {
    let (input, context) = (&case["input"], context(case, name));
    let language = state
        .get("QueryLanguage")
        .or_else(|| case["definition"].get("QueryLanguage"));
    if language.and_then(Value::as_str) == Some("JSONata") {
        let template = match jsonata::Template::parse(state.get("Output")?) {
            Ok(template) => template,
            Err(error) => return Some(Err(error.to_string())),
        };
        let bindings = jsonata::Bindings::new(input, &context);
        return Some(
            template
                .evaluate("Output", &bindings, &mut Fixed)
                .map_err(|failure| failure.to_string()),
        );
    }
    if state.get("ResultPath").is_some() || state.get("Assign").is_some() {
        return None;
    }
    let scope = Scope::new(input, &context);
    let filtered = |field: &str, data: &Value| -> Option<Result<Value, String>> {
        let text = match state.get(field) {
            None => "$",
            Some(text) => text.as_str()?,
        };
        let path = path::Path::parse(text).ok()?;
        let found = path
            .evaluate(&scope.with_input(data))
            .map(|value| value.into_owned());
        Some(found.map_err(|error| path::invalid_path(&path, &error)))
    };
    let data = match filtered("InputPath", input)? {
        Ok(data) => data,
        Err(cause) => return Some(Err(cause)),
    };
    let output = match (state.get("Result"), state.get("Parameters")) {
        (Some(result), _) => result.clone(),
        (None, Some(parameters)) => {
            let template =
                template::Template::parse(parameters).expect("the recorded template parses");
            match template.evaluate(&scope.with_input(&data), &mut Fixed) {
                Ok(output) => output,
                Err(error) => return Some(Err(error.to_string())),
            }
        }
        (None, None) => data,
    };
    filtered("OutputPath", &output)
}

#[test]
fn single_pass_states_end_as_recorded() {
    let Some(folder) = cases() else {
        println!("skipped: no conformance folder; set SFN_CONFORMANCE to run the recorded cases");
        return;
    };
    let (mut checked, mut wrong) = (0, Vec::new());
    let categories = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir());
    for file in categories
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
    {
        let text = fs::read_to_string(&file).unwrap();
        // Placeholders stand for what differs from run to run, and are not of the state's making here.
        let case: Value = serde_json::from_str(&text).unwrap();
        let expected = &case["expected"];
        let states = case["definition"]["States"].as_object();
        let Some((name, state)) = states
            .filter(|states| states.len() == 1)
            .and_then(|states| states.iter().next())
        else {
            continue;
        };
        if state["Type"] != "Pass" || case.get("skip").is_some() || expected["status"].is_null() {
            continue;
        }
        let Some(found) = run(&case, name, state) else {
            continue;
        };
        let same = match &found {
            Ok(output) => {
                let expected = &expected["output"];
                if expected.to_string().contains('<') {
                    continue;
                }
                // The recorder parsed what was a JSON text.
                let text = output.to_string();
                expected == output || expected.as_str() == Some(text.as_str())
            }
            Err(cause) => {
                let mut cause = format!(
                    "An error occurred while executing the state '{name}' (entered at the event id #2). {cause}"
                );
                // The recorder replaced the input's text.
                if expected["cause"]
                    .as_str()
                    .is_some_and(|text| text.contains("<json-input:1>"))
                {
                    cause = cause.replace(&case["input"].to_string(), "<json-input:1>");
                }
                expected["cause"] == cause
            }
        };
        checked += 1;
        if !same {
            wrong.push(format!(
                "{}: {found:?}, expected {expected}",
                file.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{checked} recorded cases checked");
    assert!(checked >= 50, "only {checked} cases were found");
}
