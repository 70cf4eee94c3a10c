//! The variables' names: as in the source, and told apart only where they must be.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::live::Live;
use crate::flow::{
    body::graph::{EdgeId, Recorded, Target},
    variable::VariableId,
};

/// What every variable that is assigned is called, without its `$`.
pub(super) type Names = HashMap<VariableId, String>;

/// Whether a name means something else in JSONata or to Step Functions: a variable of that name would hide it.
fn is_taken(name: &str) -> bool {
    name == "states" || sfn_asl::JSONATA_FUNCTIONS.contains(&name)
}

/// The most characters a variable's name may have.
const LONGEST: usize = 80;

pub(super) fn name(graph: &Recorded) -> Names {
    let live = Live::of(graph);
    // Who is read at one time, a set an edge, by flow.
    let mut together: BTreeMap<usize, Vec<BTreeSet<VariableId>>> = BTreeMap::new();
    let (edges, states) = graph.reached(graph.start);
    for edge in &edges {
        let edge = &graph.edges[*edge];
        if let Target::State(to) = edge.to {
            let own = |id: &&VariableId| graph.variables[id.number as usize].flow == edge.flow;
            let set = live.before(to).iter().filter(own).copied().collect();
            together.entry(edge.flow).or_default().push(set);
        }
    }
    // Which flow a flow stands in. One that is around another is recorded, and numbered, first.
    let mut around: BTreeMap<usize, usize> = BTreeMap::new();
    for state in states {
        let state = &graph.states[state];
        let flow_of = |edge: &EdgeId| graph.edges[*edge].flow;
        if let Some(outer) = state.edges().first().map(flow_of) {
            around.extend(state.inner().iter().map(|inner| (flow_of(inner), outer)));
        }
    }
    let mut names = Names::new();
    let mut used: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (flow, sets) in &together {
        // A flow within reads what is around it, and may not assign anything of that name.
        let mut above: BTreeSet<String> = BTreeSet::new();
        let mut outer = around.get(flow);
        while let Some(flow) = outer {
            above.extend(used.get(flow).cloned().unwrap_or_default());
            outer = around.get(flow);
        }
        let all: BTreeSet<VariableId> = sets.iter().flatten().copied().collect();
        for id in all {
            let beside: BTreeSet<&String> = sets
                .iter()
                .filter(|set| set.contains(&id))
                .flatten()
                .filter_map(|other| names.get(other))
                .collect();
            let wish = wish(id.name());
            let mut name = wish.clone();
            let mut number = 2;
            while beside.contains(&name) || above.contains(&name) || is_taken(&name) {
                name = format!("{wish}{number}");
                number += 1;
            }
            used.entry(*flow).or_default().insert(name.clone());
            names.insert(id, name);
        }
    }
    names
}

/// The name as Step Functions takes it; the source's names nearly always are.
fn wish(name: &str) -> String {
    let mut wish: String = name
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '_')
        .take(LONGEST - 4)
        .collect();
    if !wish.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        wish.insert_str(0, "v_");
    }
    wish
}
