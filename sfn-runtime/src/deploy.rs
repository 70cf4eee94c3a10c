//! What a program needs on AWS, and how it gets there.
//!
//! [`desired`] says what there shall be, as plain data: it knows the flows, the placement and where all of it shall stand,
//! and asks nobody. [`plan`] compares that with what there is. With the feature `deploy`, `Cloud` reads and changes the
//! account, and the commands `plan`, `deploy`, `drain` and `destroy` use it. [`export`] writes the same for other tools.
//!
//! Everything that is made has the tags [`APP_TAG`], [`ENV_TAG`] and [`MANAGED_TAG`]. What has the name of something
//! that is wanted and not these tags belongs to somebody else: that is an error, and nothing is touched.

#[cfg(feature = "deploy")]
pub(crate) mod apply;
#[cfg(feature = "deploy")]
pub(crate) mod cloud;
mod desired;
mod diff;
#[cfg(feature = "deploy")]
pub(crate) mod drain;
pub mod export;
mod iam;
#[cfg(feature = "deploy")]
pub(crate) mod lock;
mod names;
mod plan;
mod resource;

pub use desired::{DesiredError, LIVE, Request, Underivable, desired};
pub use diff::Difference;
pub use iam::WILDCARDS;
pub use plan::{Action, Actual, Foreign, Plan, Step, plan};
pub use resource::{
    Activity, Alarm, Bucket, Function, Id, LogGroup, Machine, Model, Resource, ResourceKind, Role,
    Rule, Schedule, ScheduleGroup, Spec, Tags, Topic,
};

/// The tag that names the app a resource belongs to.
pub const APP_TAG: &str = "sfn:app";

/// The tag that names the profile; `default` without one.
pub const ENV_TAG: &str = "sfn:env";

/// The tag that says who looks after a resource: `sfn`.
pub const MANAGED_TAG: &str = "sfn:managed-by";

/// The tag of what is the same in every Region, a role: for which Region it was made.
pub const REGION_TAG: &str = "sfn:region";

/// The tag that lists the tags of the configuration, `=` between them: those that are there no more are taken away, and
/// those that somebody else has set are left.
pub const TAGS_TAG: &str = "sfn:tags";
