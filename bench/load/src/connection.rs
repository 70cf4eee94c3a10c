//! A connection to the API, made by hand so that it costs little of the cores it shares with the server.

use std::{error::Error, io::Write};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Well-formed, and checked by none of the servers.
const SIGNATURE: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, \
    SignedHeaders=host;x-amz-date;x-amz-target, \
    Signature=0000000000000000000000000000000000000000000000000000000000000000";

/// One connection that is kept as long as the server keeps it.
pub(crate) struct Connection {
    endpoint: String,
    /// What every request begins with, up to the name of the operation.
    head: String,
    stream: Option<TcpStream>,
    received: Vec<u8>,
}

/// Where the body of an answer ends.
enum End {
    Length(usize),
    Chunks,
    Close,
}

impl Connection {
    pub(crate) fn new(endpoint: &str) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            head: format!(
                "POST / HTTP/1.1\r\nHost: {endpoint}\r\nContent-Type: application/x-amz-json-1.0\r\n\
                 X-Amz-Date: 20260101T000000Z\r\nAuthorization: {SIGNATURE}\r\nX-Amz-Target: AWSStepFunctions."
            ),
            stream: None,
            received: Vec::new(),
        }
    }

    /// Calls one operation; an empty answer is `Null`.
    pub(crate) async fn call(&mut self, operation: &str, request: &Value) -> Result<Value> {
        let body = request.to_string();
        let mut message = Vec::with_capacity(self.head.len() + body.len() + 100);
        message.extend_from_slice(self.head.as_bytes());
        write!(
            message,
            "{operation}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )?;
        message.extend_from_slice(body.as_bytes());
        let kept = self.stream.is_some();
        let (status, body) = match self.exchange(&message).await {
            // The server closed a connection that we held for open: that request was not seen.
            Err(_) if kept && self.received.is_empty() => {
                self.stream = None;
                self.exchange(&message).await?
            }
            other => other?,
        };
        if status != 200 {
            let text = String::from_utf8_lossy(&body);
            let text: String = text.chars().take(200).collect();
            return Err(format!("{operation}: {status} {text}").into());
        }
        if body.is_empty() {
            return Ok(Value::Null);
        }
        Ok(serde_json::from_slice(&body)?)
    }

    async fn exchange(&mut self, message: &[u8]) -> Result<(u16, Vec<u8>)> {
        self.received.clear();
        if self.stream.is_none() {
            let stream = TcpStream::connect(&self.endpoint).await?;
            stream.set_nodelay(true)?;
            self.stream = Some(stream);
        }
        let stream = self.stream.as_mut().expect("it was just connected");
        stream.write_all(message).await?;
        let head_end = loop {
            if let Some(at) = find(&self.received, b"\r\n\r\n") {
                break at + 4;
            }
            more(stream, &mut self.received).await?;
        };
        let head = std::str::from_utf8(&self.received[..head_end])?;
        let status = head
            .split(' ')
            .nth(1)
            .ok_or("the answer has no status")?
            .parse()?;
        let (mut length, mut chunked, mut close, mut kept) = (None, false, false, false);
        for (name, value) in head.lines().filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.parse()?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                chunked = value.eq_ignore_ascii_case("chunked");
            } else if name.eq_ignore_ascii_case("connection") {
                close = value.eq_ignore_ascii_case("close");
                kept = value.eq_ignore_ascii_case("keep-alive");
            }
        }
        let end = match length {
            Some(length) => End::Length(length),
            None if chunked => End::Chunks,
            None => End::Close,
        };
        let close = close || (head.starts_with("HTTP/1.0") && !kept);
        let body = match end {
            End::Length(length) => {
                while self.received.len() < head_end + length {
                    more(stream, &mut self.received).await?;
                }
                self.received[head_end..head_end + length].to_vec()
            }
            End::Chunks => chunks(stream, &mut self.received, head_end).await?,
            End::Close => {
                while more(stream, &mut self.received).await.is_ok() {}
                self.received[head_end..].to_vec()
            }
        };
        if close || matches!(end, End::Close) {
            self.stream = None;
        }
        Ok((status, body))
    }
}

/// Reads on; the end of the stream is an error.
async fn more(stream: &mut TcpStream, received: &mut Vec<u8>) -> Result<()> {
    received.reserve(4096);
    match stream.read_buf(received).await? {
        0 => Err("the connection was closed".into()),
        _ => Ok(()),
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// A body in chunks, whose first size stands at `at`.
async fn chunks(stream: &mut TcpStream, received: &mut Vec<u8>, mut at: usize) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line_end = loop {
            if let Some(found) = find(&received[at..], b"\r\n") {
                break at + found;
            }
            more(stream, received).await?;
        };
        let size = std::str::from_utf8(&received[at..line_end])?;
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)?;
        at = line_end + 2;
        while received.len() < at + size + 2 {
            more(stream, received).await?;
        }
        body.extend_from_slice(&received[at..at + size]);
        at += size + 2;
        if size == 0 {
            return Ok(body);
        }
    }
}
