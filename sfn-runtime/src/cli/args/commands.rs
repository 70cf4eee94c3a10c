//! The commands and their options, as clap has them.

use std::path::PathBuf;

use clap::{Arg, ArgAction, builder::PossibleValuesParser, value_parser};

use super::{named_count, socket_address, worker_name};
use crate::{app::App, registry};

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

pub(super) fn command(app: &App, name: &str) -> clap::Command {
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
