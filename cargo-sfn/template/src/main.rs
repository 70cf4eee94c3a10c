//! Greets guests: a workflow to start from.
//!
//! `cargo run` tells its story; `cargo run -- --help` shows what else the program can do.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, Workflow, seconds, step, workflow};

/// Who is to be greeted.
#[derive(Serialize, Deserialize, Payload)]
struct Guests {
    names: Vec<String>,
}

/// What was said.
#[derive(Serialize, Deserialize, Payload)]
struct Party {
    greetings: Vec<String>,
}

/// Greets one guest.
#[step]
async fn greet(name: String) -> String {
    format!("Hello, {name}!")
}

/// Gathers the greetings.
#[step]
fn gather(greetings: Vec<String>) -> Party {
    Party { greetings }
}

/// Whether anybody came.
#[step]
fn is_lonely(party: &Party) -> bool {
    party.greetings.is_empty()
}

/// Greets all guests at once, and waits a moment for the late ones.
static GREET_GUESTS: Workflow<Guests, Party> = workflow!(
    name = "greet-guests",
    map(|guests: &Guests| &guests.names, greet),
    gather,
    choose(|party| if is_lonely(party) {
        fail("NobodyCame", "the list of guests is empty")
    }),
    wait(seconds(5)),
);

#[tokio::main]
async fn main() -> std::process::ExitCode {
    sfn_runtime::app()
        .story(GREET_GUESTS.name(), include_str!("../guests.json"))
        .main()
        .await
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn a_step_is_a_function() {
        assert_eq!(super::greet("Ada".to_owned()).await, "Hello, Ada!");
    }
}
