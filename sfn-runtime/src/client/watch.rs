use std::{collections::VecDeque, fmt, sync::Arc, time::Duration};

use crate::service::{Error, ErrorKind, HistoryEvent, Service};

/// How often an execution that is not there yet is looked for: reads are eventually consistent.
const SETTLE_LOOKS: u32 = 10;

/// The pause between two such looks.
const SETTLE_PAUSE: Duration = Duration::from_millis(300);

/// An execution's events, as they happen.
///
/// ```no_run
/// # async fn doc(client: sfn_runtime::Client, arn: String) -> Result<(), sfn_runtime::service::Error> {
/// let mut events = client.watch(arn);
/// while let Some(event) = events.next().await? {
///     println!("{} {}", event.at, event.kind);
/// }
/// # Ok(()) }
/// ```
pub struct Watch {
    service: Arc<dyn Service>,
    execution: String,
    /// Read, and not given yet.
    ready: VecDeque<HistoryEvent>,
    /// The id of the last event read.
    seen: u64,
    over: bool,
}

impl Watch {
    pub(super) fn new(service: Arc<dyn Service>, execution: String) -> Self {
        Self {
            service,
            execution,
            ready: VecDeque::new(),
            seen: 0,
            over: false,
        }
    }

    /// The next event; `None` after the last one of an execution that has ended.
    ///
    /// May be dropped while it waits, as in `tokio::select!`: no event is lost by it.
    ///
    /// # Errors
    ///
    /// What the transport says; asking again goes on where it stood.
    pub async fn next(&mut self) -> Result<Option<HistoryEvent>, Error> {
        let mut looks = 0;
        while self.ready.is_empty() && !self.over {
            let asked = self
                .service
                .history_after(self.execution.clone(), self.seen);
            match asked.await {
                Ok(events) => match events.last() {
                    Some(last) => {
                        self.seen = last.id;
                        self.over = last.closes_execution();
                        self.ready = events.into();
                    }
                    None => self.over = true,
                },
                Err(error)
                    if error.kind() == ErrorKind::NotFound
                        && self.seen == 0
                        && looks < SETTLE_LOOKS =>
                {
                    looks += 1;
                    tokio::time::sleep(SETTLE_PAUSE).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(self.ready.pop_front())
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("execution", &self.execution)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}
