//! Commands in the pages.

use std::{
    fs,
    process::{Command, Stdio},
    sync::LazyLock,
};

use regex::Regex;

use crate::{page::Block, root};

/// A command of a page, and what it is said to print.
pub(crate) struct Shown {
    place: String,
    line: String,
    output: Vec<String>,
}

impl Shown {
    /// Whether `command` is one that the story of this one's example tells.
    fn tells(&self, command: &str) -> bool {
        let example = command.split(' ').next().unwrap_or_default();
        self.line.ends_with(&format!(" -p {example}"))
    }
}

/// The commands of a block: the lines behind `$ `, or all of them where none is marked.
///
/// A story tells what it does as a command of its own, `$ pizza run …`: behind `cargo run -p pizza` that is output.
pub(crate) fn commands(block: &Block) -> Vec<Shown> {
    let marked = block.code.lines().any(|line| line.starts_with("$ "));
    let mut commands: Vec<Shown> = Vec::new();
    for (index, line) in block.code.lines().enumerate() {
        let command = if marked {
            line.strip_prefix("$ ")
        } else {
            Some(line)
        };
        match (command, commands.last_mut()) {
            (Some(told), Some(last)) if last.tells(told) => last.output.push(line.to_owned()),
            (Some(command), _) => commands.push(Shown {
                place: format!("{}:{}", block.page, block.line + index),
                line: command
                    .split(" #")
                    .next()
                    .unwrap_or(command)
                    .trim()
                    .to_owned(),
                output: Vec::new(),
            }),
            (None, Some(last)) => last.output.push(line.trim_end().to_owned()),
            (None, None) => {}
        }
    }
    for command in &mut commands {
        while command.output.last().is_some_and(String::is_empty) {
            command.output.pop();
        }
    }
    commands.retain(|command| !command.line.is_empty());
    commands
}

/// Runs a command that names an example and shows output, and compares; of the others, it sees that they exist.
///
/// Every line shown must be among those printed. Their order is not compared, since steps that run at once end in any
/// order; and how long something took is not either.
pub(crate) fn check(shown: &Shown) -> Option<String> {
    let words: Vec<&str> = shown.line.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "-p");
    let (["cargo", "run", ..], Some(at)) = (&words[..], at) else {
        return None;
    };
    let example = words.get(at + 1).copied().unwrap_or_default();
    if !root().join("examples").join(example).is_dir() {
        return Some(format!("{}: there is no example `{example}`", shown.place));
    }
    let arguments: Vec<&str> = words
        .iter()
        .skip_while(|word| **word != "--")
        .skip(1)
        .copied()
        .collect();
    if shown.output.is_empty() {
        // Not run: it may wait for minutes, or for good. Its subcommand must exist.
        let subcommand = arguments.first().filter(|word| !word.starts_with('-'))?;
        let output = run(example, &[subcommand, "--help"]);
        return (!output.contains("Usage"))
            .then(|| format!("{}: there is no `{subcommand}`:\n{output}", shown.place));
    }
    if words.iter().any(|word| matches!(*word, "|" | ">" | "&&")) {
        return Some(format!(
            "{}: this needs a shell; show it without output",
            shown.place
        ));
    }
    let output = run(example, &arguments);
    let printed: Vec<String> = output.lines().map(timeless).collect();
    let missing: Vec<&String> = shown
        .output
        .iter()
        .filter(|line| !matches!(line.trim(), "" | "…"))
        .filter(|line| {
            !printed
                .iter()
                .any(|printed| alike(&timeless(line), printed))
        })
        .collect();
    (!missing.is_empty()).then(|| {
        format!(
            "{}: `{}` does not print\n{missing:#?}\nbut\n{output}",
            shown.place, shown.line
        )
    })
}

/// Runs an example in a folder of its own, from which `examples` can be seen as from the root; gives all it printed.
fn run(example: &str, arguments: &[&str]) -> String {
    let folder = root().join("target/tests/docs/console").join(example);
    // What an earlier run left behind would change what this one says.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    #[cfg(unix)]
    std::os::unix::fs::symlink(root().join("examples"), folder.join("examples"))
        .expect("the folder is empty");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .args(["-p", example, "--"])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("cargo runs, since it runs this test");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// The line without what differs from run to run: how long it took, and random names.
fn timeless(line: &str) -> String {
    static CHANGING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\d+m \d+s|\d+(\.\d+)?m?s\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
            .expect("it is a pattern")
    });
    CHANGING.replace_all(line.trim(), "~").into_owned()
}

/// Whether a line is as shown: a `…` stands for any text.
fn alike(pattern: &str, line: &str) -> bool {
    let Some((start, mut parts)) = pattern.split_once('…') else {
        return pattern == line;
    };
    let Some(mut rest) = line.strip_prefix(start) else {
        return false;
    };
    while let Some((part, more)) = parts.split_once('…') {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
        parts = more;
    }
    rest.ends_with(parts)
}

#[test]
fn what_changes_from_run_to_run_is_not_compared() {
    #[track_caller]
    fn check(shown: &str, printed: &str, same: bool) {
        assert_eq!(alike(&timeless(shown), &timeless(printed)), same);
    }
    check(
        "  12ms ✔ bake · done in 12ms",
        " 1.2s ✔ bake · done in 2m 01s",
        true,
    );
    check(
        "  12ms ✔ bake · done in 12ms",
        " 1.2s ✘ bake · done in 1.2s",
        false,
    );
    check("took … of it", "took most of it", true);
    check("took … of it", "took most of them", false);
    check("took …", "took most of it", true);
}
