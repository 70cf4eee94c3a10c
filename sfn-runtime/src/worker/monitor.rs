//! What workers tell of themselves: whether they serve, and in figures.

use std::{
    fmt::{self, Write as _},
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{Instant, timeout},
};

use super::stop::Stop;

/// The upper bounds of the classes of how long tasks take, in seconds.
const CLASSES: [f64; 12] = [
    0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0, 60.0, 300.0, 1_800.0, 3_600.0,
];
/// After so many polls that failed one after another a pool is not well: with their pauses, after some seconds.
const UNWELL: u32 = 5;
/// How long a question may take to arrive and its answer to leave.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many questions are answered at once; probes ask one at a time.
const CONNECTIONS: usize = 16;
/// How long a question may be, in bytes.
const LONGEST_QUESTION: usize = 8 * 1024;

/// What one pool counts.
#[derive(Debug)]
pub(super) struct Figures {
    step: &'static str,
    slots: usize,
    /// Whether it serves a name that the step had before: nothing may be deployed under it.
    former: bool,
    polls: AtomicUsize,
    poll_failures: AtomicU64,
    /// Polls that failed since one came back.
    failing: AtomicU32,
    running: AtomicUsize,
    ended: [AtomicU64; Ended::ALL.len()],
    /// By class; the last is for those that are past all bounds.
    times: [AtomicU64; CLASSES.len() + 1],
    millis: AtomicU64,
    report_retries: AtomicU64,
    heartbeat_failures: AtomicU64,
}

/// How a task ended for its worker.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ended {
    Succeeded,
    Failed,
    /// It was over before its step was.
    Unwanted,
    /// The worker stopped.
    GivenBack,
}

impl Ended {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Succeeded, "succeeded"),
        (Self::Failed, "failed"),
        (Self::Unwanted, "unwanted"),
        (Self::GivenBack, "given_back"),
    ];
}

impl Figures {
    pub(super) fn new(step: &'static str, slots: usize, former: bool) -> Self {
        Self {
            step,
            slots,
            former,
            polls: AtomicUsize::default(),
            poll_failures: AtomicU64::default(),
            failing: AtomicU32::default(),
            running: AtomicUsize::default(),
            ended: Default::default(),
            times: Default::default(),
            millis: AtomicU64::default(),
            report_retries: AtomicU64::default(),
            heartbeat_failures: AtomicU64::default(),
        }
    }

    /// A poll is open until what this gives is dropped.
    pub(super) fn polls(&self) -> impl Drop + use<'_> {
        self.polls.fetch_add(1, Relaxed);
        After(|| {
            self.polls.fetch_sub(1, Relaxed);
        })
    }

    pub(super) fn poll_came_back(&self) {
        self.failing.store(0, Relaxed);
    }

    pub(super) fn poll_failed(&self) {
        self.poll_failures.fetch_add(1, Relaxed);
        self.failing.fetch_add(1, Relaxed);
    }

    pub(super) fn report_repeated(&self) {
        self.report_retries.fetch_add(1, Relaxed);
    }

    pub(super) fn heartbeat_failed(&self) {
        self.heartbeat_failures.fetch_add(1, Relaxed);
    }

    /// A task is worked on until what this gives is dropped.
    pub(super) fn runs(&self) -> impl Drop + use<'_> {
        self.running.fetch_add(1, Relaxed);
        let begun = Instant::now();
        After(move || {
            self.running.fetch_sub(1, Relaxed);
            let took = begun.elapsed();
            let class = CLASSES
                .iter()
                .position(|bound| took.as_secs_f64() <= *bound)
                .unwrap_or(CLASSES.len());
            self.times[class].fetch_add(1, Relaxed);
            let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            self.millis.fetch_add(millis, Relaxed);
        })
    }

    pub(super) fn ended(&self, how: Ended) {
        self.ended[how as usize].fetch_add(1, Relaxed);
    }
}

struct After<F: FnMut()>(F);

impl<F: FnMut()> Drop for After<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// How workers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Health {
    /// They take tasks.
    Serving,
    /// They were told to stop, and take no more.
    Stopping,
    /// Tasks of this step cannot be asked for: the last polls have all failed.
    Unwell {
        /// The step's name.
        step: &'static str,
    },
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serving => f.write_str("serving"),
            Self::Stopping => f.write_str("stopping"),
            Self::Unwell { step } => write!(f, "no task of step `{step}` can be asked for"),
        }
    }
}

/// Tells how workers are; from [`Workers::monitor`](super::Workers::monitor). Cheap to clone.
#[derive(Debug, Clone)]
pub struct Monitor {
    pub(super) pools: Arc<[Arc<Figures>]>,
    pub(super) stop: watch::Receiver<Stop>,
}

impl Monitor {
    /// How they are.
    pub fn health(&self) -> Health {
        if *self.stop.borrow() > Stop::No {
            return Health::Stopping;
        }
        let unwell = |pool: &&Arc<Figures>| !pool.former && pool.failing.load(Relaxed) >= UNWELL;
        match self.pools.iter().find(unwell) {
            Some(pool) => Health::Unwell { step: pool.step },
            None => Health::Serving,
        }
    }

    /// Their figures, as [Prometheus] reads them.
    ///
    /// | figure | means |
    /// |---|---|
    /// | `sfn_worker_serving` | 1 while tasks are taken |
    /// | `sfn_slots`, `sfn_tasks_running` | how many tasks of a step may run at once, and do |
    /// | `sfn_tasks_total` | tasks that ended, by `outcome`: `succeeded`, `failed`, `unwanted` (over before their step was), `given_back` (the worker stopped) |
    /// | `sfn_task_duration_seconds` | how long they took, from the task's arrival to the report's |
    /// | `sfn_polls_open`, `sfn_poll_failures_total` | polls that wait for a task; polls that failed |
    /// | `sfn_report_retries_total` | reports of results that had to be sent again |
    /// | `sfn_heartbeat_failures_total` | heartbeats that did not arrive |
    ///
    /// [Prometheus]: https://prometheus.io/docs/instrumenting/exposition_formats/
    pub fn prometheus(&self) -> String {
        let mut text = Text::default();
        text.family("sfn_worker_serving", "gauge", "Whether tasks are taken.");
        let serving = u64::from(self.health() == Health::Serving);
        text.line("sfn_worker_serving", "", serving);
        let gauge = |text: &mut Text, name, help, value: fn(&Figures) -> u64| {
            text.family(name, "gauge", help);
            for pool in self.current() {
                text.line(
                    name,
                    &format!("step=\"{}\"", escaped(pool.step)),
                    value(pool),
                );
            }
        };
        gauge(
            &mut text,
            "sfn_slots",
            "How many tasks may run at once.",
            |pool| pool.slots as u64,
        );
        gauge(
            &mut text,
            "sfn_tasks_running",
            "Tasks that are worked on.",
            |pool| pool.running.load(Relaxed) as u64,
        );
        gauge(
            &mut text,
            "sfn_polls_open",
            "Polls that wait for a task.",
            |pool| pool.polls.load(Relaxed) as u64,
        );
        let counter = |text: &mut Text, name, help, value: fn(&Figures) -> &AtomicU64| {
            text.family(name, "counter", help);
            for pool in self.current() {
                let step = format!("step=\"{}\"", escaped(pool.step));
                text.line(name, &step, value(pool).load(Relaxed));
            }
        };
        counter(
            &mut text,
            "sfn_poll_failures_total",
            "Polls that failed.",
            |pool| &pool.poll_failures,
        );
        counter(
            &mut text,
            "sfn_report_retries_total",
            "Reports that were sent again.",
            |pool| &pool.report_retries,
        );
        counter(
            &mut text,
            "sfn_heartbeat_failures_total",
            "Heartbeats that did not arrive.",
            |pool| &pool.heartbeat_failures,
        );
        text.family("sfn_tasks_total", "counter", "Tasks that ended.");
        for pool in self.current() {
            for (how, outcome) in Ended::ALL {
                let labels = format!("step=\"{}\",outcome=\"{outcome}\"", escaped(pool.step));
                let count = pool.ended[how as usize].load(Relaxed);
                text.line("sfn_tasks_total", &labels, count);
            }
        }
        text.family(
            "sfn_task_duration_seconds",
            "histogram",
            "How long tasks took.",
        );
        for pool in self.current() {
            let step = format!("step=\"{}\"", escaped(pool.step));
            let mut count = 0;
            let bounds = CLASSES.iter().map(ToString::to_string);
            let bounds = bounds.chain(["+Inf".to_owned()]);
            for (bound, class) in bounds.zip(&pool.times) {
                count += class.load(Relaxed);
                let labels = format!("{step},le=\"{bound}\"");
                text.line("sfn_task_duration_seconds_bucket", &labels, count);
            }
            let seconds = pool.millis.load(Relaxed) as f64 / 1_000.0;
            text.line("sfn_task_duration_seconds_sum", &step, seconds);
            text.line("sfn_task_duration_seconds_count", &step, count);
        }
        text.0
    }

    /// The pools of names that steps have today: a former name's would give a second line of the same labels.
    fn current(&self) -> impl Iterator<Item = &Figures> {
        self.pools
            .iter()
            .map(|pool| &**pool)
            .filter(|pool| !pool.former)
    }

    /// Answers probes over HTTP for as long as it is awaited: `/health` with 200 while tasks are taken and 503 else,
    /// and `/metrics` with [the figures](Self::prometheus).
    ///
    /// # Errors
    ///
    /// When the listener fails.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let permit = Arc::clone(&room).acquire_owned().await;
            let permit = permit.expect("the semaphore is never closed");
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                // The one who asked has gone already.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error),
            };
            let monitor = self.clone();
            tokio::spawn(async move {
                // Whoever asks and does not listen misses only his own answer.
                let _ = timeout(PATIENCE, monitor.answer(stream)).await;
                drop(permit);
            });
        }
    }

    async fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut question = Vec::new();
        let mut part = [0; 1024];
        while !question.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut part).await?;
            question.extend_from_slice(&part[..read]);
            if read == 0 || question.len() > LONGEST_QUESTION {
                return Ok(());
            }
        }
        let question = String::from_utf8_lossy(&question);
        let mut words = question.split(' ');
        let (method, path) = (words.next(), words.next().unwrap_or_default());
        let path = path.split('?').next().unwrap_or_default();
        let plain = "text/plain; charset=utf-8";
        let (status, kind, body) = match (method, path) {
            (Some("GET" | "HEAD"), "/health" | "/") => {
                let health = self.health();
                let status = match health {
                    Health::Serving => "200 OK",
                    _ => "503 Service Unavailable",
                };
                (status, plain, format!("{health}\n"))
            }
            (Some("GET" | "HEAD"), "/metrics") => (
                "200 OK",
                "text/plain; version=0.0.4; charset=utf-8",
                self.prometheus(),
            ),
            (Some("GET" | "HEAD"), _) => (
                "404 Not Found",
                plain,
                "here are `/health` and `/metrics`\n".to_owned(),
            ),
            _ => ("405 Method Not Allowed", plain, String::new()),
        };
        let length = body.len();
        let sent = if method == Some("HEAD") { "" } else { &body };
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{sent}"
        );
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl fmt::Display) {
        let _ = match labels {
            "" => writeln!(self.0, "{name} {value}"),
            labels => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }
}

/// As the value of a label.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\")
        .replace('"', "\\\"")
        .replace('\n', r"\n")
}
