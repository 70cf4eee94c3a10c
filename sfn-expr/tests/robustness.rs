//! No text makes a parser panic, nor an evaluation of what was parsed.

use proptest::prelude::*;
use serde_json::{Value, json};
use sfn_expr::{Environment, Scope, intrinsic, jsonata, path, template};

struct Fixed;

impl Environment for Fixed {
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

/// Texts made of what the languages are made of, so that some of them parse.
fn pieces(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(pieces), 0..14)
        .prop_map(|pieces| pieces.concat())
}

const PATH: &[&str] = &[
    "$", "$$", "$x", ".", "..", "*", "[", "]", "['", "']", "[\"", "\"]", "a", "b", "0", "-1", ":",
    ",", "?", "(", ")", "@", "==", "!=", "=~", "/a.*/", "/(/", "&&", "||", "!", " ", "in", "'x'",
    "length()", "sum()", "index(0)", "\\", "ß", "[0]", "[*]", "[?(", ")]", "null", "{", "}",
    "1e999",
];

const CALL: &[&str] = &[
    "States.",
    "Array",
    "Format",
    "MathAdd",
    "ArrayRange",
    "StringToJson",
    "MathRandom",
    "Base64Decode",
    "(",
    ")",
    ",",
    "'",
    "\\",
    "{}",
    "$",
    ".a",
    "1",
    "-",
    "9223372036854775807",
    "1e308",
    "true",
    "null",
    " ",
    "ß",
    "States.UUID()",
    "ArrayPartition",
    "'{}'",
    "$.a",
    "[",
    "]",
];

const JSONATA: &[&str] = &[
    "$states",
    ".input",
    ".a",
    "[",
    "]",
    "[0]",
    "(",
    ")",
    "{",
    "}",
    "\"k\"",
    ":",
    ",",
    ";",
    "$x",
    ":=",
    "function($i)",
    "$map",
    "$range",
    "$partition",
    "$random",
    "$parse",
    "$hash",
    "+",
    "-",
    "*",
    "/",
    "%",
    "&",
    "=",
    "!=",
    "<",
    "and",
    "or",
    "in",
    "?",
    "~>",
    "^",
    "@$i",
    "#$i",
    "|",
    "1",
    "0",
    "1e400",
    "'s'",
    "/re/",
    "//",
    "null",
    "true",
    " ",
    "..",
    "**",
    "$",
    "$$",
    "λ",
    "/*",
    "*/",
    "`q`",
    "\\u12",
    "$now()",
    "$uuid()",
];

fn evaluate_everything(text: &str) {
    let (input, context) = (
        json!({"a": [1, {"b": "x"}, null], "k": "v"}),
        json!({"State": {"Name": "s"}}),
    );
    let scope = Scope::new(&input, &context);
    if let Ok(path) = path::Path::parse(text) {
        drop(path.evaluate(&scope));
    }
    if let Ok(path) = path::ReferencePath::parse(text) {
        drop(path.set(&mut input.clone(), Value::Null));
    }
    if let Ok(call) = intrinsic::Call::parse(text) {
        drop(call.evaluate(&scope, &mut Fixed));
    }
    if let Ok(template) = template::Template::parse(&json!({"x.$": text})) {
        drop(template.evaluate(&scope, &mut Fixed));
    }
    if let Ok(expression) = jsonata::Expression::parse(text) {
        drop(expression.evaluate(&jsonata::Bindings::new(&input, &context), &mut Fixed));
    }
    drop(jsonata::Template::parse(&json!([format!("{{%{text}%}}")])));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        evaluate_everything(&text);
    }

    #[test]
    fn texts_like_paths(text in pieces(PATH)) {
        evaluate_everything(&text);
        evaluate_everything(&format!("$.a[?({text})]"));
    }

    #[test]
    fn texts_like_calls(text in pieces(CALL)) {
        evaluate_everything(&text);
        evaluate_everything(&format!("States.Array({text})"));
    }

    #[test]
    fn texts_like_jsonata(text in pieces(JSONATA)) {
        evaluate_everything(&text);
    }
}

#[test]
fn deep_nesting_is_an_error() {
    for text in [
        "[".repeat(10_000),
        format!("$[?({}", "(".repeat(10_000)),
        format!("$[?({}@.a", "!".repeat(10_000)),
        format!("$[?(@.a == {}", "[".repeat(10_000)),
        format!("$[?({}", "@[?(".repeat(10_000)),
        "States.Array(".repeat(10_000),
        "(".repeat(10_000),
        format!("{}1", "-".repeat(10_000)),
        vec!["1"; 10_000].join("+"),
    ] {
        evaluate_everything(&text);
    }
}
