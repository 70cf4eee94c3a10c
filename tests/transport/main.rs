//! Client and workers, over every transport.
//!
//! `rules` proves what a worker does when its service is slow, forgetful or gone: over a double
//! that misbehaves on demand, with time that is moved by hand. `suite` is one list of cases over
//! real services: the embedded engine always; and in a build with the feature `aws`, through the AWS
//! SDK, our own server on loopback, and whatever stands at the address in `SFN_TEST_ENDPOINT`. `around` is for what stands
//! around steps, `monitor` for what workers tell of themselves. `wire` has the rules once more over HTTP, and `process` those of a
//! whole process; both need the feature `aws`.

mod around;
mod cases;
mod double;
#[cfg(feature = "aws")]
mod endpoint;
mod kitchen;
mod monitor;
#[cfg(feature = "aws")]
mod process;
mod rules;
mod suite;
#[cfg(feature = "aws")]
mod wire;
