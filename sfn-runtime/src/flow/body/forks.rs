//! Work that goes on side by side: `join!`, and a `for` or `map_concurrent` over a list.

use std::mem;

use super::{
    Body,
    graph::{EdgeId, Work},
};
use crate::{
    Shape,
    flow::{
        definition::{Distributed, Retry, Tolerated},
        expression::{Checked, E, Js, Part, constant},
    },
};

/// What a distributed map fails with when more of its items fail than it tolerates.
const TOO_MANY: &str = "States.ExceedToleratedFailureThreshold";

/// Branches while they are recorded: one after the other, then [`join`](Self::join).
#[derive(Debug)]
#[must_use = "branches go on behind `join()`"]
pub struct Branches<'b> {
    body: &'b mut Body,
    name: Option<String>,
    comment: String,
    retries: Vec<Retry>,
    branches: Vec<EdgeId>,
    shapes: Vec<Shape>,
    raises: Vec<String>,
}

/// What a list is gone over with.
#[derive(Debug, Clone)]
#[must_use = "it is recorded by `Body::map`"]
pub struct MapSite {
    items: E<Checked>,
    concurrency: Option<u32>,
    name: Option<String>,
    label: Option<String>,
    comment: String,
    distributed: Option<Distributed>,
    retries: Vec<Retry>,
}

impl MapSite {
    /// Over the items of that list, as many at once as Step Functions will.
    pub fn over(items: E<Checked>) -> Self {
        Self {
            items,
            concurrency: None,
            name: None,
            label: None,
            comment: String::new(),
            distributed: None,
            retries: Vec::new(),
        }
    }

    /// At most that many items at once; 1 is one after the other.
    pub fn max_concurrency(mut self, items: u32) -> Self {
        self.concurrency = Some(items);
        self
    }

    /// Names its state.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What the source calls it: the state's name, unless one is given.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says something about it: its state's `Comment`.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = comment.into();
        self
    }

    /// Makes each item an execution of its own, with a history of its own.
    pub fn distributed(mut self) -> Self {
        self.distributed.get_or_insert_default();
        self
    }

    /// Lets items of a distributed map fail. The list of the results has those that did not.
    pub fn tolerate(mut self, failures: Tolerated) -> Self {
        self.distributed.get_or_insert_default().tolerated = Some(failures);
        self
    }

    /// Tries the whole list again after these errors.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retries.push(retry);
        self
    }
}

impl Body {
    /// Runs branches at once. The first error of one of them ends the others.
    pub fn parallel(&mut self) -> Branches<'_> {
        Branches {
            body: self,
            name: None,
            comment: String::new(),
            retries: Vec::new(),
            branches: Vec::new(),
            shapes: Vec::new(),
            raises: Vec::new(),
        }
    }

    /// Does something for each item of a list, given the item and its number from 0. Gives the list of the results.
    pub fn map(
        &mut self,
        site: MapSite,
        each: impl FnOnce(&mut Body, E<Checked>, E<Checked>) -> Option<E<Checked>>,
    ) -> E<Checked> {
        let items = match site.items.js() {
            Ok(js) => js.clone(),
            Err(fault) => {
                let fault = fault.clone();
                self.fault(fault);
                super::graph::null()
            }
        };
        let of = site.items.item_shape();
        let label = site
            .label
            .unwrap_or_else(|| format!("map {}", items.label()));
        let mut variable = None;
        let (body, shape, raises) = self.inner(|body| {
            // What the item is taken from is known when the states are written.
            let item = body.variable("item", false, false);
            let index = body.variable("index", false, false);
            body.assign(item, Js::Input);
            body.assign(
                index,
                Js::Part(Box::new(Js::Input), Part::Key("index".to_owned())),
            );
            variable = Some(item);
            each(
                body,
                E::variable(item, of),
                E::variable(index, Shape::Integer(crate::Integer::new(64, false))),
            )
        });
        let Some(item) = variable else {
            return constant(&());
        };
        let work = Work::Map {
            items,
            concurrency: site.concurrency,
            body,
            item,
            handed: Vec::new(),
            selects: false,
            distributed: site.distributed,
            retries: site.retries,
        };
        // What an item failed with is known to its own execution alone.
        let raises = match site.distributed {
            Some(_) => vec![TOO_MANY.to_owned()],
            None => raises,
        };
        let state = self.work(work, site.name, label, site.comment);
        self.may_raise(state, raises);
        self.result(state, "results", Shape::list_of(shape))
    }

    /// Records a flow of its own, which ends with a value.
    fn inner(
        &mut self,
        record: impl FnOnce(&mut Body) -> Option<E<Checked>>,
    ) -> (EdgeId, Shape, Vec<String>) {
        self.flows += 1;
        let flow = mem::replace(&mut self.flow, self.flows - 1);
        let start = self.edge();
        let at = self.at.replace(start);
        let loops = mem::take(&mut self.loops);
        let handlers = mem::take(&mut self.handlers);
        let leaving = mem::take(&mut self.leaving);
        // A `return` within ends the branch alone, and gives a value of the same type as its end does.
        self.returns.push(Vec::new());
        let value = record(self);
        let mut ends = self.returns.pop().unwrap_or_default();
        ends.extend(self.end(value));
        let returns = mem::take(&mut self.returns);
        let value = self.meet(ends);
        let shape = value.shape().clone();
        self.return_(Some(value));
        self.returns = returns;
        self.loops = loops;
        self.handlers = handlers;
        let raises = mem::replace(&mut self.leaving, leaving);
        self.at = at;
        self.flow = flow;
        (start, shape, raises)
    }
}

impl Branches<'_> {
    /// One branch, and what it gives.
    pub fn branch(mut self, branch: impl FnOnce(&mut Body) -> Option<E<Checked>>) -> Self {
        let (start, shape, raises) = self.body.inner(branch);
        self.branches.push(start);
        self.shapes.push(shape);
        self.raises.extend(raises);
        self
    }

    /// Names its state.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says something about it: its state's `Comment`.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = comment.into();
        self
    }

    /// Tries all branches again after these errors.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retries.push(retry);
        self
    }

    /// Waits for all branches, and goes on with the tuple of what they gave.
    pub fn join(self) -> E<Checked> {
        let work = Work::Parallel {
            branches: self.branches,
            retries: self.retries,
        };
        let state = self
            .body
            .work(work, self.name, "parallel".to_owned(), self.comment);
        self.body.may_raise(state, self.raises);
        self.body
            .result(state, "branches", Shape::tuple_of(self.shapes))
    }
}
