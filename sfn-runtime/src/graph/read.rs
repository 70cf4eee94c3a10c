//! Reads a machine of the States Language into a graph.

use std::fmt::Write as _;

use sfn_asl::{
    Comparison, Condition, Flow, Kind, Operand, Operator, OrExpression, Order, Place, Retrier,
    State, StateMachine, Test, Wait, WaitFor, expression,
};

use super::{Edge, EdgeKind, Graph, Node, Scope};

/// A label longer than this is cut: the definition has the whole of it.
const LABEL_LIMIT: usize = 46;

impl Graph {
    /// Reads a machine. What leads nowhere is left out: `check` tells of it.
    #[must_use]
    pub fn of(title: &str, machine: &StateMachine) -> Self {
        Self {
            title: title.to_owned(),
            scope: scope(&machine.flow),
        }
    }
}

fn scope(flow: &Flow) -> Scope {
    let index = |name: &str| flow.states.get_index_of(name);
    let mut found = Scope {
        start: index(&flow.start_at),
        ..Scope::default()
    };
    for (from, (name, state)) in flow.states.iter().enumerate() {
        found.nodes.push(Node {
            name: name.clone(),
            kind: state.state_type(),
            notes: notes(name, state),
            retries: state.retry().to_vec(),
            seconds: seconds(state),
            comment: state.comment.clone(),
            inner: state
                .flows(&Place::root())
                .into_iter()
                .map(|(_, flow)| scope(flow))
                .collect(),
            ends: state
                .transition()
                .is_some_and(|transition| transition.next().is_none()),
        });
        let mut edge = |target: &str, kind: EdgeKind, label: Option<String>| {
            if let Some(to) = index(target) {
                found.edges.push(Edge {
                    from,
                    to,
                    kind,
                    label,
                });
            }
        };
        if let Some(next) = state.transition().and_then(|transition| transition.next()) {
            edge(next, EdgeKind::Next, None);
        }
        if let Kind::Choice(choice) = &state.kind {
            for rule in &choice.choices {
                let label = rule
                    .comment
                    .clone()
                    .unwrap_or_else(|| condition(&rule.condition));
                edge(&rule.next, EdgeKind::Choice, Some(shorten(&label)));
            }
            if let Some(default) = &choice.default {
                edge(default, EdgeKind::Default, Some("otherwise".to_owned()));
            }
        }
        for catcher in state.catch() {
            edge(
                &catcher.next,
                EdgeKind::Catch,
                Some(shorten(&errors(&catcher.error_equals))),
            );
        }
    }
    found
}

fn notes(name: &str, state: &State) -> Vec<String> {
    let mut notes = Vec::new();
    match &state.kind {
        Kind::Wait(wait) => notes.extend(wait_note(wait)),
        Kind::Fail(fail) => {
            // A `Fail` state is as a rule named for its error.
            let error = fail.error.as_deref().filter(|error| *error != name);
            notes.extend(error.map(shorten));
        }
        Kind::Map(map) => match &map.max_concurrency {
            Some(OrExpression::Value(limit)) if *limit > 0 => {
                notes.push(format!("at most {limit} at once"));
            }
            _ => {}
        },
        Kind::Task(task) => {
            if let Some(OrExpression::Value(limit)) = &task.timeout_seconds {
                notes.push(format!("at most {}", span(*limit)));
            }
        }
        Kind::Choice(_) | Kind::Parallel(_) | Kind::Pass(_) | Kind::Succeed(_) => {}
    }
    notes.extend(
        state
            .retry()
            .iter()
            .filter(|retrier| retrier.attempts() > 0)
            .map(retry_note),
    );
    notes
}

fn seconds(state: &State) -> Option<u64> {
    let Kind::Wait(wait) = &state.kind else {
        return None;
    };
    match wait.what()? {
        WaitFor::Seconds(seconds) => seconds.value().copied(),
        _ => None,
    }
}

fn retry_note(retrier: &Retrier) -> String {
    shorten(&format!(
        "retry {}× on {}",
        retrier.attempts(),
        errors(&retrier.error_equals)
    ))
}

fn wait_note(wait: &Wait) -> Option<String> {
    Some(match wait.what()? {
        WaitFor::Seconds(OrExpression::Value(seconds)) => span(*seconds),
        WaitFor::Seconds(OrExpression::Expression(text)) => shorten(&bare(text)),
        WaitFor::SecondsPath(path) => shorten(path),
        WaitFor::Timestamp(text) => shorten(&format!("until {}", bare(text))),
        WaitFor::TimestampPath(path) => shorten(&format!("until {path}")),
    })
}

/// Error names without the prefix that says nothing: `States.ALL` becomes "any error".
fn errors(names: &[String]) -> String {
    let names: Vec<&str> = names
        .iter()
        .map(|name| match name.as_str() {
            "States.ALL" => "any error",
            name => name.strip_prefix("States.").unwrap_or(name),
        })
        .collect();
    names.join(", ")
}

/// Seconds as people say them: `90` is `1m 30s`.
pub(crate) fn span(seconds: u64) -> String {
    let mut text = String::new();
    let mut rest = seconds;
    for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")] {
        let count = rest / unit;
        rest %= unit;
        if count > 0 {
            let gap = if text.is_empty() { "" } else { " " };
            write!(text, "{gap}{count}{name}").expect("a string takes what is written to it");
        }
    }
    if text.is_empty() {
        "0s".to_owned()
    } else {
        text
    }
}

/// A JSONata expression as people would say it: without its braces, without the prefix that every
/// field has, and `not x` for `$not($x)`.
fn bare(text: &str) -> String {
    let text = expression(text).unwrap_or(text).trim();
    let inner = text
        .strip_prefix("$not(")
        .and_then(|rest| rest.strip_suffix(')'))
        .filter(|inner| !inner.contains(['(', ')']));
    let (not, text) = match inner {
        Some(inner) => ("not ", inner),
        None => ("", text),
    };
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let text = match text.strip_prefix('$') {
        Some(variable) if variable.chars().all(word) => variable,
        _ => text,
    };
    let text = text.replace("$states.input.", "").replace("$states.", "");
    format!("{not}{text}")
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Jsonata(OrExpression::Value(value)) => value.to_string(),
        Condition::Jsonata(OrExpression::Expression(text)) => bare(text),
        Condition::Test(test) => self::test(test, false),
    }
}

/// `inner`: whether it stands within another test, and may need brackets.
fn test(what: &Test, inner: bool) -> String {
    let joined = |tests: &[Test], word: &str| {
        let parts: Vec<String> = tests.iter().map(|part| test(part, true)).collect();
        let text = parts.join(word);
        if inner && parts.len() > 1 {
            format!("({text})")
        } else {
            text
        }
    };
    match what {
        Test::And(tests) => joined(tests, " and "),
        Test::Or(tests) => joined(tests, " or "),
        Test::Not(part) => format!("not {}", test(part, true)),
        Test::Compare(comparison) => compare(comparison),
    }
}

fn compare(Comparison { variable, operator }: &Comparison) -> String {
    fn side<T: std::fmt::Display>(operand: &Operand<T>) -> String {
        match operand {
            Operand::Value(value) => value.to_string(),
            Operand::Path(path) => path.clone(),
        }
    }
    fn text(operand: &Operand<String>) -> String {
        match operand {
            Operand::Value(value) => format!("\"{value}\""),
            Operand::Path(path) => path.clone(),
        }
    }
    let sign = |order: &Order| match order {
        Order::Equals => "=",
        Order::LessThan => "<",
        Order::GreaterThan => ">",
        Order::LessThanEquals => "≤",
        Order::GreaterThanEquals => "≥",
    };
    let variable = variable.strip_prefix("$.").unwrap_or(variable);
    match operator {
        Operator::String(order, operand) | Operator::Timestamp(order, operand) => {
            format!("{variable} {} {}", sign(order), text(operand))
        }
        Operator::Numeric(order, operand) => {
            format!("{variable} {} {}", sign(order), side(operand))
        }
        Operator::Boolean(operand) => format!("{variable} = {}", side(operand)),
        Operator::StringMatches(pattern) => format!("{variable} like \"{pattern}\""),
        Operator::Is(what, wanted) => {
            let what = what.operator().trim_start_matches("Is").to_lowercase();
            format!("{variable} is {}{what}", if *wanted { "" } else { "not " })
        }
    }
}

/// Cuts a label to [`LABEL_LIMIT`] characters, on one line.
fn shorten(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LABEL_LIMIT {
        return line;
    }
    let mut cut: String = line.chars().take(LABEL_LIMIT - 1).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}
