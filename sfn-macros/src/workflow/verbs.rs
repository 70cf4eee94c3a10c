//! The stages that are written with parentheses: `parallel(..)`, `wait(..)`, and their like.

use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::{Expr, ExprCall, ExprClosure, Lit, Path, spanned::Spanned};

use super::{
    check::{broken, owned, sequence, value_name},
    choose,
    stage::{Computed, ErrorText, Options, Projection, Stage, Template, What},
};
use crate::{
    diagnostics::{Diagnostics, list, near_miss},
    duration,
    expr::{Scope, is_ident},
};

/// The stages that have a verb, for messages.
pub(super) const VERBS: &[&str] = &[
    "parallel",
    "map",
    "wait",
    "wait_until",
    "choose",
    "fail",
    "succeed",
    "pass",
    "include",
];

/// The most branches of a `parallel`: as many as a tuple of the standard library has traits for.
const MOST_BRANCHES: usize = 12;

/// Step Functions' bounds of a wait, in seconds.
const WAIT: (u64, u64) = (0, 99_999_999);

pub(super) fn verb(call: &ExprCall, found: &mut Diagnostics) -> Option<Stage> {
    let Expr::Path(function) = &*call.func else {
        found
            .error(&call.func, "this is no stage")
            .help(format!("name a step, or write one of {}", list(VERBS)));
        return None;
    };
    let name = function.path.to_token_stream().to_string().replace(' ', "");
    let at = function.path.span();
    let what = match name.as_str() {
        "parallel" => parallel(call, at, found)?,
        "map" => map(call, at, found)?,
        "wait" => wait(call, at, found)?,
        "wait_until" => {
            let Some(Expr::Closure(closure)) = only(call, found, "|it| &it.ready_at")? else {
                let wrong = call.args.first();
                return say_projection(wrong, "wait_until", "ready_at", found);
            };
            What::WaitUntil(projection(closure, found)?)
        }
        "choose" => match only(call, found, "|it| if it.ready { … } else { … }")? {
            Some(Expr::Closure(closure)) => What::Choose(choose::choose(closure, found)?),
            other => {
                found
                    .error_at(
                        other.map_or(at, Spanned::span),
                        "`choose` takes a closure over the value",
                    )
                    .help("write `choose(|it| if it.ready { … } else { … })`, or a `match` in it");
                return None;
            }
        },
        "fail" => fail(call, at, found)?,
        "succeed" => {
            if let Some(wrong) = call.args.first() {
                found
                    .error(
                        wrong,
                        "`succeed` takes nothing: it ends with the value as it is",
                    )
                    .help("put a stage before it that gives what the workflow shall end with");
                return None;
            }
            What::Succeed
        }
        "pass" => match call.args.first() {
            None => What::Pass(None),
            Some(Expr::Closure(closure)) if call.args.len() == 1 => {
                What::Pass(Some(computed(closure, found)?))
            }
            Some(wrong) => {
                found
                    .error(wrong, "`pass` takes a closure over the value, or nothing")
                    .help("write `pass(|it| it.part)`");
                return None;
            }
        },
        "include" => {
            match only(call, found, "FRAGMENT")? {
                Some(Expr::Path(path)) => What::Include(path.path.clone()),
                other => {
                    found
                    .error_at(other.map_or(at, Spanned::span), "`include` takes the name of a fragment")
                    .help("write `static PART: Fragment<A, B> = fragment!(..)`, and `include(PART)`");
                    return None;
                }
            }
        }
        _ => {
            unknown_verb(call, &function.path, &name, found);
            return None;
        }
    };
    Some(Stage {
        span: at,
        what,
        options: Options::default(),
        repaired: false,
    })
}

fn unknown_verb(call: &ExprCall, path: &Path, name: &str, found: &mut Diagnostics) {
    if let Some(near) = near_miss(name, VERBS.iter().copied()) {
        found.error(path, format!("unknown stage `{name}(..)`")).help(format!(
            "did you mean `{near}`? a step is named without parentheses; the other stages are {}",
            list(VERBS)
        ));
        return;
    }
    let error = found.error(
        path,
        format!("`{name}(..)` is a call, and a stage is a step's name"),
    );
    if call.args.is_empty() {
        error.help(format!("write `{name}`"));
    } else {
        error
            .note("a step is given what the stage before it gave")
            .help(format!(
                "write `{name}`, and let the stage before it give what it takes"
            ));
    }
    error.help(format!("the stages with parentheses are {}", list(VERBS)));
}

/// The only argument; none is reported by whoever asks.
#[expect(
    clippy::option_option,
    reason = "the outer one says that a mistake was reported"
)]
fn only<'a>(
    call: &'a ExprCall,
    found: &mut Diagnostics,
    example: &str,
) -> Option<Option<&'a Expr>> {
    let name = call.func.to_token_stream().to_string();
    if let Some(wrong) = call.args.iter().nth(1) {
        found
            .error(wrong, format!("`{name}` takes one thing"))
            .help(format!(
                "write `{name}({example})`; a sequence stands in parentheses of its own"
            ));
        return None;
    }
    Some(call.args.first())
}

fn say_projection<T>(
    wrong: Option<&Expr>,
    verb: &str,
    field: &str,
    found: &mut Diagnostics,
) -> Option<T> {
    let span = wrong.map_or_else(Span::call_site, Spanned::span);
    found
        .error_at(
            span,
            format!("`{verb}` takes a closure that points at a part of the value"),
        )
        .help(format!("write `{verb}(|it| &it.{field})`"));
    None
}

fn parallel(call: &ExprCall, at: Span, found: &mut Diagnostics) -> Option<What> {
    if call.args.is_empty() {
        found
            .error_at(at, "this `parallel` has no branches")
            .help("write `parallel(make_dough, make_sauce)`");
        return None;
    }
    if let Some(excess) = call.args.iter().nth(MOST_BRANCHES) {
        found
            .error_at(
                excess.span(),
                format!("a `parallel` has at most {MOST_BRANCHES} branches"),
            )
            .help("nest a `parallel` in one of them, or use `map`");
        return None;
    }
    let branches = call.args.iter().map(|branch| sequence(branch, found));
    Some(What::Parallel(branches.collect()))
}

fn map(call: &ExprCall, at: Span, found: &mut Diagnostics) -> Option<What> {
    let mut arguments = call.args.iter().peekable();
    let projected = match arguments.peek() {
        None => {
            found
                .error_at(at, "this `map` has nothing to do")
                .help("write `map(|it| &it.items, stage)`");
            return None;
        }
        Some(Expr::Closure(closure)) => {
            let projection = projection(closure, found)?;
            arguments.next();
            Some(projection)
        }
        Some(_) => None,
    };
    let Some(body) = arguments.next() else {
        found
            .error_at(at, "this `map` does nothing with the items")
            .help("write `map(|it| &it.items, stage)`");
        // The projection stays, for editors to complete in it.
        return projected.map(|projected| What::Map(Some(projected), vec![broken(at)]));
    };
    if let Some(excess) = arguments.next() {
        found
            .error(excess, "`map` takes one stage after the list")
            .help("put a sequence in parentheses: `map(|it| &it.items, (first, second))`");
        return None;
    }
    Some(What::Map(projected, sequence(body, found)))
}

fn wait(call: &ExprCall, at: Span, found: &mut Diagnostics) -> Option<What> {
    match only(call, found, "minutes(2)")? {
        None => {
            found
                .error_at(at, "`wait` needs to know how long")
                .help("write `wait(minutes(2))`");
            None
        }
        Some(Expr::Lit(literal)) if matches!(literal.lit, Lit::Str(_)) => {
            let name = syn::Ident::new("wait", at);
            duration::literal_in(&name, &literal.lit, WAIT, found).map(What::WaitFor)
        }
        Some(Expr::Lit(literal)) => {
            let number = literal.lit.to_token_stream();
            found
                .error(&literal.lit, "`wait` needs a unit")
                .help(format!(
                    "write `wait(seconds({number}))`, `minutes`, `hours` or `days`"
                ));
            None
        }
        Some(Expr::Closure(closure)) => {
            found
                .error(
                    &closure.body,
                    "`wait` takes a span of time that is known beforehand",
                )
                .help("to wait until a time in the data, write `wait_until(|it| &it.ready_at)`");
            None
        }
        Some(span) => Some(What::Wait(span.clone())),
    }
}

fn fail(call: &ExprCall, at: Span, found: &mut Diagnostics) -> Option<What> {
    if let Some(excess) = call.args.iter().nth(2) {
        found
            .error(excess, "`fail` takes an error and a cause")
            .help(FAIL_FORMS);
        return None;
    }
    let error = match call.args.first() {
        None => {
            found
                .error_at(at, "`fail` needs the error's name")
                .help(FAIL_FORMS);
            return None;
        }
        Some(Expr::Lit(literal)) if matches!(literal.lit, Lit::Str(_)) => {
            let Lit::Str(text) = &literal.lit else {
                return None;
            };
            let name = text.value();
            if name.is_empty() {
                found
                    .error(text, "the error's name is empty")
                    .help(FAIL_FORMS);
            } else if name.chars().count() > 256 {
                found.error(text, "an error's name has at most 256 characters");
            } else if name.starts_with("States.") {
                found
                    .error(text, "names that begin with `States.` are AWS's own")
                    .help("choose another name, such as `fail(\"OutOfStock\", \"…\")`");
            }
            ErrorText::Text(text.clone())
        }
        Some(Expr::Path(path)) if path.path.segments.len() > 1 => {
            ErrorText::Variant(path.path.clone())
        }
        Some(wrong) => {
            found
                .error(
                    wrong,
                    "the error is named by a text, or by a variant of an error type",
                )
                .help(FAIL_FORMS);
            return None;
        }
    };
    Some(What::Fail(error, call.args.iter().nth(1).cloned()))
}

const FAIL_FORMS: &str = "write `fail(\"OutOfStock\", \"nothing left\")` or `fail(OvenError::Burnt, \"too long in the oven\")`";

/// `|order| &order.items`, or without the `&`.
pub(super) fn projection(closure: &ExprClosure, found: &mut Diagnostics) -> Option<Projection> {
    let (name, ty) = value_name(closure, found)?;
    let scope = Scope::new(name, false);
    let Some(crate::expr::Lowered::Path(names)) = scope.names(&closure.body, found) else {
        return None;
    };
    let inputs = &closure.inputs;
    let body = match &*closure.body {
        body @ Expr::Reference(reference) if !is_ident(&reference.expr, name) => quote! { #body },
        // The whole value is there by reference already.
        Expr::Reference(reference) => reference.expr.to_token_stream(),
        body if is_ident(body, name) => quote! { #body },
        body => quote! { &#body },
    };
    Some(Projection {
        closure: quote! { |#inputs| #body },
        names,
        span: last_member(&closure.body),
        takes: ty.map(owned),
    })
}

/// What names the part: `ingredients` in `&order.ingredients`.
fn last_member(expr: &Expr) -> Span {
    match expr {
        Expr::Reference(reference) => last_member(&reference.expr),
        Expr::Field(field) => field.member.span(),
        other => other.span(),
    }
}

/// `|order| (order.a, order.b)`
fn computed(closure: &ExprClosure, found: &mut Diagnostics) -> Option<Computed> {
    let (name, ty) = value_name(closure, found)?;
    let mut typed = closure.clone();
    // What is passed on is stored, so a reference means what it refers to.
    while let Expr::Reference(reference) = &*typed.body {
        let inner = reference.expr.clone();
        typed.body = inner;
    }
    let mut scope = Scope::new(name, false);
    let template = template(&typed.body, &mut scope, found)?;
    Some(Computed {
        takes: ty.map(owned),
        closure: typed,
        template,
    })
}

fn template(expr: &Expr, scope: &mut Scope<'_>, found: &mut Diagnostics) -> Option<Template> {
    match expr {
        Expr::Paren(inner) => template(&inner.expr, scope, found),
        Expr::Tuple(tuple) => {
            let items = tuple.elems.iter().map(|item| template(item, scope, found));
            // All of them are read before giving up, so that every mistake is reported.
            let items: Vec<Option<Template>> = items.collect();
            items
                .into_iter()
                .collect::<Option<Vec<_>>>()
                .map(Template::List)
        }
        expr => {
            let lowered = scope.condition(expr, found)?;
            Some(Template::Leaf(lowered))
        }
    }
}
