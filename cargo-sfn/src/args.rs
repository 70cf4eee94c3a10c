//! What the command line may say.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::{forward::Forward, new::New};

/// What was asked for.
#[derive(Debug)]
pub(crate) enum Asked {
    Forward(Forward),
    New(New),
}

/// Options of `cargo run` that take a value and are handed to it.
const CARGO_OPTIONS: [(&str, Option<char>, &str, &str); 7] = [
    (
        "package",
        Some('p'),
        "SPEC",
        "The package whose program is meant",
    ),
    (
        "bin",
        None,
        "NAME",
        "The program, when the package has several",
    ),
    ("example", None, "NAME", "An example of the package instead"),
    (
        "features",
        Some('F'),
        "FEATURES",
        "Builds with these features of the package",
    ),
    ("profile", None, "NAME", "Builds with this profile"),
    ("manifest-path", None, "PATH", "The package's Cargo.toml"),
    ("target-dir", None, "FOLDER", "Where cargo builds"),
];

fn command() -> Command {
    let mut command = Command::new("cargo-sfn")
        .bin_name("cargo sfn")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Hands a command to the program of this package: builds it, then runs it.")
        .override_usage("cargo sfn [OPTIONS] COMMAND …\n       cargo sfn new NAME [--path FOLDER]")
        .after_help(
            "Commands are those of your own program: run, list, check, asl, graph, history, work, explain.\n\
             `cargo sfn COMMAND --help` tells all about one.",
        )
        .subcommand_required(true)
        .allow_external_subcommands(true)
        .disable_help_subcommand(true)
        .subcommand(
            Command::new("new")
                .about("Begins a small project: one workflow, three steps, an input to try")
                .arg(Arg::new("name").value_name("NAME").required(true).help("The package's name, and its folder's"))
                .arg(
                    Arg::new("path")
                        .long("path")
                        .value_name("FOLDER")
                        .help("Depends on the sfn-runtime in this folder instead of the published one")
                        .value_parser(value_parser!(PathBuf)),
                ),
        )
        .arg(Arg::new("release").long("release").short('r').help("Builds with optimisations").action(ArgAction::SetTrue))
        .arg(Arg::new("no-default-features").long("no-default-features").help("Builds without the package's default features").action(ArgAction::SetTrue));
    for (name, short, value, help) in CARGO_OPTIONS {
        let mut arg = Arg::new(name)
            .long(name)
            .value_name(value)
            .help(help)
            .value_parser(value_parser!(OsString));
        if let Some(short) = short {
            arg = arg.short(short);
        }
        command = command.arg(arg);
    }
    command
}

/// Reads the command line. Help, the version and mistakes are answered here.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, ExitCode> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    // Cargo repeats the subcommand's name; whoever calls the program by its own name does not.
    if arguments.get(1).is_some_and(|word| word == "sfn") {
        arguments.remove(1);
    }
    let matches = command().try_get_matches_from(arguments).map_err(|error| {
        let code = if error.use_stderr() { 2 } else { 0 };
        // There is nowhere else to say it.
        let _ = error.print();
        ExitCode::from(code)
    })?;
    Ok(read(&matches))
}

fn read(matches: &ArgMatches) -> Asked {
    let (word, rest) = matches.subcommand().expect("clap demands a command");
    if word == "new" {
        return Asked::New(New {
            name: rest
                .get_one::<String>("name")
                .expect("clap demands it")
                .clone(),
            runtime: rest.get_one::<PathBuf>("path").cloned(),
        });
    }
    let mut cargo = Vec::new();
    for (name, ..) in CARGO_OPTIONS {
        if let Some(value) = matches.get_one::<OsString>(name) {
            cargo.push(OsString::from(format!("--{name}")));
            cargo.push(value.clone());
        }
    }
    for flag in ["release", "no-default-features"] {
        if matches.get_flag(flag) {
            cargo.push(OsString::from(format!("--{flag}")));
        }
    }
    let mut program = vec![OsString::from(word)];
    program.extend(rest.get_many::<OsString>("").into_iter().flatten().cloned());
    Asked::Forward(Forward { cargo, program })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, cargo: &str, program: &str) {
        let words = line.split_whitespace().map(OsString::from);
        let Ok(Asked::Forward(found)) = parse(words) else {
            panic!("`{line}` is to be forwarded");
        };
        let joined = |words: &[OsString]| words.join(" ".as_ref()).into_string().expect("UTF-8");
        assert_eq!(joined(&found.cargo), cargo);
        assert_eq!(joined(&found.program), program);
    }

    #[test]
    fn what_comes_before_the_command_is_cargos() {
        check(
            "cargo-sfn sfn run make-pizza --input @order.json",
            "",
            "run make-pizza --input @order.json",
        );
        check(
            "cargo-sfn sfn -p pizza --release list",
            "--package pizza --release",
            "list",
        );
        check("cargo-sfn list --json", "", "list --json");
    }

    #[test]
    fn what_comes_after_it_is_the_programs_even_when_cargo_knows_it() {
        check(
            "cargo-sfn sfn run a --release -p x --help",
            "",
            "run a --release -p x --help",
        );
    }

    #[test]
    fn new_is_our_own() {
        let words = ["cargo-sfn", "sfn", "new", "my-flow", "--path", "../sfn"].map(OsString::from);
        let Ok(Asked::New(new)) = parse(words) else {
            panic!("`new` is ours")
        };
        assert_eq!(
            (new.name.as_str(), new.runtime),
            ("my-flow", Some("../sfn".into()))
        );
    }
}
