//! What is evaluated on the data itself comes out as the evaluator has it.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::plain::{Outcome, Plain};
use super::super::{Bindings, Expression};
use super::Fixed;
use crate::equality::equal;

pub(super) fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3i64..4).prop_map(Value::from),
        prop_oneof![Just(0.5), Just(-1.25), Just(1e17)].prop_map(Value::from),
        prop_oneof![Just(""), Just("a"), Just("ß"), Just("10")].prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((prop_oneof![Just("a"), Just("b"), Just("c")], inner), 0..4)
                .prop_map(|members| Value::Object(
                    members
                        .into_iter()
                        .map(|(name, v)| (name.to_owned(), v))
                        .collect()
                )),
        ]
    })
}

fn path() -> impl Strategy<Value = String> {
    let root = prop_oneof![
        4 => Just("$states.input"),
        2 => Just("$v"),
        1 => Just("$states.result"),
        1 => Just("$states.errorOutput"),
        1 => Just("$states.context.a"),
        1 => Just("$states.context.z"),
    ];
    let step = prop_oneof![
        6 => prop_oneof![Just(".a"), Just(".b"), Just(".c")].prop_map(str::to_owned),
        2 => (-2i64..3).prop_map(|index| format!("[{index}]")),
    ];
    (root, proptest::collection::vec(step, 0..4))
        .prop_map(|(root, steps)| format!("{root}{}", steps.concat()))
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        5 => path(),
        1 => (-2i64..4).prop_map(|n| n.to_string()),
        1 => prop_oneof![Just("\"a\""), Just("\"\""), Just("true"), Just("false"), Just("null"), Just("0.5")]
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let operator = prop_oneof![
            Just("="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">="), Just("+"), Just("-"), Just("*"),
            Just("/"), Just("%"), Just("and"), Just("or"), Just("&"), Just("in"),
        ];
        let function = proptest::sample::select(vec![
            "exists", "count", "not", "string", "length", "uppercase", "lowercase", "abs", "floor", "ceil", "sum",
            "max", "min", "parse",
        ]);
        prop_oneof![
            6 => (inner.clone(), operator, inner.clone()).prop_map(|(l, op, r)| format!("({l} {op} {r})")),
            1 => inner.clone().prop_map(|e| format!("-({e})")),
            4 => (function, inner.clone()).prop_map(|(f, e)| format!("${f}({e})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(c, t, e)| format!("({c} ? {t} : {e})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(c, t)| format!("({c} ? {t})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{\"x\": {a}, \"y\": {b}}}")),
            1 => proptest::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
        ]
    })
}

/// Both ways agree, wherever the simple one is sure.
fn check(text: &str, input: &Value, other: &Value) -> Result<(), TestCaseError> {
    let expression = Expression::parse(text).unwrap();
    let context = json!({"a": other, "b": 1});
    let mut variables = Map::new();
    variables.insert("v".to_owned(), other.clone());
    let bindings = Bindings::new(input, &context)
        .with_result(other)
        .with_variables(&variables);
    let plain = Plain::of(&expression.0.ast);
    prop_assert!(plain.is_some(), "`{}` is not simple", text);
    if let Some(plain) = plain
        && let Outcome::Known(found) = plain.evaluate(&bindings)
    {
        let expected = expression.evaluate_fully(&bindings, &mut Fixed);
        // By value: one and the same number may be written in two ways.
        let same = match (&found, &expected) {
            (Some(found), Ok(Some(expected))) => equal(found, expected),
            (None, Ok(None)) => true,
            _ => false,
        };
        prop_assert!(
            same,
            "`{}` on {} and {} gave {:?}, not {:?}",
            text,
            input,
            other,
            found,
            expected
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn paths(text in path(), input in document(), other in document()) {
        check(&text, &input, &other)?;
    }

    #[test]
    fn expressions(text in expression(), input in document(), other in document()) {
        check(&text, &input, &other)?;
    }
}

#[test]
fn keeps_integers_that_no_double_holds() {
    let input = json!({"id": 9_007_199_254_740_993i64, "ids": [9_007_199_254_740_993i64]});
    let context = json!({});
    let bindings = Bindings::new(&input, &context);
    for (text, expected) in [
        ("$states.input.id", json!(9_007_199_254_740_993i64)),
        ("$states.input.ids[0]", json!(9_007_199_254_740_993i64)),
        ("$states.input.ids", json!([9_007_199_254_740_993i64])),
        ("$states.input.id + 1", json!(9_007_199_254_740_994i64)),
        ("$states.input.id = $states.input.id - 1", json!(false)),
        (
            "{\"id\": $states.input.id}",
            json!({"id": 9_007_199_254_740_993i64}),
        ),
        ("\"x\" & $states.input.id", json!("x9007199254740993")),
        (
            "$parse('[9007199254740993]')",
            json!([9_007_199_254_740_993i64]),
        ),
        // These go through the evaluator, and come out as they went in.
        (
            "$merge([$states.input, {'x': 1}])",
            json!({"id": 9_007_199_254_740_993i64, "ids": [9_007_199_254_740_993i64], "x": 1}),
        ),
        (
            "$map([1, 2], function($i) { $states.input.id })[1]",
            json!(9_007_199_254_740_993i64),
        ),
        (
            "$parse('{\"a\": 9007199254740993}').a",
            json!(9_007_199_254_740_993i64),
        ),
    ] {
        let found = Expression::parse(text)
            .unwrap()
            .evaluate(&bindings, &mut Fixed);
        assert_eq!(found, Ok(Some(expected)), "{text}");
    }
}
