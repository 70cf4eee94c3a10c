//! Writing a definition as a state machine.

mod body;
mod collect;
mod lambda_error;
mod names;
mod ran;
mod states;
mod task;
mod undo;

use std::fmt;

use sfn_asl::{QueryLanguage, StateMachine};

pub(super) use self::{lambda_error::own_cause, names::spoken};
use self::{names::Names, states::Writer};
use super::{
    Unplaced,
    definition::{Definition, Node, Otherwise, Stage, Template},
    expression::Fault,
    places::Places,
};
use crate::Kind;

/// What AWS allows a standard execution at most: a year, in seconds.
const YEAR: u64 = 365 * 24 * 60 * 60;
/// What AWS allows an express execution at most: five minutes, in seconds.
const FIVE_MINUTES: u64 = 5 * 60;

impl Definition {
    /// Writes the definition as ASL, in JSONata, with one expression a leaf.
    ///
    /// The order of the states is that of the stages; the same definition gives the same text each time.
    ///
    /// # Errors
    ///
    /// All that rustc could not see: two states of one name that meet through a fragment, a field that serde
    /// skips, a step that runs nowhere.
    pub fn compile(&self, places: &dyn Places) -> Result<StateMachine, CompileError> {
        #[cfg(debug_assertions)]
        crate::registry::assert_names(&[self.input, self.output]);
        let mut mistakes = Vec::new();
        check_machine(self, &mut mistakes);
        check_nodes(&self.nodes, &mut mistakes);
        let flow = match self.nodes.as_slice() {
            [
                Node {
                    stage: Stage::Body(recorded),
                    ..
                },
            ] => body::flow(recorded, places, self.kind, &mut mistakes),
            nodes => {
                let mut names = Names::default();
                let plan = names.plan(nodes, &mut mistakes);
                Writer::new(places, self.kind, names, &mut mistakes).machine(&plan)
            }
        };
        if !mistakes.is_empty() {
            return Err(CompileError {
                workflow: self.name.clone(),
                mistakes,
            });
        }
        let comment = (!self.comment.is_empty()).then(|| self.comment.clone());
        let most = match self.kind {
            Kind::Standard => YEAR,
            Kind::Express => FIVE_MINUTES,
        };
        Ok(StateMachine {
            query_language: Some(QueryLanguage::Jsonata),
            timeout_seconds: Some(self.timeout.map_or(most, task::seconds)),
            ..StateMachine::new(sfn_asl::Flow { comment, ..flow })
        })
    }
}

/// Why a definition cannot be written as a state machine: everything at once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompileError {
    /// The workflow's name.
    pub workflow: String,
    /// What is wrong; at least one.
    pub mistakes: Vec<Mistake>,
}

impl std::error::Error for CompileError {}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the workflow `{}` cannot be compiled", self.workflow)?;
        for mistake in &self.mistakes {
            write!(f, "\n{mistake}")?;
        }
        Ok(())
    }
}

/// One thing that is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mistake {
    /// Two states have one name.
    #[error(
        "two states are named `{name}`\nhelp: name one of them where it is used: `.named(\"…\")`"
    )]
    DuplicateState {
        /// The name.
        name: String,
    },
    /// A name that AWS refuses.
    #[error("`{name}` cannot be the name of {what}: {why}")]
    BadName {
        /// The name.
        name: String,
        /// What is to be named.
        what: &'static str,
        /// What AWS minds.
        why: &'static str,
    },
    /// There is nothing to do.
    #[error("{what} has no stages\nhelp: name a step, or write `pass()`")]
    Empty {
        /// The workflow, or what has stages within.
        what: &'static str,
    },
    /// Stages that no value reaches.
    #[error("{stage} is never reached, because what stands before it ends\nhelp: remove it")]
    Unreachable {
        /// The kind of stage.
        stage: &'static str,
    },
    /// An expression that has no JSONata.
    #[error("in {stage}: {fault}")]
    Expression {
        /// The kind of stage.
        stage: &'static str,
        /// Why.
        fault: Fault,
    },
    /// A number out of the range that AWS allows.
    #[error("in {stage}: {what}")]
    Range {
        /// The kind of stage.
        stage: String,
        /// What is out of range, and what the range is.
        what: String,
    },
    /// Something in a function body that cannot become a state.
    #[error("{file}:{line}: {what}")]
    Body {
        /// The source file.
        file: &'static str,
        /// The line in it, from 1.
        line: u32,
        /// What is wrong.
        what: String,
    },
    /// A step without a place.
    #[error(transparent)]
    Unplaced(#[from] Unplaced),
    /// An express workflow cannot wait for an answer from elsewhere.
    #[error(
        "the step `{step}` waits for an answer from elsewhere, which an express workflow cannot\nhelp: make the workflow standard"
    )]
    CallbackInExpress {
        /// The step's name.
        step: String,
    },
    /// An express workflow cannot wait for another one.
    #[error(
        "`{machine}` is a state machine, which an express workflow cannot wait for\nhelp: make the workflow standard"
    )]
    NestedInExpress {
        /// The other one's name.
        machine: String,
    },
    /// Nothing tells another one of the end of an express workflow.
    #[error(
        "`{machine}` is an express workflow, whose end no other can wait for\nhelp: make it standard, or put `inline` where its kind is: `#[state_machine(inline)]` expands where it is called"
    )]
    ExpressNested {
        /// The other one's name.
        machine: String,
    },
    /// An express workflow has no executions of its own for the items of a map.
    #[error(
        "`{state}` is distributed, which a map of an express workflow cannot be\nhelp: remove `.distributed()`, or make the workflow standard"
    )]
    DistributedInExpress {
        /// The state's name.
        state: String,
    },
    /// Nothing outside of a branch or an item knows what was done in it.
    #[error(
        "the step `{step}` has an `undo`, and runs in a branch or for an item of a list, where Step Functions cannot keep what there is to take back\nhelp: put the branch into a workflow of its own, or take it back by hand in a `.catch(..)`"
    )]
    UndoWithin {
        /// The step's name.
        step: String,
    },
    /// An express workflow has no activities.
    #[error(
        "the step `{step}` runs as an activity, which an express workflow cannot use\nhelp: run it on Lambda, or make the workflow standard"
    )]
    ActivityInExpress {
        /// The step's name.
        step: String,
    },
}

fn check_machine(definition: &Definition, mistakes: &mut Vec<Mistake>) {
    if let Some(why) = names::refuse_resource_name(&definition.name) {
        mistakes.push(Mistake::BadName {
            name: definition.name.clone(),
            what: "a workflow",
            why,
        });
    }
    if definition.nodes.is_empty() {
        mistakes.push(Mistake::Empty {
            what: "the workflow",
        });
    }
    if let (Kind::Express, Some(timeout)) = (definition.kind, definition.timeout)
        && task::seconds(timeout) > FIVE_MINUTES
    {
        mistakes.push(Mistake::Range {
            stage: "the workflow".to_owned(),
            what: "an express workflow may take five minutes at most".to_owned(),
        });
    }
}

/// Finds what is wrong with the stages themselves, wherever they are.
fn check_nodes(nodes: &[Node], mistakes: &mut Vec<Mistake>) {
    for (index, node) in nodes.iter().enumerate() {
        let stage = node.stage.verb();
        let expression = |fault: &Fault| Mistake::Expression {
            stage,
            fault: fault.clone(),
        };
        mistakes.extend(node.faults.iter().map(expression));
        if index + 1 < nodes.len() && ends(node) {
            mistakes.push(Mistake::Unreachable {
                stage: nodes[index + 1].stage.verb(),
            });
        }
        match &node.stage {
            Stage::Parallel(branches) => {
                for branch in branches {
                    check_inner(branch, "a branch of `parallel`", mistakes);
                }
                if branches.is_empty() {
                    mistakes.push(Mistake::Empty { what: "`parallel`" });
                }
            }
            Stage::Map { items, body, .. } => {
                mistakes.extend(items.as_ref().err().map(expression));
                check_inner(body, "`map`", mistakes);
            }
            Stage::WaitUntil(when) => mistakes.extend(when.as_ref().err().map(expression)),
            Stage::Choose { cases, otherwise } => {
                for case in cases {
                    mistakes.extend(case.test.as_ref().err().map(expression));
                    check_nodes(&case.arm, mistakes);
                }
                if let Otherwise::Arm(arm) = otherwise {
                    check_nodes(arm, mistakes);
                }
                if cases.is_empty() {
                    mistakes.push(Mistake::Empty { what: "`choose`" });
                }
            }
            Stage::Pass(template) => {
                let faults = template.iter().flat_map(Template::faults);
                mistakes.extend(faults.map(expression));
            }
            Stage::Include(nodes) => check_inner(nodes, "a fragment", mistakes),
            // `body::flow` tells what is wrong with it, and what comes of that.
            Stage::Body(_)
            | Stage::Task(_)
            | Stage::Wait(_)
            | Stage::Fail { .. }
            | Stage::Succeed => {}
        }
        for catch in &node.catches {
            check_inner(&catch.handler, "a catch handler", mistakes);
        }
    }
}

fn check_inner(nodes: &[Node], what: &'static str, mistakes: &mut Vec<Mistake>) {
    if nodes.is_empty() {
        mistakes.push(Mistake::Empty { what });
    }
    check_nodes(nodes, mistakes);
}

/// Whether nothing comes after the stage.
fn ends(node: &Node) -> bool {
    let all_end = |nodes: &[Node]| nodes.last().is_some_and(ends);
    match &node.stage {
        Stage::Fail { .. } | Stage::Succeed => true,
        Stage::Include(nodes) => all_end(nodes),
        Stage::Choose { cases, otherwise } => {
            let otherwise = match otherwise {
                Otherwise::Arm(arm) => all_end(arm),
                Otherwise::Exhausted => true,
            };
            otherwise && cases.iter().all(|case| all_end(&case.arm))
        }
        _ => false,
    }
}
