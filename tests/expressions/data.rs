//! Structs, enums, tuples and maps.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    kinds::{
        Adjacent, Customer, External, Grams, Held, Internal, Line, Order, Pair, Place, Size,
        Wrapped,
    },
    row::{Rows, row},
};

#[expect(clippy::redundant_clone, reason = "the rows say what they say")]
pub(crate) fn rows(rows: &mut Rows) {
    row!(rows, |order: Order| order.order_id, "serde's names");
    row!(rows, |order: Order| order.zip.clone(), "`rename`");
    row!(rows, |order: Order| order.customer.name == "a"
        || order.customer.regular);
    row!(rows, |order: Order| order.tip.unwrap_or(0) + 1);
    row!(
        rows,
        |order: Order| order.note.is_none(),
        "`skip_serializing_if`"
    );
    row!(rows, |order: Order| order.note.clone());
    row!(
        rows,
        |order: Order| order.tags.len(),
        "`default`: as serde reads an absent key"
    );
    row!(rows, |order: Order| order.priority > 2);
    row!(
        rows,
        |order: Order| order.place.street_name.clone(),
        "`flatten`"
    );
    row!(rows, |order: Order| order.place.house + 1);
    row!(
        rows,
        |order: Order| order.weight.0 * 2,
        "a newtype is its content"
    );
    row!(rows, |order: Order| order.weight > Grams(20));
    row!(rows, |order: Order| order.r#type == Size::Small);
    row!(rows, |order: Order| order
        .lines
        .iter()
        .map(|line| line.quantity)
        .collect::<Vec<_>>());
    row!(rows, |order: Order| order
        .lines
        .iter()
        .map(|line| u64::from(line.cents) * u64::from(line.quantity))
        .sum::<u64>()
        > 500);
    row!(rows, |pair: Pair| pair.0.clone());
    row!(rows, |pair: Pair| pair.1.is_some());
    row!(
        rows,
        |wrapped: Wrapped| wrapped.inner.len(),
        "`transparent`"
    );
    row!(rows, |pair: (Vec<u8>, u32)| pair.0.len() + 1);
    row!(rows, |pair: (Vec<u8>, u32)| pair.0.clone());
    row!(rows, |pair: (Vec<Vec<u8>>, Option<Vec<u8>>)| (
        pair.1.clone(),
        pair.0.clone()
    ));
    row!(rows, |pair: ((u8, u8), u8)| pair.0.1);
    row!(rows, |array: [u8; 3]| array[1] / 2 + array[2] / 2);
    row!(rows, |a: u32, list: Vec<u8>| (list, a));
    row!(rows, |a: Vec<Vec<u8>>| (a.clone(), (a.len(), a)));
    row!(rows, |a: u32, b: String| Line {
        sku: b.to_uppercase(),
        quantity: a,
        cents: 7
    });
    row!(rows, |line: Line| Line {
        quantity: 0,
        ..line.clone()
    });
    row!(rows, |sku: String, line: Line| Line {
        sku,
        ..line.clone()
    });
    row!(rows, |order: Order| Order {
        tip: None,
        note: Some("x".to_string()),
        ..order.clone()
    }
    .customer);
    row!(rows, |a: u16, street_name: String| Place {
        street_name,
        house: a
    });
    row!(rows, |a: u32| Grams(a / 2));
    row!(rows, |a: Vec<u8>| Pair(a, None));
    row!(rows, |a: Vec<u8>| Wrapped { inner: a });
    row!(rows, |line: Line| {
        let Line {
            sku,
            quantity: count,
            ..
        } = line;
        format!("{count} {sku}")
    });
    row!(rows, |pair: (u32, (String, u32))| {
        let (a, (text, b)) = pair;
        format!("{a}{text}{b}")
    });
    row!(rows, |a: Line, b: Line| a == b);
    row!(
        rows,
        |size: Size| size == Size::ExtraLarge,
        "an enum without data is its name"
    );
    row!(rows, |size: Size| match size {
        Size::Small => 1,
        Size::ExtraLarge => 9,
    });
    row!(rows, |a: bool| if a {
        Size::Small
    } else {
        Size::ExtraLarge
    });
    row!(rows, |shape: External| matches!(shape, External::Empty));
    row!(
        rows,
        |shape: External| matches!(shape, External::Circle { radius, .. } if radius > 5)
    );
    row!(rows, |shape: External| match shape {
        External::Empty => 0,
        External::Circle { radius, .. } => radius / 2,
        External::Boxed(line) => line.cents,
    });
    row!(rows, |shape: External| match shape {
        External::Circle {
            label: Some(label), ..
        } => label,
        External::Boxed(Line { sku, .. }) => sku,
        _ => String::new(),
    });
    row!(rows, |a: u32| External::Circle {
        radius: a,
        label: None
    });
    row!(rows, |line: Line| External::Boxed(line));
    row!(rows, |a: bool| if a {
        External::Empty
    } else {
        External::Circle {
            radius: 1,
            label: None,
        }
    });
    row!(
        rows,
        |shape: Internal| match shape {
            Internal::Empty => 0,
            Internal::Circle { radius, .. } => radius / 2,
            Internal::Boxed(line) => line.cents,
        },
        "`tag`"
    );
    row!(rows, |a: u32| Internal::Circle {
        radius: a,
        label: Some("x".to_string())
    });
    row!(rows, |line: Line| Internal::Boxed(line));
    row!(rows, |a: bool| if a { Some(Internal::Empty) } else { None });
    row!(
        rows,
        |shape: Adjacent| match shape {
            Adjacent::Empty => 0,
            Adjacent::Circle { radius, .. } => radius / 2,
            Adjacent::Boxed(line) => line.cents,
        },
        "`tag` and `content`"
    );
    row!(rows, |a: u32| Adjacent::Circle {
        radius: a,
        label: None
    });
    row!(rows, |line: Line| Adjacent::Boxed(line));
    row!(rows, |held: Held| match held {
        Held::Two(n, list) => n as usize % 100 + list.len(),
        Held::Many(lists) => lists.len(),
        Held::Maybe(Some(n)) => n as usize % 10,
        Held::Maybe(None) => 0,
    });
    row!(rows, |held: Held| match held {
        Held::Two(_, list) => vec![list],
        Held::Many(lists) => lists,
        Held::Maybe(_) => vec![],
    });
    row!(rows, |list: Vec<u8>| Held::Two(1, list));
    row!(rows, |list: Vec<Vec<u8>>| Held::Many(list));
    row!(rows, |customer: Customer, a: u32| (
        customer.name.clone(),
        if customer.regular { a / 2 } else { a }
    ));
    row!(rows, |map: BTreeMap<String, u32>| map.get("a").copied());
    row!(rows, |map: BTreeMap<String, u32>, key: String| map
        .get(&key)
        .copied()
        .unwrap_or(1));
    row!(
        rows,
        |map: BTreeMap<String, u32>| map["a b"],
        "no such key: the state fails"
    );
    row!(rows, |map: BTreeMap<String, Vec<u8>>| map.get("a").cloned());
    row!(rows, |map: BTreeMap<String, Option<u32>>| map
        .contains_key("7"));
    row!(rows, |map: BTreeMap<String, u32>| map.len());
    row!(rows, |map: BTreeMap<String, u32>| map.is_empty());
    row!(rows, |a: u64| Duration::from_secs(a), "as serde writes it");
    row!(
        rows,
        |a: u64| Duration::from_millis(a % 100_000).as_millis() as u64
    );
    row!(rows, |a: u64| sfn_runtime::minutes(a).as_secs());
}
