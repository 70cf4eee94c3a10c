//! `plan` and `deploy`: what would change, and doing it.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use serde_json::json;
use tokio::time::Instant;

use super::{
    Exit,
    account::{Account, Code},
    args::Deploy,
    output,
    problem::Problem,
    program::Program,
};
use crate::{
    Shutdown,
    deploy::{
        Action, Plan, Step,
        apply::{Progress, Stopped, apply},
        lock::{Lock, LockError},
    },
    view::{Look, Status, elapsed},
};

/// How many differences of one resource are shown.
const SHOWN: usize = 8;

/// Shows what would change.
pub(super) async fn plan(program: &Program, options: Deploy) -> Result<Exit, Problem> {
    let account = Account::look(program, &options.service, &code(options.code)).await?;
    let plan = account.plan()?;
    if options.json {
        output::json(&json!({
            "app": plan.model.app,
            "env": plan.model.env,
            "region": plan.model.region,
            "account": plan.model.account,
            "changes": !plan.is_empty(),
            "steps": plan.steps,
        }))?;
    } else {
        output::text(&text(&plan, Look::of_stdout()))?;
    }
    Ok(Exit::Ok)
}

/// Does it.
pub(super) async fn deploy(program: &Program, options: Deploy) -> Result<Exit, Problem> {
    let mut account = Account::look(program, &options.service, &code(options.code)).await?;
    if account.plan()?.is_empty() && !options.break_lock {
        let plan = account.plan()?;
        return finish(&plan, 0, options.json);
    }
    let mut shutdown = Shutdown::listen()?;
    let lock = Lock::take(&account.cloud, &account.model, options.break_lock).await?;
    let outcome = tokio::select! {
        outcome = under_the_lock(&mut account) => outcome,
        () = shutdown.signalled() => Err(
            Problem::new(Exit::Interrupted, "interrupted before all was deployed")
                .help("deploy again: what is done is found, and the rest is done")
        ),
    };
    let released = lock.release().await;
    let (plan, done) = outcome?;
    released?;
    finish(&plan, done, options.json)
}

async fn under_the_lock(account: &mut Account) -> Result<(Plan, usize), Problem> {
    // Somebody else may have been at it until now.
    account.refresh().await?;
    carry_out(account).await
}

fn code(file: Option<PathBuf>) -> Code {
    file.map_or(Code::Built, Code::File)
}

async fn carry_out(account: &Account) -> Result<(Plan, usize), Problem> {
    let plan = account.plan()?;
    let look = Look::of_stderr();
    let mut since = Instant::now();
    let mut done = 0;
    let shown = |progress: Progress<'_>| match progress {
        Progress::Begins => since = Instant::now(),
        Progress::Done(step) => {
            done += 1;
            let took = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX);
            let line = format!("{}  {}", head(step, look), look.dim(&elapsed(took)));
            // There is nowhere else to say it.
            let _ = writeln!(io::stderr(), "{line}");
        }
    };
    apply(&account.cloud, &plan, &account.zips, shown)
        .await
        .map_err(|stopped| failed(&stopped))?;
    Ok((plan, done))
}

fn failed(stopped: &Stopped) -> Problem {
    let names = |ids: &[crate::deploy::Id]| {
        let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
        names.join(", ")
    };
    let exit = Exit::Service;
    let mut message = stopped.error.to_string();
    if !stopped.done.is_empty() {
        message.push_str(&format!("\nnote: done: {}", names(&stopped.done)));
    }
    message.push_str(&format!("\nnote: not done: {}", names(&stopped.left)));
    message.push_str(
        "\nhelp: deploy again when that is mended: what is done is found, and the rest is done",
    );
    Problem::new(exit, message)
}

fn finish(plan: &Plan, done: usize, as_json: bool) -> Result<Exit, Problem> {
    let retired = plan.count(|action| *action == Action::Retire);
    if as_json {
        output::json(&json!({
            "app": plan.model.app,
            "env": plan.model.env,
            "region": plan.model.region,
            "account": plan.model.account,
            "changed": done,
            "retired": retired,
        }))?;
        return Ok(Exit::Ok);
    }
    let name = &plan.model.prefix;
    output::line(&match done {
        0 => format!("{name} is deployed as it shall be: nothing to do"),
        1 => format!("{name} is deployed: 1 change"),
        many => format!("{name} is deployed: {many} changes"),
    })?;
    if retired > 0 {
        output::line(&format!(
            "{retired} of what was deployed before may be needed by executions in flight: `drain` removes it"
        ))?;
    }
    Ok(Exit::Ok)
}

/// One line for a step: its sign, kind, name and purpose.
fn head(step: &Step, look: Look) -> String {
    let (sign, status) = match &step.action {
        Action::Create => ("+", Status::Succeeded),
        Action::Update(_) => ("~", Status::Caught),
        Action::Keep => ("=", Status::NotStarted),
        Action::Retire => ("o", Status::NotStarted),
        Action::Delete => ("-", Status::Failed),
    };
    format!(
        "{} {:<14} {}  {}",
        look.status(status, sign),
        step.resource.spec.kind().word(),
        step.resource.name,
        look.dim(&step.resource.purpose)
    )
}

/// The plan as people read it.
fn text(plan: &Plan, look: Look) -> String {
    let model = &plan.model;
    let mut text = format!(
        "{} in {}, account {}\n",
        look.bold(&model.prefix),
        model.region,
        model.account
    );
    for step in &plan.steps {
        if step.action == Action::Keep {
            continue;
        }
        text.push_str(&format!("  {}\n", head(step, look)));
        if let Action::Update(all) = &step.action {
            for difference in all.iter().take(SHOWN) {
                text.push_str(&format!("      {difference}\n"));
            }
            if all.len() > SHOWN {
                text.push_str(&format!("      and {} more\n", all.len() - SHOWN));
            }
        }
    }
    let count = |which: fn(&Action) -> bool| plan.count(which);
    let parts = [
        (count(|action| *action == Action::Create), "to create"),
        (
            count(|action| matches!(action, Action::Update(_))),
            "to change",
        ),
        (count(|action| *action == Action::Delete), "to remove"),
        (count(|action| *action == Action::Keep), "unchanged"),
        (count(|action| *action == Action::Retire), "until drained"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    text.push_str(&parts.join(", "));
    text.push('\n');
    text
}

impl From<LockError> for Problem {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Cloud(error) => error.into(),
            held @ LockError::Held { .. } => Self::caused(Exit::Service, &held),
        }
    }
}
