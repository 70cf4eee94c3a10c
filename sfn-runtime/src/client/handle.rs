use std::{collections::HashMap, fmt, marker::PhantomData, time::Duration};

use serde::de::DeserializeOwned;

use super::{Client, RunError, Watch};
use crate::service::{
    self, ErrorKind, ExecutionDescription, ExecutionStatus, HistoryEvent, HistoryRequest,
    TaskFailure,
};

/// How often a new execution is looked for before it counts as missing.
///
/// Reads are eventually consistent: for a moment after its start, AWS may not know an execution.
const SETTLE_LOOKS: u32 = 10;

/// The pause between two such looks.
const SETTLE_PAUSE: Duration = Duration::from_millis(300);

/// An execution that was started, whose output is an `O`.
///
/// Dropping it changes nothing: the execution goes on.
pub struct Handle<O> {
    client: Client,
    arn: String,
    output: PhantomData<fn() -> O>,
}

impl<O> Handle<O> {
    pub(super) fn new(client: Client, arn: String) -> Self {
        Self {
            client,
            arn,
            output: PhantomData,
        }
    }

    /// The execution's ARN.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The execution's name: a part of its ARN.
    pub fn name(&self) -> &str {
        // An express execution's ARN has a part more.
        self.arn.split(':').nth(7).unwrap_or(&self.arn)
    }

    /// What is known of it.
    ///
    /// # Errors
    ///
    /// What the transport says.
    pub async fn describe(&self) -> Result<ExecutionDescription, service::Error> {
        self.settled(|| self.client.describe(&self.arn)).await
    }

    /// Asks until the service knows of the execution.
    async fn settled<T, F>(&self, ask: impl Fn() -> F) -> Result<T, service::Error>
    where
        F: Future<Output = Result<T, service::Error>>,
    {
        let mut looks = 0;
        loop {
            match ask().await {
                Err(error) if error.kind() == ErrorKind::NotFound && looks < SETTLE_LOOKS => {
                    looks += 1;
                    tokio::time::sleep(SETTLE_PAUSE).await;
                }
                answer => return answer,
            }
        }
    }

    /// Its history so far, the oldest event first.
    ///
    /// # Errors
    ///
    /// What the transport says.
    pub async fn history(&self) -> Result<Vec<HistoryEvent>, service::Error> {
        self.client.history(&self.arn).await
    }

    /// Its events from the first, as they happen, until its end.
    pub fn watch(&self) -> Watch {
        self.client.watch(&*self.arn)
    }

    /// Stops it, with an error's name and a cause for those who wait for it.
    ///
    /// # Errors
    ///
    /// What the transport says. An execution that has ended already is no error.
    pub async fn stop(&self, error: &str, cause: &str) -> Result<(), service::Error> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let reason = TaskFailure {
            error: some(error),
            cause: some(cause),
        };
        self.client.stop(&self.arn, reason).await
    }

    /// Waits until it has ended, however it did.
    ///
    /// # Errors
    ///
    /// What the transport says.
    pub async fn closed(&self) -> Result<ExecutionDescription, service::Error> {
        self.settled(|| self.client.service().wait_closed(self.arn.clone()))
            .await
    }
}

impl<O: DeserializeOwned> Handle<O> {
    /// Waits for its output.
    ///
    /// # Errors
    ///
    /// See [`RunError`]: it failed, took too long, was stopped, or gave something else than an `O`.
    pub async fn wait(&self) -> Result<O, RunError> {
        let end = self.closed().await.map_err(RunError::Service)?;
        let execution = self.arn.clone();
        match end.status {
            ExecutionStatus::Succeeded => {
                // An execution that says nothing of its output gives `null`.
                let mut output = end.output.unwrap_or_else(|| "null".to_owned());
                if let Some(offload) = self.client.offload() {
                    output = match offload.bring_back_in_text(output).await {
                        Ok(output) => output,
                        Err(source) => return Err(RunError::Large { execution, source }),
                    };
                }
                serde_json::from_str(&output)
                    .map_err(|source| RunError::BadOutput { execution, source })
            }
            ExecutionStatus::TimedOut => Err(RunError::TimedOut { execution }),
            ExecutionStatus::Aborted => Err(RunError::Aborted {
                error: end.error.unwrap_or_default(),
                cause: end.cause.unwrap_or_default(),
                execution,
            }),
            ExecutionStatus::Failed
            | ExecutionStatus::Running
            | ExecutionStatus::PendingRedrive => {
                let error = end.error.unwrap_or_default();
                Err(RunError::Failed {
                    // Which state it was is a help, not the news: without a history we do without.
                    state: failing_state(&self.client, &execution).await.ok().flatten(),
                    cause: crate::failure::own_cause(&error, end.cause.unwrap_or_default()),
                    error,
                    execution,
                })
            }
        }
    }
}

/// The state whose failure ended an execution: back from the last event, along what led to it, to
/// the first state that was entered.
async fn failing_state(client: &Client, execution: &str) -> Result<Option<String>, service::Error> {
    let mut events = HashMap::new();
    let mut wanted = None;
    let mut page = None;
    loop {
        let answer = client
            .service()
            .execution_history(HistoryRequest {
                execution: execution.to_owned(),
                newest_first: true,
                limit: None,
                page,
            })
            .await?;
        wanted = wanted.or_else(|| answer.items.first().map(|event| event.id));
        page = answer.next;
        events.extend(answer.items.into_iter().map(|event| (event.id, event)));
        while let Some(event) = wanted.and_then(|id| events.get(&id)) {
            if event.enters_state() || event.kind == "EvaluationFailed" {
                return Ok(event.state.clone());
            }
            // INVARIANT: ids fall along the chain, so the walk ends.
            if event.previous >= event.id || event.previous == 0 {
                return Ok(None);
            }
            wanted = Some(event.previous);
        }
        if page.is_none() {
            return Ok(None);
        }
    }
}

impl<O> Clone for Handle<O> {
    fn clone(&self) -> Self {
        Self::new(self.client.clone(), self.arn.clone())
    }
}

impl<O> fmt::Debug for Handle<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("arn", &self.arn).finish()
    }
}
