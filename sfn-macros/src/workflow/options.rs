//! What may be said about a stage where it is used: `.retry(..)`, `.catch(..)`, `.named("…")`.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{
    Expr, ExprMethodCall, Ident, Lit, LitStr, Member, parse::ParseStream, parse::Parser,
    spanned::Spanned,
};

use super::{
    check::{check_reached, check_state_name, stage_into, tokens},
    stage::{Catch, Limit, Seq, Stage, What},
};
use crate::{
    diagnostics::{Diagnostics, list, near_miss},
    duration,
    retry::{self, On, Retry},
    tolerate::tolerated,
};

/// An option, and which stages have it.
type Known = (&'static str, fn(&What) -> bool);

/// The options.
const OPTIONS: &[Known] = &[
    ("named", any),
    ("comment", not_included),
    ("retry", may_fail),
    ("catch", may_fail),
    ("collect", has_several),
    ("timeout", is_step),
    ("heartbeat", is_step),
    ("max_concurrency", is_map),
    ("distributed", is_map),
    ("tolerate", is_map),
];

/// Step Functions' bounds of a task's limits, in seconds.
const LIMIT: (u64, u64) = (1, 99_999_999);

fn any(_: &What) -> bool {
    true
}

fn not_included(what: &What) -> bool {
    !matches!(what, What::Include(_))
}

fn may_fail(what: &What) -> bool {
    matches!(what, What::Step(_) | What::Parallel(_) | What::Map(..))
}

fn has_several(what: &What) -> bool {
    matches!(what, What::Parallel(_) | What::Map(..))
}

fn is_step(what: &What) -> bool {
    matches!(what, What::Step(_))
}

fn is_map(what: &What) -> bool {
    matches!(what, What::Map(..))
}

fn verb(what: &What) -> &'static str {
    match what {
        What::Step(_) => "a step",
        What::Parallel(_) => "`parallel`",
        What::Map(..) => "`map`",
        What::Wait(_) | What::WaitFor(_) => "`wait`",
        What::WaitUntil(_) => "`wait_until`",
        What::Choose(_) => "`choose`",
        What::Fail(..) => "`fail`",
        What::Succeed => "`succeed`",
        What::Pass(_) => "`pass`",
        What::Include(_) => "`include`",
        What::Broken => "this stage",
    }
}

/// Why a stage has no such option, and what to do.
fn refuse(stage: &Stage, method: &Ident, found: &mut Diagnostics) {
    let name = method.to_string();
    let of = verb(&stage.what);
    let here: Vec<&str> = OPTIONS
        .iter()
        .filter(|(_, has)| has(&stage.what))
        .map(|(name, _)| *name)
        .collect();
    if let Some((name, has)) = OPTIONS.iter().find(|(known, _)| name == *known) {
        let error = found.error(method, format!("{of} has no `{name}`"));
        let whose: &[(&What, &str)] = &[
            (&What::Parallel(Vec::new()), "`parallel`"),
            (&What::Map(None, Vec::new()), "`map`"),
        ];
        let mut have = vec!["steps"];
        if !has(&What::Step(syn::parse_quote! { step })) {
            have.clear();
        }
        have.extend(
            whose
                .iter()
                .filter(|(what, _)| has(what))
                .map(|(_, word)| *word),
        );
        error.note(format!("`{name}` is for {}", have.join(", ")));
        error.help(format!("the options of {of} are {}", list(&here)));
        return;
    }
    let error = found.error(method, format!("unknown option `{name}` of {of}"));
    match near_miss(&name, here.iter().copied()) {
        Some(near) => error.help(format!(
            "did you mean `{near}`? the options here are {}",
            list(&here)
        )),
        None => error.help(format!("the options here are {}", list(&here))),
    };
}

/// An option without its parentheses, which an editor may be completing.
pub(super) fn half(stage: &mut Stage, member: &Member, found: &mut Diagnostics) {
    if matches!(stage.what, What::Broken) {
        return;
    }
    let Member::Named(name) = member else {
        found
            .error(member, "a stage has no parts")
            .help("name the step alone");
        return;
    };
    let known = OPTIONS
        .iter()
        .any(|(known, has)| name == known && has(&stage.what));
    if known {
        found
            .error(name, format!("`{name}` needs its parentheses"))
            .help(format!("write `.{name}(..)`"));
    } else {
        refuse(stage, name, found);
    }
    stage.options.half = Some(name.clone());
    stage.repaired = true;
}

pub(super) fn apply(stage: &mut Stage, call: &ExprMethodCall, found: &mut Diagnostics) {
    if matches!(stage.what, What::Broken) {
        return;
    }
    let name = call.method.to_string();
    // Half-typed: rustc is silent about it, since the syntax was reported.
    if name == super::repair::MISSING {
        return;
    }
    let known = OPTIONS
        .iter()
        .any(|(known, has)| name == *known && has(&stage.what));
    if !known {
        refuse(stage, &call.method, found);
        stage.options.half = Some(call.method.clone());
        stage.repaired = true;
        return;
    }
    let at = &call.method;
    match name.as_str() {
        "named" => {
            if let Some(text) = text(call, "Get credit limit", found) {
                check_state_name(&text, found);
                once(&mut stage.options.named, text, at, found);
            }
        }
        "comment" => {
            if let Some(text) = text(call, "Why it is here", found) {
                once(&mut stage.options.comment, text.value(), at, found);
            }
        }
        "retry" => retry(stage, call, found),
        "catch" => catch(stage, call, found),
        "timeout" => {
            if let Some(limit) = limit(call, found) {
                once(&mut stage.options.timeout, limit, at, found);
                check_limits(stage, at, found);
            }
        }
        "heartbeat" => {
            if let Some(limit) = limit(call, found) {
                once(&mut stage.options.heartbeat, limit, at, found);
                check_limits(stage, at, found);
            }
        }
        "distributed" => {
            if !call.args.is_empty() {
                found
                    .error(&call.args, "`distributed` takes nothing")
                    .help("write `.distributed()`; `.tolerate(\"5%\")` lets items fail, `.max_concurrency(100)` limits how many run at once");
            }
            once(&mut stage.options.distributed, at.clone(), at, found);
        }
        "collect" => {
            if !call.args.is_empty() {
                found
                    .error(&call.args, "`collect` takes nothing")
                    .help("write `.collect()`: it gives how each branch or item ended, as a `Collected<T>`");
            }
            once(&mut stage.options.collect, at.clone(), at, found);
        }
        "tolerate" => {
            if stage.options.distributed.is_none() {
                found
                    .error(at, "only a distributed map lets its items fail")
                    .help("write `.distributed()` before it, or catch the error within the map: `.catch(..)` on its stage");
            } else if let Some(failures) = tolerated(call, found) {
                once(&mut stage.options.tolerate, failures, at, found);
            }
        }
        // The table above names nothing else.
        _ => {
            if let Some(items) = concurrency(call, found) {
                once(&mut stage.options.max_concurrency, items, at, found);
            }
        }
    }
}

fn once<T>(slot: &mut Option<T>, value: T, at: &Ident, found: &mut Diagnostics) {
    if slot.replace(value).is_some() {
        found
            .error(at, format!("`{at}` is given twice"))
            .help("keep one of them");
    }
}

fn text(call: &ExprMethodCall, example: &str, found: &mut Diagnostics) -> Option<LitStr> {
    if let (Some(Expr::Lit(literal)), 1) = (call.args.first(), call.args.len())
        && let Lit::Str(text) = &literal.lit
    {
        return Some(text.clone());
    }
    let name = &call.method;
    let span = if call.args.is_empty() {
        name.span()
    } else {
        call.args.span()
    };
    found
        .error_at(span, format!("`{name}` takes a text"))
        .help(format!("write `.{name}({example:?})`"));
    None
}

fn limit(call: &ExprMethodCall, found: &mut Diagnostics) -> Option<Limit> {
    let name = &call.method;
    match (call.args.first(), call.args.len()) {
        (Some(Expr::Lit(literal)), 1) => {
            duration::literal_in(name, &literal.lit, LIMIT, found).map(Limit::Text)
        }
        (Some(span), 1) => Some(Limit::Code(span.clone())),
        _ => {
            found
                .error(name, format!("`{name}` takes one span of time"))
                .help(format!("write `.{name}(\"5m\")`"));
            None
        }
    }
}

fn check_limits(stage: &Stage, at: &Ident, found: &mut Diagnostics) {
    if let (Some(Limit::Text(timeout)), Some(Limit::Text(heartbeat))) =
        (&stage.options.timeout, &stage.options.heartbeat)
        && heartbeat.seconds >= timeout.seconds
    {
        found
            .error(at, "the heartbeat must be shorter than the timeout")
            .help("a longer `timeout`, or a shorter `heartbeat`");
    }
}

fn concurrency(call: &ExprMethodCall, found: &mut Diagnostics) -> Option<Expr> {
    let wrong = |at: Span, found: &mut Diagnostics| {
        found
            .error_at(
                at,
                "`max_concurrency` takes how many items are worked on at a time",
            )
            .help("write `.max_concurrency(4)`; without it, as many as Step Functions will");
        None
    };
    match (call.args.first(), call.args.len()) {
        (Some(Expr::Lit(literal)), 1) => match &literal.lit {
            Lit::Int(number) if number.base10_parse::<u32>().is_ok_and(|items| items > 0) => {
                Some(Expr::Lit(literal.clone()))
            }
            other => wrong(other.span(), found),
        },
        (Some(items), 1) => Some(items.clone()),
        _ => wrong(call.method.span(), found),
    }
}

fn retry(stage: &mut Stage, call: &ExprMethodCall, found: &mut Diagnostics) {
    let before = found.len();
    let parser = |input: ParseStream<'_>| Ok(Retry::read(call.method.clone(), input, found));
    let retry = match parser.parse2(tokens(&call.args)) {
        Ok(retry) => retry,
        Err(error) => return found.syntax(&error),
    };
    if found.len() > before {
        return;
    }
    if retry.on.is_none() && !is_step(&stage.what) {
        found
            .error(&call.method, format!("which errors of {} are tried again?", verb(&stage.what)))
            .note("a step knows which of its errors are worth another attempt; several stages together do not")
            .help("write `.retry(on(..), …)`");
        return;
    }
    let retries = &mut stage.options.retries;
    retries.push(retry);
    retry::check_order(retries, found);
}

fn catch(stage: &mut Stage, call: &ExprMethodCall, found: &mut Diagnostics) {
    const FORM: &str =
        "write `.catch(on(OvenError::Burnt), apologise)`; `on(All)` covers every error";
    let mut arguments = call.args.iter();
    let on = match arguments.next() {
        Some(Expr::Call(on)) if on.func.to_token_stream().to_string() == "on" => on,
        Some(other) => {
            found
                .error_at(other.span(), "`catch` begins with the errors it takes")
                .help(FORM);
            return;
        }
        None => {
            found
                .error(&call.method, "`catch` needs errors and a handler")
                .help(FORM);
            return;
        }
    };
    let at = Ident::new("on", on.func.span());
    let parser = |input: ParseStream<'_>| On::read(&at, input, found);
    // `on` reads its own parentheses.
    let mut group = proc_macro2::Group::new(proc_macro2::Delimiter::Parenthesis, tokens(&on.args));
    group.set_span(on.paren_token.span.join());
    let read = parser.parse2(proc_macro2::TokenTree::from(group).into());
    let on = match read {
        Ok(Some(on)) => on,
        Ok(None) => return,
        Err(error) => return found.syntax(&error),
    };
    on.check(found);
    let mut handler = Seq::new();
    for stage in arguments {
        stage_into(stage, &mut handler, found);
    }
    check_reached(&handler, found);
    if handler.is_empty() {
        found
            .error(&call.method, "this `catch` has no handler")
            .help(FORM);
        return;
    }
    let covered = stage
        .options
        .catches
        .iter()
        .flat_map(|catch| &catch.on.errors);
    if covered.clone().any(retry::ErrorRef::is_all) {
        found
            .error(
                &call.method,
                "this `catch` is never reached: the one before it covers `All`",
            )
            .help("put the `catch` with `on(All)` last");
    } else {
        for error in &on.errors {
            if covered.clone().any(|before| before.key() == error.key()) {
                let text = error.to_token_stream().to_string().replace(' ', "");
                found
                    .error(error, format!("an earlier `catch` covers `{text}` already"))
                    .help("the first catcher that names an error takes it; remove it here");
            }
        }
    }
    stage.options.catches.push(Catch {
        at: call.method.span(),
        on,
        handler,
    });
}
