//! `run`: a workflow on the embedded engine, its steps in this process.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

use super::{Exit, problem::Problem, program::Program};

/// What `run` was asked for.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) workflow: String,
    pub(super) input: Option<String>,
    pub(super) name: Option<String>,
    pub(super) skip_waits: bool,
    pub(super) output: Output,
    /// `None` to choose by what standard error is.
    pub(super) view: Option<View>,
    pub(super) save_history: Option<PathBuf>,
}

/// What goes to standard output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Output {
    /// The execution's output.
    #[default]
    Plain,
    /// An object with status, times, and output or error.
    Result,
    /// Each event as a line, then that object as a line.
    Events,
}

/// How progress is shown on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Live,
    Lines,
    None,
}

/// Runs a workflow.
#[cfg(feature = "local")]
pub(super) async fn run(program: &Program, options: Options) -> Result<Exit, Problem> {
    local::run(program, options).await
}

/// Runs a workflow.
#[cfg(not(feature = "local"))]
pub(super) async fn run(_program: &Program, _options: Options) -> Result<Exit, Problem> {
    Err(
        Problem::usage("this program has no embedded engine to run a workflow on")
            .help("build it with the feature `local` of `sfn-runtime`, which is on by default"),
    )
}

/// Runs the program's own stories, each as the command line would; all of them, whatever happens.
pub(super) async fn stories(program: &Program) -> Result<Exit, Problem> {
    let mut worst = Exit::Ok;
    for story in &program.stories {
        let quoted = story.input.replace('\'', r"'\''");
        let input: String = quoted.split_whitespace().collect::<Vec<_>>().join(" ");
        let input = if input.chars().count() > 100 {
            "…".to_owned()
        } else {
            format!("'{input}'")
        };
        let line = format!(
            "$ {} run {} --skip-waits --input {input}",
            program.name, story.workflow
        );
        // There is nowhere else to say it.
        let _ = writeln!(
            io::stderr(),
            "{}",
            crate::view::Look::of_stderr().dim(&line)
        );
        let exit = run(
            program,
            Options {
                workflow: story.workflow.clone(),
                input: Some(story.input.clone()),
                skip_waits: true,
                ..Options::default()
            },
        )
        .await?;
        if exit == Exit::Interrupted {
            return Ok(exit);
        }
        if worst == Exit::Ok {
            worst = exit;
        }
    }
    Ok(worst)
}

fn usual_view() -> View {
    if io::stderr().is_terminal() {
        View::Live
    } else {
        View::Lines
    }
}

#[cfg(feature = "local")]
mod local {
    use serde_json::{Value, json};

    #[cfg(all(unix, feature = "local"))]
    use crate::cli::mailbox::Mailbox;

    use super::{Options, Output, usual_view};
    use crate::{
        Client, Handle, Shutdown, Workers,
        cli::{
            Exit,
            follow::{Follow, Followed},
            input, interrupt, output,
            problem::Problem,
            program::{Program, steps_of},
            record::Record,
            skipping::SkippingClock,
        },
        graph::Graph,
        large::Directory,
        local::LocalOptions,
        run_here,
        service::{ExecutionStatus, Timestamp},
    };

    pub(super) async fn run(program: &Program, options: Options) -> Result<Exit, Problem> {
        // All that can be wrong is found before anything runs.
        let workflow = program.workflow(&options.workflow)?;
        let input = input::read(options.input.as_deref())?;
        input::check(workflow, &input)?;
        let definition = (workflow.define)();
        let steps = steps_of(&definition)?;
        let placement = program.placement()?;
        let served = placement.all_here(&steps)?;
        program.providers.check(&steps)?;

        let mut shutdown = Shutdown::listen()?;
        let mut engine = LocalOptions::new();
        if options.skip_waits {
            engine = engine.clock(SkippingClock::new());
        }
        let mut providers = program.providers.clone();
        let mut client = Client::local(engine)?.placed(placement);
        if providers.offload().is_none() {
            let folder = Directory::temporary();
            providers.store_large(folder.clone());
            client = client.storing_large(folder);
        }
        let ensured = client.ensure(definition).await?;
        let described = client.service().describe_machine(ensured.arn).await?;
        let (machine, _) = sfn_asl::read(&described.definition);
        let machine = machine.expect("the engine has taken the definition");
        // Before any step runs, since it may ask somebody at once.
        #[cfg(all(unix, feature = "local"))]
        let _mailbox = Mailbox::open(&client).map_or_else(
            |error| {
                tracing::debug!(%error, "answers from other terminals are not taken");
                None
            },
            Some,
        );
        let workers = run_here(&client, served).providing(providers).await?;
        let mut start = client.start(workflow.name, &input);
        if let Some(name) = &options.name {
            start = start.named(name);
        }
        let execution = start.await?;

        let graph = Graph::of(workflow.name, &machine);
        let view = options.view.unwrap_or_else(usual_view);
        // A random name is as good as its beginning.
        let mut about = match &options.name {
            Some(name) => name.clone(),
            None => execution.name().chars().take(8).collect(),
        };
        if options.skip_waits {
            about.push_str(", skipping waits");
        }
        let follow = Follow {
            graph: &graph,
            about,
            view,
            events: options.output == Output::Events,
        };
        let seen = follow.until_end(&execution, &mut shutdown).await?;
        finish(workers, &mut shutdown, seen.interrupted).await;

        if let Some(path) = &options.save_history {
            let record = Record {
                workflow: workflow.name.to_owned(),
                execution: execution.arn().to_owned(),
                definition: machine.to_value(),
                events: seen.events.clone(),
            };
            record.write(path)?;
        }
        let outcome = report(workflow.name, &execution, &seen, options.output);
        if seen.interrupted {
            let message = format!("`{}` was interrupted", workflow.name);
            return Err(Problem::new(Exit::Interrupted, message));
        }
        outcome
    }

    /// Lets the steps at work finish, unless nobody waits for them any more; a signal ends them.
    async fn finish(workers: Workers, shutdown: &mut Shutdown, interrupted: bool) {
        let stopped = async {
            if interrupted {
                workers.stop_now().await;
            } else {
                workers.stop().await;
            }
        };
        tokio::select! {
            () = stopped => {}
            () = shutdown.signalled() => interrupt::at_once(),
        }
    }

    /// Says how it ended: the output, or what went wrong.
    fn report(
        workflow: &str,
        execution: &Handle<Value>,
        seen: &Followed,
        form: Output,
    ) -> Result<Exit, Problem> {
        let progress = &seen.progress;
        let status = progress.status();
        let result: Option<Value> = progress
            .output()
            .and_then(|text| serde_json::from_str(text).ok());
        match form {
            Output::Plain => {
                if status == ExecutionStatus::Succeeded {
                    output::json(&result.clone().unwrap_or_default())?;
                }
            }
            Output::Result | Output::Events => {
                let time = |at: Option<i64>| at.map(|at| Timestamp::from_millis(at).to_string());
                let mut object = json!({
                    "execution": execution.arn(),
                    "workflow": workflow,
                    "status": status.as_str(),
                    "started": time(progress.started()),
                    "stopped": time(progress.last_event()),
                });
                if status == ExecutionStatus::Succeeded {
                    object["output"] = result.clone().unwrap_or_default();
                } else if let Some((error, cause)) = progress.error() {
                    object["error"] = error.into();
                    object["cause"] = cause.into();
                    object["state"] = progress.failing_state().into();
                }
                if form == Output::Events {
                    output::line(&output::compact(&object))?;
                } else {
                    output::json(&object)?;
                }
            }
        }
        let (error, cause) = progress.error().unwrap_or_default();
        let with = |text: &str, before: &str, after: &str| match text {
            "" => String::new(),
            text => format!("{before}{text}{after}"),
        };
        let (error, cause) = (with(error, " with `", "`"), with(cause, ": ", ""));
        match status {
            ExecutionStatus::Succeeded => Ok(Exit::Ok),
            ExecutionStatus::TimedOut => Err(Problem::new(
                Exit::TimedOut,
                format!("`{workflow}` took longer than its workflow allows{cause}"),
            )),
            ExecutionStatus::Aborted => Err(Problem::new(
                Exit::Stopped,
                format!("`{workflow}` was stopped{error}{cause}"),
            )),
            _ => {
                let state = with(
                    progress.failing_state().unwrap_or_default(),
                    " in state `",
                    "`",
                );
                Err(Problem::new(
                    Exit::Failed,
                    format!("`{workflow}` failed{state}{error}{cause}"),
                ))
            }
        }
    }
}
