//! Writing a function body as states.
//!
//! The record is a graph of states with edges between them, and what the source binds stands on the edges. First
//! the graph is made as small as it can be ([`straight`]), then steps with an `undo` are taken back where
//! the machine fails ([`undo`]), then the variables that nobody reads are dropped ([`live`]), then what
//! is bound before the first state finds a place ([`start`]), then the variables get their names ([`variables`]), and at last
//! the states are written ([`states`]): what stands on an edge becomes the `Assign` of the state it leaves.

mod live;
mod start;
mod states;
mod straight;
mod undo;
mod variables;

use sfn_asl::Flow;

use super::Mistake;
use crate::{
    Kind,
    flow::{body::Recorded, places::Places},
};

pub(super) fn flow(
    recorded: &Recorded,
    places: &dyn Places,
    kind: Kind,
    mistakes: &mut Vec<Mistake>,
) -> Flow {
    let mut graph = recorded.clone();
    straight::straighten(&mut graph);
    undo::take_back(&mut graph);
    live::drop_dead(&mut graph);
    start::settle(&mut graph);
    live::drop_dead(&mut graph);
    mistakes.append(&mut graph.mistakes);
    let names = variables::name(&graph);
    states::Writer::new(&graph, &names, places, kind, mistakes).machine()
}
