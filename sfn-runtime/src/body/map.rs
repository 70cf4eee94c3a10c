//! One thing for each item, several at a time.

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
};

use super::join::{Branch, branch};
use crate::{Wraps, flow::Tolerated};

/// What [`map_concurrent`] gives: await it for the list of what the items gave, in the items' order.
#[must_use = "nothing runs until it is awaited"]
pub struct MapConcurrent<I, A: Future, F> {
    most: usize,
    items: I,
    branches: Vec<Branch<A>>,
    each: F,
}

// Nothing is pinned in it but the branches, which are on the heap.
impl<I, A: Future, F> Unpin for MapConcurrent<I, A, F> {}

/// Does something for each item of a list, at most `most` items at a time: a Map state.
///
/// For `#[state_machine]` bodies. `map_concurrent(4, &order.items, |item| prepare(item)).await` gives the list of what the
/// calls give, `Result`s where they are; with `?` behind it the first error stops the others and ends the body, and the
/// list holds the values. What is done may be an `async` block. 0 sets no limit.
///
/// `.distributed()` before `.await` makes each item an execution of its own, for thousands of them; `.tolerate(3)` or
/// `.tolerate("5%")` behind it lets items fail, and the list holds the others.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use sfn_runtime::map_concurrent;
///
/// let doubled = map_concurrent(2, &[1, 2, 3], |n| async move { n * 2 }).await;
/// assert_eq!(doubled, [2, 4, 6]);
/// # });
/// ```
pub fn map_concurrent<I, A, F>(most: usize, items: I, each: F) -> MapConcurrent<I::IntoIter, A, F>
where
    I: IntoIterator,
    A: Future,
    F: FnMut(I::Item) -> A,
{
    MapConcurrent {
        most,
        items: items.into_iter(),
        branches: Vec::new(),
        each,
    }
}

impl<I: Iterator, A: Future, F: FnMut(I::Item) -> A> MapConcurrent<I, A, F> {
    /// Lets the items go on; ready when all are done, or `stop` says so of one.
    fn go_on<S>(
        &mut self,
        context: &mut Context<'_>,
        mut stop: impl FnMut(&mut Branch<A>) -> Option<S>,
    ) -> Poll<Option<S>> {
        let mut running = 0;
        for branch in &mut self.branches {
            if !branch.step(context) {
                running += 1;
            } else if let Some(stopped) = stop(branch) {
                return Poll::Ready(Some(stopped));
            }
        }
        while self.most == 0 || running < self.most {
            let Some(item) = self.items.next() else { break };
            let mut started = branch((self.each)(item));
            if !started.step(context) {
                running += 1;
            } else if let Some(stopped) = stop(&mut started) {
                return Poll::Ready(Some(stopped));
            }
            self.branches.push(started);
        }
        match running {
            0 => Poll::Ready(None),
            _ => Poll::Pending,
        }
    }
}

impl<I: Iterator, A: Future, F: FnMut(I::Item) -> A> Future for MapConcurrent<I, A, F> {
    type Output = Vec<A::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Vec<A::Output>> {
        self.go_on(context, |_| None::<()>)
            .map(|_| self.branches.iter_mut().map(Branch::take).collect())
    }
}

impl<I: Iterator, A: Future, F: FnMut(I::Item) -> A> MapConcurrent<I, A, F> {
    /// Stops at the first error, as the error type of the function around it: what `?` behind it means.
    pub fn first_error<E>(
        mut self,
    ) -> impl Future<Output = Result<Vec<<A::Output as Fallible>::Value>, E>>
    where
        A::Output: Fallible,
        E: Wraps<<A::Output as Fallible>::Error>,
    {
        poll_fn(move |context| {
            let failed = |branch: &mut Branch<A>| match branch {
                Branch::Done(ended) if ended.failed() => branch.take().ended().err(),
                _ => None,
            };
            self.go_on(context, failed).map(|stopped| match stopped {
                Some(error) => Err(E::wrap(error)),
                None => self
                    .branches
                    .iter_mut()
                    .map(|branch| branch.take().ended().map_err(E::wrap))
                    .collect(),
            })
        })
    }
}

impl<I, A: Future, F> MapConcurrent<I, A, F> {
    /// Lets items fail: what `.distributed().tolerate(..)` means.
    pub fn tolerate(self, failures: Tolerated) -> Tolerant<I, A, F> {
        Tolerant {
            map: self,
            failures,
        }
    }
}

/// A [`MapConcurrent`] whose items may fail.
#[must_use = "nothing runs until it is awaited"]
pub struct Tolerant<I, A: Future, F> {
    map: MapConcurrent<I, A, F>,
    failures: Tolerated,
}

// As in `MapConcurrent`.
impl<I, A: Future, F> Unpin for Tolerant<I, A, F> {}

impl<I: Iterator, A: Future, F: FnMut(I::Item) -> A> Future for Tolerant<I, A, F> {
    type Output = Vec<A::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Vec<A::Output>> {
        Pin::new(&mut self.map).poll(context)
    }
}

impl<I: Iterator, A: Future, F: FnMut(I::Item) -> A> Tolerant<I, A, F> {
    /// The values of the items that went well; an error when too many did not, as the error type of the function around it.
    pub async fn first_error<E>(self) -> Result<Vec<<A::Output as Fallible>::Value>, E>
    where
        A::Output: Fallible,
        E: Wraps<<A::Output as Fallible>::Error>,
    {
        let ended = self.map.await;
        let (all, mut first, mut failed) = (ended.len(), None, 0_usize);
        let mut values = Vec::new();
        for item in ended {
            match item.ended() {
                Ok(value) => values.push(value),
                Err(error) => {
                    failed += 1;
                    first.get_or_insert(error);
                }
            }
        }
        let too_many = match self.failures {
            Tolerated::Items(items) => failed > items as usize,
            Tolerated::Percent(part) => failed as f64 * 100.0 > part * all as f64,
        };
        match first {
            Some(error) if too_many => Err(E::wrap(error)),
            _ => Ok(values),
        }
    }
}

impl<I, A: Future, F> fmt::Debug for Tolerant<I, A, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tolerant")
            .field("map", &self.map)
            .field("failures", &self.failures)
            .finish()
    }
}

/// What may stand before `?`.
#[diagnostic::on_unimplemented(
    message = "`?` needs items that may fail, and these give `{Self}`",
    label = "no `Result`",
    note = "help: remove the `?`, or let what is done with an item give a `Result`"
)]
pub trait Fallible {
    /// The value.
    type Value;
    /// The error.
    type Error;
    /// Whether it is an error.
    fn failed(&self) -> bool;
    /// The result.
    ///
    /// # Errors
    ///
    /// The error that it is.
    fn ended(self) -> Result<Self::Value, Self::Error>;
}

impl<T, E> Fallible for Result<T, E> {
    type Value = T;
    type Error = E;

    fn failed(&self) -> bool {
        self.is_err()
    }

    fn ended(self) -> Result<T, E> {
        self
    }
}

impl<I, A: Future, F> fmt::Debug for MapConcurrent<I, A, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapConcurrent")
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}
