use super::{PAYLOAD_LIMIT, back_off};
use crate::{
    Failure, StepMeta,
    service::{ErrorKind, Service, TaskFailure},
};

/// What a worker says of a task it has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Report {
    /// Its output: JSON text.
    Success(String),
    Failure(Failure),
}

impl Report {
    /// What to say of how a step ended.
    pub(super) fn of(step: &StepMeta, outcome: Result<serde_json::Value, Failure>) -> Self {
        match outcome.map(|output| output.to_string()) {
            Ok(output) if output.len() > PAYLOAD_LIMIT => {
                Self::Failure(Failure::too_large(step.name, output.len(), PAYLOAD_LIMIT))
            }
            Ok(output) => Self::Success(output),
            // Made by hand, a failure may be longer than the service takes.
            Err(failure) => Self::Failure(Failure::new(failure.error, failure.cause)),
        }
    }

    /// Says it until it counts: until the service has it, or says that the task is over.
    pub(super) async fn send(mut self, service: &dyn Service, token: &str) {
        let mut tries = 0;
        loop {
            let Err(error) = self.say(service, token).await else {
                return;
            };
            if error.ends_task() {
                // Also the answer to a report whose first answer was lost.
                tracing::warn!(%error, "the report came too late");
                return;
            }
            match (&self, error.kind()) {
                (Self::Success(_), ErrorKind::InvalidOutput | ErrorKind::InvalidRequest) => {
                    tracing::error!(%error, "the output was refused");
                    let cause = format!("the output was refused: {error}");
                    self = Self::Failure(Failure::new(Failure::BAD_OUTPUT, cause));
                }
                (Self::Failure(failure), ErrorKind::InvalidRequest) => {
                    // Nothing else can be said of the task: it ends by its time-out.
                    tracing::error!(%error, name = failure.error, "the failure was refused");
                    return;
                }
                _ => {
                    tries += 1;
                    tracing::warn!(%error, tries, "the report did not arrive; trying again");
                    tokio::time::sleep(back_off(tries)).await;
                }
            }
        }
    }

    async fn say(&self, service: &dyn Service, token: &str) -> Result<(), crate::service::Error> {
        match self {
            Self::Success(output) => {
                service
                    .send_task_success(token.to_owned(), output.clone())
                    .await
            }
            Self::Failure(Failure { error, cause }) => {
                let failure = TaskFailure {
                    error: Some(error.clone()),
                    cause: Some(cause.clone()),
                };
                service.send_task_failure(token.to_owned(), failure).await
            }
        }
    }
}
