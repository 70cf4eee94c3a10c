//! `work` as a process: signals, credentials, probes, and what it says.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "the processes that are waited for live in real time"
)]

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStderr, Command, Output, Stdio},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::endpoint::Endpoint;

/// How long a worker may live.
const LONGEST: Duration = Duration::from_secs(60);

/// A worker that serves steps of the program for the suite `cli`.
struct Worker {
    process: Child,
    /// While this is there, the process may live, but not for ever.
    _alive: Sender<()>,
    told: BufReader<ChildStderr>,
}

impl Worker {
    /// Starts it, and waits until it serves.
    async fn start(endpoint: &Endpoint, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut process = command(endpoint, arguments, variables)
            .spawn()
            .expect("the program starts");
        let told = BufReader::new(process.stderr.take().expect("it is piped"));
        let (alive, gone) = mpsc::channel::<()>();
        let id = process.id().to_string();
        std::thread::spawn(move || {
            if gone.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-KILL", &id]).status();
            }
        });
        let worker = Self {
            process,
            _alive: alive,
            told,
        };
        worker.until_it_says("serving; Ctrl-C").await
    }

    async fn until_it_says(mut self, text: &'static str) -> Self {
        blocking(move || {
            let mut all = String::new();
            loop {
                let before = all.len();
                self.told.read_line(&mut all).expect("it is UTF-8");
                assert!(all.len() > before, "it has ended and said:\n{all}");
                if all[before..].contains(text) {
                    return self;
                }
            }
        })
        .await
    }

    fn signal(&self, name: &str) {
        let process = self.process.id().to_string();
        let sent = Command::new("kill").args([name, &process]).status();
        assert!(sent.expect("there is a `kill`").success());
    }

    /// Waits for its end: the exit code, and the rest of what it said.
    async fn end(mut self) -> (Option<i32>, String) {
        blocking(move || {
            let mut rest = String::new();
            self.told.read_to_string(&mut rest).expect("it is UTF-8");
            let status = self.process.wait().expect("it ends");
            (status.code(), rest)
        })
        .await
    }
}

fn command(endpoint: &Endpoint, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cli-fixture"));
    command
        .arg("work")
        .args(arguments)
        .args(["--endpoint", &endpoint.url(), "--region", "us-east-1"])
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

async fn output(mut command: Command) -> Output {
    blocking(move || command.output().expect("the program starts")).await
}

async fn blocking<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(what).await;
    done.expect("it does not panic")
}

const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_that_expire_are_renewed_while_it_works() {
    let endpoint = Endpoint::listen().await;
    let from = format!("{}/credentials", endpoint.url());
    let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", &*from)];
    let worker = Worker::start(&endpoint, &["double", "--name", "cook-7"], &variables).await;
    for number in 0..3 {
        let token = number.to_string();
        endpoint.task(&token, json!({ "number": number }));
        endpoint.said(&token).await;
    }
    let reports = endpoint.calls("SendTaskSuccess", 3).await;
    let mut keys: Vec<String> = reports.into_iter().map(|asked| asked.key).collect();
    assert!(keys.iter().all(|key| key.starts_with("KEY")), "{keys:?}");
    keys.dedup();
    assert!(keys.len() > 1, "{keys:?}");
    let polls = endpoint.calls("GetActivityTask", 1).await;
    assert_eq!(polls[0].body["workerName"], "cook-7");
    worker.signal("-TERM");
    // Two signals that nobody has seen yet are one.
    let worker = worker.until_it_says("stopping: no more tasks").await;
    worker.signal("-TERM");
    assert_eq!(worker.end().await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_sigterm_it_finishes_what_it_has_and_what_its_polls_bring() {
    let endpoint = Endpoint::listen().await;
    let worker = Worker::start(&endpoint, &["double"], &KEYS).await;
    endpoint.polls(1).await;
    worker.signal("-TERM");
    let worker = worker.until_it_says("stopping: no more tasks").await;
    endpoint.task("late", json!({ "number": 4 }));
    assert_eq!(endpoint.said("late").await.1["output"], "8");
    let (code, rest) = worker.end().await;
    assert_eq!((code, &*rest), (Some(0), ""));
    assert_eq!(endpoint.abandoned(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_ends_the_drain() {
    let endpoint = Endpoint::listen().await;
    endpoint.task("t", json!({ "word": "x" }));
    let arguments = ["work_long", "--deadline", "1s"];
    let worker = Worker::start(&endpoint, &arguments, &KEYS).await;
    endpoint.calls("GetActivityTask", 1).await;
    endpoint.polls(0).await;
    worker.signal("-TERM");
    let begun = Instant::now();
    let (operation, body) = endpoint.said("t").await;
    assert_eq!(operation, "SendTaskFailure");
    assert_eq!(body["error"], "Sfn.WorkerStopped");
    let (code, told) = worker.end().await;
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("the deadline has passed"), "{told}");
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_signal_gives_back_what_is_not_finished() {
    let endpoint = Endpoint::listen().await;
    endpoint.task("t", json!({ "word": "x" }));
    let worker = Worker::start(&endpoint, &["work_long"], &KEYS).await;
    endpoint.calls("GetActivityTask", 1).await;
    endpoint.polls(0).await;
    worker.signal("-INT");
    let worker = worker.until_it_says("stopping: no more tasks").await;
    assert!(endpoint.nothing_said("t"));
    worker.signal("-INT");
    assert_eq!(endpoint.said("t").await.1["error"], "Sfn.WorkerStopped");
    assert_eq!(worker.end().await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_blocks_does_not_keep_the_process() {
    let endpoint = Endpoint::listen().await;
    endpoint.task("t", json!({ "word": "x" }));
    let worker = Worker::start(&endpoint, &["block_long"], &KEYS).await;
    endpoint.calls("GetActivityTask", 1).await;
    endpoint.polls(0).await;
    worker.signal("-TERM");
    // Two signals that nobody has seen yet are one.
    let worker = worker.until_it_says("stopping: no more tasks").await;
    worker.signal("-TERM");
    assert_eq!(endpoint.said("t").await.1["error"], "Sfn.WorkerStopped");
    let begun = Instant::now();
    worker.end().await;
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}

#[track_caller]
fn said(output: &Output, code: i32, text: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{told}");
    assert_eq!(told, text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistakes_are_told_before_anything_is_served() {
    let endpoint = Endpoint::listen().await;
    let taken = endpoint.url().replace("http://", "");
    let arguments = ["double", "--health", &taken];
    let refused = output(command(&endpoint, &arguments, &KEYS)).await;
    said(
        &refused,
        3,
        &format!(
            "error: probes cannot be answered at {taken}: Address already in use (os error 98)\n\
             help: choose a port that is free: `--health 127.0.0.1:9464`\n"
        ),
    );
    assert_eq!(endpoint.called("GetActivityTask"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_say_who_he_is_is_told_how_to() {
    let endpoint = Endpoint::listen().await;
    let log_in = "help: log in (`aws sso login`), choose a profile (`--profile`, `AWS_PROFILE`), or set `AWS_ACCESS_KEY_ID` \
                  and `AWS_SECRET_ACCESS_KEY`\n";
    let refused = output(command(&endpoint, &["double"], &[])).await;
    let told = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(3), "{told}");
    let start = "error: the workers could not be started: the credentials are missing or not valid";
    assert!(told.starts_with(start) && told.ends_with(log_in), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_there_is_named() {
    let mut nobody = Command::new(env!("CARGO_BIN_EXE_cli-fixture"));
    nobody
        .args([
            "status",
            "fail/order-17",
            "--region",
            "us-east-1",
            "--endpoint",
            "http://127.0.0.1:9",
        ])
        .env_clear()
        .envs(KEYS);
    let refused = output(nobody).await;
    let told = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(5), "{told}");
    assert!(
        told.starts_with("error: the service cannot be reached: "),
        "{told}"
    );
    assert!(told.contains("Connection refused"), "{told}");
    assert!(
        told.ends_with(
            "help: check the Region (`--region`, `AWS_REGION`), the address (`--endpoint`, `AWS_ENDPOINT_URL`) and the network\n"
        ),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_is_not_said_is_a_mistake_of_configuration() {
    let mut nowhere = Command::new(env!("CARGO_BIN_EXE_cli-fixture"));
    nowhere
        .args(["work", "double"])
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(KEYS);
    said(
        &output(nowhere).await,
        3,
        "error: no Region is given\n\
         help: set the variable `AWS_REGION`, or one in the AWS profile; commands take `--region` as well\n",
    );
    let mut unknown = Command::new(env!("CARGO_BIN_EXE_cli-fixture"));
    unknown
        .args(["status", "fial/order-17", "--region", "us-east-1"])
        .env_clear()
        .envs(KEYS);
    let refused = output(unknown).await;
    let told = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{told}");
    let start = "error: no workflow is named `fial`\nhelp: did you mean `fail`?\n";
    assert!(told.starts_with(start), "{told}");
}
