//! A server of its own for a test, and a client that sends exactly what it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use sfn_engine::{Engine, EngineBuilder};
use sfn_server::{Service, serve};
use tokio::{net::TcpListener, runtime::Runtime};

/// An `Authorization` header in the form that SDKs send; nobody checks the signature.
pub(crate) const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0";

/// A definition of one state.
pub(crate) const PASS: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;

/// A definition that waits for the activity `work`.
pub(crate) const WORK: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:work","End":true}}}"#;

/// A server that ends with the test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    _runtime: Runtime,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Server {
    pub(crate) fn start() -> Server {
        Server::with(|builder| builder)
    }

    pub(crate) fn with(made: impl FnOnce(EngineBuilder) -> EngineBuilder) -> Server {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can be built");
        let builder = made(Engine::builder());
        let address = runtime.block_on(async {
            let engine = builder.start().expect("the engine starts");
            let listener = TcpListener::bind("127.0.0.1:0")
                .await
                .expect("loopback has a free port");
            let address = listener.local_addr().expect("it is bound");
            let service = Service::new(engine);
            tokio::spawn(serve(
                listener,
                service,
                std::future::pending(),
                Duration::ZERO,
            ));
            address
        });
        Server {
            address,
            _runtime: runtime,
        }
    }

    /// Sends one operation as an SDK does.
    pub(crate) fn call(&self, operation: &str, body: &Value) -> Reply {
        self.send(operation, &body.to_string(), &[])
    }

    /// The body of an answer that must be there.
    #[track_caller]
    pub(crate) fn ok(&self, operation: &str, body: Value) -> Value {
        let reply = self.call(operation, &body);
        assert_eq!(reply.status, 200, "{operation} {body}: {}", reply.body);
        reply.body
    }

    /// Code and message of an error that must be there.
    #[track_caller]
    pub(crate) fn refused(&self, operation: &str, body: Value) -> (String, String) {
        let reply = self.call(operation, &body);
        assert_eq!(reply.status, 400, "{operation} {body}: {}", reply.body);
        reply.error()
    }

    /// Sends one operation with further headers; those without a value are left out.
    pub(crate) fn send(&self, operation: &str, body: &str, headers: &[(&str, &str)]) -> Reply {
        let target = format!("AWSStepFunctions.{operation}");
        let host = self.address.to_string();
        let mut all = vec![
            ("Host", host.as_str()),
            ("Content-Type", "application/x-amz-json-1.0"),
            ("X-Amz-Target", target.as_str()),
            ("Authorization", SIGNED),
        ];
        for (name, value) in headers {
            all.retain(|(known, _)| known != name);
            all.push((name, value));
        }
        all.retain(|(_, value)| !value.is_empty());
        let mut request = "POST / HTTP/1.1\r\n".to_owned();
        for (name, value) in all {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!(
            "Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        self.raw(request.as_bytes())
    }

    /// Sends bytes and reads one answer.
    pub(crate) fn raw(&self, request: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        let bound = Some(Duration::from_secs(30));
        stream.set_read_timeout(bound).expect("it is not zero");
        // A server that refuses early may close before it has read all.
        let _ = stream.write_all(request);
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("an answer comes");
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length is a number");
            }
            head += &line;
        }
        let mut body = vec![0; length];
        reader
            .read_exact(&mut body)
            .expect("the body is as long as was said");
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Reply {
            status: status.expect("an answer begins with its status"),
            head,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        }
    }

    /// A standard state machine; answers its ARN.
    #[track_caller]
    pub(crate) fn machine(&self, name: &str, definition: &str) -> String {
        let made = self.ok(
            "CreateStateMachine",
            json!({ "name": name, "definition": definition, "roleArn": "arn:aws:iam::123456789012:role/r" }),
        );
        text(&made["stateMachineArn"])
    }

    /// The description of an execution once it is over.
    #[track_caller]
    pub(crate) fn ended(&self, execution: &str) -> Value {
        for _ in 0..10_000 {
            let found = self.ok("DescribeExecution", json!({ "executionArn": execution }));
            if found["status"] != "RUNNING" {
                return found;
            }
            std::thread::yield_now();
        }
        panic!("{execution} does not end");
    }
}

impl Reply {
    /// The code, as SDKs read it, and the message.
    pub(crate) fn error(&self) -> (String, String) {
        let kind = self.body["__type"].as_str().unwrap_or_default();
        let code = kind.rsplit('#').next().unwrap_or_default();
        (code.to_owned(), text(&self.body["message"]))
    }
}

/// A text out of an answer.
#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("a text is wanted, not {value}"))
        .to_owned()
}
