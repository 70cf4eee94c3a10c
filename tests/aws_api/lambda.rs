//! Lambda functions behind an Invoke endpoint.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

use serde_json::json;
use sfn_server::LambdaEndpoint;

use crate::server::{Server, text};

/// Answers one Invoke; hands out what it was asked.
fn endpoint(answer: &'static str) -> (String, std::thread::JoinHandle<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the engine calls");
        let mut reader = BufReader::new(stream.try_clone().expect("a socket has two ends"));
        let (mut line, mut length, mut first) = (String::new(), 0, String::new());
        while reader.read_line(&mut line).expect("a request comes") > 2 {
            if first.is_empty() {
                first = line.trim().to_owned();
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length is a number");
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("the body is whole");
        stream
            .write_all(answer.as_bytes())
            .expect("the engine reads");
        (first, String::from_utf8(body).expect("a payload is text"))
    });
    (format!("http://{address}"), asked)
}

#[track_caller]
fn check(resource: &str, answer: &'static str, asked: &str, status: &str, outcome: &str) {
    let (url, request) = endpoint(answer);
    let endpoint = LambdaEndpoint::new(&url).expect("an endpoint");
    let server = Server::with(|builder| builder.lambda(endpoint));
    let definition = json!({ "StartAt": "A", "States": { "A": {
        "Type": "Task", "Resource": resource, "TimeoutSeconds": 20, "End": true,
    } } });
    let arn = server.machine("m", &definition.to_string());
    let started = server.ok(
        "StartExecution",
        json!({ "stateMachineArn": arn, "input": "{\"n\":1}" }),
    );
    let (first, body) = request.join().expect("it was asked");
    assert_eq!((first.as_str(), body.as_str()), (asked, "{\"n\":1}"));
    let execution = text(&started["executionArn"]);
    let ended = loop {
        // The answer is on its way through two sockets.
        let found = server.ok("DescribeExecution", json!({ "executionArn": execution }));
        if found["status"] != "RUNNING" {
            break found;
        }
        std::thread::yield_now();
    };
    assert_eq!(ended["status"], status, "{ended}");
    let told = ended
        .get("output")
        .or(ended.get("error"))
        .expect("one of them");
    assert_eq!(told, outcome, "{ended}");
}

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:f:live";
const ASKED: &str = "POST /2015-03-31/functions/f/invocations?Qualifier=live HTTP/1.1";

#[test]
fn a_functions_answer_is_the_result() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"r\":2}";
    check(FUNCTION, answer, ASKED, "SUCCEEDED", "{\"r\":2}");
}

#[test]
fn a_functions_error_has_its_own_name() {
    let answer = "HTTP/1.1 200 OK\r\nX-Amz-Function-Error: Unhandled\r\nContent-Length: 21\r\nConnection: close\r\n\r\n\
                  {\"errorType\":\"Burnt\"}\n";
    check(FUNCTION, answer, ASKED, "FAILED", "Burnt");
}

#[test]
fn an_error_of_lambda_has_its_name_with_lambda_before_it() {
    let answer = "HTTP/1.1 404 Not Found\r\nX-Amzn-ErrorType: ResourceNotFoundException\r\nContent-Length: 2\r\n\
                  Connection: close\r\n\r\n{}";
    check(
        FUNCTION,
        answer,
        ASKED,
        "FAILED",
        "Lambda.ResourceNotFoundException",
    );
}
