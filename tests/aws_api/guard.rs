//! Whom the server answers.

use crate::server::{SIGNED, Server};

#[track_caller]
fn check(headers: &[(&str, &str)], status: u16, code: &str) {
    let reply = Server::start().send("ListStateMachines", "{}", headers);
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (status, code),
        "{}",
        reply.body
    );
}

#[test]
fn an_sdk_is_answered() {
    let server = Server::start();
    for host in [
        "localhost:1",
        "127.0.0.1",
        "[::1]:80",
        "sync-localhost:8083",
        "sync-127.0.0.1:1",
    ] {
        let reply = server.send("ListStateMachines", "{}", &[("Host", host)]);
        assert_eq!(reply.status, 200, "{host}: {}", reply.body);
    }
}

#[test]
fn a_web_page_is_refused() {
    check(
        &[("Origin", "https://example.com")],
        403,
        "AccessDeniedException",
    );
    // Even one that comes from this machine.
    check(
        &[("Origin", "http://localhost:8083")],
        403,
        "AccessDeniedException",
    );
    check(&[("Origin", "null")], 403, "AccessDeniedException");
}

#[test]
fn a_name_that_was_bound_to_this_machine_is_refused() {
    check(&[("Host", "example.com")], 403, "AccessDeniedException");
    check(
        &[("Host", "127.0.0.1.example.com")],
        403,
        "AccessDeniedException",
    );
}

#[test]
fn a_request_without_a_signature_is_refused() {
    check(
        &[("Authorization", "")],
        403,
        "MissingAuthenticationTokenException",
    );
    check(
        &[("Authorization", "Basic YTpi")],
        403,
        "MissingAuthenticationTokenException",
    );
}

#[test]
fn other_methods_are_refused() {
    let server = Server::start();
    for method in ["GET", "OPTIONS", "PUT"] {
        let request = format!(
            "{method} / HTTP/1.1\r\nHost: localhost\r\nAuthorization: {SIGNED}\r\nConnection: close\r\n\r\n"
        );
        let reply = server.raw(request.as_bytes());
        assert_eq!(reply.status, 403, "{method}");
        // A page that asks beforehand is told nothing that would let it go on.
        assert!(
            !reply.head.to_ascii_lowercase().contains("access-control"),
            "{}",
            reply.head
        );
    }
}
