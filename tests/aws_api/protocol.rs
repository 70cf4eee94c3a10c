//! Bodies, names and errors.

use serde_json::{Value, json};

use crate::server::{PASS, Server, text};

#[test]
fn answers_are_of_the_protocol() {
    let reply = Server::start().call("ListStateMachines", &json!({}));
    let head = reply.head.to_ascii_lowercase();
    assert!(
        head.contains("content-type: application/x-amz-json-1.0"),
        "{head}"
    );
    assert!(head.contains("x-amzn-requestid: "), "{head}");
    assert_eq!(reply.body, json!({ "stateMachines": [] }));
}

#[test]
fn an_empty_body_is_an_empty_object() {
    let reply = Server::start().send("ListActivities", "", &[]);
    assert_eq!(
        (reply.status, reply.body),
        (200, json!({ "activities": [] }))
    );
}

#[track_caller]
fn check_refused(operation: &str, body: &str, status: u16, kind: &str) {
    let reply = Server::start().send(operation, body, &[]);
    let told = (
        reply.status,
        reply.body["__type"].as_str().unwrap_or_default(),
    );
    assert_eq!(told, (status, kind), "{}", reply.body);
}

#[test]
fn what_is_not_understood_is_refused() {
    let service = "com.amazon.coral.service";
    check_refused(
        "BakePizza",
        "{}",
        400,
        &format!("{service}#UnknownOperationException"),
    );
    check_refused(
        "ListActivities",
        "[1]",
        400,
        &format!("{service}#SerializationException"),
    );
    check_refused(
        "ListActivities",
        "{",
        400,
        &format!("{service}#SerializationException"),
    );
    check_refused(
        "DescribeExecution",
        r#"{"executionArn":1}"#,
        400,
        &format!("{service}#SerializationException"),
    );
    check_refused(
        "DescribeExecution",
        r#"{"executionArn":"x"}"#,
        400,
        "com.amazonaws.swf.service.v2.model#InvalidArn",
    );
    check_refused(
        "DescribeExecution",
        "{}",
        400,
        "com.amazon.coral.validate#ValidationException",
    );
}

#[test]
fn a_body_has_a_bound() {
    let large = format!(r#"{{"definition":"{}"}}"#, "x".repeat(5 * 1024 * 1024));
    let reply = Server::start().send("CreateStateMachine", &large, &[]);
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (413, "RequestEntityTooLargeException")
    );
}

#[test]
fn constraints_are_told_in_the_words_of_aws() {
    let server = Server::start();
    let check = |operation: &str, body: Value, message: &str| {
        let expected = format!("1 validation error detected: {message}");
        assert_eq!(
            server.refused(operation, body),
            ("ValidationException".to_owned(), expected)
        );
    };
    check(
        "ListStateMachines",
        json!({ "maxResults": 1001 }),
        "Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    );
    check(
        "CreateStateMachine",
        json!({ "name": "x", "definition": PASS, "roleArn": "r", "type": "QUICK" }),
        "Value 'QUICK' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]",
    );
    check(
        "SendTaskSuccess",
        json!({ "taskToken": "", "output": "1" }),
        "Value '' at 'taskToken' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
}

#[test]
fn lists_come_page_by_page() {
    let server = Server::start();
    for number in 0..5 {
        server.machine(&format!("m{number}"), PASS);
    }
    let mut request = json!({ "maxResults": 2 });
    let (mut pages, mut names) = (0, Vec::new());
    loop {
        let page = server.ok("ListStateMachines", request.clone());
        let items = page["stateMachines"].as_array().expect("a list");
        names.extend(items.iter().map(|item| text(&item["name"])));
        pages += 1;
        match page.get("nextToken") {
            Some(token) => request["nextToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!(
        (pages, names),
        (
            3,
            ["m0", "m1", "m2", "m3", "m4"].map(str::to_owned).to_vec()
        )
    );
    let foreign = server.refused("ListStateMachines", json!({ "nextToken": "mine" }));
    assert_eq!(
        foreign,
        (
            "InvalidToken".to_owned(),
            "Invalid Token: 'Invalid token'".to_owned()
        )
    );
}

#[test]
fn several_requests_share_a_connection() {
    let server = Server::start();
    let host = server.address;
    let one = format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nX-Amz-Target: AWSStepFunctions.ListActivities\r\nAuthorization: {}\r\n\
         Content-Length: 2\r\n\r\n{{}}",
        crate::server::SIGNED
    );
    let reply = server.raw(format!("{one}{one}").as_bytes());
    assert_eq!(reply.status, 200);
}

/// A client that has this endpoint alone asks it whose account it uses.
#[test]
fn the_account_is_told_as_sts_does() {
    let server = Server::start();
    let ask = |scope: &str, body: &str| {
        server.raw(
            format!(
                "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nAuthorization: {}\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                server.address,
                crate::server::SIGNED.replace("/states/", scope),
                body.len(),
            )
            .as_bytes(),
        )
    };
    let identity = "Action=GetCallerIdentity&Version=2011-06-15";
    let told = ask("/sts/", identity);
    assert_eq!(told.status, 200, "{}", told.head);
    assert!(told.head.contains("text/xml"), "{}", told.head);
    for (scope, body) in [
        ("/sts/", "Action=GetCallerIdentityOfAnother"),
        ("/sts/", "Action=AssumeRole&Version=2011-06-15"),
        ("/states/", identity),
    ] {
        let refused = ask(scope, body);
        assert_eq!(refused.status, 400, "{scope} {body}");
        assert_eq!(refused.error().0, "UnknownOperationException");
    }
}
