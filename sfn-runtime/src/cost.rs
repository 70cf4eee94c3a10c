//! What an execution of a state machine costs: its transitions, path by path, and what AWS asks for them.
//!
//! AWS bills a standard workflow by its *transitions*: each state that is entered, inside of maps and parallels too, and
//! each retry. The number depends on data, so it is told for each way through the machine, and for the counts that
//! [`Counts`] names.
//!
//! ```
//! use sfn_asl::{Flow, Map, Pass, StateMachine};
//! use sfn_runtime::cost::{Cost, Counts};
//!
//! let item = Flow::starting_at("Prepare").state("Prepare", Pass::default());
//! let flow = Flow::starting_at("Each").state("Each", Map::of(item).then("Done")).state("Done", Pass::default());
//! let mut counts = Counts::default();
//! counts.items.insert("Each".to_owned(), 20);
//! let cost = Cost::of(&StateMachine::new(flow), &counts);
//! assert_eq!((cost.all.min, cost.all.typical), (2, 22));
//! ```

mod flow;
pub mod price;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;
use sfn_asl::{Kind, StateMachine};

/// How many items a map has where nobody says.
pub const USUAL_ITEMS: u64 = 10;

/// How many paths are told one by one. A machine with more decisions than that has too many to be read.
pub const MOST_PATHS: usize = 100;

/// What the definition does not say: how long lists are, and how often loops go round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// By a map's name, or that of a state inside it: how many items it has. [`USUAL_ITEMS`] where nothing is said.
    pub items: BTreeMap<String, u64>,
    /// By the name of a state that a loop comes back to: how often it is entered. Once where nothing is said.
    pub passes: BTreeMap<String, u64>,
}

/// Numbers of transitions, from the best to the worst case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Transitions {
    /// Nothing fails, lists are empty, loops are gone through once.
    pub min: u64,
    /// Nothing fails; lists and loops are as [`Counts`] says. Inside of maps and parallels the longest way is taken.
    pub typical: u64,
    /// The same, and each state that has a retrier fails once.
    pub with_retries: u64,
    /// Every retry that is allowed is used up.
    pub worst: u64,
}

/// One way through a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Path {
    /// What decides for it: the rules that hold, the errors that are caught. Empty when there is but one way.
    pub decisions: Vec<String>,
    /// Whether something fails on it: an error is caught, or it ends in a Fail state.
    pub fails: bool,
    /// How many transitions it has.
    #[serde(flatten)]
    pub transitions: Transitions,
}

/// What an execution of a machine costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cost {
    /// The ways through the machine, those on which nothing fails first, at most [`MOST_PATHS`].
    pub paths: Vec<Path>,
    /// Whether there are more.
    pub more_paths: bool,
    /// Over all ways: `min` of the shortest that ends well, `typical` and `with_retries` of the longest on which nothing
    /// fails, `worst` of the longest of all.
    #[serde(flatten)]
    pub all: Transitions,
    /// The maps, with the number of items that was taken.
    pub items: BTreeMap<String, u64>,
    /// The states that loops come back to, with the number of passes that was taken.
    pub passes: BTreeMap<String, u64>,
    /// The longest that its fixed waits can take together, in seconds.
    pub waits: u64,
}

/// A name that counts were given for, and that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} named `{name}`{}", known(.names))]
#[non_exhaustive]
pub struct NoSuchCount {
    /// The kind of state.
    pub what: &'static str,
    /// What was given.
    pub name: String,
    /// The names there are.
    pub names: Vec<String>,
}

fn known(names: &[String]) -> String {
    if names.is_empty() {
        return "\nnote: there is none at all".to_owned();
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("\nhelp: there are {}", names.join(", "))
}

impl Cost {
    /// Counts the transitions of a machine.
    #[must_use]
    pub fn of(machine: &StateMachine, counts: &Counts) -> Self {
        let items = maps(machine)
            .into_iter()
            .map(|(map, within)| {
                let given = counts
                    .items
                    .get(map)
                    .or_else(|| within.iter().find_map(|state| counts.items.get(*state)));
                (map.to_owned(), given.copied().unwrap_or(USUAL_ITEMS))
            })
            .collect();
        let passes = machine
            .flows()
            .into_iter()
            .flat_map(|(_, flow)| flow::loop_heads(flow))
            .map(|head| {
                let given = counts.passes.get(head).copied().unwrap_or(1);
                (head.to_owned(), given.max(1))
            })
            .collect();
        let mut cost = Self {
            paths: Vec::new(),
            more_paths: false,
            all: Transitions::default(),
            items,
            passes,
            waits: 0,
        };
        let walk = flow::Walk::new(&cost.items, &cost.passes, &machine.flow);
        let (mut paths, more_paths) = walk.paths();
        paths.sort_by_key(|path| path.fails);
        let (all, waits) = (walk.all(), walk.waits());
        (cost.paths, cost.more_paths, cost.all, cost.waits) = (paths, more_paths, all, waits);
        cost
    }

    /// Whether each count is for something that the machine has.
    ///
    /// # Errors
    ///
    /// The first that is not, with the names there are.
    pub fn check(machine: &StateMachine, counts: &Counts) -> Result<(), NoSuchCount> {
        let maps = maps(machine);
        for name in counts.items.keys() {
            let known = maps
                .iter()
                .any(|(map, within)| map == name || within.contains(&name.as_str()));
            if !known {
                return Err(NoSuchCount {
                    what: "map",
                    name: name.clone(),
                    names: maps.iter().map(|(map, _)| (*map).to_owned()).collect(),
                });
            }
        }
        let heads: Vec<&str> = machine
            .flows()
            .into_iter()
            .flat_map(|(_, flow)| flow::loop_heads(flow))
            .collect();
        for name in counts.passes.keys() {
            if !heads.contains(&name.as_str()) {
                return Err(NoSuchCount {
                    what: "loop that begins with a state",
                    name: name.clone(),
                    names: heads.iter().map(|head| (*head).to_owned()).collect(),
                });
            }
        }
        Ok(())
    }
}

/// The maps, each with the states that it, and no map within it, runs for an item.
fn maps(machine: &StateMachine) -> Vec<(&str, Vec<&str>)> {
    fn within<'a>(flow: &'a sfn_asl::Flow, found: &mut Vec<&'a str>) {
        for (name, state) in &flow.states {
            found.push(name);
            if let Kind::Parallel(parallel) = &state.kind {
                for branch in &parallel.branches {
                    within(branch, found);
                }
            }
        }
    }
    let visits = machine.walk();
    let maps = visits
        .into_iter()
        .filter_map(|visit| match &visit.state.kind {
            Kind::Map(map) => {
                let mut found = Vec::new();
                within(&map.item_processor.flow, &mut found);
                Some((visit.name, found))
            }
            _ => None,
        });
    maps.collect()
}
