//! Reference paths: the ones that name a single place, and so can be written through.

use std::fmt;

use serde_json::{Map, Value};

use super::{ParseError, Path, Root, Step};

/// A path of fields and single indexes that starts at `$`, such as a `ResultPath`.
///
/// ```
/// use serde_json::json;
/// use sfn_expr::path::ReferencePath;
///
/// let mut data = json!({"order": 7});
/// ReferencePath::parse("$.checks.stock")?.set(&mut data, json!(true))?;
/// assert_eq!(data, json!({"order": 7, "checks": {"stock": true}}));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencePath(Path);

/// A value could not be put where a reference path says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Unable to apply ReferencePath {path} to input {input}")]
pub struct SetError {
    /// The reference path.
    pub path: String,
    /// The JSON text it was to be applied to.
    pub input: String,
}

impl ReferencePath {
    /// Parses `text`.
    ///
    /// # Errors
    ///
    /// When it is no path, or one that does not start at `$`, or may pick several values.
    pub fn parse(text: &str) -> Result<ReferencePath, ParseError> {
        ReferencePath::try_from(Path::parse(text)?)
    }

    /// The same as a [`Path`], for reading.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Whether it is `$`: the whole.
    pub fn is_root(&self) -> bool {
        self.0.is_root()
    }

    /// Puts `value` at this place of `target`. Missing objects on the way are made.
    ///
    /// # Errors
    ///
    /// When the place cannot be: a field of something that is no object, or an index that does not
    /// exist. `target` is unchanged then.
    pub fn set(&self, target: &mut Value, value: Value) -> Result<(), SetError> {
        let steps = &self.0.0.steps[..];
        if !fits(steps, target) {
            return Err(SetError {
                path: self.0.to_string(),
                input: target.to_string(),
            });
        }
        let mut place = target;
        for step in steps {
            place = match (step, place) {
                (Step::Name(name), Value::Object(members)) => {
                    members.entry(name.as_str()).or_insert(Value::Null)
                }
                (Step::Name(name), place) => {
                    // Only a member that was just made is null here: `fits` has seen the others.
                    *place = Value::Object(Map::new());
                    place
                        .as_object_mut()
                        .expect("an object was just put there")
                        .entry(name.as_str())
                        .or_insert(Value::Null)
                }
                (Step::Index(index), Value::Array(items)) => {
                    let index =
                        usize::try_from(*index).expect("a reference path has no negative index");
                    items.get_mut(index).expect("the index was checked")
                }
                _ => return Ok(()),
            };
        }
        *place = value;
        Ok(())
    }
}

/// Whether `steps` lead from `target` to a place that exists or can be made.
fn fits(steps: &[Step], target: &Value) -> bool {
    let mut here = target;
    for (done, step) in steps.iter().enumerate() {
        here = match (step, here) {
            (Step::Name(name), Value::Object(members)) => match members.get(name) {
                Some(found) => found,
                // From here on everything is made, and only objects are.
                None => {
                    return steps[done + 1..]
                        .iter()
                        .all(|step| matches!(step, Step::Name(_)));
                }
            },
            (Step::Index(index), Value::Array(items)) => {
                match usize::try_from(*index).ok().and_then(|i| items.get(i)) {
                    Some(found) => found,
                    None => return false,
                }
            }
            _ => return false,
        };
    }
    true
}

impl TryFrom<Path> for ReferencePath {
    type Error = ParseError;

    fn try_from(path: Path) -> Result<ReferencePath, ParseError> {
        if *path.root() != Root::Input {
            return Err(ParseError {
                reason: "a reference path starts with `$`".to_owned(),
                at: 0,
            });
        }
        if !path.is_reference() {
            return Err(ParseError {
                reason: "a reference path has only fields and single indexes".to_owned(),
                at: 0,
            });
        }
        Ok(ReferencePath(path))
    }
}

impl fmt::Display for ReferencePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
