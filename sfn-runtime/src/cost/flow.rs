//! Ways through one flow.

use std::collections::{BTreeMap, HashMap, HashSet};

use sfn_asl::{Flow, Kind, Label, Node, OrExpression, State, WaitFor};

use super::{MOST_PATHS, Path, Transitions};

/// A way out of a state.
struct Way<'a> {
    /// `None` for the end of the flow.
    to: Option<&'a str>,
    /// What decides for it, if anything does.
    decision: Option<String>,
    /// Whether an error was caught.
    caught: bool,
}

/// The ways out of each state.
fn ways(flow: &Flow) -> HashMap<&str, Vec<Way<'_>>> {
    let mut ways: HashMap<&str, Vec<Way<'_>>> = HashMap::new();
    for edge in flow.edges() {
        let Node::State(from) = edge.from else {
            continue;
        };
        let to = match edge.to {
            Node::State(to) => Some(to),
            Node::Start | Node::End => None,
        };
        let caught = matches!(edge.label, Label::Catch(_));
        let decision = match &edge.label {
            Label::Next => None,
            Label::Default => Some(format!("{from}: else")),
            Label::Rule(rule) => Some(rule.clone()),
            Label::Catch(errors) => Some(format!("{from} fails with {}", errors.join(", "))),
        };
        ways.entry(from).or_default().push(Way {
            to,
            decision,
            caught,
        });
    }
    for (name, state) in &flow.states {
        if let Kind::Fail(_) = state.kind {
            ways.entry(name).or_default().push(Way {
                to: None,
                decision: None,
                caught: false,
            });
        }
    }
    ways
}

/// The ways that close a loop, from where to where, and the states of each loop.
fn loops(flow: &Flow) -> Vec<(&str, &str, Vec<&str>)> {
    fn visit<'a>(
        state: &'a str,
        ways: &HashMap<&'a str, Vec<Way<'a>>>,
        path: &mut Vec<&'a str>,
        done: &mut HashSet<&'a str>,
        found: &mut Vec<(&'a str, &'a str, Vec<&'a str>)>,
    ) {
        path.push(state);
        for way in ways.get(state).map_or(&[][..], Vec::as_slice) {
            let Some(to) = way.to else { continue };
            if let Some(begin) = path.iter().position(|on_path| *on_path == to) {
                found.push((state, to, path[begin..].to_vec()));
            } else if !done.contains(to) {
                visit(to, ways, path, done, found);
            }
        }
        path.pop();
        done.insert(state);
    }
    let (ways, mut found) = (ways(flow), Vec::new());
    visit(
        &flow.start_at,
        &ways,
        &mut Vec::new(),
        &mut HashSet::new(),
        &mut found,
    );
    found
}

/// The states that loops come back to.
pub(super) fn loop_heads(flow: &Flow) -> Vec<&str> {
    let mut heads: Vec<&str> = loops(flow).into_iter().map(|(_, head, _)| head).collect();
    heads.sort_unstable();
    heads.dedup();
    heads
}

/// A flow, and what each of its states costs.
pub(super) struct Walk<'a> {
    flow: &'a Flow,
    ways: HashMap<&'a str, Vec<Way<'a>>>,
    /// The ways that close loops; without them the flow has no cycle.
    closing: HashSet<(&'a str, &'a str)>,
    cost: HashMap<&'a str, Transitions>,
    /// Seconds of fixed waits.
    waits: HashMap<&'a str, u64>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        items: &BTreeMap<String, u64>,
        passes: &BTreeMap<String, u64>,
        flow: &'a Flow,
    ) -> Self {
        let mut cost = HashMap::new();
        let mut waits = HashMap::new();
        for (name, state) in &flow.states {
            let (of_state, seconds) = once(name, state, items, passes);
            cost.insert(name.as_str(), of_state);
            waits.insert(name.as_str(), seconds);
        }
        let loops = loops(flow);
        // Further passes of a loop are counted where it begins; of several loops back to one state, the dearest.
        let (plain, plain_waits) = (cost.clone(), waits.clone());
        for head in loop_heads(flow) {
            let more = passes.get(head).copied().unwrap_or(1).saturating_sub(1);
            let rounds = loops.iter().filter(|(_, to, _)| *to == head);
            let dearest = rounds
                .map(|(_, _, states)| {
                    let round = states
                        .iter()
                        .fold(Transitions::default(), |sum, state| plus(sum, plain[state]));
                    let seconds: u64 = states.iter().map(|state| plain_waits[state]).sum();
                    (round, seconds)
                })
                .max_by_key(|(round, _)| round.worst);
            if let (Some((round, seconds)), Some(of_head)) = (dearest, cost.get_mut(head)) {
                let all = times(round, more);
                // At its best a loop is gone through once.
                *of_head = plus(*of_head, Transitions { min: 0, ..all });
                *waits.entry(head).or_default() += seconds.saturating_mul(more);
            }
        }
        Self {
            flow,
            ways: ways(flow),
            closing: loops.into_iter().map(|(from, to, _)| (from, to)).collect(),
            cost,
            waits,
        }
    }

    fn open_ways(&self, state: &'a str) -> impl Iterator<Item = &Way<'a>> {
        let ways = self.ways.get(state).map_or(&[][..], Vec::as_slice);
        ways.iter()
            .filter(move |way| way.to.is_none_or(|to| !self.closing.contains(&(state, to))))
    }

    /// The ways through the flow, and whether there are more of them than are told.
    pub(super) fn paths(&self) -> (Vec<Path>, bool) {
        let mut found = Vec::new();
        let begin = Path {
            decisions: Vec::new(),
            fails: false,
            transitions: Transitions::default(),
        };
        self.follow(&self.flow.start_at, begin, &mut found);
        let more = found.len() > MOST_PATHS;
        found.truncate(MOST_PATHS);
        (found, more)
    }

    fn follow(&self, state: &'a str, mut path: Path, found: &mut Vec<Path>) {
        let Some((name, kind)) = self.flow.states.get_key_value(state) else {
            return;
        };
        path.transitions = plus(path.transitions, self.cost[name.as_str()]);
        path.fails |= matches!(kind.kind, Kind::Fail(_));
        let decides = self.ways.get(state).map_or(0, Vec::len) > 1;
        for way in self.open_ways(name) {
            if found.len() > MOST_PATHS {
                return;
            }
            let mut next = path.clone();
            next.fails |= way.caught;
            if decides {
                next.decisions.extend(way.decision.clone());
            }
            match way.to {
                Some(to) => self.follow(to, next, found),
                None => found.push(next),
            }
        }
    }

    /// Over all ways; see [`Cost::all`](super::Cost::all).
    pub(super) fn all(&self) -> Transitions {
        let start = self.flow.start_at.as_str();
        let longest = |of: fn(&Transitions) -> u64, caught: bool| {
            self.extreme(
                start,
                &|cost| of(cost),
                caught,
                u64::max,
                &mut HashMap::new(),
            )
        };
        let well = |found: Option<u64>, otherwise: u64| found.unwrap_or(otherwise);
        let worst = longest(|cost| cost.worst, true).unwrap_or(0);
        let min = self.extreme(
            start,
            &|cost| cost.min,
            false,
            u64::min,
            &mut HashMap::new(),
        );
        // A flow that never ends well has but its failures.
        let min_of_all =
            || self.extreme(start, &|cost| cost.min, true, u64::min, &mut HashMap::new());
        Transitions {
            min: min.or_else(min_of_all).unwrap_or(0),
            typical: well(
                longest(|cost| cost.typical, false),
                longest(|cost| cost.typical, true).unwrap_or(0),
            ),
            with_retries: well(
                longest(|cost| cost.with_retries, false),
                longest(|cost| cost.with_retries, true).unwrap_or(0),
            ),
            worst,
        }
    }

    /// The shortest or longest way from a state to the end; `None` when there is none. Without `failing`, only ways
    /// on which nothing fails.
    fn extreme(
        &self,
        state: &'a str,
        of: &dyn Fn(&Transitions) -> u64,
        failing: bool,
        better: fn(u64, u64) -> u64,
        known: &mut HashMap<&'a str, Option<u64>>,
    ) -> Option<u64> {
        if let Some(known) = known.get(state) {
            return *known;
        }
        let (name, kind) = self.flow.states.get_key_value(state)?;
        let fails = matches!(kind.kind, Kind::Fail(_));
        let mut best: Option<u64> = None;
        if failing || !fails {
            for way in self.open_ways(name) {
                if way.caught && !failing {
                    continue;
                }
                let rest = match way.to {
                    Some(to) => self.extreme(to, of, failing, better, known),
                    None => Some(0),
                };
                if let Some(rest) = rest {
                    best = Some(best.map_or(rest, |best| better(best, rest)));
                }
            }
        }
        let own = of(&self.cost[name.as_str()]);
        let found = best.map(|rest| rest.saturating_add(own));
        known.insert(state, found);
        found
    }

    /// The longest sum of fixed waits on any way, in seconds.
    pub(super) fn waits(&self) -> u64 {
        /// `None` where no way leads to the end but round a loop.
        fn longest<'a>(
            walk: &Walk<'a>,
            state: &'a str,
            known: &mut HashMap<&'a str, Option<u64>>,
        ) -> Option<u64> {
            if let Some(known) = known.get(state) {
                return *known;
            }
            let own = walk.waits.get(state).copied().unwrap_or(0);
            let ways: Vec<Option<&str>> = walk.open_ways(state).map(|way| way.to).collect();
            let rest = ways
                .into_iter()
                .filter_map(|to| match to {
                    Some(to) => longest(walk, to, known),
                    None => Some(0),
                })
                .max();
            let found = rest.map(|rest| own.saturating_add(rest));
            known.insert(state, found);
            found
        }
        longest(self, &self.flow.start_at, &mut HashMap::new()).unwrap_or(0)
    }
}

/// What a state costs when it is entered once, and how long it waits.
fn once(
    name: &str,
    state: &State,
    items: &BTreeMap<String, u64>,
    passes: &BTreeMap<String, u64>,
) -> (Transitions, u64) {
    let inner = |flow| {
        let walk = Walk::new(items, passes, flow);
        (walk.all(), walk.waits())
    };
    let one = Transitions {
        min: 1,
        typical: 1,
        with_retries: 1,
        worst: 1,
    };
    let (attempt, waits) = match &state.kind {
        Kind::Parallel(parallel) => parallel
            .branches
            .iter()
            .map(inner)
            .fold((one, 0), |(sum, longest), (branch, waits)| {
                (plus(sum, branch), longest.max(waits))
            }),
        Kind::Map(map) => {
            let (item, waits) = inner(&map.item_processor.flow);
            let count = items.get(name).copied().unwrap_or(super::USUAL_ITEMS);
            let all = times(item, count);
            // At its best a list is empty.
            (plus(one, Transitions { min: 0, ..all }), waits)
        }
        Kind::Wait(wait) => match wait.what() {
            Some(WaitFor::Seconds(OrExpression::Value(seconds))) => (one, *seconds),
            _ => (one, 0),
        },
        _ => (one, 0),
    };
    // Each retrier counts its own retries, so that the sum is the most there can be.
    let retries = state
        .retry()
        .iter()
        .fold(0_u64, |sum, retrier| sum.saturating_add(retrier.attempts()));
    let cost = Transitions {
        with_retries: match retries {
            0 => attempt.with_retries,
            _ => attempt.with_retries.saturating_add(attempt.typical),
        },
        worst: attempt.worst.saturating_mul(retries.saturating_add(1)),
        ..attempt
    };
    (cost, waits)
}

fn plus(a: Transitions, b: Transitions) -> Transitions {
    Transitions {
        min: a.min.saturating_add(b.min),
        typical: a.typical.saturating_add(b.typical),
        with_retries: a.with_retries.saturating_add(b.with_retries),
        worst: a.worst.saturating_add(b.worst),
    }
}

fn times(a: Transitions, count: u64) -> Transitions {
    Transitions {
        min: a.min.saturating_mul(count),
        typical: a.typical.saturating_mul(count),
        with_retries: a.with_retries.saturating_mul(count),
        worst: a.worst.saturating_mul(count),
    }
}
