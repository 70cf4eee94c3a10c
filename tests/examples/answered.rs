//! A human at the desk of the order: one terminal waits, another answers.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStderr, Command, Stdio},
};

use crate::program::run;

/// An execution that waits at the desk, and the token of its task.
struct Waiting {
    child: Child,
    told: BufReader<ChildStderr>,
    token: String,
}

fn waiting() -> Waiting {
    let root = crate::root();
    let mut child = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "order", "--", "run"])
        .args(["process-order", "--skip-waits", "--input"])
        .arg("@examples/order/order.json")
        .current_dir(&root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cargo runs, since it runs this test");
    let told = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut waiting = Waiting {
        child,
        told,
        token: String::new(),
    };
    let mut all = String::new();
    loop {
        let mut line = String::new();
        let read = waiting.told.read_line(&mut line).expect("it is UTF-8");
        assert!(read > 0, "it has ended before it asked\n{all}");
        all.push_str(&line);
        let answer = line.split_once("cargo run -q -p order -- answer ");
        if let Some((token, _)) = answer.and_then(|(_, rest)| rest.split_once(" --output '{")) {
            waiting.token = token.to_owned();
            return waiting;
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // It has ended, unless a test has failed before it did.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Waiting {
    /// What the program has printed at its end, with its exit code.
    fn ended(mut self) -> (Option<i32>, String, String) {
        let mut rest = String::new();
        self.told.read_to_string(&mut rest).expect("it is UTF-8");
        let mut stdout = String::new();
        let mut printed = self.child.stdout.take().expect("it is piped");
        printed.read_to_string(&mut stdout).expect("it is UTF-8");
        (self.child.wait().expect("it ends").code(), stdout, rest)
    }
}

#[test]
fn yes_lets_the_order_go_on() {
    let waiting = waiting();
    let root = crate::root();
    let verdict = r#"{"ok":true,"reason":"fine"}"#;
    let answered = run(
        "order",
        &root,
        &["answer", &waiting.token, "--output", verdict],
    );
    assert!(answered.success, "{}", answered.stderr);
    assert_eq!(
        (answered.stdout, answered.stderr),
        (String::new(), String::new())
    );
    let (code, stdout, stderr) = waiting.ended();
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("\"tracking\": \"A-1017-2\""), "{stdout}");
}

#[test]
fn no_ends_it_and_a_second_answer_comes_too_late() {
    let waiting = waiting();
    let root = crate::root();
    let stranger = run("order", &root, &["answer", "AAAA", "--output", "true"]);
    assert!(!stranger.success);
    assert!(
        stranger.stderr.contains("with this token that waits"),
        "{}",
        stranger.stderr
    );
    let token = waiting.token.clone();
    let verdict = r#"{"ok":false,"reason":"too dear"}"#;
    let answered = run("order", &root, &["answer", &token, "--output", verdict]);
    assert!(answered.success, "{}", answered.stderr);
    let (code, stdout, stderr) = waiting.ended();
    assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
    assert!(
        stderr.contains(
            "`process-order` failed in state `OrderError.Rejected` with `OrderError.Rejected`"
        ),
        "{stderr}"
    );
    let late = run("order", &root, &["answer", &token, "--output", verdict]);
    assert!(!late.success, "nobody waits any more");
}
