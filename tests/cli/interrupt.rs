//! Ctrl-C, as a shell sends it.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStderr, Command},
};

use crate::screen::call;

/// Starts an execution that goes on until it is stopped, and waits until its step is at work.
fn working(workflow: &str) -> (Child, BufReader<ChildStderr>) {
    let mut child = call(&["run", workflow, "-i", "\"x\""]).spawn();
    let mut told = BufReader::new(child.stderr.take().expect("it is piped"));
    wait_for("_long · entered", &mut told);
    (child, told)
}

fn wait_for(text: &str, told: &mut impl BufRead) {
    let mut line = String::new();
    while !line.contains(text) {
        line.clear();
        let read = told.read_line(&mut line).expect("it is UTF-8");
        assert!(read > 0, "the program has ended before it said `{text}`");
    }
}

fn interrupt(child: &Child) {
    let status = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(status.expect("there is a `kill`").success());
}

#[track_caller]
fn check_end(mut child: Child, mut told: impl Read, last: &str) {
    let mut rest = String::new();
    told.read_to_string(&mut rest).expect("it is UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{rest}");
    assert!(rest.ends_with(last), "{rest}");
}

#[test]
fn the_first_stops_the_execution_and_its_steps() {
    let (child, told) = working("work-long");
    interrupt(&child);
    check_end(child, told, "error: `work-long` was interrupted\n");
}

#[test]
fn the_second_ends_what_cannot_be_stopped() {
    let (child, mut told) = working("block-long");
    interrupt(&child);
    wait_for("once more", &mut told);
    interrupt(&child);
    // Whether the worker gave up the step before the second signal came is left to chance.
    check_end(child, told, "\n");
}
