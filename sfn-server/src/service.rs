//! The operations, by name.

use sfn_engine::{Handle, Ids, SystemIds};

use crate::{
    Answer,
    answer::Failure,
    constraints, identity,
    operation::{self, Reply},
    params::Params,
};

/// The AWS Step Functions API over an engine, without a socket.
///
/// Cheap to clone. [`serve`](crate::serve) puts it on a socket.
#[derive(Debug, Clone)]
pub struct Service {
    engine: Handle,
}

impl Service {
    /// The API over `engine`.
    pub fn new(engine: Handle) -> Self {
        Self { engine }
    }

    /// Carries out one operation, named as in the API (`StartExecution`), on a JSON body.
    ///
    /// A body that is empty is an empty object.
    pub async fn call(&self, operation: &str, body: &[u8]) -> Answer {
        match self.reply(operation, body).await {
            Ok(body) => Answer { status: 200, body },
            Err(failure) => {
                tracing::debug!(operation, %failure, "refused");
                failure.into()
            }
        }
    }

    async fn reply(&self, operation: &str, body: &[u8]) -> Reply {
        let run = operation::find(operation)
            .ok_or_else(|| Failure::UnknownOperation(operation.to_owned()))?;
        let params = Params::read(body)?;
        constraints::check(operation, params.whole())?;
        run(params, self.engine.clone()).await
    }

    /// Whose account this is, as STS says it: the request's id and XML.
    pub(crate) fn identity(&self, body: &[u8]) -> Result<(String, String), Failure> {
        let id = self.request_id();
        let (partition, account) = self.engine.account();
        identity::answer(body, partition, account, &id)
            .map(|xml| (id, xml))
            .ok_or_else(|| {
                Failure::UnknownOperation(
                    "what was asked of AWS STS, of which there is only `GetCallerIdentity`,"
                        .to_owned(),
                )
            })
    }

    /// A fresh id for a request.
    pub(crate) fn request_id(&self) -> String {
        SystemIds.uuid()
    }
}
