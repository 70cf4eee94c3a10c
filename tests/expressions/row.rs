//! One row: an expression in both languages, and the values on which they must agree.

use std::{
    cell::Cell,
    fs,
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Once,
};

use proptest::{
    strategy::{BoxedStrategy, Strategy},
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sfn_expr::{
    Environment,
    jsonata::{Bindings, Expression, expression_in},
};
use sfn_runtime::flow::{Checked, E, ops};

use crate::kinds::Generate;

/// How many values a row is given unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 48;

/// The rows of a section.
pub(crate) struct Rows {
    section: &'static str,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Row {
    /// As the source has it.
    pub(crate) rust: String,
    /// The parameters with their types.
    pub(crate) of: String,
    recorded: E<Checked>,
    /// A generated case: the variables, and what Rust gives.
    cases: BoxedStrategy<Case>,
    pub(crate) note: &'static str,
}

#[derive(Debug, Clone)]
struct Case {
    variables: Map<String, Value>,
    given: Given,
}

#[derive(Debug, Clone)]
enum Given {
    Value(Value),
    Panic,
    /// A number has become too large.
    Overflow,
}

/// `row!(rows, |a: u8, b: u8| a + b)`, and perhaps a note for the page.
macro_rules! row {
    ($rows:ident, | $($name:ident : $ty:ty),* | $body:expr $(, $note:literal)?) => {{
        let note = concat!("" $(, $note)?);
        let (rust, recorded) =
            sfn_runtime::__private::both_ways!(|$($name: $ty),*| $body);
        $rows.add(
            stringify!($body),
            &[$(concat!(stringify!($name), ": ", stringify!($ty))),*],
            &[$(stringify!($name)),*],
            recorded(),
            note,
            // rustc infers the parameters' types from the closure's own.
            move |($($name,)*): ($($ty,)*)| rust($($name),*),
        );
    }};
}
pub(crate) use row;

impl Rows {
    pub(crate) fn of(section: &'static str) -> Self {
        let (_, fill) = crate::SECTIONS
            .iter()
            .find(|(name, _)| *name == section)
            .expect("the section is one of the list");
        let mut rows = Rows {
            section,
            rows: Vec::new(),
        };
        fill(&mut rows);
        rows
    }

    pub(crate) fn add<A, R>(
        &mut self,
        rust: &str,
        of: &[&str],
        names: &'static [&'static str],
        recorded: E<Checked>,
        note: &'static str,
        function: impl Fn(A) -> R + 'static,
    ) where
        A: Generate + Serialize + Clone + 'static,
        R: Serialize,
    {
        let cases = A::strategy().prop_map(move |arguments| {
            let values = serde_json::to_value(&arguments).expect("the arguments are JSON");
            let values = values.as_array().cloned().unwrap_or_default();
            let variables = names.iter().map(|name| (*name).to_owned()).zip(values);
            let given = match quietly(|| function(arguments)) {
                Ok(value) => {
                    Given::Value(serde_json::to_value(&value).expect("the result is JSON"))
                }
                Err(panic) if panic.contains("overflow") => Given::Overflow,
                Err(_) => Given::Panic,
            };
            Case {
                variables: variables.collect(),
                given,
            }
        });
        self.rows.push(Row {
            rust: tidy(rust),
            of: of.join(", "),
            recorded,
            cases: cases.boxed(),
            note,
        });
    }
}

impl Row {
    pub(crate) fn jsonata(&self) -> String {
        ops::jsonata(&self.recorded)
            .unwrap_or_else(|fault| panic!("`{}` has no JSONata: {fault}", self.rust))
    }
}

/// Compares all rows of a section, and writes their cases for other implementations where it is asked to.
#[track_caller]
pub(crate) fn check(section: &'static str) {
    let rows = Rows::of(section);
    let mut failures = Vec::new();
    let file = export(rows.section);
    for row in &rows.rows {
        let text = row.jsonata();
        let whole = Expression::parse(&text)
            .unwrap_or_else(|error| panic!("`{}` became `{text}`: {error}", row.rust));
        let leaf = ops::leaf(&row.recorded).expect("its JSONata was written above");
        let config = Config {
            cases: std::env::var("PROPTEST_CASES")
                .ok()
                .and_then(|cases| cases.parse().ok())
                .unwrap_or(CASES),
            failure_persistence: None,
            ..Config::default()
        };
        // The same values in every run: a failure is one for everybody.
        let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(config, random);
        let result = runner.run(&row.cases, |case| {
            if let Some(file) = &mut *file.borrow_mut() {
                write(file, row, &text, &case);
            }
            compare(&case, evaluate(&whole, &case.variables), &text)?;
            compare(
                &case,
                evaluate_leaves(&leaf, &case.variables),
                &leaf.to_string(),
            )
        });
        if let Err(error) = result {
            failures.push(format!("`{}`\n{error}", row.rust));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn compare(case: &Case, found: Option<Value>, jsonata: &str) -> Result<(), TestCaseError> {
    let agrees = match (&case.given, &found) {
        (Given::Overflow, _) | (Given::Panic, None) => true,
        (Given::Value(expected), Some(found)) => same(expected, found),
        _ => false,
    };
    if agrees {
        return Ok(());
    }
    Err(TestCaseError::fail(format!(
        "{jsonata}\nwith {}\nRust: {:?}\nJSONata: {found:?}",
        Value::Object(case.variables.clone()),
        case.given
    )))
}

/// Equal as JSON: 2 and 2.0 are one number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

/// Its value; none where it fails or gives nothing, both of which fail a state.
pub(crate) fn evaluate(expression: &Expression, variables: &Map<String, Value>) -> Option<Value> {
    let context = json!({});
    let bindings = Bindings::new(&Value::Null, &context).with_variables(variables);
    expression.evaluate(&bindings, &mut Nowhere).ok().flatten()
}

/// A leaf as a state has it: JSON, with expressions in it.
pub(crate) fn evaluate_leaves(leaf: &Value, variables: &Map<String, Value>) -> Option<Value> {
    match leaf {
        Value::String(text) => match expression_in(text) {
            Some(expression) => {
                let parsed = Expression::parse(expression)
                    .unwrap_or_else(|error| panic!("`{expression}`: {error}"));
                evaluate(&parsed, variables)
            }
            None => Some(leaf.clone()),
        },
        Value::Array(items) => items
            .iter()
            .map(|item| evaluate_leaves(item, variables))
            .collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| Some((key.clone(), evaluate_leaves(value, variables)?)));
            members.collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        other => Some(other.clone()),
    }
}

struct Nowhere;

impl Environment for Nowhere {
    fn now_millis(&mut self) -> i64 {
        0
    }

    fn random(&mut self) -> f64 {
        0.0
    }

    fn uuid(&mut self) -> String {
        String::new()
    }
}

/// Calls a function that may panic, without the panic being printed.
fn quietly<R>(call: impl FnOnce() -> R) -> Result<R, String> {
    thread_local! {
        static QUIET: Cell<bool> = const { Cell::new(false) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(call));
    QUIET.set(false);
    result.map_err(|panic| match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .unwrap_or_default(),
    })
}

/// Where the cases go that other implementations are given.
fn export(section: &str) -> std::cell::RefCell<Option<fs::File>> {
    let file = std::env::var_os("SFN_EXPRESSIONS").map(|folder| {
        let name: String = section
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let path = PathBuf::from(folder).join(format!("{name}.jsonl"));
        fs::File::create(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    });
    std::cell::RefCell::new(file)
}

fn write(file: &mut fs::File, row: &Row, expression: &str, case: &Case) {
    let line = match &case.given {
        Given::Overflow => return,
        Given::Panic => json!({
            "rust": row.rust, "expression": expression, "variables": case.variables, "fails": true,
        }),
        Given::Value(value) => json!({
            "rust": row.rust, "expression": expression, "variables": case.variables, "expected": value,
        }),
    };
    writeln!(file, "{line}").expect("the file can be written");
}

/// The source on one line, without the blanks that `stringify!` leaves.
fn tidy(rust: &str) -> String {
    let words: Vec<&str> = rust.split_whitespace().collect();
    words.join(" ")
}
