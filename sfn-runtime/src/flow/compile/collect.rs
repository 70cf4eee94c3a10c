//! Flows that give how they ended, so that the error of one stops no other: `.collect()` on a `parallel` or `map`.

use serde_json::{Value, json};
use sfn_asl::{Catcher, Flow, Kind, Pass, State, Succeed, Transition};

use super::{lambda_error, names::Names, states::caught};
use crate::flow::render::expression;

/// Lets the flow of a branch or an item give `{"Ok": value}` or `{"Err": {"name": …, "cause": …}}`. No state is added to the way
/// that goes well.
pub(super) fn keep(flow: &mut Flow, names: &mut Names) {
    let mut failed: Option<String> = None;
    let wish = format!("{} failed", flow.start_at);
    for state in flow.states.values_mut() {
        if let Kind::Fail(fail) = &state.kind {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let error = json!({ "name": text(&fail.error), "cause": text(&fail.cause) });
            ends_with(state, json!({ "Err": error }));
            continue;
        }
        let lambda = lambda_error::asks_lambda(state);
        let catch = match &mut state.kind {
            Kind::Task(task) => Some(&mut task.catch),
            Kind::Parallel(parallel) => Some(&mut parallel.catch),
            Kind::Map(map) => Some(&mut map.catch),
            _ => None,
        };
        let gives = match catch {
            Some(_) => "$states.result",
            None => "$states.input",
        };
        let all = |catcher: &Catcher| catcher.error_equals.iter().any(|name| name == "States.ALL");
        if let Some(catch) = catch
            && !catch.iter().any(all)
        {
            let to = failed.get_or_insert_with(|| names.fresh(&wish)).clone();
            let mut catcher = Catcher::on(["States.ALL"], to);
            catcher.output = Some(json!({ "Err": caught(lambda)["error"] }));
            catch.push(catcher);
        }
        let value = state
            .output
            .clone()
            .unwrap_or_else(|| expression(gives).into());
        match state.transition() {
            Some(Transition::End) => state.output = Some(json!({ "Ok": value })),
            // Not every interpreter minds the `Output` of a Succeed state.
            None if matches!(state.kind, Kind::Succeed(_)) => {
                ends_with(state, json!({ "Ok": value }));
            }
            _ => {}
        }
    }
    if let Some(failed) = failed {
        flow.states.insert(failed, State::from(Succeed));
    }
}

fn ends_with(state: &mut State, output: Value) {
    let pass = Pass {
        transition: Transition::End,
        ..Pass::default()
    };
    let comment = state.comment.take();
    *state = State::from(pass).output(output);
    state.comment = comment;
}
