//! `drain`: waits for executions that began before the last deployments, and removes what only they needed.

use std::{
    io::{self, Write},
    time::Duration,
};

use serde_json::json;

use super::{
    Exit,
    account::{Account, Code},
    args::Drain,
    output,
    problem::Problem,
    program::Program,
};
use crate::Shutdown;
use crate::deploy::{
    Action, Spec,
    apply::apply,
    drain::{self, InFlight, Old},
    lock::Lock,
};

/// How long to wait between two looks: a look costs a call or more for each state machine.
const PAUSE: Duration = Duration::from_secs(5);

/// Waits and removes.
pub(super) async fn drain(program: &Program, options: Drain) -> Result<Exit, Problem> {
    let mut account = Account::look(program, &options.service, &Code::Left).await?;
    if options.dry_run {
        let old = look(&account).await?;
        return report(&account, &[], &old, options.json);
    }
    let mut shutdown = Shutdown::listen()?;
    let lock = Lock::take(&account.cloud, &account.model, false).await?;
    let outcome = tokio::select! {
        outcome = until_empty(&mut account, options.no_wait) => outcome,
        () = shutdown.signalled() => Err(
            Problem::new(Exit::Interrupted, "interrupted; what was removed is gone, the rest is kept")
        ),
    };
    let released = lock.release().await;
    let (removed, left) = outcome?;
    released?;
    report(&account, &removed, &left, options.json)
}

async fn look(account: &Account) -> Result<Vec<Old>, Problem> {
    let plan = account.plan()?;
    let machines = drain::machines(&account.model, &account.actual);
    let in_flight = InFlight::look(&account.cloud, &machines).await?;
    let mut old = drain::old(&plan, &in_flight);
    old.extend(drain::old_versions(&account.cloud, &plan, &account.actual, &in_flight).await?);
    Ok(old)
}

async fn until_empty(
    account: &mut Account,
    no_wait: bool,
) -> Result<(Vec<Old>, Vec<Old>), Problem> {
    let mut removed = Vec::new();
    let mut said = String::new();
    loop {
        let old = look(account).await?;
        removed.extend(drain::remove(&account.cloud, &old, &account.actual).await?);
        let left: Vec<Old> = old.into_iter().filter(|one| one.needed_by > 0).collect();
        if left.is_empty() || no_wait {
            account.refresh().await?;
            narrow(account).await?;
            return Ok((removed, left));
        }
        let lines: String = left
            .iter()
            .map(|one| format!("  {}\n", line(one)))
            .collect();
        if lines != said {
            // There is nowhere else to say it.
            let _ = write!(io::stderr(), "waiting for executions in flight:\n{lines}");
            said = lines;
        }
        tokio::time::sleep(PAUSE).await;
        account.refresh().await?;
    }
}

/// Takes from the roles what only the removed needed.
async fn narrow(account: &Account) -> Result<(), Problem> {
    let mut plan = account.plan()?;
    plan.steps.retain(|step| {
        matches!(step.resource.spec, Spec::Role(_)) && matches!(step.action, Action::Update(_))
    });
    apply(&account.cloud, &plan, &account.zips, |_| {})
        .await
        .map_err(|stopped| Problem::from(stopped.error))
}

fn line(one: &Old) -> String {
    let version = match &one.version {
        None => String::new(),
        // A state machine's version is an ARN that ends with its number.
        Some(version) => format!(" version {}", version.rsplit(':').next().unwrap_or(version)),
    };
    match one.needed_by {
        0 => format!("{}{version}", one.id),
        1 => format!("{}{version}: needed by 1 execution", one.id),
        many => format!("{}{version}: needed by {many} executions", one.id),
    }
}

fn report(
    account: &Account,
    removed: &[Old],
    left: &[Old],
    as_json: bool,
) -> Result<Exit, Problem> {
    if as_json {
        output::json(&json!({
            "app": account.model.app,
            "env": account.model.env,
            "removed": removed,
            "left": left,
        }))?;
        return Ok(Exit::Ok);
    }
    for one in removed {
        output::line(&format!("- {}", line(one)))?;
    }
    for one in left {
        output::line(&format!("o {}", line(one)))?;
    }
    if removed.is_empty() && left.is_empty() {
        output::line("nothing is left of earlier deployments")?;
    }
    Ok(Exit::Ok)
}
