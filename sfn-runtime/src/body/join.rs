//! Several futures at once, without an executor of their own.

use std::{
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use crate::{Outcome, Wraps};

/// What [`join!`](crate::join) gives: await it for the tuple of what the branches give.
#[derive(Debug)]
#[must_use = "nothing runs until it is awaited"]
pub struct Join<B>(B);

/// What [`try_join!`](crate::try_join) gives: await it for the tuple of the values, or the first error.
#[derive(Debug)]
#[must_use = "nothing runs until it is awaited"]
pub struct TryJoin<B>(B);

/// One branch, and what it gave until the others are done.
#[derive(Debug)]
pub enum Branch<A: Future> {
    /// It runs. On the heap, so that nothing here needs to be pinned.
    Running(Pin<Box<A>>),
    /// It has given this.
    Done(A::Output),
    /// What it gave was taken.
    Taken,
}

// Nothing pinned stands in it but what is on the heap.
impl<A: Future> Unpin for Branch<A> {}

/// Makes a future a branch.
pub fn branch<A: Future>(future: A) -> Branch<A> {
    Branch::Running(Box::pin(future))
}

/// Runs the branches, a tuple of them.
pub fn join<B: Joined>(branches: B) -> Join<B> {
    Join(branches)
}

/// Runs the branches, a tuple of them that give a `Result` each.
pub fn try_join<B: Joined>(branches: B) -> TryJoin<B> {
    TryJoin(branches)
}

impl<A: Future> Branch<A> {
    /// Lets it go on; `true` when it has given something.
    pub(super) fn step(&mut self, context: &mut Context<'_>) -> bool {
        if let Branch::Running(future) = self {
            match future.as_mut().poll(context) {
                Poll::Ready(output) => *self = Branch::Done(output),
                Poll::Pending => return false,
            }
        }
        true
    }

    pub(super) fn take(&mut self) -> A::Output {
        match mem::replace(self, Branch::Taken) {
            Branch::Done(output) => output,
            _ => unreachable!("a branch is taken once, when all are done"),
        }
    }
}

/// A tuple of branches.
pub trait Joined: Unpin {
    /// What they give, as a tuple.
    type Outputs;

    /// Lets each go on that is not done.
    fn poll_all(&mut self, context: &mut Context<'_>) -> Poll<Self::Outputs>;
}

/// A tuple of branches that give a value or a `Result` each, with errors that `F` wraps.
pub trait TryJoined<F>: Unpin {
    /// Their values, as a tuple.
    type Values;

    /// Lets each go on that is not done, up to the first error.
    fn poll_first(&mut self, context: &mut Context<'_>) -> Poll<Result<Self::Values, F>>;
}

impl<B: Joined> Future for Join<B> {
    type Output = B::Outputs;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<B::Outputs> {
        self.0.poll_all(context)
    }
}

impl<B> Join<B> {
    /// Stops at the first error, as the error type of the function around it: what `?` behind the `join!` means.
    pub fn first_error<F>(self) -> impl Future<Output = Result<B::Values, F>>
    where
        B: TryJoined<F>,
    {
        let mut branches = self.0;
        poll_fn(move |context| branches.poll_first(context))
    }
}

impl<B> TryJoin<B> {
    /// Stops at the first error, as the error type of the function around it.
    pub fn first_error<F>(self) -> impl Future<Output = Result<B::Values, F>>
    where
        B: TryJoined<F>,
    {
        Join(self.0).first_error()
    }
}

impl<B: FirstError> Future for TryJoin<B> {
    type Output = Result<B::Values, B::Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_same(context)
    }
}

/// A tuple of branches that give a `Result` each, all with one error type.
pub trait FirstError: Unpin {
    /// Their values, as a tuple.
    type Values;
    /// The error of each.
    type Error;

    /// Lets each go on that is not done, up to the first error.
    fn poll_same(&mut self, context: &mut Context<'_>) -> Poll<Result<Self::Values, Self::Error>>;
}

macro_rules! tuples {
    ($($($branch:ident $value:ident $at:tt),+;)*) => {$(
        impl<$($branch: Future),+> Joined for ($(Branch<$branch>,)+) {
            type Outputs = ($($branch::Output,)+);

            fn poll_all(&mut self, context: &mut Context<'_>) -> Poll<Self::Outputs> {
                // Every branch goes on, whether the ones before it are done or not.
                let done = [$(self.$at.step(context)),+];
                match done.contains(&false) {
                    true => Poll::Pending,
                    false => Poll::Ready(($(self.$at.take(),)+)),
                }
            }
        }

        impl<F, $($branch),+> TryJoined<F> for ($(Branch<$branch>,)+)
        where
            $($branch: Future<Output: Outcome>, F: Wraps<<$branch::Output as Outcome>::Err>,)+
        {
            type Values = ($(<$branch::Output as Outcome>::Ok,)+);

            fn poll_first(
                &mut self,
                context: &mut Context<'_>,
            ) -> Poll<Result<Self::Values, F>> {
                let mut all = true;
                $(
                    all &= self.$at.step(context);
                    if matches!(&self.$at, Branch::Done(output) if output.failed())
                        && let Err(error) = self.$at.take().into_result()
                    {
                        return Poll::Ready(Err(F::wrap(error)));
                    }
                )+
                if !all {
                    return Poll::Pending;
                }
                Poll::Ready(Ok(($(
                    match self.$at.take().into_result() {
                        Ok(value) => value,
                        Err(error) => return Poll::Ready(Err(F::wrap(error))),
                    },
                )+)))
            }
        }

        impl<SameError, $($branch, $value),+> FirstError for ($(Branch<$branch>,)+)
        where
            $($branch: Future<Output = Result<$value, SameError>>,)+
        {
            type Values = ($($value,)+);
            type Error = SameError;

            fn poll_same(
                &mut self,
                context: &mut Context<'_>,
            ) -> Poll<Result<Self::Values, SameError>> {
                let mut all = true;
                $(
                    all &= self.$at.step(context);
                    if matches!(&self.$at, Branch::Done(Err(_)))
                        && let Err(error) = self.$at.take()
                    {
                        return Poll::Ready(Err(error));
                    }
                )+
                if !all {
                    return Poll::Pending;
                }
                Poll::Ready(Ok(($(
                    match self.$at.take() {
                        Ok(value) => value,
                        Err(error) => return Poll::Ready(Err(error)),
                    },
                )+)))
            }
        }
    )*};
}

tuples! {
    A VA 0;
    A VA 0, B VB 1;
    A VA 0, B VB 1, C VC 2;
    A VA 0, B VB 1, C VC 2, D VD 3;
    A VA 0, B VB 1, C VC 2, D VD 3, E VE 4;
    A VA 0, B VB 1, C VC 2, D VD 3, E VE 4, G VG 5;
    A VA 0, B VB 1, C VC 2, D VD 3, E VE 4, G VG 5, H VH 6;
    A VA 0, B VB 1, C VC 2, D VD 3, E VE 4, G VG 5, H VH 6, I VI 7;
}
