//! Activities, their tasks, and what workers report.

use std::sync::Arc;
use std::time::Duration;

use crate::api::{
    ActivityTask, CreateActivity, CreatedActivity, DescribedActivity, GetActivityTask, Page, Paged,
    SendTaskFailure, SendTaskSuccess,
};
use crate::driver::{Activity, Asked, Core, Shared};
use crate::execution::{MAX_PAYLOAD, Signal};
use crate::history::Problem;
use crate::names::{check_name, parse_arn};
use crate::token::{TaskId, TaskToken};
use crate::{Error, Json, Timestamp};

/// How long a worker waits for a task, as on AWS.
const LONG_POLL: Duration = Duration::from_secs(60);

/// As many activities an account may have.
const MOST_ACTIVITIES: usize = 100_000;

pub(super) fn create_activity(
    shared: &Arc<Shared>,
    request: CreateActivity,
) -> Result<CreatedActivity, Error> {
    check_name(&request.name)?;
    super::tag::check(&request.name, &request.tags)?;
    let encryption = super::encryption::complete(request.encryption)?;
    let activity_arn = shared.place.arn(format_args!("activity:{}", request.name));
    let creation_date = shared.act(|core, now| {
        match core.activities.0.get(activity_arn.as_str()) {
            Some(known) if known.encryption == encryption => return Ok(known.created),
            Some(_) => return Err(Error::ActivityAlreadyExists(activity_arn.clone())),
            None if core.activities.0.len() >= MOST_ACTIVITIES => {
                return Err(Error::ActivityLimitExceeded);
            }
            None => {}
        }
        let activity = Activity::new(request.name, now, request.tags, encryption);
        core.activities
            .0
            .insert(activity_arn.as_str().into(), activity);
        core.note_activity(&activity_arn);
        Ok(now)
    })?;
    Ok(CreatedActivity {
        activity_arn,
        creation_date,
    })
}

pub(super) fn delete_activity(shared: &Arc<Shared>, arn: &str) -> Result<(), Error> {
    parse_arn(arn, &["activity"])?;
    shared.act(|core, _| {
        if core.activities.0.remove(arn).is_some() {
            core.note_activity(arn);
        }
    });
    Ok(())
}

fn described(arn: &str, activity: &Activity) -> DescribedActivity {
    DescribedActivity {
        activity_arn: arn.to_owned(),
        name: activity.name.clone(),
        creation_date: activity.created,
        encryption: activity.encryption.clone(),
    }
}

pub(super) fn describe_activity(
    shared: &Arc<Shared>,
    arn: &str,
) -> Result<DescribedActivity, Error> {
    parse_arn(arn, &["activity"])?;
    shared
        .look(|core| {
            core.activities
                .0
                .get(arn)
                .map(|activity| described(arn, activity))
        })
        .ok_or_else(|| Error::ActivityDoesNotExist(arn.to_owned()))
}

pub(super) fn list_activities(
    shared: &Arc<Shared>,
    page: &Page,
) -> Result<Paged<DescribedActivity>, Error> {
    shared.look(|core| {
        page.cut(
            core.activities
                .0
                .iter()
                .map(|(arn, activity)| described(arn, activity)),
        )
    })
}

pub(super) async fn get(
    shared: &Arc<Shared>,
    request: GetActivityTask,
) -> Result<Option<ActivityTask>, Error> {
    let arn = &request.activity_arn;
    parse_arn(arn, &["activity"])?;
    let worker = request.worker_name.as_deref();
    let missing = || Error::ActivityDoesNotExist(arn.clone());
    let asked = shared.act(|core, now| core.poll(shared, arn, worker, now));
    let handed = match asked.ok_or_else(missing)?? {
        Asked::Task(handed) => handed,
        Asked::Later(mut later, _poller) => {
            let mut timeout = shared.clock.sleep_until(shared.clock.now() + LONG_POLL);
            tokio::select! {
                biased;
                // The activity may be deleted: then no task comes.
                Ok(handed) = &mut later => handed,
                () = &mut timeout => return Ok(None),
            }
        }
    };
    // Dropped before this is through, `handed` gives the task to the next worker.
    shared.written().await?;
    Ok(Some(handed.arrived()))
}

/// The execution and task of a token.
fn open_task(core: &Core, token: &str) -> Result<(usize, TaskId), Error> {
    let token =
        TaskToken::parse(token).ok_or_else(|| Error::InvalidToken("Invalid token".to_owned()))?;
    let number = usize::try_from(token.execution).unwrap_or(usize::MAX);
    let Some(entry) = core.executions.get(number) else {
        return match core.executions.row(number) {
            Some(_) => Err(Error::TaskTimedOut),
            None => Err(Error::TaskDoesNotExist),
        };
    };
    if entry.execution.has_task(token.task, token.secret) {
        Ok((number, token.task))
    } else {
        Err(Error::TaskTimedOut)
    }
}

fn report(
    shared: &Arc<Shared>,
    token: &str,
    signal: impl FnOnce(TaskId) -> Signal,
) -> Result<(), Error> {
    shared.act(|core, now: Timestamp| {
        let (number, task) = open_task(core, token)?;
        core.end_task(number, signal(task), task, now);
        Ok(())
    })
}

pub(super) fn success(shared: &Arc<Shared>, request: SendTaskSuccess) -> Result<(), Error> {
    if request.output.len() > MAX_PAYLOAD {
        let must = format!("have length less than or equal to {MAX_PAYLOAD}");
        return Err(Error::constraint("…", "output", &must));
    }
    // Whether the token is any good comes first.
    shared.look(|core| open_task(core, &request.task_token).map(drop))?;
    let output = Json::parse(request.output.as_str())
        .map_err(|error| Error::InvalidOutput(crate::jackson::words(&request.output, &error)))?;
    report(shared, &request.task_token, |task| Signal::TaskSucceeded {
        task,
        output,
    })
}

pub(super) fn failure(shared: &Arc<Shared>, request: SendTaskFailure) -> Result<(), Error> {
    super::check_problem(request.error.as_deref(), request.cause.as_deref())?;
    let problem = Problem {
        error: request.error.map(Into::into),
        cause: request.cause.map(Into::into),
    };
    report(shared, &request.task_token, |task| Signal::TaskFailed {
        task,
        problem,
    })
}

pub(super) fn heartbeat(shared: &Arc<Shared>, token: &str) -> Result<(), Error> {
    shared.act(|core, now| {
        let (number, task) = open_task(core, token)?;
        core.signal(number, Signal::Heartbeat { task }, now);
        Ok(())
    })
}
