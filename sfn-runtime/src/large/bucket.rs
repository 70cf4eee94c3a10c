use std::fmt;

use aws_sdk_s3::{
    Client, error::ProvideErrorMetadata, operation::get_object::GetObjectError,
    primitives::ByteStream,
};
use tokio::sync::OnceCell;

use super::{Error, Store};
use crate::BoxFuture;

/// Under which prefix `deploy` allows large values, and has them removed after a while.
const PREFIX: &str = "large/";

/// A bucket of S3 as a store, under `large/`. Region, credentials and endpoint are those of the environment.
pub struct Bucket {
    name: String,
    client: OnceCell<Client>,
}

impl Bucket {
    /// The bucket of that name. `deploy` makes one for each app and environment.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            client: OnceCell::new(),
        }
    }

    async fn client(&self) -> &Client {
        let client = self.client.get_or_init(|| async {
            let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
            // Addresses of buckets as parts of host names do not resolve where there is no DNS for them.
            let elsewhere = config.endpoint_url().is_some()
                || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
            let own = aws_sdk_s3::config::Builder::from(&config)
                .force_path_style(elsewhere)
                .build();
            Client::from_conf(own)
        });
        client.await
    }

    fn failed(
        &self,
        what: &'static str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Error {
        Error::Failed {
            store: format!("{self:?}"),
            what,
            source: Box::new(source),
        }
    }
}

impl Store for Bucket {
    fn put(&self, key: String, bytes: Vec<u8>) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let call = self.client().await.put_object().bucket(&self.name);
            let call = call
                .key(format!("{PREFIX}{key}"))
                .content_type("application/json")
                .body(ByteStream::from(bytes));
            call.send()
                .await
                .map_err(|error| self.failed("take an object", error.into_service_error()))?;
            Ok(())
        })
    }

    fn get(&self, key: String) -> BoxFuture<'_, Result<Vec<u8>, Error>> {
        Box::pin(async move {
            let call = self.client().await.get_object().bucket(&self.name);
            let found = call.key(format!("{PREFIX}{key}")).send().await;
            let found = found.map_err(|error| match error.into_service_error() {
                GetObjectError::NoSuchKey(_) => Error::Missing {
                    store: format!("{self:?}"),
                    key,
                },
                // `deploy` lets nobody list the bucket, and then S3 keeps to itself what is not there.
                error if error.code() == Some("AccessDenied") => Error::Withheld {
                    store: format!("{self:?}"),
                    key,
                },
                error => self.failed("give an object", error),
            })?;
            let bytes = found.body.collect().await;
            let bytes = bytes.map_err(|error| self.failed("give an object", error))?;
            Ok(bytes.to_vec())
        })
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the bucket `{}`", self.name)
    }
}
