//! Map Runs.

use std::sync::Arc;

use crate::api::{DescribedMapRun, MapRunListItem, Page, Paged, UpdateMapRun};
use crate::driver::Shared;
use crate::names::parse_arn;
use crate::{Error, Reason};

fn missing(arn: &str) -> Error {
    Error::ResourceNotFound(format!("Resource not found: '{arn}'"))
}

pub(super) fn describe(shared: &Arc<Shared>, arn: &str) -> Result<DescribedMapRun, Error> {
    parse_arn(arn, &["mapRun"])?;
    shared
        .look(|core| core.describe_map_run(arn))
        .ok_or_else(|| missing(arn))
}

pub(super) fn list(
    shared: &Arc<Shared>,
    execution_arn: &str,
    page: &Page,
) -> Result<Paged<MapRunListItem>, Error> {
    parse_arn(execution_arn, &["execution"])?;
    shared.look(|core| {
        page.range()?;
        let (number, _) = core.by_arn(execution_arn)?;
        page.cut(core.map_runs_of(number).into_iter())
    })
}

pub(super) fn update(shared: &Arc<Shared>, request: &UpdateMapRun) -> Result<(), Error> {
    let arn = &request.map_run_arn;
    parse_arn(arn, &["mapRun"])?;
    let percentage = request.tolerated_failure_percentage;
    if percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
        return Err(Error::Validation(
            "toleratedFailurePercentage must be between 0 and 100".to_owned(),
        ));
    }
    let running = shared.act(|core, now| core.update_map_run(shared, request, now));
    match running {
        None => Err(missing(arn)),
        Some(true) => Ok(()),
        Some(false) => Err(Error::refused(
            Reason::CompletedMapRun,
            format!("Map Run is completed and cannot be updated: '{arn}'"),
        )),
    }
}
