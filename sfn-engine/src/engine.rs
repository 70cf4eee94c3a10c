//! Putting an engine together.

use std::path::PathBuf;
use std::sync::Arc;

use crate::driver::{Parts, Shared};
use crate::integrations::Integrations;
use crate::names::Place;
use crate::store::{self, FileStore, Retention, Store};
use crate::{Clock, Handle, Ids, LambdaHandler, SystemClock, SystemIds};

/// Starts engines: `Engine::builder().start()`.
#[derive(Debug, Clone, Copy)]
pub struct Engine;

impl Engine {
    /// Everything at its default: the system's clock, no store, account 123456789012 in us-east-1.
    pub fn builder() -> EngineBuilder {
        EngineBuilder {
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            account: "123456789012".to_owned(),
            region: "us-east-1".to_owned(),
            partition: "aws".to_owned(),
            lambda: None,
            integrations: Vec::new(),
            storage: Storage::Nowhere,
            retention: None,
            own_workers: false,
        }
    }
}

/// What an engine is made of.
#[derive(Clone)]
pub struct EngineBuilder {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    account: String,
    region: String,
    partition: String,
    lambda: Option<Arc<dyn LambdaHandler>>,
    integrations: Vec<Arc<dyn Integrations>>,
    storage: Storage,
    retention: Option<Retention>,
    own_workers: bool,
}

/// Where what happens is written down.
#[derive(Clone)]
enum Storage {
    Nowhere,
    Folder(PathBuf),
    Store(Arc<dyn Store>),
}

/// Why an engine could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Its timers need a tokio runtime.
    #[error("there is no tokio runtime here\nhelp: call it from an async function")]
    NoRuntime,
    /// What the store has cannot be read, or the store cannot be written to.
    #[error("the store cannot be used")]
    Store(#[from] store::Error),
}

impl EngineBuilder {
    /// Takes the time from `clock`.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Takes randomness from `ids`.
    #[must_use]
    pub fn ids(mut self, ids: impl Ids) -> Self {
        self.ids = Arc::new(ids);
        self
    }

    /// The account in ARNs, twelve digits.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = account.into();
        self
    }

    /// The region in ARNs.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = region.into();
        self
    }

    /// The partition in ARNs: `aws`, `aws-cn`, `aws-us-gov`.
    #[must_use]
    pub fn partition(mut self, partition: impl Into<String>) -> Self {
        self.partition = partition.into();
        self
    }

    /// Runs Lambda functions by `handler`.
    #[must_use]
    pub fn lambda(mut self, handler: impl LambdaHandler) -> Self {
        self.lambda = Some(Arc::new(handler));
        self
    }

    /// Asks `integrations` before all else what a Task's call gives; several are asked in the order they were added.
    #[must_use]
    pub fn integrations(mut self, integrations: impl Integrations) -> Self {
        self.integrations.push(Arc::new(integrations));
        self
    }

    /// Writes down in `store` what happens, and goes on from what it has; without a store, all is in memory alone.
    #[must_use]
    pub fn store(mut self, store: impl Store) -> Self {
        self.storage = Storage::Store(Arc::new(store));
        self
    }

    /// Writes down in a folder what happens, and goes on from what it holds. The folder is made if it is not there, and
    /// used by one engine at a time.
    #[must_use]
    pub fn data_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.storage = Storage::Folder(folder.into());
        self
    }

    /// How long executions are kept that are over: with a store 90 days, a million executions, 4 GiB unless told
    /// otherwise; without one [`Retention::IN_MEMORY`].
    ///
    /// With a store, what is too old goes when the journal is made shorter, and in large pieces. Without one, what is
    /// beyond the age or the count goes when executions end, an eighth of the count at a time; bytes are not counted.
    #[must_use]
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = Some(retention);
        self
    }

    /// Says that activities' workers are part of this process and end with it: tasks they had taken are given out again
    /// after a restart, under the same tokens. Otherwise a worker keeps its task over a restart of the engine, and only the
    /// task's timeout or missing heartbeats take it away.
    #[must_use]
    pub fn own_workers(mut self) -> Self {
        self.own_workers = true;
        self
    }

    /// Starts the engine.
    ///
    /// # Errors
    /// [`StartError::NoRuntime`] outside of a tokio runtime; [`StartError::Store`] when what the store has cannot be
    /// read.
    pub fn start(self) -> Result<Handle, StartError> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let place = Place {
            partition: self.partition.into(),
            region: self.region.into(),
            account: self.account.into(),
        };
        let store = match self.storage {
            Storage::Nowhere => None,
            Storage::Folder(folder) => Some(Arc::new(FileStore::open(folder)?) as Arc<dyn Store>),
            Storage::Store(store) => Some(store),
        };
        let retention = self.retention.unwrap_or(match store {
            Some(_) => Retention::default(),
            None => Retention::IN_MEMORY,
        });
        let parts = Parts {
            clock: self.clock,
            ids: self.ids,
            place,
            lambda: self.lambda,
            integrations: self.integrations,
            store,
            retention,
            own_workers: self.own_workers,
            runtime,
        };
        Ok(Handle::new(Shared::start(parts)?))
    }
}
