//! A state machine as a picture: Mermaid, DOT and SVG.
//!
//! [`Graph::of`] reads a machine into nodes and edges; [`Graph::mermaid`], [`Graph::dot`] and
//! [`Graph::svg`] write it. Given the [`Progress`] of an execution, all three colour the states:
//! white for not started, blue for running, green for succeeded, red for failed, and orange for
//! failed but caught.

mod dot;
mod layered;
mod mermaid;
mod read;
mod svg;

pub(crate) use read::span;
use sfn_asl::{Retrier, StateType};

use crate::view::{Progress, Status};

/// A state machine as nodes and edges.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// What stands above the picture: the workflow's name.
    pub title: String,
    /// The states of the machine itself.
    pub scope: Scope,
}

/// States that lead to one another: a whole machine, a branch, or what a map does for each item.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    /// The states, in the order of the definition.
    pub nodes: Vec<Node>,
    /// The ways between them, in the order of the definition.
    pub edges: Vec<Edge>,
    /// Where it begins: an index into `nodes`. `None` for a machine without states.
    pub start: Option<usize>,
}

/// One state.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The state's name, unique in the machine.
    pub name: String,
    /// Its type.
    pub kind: StateType,
    /// What is worth knowing at a glance: how long it waits, what is retried.
    pub notes: Vec<String>,
    /// The retriers, in the order they are tried.
    pub retries: Vec<Retrier>,
    /// How long a `Wait` of a fixed length waits, in seconds.
    pub seconds: Option<u64>,
    /// The definition's comment.
    pub comment: Option<String>,
    /// The branches of a `Parallel`, or the one scope that a `Map` runs for each item.
    pub inner: Vec<Scope>,
    /// Whether the scope ends with it (`End`).
    pub ends: bool,
}

/// A way from one state to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Index of the state it leaves.
    pub from: usize,
    /// Index of the state it leads to.
    pub to: usize,
    /// Why it is taken.
    pub kind: EdgeKind,
    /// The condition, or the error names; `None` for a plain `Next`.
    pub label: Option<String>,
}

/// Why a way is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    /// The state is done.
    Next,
    /// A rule of a choice matches.
    Choice,
    /// No rule of a choice matches.
    Default,
    /// A catcher takes an error.
    Catch,
}

impl Graph {
    /// All states, outer before inner, each with its depth: 0 for the machine's own.
    pub fn states(&self) -> Vec<(usize, &Node)> {
        fn walk<'a>(scope: &'a Scope, depth: usize, found: &mut Vec<(usize, &'a Node)>) {
            for node in &scope.nodes {
                found.push((depth, node));
                for inner in &node.inner {
                    walk(inner, depth + 1, found);
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.scope, 0, &mut found);
        found
    }
}

/// The colours of one status in a picture.
struct Paint {
    /// The class name in Mermaid and SVG.
    class: &'static str,
    fill: &'static str,
    line: &'static str,
}

/// One row a status; the only place where a picture's colours stand.
const fn paint(status: Status) -> Paint {
    match status {
        Status::NotStarted => Paint {
            class: "idle",
            fill: "#ffffff",
            line: "#6b7280",
        },
        Status::Running => Paint {
            class: "running",
            fill: "#dbeafe",
            line: "#2563eb",
        },
        Status::Succeeded => Paint {
            class: "ok",
            fill: "#dcfce7",
            line: "#16a34a",
        },
        Status::Failed => Paint {
            class: "failed",
            fill: "#fee2e2",
            line: "#dc2626",
        },
        Status::Caught => Paint {
            class: "caught",
            fill: "#ffedd5",
            line: "#ea580c",
        },
    }
}

/// What stands below a state's name: its notes, and what became of it.
fn lines_of(node: &Node, run: Option<&Progress>) -> Vec<String> {
    let mut lines = node.notes.clone();
    if let Some(note) = run.and_then(|run| run.state(&node.name).note()) {
        // A `Fail` state's error may stand there already.
        if !lines.contains(&note) {
            lines.push(note);
        }
    }
    lines
}

/// The status of a state, or "not started" where no execution is drawn.
fn status_of(node: &Node, run: Option<&Progress>) -> Status {
    run.map_or(Status::NotStarted, |run| run.state(&node.name).status())
}

#[cfg(test)]
pub(crate) mod tests;
