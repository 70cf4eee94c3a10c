//! Running the fixture, and writing down what a user would see.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use expect_test::Expect;

/// A call of the fixture.
pub(crate) struct Call {
    command: Command,
    input: Option<String>,
}

/// Calls the fixture with these arguments, in an empty folder of its own, without any variable
/// that would change what it says.
pub(crate) fn call(arguments: &[&str]) -> Call {
    call_of(env!("CARGO_BIN_EXE_cli-fixture"), arguments)
}

/// The same for another program.
pub(crate) fn call_of(program: &str, arguments: &[&str]) -> Call {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder())
        .env_clear()
        // The folder of the temporary files and the way to libraries differ from machine to machine.
        .envs(
            ["TMPDIR", "LD_LIBRARY_PATH", "SystemRoot"]
                .into_iter()
                .filter_map(|name| Some((name, std::env::var_os(name)?))),
        )
        .env("RUST_BACKTRACE", "0");
    Call {
        command,
        input: None,
    }
}

/// A folder with no `sfn.toml` in it or beside it.
pub(crate) fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sfn-tests-cli-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    folder
}

/// Writes a file for one test and gives its path.
pub(crate) fn file(name: &str, text: &str) -> PathBuf {
    let path = folder().join(name);
    std::fs::write(&path, text).expect("the folder is ours");
    path
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("the folder's name is UTF-8")
}

impl Call {
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// What it reads from standard input.
    pub(crate) fn reading(mut self, input: &str) -> Self {
        self.input = Some(input.to_owned());
        self
    }

    pub(crate) fn spawn(mut self) -> std::process::Child {
        self.command
            .stdin(if self.input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        self.command.spawn().expect("the fixture can be started")
    }

    pub(crate) fn output(mut self) -> Output {
        let input = self.input.take();
        if input.is_some() {
            self.input = Some(String::new());
        }
        let mut child = self.spawn();
        if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
            stdin
                .write_all(input.as_bytes())
                .expect("the fixture reads its input");
        }
        child.wait_with_output().expect("the fixture ends")
    }

    /// Compares exit code, standard output and standard error, whole.
    #[track_caller]
    pub(crate) fn check(self, expected: Expect) {
        expected.assert_eq(&screen(&self.output()));
    }

    /// The same for a table whose columns are as wide as the longest time in them, which differs from run to run: cells are
    /// two blanks apart.
    #[track_caller]
    pub(crate) fn check_table(self, expected: Expect) {
        let screen = screen(&self.output());
        let row = |line: &str| {
            let cells = line
                .split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty());
            cells.collect::<Vec<_>>().join("  ")
        };
        let rows: Vec<String> = screen.lines().map(row).collect();
        expected.assert_eq(&format!("{}\n", rows.join("\n")));
    }
}

/// What a user would see, with what differs from run to run replaced.
pub(crate) fn screen(output: &Output) -> String {
    let mut text = match output.status.code() {
        Some(code) => format!("exit {code}\n"),
        None => "ended by a signal\n".to_owned(),
    };
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            text.push_str(&format!(
                "--- {name}\n{}",
                steady(&String::from_utf8_lossy(bytes))
            ));
            if !text.ends_with('\n') {
                text.push('\n');
            }
        }
    }
    text
}

/// Times and random names, replaced by what they are.
pub(crate) fn steady(text: &str) -> String {
    let text = text.replace(text_of(&folder()), "FOLDER");
    let lines: Vec<String> = text
        .lines()
        .map(|line| spans(line).trim_end().to_owned())
        .collect();
    places(&uuids(&lines.join("\n")))
}

/// Lines of the fixture change whenever something is added to it.
fn places(text: &str) -> String {
    let mut parts = text.split("fixture.rs:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("fixture.rs:LINE");
        out.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    }
    out
}

fn text_of(path: &Path) -> &str {
    text(path)
}

/// `12ms`, `1.3s`, `2m 05s` become `TIME`, with the blanks that right-align them.
fn spans(line: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in line.split(' ') {
        let digits = word.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
        let unit = &word[digits.len()..];
        let number = !digits.is_empty()
            && digits
                .chars()
                .all(|letter| letter.is_ascii_digit() || letter == '.');
        if !(number && matches!(unit, "ms" | "s" | "m" | "h")) {
            words.push(word.to_owned());
            continue;
        }
        // `2m 05s` is one time.
        if words.last().is_some_and(|last| last == "TIME") {
            words.pop();
        }
        words.push("TIME".to_owned());
    }
    let joined = words.join(" ");
    let trimmed = joined.trim_start();
    if trimmed.starts_with("TIME") {
        trimmed.to_owned()
    } else {
        joined
    }
}

/// Random execution names become `UUID`, times of day `WHEN`.
fn uuids(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let bytes = rest.as_bytes();
        let is_uuid = bytes.len() >= 36
            && bytes[..36].iter().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => *byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        let is_time = bytes.len() >= 24
            && bytes[..24]
                .iter()
                .zip(b"0000-00-00T00:00:00.000Z")
                .all(|(byte, form)| {
                    if *form == b'0' {
                        byte.is_ascii_digit()
                    } else {
                        byte == form
                    }
                });
        if is_uuid {
            out.push_str("UUID");
            rest = &rest[36..];
        } else if is_time {
            out.push_str("WHEN");
            rest = &rest[24..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}
