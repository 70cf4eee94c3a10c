//! An address that speaks as much of the protocol of AWS as workers need, and misbehaves on demand.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    io,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};
use sfn_runtime::{Client, aws::AwsOptions, service::Timestamp};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::Instant,
};

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// It is refused with this status and this code.
    Refused(u16, &'static str),
    /// It is carried out, and the connection is closed in place of an answer.
    Lost,
    /// It is answered so late.
    Late(Duration),
}

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// `GetActivityTask`, and so on.
    pub(crate) operation: String,
    /// The access key that it was signed with.
    pub(crate) key: String,
    pub(crate) body: Value,
    pub(crate) at: Instant,
}

#[derive(Debug, Default)]
struct State {
    /// Tokens and inputs.
    queue: VecDeque<(String, String)>,
    faults: HashMap<String, VecDeque<Fault>>,
    asked: Vec<Asked>,
    /// By token: the operation, and what was said.
    said: HashMap<String, (String, Value)>,
    /// Tokens of tasks that are over.
    over: HashSet<String>,
    polls: usize,
    most_polls: usize,
    abandoned: usize,
    credentials: usize,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

/// See the module. It ends with the test's runtime.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    address: String,
    shared: Arc<Shared>,
}

/// How long a poll waits for a task, as on AWS.
const POLL: Duration = Duration::from_secs(60);

impl Endpoint {
    pub(crate) async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("loopback has a port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let shared = Arc::<Shared>::default();
        let endpoint = Self { address, shared };
        let serving = endpoint.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let endpoint = serving.clone();
                // Whoever breaks off asks no more.
                tokio::spawn(async move { endpoint.serve(stream).await });
            }
        });
        endpoint
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) async fn client(&self) -> Client {
        let options = AwsOptions::new()
            .endpoint(self.url())
            .region("us-east-1")
            .account("123456789012")
            .credentials("test", "test");
        Client::aws(options).await.expect("a Region is given")
    }

    /// The next calls of that operation go wrong so, one after another.
    pub(crate) fn plan(&self, operation: &str, faults: impl IntoIterator<Item = Fault>) {
        let mut state = self.state();
        let planned = state.faults.entry(operation.to_owned()).or_default();
        planned.extend(faults);
    }

    /// Queues a task whose token is `token` and whose step takes `input`.
    pub(crate) fn task(&self, token: &str, input: Value) {
        let context = json!({
            "execution": "arn:aws:states:us-east-1:123456789012:execution:m:e",
            "name": "e",
            "state": "State",
            "attempt": 0,
        });
        let input = json!({ "input": input, "context": context }).to_string();
        self.state().queue.push_back((token.to_owned(), input));
        self.shared.changed.notify_waiters();
    }

    /// The task ends: it timed out, or its execution was stopped.
    pub(crate) fn end(&self, token: &str) {
        self.state().over.insert(token.to_owned());
    }

    /// Waits for what is said of a task: the operation, and its body.
    pub(crate) async fn said(&self, token: &str) -> (String, Value) {
        self.until(|state| state.said.get(token).cloned()).await
    }

    pub(crate) fn nothing_said(&self, token: &str) -> bool {
        !self.state().said.contains_key(token)
    }

    /// Waits until that many calls of an operation were made.
    pub(crate) async fn calls(&self, operation: &str, count: usize) -> Vec<Asked> {
        self.until(|state| {
            let asked = state.asked.iter();
            let asked = asked.filter(|asked| asked.operation == operation);
            let asked: Vec<Asked> = asked.cloned().collect();
            (asked.len() >= count).then_some(asked)
        })
        .await
    }

    /// The calls of an operation so far.
    pub(crate) fn called(&self, operation: &str) -> usize {
        let state = self.state();
        let asked = state.asked.iter();
        asked.filter(|asked| asked.operation == operation).count()
    }

    /// Waits until so many polls are open.
    pub(crate) async fn polls(&self, count: usize) {
        self.until(|state| (state.polls == count).then_some(()))
            .await;
    }

    pub(crate) fn most_polls(&self) -> usize {
        self.state().most_polls
    }

    /// How many polls were given up by the one who asked.
    pub(crate) fn abandoned(&self) -> usize {
        self.state().abandoned
    }

    async fn until<T>(&self, mut found: impl FnMut(&State) -> Option<T>) -> T {
        loop {
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(found) = found(&self.state()) {
                return found;
            }
            changed.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.shared.state.lock();
        state.expect("no test panics while holding it")
    }

    async fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let Some(request) = read(&mut stream).await? else {
                return Ok(());
            };
            if request.path == "/credentials" {
                let body = self.credentials();
                write(&mut stream, 200, &body.to_string()).await?;
                continue;
            }
            if request.operation.is_empty() {
                write(&mut stream, 200, IDENTITY).await?;
                continue;
            }
            let fault = {
                let mut state = self.state();
                let faults = state.faults.get_mut(&request.operation);
                let fault = faults.and_then(VecDeque::pop_front);
                state.asked.push(Asked {
                    operation: request.operation.clone(),
                    key: request.key,
                    body: request.body.clone(),
                    at: Instant::now(),
                });
                fault
            };
            self.shared.changed.notify_waiters();
            if let Some(Fault::Refused(status, code)) = fault {
                write(&mut stream, status, &refusal(code)).await?;
                continue;
            }
            let (status, body) = if request.operation == "GetActivityTask" {
                match self.poll(&mut stream, fault).await {
                    Some(answer) => answer,
                    None => return Ok(()),
                }
            } else {
                if let Some(Fault::Late(time)) = fault {
                    tokio::time::sleep(time).await;
                }
                self.carry_out(&request.operation, &request.body)
            };
            if let Some(Fault::Lost) = fault {
                return Ok(());
            }
            write(&mut stream, status, &body).await?;
        }
    }

    /// Waits for a task; `None` when the one who asked has gone.
    async fn poll(
        &self,
        stream: &mut BufReader<TcpStream>,
        fault: Option<Fault>,
    ) -> Option<(u16, String)> {
        {
            let mut state = self.state();
            state.polls += 1;
            state.most_polls = state.most_polls.max(state.polls);
        }
        self.shared.changed.notify_waiters();
        let task = async {
            if let Some(Fault::Late(time)) = fault {
                tokio::time::sleep(time).await;
            }
            let task = self.until(|state| (!state.queue.is_empty()).then_some(()));
            tokio::time::timeout(POLL, task).await.is_ok()
        };
        let answer = tokio::select! {
            // Nobody says more before he has his answer, so what can be read is the end.
            _ = stream.fill_buf() => None,
            _ = task => Some(self.state().queue.pop_front()),
        };
        let mut state = self.state();
        state.polls -= 1;
        state.abandoned += usize::from(answer.is_none());
        drop(state);
        self.shared.changed.notify_waiters();
        let body = match answer? {
            Some((token, input)) => json!({ "taskToken": token, "input": input }),
            None => json!({}),
        };
        Some((200, body.to_string()))
    }

    fn carry_out(&self, operation: &str, body: &Value) -> (u16, String) {
        let token = body["taskToken"].as_str().unwrap_or_default().to_owned();
        let mut state = self.state();
        if state.over.contains(&token) || state.said.contains_key(&token) {
            return (400, refusal("TaskTimedOut"));
        }
        if operation != "SendTaskHeartbeat" {
            state
                .said
                .insert(token, (operation.to_owned(), body.clone()));
        }
        drop(state);
        self.shared.changed.notify_waiters();
        (200, "{}".to_owned())
    }

    /// Credentials as a container has them: others each time, which last for a second.
    #[expect(
        clippy::disallowed_methods,
        reason = "the AWS SDK compares their end with real time"
    )]
    fn credentials(&self) -> Value {
        let number = {
            let mut state = self.state();
            state.credentials += 1;
            state.credentials
        };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.expect("it is past 1970").as_millis();
        let end = Timestamp::from_millis(i64::try_from(now).expect("it fits") + 1_000);
        json!({
            "AccessKeyId": format!("KEY{number}"),
            "SecretAccessKey": "secret",
            "Token": "token",
            "Expiration": end.to_string(),
        })
    }
}

struct Request {
    path: String,
    operation: String,
    key: String,
    body: Value,
}

async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut first = String::new();
    if stream.read_line(&mut first).await? == 0 {
        return Ok(None);
    }
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let header = |name: &str| headers.get(name).map(String::as_str).unwrap_or_default();
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    let signed = header("authorization").split("Credential=").nth(1);
    Ok(Some(Request {
        path: first.split(' ').nth(1).unwrap_or_default().to_owned(),
        operation: header("x-amz-target").replace("AWSStepFunctions.", ""),
        key: signed
            .and_then(|signed| signed.split('/').next())
            .unwrap_or_default()
            .to_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }))
}

async fn write(stream: &mut BufReader<TcpStream>, status: u16, body: &str) -> io::Result<()> {
    let kind = match body.starts_with('<') {
        true => "text/xml",
        false => "application/x-amz-json-1.0",
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).await
}

fn refusal(code: &str) -> String {
    json!({ "__type": format!("com.amazonaws.swf.service.v2.model#{code}"), "message": code })
        .to_string()
}

/// What STS says of whose the credentials are.
const IDENTITY: &str = r#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/cook</Arn><UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"#;
