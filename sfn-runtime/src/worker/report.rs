use super::{PAYLOAD_LIMIT, back_off, monitor::Figures};
use crate::{
    Failure, StepMeta,
    service::{ErrorKind, Service, TaskFailure},
};

/// How often a report is sent again that the service refuses for a reason which time alone does not mend.
///
/// A policy that was just granted takes its while to arrive: the pauses add up to about a minute.
const REFUSALS: u32 = 12;

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

    /// Says it until it counts: until the service has it, or says that the task is over. Gives up on a service that
    /// keeps refusing it.
    pub(super) async fn send(mut self, service: &dyn Service, figures: &Figures, token: &str) {
        let (mut tries, mut refusals) = (0, 0);
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
                (_, kind) => {
                    tries += 1;
                    refusals += u32::from(!error.retryable());
                    if refusals > REFUSALS {
                        let help = self.help(kind);
                        tracing::error!(%error, tries, help, "the report was refused for good; the task ends by its time-out");
                        return;
                    }
                    figures.report_repeated();
                    tracing::warn!(%error, tries, "the report did not arrive; trying again");
                    tokio::time::sleep(back_off(tries)).await;
                }
            }
        }
    }

    /// What may help when the service refuses a report for such a reason.
    fn help(&self, kind: ErrorKind) -> String {
        let action = match self {
            Self::Success(_) => "states:SendTaskSuccess",
            Self::Failure(_) => "states:SendTaskFailure",
        };
        match kind {
            ErrorKind::AccessDenied => {
                format!("allow the worker's role the action `{action}` on its activities")
            }
            _ => format!("see what keeps the service from accepting `{action}`"),
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
