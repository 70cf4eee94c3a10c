//! Ways through a machine: all its states, and those that can be reached.

use std::collections::HashSet;

use super::{Flow, Kind, QueryLanguage, State, StateMachine};
use crate::Place;

/// One state met on a [walk](StateMachine::walk), and where it stands.
#[derive(Debug, Clone)]
pub struct Visit<'a> {
    /// The state's name.
    pub name: &'a str,
    /// The state.
    pub state: &'a State,
    /// The flow it belongs to.
    pub flow: &'a Flow,
    /// Where it stands in the definition.
    pub place: Place,
    /// The language of its fields.
    pub language: QueryLanguage,
    /// In how many Map and Parallel states it stands.
    pub depth: usize,
}

impl StateMachine {
    /// All states, each before the states within it, in the order they are written.
    #[must_use]
    pub fn walk(&self) -> Vec<Visit<'_>> {
        let mut visits = Vec::new();
        self.visit_flow(&self.flow, &Place::root(), 0, &mut visits);
        visits
    }

    fn visit_flow<'a>(
        &'a self,
        flow: &'a Flow,
        at: &Place,
        depth: usize,
        visits: &mut Vec<Visit<'a>>,
    ) {
        let states = at.then("States");
        for (name, state) in &flow.states {
            let place = states.then(name.as_str());
            let language = self.language_of(state);
            visits.push(Visit {
                name,
                state,
                flow,
                place: place.clone(),
                language,
                depth,
            });
            for (at, inner) in state.flows(&place) {
                self.visit_flow(inner, &at, depth + 1, visits);
            }
        }
    }

    /// All flows: the machine's own, then those of its Map and Parallel states, each with where it stands.
    #[must_use]
    pub fn flows(&self) -> Vec<(Place, &Flow)> {
        let mut flows = vec![(Place::root(), &self.flow)];
        for visit in self.walk() {
            flows.extend(visit.state.flows(&visit.place));
        }
        flows
    }
}

impl State {
    /// The flows directly within this state, each with where it stands when the state stands at `at`.
    #[must_use]
    pub fn flows(&self, at: &Place) -> Vec<(Place, &Flow)> {
        match &self.kind {
            Kind::Parallel(parallel) => {
                let branches = at.then("Branches");
                parallel
                    .branches
                    .iter()
                    .enumerate()
                    .map(|(index, flow)| (branches.then(index), flow))
                    .collect()
            }
            Kind::Map(map) => vec![(
                at.then(map.item_processor.field.as_str()),
                &map.item_processor.flow,
            )],
            _ => Vec::new(),
        }
    }

    /// The names of all states this one may lead to, each with the place of the field that says so, seen from the state.
    #[must_use]
    pub fn targets(&self, at: &Place) -> Vec<(Place, &str)> {
        let mut targets = Vec::new();
        if let Some(next) = self.transition().and_then(|transition| transition.next()) {
            targets.push((at.then("Next"), next));
        }
        if let Kind::Choice(choice) = &self.kind {
            for (index, rule) in choice.choices.iter().enumerate() {
                targets.push((
                    at.then("Choices").then(index).then("Next"),
                    rule.next.as_str(),
                ));
            }
            if let Some(default) = &choice.default {
                targets.push((at.then("Default"), default.as_str()));
            }
        }
        for (index, catcher) in self.catch().iter().enumerate() {
            targets.push((
                at.then("Catch").then(index).then("Next"),
                catcher.next.as_str(),
            ));
        }
        targets
    }
}

impl Flow {
    /// The names of the states of this flow (not of flows within) that its start leads to, itself included.
    #[must_use]
    pub fn reachable(&self) -> HashSet<&str> {
        let mut reached = HashSet::new();
        let mut open = vec![self.start_at.as_str()];
        while let Some(name) = open.pop() {
            let Some((name, state)) = self.states.get_key_value(name) else {
                continue;
            };
            if reached.insert(name.as_str()) {
                open.extend(
                    state
                        .targets(&Place::root())
                        .into_iter()
                        .map(|(_, target)| target),
                );
            }
        }
        reached
    }
}
