//! What is written as JSONata means what the same tokens mean in Rust: on some thousand values, by both evaluators.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sfn_asl::{Condition, Kind as State, OrExpression};
use sfn_expr::{
    Environment,
    jsonata::{Bindings, Expression},
};
use sfn_runtime::{
    Payload, Workflow,
    flow::{Definition, SamplePlaces},
    workflow,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Parcel {
    weight_grams: u16,
    balance: i64,
    rate: f64,
    city: String,
    fragile: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    floor: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ceiling: Option<u8>,
    nick_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signed: Option<bool>,
    items: Vec<u8>,
    nested: Vec<Vec<u8>>,
    labels: BTreeMap<String, u8>,
    speed: Speed,
    content: Content,
    tagged: Tagged,
    inner: Inner,
    pair: (u8, String),
    id: Id,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Serialize, Deserialize, Payload)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
enum Speed {
    Slow,
    VeryFast,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "lowercase")]
enum Content {
    Empty,
    Letters(u8),
    Goods { worth: u8, kind: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Tagged {
    HomeDelivery { hour: u8 },
    PickUp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
struct Inner {
    #[serde(rename = "zip-code")]
    zip: String,
    #[serde(flatten)]
    more: More,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
struct More {
    depth: u8,
}

#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize, Deserialize, Payload)]
struct Id(u32);

/// Numbers from a seed, the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn small(&mut self) -> u8 {
        u8::try_from(self.below(4)).expect("it is below four")
    }

    fn text(&mut self) -> String {
        ["", "Rome", "it's", "a \"b\" \\", "%} {%", "é"]
            [usize::try_from(self.below(6)).expect("small")]
        .to_owned()
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| value(self))
    }

    fn list<T>(&mut self, mut value: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(3)).map(|_| value(self)).collect()
    }

    fn parcel(&mut self) -> Parcel {
        Parcel {
            weight_grams: self.small().into(),
            balance: i64::from(self.small()) - 2,
            rate: f64::from(self.small()) / 2.0,
            city: self.text(),
            fragile: self.below(2) == 0,
            floor: self.maybe(Self::small),
            ceiling: self.maybe(Self::small),
            nick_name: self.maybe(Self::text),
            signed: self.maybe(|dice| dice.below(2) == 0),
            items: self.list(Self::small),
            nested: self.list(|dice| dice.list(Self::small)),
            labels: self
                .list(|dice| (dice.text(), dice.small()))
                .into_iter()
                .collect(),
            speed: if self.below(2) == 0 {
                Speed::Slow
            } else {
                Speed::VeryFast
            },
            content: match self.below(3) {
                0 => Content::Empty,
                1 => Content::Letters(self.small()),
                _ => Content::Goods {
                    worth: self.small(),
                    kind: self.small(),
                },
            },
            tagged: match self.below(2) {
                0 => Tagged::HomeDelivery { hour: self.small() },
                _ => Tagged::PickUp,
            },
            inner: Inner {
                zip: self.text(),
                more: More {
                    depth: self.small(),
                },
            },
            pair: (self.small(), self.text()),
            id: Id(self.small().into()),
        }
    }
}

struct Still;

impl Environment for Still {
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

/// The value of an expression, by the evaluator for simple ones and by the general one.
fn evaluate(text: &str, input: &Value) -> Value {
    let context = json!({});
    let bindings = Bindings::new(input, &context);
    let inner = sfn_asl::expression(text)
        .unwrap_or_else(|| panic!("{text} is an expression"))
        .trim();
    let value = |text: &str| {
        Expression::parse(text)
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .evaluate(&bindings, &mut Still)
            .unwrap_or_else(|error| panic!("{text} on {input}: {error}"))
            .unwrap_or_else(|| panic!("{text} on {input} is undefined"))
    };
    let plain = value(inner);
    assert_eq!(
        plain,
        value(&format!("($unused := 0; {inner})")),
        "{text} on {input}"
    );
    plain
}

fn condition(definition: &Definition) -> String {
    let machine = definition
        .compile(&SamplePlaces::new("truth"))
        .unwrap_or_else(|error| panic!("{error}"));
    let Some(State::Choice(choice)) = machine.flow.states.values().next().map(|state| &state.kind)
    else {
        panic!("the first state is the choice");
    };
    match &choice.choices[0].condition {
        Condition::Jsonata(OrExpression::Expression(text)) => text.clone(),
        other => panic!("{other:?} is no expression"),
    }
}

#[track_caller]
fn check(definition: &Definition, rust: fn(&Parcel) -> bool) {
    let text = condition(definition);
    let mut dice = Dice(42);
    let mut seen = [false; 2];
    for _ in 0..400 {
        let parcel = dice.parcel();
        let input = serde_json::to_value(&parcel).expect("a parcel is JSON");
        let expected = rust(&parcel);
        assert_eq!(evaluate(&text, &input), expected, "{text} on {input}");
        seen[usize::from(expected)] = true;
    }
    assert_eq!(
        seen, [true; 2],
        "{text} is always the same: the values prove nothing"
    );
}

macro_rules! agree {
    ($($name:ident: |$it:ident| $condition:expr;)*) => {$(
        #[test]
        fn $name() {
            static WORKFLOW: Workflow<Parcel, Parcel> = workflow!(
                name = "truth",
                choose(|$it: &Parcel| if $condition { fail("Yes") }),
            );
            check(&WORKFLOW.definition(), |$it: &Parcel| $condition);
        }
    )*};
}

const HALF: f64 = 0.5;

agree! {
    numbers: |it| it.weight_grams > 1;
    numbers_between: |it| it.weight_grams >= 1 && it.weight_grams < 3;
    negative_numbers: |it| it.balance <= -1 || it.balance == 1;
    fractions: |it| it.rate != HALF;
    two_fields: |it| it.pair.0 < it.inner.more.depth;
    texts: |it| it.city == "it's" || it.city == "a \"b\" \\" || it.city == "%} {%";
    texts_in_order: |it| it.city.as_str() > "R";
    truths: |it| it.fragile;
    negation: |it| !it.fragile && !(it.weight_grams == 2);
    truths_compared: |it| it.fragile == (it.weight_grams > 1);
    absent_is_none: |it| it.floor.is_none();
    null_is_none: |it| it.nick_name.is_none();
    some: |it| it.floor.is_some() && it.nick_name.is_some();
    options_equal: |it| it.floor == Some(2);
    options_differ: |it| it.floor != Some(2);
    options_equal_none: |it| it.floor == None;
    options_differ_from_none: |it| it.nick_name != None;
    options_compared_with_each_other: |it| it.floor == it.ceiling;
    options_of_truths: |it| it.signed == Some(true);
    lengths: |it| it.items.len() == 1;
    lengths_of_nested: |it| it.nested.len() != 1;
    lengths_of_maps: |it| it.labels.len() >= 1;
    empty_lists: |it| it.items.is_empty() || !it.nested.is_empty();
    empty_texts: |it| it.city.is_empty() && it.labels.is_empty();
    lists_compared: |it| it.items == [1] || it.items == [2, 3];
    variants: |it| it.speed == Speed::VeryFast;
    variants_differ: |it| it.speed != Speed::VeryFast;
    variants_with_data: |it| matches!(it.content, Content::Letters(_));
    variants_with_fields: |it| matches!(it.content, Content::Goods { .. } | Content::Empty);
    variants_compared_with_data: |it| it.content == Content::Letters(2);
    tagged_variants: |it| matches!(it.tagged, Tagged::HomeDelivery { .. });
    tagged_unit_variants: |it| matches!(it.tagged, Tagged::PickUp);
    renamed_and_flattened: |it| it.inner.zip == "Rome" || it.inner.more.depth == 3;
    tuples_and_newtypes: |it| it.pair.0 == 2 && it.pair.1 != "" || it.id.0 > 2;
    ranges: |it| matches!(it.weight_grams, 1..=2) || matches!(it.rate, ..0.6);
    guards: |it| matches!(it.speed, Speed::Slow if it.fragile);
    precedence: |it| (it.fragile || it.weight_grams > 2) && (it.balance < 0 || !it.items.is_empty());
}
