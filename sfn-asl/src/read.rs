//! From text to model, reporting every fault on the way.
//!
//! The reader knows the language's shape: which fields there are, of which type, and which of them are required. What
//! the values mean together is for the checks. A state that cannot be read leaves a stand-in of its name behind, so
//! that one fault is not reported as many.

mod choice;
mod field;
mod map;
mod retry;
mod state;

use serde_json::Value;

use self::field::Fields;
use crate::code::Code;
use crate::diagnostic::{self, Diagnostic, Report};
use crate::json;
use crate::model::{Flow, QueryLanguage, State, StateMachine};
use crate::place::Place;

/// The name under which [`read_state`] reads a state that comes without one; AWS's `TestState` uses it, too.
pub const LONE_STATE: &str = "StateName";

/// How many bytes a definition may have.
pub const LARGEST_DEFINITION: usize = 1_048_576;

/// Reads a definition.
///
/// The machine is `None` only when the text is no JSON object. With errors among the diagnostics, the machine is what
/// could be understood: good for a diagram, not for running it. The checks are not run; see [`check_text`].
///
/// [`check_text`]: crate::check_text
///
/// ```
/// let (machine, found) = sfn_asl::read(r#"{ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true, "Coment": "" } } }"#);
/// assert_eq!(machine.unwrap().flow.start_at, "A");
/// assert_eq!(found[0].to_string(), "\
/// error[SFN-A005]: a Pass state has no field `Coment`
///   at /States/A/Coment (line 1, column 67)
///   help: `Comment` is meant, perhaps");
/// ```
#[must_use]
pub fn read(text: &str) -> (Option<StateMachine>, Vec<Diagnostic>) {
    let (machine, mut diagnostics) = parsed(text, |value, report| Some(machine(value, report)));
    diagnostic::locate(text, &mut diagnostics);
    (machine, diagnostics)
}

/// Reads a definition that has been parsed already.
///
/// Duplicate keys are gone by then, and diagnostics have a place but no position.
#[must_use]
pub fn from_value(value: &Value) -> (Option<StateMachine>, Vec<Diagnostic>) {
    let report = Report::default();
    let machine = object(value, &report, |value, report| Some(machine(value, report)));
    (machine, report.into_diagnostics())
}

/// Reads the definition of a single state, as `TestState` takes it; places begin with `/States/StateName`.
#[must_use]
pub fn read_state(text: &str) -> (Option<State>, Vec<Diagnostic>) {
    let (state, mut diagnostics) = parsed(text, |value, report| {
        Some(state::state(
            value,
            Place::root().then("States").then(LONE_STATE),
            report,
        ))
    });
    locate_state(text, &mut diagnostics);
    (state, diagnostics)
}

/// Says of each diagnostic where in the text of a lone state it stands.
///
/// The text begins at the state, so places lose what was put before them, just to be found.
pub(crate) fn locate_state(text: &str, diagnostics: &mut [Diagnostic]) {
    let mut within = diagnostics.to_vec();
    for diagnostic in &mut within {
        diagnostic.place = Place::from(diagnostic.place.segments().get(2..).unwrap_or_default());
    }
    diagnostic::locate(text, &mut within);
    for (diagnostic, within) in diagnostics.iter_mut().zip(within) {
        diagnostic.position = within.position;
    }
}

fn parsed<T>(
    text: &str,
    read: impl FnOnce(&serde_json::Map<String, Value>, &Report) -> Option<T>,
) -> (Option<T>, Vec<Diagnostic>) {
    let report = Report::default();
    let root = Place::root();
    if text.len() > LARGEST_DEFINITION {
        report.add(
            Diagnostic::error(
                Code::TooLarge,
                &root,
                format!(
                    "the definition has {} bytes, {LARGEST_DEFINITION} are allowed",
                    text.len()
                ),
            )
            .help("move parts of it into machines of their own, or data into S3"),
        );
    }
    if text.trim().is_empty() {
        report.add(not_an_object("the definition is empty"));
        return (None, report.into_diagnostics());
    }
    let parsed = match json::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let source = error.aws_source();
            let mut diagnostic = if error.too_deep {
                Diagnostic::error(Code::TooDeep, &root, error.to_string())
                    .says_as("TOO_DEEPLY_NESTED", error.to_string())
            } else {
                Diagnostic::error(
                    Code::InvalidJson,
                    &root,
                    format!("the text is no JSON: {error}"),
                )
                .says_as("INVALID_JSON_DESCRIPTION", error.aws_message())
            };
            diagnostic.position = Some(error.position);
            if let Some(aws) = &mut diagnostic.aws {
                aws.place = Some(source);
            }
            report.add(diagnostic);
            return (None, report.into_diagnostics());
        }
    };
    for place in &parsed.duplicates {
        report.add(duplicate_key(place));
    }
    let read = object(&parsed.value, &report, read);
    (read, report.into_diagnostics())
}

fn object<T>(
    value: &Value,
    report: &Report,
    read: impl FnOnce(&serde_json::Map<String, Value>, &Report) -> Option<T>,
) -> Option<T> {
    match value {
        Value::Object(map) => read(map, report),
        _ => {
            report.add(not_an_object("the definition is no JSON object"));
            None
        }
    }
}

fn not_an_object(message: &str) -> Diagnostic {
    Diagnostic::error(Code::NotAnObject, &Place::root(), message)
        .says("Definition must be a valid JSON object")
        .says_at(None)
        .help("the smallest one is {\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}")
}

/// Two states of one name in one flow are two states of one name; any other key twice is a slip AWS does not mention.
fn duplicate_key(place: &Place) -> Diagnostic {
    use crate::place::Segment;
    match place.segments() {
        [.., Segment::Key(states), Segment::Key(name)] if states == "States" => Diagnostic::error(
            Code::DuplicateStateName,
            place,
            format!("there are two states `{name}`"),
        )
        .says_as(
            "DUPLICATE_STATE_NAME",
            format!("Duplicate State name: {name}"),
        )
        .help("give one of them another name"),
        [.., Segment::Key(key)] => Diagnostic::warning(
            Code::DuplicateKey,
            place,
            format!("`{key}` is written twice; the last one counts"),
        )
        .help("remove one of them"),
        _ => Diagnostic::warning(
            Code::DuplicateKey,
            place,
            "a key is written twice; the last one counts",
        ),
    }
}

fn machine(map: &serde_json::Map<String, Value>, report: &Report) -> StateMachine {
    let mut fields = Fields::new(map, Place::root(), "a state machine", report);
    // AWS names them in this order.
    fields.require(&["States", "StartAt"]);
    let machine = StateMachine {
        query_language: query_language(&mut fields),
        version: version(&mut fields),
        timeout_seconds: fields.whole("TimeoutSeconds", 0),
        flow: flow(&mut fields),
    };
    fields.finish();
    machine
}

const QUERY_LANGUAGES: [(&str, QueryLanguage); 2] = [
    ("JSONPath", QueryLanguage::JsonPath),
    ("JSONata", QueryLanguage::Jsonata),
];

/// `QueryLanguage`; a word that is none is reported and taken for JSONata, as AWS takes it.
fn query_language(fields: &mut Fields<'_>) -> Option<QueryLanguage> {
    let language = fields.word("QueryLanguage", &QUERY_LANGUAGES);
    language.or_else(|| {
        fields
            .has("QueryLanguage")
            .then_some(QueryLanguage::Jsonata)
    })
}

fn version(fields: &mut Fields<'_>) -> Option<String> {
    fields.word("Version", &[("1.0", "1.0")]).map(str::to_owned)
}

/// The fields of a machine, a branch and an item processor that make it a flow.
fn flow(fields: &mut Fields<'_>) -> Flow {
    let mut flow = Flow {
        comment: fields.text("Comment"),
        start_at: fields.text("StartAt").unwrap_or_default(),
        ..Flow::default()
    };
    if let Some((states, at)) = fields.object("States") {
        for (name, value) in states {
            let at = at.then(name.as_str());
            let state = match value {
                Value::Object(map) => state::state(map, at, fields.report),
                other => {
                    fields.report.add(field::wrong_type(
                        &at,
                        &format!("state `{name}`"),
                        "an object",
                        other,
                    ));
                    state::stand_in()
                }
            };
            flow.states.insert(name.clone(), state);
        }
    }
    flow
}
