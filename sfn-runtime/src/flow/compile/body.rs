//! Writing a function body as states.

use sfn_asl::Flow;

use super::Mistake;
use crate::{
    Kind,
    flow::{body::Recorded, places::Places},
};

pub(super) fn flow(
    _recorded: &Recorded,
    _places: &dyn Places,
    _kind: Kind,
    mistakes: &mut Vec<Mistake>,
) -> Flow {
    mistakes.push(Mistake::Empty {
        what: "the function",
    });
    Flow::default()
}
