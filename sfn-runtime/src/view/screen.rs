//! The part of the terminal that is drawn again and again, and what is printed above it.

use std::{
    io::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
};

use console::{Term, measure_text_width};

/// The one live region of the process: there is one terminal, and logs come from anywhere.
static REGION: Mutex<Region> = Mutex::new(Region {
    lines: Vec::new(),
    live: false,
});

struct Region {
    /// What stands on the screen now, and is to be replaced.
    lines: Vec<String>,
    live: bool,
}

fn region() -> MutexGuard<'static, Region> {
    // Whoever panicked while drawing left whole lines behind; drawing goes on.
    REGION.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A live region on standard error. There may be one at a time; dropping it leaves what stands.
pub(crate) struct Screen {
    terminal: Term,
}

impl Screen {
    /// Begins to draw.
    pub(crate) fn start() -> Self {
        let terminal = Term::stderr();
        let mut region = region();
        region.live = true;
        region.lines.clear();
        // A terminal that cannot hide its cursor shows it; nothing else is lost.
        let _ = terminal.hide_cursor();
        Self { terminal }
    }

    /// The terminal's height and width. 24 by 80 where it does not tell.
    pub(crate) fn size(&self) -> (usize, usize) {
        let (height, width) = self.terminal.size();
        (usize::from(height).max(1), usize::from(width).max(1))
    }

    /// Replaces what stands in the region.
    pub(crate) fn draw(&self, lines: Vec<String>) {
        let mut region = region();
        let mut text = to_top(&region.lines, self.size().1);
        push_lines(&mut text, lines.iter().map(String::as_str));
        text.push_str(CLEAR_BELOW);
        region.lines = lines;
        // A terminal that has gone away is no reason to stop the execution.
        let _ = (&self.terminal).write_all(text.as_bytes());
        let _ = self.terminal.flush();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let mut region = region();
        region.live = false;
        region.lines.clear();
        let _ = self.terminal.show_cursor();
    }
}

fn above(region: &mut Region, text: &str) {
    let terminal = Term::stderr();
    let mut out = to_top(&region.lines, usize::from(terminal.size().1).max(1));
    push_lines(&mut out, text.lines());
    push_lines(&mut out, region.lines.iter().map(String::as_str));
    out.push_str(CLEAR_BELOW);
    let _ = (&terminal).write_all(out.as_bytes());
    let _ = terminal.flush();
}

/// Clears what is left below the cursor.
const CLEAR_BELOW: &str = "\x1b[J";

/// Each line clears what stood there before. The region is never cleared as a whole first: that
/// flickers, and tmux takes it for the whole screen and keeps a copy in its history.
fn push_lines<'a>(text: &mut String, lines: impl Iterator<Item = &'a str>) {
    for line in lines {
        text.push_str(line);
        text.push_str("\x1b[K\n");
    }
}

/// Moves the cursor to the first line of the region.
///
/// A terminal made narrower since has wrapped the lines; the rows they take now are what counts.
fn to_top(lines: &[String], width: usize) -> String {
    let rows: usize = lines
        .iter()
        .map(|line| measure_text_width(line).div_ceil(width).max(1))
        .sum();
    if rows == 0 {
        String::new()
    } else {
        format!("\r\x1b[{rows}A")
    }
}

/// Where logs go: above the live region while there is one, else straight to standard error.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Logs;

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut region = region();
        if region.live {
            above(&mut region, &String::from_utf8_lossy(bytes));
        } else {
            io::stderr().write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
