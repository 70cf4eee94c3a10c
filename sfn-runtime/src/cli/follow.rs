//! Watching an execution to its end, on a terminal or line by line.

use std::{
    io::{self, Write},
    time::Duration,
};

use tokio::time::{Instant, MissedTickBehavior};

use super::{output, problem::Problem, run::View};
use crate::{
    Shutdown, Watch,
    graph::Graph,
    service::HistoryEvent,
    view::{self, Frame, Look, Progress, Screen},
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

/// How the watching ended.
pub(super) enum End {
    /// The execution has ended.
    Closed(Followed),
    /// A signal came first.
    Interrupted(Followed),
}

/// What was seen.
#[derive(Default)]
pub(super) struct Followed {
    pub(super) progress: Progress,
    pub(super) events: Vec<HistoryEvent>,
}

impl Follow<'_> {
    /// Watches until the execution has ended or a signal comes; `seen` is what was watched before.
    pub(super) async fn until_end(
        &self,
        watch: &mut Watch,
        shutdown: &mut Shutdown,
        mut seen: Followed,
    ) -> Result<End, Problem> {
        let look = Look::of_stderr();
        let screen = (self.view == View::Live).then(Screen::start);
        let mut ticks = tokio::time::interval(REDRAW);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut tick = 0;
        // The engine's time is known from its events; between them it passes as ours does.
        let mut heard = Instant::now();
        let end = loop {
            tokio::select! {
                event = watch.next() => {
                    let Some(event) = event? else {
                        break End::Closed(seen);
                    };
                    heard = Instant::now();
                    seen.progress.apply(&event);
                    if self.events {
                        output::line(&output::compact(&event))?;
                    }
                    if self.view == View::Lines
                        && let Some(line) = view::line(&seen.progress, &event, look)
                    {
                        // Nobody listens: that is no reason to stop the execution.
                        let _ = writeln!(io::stderr(), "{line}");
                    }
                    seen.events.push(event);
                }
                () = shutdown.signalled() => break End::Interrupted(seen),
                _ = ticks.tick(), if screen.is_some() => {
                    if let Some(screen) = &screen {
                        tick += 1;
                        let since = i64::try_from(heard.elapsed().as_millis()).unwrap_or(i64::MAX);
                        let now = seen.progress.last_event().unwrap_or_default().saturating_add(since);
                        self.draw(screen, &seen.progress, now, tick, false);
                    }
                }
            }
        };
        if let Some(screen) = &screen {
            let (End::Closed(seen) | End::Interrupted(seen)) = &end;
            let now = seen.progress.last_event().unwrap_or_default();
            self.draw(screen, &seen.progress, now, tick, true);
        }
        Ok(end)
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
