//! An HTTP endpoint that is asked, over plain HTTP.

use std::error::Error as _;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Uri, client::conn::http1, header, http::response::Parts};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Where requests go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Host and port.
    pub(crate) authority: String,
    /// What stands before the path of every request, without a slash at its end.
    pub(crate) path: String,
}

impl Endpoint {
    /// Takes a URL such as `http://127.0.0.1:4566`; the error says what is wrong with it.
    pub(crate) fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "it is no URL")?;
        if uri.scheme_str() == Some("https") {
            return Err("it is asked over plain HTTP alone, and this is an `https://` URL");
        }
        if uri.scheme_str() != Some("http") {
            return Err("it does not begin with `http://`");
        }
        let authority = uri.authority().ok_or("it names no host")?;
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self {
            authority: format!("{}:{port}", authority.host()),
            path: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Sends a request on a connection of its own, and takes an answer of up to `largest` bytes.
    ///
    /// The error says why there is no answer.
    pub(crate) async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
        largest: usize,
    ) -> Result<(Parts, Bytes), String> {
        let host = self
            .authority
            .parse()
            .map_err(|_| "its name is no host name".to_owned())?;
        request.headers_mut().insert(header::HOST, host);
        let stream = TcpStream::connect(&self.authority)
            .await
            .map_err(|error| error.to_string())?;
        // A request is written in one piece; nothing follows that it could wait for.
        let _ = stream.set_nodelay(true);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| told(&error))?;
        // The connection ends with the answer, or when nobody waits for it any more.
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to an endpoint ended early");
            }
        });
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| told(&error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, largest)
            .collect()
            .await
            .map_err(|error| error.to_string())?
            .to_bytes();
        Ok((head, body))
    }
}

/// An error with what is behind it.
fn told(error: &hyper::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
