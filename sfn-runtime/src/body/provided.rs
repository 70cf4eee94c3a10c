//! What steps are given in a plain call of a body.

use std::{
    any::{Any, type_name},
    cell::RefCell,
    future::{Future, poll_fn},
    pin::pin,
};

use crate::{Providers, StepContext};

thread_local! {
    /// What the plain call that runs on this thread right now provides.
    static PROVIDED: RefCell<Providers> = RefCell::default();
}

impl Providers {
    /// Runs a plain call of a `#[state_machine]` function, whose steps are given these values for their `#[inject]`
    /// parameters. A [`StepContext`] is there without being provided.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// use sfn_runtime::{Providers, state_machine, step};
    ///
    /// #[derive(Clone)]
    /// struct Prices(u64);
    ///
    /// #[step]
    /// fn price(pieces: u64, #[inject] prices: Prices) -> u64 { pieces * prices.0 }
    ///
    /// #[state_machine]
    /// async fn total(pieces: u64) -> u64 { price(pieces) }
    ///
    /// let mut providers = Providers::default();
    /// providers.insert(Prices(3));
    /// assert_eq!(providers.within(total(4)).await, 12);
    /// # });
    /// ```
    pub async fn within<F: Future>(self, call: F) -> F::Output {
        let mut call = pin!(call);
        poll_fn(move |context| {
            let outside = PROVIDED.replace(self.clone());
            let _restored = Restore(outside);
            call.as_mut().poll(context)
        })
        .await
    }
}

/// Puts back what was provided before, also when a step panics.
struct Restore(Providers);

impl Drop for Restore {
    fn drop(&mut self) {
        let outside = std::mem::take(&mut self.0);
        PROVIDED.set(outside);
    }
}

/// What an `#[inject]` parameter is given in a plain call. That its type can be provided is asked where the step is run.
///
/// # Panics
///
/// When nobody provided it.
pub fn injected<T: 'static>(step: &str, param: &str) -> T {
    let provided = PROVIDED.with_borrow(Providers::copy::<T>);
    let context = || {
        let context: Box<dyn Any> = Box::new(StepContext::new("plain-call", "plain-call", step));
        context.downcast::<T>().ok().map(|context| *context)
    };
    provided.or_else(context).unwrap_or_else(|| {
        panic!(
            "step `{step}` asks for `{param}: {}`, which nobody provides to this plain call\n\
             help: call the state machine within `Providers::within`",
            type_name::<T>()
        )
    })
}
