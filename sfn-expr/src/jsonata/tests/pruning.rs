//! What an expression is given is as good as the whole.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::{Bindings, Expression};
use super::Fixed;
use super::bypass::document;

fn expression() -> impl Strategy<Value = String> {
    let root = prop_oneof![
        4 => Just("$states.input"),
        1 => Just("$states"),
        2 => Just("$v"),
        1 => Just("$states.context"),
        1 => Just("$states.result"),
    ];
    let step = prop_oneof![
        8 => prop_oneof![Just(".a"), Just(".b"), Just(".c"), Just(".input")],
        2 => prop_oneof![Just("[0]"), Just("[-1]"), Just("[a = 1]"), Just("[b]"), Just("[$.a = $v]"), Just("[]")],
        2 => prop_oneof![Just(".*"), Just(".**"), Just(".$"), Just(".(a)"), Just(".{\"k\": a, \"l\": %}"), Just(".[a, b]")],
        1 => prop_oneof![Just(".%"), Just("^(a)"), Just("{$string(a): b}"), Just("#$i"), Just("@$f"), Just(".$i"), Just(".$f")],
    ];
    let path = (root, proptest::collection::vec(step, 0..5))
        .prop_map(|(root, steps)| format!("{root}{}", steps.concat()));
    let whole = prop_oneof![
        8 => Just("@"),
        1 => Just("$count(@)"),
        1 => Just("$string(@)"),
        1 => Just("$keys(@)"),
        1 => Just("$map(@, function($x) { $x.a })"),
        1 => Just("($x := @; $x.b)"),
        1 => Just("@ ~> |$|{\"n\": 1}|"),
        1 => Just("[@, @]"),
        1 => Just("$merge([@])"),
        1 => Just("@ = $v"),
    ];
    (path, whole).prop_map(|(path, whole)| whole.replace('@', &path))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn gives_what_the_whole_gives(text in expression(), input in document(), other in document()) {
        let Ok(expression) = Expression::parse_any(&text) else { return Ok(()) };
        let context = json!({"a": other, "b": {"c": 1}});
        let mut variables = Map::new();
        variables.insert("v".to_owned(), other.clone());
        let bindings = Bindings::new(&input, &context).with_result(&other).with_variables(&variables);
        let found = expression.evaluate_fully(&bindings, &mut Fixed);
        let mut parsed = Arc::into_inner(expression.0).expect("it is not shared");
        parsed.needs = parsed.needs.whole();
        let expected = Expression(Arc::new(parsed)).evaluate_fully(&bindings, &mut Fixed);
        let told: Value = json!([input, other]);
        prop_assert_eq!(found, expected, "`{}` on {}", text, told);
    }
}
