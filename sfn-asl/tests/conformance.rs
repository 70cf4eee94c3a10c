//! The definitions recorded on AWS: what AWS took, we take; what it refused, we refuse in its words.

use std::path::{Path, PathBuf};

use serde_json::Value;
use sfn_asl::{ExecutionType, Severity, StateMachine, check_text, read};

/// The corpus, in this repository or beside it.
fn corpus() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .skip(1)
        .flat_map(|folder| {
            [
                folder.join("conformance/cases"),
                folder.join("shared/conformance/cases"),
            ]
        })
        .find(|folder| folder.is_dir())
}

fn cases() -> Vec<(PathBuf, Value)> {
    // Where the recordings are not, there is nothing to compare with.
    let Some(corpus) = corpus() else {
        return Vec::new();
    };
    let mut files = Vec::new();
    let mut folders = vec![corpus];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).expect("a case");
            (file, serde_json::from_str(&text).expect("a case is JSON"))
        })
        .collect()
}

#[track_caller]
fn round_trip(name: &Path, machine: &StateMachine) {
    for written in [machine.to_string(), machine.to_string_pretty()] {
        let (again, found) = read(&written);
        assert_eq!(again.as_ref(), Some(machine), "{}", name.display());
        assert!(found.is_empty(), "{}: {found:?}", name.display());
    }
}

#[test]
fn reads_what_aws_ran() {
    // Some recordings kept no definition.
    for (name, case) in cases()
        .iter()
        .filter(|(_, case)| case["definition"].is_object())
    {
        let definition = serde_json::to_string_pretty(&case["definition"]).expect("JSON");
        let (machine, found) = read(&definition);
        let errors: Vec<String> = found
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .map(ToString::to_string)
            .collect();
        assert!(
            errors.is_empty(),
            "{}:\n{}",
            name.display(),
            errors.join("\n")
        );
        round_trip(name, &machine.expect("a machine"));
    }
}

/// What a call of the API got for a definition, where it was recorded.
fn answers(case: &Value) -> Vec<(String, String, &Value)> {
    let mut answers = Vec::new();
    for call in case["calls"].as_array().into_iter().flatten() {
        let operation = call["operation"].as_str().unwrap_or_default();
        let Some(definition) = call["params"]["definition"].as_str() else {
            continue;
        };
        answers.push((operation.to_owned(), definition.to_owned(), call));
    }
    answers
}

#[test]
fn checks_find_nothing_in_what_aws_ran() {
    for (name, case) in cases()
        .iter()
        .filter(|(_, case)| case["definition"].is_object())
    {
        let definition = serde_json::to_string_pretty(&case["definition"]).expect("JSON");
        let (_, found) = check_text(&definition, machine_type(&case["state_machine"]["type"]));
        let errors: Vec<String> = found
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .map(ToString::to_string)
            .collect();
        assert!(
            errors.is_empty(),
            "{}:\n{}",
            name.display(),
            errors.join("\n")
        );
    }
}

fn machine_type(value: &Value) -> ExecutionType {
    if value == "EXPRESS" {
        ExecutionType::Express
    } else {
        ExecutionType::Standard
    }
}

#[test]
fn refuses_what_aws_refused() {
    let mut compared = 0;
    for (name, case) in &cases() {
        for (operation, definition, call) in answers(case) {
            let expected = &call["expected"];
            let machine_type = machine_type(&call["params"]["type"]);
            let found = if operation == "TestState" && call["params"]["stateName"].is_null() {
                sfn_asl::check_state_text(&definition).1
            } else {
                check_text(&definition, machine_type).1
            };
            match operation.as_str() {
                "CreateStateMachine" | "UpdateStateMachine" | "TestState" => {
                    let message = expected["error"]["message"].as_str().unwrap_or_default();
                    if message.starts_with("Invalid State Machine Definition") {
                        assert_eq!(
                            sfn_asl::invalid_definition(&found).as_deref(),
                            Some(message),
                            "{}",
                            name.display()
                        );
                        compared += 1;
                    }
                }
                "ValidateStateMachineDefinition" => {
                    let Some(diagnostics) = expected["result"]["diagnostics"].as_array() else {
                        continue;
                    };
                    let ours: Vec<Value> = found
                        .iter()
                        .filter(|found| found.severity == Severity::Error)
                        .filter_map(|found| {
                            let aws = found.aws.as_ref()?;
                            let mut said = serde_json::json!({
                                "severity": "ERROR", "code": aws.code, "message": aws.message
                            });
                            if let Some(place) = &aws.place {
                                said["location"] = place.as_str().into();
                            }
                            Some(said)
                        })
                        .collect();
                    assert_eq!(&ours, diagnostics, "{}", name.display());
                    compared += 1;
                }
                _ => {}
            }
        }
    }
    if corpus().is_some() {
        assert!(compared > 10, "only {compared} answers were compared");
    }
}
