//! Where a program that runs a workflow takes answers from other terminals: a socket in a folder of the user's own.
//!
//! `run` has its engine in its own process, so nobody else could answer a task that waits there. While it runs, it listens
//! at `<folder>/<process>.sock`, and `answer` without an address asks each that listens. A request is a line of JSON, so is its
//! answer. Only the user can open the folder; nothing listens on the network.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    task::JoinHandle,
    time::timeout,
};

use crate::{Client, Failure, service::ErrorKind};

/// The longest line: an output of 256 KiB, each character of it escaped, and a token.
const LONGEST: u64 = 2 << 20;

/// How long the other side may take for its line; both are on this machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// What `answer` asks for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    token: String,
    ended: Ended,
}

/// How the task ends.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ended {
    Output(Value),
    Failure { error: String, cause: String },
}

impl Request {
    pub(super) fn success(token: &str, output: Value) -> Self {
        Self {
            token: token.to_owned(),
            ended: Ended::Output(output),
        }
    }

    pub(super) fn failure(token: &str, failure: &Failure) -> Self {
        Self {
            token: token.to_owned(),
            ended: Ended::Failure {
                error: failure.error.clone(),
                cause: failure.cause.clone(),
            },
        }
    }
}

/// What came of a request.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reply {
    /// The task has ended.
    Done,
    /// No task of this program has that token.
    Unknown,
    /// No task of this program waits with that token, though it looks like one of an engine's: it may be another program's.
    Over(String),
    /// The task was found, and the answer does not do.
    Refused(String),
}

/// A program that listens; dropped, it does no more.
#[derive(Debug)]
pub(super) struct Mailbox {
    path: PathBuf,
    listening: JoinHandle<()>,
}

impl Mailbox {
    /// Listens for answers to tasks of the client's engine.
    pub(super) fn open(client: &Client) -> io::Result<Self> {
        let folder = folder();
        make_private(&folder)?;
        let path = folder.join(format!("{}.sock", std::process::id()));
        // A process of that number that was killed may have left one.
        let _ = fs::remove_file(&path);
        let listener = UnixListener::bind(&path)?;
        let client = client.clone();
        let listening = tokio::spawn(async move {
            // One at a time: humans answer.
            while let Ok((stream, _)) = listener.accept().await {
                let served = timeout(PATIENCE, serve(&client, stream)).await;
                if let Ok(Err(error)) = served {
                    tracing::debug!(%error, "an answer from another terminal was not read");
                }
            }
        });
        Ok(Self { path, listening })
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.listening.abort();
        // If it cannot be removed, the next who finds that nobody listens will.
        let _ = fs::remove_file(&self.path);
    }
}

async fn serve(client: &Client, stream: UnixStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    (&mut stream).take(LONGEST).read_line(&mut line).await?;
    let Request { token, ended } = serde_json::from_str(&line)?;
    let sent = match ended {
        Ended::Output(output) => client.send_success(&token, &output).await,
        Ended::Failure { error, cause } => {
            client
                .send_failure(&token, &Failure::new(error, cause))
                .await
        }
    };
    let reply = match sent {
        Ok(()) => Reply::Done,
        Err(error) => match error.kind() {
            ErrorKind::InvalidToken | ErrorKind::TaskDoesNotExist => Reply::Unknown,
            ErrorKind::TaskTimedOut => Reply::Over(error.to_string()),
            _ => Reply::Refused(error.to_string()),
        },
    };
    let line = serde_json::to_string(&reply)? + "\n";
    stream.get_mut().write_all(line.as_bytes()).await
}

/// Asks every program of this user that listens, until one has such a task. The number is how many were asked.
pub(super) async fn ask(request: &Request) -> (Reply, usize) {
    let (mut found, mut asked) = (Reply::Unknown, 0);
    let Ok(entries) = fs::read_dir(folder()) else {
        // No program has ever listened.
        return (found, asked);
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(stream) = UnixStream::connect(&path).await else {
            // Its process is gone.
            let _ = fs::remove_file(&path);
            continue;
        };
        asked += 1;
        match timeout(PATIENCE, ask_one(request, stream)).await {
            Ok(Ok(reply @ Reply::Over(_))) => found = reply,
            // Who does not answer is at its end.
            Ok(Ok(Reply::Unknown) | Err(_)) | Err(_) => {}
            Ok(Ok(reply)) => return (reply, asked),
        }
    }
    (found, asked)
}

async fn ask_one(request: &Request, stream: UnixStream) -> io::Result<Reply> {
    let mut stream = BufReader::new(stream);
    let line = serde_json::to_string(request)? + "\n";
    stream.get_mut().write_all(line.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(LONGEST).read_line(&mut answer).await?;
    Ok(serde_json::from_str(&answer)?)
}

/// The folder of the sockets: the user's own, and gone after a restart of the machine where there is such a place.
fn folder() -> PathBuf {
    match env::var_os("XDG_RUNTIME_DIR") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder).join("sfn"),
        _ => {
            let user = env::var("USER").unwrap_or_else(|_| "nobody".to_owned());
            env::temp_dir().join(format!("sfn-{}", user.replace('/', "-")))
        }
    }
}

/// Makes the folder for this user alone, or sees that it is one.
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made,
    }
    // Somebody else's folder of that name is either open to others, or closed to us.
    let about = fs::symlink_metadata(folder)?;
    if about.is_dir() && about.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("`{}` is open to others", folder.display()),
    ))
}
