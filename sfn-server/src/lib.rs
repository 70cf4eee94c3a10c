//! The AWS Step Functions API over the embedded engine.
//!
//! [`Service`] answers the API's operations in this process: name and JSON body in, status and JSON body out.
//! [`serve`] puts one on a socket, so that the AWS CLI and every AWS SDK can use it by an endpoint URL:
//!
//! ```text
//! $ sfn-server --port 8083
//! sfn-server listens on http://127.0.0.1:8083
//! $ AWS_ENDPOINT_URL=http://127.0.0.1:8083 aws stepfunctions list-state-machines
//! ```
//!
//! # What it refuses
//!
//! It binds to loopback. A web page that a browser on the same machine has open can send requests there too, so the
//! server answers only what a page could not have sent by itself: no `Origin`, a `Host` that names this machine, the
//! content type of the protocol, and an `Authorization` header in the form that AWS SDKs send. The signature itself is
//! not checked: any key will do.

mod answer;
mod client;
mod constraints;
mod guard;
mod http;
mod identity;
mod lambda;
mod operation;
mod params;
mod passed;
mod service;

pub use answer::Answer;
pub use http::serve;
pub use lambda::{BadEndpoint, LambdaEndpoint};
pub use passed::{BadServiceEndpoint, ServiceEndpoints};
pub use service::Service;
