use std::{fmt, future::IntoFuture, marker::PhantomData};

use serde::de::DeserializeOwned;

use super::{Client, Handle, RunError, StartError};
use crate::{
    BoxFuture, Payload, Workflow,
    service::{ErrorKind, StartRequest},
    worker::PAYLOAD_LIMIT,
};

/// An execution about to be started: await it for its [`Handle`].
#[must_use = "nothing is started until it is awaited"]
pub struct Start<O> {
    client: Client,
    machine: String,
    name: Option<String>,
    input: Result<String, serde_json::Error>,
    output: PhantomData<fn() -> O>,
}

impl<O> Start<O> {
    pub(super) fn new(
        client: Client,
        machine: String,
        input: Result<String, serde_json::Error>,
    ) -> Self {
        Self {
            client,
            machine,
            name: None,
            input,
            output: PhantomData,
        }
    }

    /// Names the execution: 1 to 80 characters. Without it, it gets a random name.
    ///
    /// A name of your own makes the start safe to repeat: the same name and input again, while the
    /// execution runs, gives that execution instead of a second one.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    async fn send(self) -> Result<Handle<O>, StartError> {
        let mut input = self.input.map_err(StartError::Input)?;
        if let Some(offload) = self.client.offload() {
            input = offload
                .put_away_in_text(input)
                .await
                .map_err(StartError::Large)?;
        }
        if input.len() > PAYLOAD_LIMIT {
            return Err(StartError::TooLarge { bytes: input.len() });
        }
        let client = self.client;
        let machine = client
            .machine_arn(&self.machine)
            .await
            .map_err(StartError::Service)?;
        let given = self.name.is_some();
        let name = self
            .name
            .unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        let request = StartRequest {
            machine,
            name,
            input,
        };
        let mut tries = 0;
        loop {
            match client.service().start_execution(request.clone()).await {
                Ok(started) => return Ok(Handle::new(client, started.arn)),
                // Repeated under one name, so an answer that was lost starts nothing twice.
                Err(error) if error.retryable() && tries < START_TRIES => {
                    tries += 1;
                    tokio::time::sleep(crate::worker::back_off(tries)).await;
                }
                // A name we drew ourselves can only be taken by our own first try, answered late
                // and ended since.
                Err(error) if !given && tries > 0 && error.kind() == ErrorKind::AlreadyExists => {
                    let location = client.service().location().await;
                    // Behind its name there may be a version or an alias.
                    let machine = request.machine.split(':').nth(6).unwrap_or_default();
                    return match location {
                        Ok(at) => Ok(Handle::new(client, at.execution(machine, &request.name))),
                        Err(error) => Err(StartError::Service(error)),
                    };
                }
                Err(error) => {
                    return Err(StartError::from_service(
                        error,
                        &self.machine,
                        &request.name,
                    ));
                }
            }
        }
    }
}

/// How often a start is repeated when the service is busy or out of reach.
const START_TRIES: u32 = 4;

impl<O: 'static> IntoFuture for Start<O> {
    type Output = Result<Handle<O>, StartError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<O> fmt::Debug for Start<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("machine", &self.machine)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// An execution about to be started and waited for: await it for its output.
#[must_use = "nothing is started until it is awaited"]
#[derive(Debug)]
pub struct Run<O> {
    start: Start<O>,
}

impl<O> Run<O> {
    pub(super) fn new(start: Start<O>) -> Self {
        Self { start }
    }

    /// Names the execution; see [`Start::named`].
    pub fn named(self, name: impl Into<String>) -> Self {
        Self::new(self.start.named(name))
    }
}

impl<O: DeserializeOwned + 'static> IntoFuture for Run<O> {
    type Output = Result<O, RunError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.start.await?.wait().await })
    }
}

impl<I: Payload, O: Payload> Workflow<I, O> {
    /// Starts an execution of this workflow: await it for its [`Handle`].
    ///
    /// The state machine must be there: [`Client::ensure`] creates it.
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub fn start(&self, client: &Client, input: I) -> Start<O> {
        Start::new(
            client.clone(),
            self.name().to_owned(),
            serde_json::to_string(&input),
        )
    }

    /// Runs this workflow to its end: await it for its output.
    ///
    /// # Errors
    ///
    /// See [`RunError`].
    pub fn run(&self, client: &Client, input: I) -> Run<O> {
        Run::new(self.start(client, input))
    }
}
