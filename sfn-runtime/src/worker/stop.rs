use std::io;

use tokio::sync::watch;

/// Whether workers go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stop {
    No,
    /// No more tasks; those at hand are finished.
    Drain,
    /// Nothing is finished.
    Now,
}

/// Stops workers from elsewhere. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Stopper {
    stop: watch::Sender<Stop>,
}

impl Stopper {
    pub(super) fn new(stop: watch::Sender<Stop>) -> Self {
        Self { stop }
    }

    /// They take no more tasks, and finish those they have.
    pub fn drain(&self) {
        self.raise(Stop::Drain);
    }

    /// They give back what they have not finished.
    pub fn now(&self) {
        self.raise(Stop::Now);
    }

    /// Whether they were told to give back what they have not finished.
    pub(crate) fn is_now(&self) -> bool {
        *self.stop.borrow() == Stop::Now
    }

    fn raise(&self, to: Stop) {
        self.stop
            .send_if_modified(|stop| std::mem::replace(stop, to.max(*stop)) < to);
    }
}

/// Waits until workers are told to stop that much.
pub(super) async fn told(stop: &watch::Receiver<Stop>, level: Stop) {
    let mut stop = stop.clone();
    if stop.wait_for(|stop| *stop >= level).await.is_err() {
        // The `Workers` and all stoppers are gone. Dropping `Workers` drains them; nobody is left
        // to tell more.
        std::future::pending::<()>().await;
    }
}

/// Ctrl-C and, on Unix, SIGTERM: the ways a program is told to end.
///
/// From [`listen`](Self::listen) on the signals no longer end the process by themselves: two
/// presses of Ctrl-C are two of [`signalled`](Self::signalled).
#[derive(Debug)]
pub struct Shutdown {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Shutdown {
    /// Begins to listen. Call it on a tokio runtime.
    ///
    /// # Errors
    ///
    /// When the system does not let this process listen.
    pub fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Ends at the next signal.
    pub async fn signalled(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// The worker's name when none is given: `host-4711`.
pub(super) fn host_and_process() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("HOSTNAME").ok())
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .unwrap_or_else(|| "worker".to_owned());
    let process = std::process::id().to_string();
    let room = 80 - process.len() - 1;
    let host: String = legal_name(&host).chars().take(room).collect();
    format!("{host}-{process}")
}

/// What is left of a name when all that Step Functions does not take is gone.
pub(crate) fn legal_name(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        .take(80)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worker_names_are_legal() {
        let name = host_and_process();
        assert_eq!(name, legal_name(&name));
        assert!(
            name.ends_with(&format!("-{}", std::process::id())),
            "{name}"
        );
        assert_eq!(legal_name("köln/1:a"), "kln1a");
    }

    #[test]
    fn stopping_only_grows() {
        let (sender, stop) = watch::channel(Stop::No);
        let stopper = Stopper::new(sender);
        stopper.now();
        stopper.drain();
        assert_eq!(*stop.borrow(), Stop::Now);
    }
}
