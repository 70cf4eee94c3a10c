//! The payloads of the standard library and of serde_json.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque},
    hash::{BuildHasher, Hash},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{Field, Integer, Origin, Payload, Shape};

macro_rules! plain {
    ($($shape:ident: $($type:ty),+;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl Payload for $type {
            fn shape() -> Shape {
                Shape::$shape
            }
        }
    )+)*};
}

plain! {
    Null: ();
    Boolean: bool;
    Number: f64;
    Single: f32;
    String: char, String, Box<str>, Cow<'static, str>;
    Any: serde_json::Value, serde_json::Number;
}

macro_rules! integers {
    ($($bits:literal $signed:literal: $($type:ty),+;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl Payload for $type {
            fn shape() -> Shape {
                Shape::Integer(Integer::new($bits, $signed))
            }
        }
    )+)*};
}

integers! {
    8 true: i8, num::NonZeroI8;
    16 true: i16, num::NonZeroI16;
    32 true: i32, num::NonZeroI32;
    64 true: i64, isize, num::NonZeroI64;
    8 false: u8, num::NonZeroU8;
    16 false: u16, num::NonZeroU16;
    32 false: u32, num::NonZeroU32;
    64 false: u64, usize, num::NonZeroU64, num::NonZeroUsize;
}

/// Texts with an order and methods of their own.
macro_rules! texts {
    ($($type:ident),+) => {$(
        #[diagnostic::do_not_recommend]
        impl Payload for $type {
            fn shape() -> Shape {
                Shape::Transparent {
                    origin: None,
                    name: stringify!($type),
                    field: "",
                    shape: String::shape,
                }
            }
        }
    )+};
}

texts! { PathBuf, IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr }

impl<T: Payload> Payload for Box<T> {
    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Payload> Payload for Option<T> {
    fn shape() -> Shape {
        Shape::Option(T::shape)
    }
}

macro_rules! list {
    ($($shape:ident: $list:ident<T $(, $more:ident: $($bound:path)|+)?> where T: $($item:ident)*;)*) => {$(
        impl<T: Payload $(+ $item)* $(, $more: $($bound +)+ Send + 'static)?> Payload for $list<T $(, $more)?> {
            fn shape() -> Shape {
                Shape::$shape(T::shape)
            }
        }
    )*};
}

list! {
    List: Vec<T> where T:;
    List: VecDeque<T> where T:;
    List: LinkedList<T> where T:;
    Set: BTreeSet<T> where T: Ord;
    Set: HashSet<T, S: BuildHasher | Default> where T: Eq Hash;
}

impl<T: Payload, const N: usize> Payload for [T; N]
where
    // Serde knows arrays up to 32 items only.
    [T; N]: Serialize + DeserializeOwned,
{
    fn shape() -> Shape {
        Shape::Tuple(vec![T::shape; N])
    }
}

impl<K: Payload + Eq + Hash, V: Payload, S> Payload for HashMap<K, V, S>
where
    S: BuildHasher + Default + Send + 'static,
{
    fn shape() -> Shape {
        Shape::Map(V::shape)
    }
}

impl<K: Payload + Ord, V: Payload> Payload for BTreeMap<K, V> {
    fn shape() -> Shape {
        Shape::Map(V::shape)
    }
}

impl Payload for serde_json::Map<String, serde_json::Value> {
    fn shape() -> Shape {
        Shape::Map(super::any_shape)
    }
}

macro_rules! tuples {
    ($(($($item:ident)+))*) => {$(
        impl<$($item: Payload),+> Payload for ($($item,)+) {
            fn shape() -> Shape {
                Shape::Tuple(vec![$($item::shape),+])
            }
        }
    )*};
}

tuples! {
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
    (A B C D E F G H I)
    (A B C D E F G H I J)
    (A B C D E F G H I J K)
    (A B C D E F G H I J K L)
}

fn key(name: &'static str) -> Field {
    Field {
        rust: name,
        json: Some(name),
        flatten: false,
        optional: false,
        default: None,
        shape: u64::shape,
    }
}

/// As serde writes it: `{"secs": 120, "nanos": 0}`.
#[diagnostic::do_not_recommend]
impl Payload for Duration {
    fn shape() -> Shape {
        Shape::Struct {
            origin: Some(Origin::of::<Self>()),
            name: "Duration",
            fields: vec![key("secs"), key("nanos")],
        }
    }
}

/// As serde writes it: `{"secs_since_epoch": …, "nanos_since_epoch": …}`.
#[diagnostic::do_not_recommend]
impl Payload for SystemTime {
    fn shape() -> Shape {
        Shape::Struct {
            origin: Some(Origin::of::<Self>()),
            name: "SystemTime",
            fields: vec![key("secs_since_epoch"), key("nanos_since_epoch")],
        }
    }
}
