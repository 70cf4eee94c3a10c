//! The cases of the JSONata reference implementation, where they are at hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::super::convert::Converter;
use super::super::evaluate::{self, Limits};
use super::super::{Bindings, EvalError, Expression, ParseError};
use super::Fixed;

/// Cases that need what Step Functions does not offer: a part of the expression, and the reason.
const NOT_OURS: &[(&str, &str)] = &[("$eval(", "Step Functions has no `$eval`")];

/// How many of the others must pass, of each hundred thousand, whichever part of the suite is at hand.
const FLOOR: usize = 99_000;

fn folder() -> Option<PathBuf> {
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
    let folder = root.join("jsonata");
    folder.is_dir().then_some(folder)
}

fn read(path: &Path) -> Value {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // Lone surrogates are no Unicode; such cases are not read.
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

#[test]
fn agrees_with_the_reference_implementation() {
    let Some(folder) = folder() else {
        println!(
            "skipped: no conformance folder; set SFN_CONFORMANCE to run the JSONata reference cases"
        );
        return;
    };
    let datasets: BTreeMap<String, Value> = sorted(&folder.join("datasets"))
        .iter()
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                read(path),
            )
        })
        .collect();
    let (mut passed, mut run, mut left_out, mut report) = (0, 0, 0, String::new());
    for group in sorted(&folder.join("groups")) {
        for file in sorted(&group)
            .into_iter()
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
        {
            let cases = match read(&file) {
                Value::Array(cases) => cases,
                case => vec![case],
            };
            for (i, case) in cases.iter().enumerate() {
                let name = format!(
                    "{}/{}#{i}",
                    group.file_name().unwrap().to_string_lossy(),
                    file.file_stem().unwrap().to_string_lossy()
                );
                if case.is_null()
                    || NOT_OURS
                        .iter()
                        .any(|(part, _)| expression(case, &group).contains(part))
                {
                    left_out += 1;
                    continue;
                }
                run += 1;
                match check(case, &group, &datasets) {
                    Ok(()) => passed += 1,
                    Err(difference) => writeln!(report, "{name}: {difference}").unwrap(),
                }
            }
        }
    }
    println!("{report}{passed} of {run} cases pass, {left_out} left out");
    assert!(
        passed * 100_000 >= run * FLOOR,
        "{passed} of {run} cases pass\n{report}"
    );
}

fn expression(case: &Value, group: &Path) -> String {
    match case["expr-file"].as_str() {
        Some(file) => fs::read_to_string(group.join(file)).unwrap(),
        None => case["expr"].as_str().unwrap().to_owned(),
    }
}

fn check(case: &Value, group: &Path, datasets: &BTreeMap<String, Value>) -> Result<(), String> {
    let expr = expression(case, group);
    let data = match (case.get("data"), case["dataset"].as_str()) {
        (Some(data), _) => Some(data),
        (None, Some(dataset)) => Some(&datasets[dataset]),
        (None, None) => None,
    };
    let found = evaluate(&expr, data, case);
    let matches = match (
        &found,
        case.get("code")
            .or_else(|| case.pointer("/error/code"))
            .and_then(Value::as_str),
    ) {
        (Err(code), Some(expected)) => code.as_str() == expected,
        (Ok(found), None) => match (found, case.get("result")) {
            (None, None) => true,
            (Some(found), Some(expected)) if case["unordered"] == true => {
                equal_unordered(found, expected)
            }
            (Some(found), Some(expected)) => close(found, expected),
            _ => false,
        },
        _ => false,
    };
    if matches {
        Ok(())
    } else {
        Err(format!("`{expr}` gave {found:?}, expected {case}"))
    }
}

fn evaluate(expr: &str, data: Option<&Value>, case: &Value) -> Result<Option<Value>, String> {
    let expression = Expression::parse_any(expr).map_err(|error| match error {
        ParseError::Invalid { code, .. } => code,
        unsupported => unsupported.to_string(),
    })?;
    let none = Map::new();
    let (null, context) = (Value::Null, Value::Object(Map::new()));
    let bindings = Bindings::new(&null, &context)
        .with_variables(case["bindings"].as_object().unwrap_or(&none));
    let limits = Limits {
        depth: case["depth"].as_u64().map(|depth| depth as usize),
        millis: case["timelimit"].as_u64(),
        sequence: None,
        bytes: None,
    };
    let data = data.map_or(jsonata_core::value::JValue::Undefined, |data| {
        Converter::default().whole(data)
    });
    evaluate::run(&expression.0, &data, &bindings, &mut Fixed, limits).map_err(
        |error| match error {
            EvalError::Thrown { code, .. } => code,
            EvalError::Limit { .. } => "U1001".to_owned(),
            EvalError::Function => "function".to_owned(),
        },
    )
}

fn equal_unordered(found: &Value, expected: &Value) -> bool {
    let (Some(found), Some(expected)) = (found.as_array(), expected.as_array()) else {
        return close(found, expected);
    };
    let mut left: Vec<&Value> = expected.iter().collect();
    found.len() == left.len()
        && found.iter().all(
            |item| match left.iter().position(|other| close(item, other)) {
                Some(at) => {
                    left.remove(at);
                    true
                }
                None => false,
            },
        )
}

/// Equality that forgives the last digits of a fraction, as the reference implementation's own runner does.
fn close(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => {
            let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
            found == expected || (found - expected).abs() <= 1e-14 * found.abs().max(expected.abs())
        }
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len()
                && found
                    .iter()
                    .zip(expected)
                    .all(|(found, expected)| close(found, expected))
        }
        (Value::Object(found), Value::Object(expected)) => {
            found.len() == expected.len()
                && found.iter().all(|(name, found)| {
                    expected
                        .get(name)
                        .is_some_and(|expected| close(found, expected))
                })
        }
        _ => found == expected,
    }
}
