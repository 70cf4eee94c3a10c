//! Naming the states. Names are unique in the whole machine, branches and items included.

use std::{collections::HashSet, time::Duration};

use super::{Mistake, task::seconds};
use crate::flow::{
    definition::{Call, Node, Otherwise, Stage},
    expression::{Js, Part},
};

/// The most characters a state's name may have.
pub(super) const LONGEST: usize = 80;

/// The names given so far.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    variables: HashSet<String>,
}

/// A stage whose states have names.
pub(super) struct Planned<'a> {
    pub(super) node: &'a Node,
    /// The name of its state; of its first Choice state for a `choose`.
    pub(super) name: String,
    pub(super) parts: Parts<'a>,
    /// A handler for each catcher.
    pub(super) handlers: Vec<Plan<'a>>,
}

pub(super) type Plan<'a> = Vec<Planned<'a>>;

/// What stages have within.
pub(super) enum Parts<'a> {
    None,
    Parallel(Vec<Plan<'a>>),
    Map(Plan<'a>),
    Choose(Vec<Group<'a>>, Option<Plan<'a>>),
}

/// Arms that one Choice state decides about.
pub(super) struct Group<'a> {
    pub(super) asked: Option<Asked>,
    pub(super) choice: String,
    pub(super) rules: Vec<(&'a Js, Plan<'a>)>,
}

/// A predicate step that is asked before.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) call: Call,
    /// The variable that keeps its verdict.
    pub(super) variable: String,
}

impl Names {
    /// Names all states: first those whose names are given, so that those we make up keep clear of them.
    pub(super) fn plan<'a>(&mut self, nodes: &'a [Node], mistakes: &mut Vec<Mistake>) -> Plan<'a> {
        self.reserve(nodes, "", mistakes);
        self.nodes(nodes, "")
    }

    fn reserve(&mut self, nodes: &[Node], prefix: &str, mistakes: &mut Vec<Mistake>) {
        for node in nodes {
            match &node.stage {
                Stage::Include(inner) => {
                    let prefix = included(prefix, node);
                    self.reserve(inner, &prefix, mistakes);
                }
                _ => {
                    if let Some(name) = given_name(node) {
                        self.take(format!("{prefix}{name}"), mistakes);
                    }
                }
            }
            match &node.stage {
                Stage::Parallel(branches) => {
                    for branch in branches {
                        self.reserve(branch, prefix, mistakes);
                    }
                }
                Stage::Map { body, .. } => self.reserve(body, prefix, mistakes),
                Stage::Choose { cases, otherwise } => {
                    for case in cases {
                        if let Some(predicate) = &case.predicate {
                            let name = predicate.name.as_deref();
                            let name = name.unwrap_or(predicate.call.step.name);
                            self.take(format!("{prefix}{name}"), mistakes);
                        }
                        self.reserve(&case.arm, prefix, mistakes);
                    }
                    if let Otherwise::Arm(arm) = otherwise {
                        self.reserve(arm, prefix, mistakes);
                    }
                }
                _ => {}
            }
            for catch in &node.catches {
                self.reserve(&catch.handler, prefix, mistakes);
            }
        }
    }

    fn take(&mut self, name: String, mistakes: &mut Vec<Mistake>) {
        if let Some(why) = refuse_state_name(&name) {
            mistakes.push(Mistake::BadName {
                name: name.clone(),
                what: "a state",
                why,
            });
        }
        if !self.taken.insert(name.clone()) {
            let mistake = Mistake::DuplicateState { name };
            if !mistakes.contains(&mistake) {
                mistakes.push(mistake);
            }
        }
    }

    fn nodes<'a>(&mut self, nodes: &'a [Node], prefix: &str) -> Plan<'a> {
        let mut plan = Vec::new();
        for node in nodes {
            if let Stage::Include(inner) = &node.stage {
                plan.extend(self.nodes(inner, &included(prefix, node)));
                continue;
            }
            plan.push(self.node(node, prefix));
        }
        plan
    }

    fn node<'a>(&mut self, node: &'a Node, prefix: &str) -> Planned<'a> {
        let given = given_name(node).map(|name| format!("{prefix}{name}"));
        let fresh = |names: &mut Self, default: &str| match &given {
            Some(name) => name.clone(),
            None => names.fresh(&format!("{prefix}{default}")),
        };
        let (name, parts) = match &node.stage {
            Stage::Parallel(branches) => {
                let name = fresh(self, "parallel");
                let branches = branches.iter().map(|branch| self.nodes(branch, prefix));
                (name, Parts::Parallel(branches.collect()))
            }
            Stage::Map { items, body, .. } => {
                let default = match items.as_ref().ok().and_then(last_key) {
                    Some(key) => format!("map {key}"),
                    None => "map".to_owned(),
                };
                let name = fresh(self, &default);
                (name, Parts::Map(self.nodes(body, prefix)))
            }
            Stage::Choose { .. } => self.choose(node, given, prefix),
            Stage::Wait(span) => (fresh(self, &format!("wait {}", spoken(*span))), Parts::None),
            Stage::WaitUntil(when) => {
                let default = match when.as_ref().ok().and_then(last_key) {
                    Some(key) => format!("wait until {key}"),
                    None => "wait until".to_owned(),
                };
                (fresh(self, &default), Parts::None)
            }
            Stage::Fail { error, .. } => (fresh(self, error), Parts::None),
            Stage::Succeed => (fresh(self, "succeed"), Parts::None),
            Stage::Pass(_) => (fresh(self, "pass"), Parts::None),
            Stage::Task(call) => (fresh(self, call.step.name), Parts::None),
            // Their stages stand in their place; a function body has its own writer.
            Stage::Include(_) | Stage::Body(_) => (String::new(), Parts::None),
        };
        let handlers = node
            .catches
            .iter()
            .map(|catch| self.nodes(&catch.handler, prefix));
        Planned {
            node,
            name,
            parts,
            handlers: handlers.collect(),
        }
    }

    fn choose<'a>(
        &mut self,
        node: &'a Node,
        given: Option<String>,
        prefix: &str,
    ) -> (String, Parts<'a>) {
        let Stage::Choose { cases, otherwise } = &node.stage else {
            return (String::new(), Parts::None);
        };
        // A predicate is asked only when the arms before it are not taken, so it opens a group of its own.
        let mut groups: Vec<Group<'a>> = Vec::new();
        let mut tests: Vec<Vec<&'a Js>> = Vec::new();
        const WRONG: &Js = &Js::Input;
        for case in cases {
            let asked = case.predicate.as_ref().map(|predicate| {
                let name = predicate.name.as_deref();
                let name = format!("{prefix}{}", name.unwrap_or(predicate.call.step.name));
                let variable = self.variable(&name);
                Asked {
                    name,
                    call: predicate.call,
                    variable,
                }
            });
            if asked.is_some() || groups.is_empty() {
                groups.push(Group {
                    asked,
                    choice: String::new(),
                    rules: Vec::new(),
                });
                tests.push(Vec::new());
            }
            // A test with a fault has been reported; the definition is not written.
            let test = case.test.as_ref().unwrap_or(WRONG);
            if let (Some(group), Some(tests)) = (groups.last_mut(), tests.last_mut()) {
                tests.push(test);
                group.rules.push((test, Vec::new()));
            }
        }
        for (index, group) in groups.iter_mut().enumerate() {
            group.choice = match (&given, &group.asked) {
                (Some(name), _) if index == 0 => name.clone(),
                (_, Some(asked)) => self.fresh(&format!("{}?", asked.name)),
                _ => self.fresh(&format!("{prefix}{}", question(&tests[index]))),
            };
        }
        let mut arms = cases.iter().map(|case| &case.arm);
        for group in &mut groups {
            for rule in &mut group.rules {
                if let Some(arm) = arms.next() {
                    rule.1 = self.nodes(arm, prefix);
                }
            }
        }
        let otherwise = match otherwise {
            Otherwise::Arm(arm) => Some(self.nodes(arm, prefix)),
            Otherwise::Exhausted => None,
        };
        let name = groups.first().map(|group| group.choice.clone());
        (name.unwrap_or_default(), Parts::Choose(groups, otherwise))
    }

    /// A name that nothing has yet: the wish, or the wish with a number.
    pub(super) fn fresh(&mut self, wish: &str) -> String {
        let wish: String = if wish.is_empty() {
            "state".to_owned()
        } else {
            clean(wish)
        };
        let mut name = shorten(&wish, LONGEST);
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            let suffix = format!(" {number}");
            name = shorten(&wish, LONGEST - suffix.len()) + &suffix;
            number += 1;
        }
        name
    }

    /// A variable's name after a state's: an identifier that no other state assigns.
    pub(super) fn variable(&mut self, state: &str) -> String {
        let mut wish: String = state
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .take(LONGEST - 4)
            .collect();
        // `states` is AWS's own, and a function is not to be hidden.
        let taken = wish == "states" || sfn_asl::JSONATA_FUNCTIONS.contains(&wish.as_str());
        if taken || !wish.starts_with(|c: char| c.is_ascii_alphabetic()) {
            wish = format!("is_{wish}");
        }
        let mut name = wish.clone();
        let mut number = 2;
        while !self.variables.insert(name.clone()) {
            name = format!("{wish}_{number}");
            number += 1;
        }
        name
    }
}

fn given_name(node: &Node) -> Option<&str> {
    match (&node.name, &node.stage) {
        (Some(name), _) => Some(name),
        (None, Stage::Task(call)) => Some(call.step.name),
        _ => None,
    }
}

/// What stands before the names of a fragment's states.
fn included(prefix: &str, node: &Node) -> String {
    match &node.name {
        Some(name) => format!("{prefix}{name} "),
        None => prefix.to_owned(),
    }
}

/// The question that a Choice state asks.
fn question(tests: &[&Js]) -> String {
    let subject = |js: &Js| match js {
        Js::Binary(_, left, _) => Some(left.label()),
        // A variant with data is told by its key.
        Js::Call("exists", arguments) => match arguments.first() {
            Some(Js::Part(of, _)) => Some(of.label()),
            _ => None,
        },
        _ => None,
    };
    // Arms of a `match` all ask the same thing.
    if let [first, second, ..] = tests
        && let Some(about) = subject(first)
        && subject(second).as_ref() == Some(&about)
    {
        return format!("{about}?");
    }
    match tests.first() {
        Some(first) => format!("{}?", first.label()),
        None => "choose".to_owned(),
    }
}

fn last_key(js: &Js) -> Option<&str> {
    match js {
        Js::Part(_, Part::Key(key)) => Some(key),
        Js::OrNull(inner) => last_key(inner),
        _ => None,
    }
}

pub(super) fn clean(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

pub(super) fn shorten(name: &str, longest: usize) -> String {
    if name.chars().count() <= longest {
        return name.to_owned();
    }
    name.chars()
        .take(longest - 3)
        .chain("...".chars())
        .collect()
}

/// A span of time in words: `2 minutes`, `1 hour 30 minutes`.
pub(in crate::flow) fn spoken(span: Duration) -> String {
    let mut rest = seconds(span);
    let mut words = Vec::new();
    for (unit, length) in [
        ("day", 86_400),
        ("hour", 3_600),
        ("minute", 60),
        ("second", 1),
    ] {
        let count = rest / length;
        rest %= length;
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            words.push(format!("{count} {unit}{plural}"));
        }
    }
    if words.is_empty() {
        return "0 seconds".to_owned();
    }
    words.join(" ")
}

/// Why AWS would refuse the name of a state.
pub(super) fn refuse_state_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("it is empty")
    } else if name.chars().count() > LONGEST {
        Some("it has more than 80 characters")
    } else if name.chars().any(char::is_control) {
        Some("it has control characters")
    } else {
        None
    }
}

/// Why AWS would refuse the name of a state machine, an activity or an execution.
pub(super) fn refuse_resource_name(name: &str) -> Option<&'static str> {
    refuse_state_name(name).or_else(|| {
        let refused = |c: char| {
            c.is_whitespace()
                || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c)
                || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{10ffff}')
        };
        name.chars().any(refused).then_some(
            "letters, digits, `-`, `_` and `.` are safe; spaces and most symbols are refused",
        )
    })
}
