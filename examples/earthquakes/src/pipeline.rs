//! The workflow.

use sfn_runtime::{Workflow, workflow};

use crate::{
    alert::{ALERT_FROM, alert},
    digest::Digest,
    enrich::enrich,
    notify::notify,
    store::store,
    validate::{Request, validate},
};

/// From a feed to a digest.
///
/// The account of the feed goes round the map, so that `store` gets both: what was set aside, and the batches.
pub static EARTHQUAKES: Workflow<Request, Digest> = workflow!(
    name = "earthquakes",
    timeout = "5m",
    validate,
    parallel(
        pass(|validated| validated.intake),
        map(
            |validated| &validated.batches,
            (
                enrich,
                choose(|batch| if batch.strongest >= ALERT_FROM {
                    alert
                })
            ),
        )
        .max_concurrency(4),
    ),
    store,
    notify,
);
