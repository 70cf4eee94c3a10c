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
use crate::driver::{Core, Entry, Found, Row, Shared};
use crate::execution::{MAX_PAYLOAD, Signal};
use crate::history::{HistoryEvent, Problem};
use crate::names::parse_arn;
use crate::store::Place;
use crate::{Error, ExecutionStatus, Json, Reason, Timestamp};

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

fn find<'a>(core: &'a Core, arn: &str, kinds: &[&str]) -> Result<(usize, Found<'a>), Error> {
    parse_arn(arn, kinds)?;
    core.by_arn(arn)
}

/// Has something told of an execution. One in the archive is read while the engine goes on.
fn tell<T>(
    shared: &Shared,
    arn: &str,
    kinds: &[&str],
    tell: impl Fn(&Entry) -> T,
) -> Result<T, Error> {
    parse_arn(arn, kinds)?;
    let found = |core: &Core| match core.live_by_arn(arn) {
        Some((_, entry)) => Ok(tell(entry)),
        None => Err(core.candidates(arn)),
    };
    let mut candidates = match shared.look(found) {
        Ok(told) => return Ok(told),
        Err(candidates) => candidates,
    };
    while let Some((_, archived)) = candidates.first() {
        let read = archived.read();
        match read {
            Ok(entry) if &*entry.about().arn == arn => return Ok(tell(&entry)),
            Ok(_) => {
                candidates.remove(0);
            }
            // Meanwhile it may have been forgotten, or have come back to memory.
            Err(error) => match shared.look(found) {
                Ok(told) => return Ok(told),
                Err(now) if now.first().map(|one| one.1.place) == Some(archived.place) => {
                    return Err(error);
                }
                Err(now) => candidates = now,
            },
        }
    }
    Err(Error::ExecutionDoesNotExist(arn.to_owned()))
}

/// How long the token of a redrive is remembered.
const REDRIVE_TOKEN_LIFE: Duration = Duration::from_secs(15 * 60);

const STANDARD: &[&str] = &["execution"];
const ANY: &[&str] = &["execution", "express"];

pub(super) fn describe(shared: &Arc<Shared>, arn: &str) -> Result<DescribedExecution, Error> {
    let now = shared.clock.now();
    let mut described = tell(shared, arn, STANDARD, |entry| entry.describe(now))?;
    if let Some(map_run) = &described.map_run_arn
        && shared.look(|core| core.awaits_redrive(map_run, arn))
    {
        described.status = ExecutionStatus::PendingRedrive;
    }
    Ok(described)
}

pub(super) fn history(
    shared: &Arc<Shared>,
    request: &GetExecutionHistory,
) -> Result<HistoryPage, Error> {
    let (from, size) = request.page.range()?;
    let with_data = request.include_execution_data.unwrap_or(true);
    tell(shared, &request.execution_arn, STANDARD, |entry| {
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
        Paged {
            items,
            next_token: (to < total).then(|| Page::token(to)),
        }
    })
}

pub(super) fn list(
    shared: &Arc<Shared>,
    request: &ListExecutions,
) -> Result<Paged<ExecutionListItem>, Error> {
    let mut page = shared.look(|core| {
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
                            row.is_by_version(arn) && target.alias.is_none() || row.is_by_alias(arn)
                        })
                };
                target.machine.executions.iter().copied().filter(by_this).collect()
            }
        };
        let waiting = match &request.map_run_arn {
            Some(map_run) => core.awaiting_redrive(map_run),
            None => Vec::new(),
        };
        let status = |number: usize, row: &Row<'_>| {
            if waiting.contains(&number) {
                ExecutionStatus::PendingRedrive
            } else {
                row.status()
            }
        };
        let wanted = |(number, row): &(usize, Row<'_>)| {
            request.status_filter.is_none_or(|wanted| status(*number, row) == wanted)
                && request.redriven.is_none_or(|redriven| (row.redrive_count() > 0) == redriven)
        };
        // Newest first; those of one moment in the order they came, last one first.
        let row = |number: &usize| Some((*number, core.executions.row(*number)?));
        let entries: Vec<_> = numbers.iter().rev().filter_map(row).filter(wanted).collect();
        let page = request.page.cut(entries.into_iter())?;
        let listed = page.items.into_iter().map(|(number, row)| {
            let status = status(number, &row);
            let listed = match row {
                Row::Live(entry) => Listed::Item(entry.list_item()),
                Row::Closed(head) => Listed::Archived(head.place),
            };
            (listed, status)
        });
        Ok(Paged {
            items: listed.collect::<Vec<_>>(),
            next_token: page.next_token,
        })
    })?;
    let places: Vec<Place> = page
        .items
        .iter()
        .filter_map(|(listed, _)| listed.place())
        .collect();
    let mut heads = shared.heads(&places)?.into_iter();
    let items = page.items.drain(..).filter_map(|(listed, status)| {
        let item = match listed {
            Listed::Item(item) => item,
            Listed::Archived(_) => heads.next().flatten()?,
        };
        Some(ExecutionListItem { status, ..item })
    });
    Ok(Paged {
        items: items.collect(),
        next_token: page.next_token,
    })
}

/// An execution of a list: what the list tells, or where that is to be read.
enum Listed {
    Item(ExecutionListItem),
    Archived(Place),
}

impl Listed {
    fn place(&self) -> Option<Place> {
        match self {
            Listed::Item(_) => None,
            Listed::Archived(place) => Some(*place),
        }
    }
}

pub(super) fn stop(shared: &Arc<Shared>, request: StopExecution) -> Result<Timestamp, Error> {
    super::check_problem(request.error.as_deref(), request.cause.as_deref())?;
    let arn = &request.execution_arn;
    shared.act(|core, now| {
        let (number, entry) = find(core, arn, STANDARD)?;
        if let Some(outcome) = &entry.execution.outcome {
            return Ok(outcome.at);
        }
        drop(entry);
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
        let (number, entry) = find(core, arn, STANDARD)?;
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
    tell(shared, arn, STANDARD, Entry::describe_machine)
}

pub(super) async fn wait(shared: &Arc<Shared>, arn: &str) -> Result<DescribedExecution, Error> {
    loop {
        parse_arn(arn, ANY)?;
        let now = shared.clock.now();
        let running = shared.act(|core, _| {
            let (number, entry) = core.live_by_arn(arn)?;
            (!entry.status().is_over()).then(|| core.executions[number].subscribe())
        });
        let Some(mut progress) = running else {
            let over = |entry: &Entry| entry.status().is_over().then(|| entry.describe(now));
            match tell(shared, arn, ANY, over)? {
                Some(described) => return Ok(described),
                // It was redriven in between.
                None => continue,
            }
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
        let (number, entry) = find(core, arn, ANY)?;
        if let Found::Archived(mut entry) = entry {
            return Ok(entry.subscribe());
        }
        drop(entry);
        Ok(core.executions[number].subscribe())
    })
}

pub(super) fn events_since(
    shared: &Arc<Shared>,
    arn: &str,
    id: u64,
) -> Result<Vec<HistoryEvent>, Error> {
    let from = usize::try_from(id).unwrap_or(usize::MAX);
    tell(shared, arn, ANY, |entry| {
        entry.events(from, usize::MAX, true)
    })
}
