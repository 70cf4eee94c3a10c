//! What goes wrong silently elsewhere: each has a test of its own.

use serde_json::{Map, Value, json};
use sfn_expr::jsonata::Expression;
use sfn_runtime::{
    __private::both_ways,
    Payload,
    flow::{Checked, E, ops},
};

use crate::{
    kinds::{Order, Pair, Size},
    row::{evaluate, evaluate_leaves},
};

/// The expression's JSONata, and what it gives.
#[track_caller]
fn check(recorded: E<Checked>, variables: Value, jsonata: &str, expected: Option<Value>) {
    let text = ops::jsonata(&recorded).expect("it has JSONata");
    assert_eq!(text, jsonata);
    let variables = object(variables);
    let parsed = Expression::parse(&text).expect("it is JSONata");
    assert_eq!(evaluate(&parsed, &variables), expected, "{text}");
    let leaf = ops::leaf(&recorded).expect("it has JSONata");
    assert_eq!(evaluate_leaves(&leaf, &variables), expected, "{leaf}");
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

/// Why an expression has no JSONata.
#[track_caller]
fn refused(recorded: E<Checked>, code: &str, message: &str) {
    let fault = ops::jsonata(&recorded).expect_err("it has no JSONata");
    assert_eq!(fault.code(), Some(code), "{fault}");
    assert!(fault.to_string().contains(message), "{fault}");
}

#[test]
fn a_missing_field_is_none() {
    let (_, recorded) = both_ways!(|order: Order| order.tip);
    let jsonata = "$exists($order.tip) ? $order.tip : null";
    check(
        recorded(),
        json!({ "order": {} }),
        jsonata,
        Some(json!(null)),
    );
    check(
        recorded(),
        json!({ "order": { "tip": null } }),
        jsonata,
        Some(json!(null)),
    );
    let (_, recorded) = both_ways!(|order: Order| order.tip.is_none());
    let jsonata = "$not($exists($order.tip) and $order.tip != null)";
    check(
        recorded(),
        json!({ "order": {} }),
        jsonata,
        Some(json!(true)),
    );
    check(
        recorded(),
        json!({ "order": { "tip": null } }),
        jsonata,
        Some(json!(true)),
    );
}

#[test]
fn a_missing_field_with_a_default_is_the_default() {
    let (_, recorded) = both_ways!(|order: Order| order.priority + 1);
    check(
        recorded(),
        json!({ "order": {} }),
        "($exists($order.priority) ? $order.priority : 3) + 1",
        Some(json!(4)),
    );
    let (_, recorded) = both_ways!(|order: Order| order.tags.clone());
    check(
        recorded(),
        json!({ "order": {} }),
        "$exists($order.tags) ? $order.tags : []",
        Some(json!([])),
    );
}

#[test]
fn a_missing_field_that_must_be_there_fails_the_state() {
    let (_, recorded) = both_ways!(|order: Order| order.order_id);
    check(recorded(), json!({ "order": {} }), "$order.orderId", None);
}

#[test]
fn null_and_absent_are_equal_and_differ_from_all_else() {
    let (_, recorded) = both_ways!(|a: Option<u32>, b: Option<u32>| a == b);
    let jsonata = "($exists($a) ? $a : null) = ($exists($b) ? $b : null)";
    check(recorded(), json!({}), jsonata, Some(json!(true)));
    check(recorded(), json!({ "a": null }), jsonata, Some(json!(true)));
    check(recorded(), json!({ "b": 0 }), jsonata, Some(json!(false)));
    let (_, recorded) = both_ways!(|a: Option<u32>| a != Some(3));
    check(recorded(), json!({}), "$not($a = 3)", Some(json!(true)));
}

#[test]
fn a_list_of_one_stays_a_list() {
    let (_, recorded) = both_ways!(|list: Vec<u32>| list.iter().map(|n| n + 1).collect::<Vec<_>>());
    let jsonata = "[$map($list, function($n) { $n + 1 })]";
    check(
        recorded(),
        json!({ "list": [1] }),
        jsonata,
        Some(json!([2])),
    );
    check(recorded(), json!({ "list": [] }), jsonata, Some(json!([])));
    let (_, recorded) =
        both_ways!(|list: Vec<Vec<u32>>| list.iter().filter(|_| true).cloned().collect::<Vec<_>>());
    let kept = ops::jsonata(&recorded()).expect("it has JSONata");
    for list in [
        json!([]),
        json!([[]]),
        json!([[1]]),
        json!([[[1]]]),
        json!([[], []]),
    ] {
        check(recorded(), json!({ "list": list }), &kept, Some(list));
    }
}

#[test]
fn a_list_in_a_tuple_stays_a_list() {
    let (_, recorded) = both_ways!(|list: Vec<u32>| (list, 5));
    check(
        recorded(),
        json!({ "list": [1] }),
        "[[$list], 5]",
        Some(json!([[1], 5])),
    );
    let (_, recorded) = both_ways!(|pair: Pair| pair.0);
    check(
        recorded(),
        json!({ "pair": [[], null] }),
        "[$pair[0]]",
        Some(json!([])),
    );
}

#[test]
fn whole_numbers_divide_towards_zero() {
    let (_, recorded) = both_ways!(|a: u32| a / 2);
    check(
        recorded(),
        json!({ "a": 7 }),
        "$floor($a / 2)",
        Some(json!(3)),
    );
    let (_, recorded) = both_ways!(|a: i32| a / 2);
    let jsonata = "($quotient := $a / 2; $quotient < 0 ? $ceil($quotient) : $floor($quotient))";
    check(recorded(), json!({ "a": -7 }), jsonata, Some(json!(-3)));
    check(recorded(), json!({ "a": -1 }), jsonata, Some(json!(0)));
}

#[test]
fn a_division_by_zero_fails_the_state() {
    let (_, recorded) = both_ways!(|a: u32, b: u32| a / b);
    check(
        recorded(),
        json!({ "a": 7, "b": 0 }),
        "$b = 0 ? $error('attempt to divide by zero') : $floor($a / $b)",
        None,
    );
}

#[test]
fn numbers_beyond_doubles_pass_through_and_are_refused_as_constants() {
    let (_, recorded) = both_ways!(|id: u64| id);
    check(
        recorded(),
        json!({ "id": 9_007_199_254_740_993_u64 }),
        "$id",
        Some(json!(9_007_199_254_740_993_u64)),
    );
    let (_, recorded) = both_ways!(|id: u64| id == 9_007_199_254_740_993);
    refused(
        recorded(),
        "SFN0254",
        "JSONata would round 9007199254740993",
    );
    let (_, recorded) = both_ways!(|id: u64| id < u64::MAX);
    refused(recorded(), "SFN0254", "JSONata would round");
}

#[test]
fn a_number_as_text_keeps_its_digits() {
    let (_, recorded) = both_ways!(|id: u64| id.to_string());
    check(
        recorded(),
        json!({ "id": 9_007_199_254_740_991_u64 }),
        "$formatInteger($id, '0')",
        Some(json!("9007199254740991")),
    );
}

#[test]
fn an_enum_without_data_is_its_name() {
    let (_, recorded) = both_ways!(|size: Size| size == Size::ExtraLarge);
    check(
        recorded(),
        json!({ "size": "extra_large" }),
        "$size = 'extra_large'",
        Some(json!(true)),
    );
}

#[test]
fn names_hide_neither_functions_nor_variables() {
    let (_, recorded) =
        both_ways!(|list: Vec<u32>, n: u32| list.iter().map(|sum| sum + n).collect::<Vec<_>>());
    check(
        recorded(),
        json!({ "list": [1], "n": 2 }),
        "[$map($list, function($sum2) { $sum2 + $n })]",
        Some(json!([3])),
    );
    let (_, recorded) = both_ways!(|list: Vec<u32>, n: u32| list
        .iter()
        .map(|m| [n].iter().map(|n| n + m).sum::<u32>())
        .collect::<Vec<_>>());
    check(
        recorded(),
        json!({ "list": [1], "n": 2 }),
        "[$map($list, function($m) { $sum([$map([$n], function($n2) { $n2 + $m })]) })]",
        Some(json!([3])),
    );
}

#[test]
fn what_rust_and_jsonata_do_differently_is_refused() {
    let (_, recorded) = both_ways!(|text: String| text.len());
    refused(recorded(), "SFN0253", "counts bytes");
    let (_, recorded) = both_ways!(|number: f64| number.to_string());
    refused(recorded(), "SFN0259", "written differently");
    let (_, recorded) = both_ways!(|a: f32, b: f32| a * b);
    refused(recorded(), "SFN0260", "`f32`");
    let (_, recorded) = both_ways!(|a: Option<Option<u32>>| a.is_some());
    refused(recorded(), "SFN0257", "`Some(None)`");
    let (_, recorded) = both_ways!(|a: Order, b: Order| a == b);
    refused(recorded(), "SFN0258", "may leave `note` out");
    let (_, recorded) = both_ways!(|a: String, b: String| a.split(b.as_str()).count());
    refused(recorded(), "SFN0261", "constant that is not empty");
    let (_, recorded) = both_ways!(|a: std::net::IpAddr, b: std::net::IpAddr| a < b);
    refused(recorded(), "SFN0252", "two numbers or two texts");
    let (_, recorded) = both_ways!(|a: (u8, u8), b: (u8, u8)| a < b);
    refused(recorded(), "SFN0252", "two numbers or two texts");
    let (_, recorded) =
        both_ways!(|a: std::collections::BTreeSet<u8>, b: std::collections::BTreeSet<u8>| a == b);
    refused(recorded(), "SFN0256", "a set");
}

/// What a value's JSON does not hold.
#[test]
fn what_the_json_does_not_tell_is_refused() {
    #[derive(serde::Serialize, serde::Deserialize, Payload)]
    struct Shelf {
        #[serde(skip)]
        cache: u32,
        #[payload(opaque)]
        place: Place,
        contact: Contact,
    }
    #[derive(Debug, Default, Clone, serde::Serialize, serde::Deserialize)]
    struct Place {
        city: String,
    }
    #[derive(serde::Serialize, serde::Deserialize, Payload)]
    #[serde(untagged)]
    enum Contact {
        Mail(String),
        Phone(String),
    }
    let (_, recorded) = both_ways!(|shelf: Shelf| shelf.cache > 3);
    refused(recorded(), "SFN0250", "`cache` of `Shelf`");
    let (_, recorded) = both_ways!(|shelf: Shelf| shelf.place.city);
    refused(recorded(), "SFN0251", "`city`");
    let (_, recorded) = both_ways!(|shelf: Shelf| matches!(shelf.contact, Contact::Mail(_)));
    refused(recorded(), "SFN0255", "`Mail`");
}

#[test]
fn a_fault_tells_its_line() {
    let line = line!() + 1;
    let (_, recorded) = both_ways!(|text: String| text.len());
    let fault = ops::jsonata(&recorded()).expect_err("bytes are not counted");
    assert!(
        fault.to_string().starts_with(&format!("line {line}: ")),
        "{fault}"
    );
}

/// A payload whose JSON is not known.
#[test]
fn an_opaque_field_is_passed_on_and_not_looked_into() {
    #[derive(serde::Serialize, serde::Deserialize, Payload)]
    struct Report {
        #[payload(opaque)]
        raw: Value,
    }
    let (_, recorded) = both_ways!(|report: Report| report.raw);
    check(
        recorded(),
        json!({ "report": { "raw": { "a": [1] } } }),
        "$report.raw",
        Some(json!({ "a": [1] })),
    );
}
