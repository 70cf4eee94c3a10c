//! The types of the rows, and values of them.

use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    option,
    prelude::{Just, any, prop_oneof},
    sample::select,
    strategy::{BoxedStrategy, Strategy},
};
use serde::{Deserialize, Serialize};
use sfn_runtime::Payload;

/// A type of which values are generated: mostly small ones, and those at the edges.
pub(crate) trait Generate: std::fmt::Debug + Sized {
    fn strategy() -> BoxedStrategy<Self>;
}

macro_rules! integers {
    ($($ty:ty: $small:expr, [$($edge:expr),*];)*) => {$(
        impl Generate for $ty {
            fn strategy() -> BoxedStrategy<Self> {
                prop_oneof![8 => $small, 1 => select(vec![$($edge),*])].boxed()
            }
        }
    )*};
}

integers! {
    u8: 0..12u8, [0, 100, 128, 255];
    i8: -12..12i8, [-128, 127, 0];
    u16: 0..300u16, [65_535, 0];
    i16: -300..300i16, [i16::MIN, i16::MAX];
    u32: 0..30u32, [0, 1000, u32::MAX];
    i32: -30..30i32, [0, 1000, i32::MIN, i32::MAX];
    // Further than this, doubles do not count.
    i64: -100..100i64, [0, 1 << 40, -(1 << 40), (1 << 53) - 1];
    u64: 0..100u64, [0, 1 << 40, (1 << 53) - 1];
    usize: 0..5usize, [0, 100];
}

impl Generate for bool {
    fn strategy() -> BoxedStrategy<Self> {
        any::<bool>().boxed()
    }
}

impl Generate for f64 {
    fn strategy() -> BoxedStrategy<Self> {
        let edges = vec![
            0.0,
            0.5,
            -0.5,
            1.5,
            2.5,
            -2.5,
            0.1,
            0.499_999_999_999_999_94,
            300.0,
            -1e10,
            1e17,
            123_456_789_012.5,
            0.000_000_1,
        ];
        prop_oneof![
            (-1000..1000i32).prop_map(|n| f64::from(n) / 8.0),
            select(edges)
        ]
        .boxed()
    }
}

impl Generate for char {
    fn strategy() -> BoxedStrategy<Self> {
        select(vec!['a', 'b', ',', ' ', 'ä', '😀']).boxed()
    }
}

impl Generate for String {
    fn strategy() -> BoxedStrategy<Self> {
        let letters = select(vec![
            'a', 'b', 'a', ',', ' ', '-', 'ß', 'Ä', 'é', '€', '😀', 'Σ', '\'', '"', '\\', '$', '{',
            '%', '\t', '0', '7',
        ]);
        let any = vec(letters, 0..6).prop_map(|letters| letters.into_iter().collect::<String>());
        let known = select(vec![
            "",
            "a",
            "ab",
            "a,b",
            "  a  b ",
            "\u{85}a\u{a0}",
            "ab-ab-",
        ]);
        prop_oneof![3 => any, 2 => known.prop_map(str::to_owned)].boxed()
    }
}

impl<T: Generate + Clone + 'static> Generate for Option<T> {
    fn strategy() -> BoxedStrategy<Self> {
        option::of(T::strategy()).boxed()
    }
}

impl<T: Generate + 'static> Generate for Vec<T> {
    fn strategy() -> BoxedStrategy<Self> {
        // None and one are the lists that JSONata takes apart.
        prop_oneof![
            1 => vec(T::strategy(), 0..1),
            2 => vec(T::strategy(), 1..2),
            3 => vec(T::strategy(), 2..5)
        ]
        .boxed()
    }
}

impl<T: Generate + 'static> Generate for BTreeMap<String, T> {
    fn strategy() -> BoxedStrategy<Self> {
        let key = select(vec!["a", "b", "a b", "7"]).prop_map(str::to_owned);
        proptest::collection::btree_map(key, T::strategy(), 0..3).boxed()
    }
}

macro_rules! tuples {
    ($(($($item:ident)+))*) => {$(
        impl<$($item: Generate + 'static),+> Generate for ($($item,)+) {
            fn strategy() -> BoxedStrategy<Self> {
                ($($item::strategy(),)+).boxed()
            }
        }
    )*};
}

tuples! { (A) (A B) (A B C) (A B C D) }

macro_rules! structs {
    ($($name:ident { $($field:ident: $ty:ty),* })*) => {$(
        impl Generate for $name {
            fn strategy() -> BoxedStrategy<Self> {
                ($(<$ty as Generate>::strategy(),)*)
                    .prop_map(|($($field,)*)| $name { $($field),* })
                    .boxed()
            }
        }
    )*};
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) order_id: u64,
    #[serde(rename = "zip-code")]
    pub(crate) zip: String,
    pub(crate) customer: Customer,
    pub(crate) lines: Vec<Line>,
    pub(crate) tip: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<String>,
    #[serde(default = "three", skip_serializing_if = "is_three")]
    pub(crate) priority: u8,
    #[serde(flatten)]
    pub(crate) place: Place,
    pub(crate) weight: Grams,
    pub(crate) r#type: Size,
}

fn three() -> u8 {
    3
}

fn is_three(value: &u8) -> bool {
    *value == 3
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub(crate) struct Customer {
    pub(crate) name: String,
    pub(crate) regular: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub(crate) struct Line {
    pub(crate) sku: String,
    pub(crate) quantity: u32,
    pub(crate) cents: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub(crate) struct Place {
    pub(crate) street_name: String,
    pub(crate) house: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, Payload)]
pub(crate) struct Grams(pub(crate) u32);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub(crate) struct Pair(pub(crate) Vec<u8>, pub(crate) Option<String>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(transparent)]
pub(crate) struct Wrapped {
    pub(crate) inner: Vec<u8>,
}

structs! {
    Order {
        order_id: u64, zip: String, customer: Customer, lines: Vec<Line>, tip: Option<u32>, note: Option<String>,
        tags: Vec<String>, priority: u8, place: Place, weight: Grams, r#type: Size
    }
    Customer { name: String, regular: bool }
    Line { sku: String, quantity: u32, cents: u32 }
    Place { street_name: String, house: u16 }
    Wrapped { inner: Vec<u8> }
}

impl Generate for Grams {
    fn strategy() -> BoxedStrategy<Self> {
        u32::strategy().prop_map(Grams).boxed()
    }
}

impl Generate for Pair {
    fn strategy() -> BoxedStrategy<Self> {
        <(Vec<u8>, Option<String>)>::strategy()
            .prop_map(|(one, other)| Pair(one, other))
            .boxed()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Size {
    Small,
    ExtraLarge,
}

impl Generate for Size {
    fn strategy() -> BoxedStrategy<Self> {
        prop_oneof![Just(Size::Small), Just(Size::ExtraLarge)].boxed()
    }
}

macro_rules! shapes {
    ($($(#[$attribute:meta])* $name:ident;)*) => {$(
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
        $(#[$attribute])*
        pub(crate) enum $name {
            #[serde(rename = "nothing")]
            Empty,
            Circle { radius: u32, label: Option<String> },
            Boxed(Line),
        }

        impl Generate for $name {
            fn strategy() -> BoxedStrategy<Self> {
                let circle = <(u32, Option<String>)>::strategy();
                prop_oneof![
                    Just($name::Empty),
                    circle.prop_map(|(radius, label)| $name::Circle { radius, label }),
                    Line::strategy().prop_map($name::Boxed),
                ]
                .boxed()
            }
        }
    )*};
}

shapes! {
    External;
    #[serde(tag = "kind")]
    Internal;
    #[serde(tag = "kind", content = "of", rename_all = "lowercase")]
    Adjacent;
}

/// Variants that hold more than one value, or a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub(crate) enum Held {
    Two(u32, Vec<u8>),
    Many(Vec<Vec<u8>>),
    Maybe(Option<u32>),
}

impl Generate for Held {
    fn strategy() -> BoxedStrategy<Self> {
        prop_oneof![
            <(u32, Vec<u8>)>::strategy().prop_map(|(one, many)| Held::Two(one, many)),
            <Vec<Vec<u8>>>::strategy().prop_map(Held::Many),
            <Option<u32>>::strategy().prop_map(Held::Maybe),
        ]
        .boxed()
    }
}

impl Generate for [u8; 3] {
    fn strategy() -> BoxedStrategy<Self> {
        <(u8, u8, u8)>::strategy()
            .prop_map(|(a, b, c)| [a, b, c])
            .boxed()
    }
}
