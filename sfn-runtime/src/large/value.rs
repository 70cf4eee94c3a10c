use std::{fmt, marker::PhantomData, ops::Deref};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::offload::{INLINE, STORED};
use crate::{Json, Payload, Shape};

/// A value of any size: between two states it is kept in a store when it is large. See [`large`](crate::large).
///
/// ```
/// use sfn_runtime::{Large, step};
///
/// #[step]
/// fn read_pages(pages: u32) -> Large<Vec<String>> {
///     Large((0..pages).map(|page| format!("page {page}")).collect())
/// }
///
/// #[step]
/// fn count_words(pages: Large<Vec<String>>) -> usize {
///     pages.iter().map(|page| page.split(' ').count()).sum()
/// }
///
/// assert_eq!(count_words(read_pages(3)), 6);
/// ```
///
/// Workflows pass it on and cannot look into it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Large<T>(pub T);

impl<T> Large<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Large<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Large<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Json + Send + 'static> Payload for Large<T> {
    fn shape() -> Shape {
        // What stands there is one of two objects, neither of which is the value.
        Shape::Any
    }
}

impl<T: Serialize> Serialize for Large<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(1))?;
        object.serialize_entry(INLINE, &self.0)?;
        object.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Large<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Marked(PhantomData))
    }
}

struct Marked<T>(PhantomData<fn() -> T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Marked<T> {
    type Value = Large<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the key `{INLINE}`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Large<T>, A::Error> {
        let mut found = None;
        while let Some(key) = object.next_key::<String>()? {
            match key.as_str() {
                INLINE => found = Some(object.next_value()?),
                STORED => {
                    return Err(A::Error::custom(
                        "a large value is kept in a store, and this program was given none: \
                         set `SFN_BUCKET` to the bucket that `deploy` made, in a build with the feature `large`",
                    ));
                }
                _ => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        found.map(Large).ok_or_else(|| {
            A::Error::custom(format!("the key `{INLINE}` of a large value is missing"))
        })
    }
}
