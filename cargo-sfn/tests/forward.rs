//! What cargo is given, and what comes back: with a stand-in for cargo that says what it was told.
#![cfg(unix)]

use std::process::{Command, Output};

fn with_cargo(cargo: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-sfn"))
        .args(arguments)
        .env("CARGO", cargo)
        .output()
        .expect("the program can be started")
}

#[test]
fn the_program_is_built_and_given_its_command() {
    let output = with_cargo(
        "echo",
        &["sfn", "-p", "pizza", "run", "make-pizza", "--input", "-"],
    );
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(
        told,
        "run --quiet --package pizza -- run make-pizza --input -\n"
    );
}

#[test]
fn the_exit_code_comes_back() {
    assert_eq!(with_cargo("false", &["sfn", "list"]).status.code(), Some(1));
    assert_eq!(with_cargo("true", &["sfn", "list"]).status.code(), Some(0));
}

#[test]
fn without_cargo_there_is_a_clear_word() {
    let output = with_cargo("/no/such/cargo", &["sfn", "list"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        told.starts_with("error: cargo cannot be started: "),
        "{told}"
    );
}

#[test]
fn without_a_command_there_is_help() {
    let output = with_cargo("echo", &["sfn"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}
