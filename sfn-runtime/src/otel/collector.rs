//! How the collector is reached.
//!
//! The SDK sends from a thread of its own, with no runtime on it, so the client is one that blocks.

use std::time::Duration;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};

use super::Error;

/// The longest answer that is read; what a collector has to say is short.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// A client of the collector.
#[derive(Debug)]
pub(super) struct Collector {
    agent: ureq::Agent,
}

impl Collector {
    /// One that waits so long for an answer.
    #[cfg_attr(
        not(feature = "otel-tls"),
        expect(clippy::unnecessary_wraps, reason = "certificates may be at fault")
    )]
    pub(super) fn new(
        timeout: Duration,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            // What an answer's status means is the exporter's to say.
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("sfn/", env!("CARGO_PKG_VERSION")));
        #[cfg(feature = "otel-tls")]
        let config = config.tls_config(tls::config(variable)?);
        #[cfg(not(feature = "otel-tls"))]
        let _ = variable;
        Ok(Self {
            agent: config.build().into(),
        })
    }
}

#[async_trait::async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = request.map(|body| body.to_vec());
        let (head, mut body) = self.agent.run(request)?.into_parts();
        let body = body.with_config().limit(LONGEST_ANSWER).read_to_vec()?;
        Ok(Response::from_parts(head, body.into()))
    }
}

#[cfg(feature = "otel-tls")]
mod tls {
    use std::sync::Arc;

    use ureq::tls::{
        Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem,
    };

    use super::super::{Error, variables::otlp};

    /// TLS with the certificates that the variables name, or else the system's.
    pub(super) fn config(variable: impl Fn(&str) -> Option<String>) -> Result<TlsConfig, Error> {
        let roots = match otlp("CERTIFICATE", &variable) {
            Some((variable, path)) => certificates(&variable, &path)?,
            None => rustls_native_certs::load_native_certs()
                .certs
                .iter()
                .map(|found| Certificate::from_der(found).to_owned())
                .collect(),
        };
        let client = otlp("CLIENT_CERTIFICATE", &variable)
            .map(|(name, path)| {
                let Some((key_name, key_path)) = otlp("CLIENT_KEY", &variable) else {
                    return Err(Error::NotSupported {
                        variable: name,
                        value: path,
                        help: "name its key as well, in `OTEL_EXPORTER_OTLP_CLIENT_KEY`",
                    });
                };
                let chain = certificates(&name, &path)?;
                let key = PrivateKey::from_pem(&read(&key_name, &key_path)?)
                    .map_err(|error| refused(&key_name, &key_path, error))?;
                Ok(ClientCert::new_with_certs(&chain, key))
            })
            .transpose()?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        Ok(TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&roots))
            .client_cert(client)
            // The provider of the AWS SDK: one TLS in a program.
            .unversioned_rustls_crypto_provider(provider)
            .build())
    }

    fn certificates(variable: &str, path: &str) -> Result<Vec<Certificate<'static>>, Error> {
        let text = read(variable, path)?;
        let mut found = Vec::new();
        for item in parse_pem(&text) {
            if let PemItem::Certificate(certificate) =
                item.map_err(|error| refused(variable, path, error))?
            {
                found.push(certificate);
            }
        }
        if found.is_empty() {
            return Err(refused(variable, path, "there is no certificate in it"));
        }
        Ok(found)
    }

    fn read(variable: &str, path: &str) -> Result<Vec<u8>, Error> {
        std::fs::read(path).map_err(|error| refused(variable, path, error))
    }

    fn refused(variable: &str, path: &str, reason: impl ToString) -> Error {
        Error::Certificate {
            variable: variable.to_owned(),
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}
