//! Lambda's runtime interface, as far as a bootstrap needs it: it hands out events and hears what became of them.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, SystemTime},
};

use serde_json::Value;

/// How long an invocation may take; a step is told a second earlier.
const LIMIT: Duration = Duration::from_millis(1500);
/// How long the interface waits for a word; far more than the slowest machine needs.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a function said of one invocation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    Response(Value),
    Error(Value),
}

pub(crate) struct Interface {
    address: String,
    told: Receiver<Told>,
    awaited: usize,
}

impl Interface {
    /// Hands out these events, each with this trace header.
    pub(crate) fn listen(events: &[Value], header: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound").to_string();
        let (sender, told) = channel();
        let mut events: Vec<Value> = events.to_vec();
        let awaited = events.len();
        events.reverse();
        let header = match header {
            "" => String::new(),
            header => format!("lambda-runtime-trace-id: {header}\r\n"),
        };
        thread::spawn(move || {
            // `lambda_runtime` speaks in turn, and as a rule over one connection; where its pool has not taken that back yet,
            // it opens another.
            let events = Arc::new(Mutex::new(events));
            for stream in listener.incoming().flatten() {
                let (events, header) = (Arc::clone(&events), header.clone());
                let sender = sender.clone();
                thread::spawn(move || serve(stream, &events, &header, &sender));
            }
        });
        Self {
            address,
            told,
            awaited,
        }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What became of the events, in their order. Waits for it.
    pub(crate) fn told(&self) -> Vec<Told> {
        let wait = |_| {
            self.told
                .recv_timeout(PATIENCE)
                .expect("the function says something in time")
        };
        (0..self.awaited).map(wait).collect()
    }
}

/// Answers the requests of one connection. `None` when no more are to be answered.
fn serve(
    stream: TcpStream,
    events: &Mutex<Vec<Value>>,
    trace: &str,
    told: &Sender<Told>,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request).unwrap_or(0) == 0 {
            return Some(());
        }
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            let header = header.trim().to_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let path = request.split(' ').nth(1)?;
        let answer = match path.rsplit('/').next()? {
            "next" => {
                // No more events: the bootstrap waits, and is ended.
                let event = events.lock().expect("nobody panics with them").pop();
                let Some(event) = event else {
                    thread::park_timeout(PATIENCE);
                    return None;
                };
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the function under test reads the computer's clock"
                )]
                let deadline = SystemTime::now()
                    .duration_since(SystemTime::UNIX_EPOCH)
                    .ok()?
                    + LIMIT;
                let event = event.to_string();
                format!(
                    "HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: 8476a536\r\nlambda-runtime-deadline-ms: {}\r\n\
                     lambda-runtime-invoked-function-arn: arn:aws:lambda:eu-west-1:123456789012:function:pizzeria-bake\r\n\
                     {trace}content-type: application/json\r\ncontent-length: {}\r\n\r\n{event}",
                    deadline.as_millis(),
                    event.len(),
                )
            }
            kind => {
                let body = serde_json::from_slice(&body).ok()?;
                let said = match kind {
                    "response" => Told::Response(body),
                    _ => Told::Error(body),
                };
                told.send(said).ok()?;
                "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_owned()
            }
        };
        writer.write_all(answer.as_bytes()).ok()?;
    }
}
