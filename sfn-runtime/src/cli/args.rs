//! What the command line may say, and what it said.

use std::{
    ffi::OsString,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{
    Arg, ArgAction, ArgMatches,
    builder::PossibleValuesParser,
    error::{ContextKind, ContextValue, ErrorKind},
    value_parser,
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
    let mut command = command(app, &name);
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

fn flag(id: &'static str, help: &'static str) -> Arg {
    Arg::new(id).long(id).help(help).action(ArgAction::SetTrue)
}

fn option(id: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(id).long(id).value_name(value).help(help)
}

fn workflow() -> Arg {
    Arg::new("workflow")
        .value_name("NAME")
        .help("The workflow's name; `list` shows them")
}

fn subcommand(name: &'static str, about: &'static str) -> clap::Command {
    clap::Command::new(name).about(about)
}

fn with_address(command: clap::Command) -> clap::Command {
    command
        .arg(option("endpoint", "URL", "Asks this address instead of AWS's").alias("endpoint-url"))
        .arg(option(
            "region",
            "REGION",
            "Works in this Region instead of the environment's",
        ))
        .arg(option(
            "profile",
            "NAME",
            "Uses the credentials of this profile of the AWS configuration",
        ))
}

fn command(app: &App, name: &str) -> clap::Command {
    let runtime = env!("CARGO_PKG_VERSION");
    let version = match &app.version {
        Some(version) => format!("{version} (sfn {runtime})"),
        None => format!("(sfn {runtime})"),
    };
    let about = app.about.clone().unwrap_or_else(|| {
        "Durable workflows on AWS Step Functions, run from this program.".to_owned()
    });
    clap::Command::new(name.to_owned())
        .version(version)
        .about(about)
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .after_help(known())
        .arg(
            option("config", "FILE", "Reads this file instead of `sfn.toml`")
                .value_parser(value_parser!(PathBuf))
                .help_heading("Everywhere")
                .global(true),
        )
        .arg(
            option(
                "env",
                "NAME",
                "Takes what `[env.NAME]` of `sfn.toml` says on top",
            )
            .help_heading("Everywhere")
            .global(true),
        )
        .arg(
            Arg::new("verbose")
                .short('v')
                .long("verbose")
                .help("Logs what the runtime does; twice for more. `RUST_LOG` says it in full")
                .action(ArgAction::Count)
                .help_heading("Everywhere")
                .global(true),
        )
        .subcommand(run_command())
        .subcommand(list_command())
        .subcommand(
            subcommand(
                "check",
                "Looks for everything that can be wrong, without running anything",
            )
            .arg(flag("notes", "Shows notes as well, which ask for nothing"))
            .arg(flag(
                "locked",
                "Fails with 7 when anything differs from `sfn.lock`",
            ))
            .arg(flag("json", "The findings as a JSON array")),
        )
        .subcommand(
            subcommand(
                "lock",
                "Writes down in `sfn.lock` what workflows and steps promise",
            )
            .arg(flag("breaking", "Writes down what breaks something, too"))
            .arg(flag("json", "The changes as a JSON array")),
        )
        .subcommand(cost_command())
        .subcommand(
            subcommand(
                "asl",
                "Prints the state machine that Step Functions is given",
            )
            .arg(workflow().required(true))
            .arg(flag("compact", "On one line")),
        )
        .subcommand(graph_command())
        .subcommand(history_command())
        .subcommand(work_command())
        .subcommand(answer_command())
        .subcommand(start_command())
        .subcommand(one_command("status", "Shows how an execution stands"))
        .subcommand(
            one_command("stop", "Stops an execution")
                .arg(option("error", "NAME", "The error that it ends with"))
                .arg(option("cause", "TEXT", "Why, in words")),
        )
        .subcommand(one_command(
            "redrive",
            "Runs an execution that ended badly again, from where it failed",
        ))
        .subcommand(
            with_address(subcommand(
                "plan",
                "Shows what `deploy` would change on AWS, and why",
            ))
            .arg(code())
            .arg(flag("json", "The steps as JSON")),
        )
        .subcommand(
            with_address(subcommand(
                "deploy",
                "Makes and changes what the program needs on AWS",
            ))
            .arg(code())
            .arg(flag("break-lock", BREAK_LOCK))
            .arg(flag("json", "What was done, as JSON")),
        )
        .subcommand(
            with_address(subcommand(
                "drain",
                "Waits for executions of earlier deployments, and removes what only they needed",
            ))
            .arg(flag("dry-run", "Shows what is left, and removes nothing"))
            .arg(flag(
                "no-wait",
                "Removes what can go now, and leaves the rest",
            ))
            .arg(flag("json", "What was removed and what is left, as JSON")),
        )
        .subcommand(
            with_address(subcommand(
                "destroy",
                "Removes all that `deploy` made on AWS, and nothing else",
            ))
            .arg(flag("yes", "Does not ask").short('y'))
            .arg(flag("break-lock", BREAK_LOCK))
            .arg(flag("json", "What was removed, as JSON")),
        )
        .subcommand(export_command())
        .subcommand(
            subcommand("explain", "Tells what a code of `check` means").arg(
                Arg::new("code")
                    .value_name("CODE")
                    .help("The code, such as SFN-A101; without one, all are listed"),
            ),
        )
}

/// The workflows, below the help: what a newcomer types next.
fn known() -> String {
    let names: Vec<&str> = registry::workflows()
        .map(|all| all.iter().map(|workflow| workflow.name).collect())
        .unwrap_or_default();
    match names.as_slice() {
        [] => String::new(),
        names => format!("Workflows: {}", names.join(", ")),
    }
}

fn run_command() -> clap::Command {
    subcommand("run", "Runs a workflow on the embedded engine, its steps in this process")
        .long_about(
            "Runs a workflow on the embedded engine, its steps in this process. \
             Progress goes to standard error, the output to standard output, and the exit code says how it ended: \
             0 succeeded, 1 failed, 124 timed out, 130 interrupted.",
        )
        .arg(workflow().required(true))
        .arg(
            option("input", "JSON", "The input: JSON text, @FILE, or - for standard input")
                .short('i')
                .allow_hyphen_values(true),
        )
        .arg(option("name", "NAME", "Names the execution"))
        .arg(flag("skip-waits", "Skips waits and the pauses before retries"))
        .arg(flag("json", "Prints one object with status and times instead of the output"))
        .arg(flag("events", "Prints each event as a line of JSON, then the object of --json"))
        .arg(
            option("view", "VIEW", "How progress is shown [live on a terminal, else lines]")
                .value_parser(PossibleValuesParser::new(["live", "lines", "none"])),
        )
        .arg(
            option("save-history", "FILE", "Writes the history for `history` and `graph`")
                .value_parser(value_parser!(PathBuf)),
        )
}

fn answer_command() -> clap::Command {
    with_address(
        subcommand(
            "answer",
            "Answers a task that waits for somebody, by its token",
        )
        .arg(
            Arg::new("token")
                .value_name("TOKEN")
                .required(true)
                .allow_hyphen_values(true)
                .help("The task's token, as its step had it"),
        )
        .arg(
            option(
                "output",
                "JSON",
                "It has succeeded with this: JSON text, @FILE, or - for standard input",
            )
            .allow_hyphen_values(true)
            .required_unless_present("error")
            .conflicts_with("error"),
        )
        .arg(option(
            "error",
            "NAME",
            "It has failed with the error of this name",
        ))
        .arg(option("cause", "TEXT", "What happened, with --error").requires("error")),
    )
}

fn cost_command() -> clap::Command {
    let counted = |id, help| {
        option(id, "NAME=N", help)
            .value_parser(named_count)
            .action(ArgAction::Append)
    };
    subcommand(
        "cost",
        "Counts transitions, path by path, and estimates their price",
    )
    .arg(workflow().help("The workflow's name; without it, a line for each"))
    .arg(counted(
        "items",
        "How many items a map has, by its name or that of a state in it [10]",
    ))
    .arg(counted(
        "passes",
        "How often a loop is gone through, by the state it begins with [1]",
    ))
    .arg(
        option(
            "max-transitions",
            "N",
            "Fails with 7 when a workflow typically has more",
        )
        .value_parser(value_parser!(u64)),
    )
    .arg(flag("json", "Everything as JSON"))
}

fn export_command() -> clap::Command {
    subcommand(
        "export",
        "Writes what `deploy` would make as a template for another tool",
    )
    .long_about(
        "Writes what `deploy` would make as a CloudFormation template, or as a root module of Terraform in JSON. Asks no \
         account: which one, and which Region, is left open.",
    )
    .arg(
        Arg::new("tool")
            .value_name("TOOL")
            .required(true)
            .value_parser(PossibleValuesParser::new(["cloudformation", "terraform"]))
            .help("Whose language it is"),
    )
    .arg(flag("yaml", "CloudFormation's YAML instead of JSON"))
    .arg(
        option(
            "code",
            "FILE",
            "Names this zip by the defaults of the parameters for code",
        )
        .value_parser(value_parser!(PathBuf)),
    )
}

const BREAK_LOCK: &str = "Takes the lock from a deployment that was killed";

fn code() -> Arg {
    option(
        "code",
        "FILE",
        "Takes this zip for the functions instead of building one",
    )
    .value_parser(value_parser!(PathBuf))
}

fn list_command() -> clap::Command {
    with_address(
        subcommand(
            "list",
            "Shows the workflows and the steps of this program, or the executions of a workflow",
        )
        .arg(
            Arg::new("workflow")
                .value_name("NAME")
                .help("A workflow: its executions are shown, the newest first"),
        )
        .arg(flag("json", "Everything that is known, as JSON"))
        .arg(
            option("status", "STATUS", "Only executions that stand so")
                .value_parser(PossibleValuesParser::new([
                    "running",
                    "succeeded",
                    "failed",
                    "timed-out",
                    "aborted",
                    "pending-redrive",
                ]))
                .requires("workflow"),
        )
        .arg(
            option("limit", "COUNT", "How many executions at most [20]")
                .value_parser(value_parser!(u32).range(1..=10_000))
                .requires("workflow"),
        ),
    )
}

fn start_command() -> clap::Command {
    with_address(
        subcommand("start", "Starts a workflow on AWS")
            .arg(workflow().required(true))
            .arg(
                option(
                    "input",
                    "JSON",
                    "The input: JSON text, @FILE, or - for standard input",
                )
                .short('i')
                .allow_hyphen_values(true),
            )
            .arg(option(
                "name",
                "NAME",
                "Names the execution: the same name and input again is the same execution",
            ))
            .arg(flag("wait", "Waits for its end, and shows how it ended"))
            .arg(flag("json", "The execution as JSON")),
    )
}

fn one_command(name: &'static str, about: &'static str) -> clap::Command {
    with_address(
        subcommand(name, about)
            .arg(
                Arg::new("execution")
                    .value_name("EXECUTION")
                    .required(true)
                    .help("Its ARN, or WORKFLOW/NAME"),
            )
            .arg(flag("json", "All that is known, as JSON")),
    )
}

fn graph_command() -> clap::Command {
    with_address(
        subcommand("graph", "Draws a workflow, or an execution of one")
            .arg(workflow().required_unless_present("history"))
            .arg(
                option("format", "FORMAT", "The picture's language")
                    .short('f')
                    .value_parser(PossibleValuesParser::new(["mermaid", "dot", "svg"]))
                    .default_value("mermaid"),
            )
            .arg(
                option(
                    "history",
                    "FILE",
                    "Colours the states by a history of `run --save-history`",
                )
                .value_parser(value_parser!(PathBuf))
                .conflicts_with("execution"),
            )
            .arg(option(
                "execution",
                "ARN",
                "Colours the states by an execution on AWS",
            ))
            .arg(
                option(
                    "output",
                    "FILE",
                    "Writes the picture there instead of standard output",
                )
                .short('o')
                .value_parser(value_parser!(PathBuf)),
            ),
    )
}

fn history_command() -> clap::Command {
    with_address(
        subcommand("history", "Shows what happened in an execution")
            .arg(
                Arg::new("of")
                    .value_name("FILE|EXECUTION")
                    .required(true)
                    .help("A file of `run --save-history`, or an execution on AWS: its ARN, or WORKFLOW/NAME"),
            )
            .arg(
                flag("states", "A line a state, with its attempts and its time")
                    .conflicts_with_all(["json", "csv"]),
            )
            .arg(flag("json", "All events as a JSON array").conflicts_with("csv"))
            .arg(flag("csv", "All events as comma-separated values")),
    )
}

fn work_command() -> clap::Command {
    with_address(
        subcommand("work", "Serves steps to AWS Step Functions until it is told to stop")
            .long_about(
                "Takes tasks of activities from AWS Step Functions and runs their steps. On Ctrl-C or SIGTERM it takes no \
                 more and finishes those it has; at the second signal it stops at once.",
            )
            .arg(
                Arg::new("step")
                    .value_name("STEP")
                    .num_args(0..)
                    .help("Only these steps; without any, all that `sfn.toml` places here"),
            )
            .arg(
                option("name", "NAME", "The worker's name in histories [host and process]")
                    .value_parser(worker_name),
            )
            .arg(
                option(
                    "deadline",
                    "TIME",
                    "How long it may finish what it has, such as 25s; what is left is given back [no limit]",
                )
                .value_parser(crate::placement::duration),
            )
            .arg(
                option(
                    "health",
                    "ADDRESS",
                    "Answers GET /health and /metrics (Prometheus) there, such as 127.0.0.1:9464",
                )
                .value_parser(socket_address),
            ),
    )
}
