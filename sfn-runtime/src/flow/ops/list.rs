//! Lists, and what iterators do with them.
//!
//! JSONata makes a sequence of what its functions give, and of a sequence of one item that item, and of none nothing.
//! So what gives a list is put in brackets, `[$map(…)]`, which make a list of all three. Lists within lists would lose
//! their own brackets that way, and are put together by `$reduce` and `$append` instead.

use serde_json::Value;

use super::{
    E, Fault, Js, Local, Operator, Shape, X, as_item, binary, bound, conditional, function, null,
    number, one, refused, two,
};
use crate::{
    Integer,
    flow::{
        expression::{Array, CHARS, Item},
        ops,
        render::appended,
        results,
    },
};

const COUNT: Shape = Shape::Integer(Integer::new(64, false));

/// What a list's items are.
fn item_of(operation: &'static str, shape: &Shape) -> Result<Shape, Fault> {
    shape.item().ok_or_else(|| refused(operation, shape))
}

fn sequence(js: Js) -> Js {
    Js::Sequence(Box::new(js))
}

fn empty() -> Js {
    Js::Literal(Value::Array(Vec::new()))
}

fn count_of(js: Js) -> Js {
    Js::Call("count", vec![js])
}

/// `$reduce(list, function($list, $item) { … }, [])`
fn reduced(
    list: Js,
    hint: &str,
    item: Shape,
    with_index: bool,
    body: impl FnOnce(Js, X, Js) -> Result<Js, Fault>,
) -> Result<Js, Fault> {
    let (sum, each, index) = (Local::new("list"), Local::new(hint), Local::new("index"));
    let body = body(
        Js::Local(sum.clone()),
        E::new(Ok(Js::Local(each.clone())), item),
        Js::Local(index.clone()),
    )?;
    let mut parameters = vec![sum, each];
    if with_index {
        parameters.push(index);
    }
    let function = Js::Function(parameters, Box::new(body));
    Ok(Js::Call("reduce", vec![list, function, empty()]))
}

fn append(list: Js, item: Js, shape: &Shape) -> Js {
    let item = Item {
        js: item,
        array: shape.array(),
    };
    Js::Call("append", vec![list, appended(&item)])
}

/// `.len()`
#[must_use]
pub fn len(it: X) -> X {
    match &it.shape {
        Shape::Map(_) => super::map::len(it),
        Shape::String => one(it, |_, _| Err(Fault::TextLength)),
        shape if shape.item().is_some() => one(it, |js, _| Ok((count_of(js), COUNT))),
        _ => one(it, |_, shape| {
            let found = shape.describe();
            Err(Fault::NoLength { found })
        }),
    }
}

/// `.is_empty()`
#[must_use]
pub fn is_empty(it: X) -> X {
    match &it.shape {
        Shape::String => super::text::is_empty(it),
        _ => ops::equals(len(it), ops::whole(0, "usize")),
    }
}

/// `.count()`
#[must_use]
pub fn count(it: X) -> X {
    match &it.shape {
        Shape::Transparent { name: CHARS, .. } => super::text::count(it),
        shape if shape.item().is_some() => len(it),
        _ => one(it, |_, shape| Err(refused(".count()", &shape))),
    }
}

/// `.map(|item| …)` of a list's items, or of an `Option`
#[must_use]
pub fn map(it: X, hint: &str, change: impl FnOnce(X) -> X) -> X {
    if it.shape.is_option() {
        return super::option::map(it, change);
    }
    one(it, |js, shape| {
        let item = item_of(".map(..)", &shape)?;
        let (function, result) = function(hint, item.clone(), change)?;
        let shape = Shape::list_of(result.clone());
        if result.array() == Array::Never {
            return Ok((sequence(Js::Call("map", vec![js, function])), shape));
        }
        let Js::Function(parameters, body) = function else {
            return Err(Fault::Broken);
        };
        let js = reduced(js, hint, item, false, |list, each, _| {
            let mut body = *body;
            for parameter in &parameters {
                body.replace_local(parameter, each.js().map_err(Clone::clone)?);
            }
            Ok(append(list, body, &result))
        })?;
        Ok((js, shape))
    })
}

/// The items for which a test holds.
fn kept(js: Js, hint: &str, item: Shape, test: impl FnOnce(X) -> X) -> Result<Js, Fault> {
    if item.array() == Array::Never {
        let (function, _) = function(hint, item, test)?;
        return Ok(sequence(Js::Call("filter", vec![js, function])));
    }
    reduced(js, hint, item.clone(), false, |list, each, _| {
        let keeps = test(each.clone()).into_js()?;
        let longer = append(list.clone(), each.into_js()?, &item);
        Ok(conditional(keeps, longer, list))
    })
}

/// `.filter(|item| …)` of a list's items, or of an `Option`
#[must_use]
pub fn filter(it: X, hint: &str, test: impl FnOnce(X) -> X) -> X {
    if it.shape.is_option() {
        return super::option::filter(it, test);
    }
    one(it, |js, shape| {
        let item = item_of(".filter(..)", &shape)?;
        Ok((kept(js, hint, item.clone(), test)?, Shape::list_of(item)))
    })
}

/// How many items there are for which a test holds.
fn number_of(
    it: X,
    operation: &'static str,
    hint: &str,
    test: impl FnOnce(X) -> X,
    sign: Operator,
) -> X {
    one(it, |js, shape| {
        let item = item_of(operation, &shape)?;
        let kept = match kept(js, hint, item, test)? {
            // Counting needs no brackets: nothing counts as none, and one item as one.
            Js::Sequence(inner) => *inner,
            other => other,
        };
        Ok((binary(sign, count_of(kept), number(0)), Shape::Boolean))
    })
}

/// `.any(|item| …)`
#[must_use]
pub fn any(it: X, hint: &str, test: impl FnOnce(X) -> X) -> X {
    number_of(it, ".any(..)", hint, test, Operator::Greater)
}

/// `.all(|item| …)`
#[must_use]
pub fn all(it: X, hint: &str, test: impl FnOnce(X) -> X) -> X {
    let fails = |item| ops::not(test(item));
    number_of(it, ".all(..)", hint, fails, Operator::Equal)
}

/// `.contains(&item)` of a list, or `.contains(part)` of a text
#[must_use]
pub fn contains(it: X, item: X) -> X {
    if matches!(it.shape, Shape::String) {
        return super::text::contains(it, item);
    }
    two(it, item, |(js, shape), (wanted, wanted_shape)| {
        let item = item_of(".contains(..)", &shape)?;
        let plain = |shape: &Shape| {
            matches!(
                shape,
                Shape::Boolean | Shape::Integer(_) | Shape::Number | Shape::String
            )
        };
        if plain(&item) || plain(&wanted_shape) {
            return Ok((binary(Operator::In, wanted, js), Shape::Boolean));
        }
        let mut fault = None;
        let js = bound("wanted", wanted, |wanted| {
            let wanted = E::new(Ok(wanted), wanted_shape);
            let list = E::new(Ok(js), shape);
            match any(list, "item", |each| ops::equals(each, wanted)).into_js() {
                Ok(js) => js,
                Err(found) => {
                    fault = Some(found);
                    null()
                }
            }
        });
        match fault {
            Some(fault) => Err(fault),
            None => Ok((js, Shape::Boolean)),
        }
    })
}

/// The item of that number; `at` may be negative, to count from the end.
fn pick(list: Js, at: Js, item: &Shape) -> Js {
    let list = super::data::unwrapped(list);
    match item.array() {
        // `[0]` of a list whose first item is empty gives nothing, so brackets are put around.
        Array::Always => sequence(Js::At(Box::new(list), Box::new(at))),
        Array::Never => Js::At(Box::new(list), Box::new(at)),
        Array::Maybe => {
            let (last, each, index) =
                (Local::new("found"), Local::new("item"), Local::new("index"));
            let at = match at.integer() {
                Some(from_end) if from_end < 0 => binary(Operator::Add, count_of(list.clone()), at),
                _ => at,
            };
            let here = binary(Operator::Equal, Js::Local(index.clone()), at);
            let body = conditional(here, Js::Local(each.clone()), Js::Local(last.clone()));
            let function = Js::Function(vec![last, each, index], Box::new(body));
            Js::Call("reduce", vec![list, function, null()])
        }
    }
}

/// An item that is known to be there.
#[must_use]
pub fn item(it: X, at: i64) -> X {
    one(it, |js, shape| {
        let item = item_of("[..]", &shape)?;
        if let (Js::Items(items), Ok(index)) = (&js, usize::try_from(at))
            && let Some(found) = items.get(index)
        {
            return Ok((found.js.clone(), item));
        }
        Ok((pick(js, number(at), &item), item))
    })
}

/// `it[at]`; where there is no such item, the state fails, as Rust panics
#[must_use]
pub fn index(it: X, at: X) -> X {
    if matches!(it.shape, Shape::Map(_)) {
        return super::map::index(it, at);
    }
    two(it, at, |(js, shape), (at, _)| {
        let item = item_of("[..]", &shape)?;
        if item.array() == Array::Never {
            return Ok((pick(js, at, &item), item));
        }
        // In brackets, an item that is not there would be an empty list.
        let js = bound("list", super::data::unwrapped(js), |js| {
            let there = binary(Operator::Greater, count_of(js.clone()), at.clone());
            let text = Js::Literal(Value::from("index out of bounds"));
            let fails = Js::Call("error", vec![text]);
            conditional(there, pick(js, at, &item), fails)
        });
        Ok((js, item))
    })
}

/// An item that may not be there.
fn maybe(it: X, operation: &'static str, at: X) -> X {
    two(it, at, |(js, shape), (at, _)| {
        let item = item_of(operation, &shape)?;
        if item.is_option() {
            return Err(Fault::NestedOption);
        }
        let shape = Shape::option_of(item.clone());
        let js = super::data::unwrapped(js);
        if item.array() == Array::Never {
            return Ok((Js::At(Box::new(js), Box::new(at)), shape));
        }
        let js = bound("list", js, |js| {
            let least = match at.integer() {
                Some(from_end) if from_end < 0 => number(0),
                _ => at.clone(),
            };
            let there = binary(Operator::Greater, count_of(js.clone()), least);
            super::map::only_if(there, pick(js, at, &item))
        });
        Ok((js, shape))
    })
}

/// `.first()`
#[must_use]
pub fn first(it: X) -> X {
    maybe(it, ".first()", super::number::constant(0))
}

/// `.last()`
#[must_use]
pub fn last(it: X) -> X {
    maybe(it, ".last()", super::number::constant(-1))
}

/// `.get(at)` of a list, `.get(key)` of a map
#[must_use]
pub fn get(it: X, at: X) -> X {
    match it.shape {
        Shape::Map(_) => super::map::get(it, at),
        _ => maybe(it, ".get(..)", at),
    }
}

/// `.find(|item| …)`
#[must_use]
pub fn find(it: X, hint: &str, test: impl FnOnce(X) -> X) -> X {
    first(filter(it, hint, test))
}

/// `.find_map(|item| …)`
#[must_use]
pub fn find_map(it: X, hint: &str, change: impl FnOnce(X) -> X) -> X {
    first(filter_map(it, hint, change))
}

/// `.position(|item| …)`
#[must_use]
pub fn position(it: X, hint: &str, test: impl FnOnce(X) -> X) -> X {
    one(it, |js, shape| {
        let item = item_of(".position(..)", &shape)?;
        let (each, index) = (Local::new(hint), Local::new("index"));
        let test = test(E::new(Ok(Js::Local(each.clone())), item)).into_js()?;
        let body = conditional(test, Js::Local(index.clone()), null());
        let function = Js::Function(vec![each, index], Box::new(body));
        let places = Js::Call("map", vec![js, function]);
        let found = Local::new("index");
        let there = binary(Operator::NotEqual, Js::Local(found.clone()), null());
        let there = Js::Function(vec![found], Box::new(there));
        let kept = Js::Call("filter", vec![places, there]);
        let first = Js::At(Box::new(kept), Box::new(number(0)));
        Ok((first, Shape::option_of(COUNT)))
    })
}

/// `.filter_map(|item| …)`
#[must_use]
pub fn filter_map(it: X, hint: &str, change: impl FnOnce(X) -> X) -> X {
    flatten_options(map(it, hint, change), ".filter_map(..)")
}

fn flatten_options(it: X, operation: &'static str) -> X {
    let shape = it.shape.clone();
    let kept = filter(it, "value", ops::is_some);
    one(kept, |js, _| {
        let content = shape
            .item()
            .and_then(|item| item.content())
            .ok_or_else(|| refused(operation, &shape))?;
        Ok((js, Shape::list_of(content)))
    })
}

/// `.flatten()` of a list of lists, of `Option`s, or of `Result`s that are kept
#[must_use]
pub fn flatten(it: X) -> X {
    match it.shape.item() {
        Some(item) if item.is_option() => flatten_options(it, ".flatten()"),
        Some(item) if results::is_kept_shape(&item) => filter_map(it, "ended", ops::ok),
        _ => joined(it, ".flatten()"),
    }
}

/// `.concat()` of a list of lists, or of texts
#[must_use]
pub fn concat(it: X) -> X {
    match it.shape.item() {
        Some(Shape::String) => super::text::join(it, ops::text("")),
        _ => joined(it, ".concat()"),
    }
}

fn joined(it: X, operation: &'static str) -> X {
    one(it, |js, shape| {
        let lists = item_of(operation, &shape)?;
        let item = item_of(operation, &lists)?;
        let shape = Shape::list_of(item);
        if let Js::Items(items) = js {
            let lists = items.into_iter().map(|item| item.js);
            let all = lists.reduce(|all, list| Js::Call("append", vec![all, list]));
            return Ok((all.unwrap_or_else(empty), shape));
        }
        let js = reduced(js, "items", lists, false, |all, list, _| {
            Ok(Js::Call("append", vec![all, list.into_js()?]))
        })?;
        Ok((js, shape))
    })
}

/// `.flat_map(|item| …)`
#[must_use]
pub fn flat_map(it: X, hint: &str, change: impl FnOnce(X) -> X) -> X {
    one(it, |js, shape| {
        let item = item_of(".flat_map(..)", &shape)?;
        let mut result = Shape::Any;
        let js = reduced(js, hint, item, false, |all, each, _| {
            let made = change(each);
            result = made.shape.clone();
            Ok(Js::Call("append", vec![all, made.into_js()?]))
        })?;
        let item = item_of(".flat_map(..)", &result)?;
        Ok((js, Shape::list_of(item)))
    })
}

/// `.push(item)`, of a list or a text: with the item at its end.
#[must_use]
pub fn push(it: X, item: X) -> X {
    match it.shape {
        Shape::String => ops::add(it, ops::as_text(item)),
        _ => chain(it, ops::list(vec![item])),
    }
}

/// `.chain(other)`
#[must_use]
pub fn chain(it: X, other: X) -> X {
    joined(ops::list(vec![it, other]), ".chain(..)")
}

/// `.rev()`
#[must_use]
pub fn rev(it: X) -> X {
    one(it, |js, shape| {
        let item = item_of(".rev()", &shape)?;
        Ok((Js::Call("reverse", vec![js]), Shape::list_of(item)))
    })
}

/// The items whose number passes a test.
fn by_number(it: X, operation: &'static str, count: X, sign: Operator) -> X {
    two(it, count, |(js, shape), (count, _)| {
        let item = item_of(operation, &shape)?;
        let list = Shape::list_of(item.clone());
        if item.array() != Array::Never {
            let js = reduced(js, "item", item.clone(), true, |list, each, index| {
                let longer = append(list.clone(), each.into_js()?, &item);
                Ok(conditional(binary(sign, index, count), longer, list))
            })?;
            return Ok((js, list));
        }
        let (each, index) = (Local::new("item"), Local::new("index"));
        let test = binary(sign, Js::Local(index.clone()), count);
        let function = Js::Function(vec![each, index], Box::new(test));
        Ok((sequence(Js::Call("filter", vec![js, function])), list))
    })
}

/// `.take(count)`
#[must_use]
pub fn take(it: X, count: X) -> X {
    by_number(it, ".take(..)", count, Operator::Less)
}

/// `.skip(count)`
#[must_use]
pub fn skip(it: X, count: X) -> X {
    by_number(it, ".skip(..)", count, Operator::GreaterOrEqual)
}

/// `.enumerate()`
#[must_use]
pub fn enumerate(it: X) -> X {
    one(it, |js, shape| {
        let item = item_of(".enumerate()", &shape)?;
        let pair = Shape::tuple_of(vec![COUNT, item.clone()]);
        let js = reduced(js, "item", item.clone(), true, |list, each, index| {
            let both = vec![as_item(index, &COUNT), as_item(each.into_leaf()?, &item)];
            Ok(append(list, Js::Items(both), &pair))
        })?;
        Ok((js, Shape::list_of(pair)))
    })
}

/// `.zip(other)`
#[must_use]
pub fn zip(it: X, other: X) -> X {
    two(it, other, |(js, one), (other, two)| {
        let pair = Shape::tuple_of(vec![item_of(".zip(..)", &one)?, item_of(".zip(..)", &two)?]);
        Ok((Js::Call("zip", vec![js, other]), Shape::list_of(pair)))
    })
}

/// `.sum()`
#[must_use]
pub fn sum(it: X) -> X {
    one(it, |js, shape| match item_of(".sum()", &shape)? {
        item @ (Shape::Integer(_) | Shape::Number) => Ok((Js::Call("sum", vec![js]), item)),
        Shape::Single => Err(Fault::Single),
        other => Err(refused(".sum()", &other)),
    })
}

/// `.product()`
#[must_use]
pub fn product(it: X) -> X {
    match it.shape.item() {
        Some(Shape::Integer(_) | Shape::Number) => fold(
            it,
            super::number::constant(1),
            ["product", "factor"],
            ops::multiply,
        ),
        Some(Shape::Single) => one(it, |_, _| Err(Fault::Single)),
        _ => one(it, |_, shape| Err(refused(".product()", &shape))),
    }
}

/// `.fold(first, |sum, item| …)`
#[must_use]
pub fn fold(it: X, first: X, hints: [&str; 2], step: impl FnOnce(X, X) -> X) -> X {
    two(it, first, |(js, shape), (first, sum_shape)| {
        let item = item_of(".fold(..)", &shape)?;
        let (sum, each) = (Local::new(hints[0]), Local::new(hints[1]));
        let made = step(
            E::new(Ok(Js::Local(sum.clone())), sum_shape.clone()),
            E::new(Ok(Js::Local(each.clone())), item),
        );
        let shape = made.shape.clone().or(sum_shape);
        let function = Js::Function(vec![sum, each], Box::new(made.into_leaf()?));
        Ok((Js::Call("reduce", vec![js, function, first]), shape))
    })
}

/// `.collect::<Vec<_>>()`
#[must_use]
pub fn collect(it: X) -> X {
    one(it, |js, shape| {
        let item = item_of(".collect()", &shape)?;
        Ok((js, Shape::list_of(item)))
    })
}

/// `.collect::<String>()`
#[must_use]
pub fn collect_text(it: X) -> X {
    super::text::join(it, ops::text(""))
}

/// `.join(separator)` of texts
#[must_use]
pub fn join(it: X, separator: X) -> X {
    super::text::join(it, separator)
}

/// `first..last`, and `first..=last` where it is closed
#[must_use]
pub fn range(first: X, last: X, closed: bool) -> X {
    let last = match closed {
        true => last,
        false => ops::subtract(last, super::number::constant(1)),
    };
    two(first, last, |(first, one), (last, two)| {
        let item = one.or(two);
        Ok((
            Js::Range(Box::new(first), Box::new(last)),
            Shape::list_of(item),
        ))
    })
}
