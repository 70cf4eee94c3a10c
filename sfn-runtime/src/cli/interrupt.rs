//! Ctrl-C and SIGTERM: the first asks, the second insists.

use std::io::{self, Write};

use console::Term;

use super::exit::Exit;

/// Ends the process at once, the terminal as it was found.
pub(super) fn at_once() -> ! {
    let terminal = Term::stderr();
    let _ = terminal.show_cursor();
    let _ = writeln!(io::stderr(), "stopped at once");
    std::process::exit(i32::from(Exit::Interrupted.code()))
}
