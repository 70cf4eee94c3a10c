//! The code of the guide's page on state machines: what it shows of states and graphs is what comes of it, and each
//! example ends alike as Rust and as states.
//!
//! `UPDATE_GUIDE=1` writes the code, states and graphs of the page anew.

mod examples;

use std::{fmt::Write as _, fs, path::Path};

use serde_json::Value;
use sfn_runtime::flow::SamplePlaces;

/// The code between two marks.
fn code(name: &str) -> String {
    let source = include_str!("guide/examples.rs");
    let begin = format!("// guide: {name}\n");
    let (_, rest) = source.split_once(&begin).expect("the mark is there");
    let (code, _) = rest.split_once("// guide: end").expect("it has an end");
    code.to_owned()
}

/// States in words: what each is, assigns and goes on to.
fn outline(states: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for (name, state) in states.as_object().into_iter().flatten() {
        let kind = state["Type"].as_str().unwrap_or_default();
        let next = match (&state["Next"], &state["End"]) {
            (Value::String(next), _) => format!(" -> {next}"),
            (_, Value::Bool(true)) => ", the end".to_owned(),
            _ => String::new(),
        };
        let _ = writeln!(text, "{indent}{name}: {kind}{next}");
        for choice in state["Choices"].as_array().into_iter().flatten() {
            let (condition, next) = (&choice["Condition"], &choice["Next"]);
            let _ = writeln!(text, "{indent}  if {} -> {}", bare(condition), bare(next));
            if !choice["Output"].is_null() {
                let _ = writeln!(text, "{indent}  Output: {}", bare(&choice["Output"]));
            }
            assigns(choice, &indent, text);
        }
        if let Value::String(default) = &state["Default"] {
            let _ = writeln!(text, "{indent}  else -> {default}");
        }
        for field in [
            "Seconds",
            "Items",
            "MaxConcurrency",
            "TimeoutSeconds",
            "Error",
            "Cause",
            "Output",
        ] {
            if !state[field].is_null() {
                let _ = writeln!(text, "{indent}  {field}: {}", bare(&state[field]));
            }
        }
        // Of a step, of another state machine, of a service.
        let all = &state["Arguments"];
        let arguments = [&all["input"], &all["Input"], all]
            .into_iter()
            .find(|arguments| !arguments.is_null())
            .unwrap_or(all);
        for (name, value) in arguments.as_object().into_iter().flatten() {
            if !name.starts_with("AWS_") {
                let _ = writeln!(text, "{indent}  {name}: {}", bare(value));
            }
        }
        assigns(state, &indent, text);
        for catch in state["Catch"].as_array().into_iter().flatten() {
            let names: Vec<String> = catch["ErrorEquals"]
                .as_array()
                .into_iter()
                .flatten()
                .map(bare)
                .collect();
            let _ = writeln!(
                text,
                "{indent}  catch {} -> {}",
                names.join(", "),
                bare(&catch["Next"])
            );
        }
        for branch in state["Branches"].as_array().into_iter().flatten() {
            outline(&branch["States"], depth + 1, text);
        }
        outline(&state["ItemProcessor"]["States"], depth + 1, text);
    }
}

fn assigns(state: &Value, indent: &str, text: &mut String) {
    for (name, value) in state["Assign"].as_object().into_iter().flatten() {
        let _ = writeln!(text, "{indent}  ${name} := {}", bare(value));
    }
}

/// Without the marks of a text and of JSONata.
fn bare(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let inner = text
        .strip_prefix("{% ")
        .and_then(|text| text.strip_suffix(" %}"));
    inner.map_or(text.clone(), ToOwned::to_owned)
}

/// What the page shows of a state machine: its states and its graph.
fn shown(name: &str) -> String {
    let entry = sfn_runtime::registry::workflows()
        .expect("the registry is right")
        .into_iter()
        .find(|entry| entry.name == name || entry.name == name.replace('-', "_"))
        .unwrap_or_else(|| panic!("there is no `{name}`"));
    let machine = (entry.define)()
        .compile(&SamplePlaces::new("shop"))
        .unwrap_or_else(|error| panic!("`{name}`: {error}"));
    let mut states = String::new();
    outline(&machine.to_value()["States"], 0, &mut states);
    let graph = sfn_runtime::graph::Graph::of(name, &machine).mermaid(None);
    format!(
        "```text\n{states}```\n\n```mermaid\n{}\n```\n",
        graph.trim_end()
    )
}

#[test]
fn the_page_shows_what_comes_of_its_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/state-machines.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let mut written = String::new();
    let mut rest = page.as_str();
    // `<!-- show: name -->`, then the code and what comes of it, up to `<!-- end -->`.
    while let Some((before, behind)) = rest.split_once("<!-- show: ") {
        written.push_str(before);
        let (name, behind) = behind.split_once(" -->\n").expect("a mark has an end");
        let (_, behind) = behind
            .split_once("<!-- end -->")
            .expect("what is shown has an end");
        let fence = match name {
            "steps" => "rust",
            // Others call it.
            "order" => "rust,continues",
            _ => "rust,beside",
        };
        let _ = write!(
            written,
            "<!-- show: {name} -->\n```{fence}\n{}```\n",
            code(name)
        );
        if name != "steps" {
            let machine = match name {
                "order" => "process-order",
                "options" => "with_options",
                other => other,
            };
            let _ = write!(written, "\n{}", shown(machine));
        }
        written.push_str("<!-- end -->");
        rest = behind;
    }
    written.push_str(rest);
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        fs::write(&path, &written).expect("the page can be written");
    }
    assert!(
        page == written || std::env::var_os("UPDATE_GUIDE").is_some(),
        "the page is not up to date: write it anew with `UPDATE_GUIDE=1`, and read it"
    );
}
