//! What a step on Lambda says of its failure, found where Step Functions leaves it.
//!
//! An activity's cause arrives as its worker sent it. A function's is wrapped: Step Functions gives Lambda's whole answer,
//! `{"errorType": …, "errorMessage": <cause>}`, as text. What catches errors is to see the same from both places.

use sfn_asl::{Flow, Kind, State};

use crate::flow::{
    body::graph,
    expression::{Js, Local, Part},
};

/// How Lambda's answer begins. Services other than functions say what is wrong as plain text.
const ANSWER: &str = r#"^\{\s*"error(Type|Message)""#;

/// Whether a state may fail with what a function said: it calls one, or holds a flow that does.
pub(super) fn asks_lambda(state: &State) -> bool {
    let within = |flow: &Flow| flow.states.values().any(asks_lambda);
    match &state.kind {
        Kind::Task(task) => task.resource.starts_with("arn:aws:states:::lambda:invoke"),
        Kind::Parallel(parallel) => parallel.branches.iter().any(within),
        Kind::Map(map) => within(&map.item_processor.flow),
        _ => false,
    }
}

/// The cause as the step gave it; an empty text where there is none.
pub(in crate::flow) fn own_cause(cause: Js) -> Js {
    let name = Local::new("cause");
    let local = || Js::Local(name.clone());
    // `$contains` refuses what is no text, and a cause may be null.
    let text = Js::Call("string", vec![local()]);
    let answer = Js::Call("contains", vec![text, Js::Regex(ANSWER)]);
    let parsed = Js::Call("parse", vec![local()]);
    let message = Js::Part(Box::new(parsed), Part::Key("errorMessage".to_owned()));
    let empty = Js::Literal("".into());
    let plain = Js::Conditional(Box::new(local()), Box::new(local()), Box::new(empty));
    let own = Js::Conditional(Box::new(answer), Box::new(message), Box::new(plain));
    Js::Let(name, Box::new(cause), Box::new(own))
}

/// The cause that a catcher got, as the step gave it.
pub(super) fn caught_cause() -> Js {
    own_cause(cause_of_error())
}

/// An expression over what a catcher got, with the step's own cause in the place of Lambda's answer.
pub(super) fn unwrapped(mut js: Js) -> Js {
    fn put(js: &mut Js) {
        if *js == cause_of_error() {
            *js = caught_cause();
        } else if *js == graph::error_output() {
            let error = Js::Part(
                Box::new(graph::error_output()),
                Part::Key("Error".to_owned()),
            );
            *js = Js::Object(vec![
                ("Error".to_owned(), error),
                ("Cause".to_owned(), caught_cause()),
            ]);
        } else if !is_error_name(js) {
            js.children_mut().into_iter().for_each(put);
        }
    }
    put(&mut js);
    js
}

fn cause_of_error() -> Js {
    Js::Part(
        Box::new(graph::error_output()),
        Part::Key("Cause".to_owned()),
    )
}

fn is_error_name(js: &Js) -> bool {
    matches!(js, Js::Part(of, Part::Key(key)) if key == "Error" && **of == graph::error_output())
}
