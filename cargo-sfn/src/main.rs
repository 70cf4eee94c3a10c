//! `cargo sfn …`: builds the program of the package at hand and hands it the command.
//!
//! ```text
//! cargo sfn run make-pizza --input @order.json
//! cargo sfn -p pizza graph make-pizza --format svg
//! cargo sfn new my-flow
//! ```
//!
//! The program is the tool; this only saves the `cargo run -- ` and begins new projects.

mod args;
mod forward;
mod new;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use args::Asked;

fn main() -> ExitCode {
    let outcome = match args::parse(std::env::args_os()) {
        Ok(Asked::Forward(forward)) => forward::forward(&forward),
        Ok(Asked::New(new)) => new::new(&new),
        Err(code) => return code,
    };
    outcome.unwrap_or_else(|message| {
        // There is nowhere else to say it.
        let _ = writeln!(io::stderr(), "error: {message}");
        ExitCode::from(2)
    })
}
