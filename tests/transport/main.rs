//! Client and workers, over every transport.
//!
//! `rules` proves what a worker does when its service is slow, forgetful or gone: over a double
//! that misbehaves on demand, with time that is moved by hand. `suite` is one list of cases over
//! real services: the embedded engine always; and in a build with the feature `aws`, through the AWS
//! SDK, our own server on loopback, and whatever stands at the address in `SFN_TEST_ENDPOINT`. `around` is for what stands
//! around steps.

mod around;
mod cases;
mod double;
mod kitchen;
mod monitor;
mod rules;
mod suite;
