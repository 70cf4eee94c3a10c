//! Watching an execution to its end, on a terminal or line by line.

use std::{io::Write, time::Duration};

use serde_json::Value;
use tokio::time::{Instant, MissedTickBehavior};

use super::{interrupt, output, problem::Problem, run::View};
use crate::{
    Handle, Shutdown,
    graph::Graph,
    service::HistoryEvent,
    view::{self, Frame, Logs, Look, Progress, Screen},
};

/// How often the live view is drawn: often enough that the running signs turn smoothly.
const REDRAW: Duration = Duration::from_millis(120);

/// What is watched, and how it is shown.
pub(super) struct Follow<'a> {
    pub(super) graph: &'a Graph,
    /// What stands beside the workflow's name.
    pub(super) about: String,
    pub(super) view: View,
    /// Whether each event goes to standard output as a line of JSON.
    pub(super) events: bool,
}

/// What was seen.
#[derive(Default)]
pub(super) struct Followed {
    pub(super) progress: Progress,
    pub(super) events: Vec<HistoryEvent>,
    /// Whether a signal stopped the execution.
    pub(super) interrupted: bool,
}

impl Follow<'_> {
    /// Watches until the execution has ended. The first signal stops it, the second ends the
    /// process.
    pub(super) async fn until_end(
        &self,
        execution: &Handle<Value>,
        shutdown: &mut Shutdown,
    ) -> Result<Followed, Problem> {
        let look = Look::of_stderr();
        let mut watch = execution.watch();
        let mut seen = Followed::default();
        let screen = (self.view == View::Live).then(Screen::start);
        let mut ticks = tokio::time::interval(REDRAW);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut tick = 0;
        // The engine's time is known from its events; between them it passes as ours does.
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                event = watch.next() => {
                    let Some(event) = event? else { break };
                    heard = Instant::now();
                    seen.progress.apply(&event);
                    if self.events {
                        output::line(&output::compact(&event))?;
                    }
                    if self.view == View::Lines
                        && let Some(line) = view::line(&seen.progress, &event, look)
                    {
                        tell(&line);
                    }
                    seen.events.push(event);
                }
                () = shutdown.signalled() => {
                    if seen.interrupted {
                        interrupt::at_once();
                    }
                    seen.interrupted = true;
                    tell("stopping; once more to stop at once");
                    execution.stop("Interrupted", "stopped from the command line").await?;
                }
                _ = ticks.tick(), if screen.is_some() => {
                    if let Some(screen) = &screen {
                        tick += 1;
                        let since = i64::try_from(heard.elapsed().as_millis()).unwrap_or(i64::MAX);
                        let now = seen.progress.last_event().unwrap_or_default().saturating_add(since);
                        self.draw(screen, &seen.progress, now, tick, false);
                    }
                }
            }
        }
        if let Some(screen) = &screen {
            let now = seen.progress.last_event().unwrap_or_default();
            self.draw(screen, &seen.progress, now, tick, true);
        }
        Ok(seen)
    }

    fn draw(&self, screen: &Screen, progress: &Progress, now: i64, tick: usize, last: bool) {
        let (height, width) = screen.size();
        let frame = Frame {
            now,
            tick,
            width,
            // The last drawing stays and may scroll; the others must fit to be replaced. The cursor
            // stands on a line of its own below.
            height: (!last).then_some(height.saturating_sub(1)),
            look: Look::of_stderr(),
        };
        screen.draw(view::tree(self.graph, progress, &self.about, frame));
    }
}

/// Says it on standard error, above the live view if there is one.
fn tell(line: &str) {
    // In one piece, as the live view wants it; and there is nowhere else to say it.
    let _ = Logs.write_all(format!("{line}\n").as_bytes());
}
