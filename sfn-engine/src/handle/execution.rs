//! Executions.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::Progress;
use crate::api::{
    BillingDetails, DescribedExecution, DescribedStateMachineForExecution, ExecutionListItem,
    GetExecutionHistory, HistoryPage, ListExecutions, MachineType, Page, Paged, RedriveExecution,
    StartExecution, StartedExecution, StopExecution, SyncExecutionResult,
};
use crate::driver::{Core, Found, Row, Shared};
use crate::execution::{MAX_PAYLOAD, Signal};
use crate::history::{HistoryEvent, Problem};
use crate::names::parse_arn;
use crate::{Error, Json, Reason, Timestamp};

pub(super) fn input(text: Option<String>) -> Result<Json, Error> {
    let text = text.unwrap_or_else(|| "{}".to_owned());
    if text.len() > MAX_PAYLOAD {
        let must = format!("have length less than or equal to {MAX_PAYLOAD}");
        return Err(Error::constraint("…", "input", &must));
    }
    if text.trim().is_empty() {
        return Err(Error::InvalidExecutionInput(
            "Invalid execution input.".to_owned(),
        ));
    }
    Json::parse(text.as_str())
        .map_err(|error| Error::InvalidExecutionInput(crate::jackson::words(&text, &error)))
}

pub(super) fn start(
    shared: &Arc<Shared>,
    request: StartExecution,
) -> Result<StartedExecution, Error> {
    let input = input(request.input)?;
    let name = request.name.as_deref();
    shared.act(|core, now| {
        let arn = &request.state_machine_arn;
        let started =
            core.start_by_arn(shared, arn, name, input, request.trace_header, None, now)?;
        let about = core.executions[started.number].about();
        Ok(StartedExecution {
            execution_arn: about.arn.to_string(),
            start_date: about.started,
        })
    })
}

pub(super) async fn start_sync(
    shared: &Arc<Shared>,
    request: StartExecution,
) -> Result<SyncExecutionResult, Error> {
    let arn = request
        .state_machine_arn
        .split('#')
        .next()
        .unwrap_or_default()
        .to_owned();
    shared.look(
        |core| match core.machines.target(&arn, 0)?.machine.machine_type {
            MachineType::Express => Ok(()),
            MachineType::Standard => Err(Error::StateMachineTypeNotSupported),
        },
    )?;
    let started = start(shared, request)?;
    let execution = wait(shared, &started.execution_arn).await?;
    let took = execution
        .stop_date
        .unwrap_or(execution.start_date)
        .since(execution.start_date);
    // AWS bills each begun tenth of a second, and at least one; memory in steps of 64 MB.
    let tenths = u64::try_from(took.as_millis().div_ceil(100))
        .unwrap_or(u64::MAX)
        .max(1);
    let billing = BillingDetails {
        billed_memory_used_in_mb: 64,
        billed_duration_in_milliseconds: tenths * 100,
    };
    Ok(SyncExecutionResult { execution, billing })
}

fn find<'a>(core: &'a Core, arn: &str, kinds: &[&str]) -> Result<Found<'a>, Error> {
    parse_arn(arn, kinds)?;
    core.by_arn(arn)
}

/// How long the token of a redrive is remembered.
const REDRIVE_TOKEN_LIFE: Duration = Duration::from_secs(15 * 60);

const STANDARD: &[&str] = &["execution"];
const ANY: &[&str] = &["execution", "express"];

pub(super) fn describe(shared: &Arc<Shared>, arn: &str) -> Result<DescribedExecution, Error> {
    let now = shared.clock.now();
    shared.look(|core| find(core, arn, STANDARD).map(|entry| entry.describe(now)))
}

pub(super) fn history(
    shared: &Arc<Shared>,
    request: &GetExecutionHistory,
) -> Result<HistoryPage, Error> {
    let (from, size) = request.page.range()?;
    let with_data = request.include_execution_data.unwrap_or(true);
    shared.look(|core| {
        let entry = find(core, &request.execution_arn, STANDARD)?;
        let total = entry.execution.history.len();
        let to = (from + size).min(total);
        let items = if request.reverse_order {
            let mut items = entry.events(
                total.saturating_sub(to),
                total.saturating_sub(from),
                with_data,
            );
            items.reverse();
            items
        } else {
            entry.events(from, to, with_data)
        };
        Ok(Paged {
            items,
            next_token: (to < total).then(|| Page::token(to)),
        })
    })
}

pub(super) fn list(
    shared: &Arc<Shared>,
    request: &ListExecutions,
) -> Result<Paged<ExecutionListItem>, Error> {
    shared.look(|core| {
        let numbers: Vec<usize> = match (&request.state_machine_arn, &request.map_run_arn) {
            (Some(_), Some(_)) | (None, None) => {
                return Err(Error::refused(
                    Reason::MissingRequiredParameter,
                    "Must provide exactly one of the following parameters: [stateMachineArn, mapRunArn]",
                ));
            }
            (None, Some(map_run)) => {
                parse_arn(map_run, &["mapRun"])?;
                let children =
                    core.children_of(map_run).ok_or_else(|| Error::ResourceNotFound(format!("Resource not found: '{map_run}'")))?;
                children.to_vec()
            }
            (Some(arn), None) => {
                let target = core.machines.target(arn, 0)?;
                if target.machine.machine_type == MachineType::Express {
                    return Err(Error::StateMachineTypeNotSupported);
                }
                let qualified = target.version.is_some() || target.alias.is_some();
                let by_this = |number: &usize| {
                    !qualified
                        || core.executions.row(*number).is_some_and(|row| {
                            row.version_arn() == Some(arn) && target.alias.is_none()
                                || row.alias_arn() == Some(arn)
                        })
                };
                target.machine.executions.iter().copied().filter(by_this).collect()
            }
        };
        let wanted = |row: &Row<'_>| {
            request.status_filter.is_none_or(|status| row.status() == status)
                && request.redriven.is_none_or(|redriven| (row.redrive_count() > 0) == redriven)
        };
        // Newest first; those of one moment in the order they came, last one first.
        let entries: Vec<_> =
            numbers.iter().rev().filter_map(|number| core.executions.row(*number)).filter(wanted).collect();
        request.page.cut(entries.into_iter().map(|row| row.list_item()))
    })
}

pub(super) fn stop(shared: &Arc<Shared>, request: StopExecution) -> Result<Timestamp, Error> {
    super::check_problem(request.error.as_deref(), request.cause.as_deref())?;
    let arn = &request.execution_arn;
    shared.act(|core, now| {
        if let Some(outcome) = &find(core, arn, STANDARD)?.execution.outcome {
            return Ok(outcome.at);
        }
        let number = core.by_arn[arn.as_str()];
        let problem = Problem {
            error: request.error.map(Into::into),
            cause: request.cause.map(Into::into),
        };
        core.signal(number, Signal::Stop(problem), now);
        Ok(core.executions[number]
            .execution
            .outcome
            .as_ref()
            .map_or(now, |outcome| outcome.at))
    })
}

pub(super) fn redrive(
    shared: &Arc<Shared>,
    request: &RedriveExecution,
) -> Result<Timestamp, Error> {
    let arn = &request.execution_arn;
    shared.act(|core, now| {
        let entry = find(core, arn, STANDARD)?;
        let number = core.by_arn[arn.as_str()];
        let token = request.client_token.as_deref();
        // The same request again within fifteen minutes changes nothing.
        let known = entry
            .redrive_tokens
            .iter()
            .find(|(known, _)| token == Some(known.as_str()));
        if let Some((_, at)) = known
            && now.since(*at) <= REDRIVE_TOKEN_LIFE
        {
            return Ok(*at);
        }
        if let Some(why) = entry.not_redrivable(now) {
            return Err(Error::ExecutionNotRedrivable(why.to_owned()));
        }
        if entry.is_child() {
            return Err(Error::ExecutionNotRedrivable(
                "Execution belongs to a Map Run and is redriven with the execution that started the Map Run".to_owned(),
            ));
        }
        let token = token.map(str::to_owned);
        drop(entry);
        core.live(number)?;
        core.redrive(number, token, now);
        Ok(now)
    })
}

pub(super) fn describe_machine(
    shared: &Arc<Shared>,
    arn: &str,
) -> Result<DescribedStateMachineForExecution, Error> {
    shared.look(|core| find(core, arn, STANDARD).map(|entry| entry.describe_machine()))
}

pub(super) async fn wait(shared: &Arc<Shared>, arn: &str) -> Result<DescribedExecution, Error> {
    loop {
        let (described, progress) = shared.act(|core, now| {
            let entry = find(core, arn, ANY)?;
            if entry.status().is_over() {
                return Ok((Some(entry.describe(now)), None));
            }
            drop(entry);
            let number = core.by_arn[arn];
            Ok::<_, Error>((None, Some(core.executions[number].subscribe())))
        })?;
        if let Some(described) = described {
            return Ok(described);
        }
        let Some(mut progress) = progress else {
            continue;
        };
        // An error says that the sender is gone, which it is when the execution has ended.
        let _ = progress
            .wait_for(|progress| progress.status.is_over())
            .await;
    }
}

pub(super) fn subscribe(
    shared: &Arc<Shared>,
    arn: &str,
) -> Result<watch::Receiver<Progress>, Error> {
    shared.act(|core, _| {
        let entry = find(core, arn, ANY)?;
        if let Found::Archived(mut entry) = entry {
            return Ok(entry.subscribe());
        }
        let number = core.by_arn[arn];
        Ok(core.executions[number].subscribe())
    })
}

pub(super) fn events_since(
    shared: &Arc<Shared>,
    arn: &str,
    id: u64,
) -> Result<Vec<HistoryEvent>, Error> {
    shared.look(|core| {
        let entry = find(core, arn, ANY)?;
        Ok(entry.events(usize::try_from(id).unwrap_or(usize::MAX), usize::MAX, true))
    })
}
