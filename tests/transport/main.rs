//! Client and workers, over every transport.
//!
//! `rules` proves what a worker does when its service is slow, forgetful or gone: over a double
//! that misbehaves on demand, with time that is moved by hand. `suite` is one list of cases over
//! real services: the embedded engine always, and the AWS SDK against the address that
//! `SFN_TEST_ENDPOINT` names, in a build with the feature `aws`.

mod cases;
mod double;
mod kitchen;
mod rules;
mod suite;
