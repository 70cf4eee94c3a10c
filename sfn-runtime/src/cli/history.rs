//! `history`: what happened in an execution.

use std::path::Path;

use super::{
    Exit, executions, output, problem::Problem, program::Program, record::Record, work::Address,
};
use crate::{
    service::HistoryEvent,
    view::{Look, Progress, elapsed, one_line},
};

/// What `history` was asked for.
#[derive(Debug)]
pub(super) struct Options {
    /// A file, or an ARN.
    pub(super) of: String,
    pub(super) form: Form,
    pub(super) service: Address,
}

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Events,
    States,
    Json,
    Csv,
}

/// How much of a cause a table shows, in columns.
const CAUSE: usize = 60;

/// Shows it.
pub(super) async fn history(program: &Program, options: Options) -> Result<Exit, Problem> {
    let on_aws = options.of.starts_with("arn:") || is_execution(&options.of);
    let events = if on_aws {
        let client = executions::client(program, &options.service).await?;
        let arn = executions::arn(&client, &options.of).await?;
        client.history(&arn).await?
    } else {
        Record::read(Path::new(&options.of))?.events
    };
    match options.form {
        Form::Json => output::json(&events)?,
        Form::Csv => output::text(&csv(&events))?,
        Form::Events => output::text(&events_table(&events, Look::of_stdout()))?,
        Form::States => output::text(&states_table(&events, Look::of_stdout()))?,
    }
    Ok(Exit::Ok)
}

/// Whether this is `WORKFLOW/NAME` rather than a file.
fn is_execution(of: &str) -> bool {
    let known = |name| crate::registry::workflow(name).is_ok();
    let named = of
        .split_once('/')
        .is_some_and(|(workflow, name)| known(workflow) && !name.contains('/'));
    named && !Path::new(of).exists()
}

/// The rows of a history: each event with the state it belongs to.
struct Row<'a> {
    event: &'a HistoryEvent,
    state: String,
    /// Since the execution's start, in milliseconds.
    at: i64,
    /// How long the state took, where the event says that it is over.
    took: Option<i64>,
}

fn rows(events: &[HistoryEvent]) -> Vec<Row<'_>> {
    let mut progress = Progress::default();
    let start = events.first().map_or(0, |event| event.at.as_millis());
    events
        .iter()
        .map(|event| {
            progress.apply(event);
            let closes = event.closes_execution();
            let ends = event.exits_state() || event.kind.starts_with("MapIteration");
            let at = event.at.as_millis() - start;
            let took = if closes {
                Some(at)
            } else if ends {
                progress
                    .took(event)
                    .filter(|_| !event.kind.ends_with("Started"))
            } else {
                None
            };
            Row {
                event,
                state: progress.path(event, " > ").unwrap_or_default(),
                at,
                took,
            }
        })
        .collect()
}

fn error_of(event: &HistoryEvent) -> String {
    let parts: Vec<String> = [&event.error, &event.cause]
        .into_iter()
        .flatten()
        .map(|part| one_line(part))
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(": ")
}

fn events_table(events: &[HistoryEvent], look: Look) -> String {
    let mut table = vec![
        ["id", "at", "state", "event", "took", "error"]
            .map(|head| look.bold(head))
            .to_vec(),
    ];
    for row in rows(events) {
        let error = error_of(row.event);
        table.push(vec![
            row.event.id.to_string(),
            elapsed(row.at),
            row.state,
            row.event.kind.clone(),
            row.took.map(elapsed).unwrap_or_default(),
            console::truncate_str(&error, CAUSE, "...").into_owned(),
        ]);
    }
    output::table(&table, 0)
}

fn states_table(events: &[HistoryEvent], look: Look) -> String {
    let progress = Progress::replay(events);
    let mut names: Vec<&str> = Vec::new();
    for event in events.iter().filter(|event| event.enters_state()) {
        if let Some(name) = event.state.as_deref()
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    let mut table = vec![
        ["state", "status", "runs", "attempts", "took", "error"]
            .map(|head| look.bold(head))
            .to_vec(),
    ];
    for name in names {
        let state = progress.state(name);
        let runs = state.running + state.succeeded + state.failed + state.caught + state.stopped;
        let took = state
            .entered
            .zip(state.left)
            .map(|(entered, left)| elapsed(left - entered));
        let error = state
            .error
            .as_ref()
            .map_or_else(String::new, |(error, _)| error.clone());
        table.push(vec![
            name.to_owned(),
            look.status(state.status(), state.status().word()),
            runs.to_string(),
            state.attempts.max(1).to_string(),
            took.unwrap_or_default(),
            error,
        ]);
    }
    output::table(&table, 0)
}

/// Comma-separated values as RFC 4180 has them, but with the line ends of Unix.
fn csv(events: &[HistoryEvent]) -> String {
    let mut text = String::from(
        "id,previous,timestamp,millis,event,state,took_millis,resource,error,cause,input,output\n",
    );
    for row in rows(events) {
        let event = row.event;
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            event.id.to_string(),
            event.previous.to_string(),
            event.at.to_string(),
            row.at.to_string(),
            event.kind.clone(),
            row.state.clone(),
            row.took.map(|took| took.to_string()).unwrap_or_default(),
            optional(&event.resource),
            optional(&event.error),
            optional(&event.cause),
            optional(&event.input),
            optional(&event.output),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::view::history_of_a_bad_evening;

    #[test]
    fn as_a_table_of_events() {
        expect![[r#"
            id  at     state                         event                   took   error
            1   0ms                                  ExecutionStarted
            2   0ms    Base                          ParallelStateEntered
            3   0ms    Base                          ParallelStateStarted
            4   0ms    dough                         TaskStateEntered
            5   0ms    dough                         ActivityScheduled
            6   0ms    dough                         ActivityStarted
            7   900ms  dough                         ActivitySucceeded
            8   900ms  dough                         TaskStateExited         900ms
            9   900ms  sauce                         TaskStateEntered
            10  900ms  sauce                         ActivityScheduled
            11  900ms  sauce                         ActivityStarted
            12  1.2s   sauce                         ActivitySucceeded
            13  1.2s   sauce                         TaskStateExited         300ms
            14  1.2s   Each ingredient               MapStateEntered
            15  1.2s   Each ingredient               MapStateStarted
            16  1.2s   Each ingredient[0]            MapIterationStarted
            17  1.2s   Each ingredient[0] > prepare  TaskStateEntered
            18  1.2s   Each ingredient[0] > prepare  ActivityScheduled
            19  1.2s   Each ingredient[0] > prepare  ActivityStarted
            20  1.6s   Each ingredient[0] > prepare  ActivitySucceeded
            21  1.6s   Each ingredient[0] > prepare  TaskStateExited         400ms
            22  1.6s   Each ingredient[0]            MapIterationSucceeded   400ms
            23  1.6s   Each ingredient[1]            MapIterationStarted
            24  1.6s   Each ingredient[1] > prepare  TaskStateEntered
            25  1.6s   Each ingredient[1] > prepare  ActivityScheduled
            26  1.6s   Each ingredient[1] > prepare  ActivityStarted
            27  2.0s   Each ingredient[1] > prepare  ActivitySucceeded
            28  2.0s   Each ingredient[1] > prepare  TaskStateExited         400ms
            29  2.0s   Each ingredient[1]            MapIterationSucceeded   400ms
            30  2.0s   Each ingredient[1] > prepare  MapStateSucceeded
            31  2.0s   Each ingredient               MapStateExited          800ms
            32  2.0s   Each ingredient               ParallelStateSucceeded
            33  2.0s   Base                          ParallelStateExited     2.0s
            34  2.0s   bake                          TaskStateEntered
            35  2.0s   bake                          ActivityScheduled
            36  2.0s   bake                          ActivityStarted
            37  2.7s   bake                          ActivityFailed                 Oven.Busy: the oven is taken
            38  3.7s   bake                          ActivityScheduled
            39  3.7s   bake                          ActivityStarted
            40  4.2s   bake                          ActivityFailed                 Oven.Cold: the oven is cold
            41  4.2s   bake                          TaskStateExited         2.2s
            42  4.2s   Apologise                     FailStateEntered
            43  4.2s                                 ExecutionFailed         4.2s   NoPizza: the oven is cold
        "#]].assert_eq(&events_table(&history_of_a_bad_evening(), Look::PLAIN));
    }

    #[test]
    fn as_a_table_of_states() {
        expect![[r#"
            state            status          runs  attempts  took   error
            Base             succeeded       1     1         2.0s
            dough            succeeded       1     1         900ms
            sauce            succeeded       1     1         300ms
            Each ingredient  succeeded       1     1         800ms
            prepare          succeeded       2     1         800ms
            bake             failed, caught  1     2         2.2s   Oven.Cold
            Apologise        failed          1     1         0ms    NoPizza
        "#]]
        .assert_eq(&states_table(&history_of_a_bad_evening(), Look::PLAIN));
    }

    #[test]
    fn as_comma_separated_values() {
        let mut events = history_of_a_bad_evening();
        events.truncate(5);
        events[1].input = Some("{\"a\": \"1,2\"}".to_owned());
        expect![[r#"
            id,previous,timestamp,millis,event,state,took_millis,resource,error,cause,input,output
            1,0,1970-01-01T00:00:00.000Z,0,ExecutionStarted,,,,,,,
            2,0,1970-01-01T00:00:00.000Z,0,ParallelStateEntered,Base,,,,,"{""a"": ""1,2""}",
            3,2,1970-01-01T00:00:00.000Z,0,ParallelStateStarted,Base,,,,,,
            4,3,1970-01-01T00:00:00.000Z,0,TaskStateEntered,dough,,,,,,
            5,4,1970-01-01T00:00:00.000Z,0,ActivityScheduled,dough,,,,,,
        "#]]
        .assert_eq(&csv(&events));
    }
}
