//! Steps that are placed on Lambda, run in this process as Lambda would run them.

use serde_json::{Value, json};
use sfn_engine::{BoxFuture, LambdaError, LambdaHandler, LambdaInvocation};

use crate::{Failure, Providers, StepMeta, TaskInput, registry, worker};

/// The functions of a program: each step is one.
pub(super) struct Functions {
    pub(super) providers: Providers,
}

impl LambdaHandler for Functions {
    fn invoke(&self, call: LambdaInvocation) -> Option<BoxFuture<Result<String, LambdaError>>> {
        let step = step_of(&call.function)?;
        let providers = self.providers.clone();
        Some(Box::pin(async move {
            match answer(step, &call.payload, providers).await {
                Ok(value) => Ok(value.to_string()),
                Err(failure) => {
                    let failure = failure.within_lambda();
                    let answer =
                        json!({ "errorType": failure.error, "errorMessage": failure.cause });
                    Err(LambdaError::Function {
                        payload: answer.to_string(),
                    })
                }
            }
        }))
    }
}

async fn answer(
    step: &'static StepMeta,
    payload: &str,
    providers: Providers,
) -> Result<Value, Failure> {
    let payload = serde_json::from_str(payload).map_err(|error| {
        Failure::new(
            Failure::BAD_INPUT,
            format!("the payload is no JSON: {error}"),
        )
    })?;
    let task = TaskInput::from_envelope(payload)?.with_providers(providers);
    worker::perform(step, task).await
}

/// The step of a function's name or ARN: what stands before its name is the app's, and the environment's.
fn step_of(function: &str) -> Option<&'static StepMeta> {
    let name = match function.split_once(":function:") {
        Some((_, name)) => name,
        None => function,
    };
    let name = name.split(':').next().unwrap_or(name);
    let steps = registry::steps().ok()?.into_iter();
    steps
        .filter(|step| {
            name.strip_suffix(step.name)
                .is_some_and(|before| before.is_empty() || before.ends_with('-'))
        })
        .max_by_key(|step| step.name.len())
}
