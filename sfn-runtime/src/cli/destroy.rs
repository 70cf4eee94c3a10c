//! `destroy`: removes all that `deploy` made, and nothing else.

use std::io::{self, IsTerminal, Write};

use serde_json::json;

use super::{
    Exit,
    account::{Account, Code},
    args::Destroy,
    output,
    problem::Problem,
    program::Program,
};
use crate::Shutdown;
use crate::deploy::{
    Id, ResourceKind, Spec,
    cloud::persist,
    drain::{self, InFlight},
    lock::Lock,
};

/// Removes everything.
pub(super) async fn destroy(program: &Program, options: Destroy) -> Result<Exit, Problem> {
    let account = Account::look(program, &options.service, &Code::Left).await?;
    let mut owned: Vec<(Id, Spec)> = account
        .owned()
        .into_iter()
        .map(|(id, spec)| (id.clone(), spec.clone()))
        .collect();
    if owned.is_empty() && !options.break_lock {
        return report(&account, &[], options.json);
    }
    // The reverse of the order in which things are made.
    owned.reverse();
    if !options.yes {
        ask(&account, &owned).await?;
    }
    let mut shutdown = Shutdown::listen()?;
    let lock = Lock::take(&account.cloud, &account.model, options.break_lock).await?;
    let outcome = tokio::select! {
        outcome = remove(&account, &owned) => outcome,
        () = shutdown.signalled() => Err(
            Problem::new(Exit::Interrupted, "interrupted before all was removed")
                .help("destroy again: the rest is found and removed")
        ),
    };
    let released = lock.release().await;
    outcome?;
    released?;
    let ids: Vec<Id> = owned.into_iter().map(|(id, _)| id).collect();
    report(&account, &ids, options.json)
}

async fn remove(account: &Account, owned: &[(Id, Spec)]) -> Result<(), Problem> {
    for (id, spec) in owned {
        // A group takes its schedules with it, but slowly; they are stopped first, each by itself.
        persist(|| account.cloud.remove(id, spec)).await?;
        // There is nowhere else to say it.
        let _ = writeln!(io::stderr(), "- {id}");
    }
    Ok(())
}

/// Tells what will be gone, and wants the app's name typed.
async fn ask(account: &Account, owned: &[(Id, Spec)]) -> Result<(), Problem> {
    if !io::stdin().is_terminal() {
        return Err(
            Problem::usage("nobody is there to ask whether all shall be removed")
                .help("say `--yes`"),
        );
    }
    let machines = drain::machines(&account.model, &account.actual);
    let in_flight = InFlight::look(&account.cloud, &machines).await?;
    let running: usize = in_flight.running.values().sum();
    let mut text = String::new();
    for (id, _) in owned {
        text.push_str(&format!("- {id}\n"));
    }
    if owned
        .iter()
        .any(|(id, _)| id.kind == ResourceKind::LogGroup)
    {
        text.push_str("their logs are gone with them\n");
    }
    if running > 0 {
        text.push_str(&format!(
            "{running} executions are running, and will end badly\n"
        ));
    }
    let name = &account.model.prefix;
    text.push_str(&format!("type `{name}` to remove all of it: "));
    let mut err = io::stderr();
    // There is nowhere else to say it.
    let _ = write!(err, "{text}").and_then(|()| err.flush());
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .map_err(|error| Problem::usage(format!("the answer cannot be read: {error}")))?;
    if answer.trim() == name {
        Ok(())
    } else {
        Err(Problem::usage("nothing was removed"))
    }
}

fn report(account: &Account, removed: &[Id], as_json: bool) -> Result<Exit, Problem> {
    if as_json {
        output::json(&json!({
            "app": account.model.app,
            "env": account.model.env,
            "removed": removed,
        }))?;
        return Ok(Exit::Ok);
    }
    let name = &account.model.prefix;
    output::line(&match removed.len() {
        0 => format!("nothing of {name} is there"),
        1 => format!("1 resource of {name} is removed"),
        many => format!("{many} resources of {name} are removed"),
    })?;
    Ok(Exit::Ok)
}
