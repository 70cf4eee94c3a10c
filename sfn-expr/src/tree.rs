//! What the templates of both languages share: a JSON value in which some parts are evaluated, and the rest is copied.

use serde_json::{Map, Value};

use crate::pointer;

/// A JSON value with leaves that are evaluated.
#[derive(Debug)]
pub(crate) enum Tree<L> {
    /// Nothing below is evaluated.
    Constant(Value),
    Leaf(L),
    /// The members with their names as written.
    Object(Vec<(String, Tree<L>)>),
    Array(Vec<Tree<L>>),
}

/// What is evaluated.
pub(crate) trait Leaf: Sized {
    /// What is wrong with one that cannot be read.
    type Error;

    /// The part `value` as a leaf, if it is one. `member` is its name where it is the member of an object, and `pointer`
    /// where it stands.
    fn read(
        member: Option<&str>,
        value: &Value,
        pointer: &str,
    ) -> Option<Result<Self, Self::Error>>;

    /// The name that a member has afterwards.
    fn name(member: &str) -> &str {
        member
    }
}

/// Where a part stands, seen from within.
pub(crate) struct Place<'p> {
    above: Option<&'p Place<'p>>,
    step: Step<'p>,
}

enum Step<'p> {
    Root,
    Member(&'p str),
    Item(usize),
}

impl<L: Leaf> Tree<L> {
    /// The tree of `value`, with all that is wrong in it, in order.
    pub(crate) fn read(value: &Value) -> (Tree<L>, Vec<L::Error>) {
        let mut errors = Vec::new();
        let tree = Self::read_at(None, value, "", &mut errors);
        (tree, errors)
    }

    /// The tree, or the first thing that is wrong.
    pub(crate) fn parse(value: &Value) -> Result<Tree<L>, L::Error> {
        let (tree, errors) = Self::read(value);
        errors.into_iter().next().map_or(Ok(tree), Err)
    }

    fn read_at(
        member: Option<&str>,
        value: &Value,
        pointer: &str,
        errors: &mut Vec<L::Error>,
    ) -> Tree<L> {
        match L::read(member, value, pointer) {
            Some(Ok(leaf)) => return Tree::Leaf(leaf),
            Some(Err(error)) => {
                errors.push(error);
                return Tree::Constant(Value::Null);
            }
            None => {}
        }
        match value {
            Value::Object(members) => {
                let trees: Vec<(String, Tree<L>)> = members
                    .iter()
                    .map(|(name, member)| {
                        let at = pointer::member(pointer, name);
                        (name.clone(), Self::read_at(Some(name), member, &at, errors))
                    })
                    .collect();
                if trees.iter().all(|(_, tree)| tree.is_constant()) {
                    Tree::Constant(value.clone())
                } else {
                    Tree::Object(trees)
                }
            }
            Value::Array(items) => {
                let trees: Vec<Tree<L>> = items
                    .iter()
                    .enumerate()
                    .map(|(i, item)| Self::read_at(None, item, &pointer::item(pointer, i), errors))
                    .collect();
                if trees.iter().all(Tree::is_constant) {
                    Tree::Constant(value.clone())
                } else {
                    Tree::Array(trees)
                }
            }
            scalar => Tree::Constant(scalar.clone()),
        }
    }

    /// Whether nothing in it is evaluated.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(self, Tree::Constant(_))
    }

    /// Each leaf with its JSON pointer, in order.
    pub(crate) fn leaves(&self) -> Vec<(String, &L)> {
        let mut leaves = Vec::new();
        self.collect("", &mut leaves);
        leaves
    }

    fn collect<'t>(&'t self, pointer: &str, leaves: &mut Vec<(String, &'t L)>) {
        match self {
            Tree::Constant(_) => {}
            Tree::Leaf(leaf) => leaves.push((pointer.to_owned(), leaf)),
            Tree::Object(members) => {
                for (name, tree) in members {
                    tree.collect(&pointer::member(pointer, name), leaves);
                }
            }
            Tree::Array(items) => {
                for (i, tree) in items.iter().enumerate() {
                    tree.collect(&pointer::item(pointer, i), leaves);
                }
            }
        }
    }

    /// Its value, with that of each leaf from `evaluate`, which is told where the leaf stands.
    pub(crate) fn evaluate<E>(
        &self,
        evaluate: &mut impl FnMut(&L, &Place<'_>) -> Result<Value, E>,
    ) -> Result<Value, E> {
        self.evaluate_at(
            &Place {
                above: None,
                step: Step::Root,
            },
            evaluate,
        )
    }

    fn evaluate_at<E>(
        &self,
        place: &Place<'_>,
        evaluate: &mut impl FnMut(&L, &Place<'_>) -> Result<Value, E>,
    ) -> Result<Value, E> {
        let below = |step| Place {
            above: Some(place),
            step,
        };
        match self {
            Tree::Constant(value) => Ok(value.clone()),
            Tree::Leaf(leaf) => evaluate(leaf, place),
            Tree::Object(members) => {
                let mut object = Map::with_capacity(members.len());
                for (name, tree) in members {
                    let value = tree.evaluate_at(&below(Step::Member(name)), evaluate)?;
                    let name = match tree {
                        Tree::Leaf(_) => L::name(name),
                        _ => name,
                    };
                    object.insert(name.to_owned(), value);
                }
                Ok(Value::Object(object))
            }
            Tree::Array(items) => {
                let mut array = Vec::with_capacity(items.len());
                for (i, tree) in items.iter().enumerate() {
                    array.push(tree.evaluate_at(&below(Step::Item(i)), evaluate)?);
                }
                Ok(Value::Array(array))
            }
        }
    }
}

impl Place<'_> {
    /// The name of the member it is; empty where it is none.
    pub(crate) fn member(&self) -> &str {
        match self.step {
            Step::Member(name) => name,
            Step::Root | Step::Item(_) => "",
        }
    }

    /// The way to it from `field`, as Step Functions tells it: `Output/a/b[0]`.
    pub(crate) fn within(&self, field: &str) -> String {
        let above = self.above.map(|above| above.within(field));
        match (above, &self.step) {
            (Some(above), Step::Member(name)) => format!("{above}/{name}"),
            (Some(above), Step::Item(i)) => format!("{above}[{i}]"),
            _ => field.to_owned(),
        }
    }
}
