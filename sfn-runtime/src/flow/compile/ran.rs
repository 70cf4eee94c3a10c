//! Which steps may have run before a state is come to.

use std::collections::{BTreeMap, BTreeSet};

/// The steps that may have run, in the order of the source, and whether they have on every path.
pub(super) type Ran<N> = Vec<(N, bool)>;

/// What may have run before each state. `ways` gives where a state leads to, and whether what it does is done on that way, as
/// far as it counts.
pub(super) fn before<N: Ord + Copy>(
    first: Option<N>,
    states: &BTreeSet<N>,
    ways: &dyn Fn(N) -> Vec<(N, bool)>,
) -> BTreeMap<N, Ran<N>> {
    // On some path, and on every path; of the latter everything, until a path says otherwise.
    let mut may: BTreeMap<N, BTreeSet<N>> = BTreeMap::new();
    let mut must: BTreeMap<N, BTreeSet<N>> = BTreeMap::new();
    must.extend(first.map(|first| (first, BTreeSet::new())));
    loop {
        let mut changed = false;
        for &state in states {
            for (to, done) in ways(state) {
                let ran = done.then_some(state);
                let before = may.get(&state).into_iter().flatten().copied();
                let some: BTreeSet<N> = before.chain(ran).collect();
                let known = may.entry(to).or_default();
                let count = known.len();
                known.extend(some);
                changed |= known.len() != count;
                // A state that was not come to yet says nothing of those behind it.
                let Some(all) = must.get(&state) else {
                    continue;
                };
                let all: BTreeSet<N> = all.iter().copied().chain(ran).collect();
                match must.get_mut(&to) {
                    Some(known) => {
                        let count = known.len();
                        known.retain(|one| all.contains(one));
                        changed |= known.len() != count;
                    }
                    None => {
                        must.insert(to, all);
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            break;
        }
    }
    let surely = |state: &N, one: &N| must.get(state).is_some_and(|all| all.contains(one));
    may.iter()
        .map(|(state, some)| {
            let done = some.iter().map(|one| (*one, surely(state, one)));
            (*state, done.collect())
        })
        .collect()
}
