//! The service on a socket.

use std::{convert::Infallible, future::Future, pin::pin, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Request, Response, StatusCode, body::Incoming, header, server::conn::http1, service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use crate::{Service, answer::Failure, guard, identity};

/// The most bytes a request's body may have.
///
/// The largest member of the API is a definition of 1 MiB; as JSON text inside JSON it at most doubles, or a little
/// more where it holds control characters.
const LARGEST_BODY: usize = 4 * 1024 * 1024;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// What a request's `X-Amz-Target` begins with.
const TARGET: &str = "AWSStepFunctions.";

/// Answers on `listener` until `stop` is done; then no new connection is taken, and the requests under way are answered
/// for up to `grace`.
///
/// # Errors
///
/// What the socket says when it cannot accept any more.
pub async fn serve(
    listener: TcpListener,
    service: Service,
    stop: impl Future<Output = ()>,
    grace: Duration,
) -> std::io::Result<()> {
    let mut stop = pin!(stop);
    let (stopping, stopped) = tokio::sync::watch::channel(());
    loop {
        let stream = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // The client went away, or we are out of file handles: neither is a reason to end.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        // A long poll's answer is small; it must not wait for more to fill a packet.
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        let mut stopped = stopped.clone();
        tokio::spawn(async move {
            let answer = service_fn(move |request| {
                let service = service.clone();
                async move { Ok::<_, Infallible>(respond(&service, request).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .serve_connection(TokioIo::new(stream), answer);
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                _ = stopped.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    drop(stopped);
    // An error means that no connection is left.
    let _ = stopping.send(());
    let _ = tokio::time::timeout(grace, stopping.closed()).await;
    Ok(())
}

async fn respond(service: &Service, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let answer = match read(request).await {
        Ok((Asked::Operation(operation), body)) => service.call(&operation, &body).await,
        Ok((Asked::Identity, body)) => match service.identity(&body) {
            Ok((id, xml)) => {
                return Response::builder()
                    .header(header::CONTENT_TYPE, "text/xml")
                    .header("x-amzn-RequestId", id)
                    .body(Full::new(Bytes::from(xml)))
                    .expect("the headers are ours");
            }
            Err(failure) => failure.into(),
        },
        Err(failure) => failure.into(),
    };
    let body = serde_json::to_vec(&answer.body).expect("a JSON value is written without fail");
    Response::builder()
        .status(StatusCode::from_u16(answer.status).expect("statuses are ours"))
        .header(header::CONTENT_TYPE, "application/x-amz-json-1.0")
        .header("x-amzn-RequestId", service.request_id())
        .body(Full::new(Bytes::from(body)))
        .expect("the headers are ours")
}

/// What a request asks for.
enum Asked {
    /// An operation of Step Functions, by its name.
    Operation(String),
    /// Something of STS.
    Identity,
}

/// Takes a request apart: what it asks for, and the body.
async fn read(request: Request<Incoming>) -> Result<(Asked, Bytes), Failure> {
    let (head, body) = request.into_parts();
    guard::check(&head.method, &head.uri, &head.headers)?;
    let operation = head
        .headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .and_then(|target| target.strip_prefix(TARGET));
    let asked = match operation {
        Some(operation) => Asked::Operation(operation.to_owned()),
        None if identity::is_asked(&head.headers) => Asked::Identity,
        None => {
            return Err(Failure::UnknownOperation(
                "a request whose `X-Amz-Target` is missing".to_owned(),
            ));
        }
    };
    let body = Limited::new(body, LARGEST_BODY)
        .collect()
        .await
        .map_err(|error| {
            if error.is::<LengthLimitError>() {
                Failure::TooLarge(LARGEST_BODY)
            } else {
                Failure::Serialization(format!("the request ended early: {error}"))
            }
        })?;
    Ok((asked, body.to_bytes()))
}
