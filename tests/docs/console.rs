//! Commands in the pages.

use std::{
    fs::File,
    io::Read as _,
    process::{Command, Stdio},
};

use crate::{page::Block, root};

/// A command of a page, and what it is said to print.
pub(crate) struct Shown {
    place: String,
    line: String,
    output: Vec<String>,
}

/// The commands of a block: the lines behind `$ `, or all of them where none is marked.
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
    if words.iter().any(|word| matches!(*word, "|" | ">" | "&&")) {
        return None;
    }
    if shown.output.is_empty() {
        // Not run: it may wait for minutes, or for good. Its subcommand must exist.
        let subcommand = words.iter().skip_while(|word| **word != "--").nth(1)?;
        if subcommand.starts_with('-') {
            return None;
        }
        let (_, output) = run(&[
            "cargo", "run", "-q", "-p", example, "--", subcommand, "--help",
        ]);
        return (!output.contains("Usage"))
            .then(|| format!("{}: there is no `{subcommand}`:\n{output}", shown.place));
    }
    let (_, output) = run(&words);
    let lines: Vec<&str> = output.lines().map(str::trim_end).collect();
    let expected: Vec<&str> = shown.output.iter().map(String::as_str).collect();
    (!matches(&expected, &lines)).then(|| {
        format!(
            "{}: `{}` is said to print\n{}\nbut prints\n{output}",
            shown.place,
            shown.line,
            shown.output.join("\n")
        )
    })
}

/// Runs a command at the root; gives whether it succeeded, and all it printed, in order.
fn run(words: &[&str]) -> (bool, String) {
    let path = root().join(format!("target/tests/docs/console-{}", std::process::id()));
    let file = File::create(&path).expect("the folder `target/tests/docs` exists");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(&words[1..])
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(file.try_clone().expect("a file can be shared"))
        .stderr(file);
    let status = command
        .status()
        .expect("cargo runs, since it runs this test");
    let mut text = String::new();
    File::open(&path)
        .and_then(|mut file| file.read_to_string(&mut text))
        .expect("what was printed is text");
    let _ = std::fs::remove_file(path);
    (status.success(), text)
}

/// Whether the lines are those expected: a line `…` stands for any number of lines, a `…` within one for any text.
fn matches(expected: &[&str], lines: &[&str]) -> bool {
    match expected {
        [] => lines.iter().all(|line| line.is_empty()),
        [first, rest @ ..] if first.trim() == "…" => {
            (0..=lines.len()).any(|skipped| matches(rest, &lines[skipped..]))
        }
        [first, rest @ ..] => match lines {
            [line, lines @ ..] => alike(first, line) && matches(rest, lines),
            [] => false,
        },
    }
}

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
fn dots_stand_for_what_changes() {
    #[track_caller]
    fn check(expected: &str, printed: &str, same: bool) {
        let expected: Vec<&str> = expected.lines().collect();
        let printed: Vec<&str> = printed.lines().collect();
        assert_eq!(matches(&expected, &printed), same);
    }
    check("a\nb", "a\nb", true);
    check("a\nb", "a\nc", false);
    check("a\n…\nb", "a\nx\ny\nb\n", true);
    check("a\n…", "a", true);
    check("took … s", "took 1.5 s", true);
    check("took …", "took 1.5 s", true);
    check("took … s", "took 1.5 m", false);
    check("a", "a\nb", false);
}
