//! Whether a request may be answered at all.

use std::net::IpAddr;

use hyper::{HeaderMap, Method, Uri, header};

use crate::answer::Failure;

/// Refuses what a browser page could have sent on its own.
///
/// A page may send simple requests to loopback without asking; it cannot leave out `Origin`, choose `Host`, or set an
/// `Authorization` header without a preflight, and preflights get no answer here.
pub(crate) fn check(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
    if headers.contains_key(header::ORIGIN) {
        return Err(Failure::Forbidden(
            "requests from web pages are refused: the header `Origin` is set".to_owned(),
        ));
    }
    let host = uri
        .host()
        .map(str::to_owned)
        .or_else(|| Some(headers.get(header::HOST)?.to_str().ok()?.to_owned()))
        .ok_or_else(|| Failure::Forbidden("the header `Host` is missing".to_owned()))?;
    if !names_this_machine(&host) {
        return Err(Failure::Forbidden(format!(
            "`{host}` is not a name of this machine: use localhost or 127.0.0.1"
        )));
    }
    if method != Method::POST {
        return Err(Failure::Forbidden(format!(
            "operations are sent by POST, not {method}"
        )));
    }
    let signed = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value.starts_with("AWS4-HMAC-SHA256 ") && value.contains("Credential=")
        });
    if !signed {
        return Err(Failure::Unsigned(
            "Missing Authentication Token: requests must be signed as AWS SDKs do, with any key"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Whether a `Host` header's value is loopback, with or without a port and the prefix that SDKs put before the host of
/// `StartSyncExecution` and `TestState`.
fn names_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let name = name.strip_prefix("sync-").unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/states/aws4_request";

    fn checked(headers: &[(&'static str, &'static str)]) -> Result<(), String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        check(&Method::POST, &Uri::from_static("/"), &map).map_err(|failure| failure.to_string())
    }

    #[test]
    fn names_of_this_machine_are_known_and_others_are_not() {
        for host in [
            "localhost",
            "LOCALHOST:8083",
            "127.0.0.1:1",
            "[::1]:80",
            "sync-localhost:8083",
            "sync-127.0.0.1:8083",
            "states.localhost",
        ] {
            assert!(names_this_machine(host), "{host}");
        }
        for host in [
            "example.com",
            "127.0.0.1.example.com",
            "localhost.example.com:80",
            "10.0.0.1",
            "",
        ] {
            assert!(!names_this_machine(host), "{host}");
        }
    }

    #[test]
    fn an_sdk_may_call() {
        assert_eq!(
            checked(&[("host", "localhost:8083"), ("authorization", SIGNED)]),
            Ok(())
        );
    }

    #[test]
    fn a_web_page_may_not() {
        let refused = checked(&[
            ("host", "localhost"),
            ("authorization", SIGNED),
            ("origin", "http://evil.example"),
        ]);
        assert!(refused.expect_err("refused").contains("Origin"));
    }

    #[test]
    fn a_rebound_name_may_not() {
        let refused = checked(&[("host", "evil.example"), ("authorization", SIGNED)]);
        assert!(refused.expect_err("refused").contains("evil.example"));
    }

    #[test]
    fn a_request_without_signature_may_not() {
        let refused = checked(&[("host", "localhost")]).expect_err("refused");
        assert!(refused.contains("Missing Authentication Token"));
    }
}
