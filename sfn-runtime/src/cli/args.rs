//! What the command line may say, and what it said.

mod commands;

use std::{
    ffi::OsString,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{
    ArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{
    answer, check, cost, executions, exit::Exit, export, graph, history, lock, problem::Problem,
    run, work,
};
use crate::{app::App, registry, service::ExecutionStatus};

/// What was asked for.
pub(super) struct Asked {
    /// How the program was called.
    pub(super) name: String,
    pub(super) config: Option<PathBuf>,
    /// The profile.
    pub(super) env: Option<String>,
    pub(super) verbosity: u8,
    pub(super) command: Command,
}

pub(super) enum Command {
    /// No arguments: the program's own story.
    Story,
    Run(run::Options),
    List {
        json: bool,
    },
    Start(executions::Start),
    Status(executions::One),
    Stop(executions::One),
    Redrive(executions::One),
    Executions(executions::List),
    #[cfg_attr(
        not(feature = "deploy"),
        allow(dead_code, reason = "the command only says that it is not there")
    )]
    Plan(Deploy),
    #[cfg_attr(
        not(feature = "deploy"),
        allow(dead_code, reason = "the command only says that it is not there")
    )]
    Deploy(Deploy),
    #[cfg_attr(
        not(feature = "deploy"),
        allow(dead_code, reason = "the command only says that it is not there")
    )]
    Drain(Drain),
    #[cfg_attr(
        not(feature = "deploy"),
        allow(dead_code, reason = "the command only says that it is not there")
    )]
    Destroy(Destroy),
    Check(check::Options),
    Lock(lock::Options),
    Cost(cost::Options),
    Asl {
        workflow: String,
        compact: bool,
    },
    Graph(graph::Options),
    History(history::Options),
    Work(work::Options),
    Answer(answer::Options),
    #[cfg_attr(
        not(any(feature = "local", feature = "aws")),
        allow(dead_code, reason = "the command only says that it is not there")
    )]
    Export(export::Options),
    Explain {
        /// Without one, all of them.
        code: Option<String>,
    },
}

/// What `plan` and `deploy` were asked for.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "deploy"),
    allow(dead_code, reason = "without the feature the command only says so")
)]
pub(super) struct Deploy {
    /// A zip, instead of building one.
    pub(super) code: Option<PathBuf>,
    pub(super) json: bool,
    /// Takes the lock from whoever has it.
    pub(super) break_lock: bool,
    pub(super) service: work::Address,
}

/// What `drain` was asked for.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "deploy"),
    allow(dead_code, reason = "without the feature the command only says so")
)]
pub(super) struct Drain {
    /// Looks once, and removes nothing.
    pub(super) dry_run: bool,
    /// Removes what can go, and does not wait for the rest.
    pub(super) no_wait: bool,
    pub(super) json: bool,
    pub(super) service: work::Address,
}

/// What `destroy` was asked for.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "deploy"),
    allow(dead_code, reason = "without the feature the command only says so")
)]
pub(super) struct Destroy {
    /// Does not ask.
    pub(super) yes: bool,
    pub(super) json: bool,
    pub(super) break_lock: bool,
    pub(super) service: work::Address,
}

/// Reads the command line. Help, the version and mistakes are answered here.
pub(super) fn parse(app: &App, arguments: &[OsString]) -> Result<Asked, Exit> {
    let name = arguments
        .first()
        .and_then(|program| Path::new(program).file_stem())
        .map_or_else(
            || "app".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
    let mut command = commands::command(app, &name);
    if arguments.len() <= 1 {
        if !app.stories.is_empty() {
            return Ok(Asked {
                name,
                config: None,
                env: None,
                verbosity: 0,
                command: Command::Story,
            });
        }
        // Nothing was asked, so nothing was done: the answer is help, and no success.
        let _ = write!(io::stderr(), "{}", command.render_help());
        return Err(Exit::Usage);
    }
    let matches = command
        .try_get_matches_from_mut(arguments)
        .map_err(|error| {
            if let Some(problem) = without_workflow(&error, &name, arguments) {
                return problem.report();
            }
            let mistaken = error.use_stderr();
            // There is nowhere else to say it.
            let _ = error.print();
            if mistaken { Exit::Usage } else { Exit::Ok }
        })?;
    let (word, of_command) = matches
        .subcommand()
        .expect("clap demands a command unless there are no arguments");
    Ok(Asked {
        name,
        config: of_command.get_one("config").cloned(),
        env: of_command.get_one("env").cloned(),
        verbosity: of_command.get_count("verbose"),
        command: chosen(word, of_command),
    })
}

/// What to say when a command lacks its workflow: which there are, since their names are the program's own.
fn without_workflow(error: &clap::Error, program: &str, arguments: &[OsString]) -> Option<Problem> {
    let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    if error.kind() != ErrorKind::MissingRequiredArgument
        || !missing.iter().any(|argument| argument == "<NAME>")
    {
        return None;
    }
    let command = arguments
        .iter()
        .filter_map(|argument| argument.to_str())
        .find(|argument| ["run", "start", "asl", "graph"].contains(argument))?;
    let names: Vec<&str> = registry::workflows()
        .ok()?
        .iter()
        .map(|workflow| workflow.name)
        .collect();
    let problem = Problem::usage(format!("`{command}` needs the name of a workflow"));
    Some(match names.as_slice() {
        [] => problem.help(
            "this program has no workflow: a crate that no code mentions is not linked, \
             so write `use my_workflows as _;` in `main.rs`",
        ),
        [first, ..] => problem
            .note(format!("its workflows are {}", quoted(&names)))
            .help(format!("say `{program} {command} {first}`")),
    })
}

fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn chosen(word: &str, matches: &ArgMatches) -> Command {
    let text = |id: &str| matches.get_one::<String>(id).cloned();
    let path = |id: &str| matches.get_one::<PathBuf>(id).cloned();
    let given = |id: &str| text(id).expect("clap demands it");
    match word {
        "run" => Command::Run(run::Options {
            workflow: given("workflow"),
            input: text("input"),
            name: text("name"),
            skip_waits: matches.get_flag("skip-waits"),
            output: if matches.get_flag("events") {
                run::Output::Events
            } else if matches.get_flag("json") {
                run::Output::Result
            } else {
                run::Output::Plain
            },
            view: text("view").map(|view| match view.as_str() {
                "live" => run::View::Live,
                "lines" => run::View::Lines,
                _ => run::View::None,
            }),
            save_history: path("save-history"),
        }),
        "list" => match text("workflow") {
            None => Command::List {
                json: matches.get_flag("json"),
            },
            Some(workflow) => Command::Executions(executions::List {
                workflow,
                status: text("status").and_then(|status| {
                    let wanted = status.to_ascii_uppercase().replace('-', "_");
                    ExecutionStatus::ALL
                        .into_iter()
                        .find(|known| known.as_str() == wanted)
                }),
                limit: matches
                    .get_one::<u32>("limit")
                    .map_or(20, |limit| *limit as usize),
                json: matches.get_flag("json"),
                service: service(matches),
            }),
        },
        "start" => Command::Start(executions::Start {
            workflow: given("workflow"),
            input: text("input"),
            name: text("name"),
            wait: matches.get_flag("wait"),
            json: matches.get_flag("json"),
            service: service(matches),
        }),
        "status" => Command::Status(one(matches)),
        "stop" => Command::Stop(executions::One {
            error: text("error"),
            cause: text("cause"),
            ..one(matches)
        }),
        "redrive" => Command::Redrive(one(matches)),
        "plan" => Command::Plan(Deploy {
            code: path("code"),
            json: matches.get_flag("json"),
            break_lock: false,
            service: service(matches),
        }),
        "deploy" => Command::Deploy(Deploy {
            code: path("code"),
            json: matches.get_flag("json"),
            break_lock: matches.get_flag("break-lock"),
            service: service(matches),
        }),
        "drain" => Command::Drain(Drain {
            dry_run: matches.get_flag("dry-run"),
            no_wait: matches.get_flag("no-wait"),
            json: matches.get_flag("json"),
            service: service(matches),
        }),
        "destroy" => Command::Destroy(Destroy {
            yes: matches.get_flag("yes"),
            json: matches.get_flag("json"),
            break_lock: matches.get_flag("break-lock"),
            service: service(matches),
        }),
        "export" => Command::Export(export::Options {
            tool: match given("tool").as_str() {
                "terraform" => export::Tool::Terraform,
                _ => export::Tool::CloudFormation,
            },
            yaml: matches.get_flag("yaml"),
            code: path("code"),
        }),
        "check" => Command::Check(check::Options {
            json: matches.get_flag("json"),
            locked: matches.get_flag("locked"),
            notes: matches.get_flag("notes"),
        }),
        "lock" => Command::Lock(lock::Options {
            breaking: matches.get_flag("breaking"),
            json: matches.get_flag("json"),
        }),
        "cost" => Command::Cost(cost::Options {
            workflow: text("workflow"),
            counts: {
                let mut counts = crate::cost::Counts::default();
                counts.items.extend(named_counts(matches, "items"));
                counts.passes.extend(named_counts(matches, "passes"));
                counts
            },
            max_transitions: matches.get_one("max-transitions").copied(),
            json: matches.get_flag("json"),
        }),
        "asl" => Command::Asl {
            workflow: given("workflow"),
            compact: matches.get_flag("compact"),
        },
        "graph" => Command::Graph(graph::Options {
            workflow: text("workflow"),
            format: match given("format").as_str() {
                "dot" => graph::Format::Dot,
                "svg" => graph::Format::Svg,
                _ => graph::Format::Mermaid,
            },
            execution: text("execution"),
            history: path("history"),
            file: path("output"),
            service: service(matches),
        }),
        "history" => Command::History(history::Options {
            of: given("of"),
            form: if matches.get_flag("json") {
                history::Form::Json
            } else if matches.get_flag("csv") {
                history::Form::Csv
            } else if matches.get_flag("states") {
                history::Form::States
            } else {
                history::Form::Events
            },
            service: service(matches),
        }),
        "work" => Command::Work(work::Options {
            steps: matches
                .get_many::<String>("step")
                .map(|steps| steps.cloned().collect())
                .unwrap_or_default(),
            name: text("name"),
            deadline: matches.get_one("deadline").copied(),
            health: matches.get_one("health").copied(),
            service: service(matches),
        }),
        "answer" => Command::Answer(answer::Options {
            token: given("token"),
            answer: match text("output") {
                Some(output) => answer::Answer::Output(output),
                None => answer::Answer::Error {
                    name: given("error"),
                    cause: text("cause").unwrap_or_default(),
                },
            },
            service: service(matches),
        }),
        _ => Command::Explain { code: text("code") },
    }
}

fn named_counts(matches: &ArgMatches, id: &str) -> Vec<(String, u64)> {
    matches
        .get_many::<(String, u64)>(id)
        .map(|counts| counts.cloned().collect())
        .unwrap_or_default()
}

/// Reads `NAME=20`. Names may have `=` themselves.
fn named_count(text: &str) -> Result<(String, u64), String> {
    let (name, count) = text
        .rsplit_once('=')
        .ok_or_else(|| "a name and a number are wanted, such as `each item=20`".to_owned())?;
    let count = count
        .trim()
        .parse()
        .map_err(|_| format!("`{count}` is not a whole number"))?;
    Ok((name.trim().to_owned(), count))
}

fn socket_address(text: &str) -> Result<std::net::SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("`{text}` is no address with a port; write one as `127.0.0.1:9464`, or `0.0.0.0:9464` for all to ask")
    })
}

/// Reads a worker's name.
fn worker_name(text: &str) -> Result<String, String> {
    match crate::worker::legal_name(text) {
        legal if legal == text && !legal.is_empty() => Ok(legal),
        _ => Err("a worker's name has 1 to 80 letters, digits, `-`, `_` and `.`".to_owned()),
    }
}

fn one(matches: &ArgMatches) -> executions::One {
    executions::One {
        execution: matches
            .get_one::<String>("execution")
            .cloned()
            .expect("clap demands it"),
        error: None,
        cause: None,
        json: matches.get_flag("json"),
        service: service(matches),
    }
}

fn service(matches: &ArgMatches) -> work::Address {
    work::Address {
        endpoint: matches.get_one::<String>("endpoint").cloned(),
        region: matches.get_one::<String>("region").cloned(),
        profile: matches.get_one::<String>("profile").cloned(),
    }
}
