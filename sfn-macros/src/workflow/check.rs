//! What the stages mean. All opinions about them are here and in `verbs`, `choose` and `options`.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Expr, ExprClosure, LitStr, Path, punctuated::Punctuated, spanned::Spanned};

use super::{
    choose, options,
    parse::{Form, Raw, Written, paragraph},
    repair,
    stage::{Options, Seq, Stage, What},
    verbs::{VERBS, verb},
};
use crate::{
    diagnostics::{Diagnostics, list, near_miss},
    duration,
    expr::parameter,
};

/// Step Functions' bounds of a machine's time limit, in seconds.
const TIMEOUT: (u64, u64) = (1, 99_999_999);

/// What is said about the workflow itself.
pub(super) struct Head {
    pub(super) root: TokenStream,
    pub(super) name: LitStr,
    pub(super) comment: String,
    pub(super) express: bool,
    pub(super) timeout: Option<duration::Span>,
    pub(super) input: Option<TokenStream>,
}

pub(super) fn head(written: &Written, form: Form, found: &mut Diagnostics) -> Head {
    let start = written
        .first
        .as_ref()
        .map_or_else(Span::call_site, proc_macro2::TokenTree::span);
    if form == Form::Workflow {
        match &written.name {
            None => {
                found
                    .error_at(start, "a workflow needs a name")
                    .help("begin with `name = \"…\"`: it is the name of the state machine");
            }
            Some(name) => check_name(name, found),
        }
    }
    if written.stages.is_empty() && found.is_empty() {
        let at = written.name.as_ref().map_or(start, LitStr::span);
        found
            .error_at(at, format!("this {} has no stages", form.noun()))
            .help("name a step: `workflow!(name = \"…\", make_dough, bake)`");
    }
    let express = match &written.kind {
        Some(kind) if kind == "express" => true,
        Some(kind) if kind == "standard" => false,
        Some(kind) => {
            let error = found.error(kind, format!("unknown kind `{kind}`"));
            if let Some(near) = near_miss(&kind.to_string(), ["standard", "express"]) {
                error.help(format!("did you mean `{near}`?"));
            }
            error.help("the kinds are `standard` and `express`");
            false
        }
        None => false,
    };
    let timeout = written
        .timeout
        .as_ref()
        .and_then(|(name, literal)| duration::literal_in(name, literal, TIMEOUT, found));
    if let (true, Some(timeout)) = (express, &timeout)
        && timeout.seconds > 300
    {
        found
            .error(
                &timeout.at,
                "an express workflow may take five minutes at most",
            )
            .help("shorten the timeout, or remove `kind = express`");
    }
    Head {
        root: super::root(&written.root),
        name: written
            .name
            .clone()
            .unwrap_or_else(|| LitStr::new("unnamed", start)),
        comment: paragraph(&written.docs),
        express,
        timeout,
        input: written.input.as_ref().map(ToTokens::to_token_stream),
    }
}

fn check_name(literal: &LitStr, found: &mut Diagnostics) {
    let name = literal.value();
    let refused =
        |c: char| c.is_whitespace() || c.is_control() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c);
    if name.is_empty() {
        found
            .error(literal, "the name is empty")
            .help("write the name of the state machine, such as `name = \"make-pizza\"`");
    } else if name.chars().count() > 80 {
        found
            .error(literal, "the name has more than 80 characters")
            .note("AWS takes 80 characters at most");
    } else if let Some(bad) = name.chars().find(|c| refused(*c)) {
        let safe: String = name
            .chars()
            .map(|c| if refused(c) { '-' } else { c })
            .collect();
        found
            .error(
                literal,
                format!("{bad:?} cannot stand in a workflow's name"),
            )
            .note("it names a state machine, and AWS takes no spaces and few symbols there")
            .help(format!("write `name = {safe:?}`"));
    }
}

/// The name of a state, from `.named("…")`.
pub(super) fn check_state_name(literal: &LitStr, found: &mut Diagnostics) {
    let name = literal.value();
    if name.is_empty() {
        found
            .error(literal, "the name is empty")
            .help("name the state, or remove `.named(..)`");
    } else if name.chars().count() > 80 {
        found
            .error(literal, "the name has more than 80 characters")
            .note("AWS takes 80 characters at most for the name of a state");
    } else if name.chars().any(char::is_control) {
        found.error(literal, "the name has control characters");
    }
}

pub(super) fn stages(written: &[Raw], found: &mut Diagnostics) -> Seq {
    let mut seq = Vec::new();
    for raw in written {
        let from = seq.len();
        // What is wrong with half-typed code beyond its syntax is not said yet.
        let mut unheard = Diagnostics::default();
        let heard = if raw.repaired {
            &mut unheard
        } else {
            &mut *found
        };
        stage_into(&raw.expr, &mut seq, heard);
        for mended in &mut seq[from..] {
            mended.repaired |= raw.repaired;
        }
        if let (Some(first), false) = (seq.get_mut(from), raw.docs.is_empty())
            && first.options.comment.is_none()
        {
            first.options.comment = Some(paragraph(&raw.docs));
        }
    }
    check_reached(&seq, found);
    seq
}

/// Reads one expression as stages: a tuple is a sequence.
pub(super) fn sequence(expr: &Expr, found: &mut Diagnostics) -> Seq {
    let mut seq = Vec::new();
    stage_into(expr, &mut seq, found);
    check_reached(&seq, found);
    seq
}

pub(super) fn check_reached(seq: &[Stage], found: &mut Diagnostics) {
    for pair in seq.windows(2) {
        if pair[0].ends() {
            found
                .error_at(pair[1].span, "this stage is never reached")
                .note("what stands before it ends the workflow in every case")
                .help("remove it, or let what stands before it pass a value on");
        }
    }
}

pub(super) fn stage_into(expr: &Expr, seq: &mut Seq, found: &mut Diagnostics) {
    match expr {
        // What could not be read, and was reported.
        Expr::Verbatim(tokens) => seq.push(broken(tokens.span())),
        Expr::Tuple(tuple) if tuple.elems.is_empty() => {
            found
                .error(tuple, "nothing is no stage")
                .help("name a step, or write `pass()`");
            seq.push(broken(tuple.span()));
        }
        Expr::Tuple(tuple) => {
            for part in &tuple.elems {
                stage_into(part, seq, found);
            }
        }
        Expr::Block(inner) => seq.extend(choose::block(&inner.block, found)),
        Expr::Paren(inner) => stage_into(&inner.expr, seq, found),
        Expr::Group(inner) => stage_into(&inner.expr, seq, found),
        _ => {
            if let Some(stage) = stage(expr, found) {
                seq.push(stage);
            } else {
                seq.push(broken(expr.span()));
            }
        }
    }
}

pub(super) fn broken(span: Span) -> Stage {
    Stage {
        span,
        what: What::Broken,
        options: Options::default(),
        repaired: false,
    }
}

fn stage(expr: &Expr, found: &mut Diagnostics) -> Option<Stage> {
    match expr {
        Expr::Path(path) => Some(Stage {
            span: last_span(&path.path),
            what: What::Step(path.path.clone()),
            options: Options::default(),
            repaired: false,
        }),
        // `bake.`: half-typed.
        Expr::Field(field) if matches!(&field.member, syn::Member::Named(name) if name == repair::MISSING) => {
            stage(&field.base, found)
        }
        Expr::Field(field) => {
            let mut stage = stage(&field.base, found)?;
            options::half(&mut stage, &field.member, found);
            Some(stage)
        }
        Expr::Call(call) => verb(call, found),
        Expr::MethodCall(call) => {
            if let Expr::Tuple(_) = &*call.receiver {
                let option = &call.method;
                found
                    .error(
                        option,
                        format!("`{option}` belongs to one stage, and this is a sequence"),
                    )
                    .help("write it after one of the stages in the parentheses");
                return None;
            }
            let mut stage = match &*call.receiver {
                Expr::Paren(inner) => stage(&inner.expr, found)?,
                receiver => stage(receiver, found)?,
            };
            options::apply(&mut stage, call, found);
            Some(stage)
        }
        Expr::Await(awaited) => {
            found
                .error(
                    &awaited.await_token,
                    "a stage is a step's name, without `.await`",
                )
                .help("remove it: Step Functions waits for every step");
            None
        }
        Expr::If(_) | Expr::Match(_) => {
            found
                .error_at(expr.span(), "a condition stands in `choose`")
                .help("write `choose(|it| if it.ready { … } else { … })`");
            None
        }
        Expr::Macro(called) => {
            found
                .error(&called.mac.path, "a macro is no stage")
                .help("name a step, or put the stages in a `static … = fragment!(..)` and write `include(..)`");
            None
        }
        Expr::Closure(closure) => {
            found
                .error(&closure.body, "a closure is no stage")
                .note("a step runs elsewhere and later, so it needs a name")
                .help("make it a function with `#[step]`, and name that");
            None
        }
        Expr::Try(tried) => {
            found
                .error(
                    &tried.question_token,
                    "a stage is a step's name, without `?`",
                )
                .help("remove it: an error ends the workflow, unless `.catch(..)` takes it");
            None
        }
        _ => {
            found
                .error(expr, "this is no stage")
                .help(format!("name a step, or write one of {}", list(VERBS)));
            None
        }
    }
}

/// `#[step]`s are named by their last word.
fn last_span(path: &Path) -> Span {
    path.segments
        .last()
        .map_or_else(|| path.span(), |last| last.ident.span())
}

/// A type without the `&` before it.
pub(super) fn owned(ty: &syn::Type) -> TokenStream {
    match ty {
        syn::Type::Reference(reference) => reference.elem.to_token_stream(),
        other => other.to_token_stream(),
    }
}

pub(super) fn value_name<'a>(
    closure: &'a ExprClosure,
    found: &mut Diagnostics,
) -> Option<(&'a syn::Ident, Option<&'a syn::Type>)> {
    if let Some(asyncness) = &closure.asyncness {
        found
            .error(asyncness, "this closure is not run, so it cannot be async")
            .help("remove `async`");
        return None;
    }
    let parameter = parameter(closure);
    if parameter.is_none() {
        let span = closure.inputs.span();
        let span = if closure.inputs.is_empty() {
            closure.or1_token.span()
        } else {
            span
        };
        found
            .error_at(span, "this closure takes the value under one name")
            .help("write `|it| …`, and `it.part` for its parts");
    }
    parameter
}

/// Refuses two states of one name where both are in sight.
pub(super) fn names(seq: &[Stage], found: &mut Diagnostics) {
    let mut seen = Vec::new();
    visit_names(seq, &mut seen, found);
}

fn visit_names(seq: &[Stage], seen: &mut Vec<String>, found: &mut Diagnostics) {
    let mut once = |key: String, span: Span, text: String, help: &str, found: &mut Diagnostics| {
        if seen.contains(&key) {
            found
                .error_at(span, text)
                .note("the names of the states of a workflow are unique, within branches and items too")
                .help(help);
        } else {
            seen.push(key);
        }
    };
    for stage in seq {
        let named = stage.options.named.as_ref();
        match (&stage.what, named) {
            (What::Include(path), named) => {
                let path = text(path);
                let name = named.map(LitStr::value).unwrap_or_default();
                let what = format!("the fragment `{path}` is included twice under the same names");
                let help = "name one of them: `include(..).named(\"second\")` puts that before its states' names";
                once(
                    format!("include {path} {name}"),
                    stage.span,
                    what,
                    help,
                    found,
                );
            }
            (_, Some(name)) => {
                let what = format!("two states are named `{}`", name.value());
                once(
                    format!("named {}", name.value()),
                    name.span(),
                    what,
                    "choose another name",
                    found,
                );
            }
            (What::Step(path), None) => {
                let path = text(path);
                let what = format!("the step `{path}` is used twice under the same name");
                let help = format!("name one of its states: `{path}.named(\"…\")`");
                once(format!("step {path}"), stage.span, what, &help, found);
            }
            _ => {}
        }
        if let What::Choose(choose) = &stage.what {
            for arm in &choose.arms {
                if let Some((path, name)) = asked(&arm.test) {
                    let path = text(path);
                    let (key, what) = match name {
                        Some(name) => (
                            format!("named {}", name.value()),
                            format!("two states are named `{}`", name.value()),
                        ),
                        None => (
                            format!("step {path}"),
                            format!("the step `{path}` is used twice under the same name"),
                        ),
                    };
                    let help =
                        format!("name one of its states: `{path}(it).named(\"…\")` in a condition");
                    once(key, arm.span, what, &help, found);
                }
            }
        }
    }
    for stage in seq {
        for within in within(stage) {
            visit_names(within, seen, found);
        }
    }
}

fn asked(test: &crate::expr::Lowered) -> Option<(&Path, Option<&LitStr>)> {
    use crate::expr::Lowered;
    match test {
        Lowered::Predicate(path, name) => Some((path, name.as_ref())),
        Lowered::Not(inner) => asked(inner),
        Lowered::Binary(_, left, _) => asked(left),
        _ => None,
    }
}

/// The sequences within a stage, in the order of the source.
pub(super) fn within(stage: &Stage) -> Vec<&Seq> {
    let mut found: Vec<&Seq> = match &stage.what {
        What::Parallel(branches) => branches.iter().collect(),
        What::Map(_, body) => vec![body],
        What::Choose(choose) => {
            let arms = choose.arms.iter().map(|arm| &arm.body);
            let otherwise = match &choose.otherwise {
                super::stage::Otherwise::Arm(_, arm) => Some(arm),
                _ => None,
            };
            arms.chain(otherwise).collect()
        }
        _ => Vec::new(),
    };
    found.extend(stage.options.catches.iter().map(|catch| &catch.handler));
    found
}

fn text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

/// The arguments of a call as they were, for the parsers that `#[step]` uses.
pub(super) fn tokens(args: &Punctuated<Expr, syn::Token![,]>) -> TokenStream {
    args.to_token_stream()
}
