//! What stands around steps: the same few lines for all of them, written once.

use std::{fmt, future::Future, sync::Arc};

use serde_json::Value;

use crate::{BoxFuture, Failure, Providers, StepContext, StepMeta, TaskInput};

/// Something that runs around steps: it sees what they are given and what becomes of it, and may change both.
///
/// Give it to a program with [`App::intercept`](crate::App::intercept), for all steps, or with
/// [`App::intercept_step`](crate::App::intercept_step), for one. The first that was given is the outermost: it is the
/// first to see the input and the last to see the result. Workers, Lambda functions and the embedded engine run them
/// alike, once an attempt.
///
/// Any function of a [`Call`] that gives a future is one:
///
/// ```no_run
/// use sfn_runtime::Call;
///
/// # async fn doc() -> std::process::ExitCode {
/// sfn_runtime::app()
///     .intercept(|call: Call| async move {
///         let (step, order) = (call.step().name, call.context().execution_name.clone());
///         let outcome = call.run().await;
///         if let Err(failure) = &outcome {
///             tracing::warn!(step, order, error = failure.error, "a step failed");
///         }
///         outcome
///     })
///     .main()
///     .await
/// # }
/// ```
///
/// What other frameworks leave to interceptors is built in here: a worker sends a step's heartbeats by itself
/// (`#[step(heartbeat = "30s")]`), and [`Large`](crate::Large) values go to a store of their own.
pub trait Interceptor: Send + Sync + 'static {
    /// Runs the step with [`Call::run`], or does not, and gives what is to count as its result.
    fn around(&self, call: Call) -> BoxFuture<'_, Result<Value, Failure>>;
}

impl<F, R> Interceptor for F
where
    F: Fn(Call) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    fn around(&self, call: Call) -> BoxFuture<'_, Result<Value, Failure>> {
        Box::pin(self(call))
    }
}

/// One attempt of a step, as an [`Interceptor`] sees it.
pub struct Call {
    step: &'static StepMeta,
    task: TaskInput,
    /// Those that stand further within.
    rest: std::vec::IntoIter<Arc<dyn Interceptor>>,
}

impl Call {
    /// The step.
    pub fn step(&self) -> &'static StepMeta {
        self.step
    }

    /// What it is given: an object with a key for each parameter.
    pub fn input(&self) -> &Value {
        &self.task.input
    }

    /// The same, to be changed.
    pub fn input_mut(&mut self) -> &mut Value {
        &mut self.task.input
    }

    /// Execution, state and attempt.
    pub fn context(&self) -> &StepContext {
        &self.task.context
    }

    /// What the program provides to its steps, and to interceptors.
    pub fn providers(&self) -> &Providers {
        &self.task.providers
    }

    /// Provides another value than the program's to what runs within, for this attempt.
    pub fn provide<T: Clone + Send + Sync + 'static>(&mut self, value: T) {
        self.task.providers.insert(value);
    }

    /// Runs what stands within: the next interceptor, or the step itself. Gives the result's JSON.
    ///
    /// # Errors
    ///
    /// The failure that would be reported.
    pub fn run(mut self) -> BoxFuture<'static, Result<Value, Failure>> {
        match self.rest.next() {
            Some(next) => Box::pin(async move { next.around(self).await }),
            None => (self.step.handler)(self.task),
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("step", &self.step.name)
            .field("context", &self.task.context)
            .finish_non_exhaustive()
    }
}

/// The interceptors of a program, the outermost first.
#[derive(Clone, Default)]
pub(crate) struct Interceptors(Vec<(Option<&'static str>, Arc<dyn Interceptor>)>);

impl Interceptors {
    /// One more within the others, for the step of that name or for all.
    pub(crate) fn add(&mut self, step: Option<&'static str>, interceptor: impl Interceptor) {
        self.0.push((step, Arc::new(interceptor)));
    }

    fn of(&self, step: &StepMeta) -> Vec<Arc<dyn Interceptor>> {
        let meant = self
            .0
            .iter()
            .filter(|(of, _)| of.is_none_or(|of| of == step.name));
        meant
            .map(|(_, interceptor)| Arc::clone(interceptor))
            .collect()
    }
}

/// Runs a step with all that stands around it.
pub(crate) fn run(
    step: &'static StepMeta,
    task: TaskInput,
) -> BoxFuture<'static, Result<Value, Failure>> {
    let rest = task.providers.interceptors().of(step).into_iter();
    let Some(offload) = task.providers.offload() else {
        return Call { step, task, rest }.run();
    };
    // Around all others: they see values, as steps do.
    Box::pin(async move {
        let mut task = task;
        offload.bring_back(&mut task.input).await?;
        let mut output = Call { step, task, rest }.run().await?;
        offload.put_away(&mut output).await?;
        Ok(output)
    })
}
