//! Where in a definition something stands.

use std::fmt;

/// One step of a [`Place`]: into a member of an object, or into an element of an array.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// The member of that name.
    Key(String),
    /// The element of that number, from 0.
    Index(usize),
}

impl From<&str> for Segment {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Segment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// The way from the root of a definition to one of its parts.
///
/// It is displayed as a JSON pointer (RFC 6901); [`Place::aws`] gives the form AWS uses in its messages.
///
/// ```
/// let place = sfn_asl::Place::root().then("States").then("A/B").then("Retry").then(0);
/// assert_eq!(place.to_string(), "/States/A~1B/Retry/0");
/// assert_eq!(place.aws(), "/States/A/B/Retry[0]");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(Vec<Segment>);

impl Place {
    /// The whole definition.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The part of this place that the segment leads to.
    #[must_use]
    pub fn then(&self, segment: impl Into<Segment>) -> Self {
        let mut segments = Vec::with_capacity(self.0.len() + 1);
        segments.extend_from_slice(&self.0);
        segments.push(segment.into());
        Self(segments)
    }

    /// The part of this place that a JSON pointer leads to.
    ///
    /// A pointer does not say whether `0` is a member or an element; it is taken for an element.
    pub(crate) fn pointer(&self, pointer: &str) -> Self {
        let mut place = self.clone();
        for step in pointer.split('/').skip(1) {
            place.0.push(match step.parse() {
                Ok(index) => Segment::Index(index),
                Err(_) => Segment::Key(step.replace("~1", "/").replace("~0", "~")),
            });
        }
        place
    }

    /// What this place is a part of; the root is a part of itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// Whether this place is the other one or a part of it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The steps from the root.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The place in the form of AWS's messages: `/` for the root, array elements in brackets, nothing escaped.
    #[must_use]
    pub fn aws(&self) -> String {
        if self.0.is_empty() {
            return "/".to_owned();
        }
        let mut text = String::new();
        for segment in &self.0 {
            match segment {
                Segment::Key(key) => {
                    text.push('/');
                    text.push_str(key);
                }
                Segment::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

impl From<&[Segment]> for Place {
    fn from(segments: &[Segment]) -> Self {
        Self(segments.to_vec())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.0 {
            match segment {
                Segment::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1"))?,
                Segment::Index(index) => write!(f, "/{index}")?,
            }
        }
        Ok(())
    }
}
