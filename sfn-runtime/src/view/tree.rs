//! The live view: a line for each state of the machine, and one for the execution.

use console::{measure_text_width, truncate_str};
use sfn_asl::{Jitter, Retrier, StateType};

use super::{
    Look, Progress, StateProgress, Status,
    look::{elapsed, one_line},
};
use crate::{
    graph::{Graph, Node},
    service::ExecutionStatus,
};

/// The width of a map's bar, in columns.
const BAR: usize = 16;
/// The column where what is said of a state begins, unless names are longer.
const NOTES_FROM: usize = 34;

/// What the view is drawn for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// The present time, in milliseconds since 1970.
    pub(crate) now: i64,
    /// Counts the drawings, and turns the signs of running states.
    pub(crate) tick: usize,
    /// The terminal's width in columns.
    pub(crate) width: usize,
    /// How many lines there may be; `None` for all of them.
    pub(crate) height: Option<usize>,
    pub(crate) look: Look,
}

/// The lines of the view, none wider than the terminal.
pub(crate) fn tree(graph: &Graph, progress: &Progress, about: &str, frame: Frame) -> Vec<String> {
    let states = graph.states();
    let notes_from = states
        .iter()
        .map(|(depth, node)| depth * 2 + measure_text_width(&node.name) + 6)
        .max()
        .unwrap_or(0)
        .clamp(NOTES_FROM.min(frame.width / 2), (frame.width / 2).max(1));
    let mut rows: Vec<(Status, String)> = states
        .iter()
        .map(|(depth, node)| {
            let state = progress.state(&node.name);
            let line = state_line(*depth, node, &state, notes_from, frame);
            (state.status(), line)
        })
        .collect();
    let head = head_line(graph, progress, about, frame);
    if let Some(height) = frame.height {
        rows = window(rows, height.saturating_sub(1).max(1), frame);
    }
    std::iter::once(head)
        .chain(rows.into_iter().map(|(_, line)| line))
        .collect()
}

fn head_line(graph: &Graph, progress: &Progress, about: &str, frame: Frame) -> String {
    let look = frame.look;
    let status = match progress.status() {
        ExecutionStatus::Running | ExecutionStatus::PendingRedrive => Status::Running,
        ExecutionStatus::Succeeded => Status::Succeeded,
        ExecutionStatus::Failed | ExecutionStatus::TimedOut | ExecutionStatus::Aborted => {
            Status::Failed
        }
    };
    let word = match progress.status() {
        ExecutionStatus::Running | ExecutionStatus::PendingRedrive => "running",
        ExecutionStatus::Succeeded => "succeeded",
        ExecutionStatus::Failed => "failed",
        ExecutionStatus::TimedOut => "timed out",
        ExecutionStatus::Aborted => "stopped",
    };
    let until = match progress.status() {
        ExecutionStatus::Running | ExecutionStatus::PendingRedrive => Some(frame.now),
        _ => progress.last_event(),
    };
    let time = progress
        .started()
        .zip(until)
        .map_or_else(String::new, |(started, until)| elapsed(until - started));
    let mut left = format!(
        "{} {} {}",
        look.status(status, look.sign(status, frame.tick)),
        look.bold(&graph.title),
        look.status(status, word),
    );
    if !about.is_empty() {
        left.push_str(&look.dim(&format!(" {} {about}", look.dot())));
    }
    spread(&left, &look.dim(&time), frame.width, look)
}

fn state_line(
    depth: usize,
    node: &Node,
    state: &StateProgress,
    notes_from: usize,
    frame: Frame,
) -> String {
    let look = frame.look;
    let status = state.status();
    let guide = if look.unicode { "│ " } else { ": " };
    let name = if status == Status::NotStarted {
        look.dim(&node.name)
    } else {
        node.name.clone()
    };
    let mut left = format!(
        "  {}{} {name}",
        look.dim(&guide.repeat(depth)),
        look.status(status, look.sign(status, frame.tick + depth)),
    );
    let note = note(node, state, frame);
    if !note.is_empty() {
        let used = measure_text_width(&left);
        left.push_str(&" ".repeat(notes_from.saturating_sub(used).max(2)));
        left.push_str(&note);
    }
    let time = state.entered.map_or_else(String::new, |entered| {
        elapsed(state.left.unwrap_or(frame.now).max(entered) - entered)
    });
    spread(&left, &look.dim(&time), frame.width, look)
}

/// What is said of a state, beside its name.
fn note(node: &Node, state: &StateProgress, frame: Frame) -> String {
    let look = frame.look;
    let mut parts: Vec<String> = Vec::new();
    if let Some(items) = state.items {
        let ended = items.done + items.failed;
        let mut text = format!("{} {ended}/{}", bar(ended, items.total, look), items.total);
        if items.failed > 0 {
            text.push_str(&look.status(Status::Failed, &format!(", {} failed", items.failed)));
        }
        parts.push(text);
    } else if state.running + state.succeeded + state.failed + state.caught > 1 {
        let counts = [
            (state.running, "running", Status::Running),
            (state.succeeded, "done", Status::Succeeded),
            (state.caught, "caught", Status::Caught),
            (state.failed, "failed", Status::Failed),
            (state.stopped, "stopped", Status::Failed),
        ];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _, _)| *count > 0)
            .map(|(count, word, status)| look.status(status, &format!("{count} {word}")))
            .collect();
        parts.push(counts.join(", "));
    } else if state.passes > 1 {
        parts.push(format!("pass {}", state.passes));
    }
    let error = state.error.as_ref().map(|(error, cause)| {
        let (error, cause) = (one_line(error), one_line(cause));
        match (error.is_empty(), cause.is_empty()) {
            (false, false) => format!("{error}: {cause}"),
            (false, true) => error,
            (true, _) => cause,
        }
    });
    match (state.status(), error) {
        (Status::Running, Some(error)) if state.retrying > 0 => {
            let again = again_in(node, state, frame.now);
            parts.push(look.status(Status::Caught, &format!("{error}, {again}")));
        }
        (Status::Running, Some(error)) if state.attempts > 1 => {
            parts.push(format!("attempt {} after {error}", state.attempts));
        }
        (Status::Running, _) if state.queued == 1 && state.running == 1 => {
            parts.push(look.dim("waits for a worker"));
        }
        (Status::Running, _) => {
            if let Some(left) = node.seconds.zip(state.entered).map(|(seconds, entered)| {
                entered
                    + i64::try_from(seconds)
                        .unwrap_or(i64::MAX)
                        .saturating_mul(1_000)
                    - frame.now
            }) {
                parts.push(format!("{} left", elapsed(left)));
            }
        }
        (Status::Failed, Some(error)) => parts.push(look.status(Status::Failed, &error)),
        (Status::Failed, None) if state.failed == 0 => {
            parts.push(look.status(Status::Failed, "stopped"));
        }
        (Status::Caught, Some(error)) => {
            parts.push(look.status(Status::Caught, &format!("{error}, caught")));
        }
        (Status::Succeeded, Some(_)) if state.attempts > 1 => {
            parts.push(look.dim(&format!("{} attempts", state.attempts)));
        }
        (Status::NotStarted, _) if node.kind == StateType::Wait => {
            parts.extend(node.notes.first().map(|note| look.dim(note)));
        }
        _ => {}
    }
    parts.join(&format!(" {} ", look.dot()))
}

/// When the next attempt comes, by the retrier that takes the error.
fn again_in(node: &Node, state: &StateProgress, now: i64) -> String {
    let name = state.error.as_ref().map_or("", |(name, _)| name.as_str());
    let takes = |retrier: &&Retrier| {
        let names = &retrier.error_equals;
        names.iter().any(|known| known == name)
            || names.iter().any(|known| known == "States.ALL")
            || (names.iter().any(|known| known == "States.TaskFailed") && name != "States.Timeout")
    };
    let Some((retrier, failed)) = node.retries.iter().find(takes).zip(state.failed_at) else {
        return "will try again".to_owned();
    };
    let delay = retrier.delay(state.attempts.max(1));
    // No definition waits for longer than milliseconds can count.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float too large becomes the largest"
    )]
    let left = failed.saturating_add((delay * 1_000.0) as i64) - now;
    match retrier.jitter() {
        Jitter::None => format!("again in {}", elapsed(left)),
        Jitter::Full => format!("again within {}", elapsed(left)),
    }
}

fn bar(done: u64, total: u64, look: Look) -> String {
    let (full, empty) = if look.unicode {
        ("━", "─")
    } else {
        ("#", "-")
    };
    // A map without items is done.
    let filled = (done.min(total) * BAR as u64).checked_div(total);
    let filled = filled.map_or(BAR, |filled| usize::try_from(filled).unwrap_or(BAR));
    format!(
        "{}{}",
        look.status(Status::Succeeded, &full.repeat(filled)),
        look.dim(&empty.repeat(BAR - filled))
    )
}

/// Left and right on one line of this width; the left side gives way.
fn spread(left: &str, right: &str, width: usize, look: Look) -> String {
    let right_width = measure_text_width(right);
    // One column stays free: some terminals wrap as soon as the last one is written.
    let room = width.saturating_sub(1);
    if right_width == 0 || room < right_width + 12 {
        return truncate_str(left, room, tail(look, room)).into_owned();
    }
    let left_room = room - right_width - 1;
    let left = truncate_str(left, left_room, tail(look, left_room));
    let gap = left_room - measure_text_width(&left) + 1;
    format!("{left}{}{right}", " ".repeat(gap))
}

fn tail(look: Look, room: usize) -> &'static str {
    match (room, look.unicode) {
        (0, _) | (..4, false) => "",
        (_, true) => "…",
        (_, false) => "...",
    }
}

/// As many rows as fit: what runs stays in sight, and what is left out is counted.
fn window(rows: Vec<(Status, String)>, height: usize, frame: Frame) -> Vec<(Status, String)> {
    if rows.len() <= height {
        return rows;
    }
    let interesting = rows
        .iter()
        .position(|(status, _)| *status == Status::Running)
        .or_else(|| {
            rows.iter()
                .rposition(|(status, _)| *status != Status::NotStarted)
        })
        .unwrap_or(0);
    if height < 3 {
        return rows.into_iter().skip(interesting).take(height).collect();
    }
    let hidden = |count: usize, side: &str| {
        let text = format!("  {count} more {side}");
        let line = truncate_str(&text, frame.width.saturating_sub(1), "").into_owned();
        (Status::NotStarted, frame.look.dim(&line))
    };
    let all = rows.len();
    // A line that counts what is left out stands only where something is.
    let first = if interesting + 2 <= height {
        0
    } else {
        (interesting - 1).min(all + 1 - height)
    };
    let room = height - usize::from(first > 0);
    let room = if first + room < all { room - 1 } else { room };
    let mut shown = Vec::with_capacity(height);
    if first > 0 {
        shown.push(hidden(first, "above"));
    }
    shown.extend(rows.into_iter().skip(first).take(room));
    if first + room < all {
        shown.push(hidden(all - first - room, "below"));
    }
    shown
}

#[cfg(test)]
mod tests;
