//! `choose(|it| if … { … } else { … })` and `choose(|it| match … { … })`.

use proc_macro2::{Delimiter, Span, TokenStream};
use quote::quote;
use syn::{Block, Expr, ExprClosure, ExprIf, ExprMatch, Pat, Stmt, spanned::Spanned};

use super::{
    check::{check_reached, owned, stage_into, value_name},
    stage::{Arm, Check, Choose, Otherwise, Seq},
};
use crate::{
    diagnostics::Diagnostics,
    expr::{Lowered, Matched, Scope, mixed, pattern},
};

pub(super) fn choose(closure: &ExprClosure, found: &mut Diagnostics) -> Option<Choose> {
    let (value, ty) = value_name(closure, found)?;
    let mut body = &*closure.body;
    while let Expr::Block(block) = body
        && let [Stmt::Expr(only, None)] = &block.block.stmts[..]
    {
        body = only;
    }
    let mut reading = Reading {
        scope: Scope::new(value, true),
        inputs: &closure.inputs,
        checks: Vec::new(),
        arms: Vec::new(),
        whole: true,
    };
    let otherwise = match body {
        Expr::If(branches) => reading.branches(branches, found),
        Expr::Match(arms) => reading.matched(arms, found)?,
        other => {
            found
                .error_at(other.span(), "`choose` decides by an `if` or a `match`")
                .help(format!(
                    "write `choose(|{value}| if {value}.ready {{ … }} else {{ … }})`"
                ));
            return None;
        }
    };
    reading.whole.then_some(Choose {
        checks: reading.checks,
        arms: reading.arms,
        otherwise,
        takes: ty.map(owned),
    })
}

struct Reading<'a> {
    scope: Scope<'a>,
    inputs: &'a syn::punctuated::Punctuated<Pat, syn::Token![,]>,
    checks: Vec<Check>,
    arms: Vec<Arm>,
    /// Whether everything was understood.
    whole: bool,
}

impl Reading<'_> {
    fn branches(&mut self, branches: &ExprIf, found: &mut Diagnostics) -> Otherwise {
        let mut branch = branches;
        loop {
            let test = self.scope.condition(&branch.cond, found);
            self.show_conditions();
            let body = block(&branch.then_branch, found);
            self.arm(arm_span(&branch.then_branch, &body), test, body);
            match branch.else_branch.as_ref().map(|(_, next)| &**next) {
                None => return Otherwise::Pass(branch.if_token.span),
                Some(Expr::If(next)) => branch = next,
                Some(Expr::Block(last)) => {
                    let body = block(&last.block, found);
                    return Otherwise::Arm(arm_span(&last.block, &body), body);
                }
                // `else` is followed by a block or an `if`: rustc's own grammar.
                Some(other) => {
                    let mut body = Vec::new();
                    stage_into(other, &mut body, found);
                    return Otherwise::Arm(other.span(), body);
                }
            }
        }
    }

    fn arm(&mut self, span: Span, test: Option<Lowered>, body: Seq) {
        match test {
            Some(test) => self.arms.push(Arm { span, test, body }),
            None => self.whole = false,
        }
    }

    /// Lets rustc see the conditions just read, as ordinary Rust.
    fn show_conditions(&mut self) {
        let inputs = self.inputs;
        for plain in self.scope.plain.drain(..) {
            let span = telling(&plain);
            self.checks
                .push(Check::Condition(span, quote! { |#inputs| #plain }));
        }
        for (span, counted) in self.scope.counted.drain(..) {
            self.checks
                .push(Check::Counted(span, quote! { |#inputs| &#counted }));
        }
    }

    fn matched(&mut self, arms: &ExprMatch, found: &mut Diagnostics) -> Option<Otherwise> {
        let subjects: Vec<&Expr> = match &*arms.expr {
            Expr::Tuple(tuple) => tuple.elems.iter().collect(),
            one => vec![one],
        };
        let mut lowered = Vec::new();
        for subject in subjects {
            lowered.push(self.scope.lower(subject, found)?);
        }
        self.show_patterns(arms);
        let mut otherwise = None;
        for arm in &arms.arms {
            let matched = pattern(&arm.pat, &lowered, found);
            let guard = arm.guard.as_ref().map(|(_, guard)| {
                let lowered = self.scope.lower(guard, found);
                lowered.map(Matched::When)
            });
            self.scope.plain.clear();
            let body = arm_body(&arm.body, found);
            let span = body
                .last()
                .map_or_else(|| arm.body.span(), |last| last.span);
            let test = match (matched, guard) {
                (Some(Matched::Always), None) => {
                    // What follows is never matched: rustc says so about the patterns.
                    otherwise.get_or_insert(Otherwise::Arm(span, body));
                    continue;
                }
                (Some(Matched::Always), Some(Some(Matched::When(guard)))) => Some(guard),
                (Some(Matched::When(test)), None) => Some(test),
                (Some(Matched::When(test)), Some(Some(Matched::When(guard)))) => {
                    Some(test.and(guard))
                }
                _ => None,
            };
            self.arm(span, test, body);
        }
        if self.arms.is_empty() && self.whole {
            found
                .error(&arms.match_token, "this `match` decides nothing")
                .help("name the variants that are treated differently, or write the stages without `choose`");
            return None;
        }
        Some(otherwise.unwrap_or(Otherwise::Exhausted))
    }

    /// Lets rustc see the patterns, so that it finds the missing and the mistyped ones.
    fn show_patterns(&mut self, arms: &ExprMatch) {
        let (inputs, subject) = (self.inputs, &arms.expr);
        let cases: TokenStream = arms
            .arms
            .iter()
            .map(|arm| {
                let (pattern, arrow) = (&arm.pat, &arm.fat_arrow_token);
                // rustc's suggestion of a missing arm is put together from these places.
                let mut body = proc_macro2::Group::new(Delimiter::Brace, TokenStream::new());
                body.set_span(match &*arm.body {
                    Expr::Block(block) => block.block.brace_token.span.join(),
                    other => other.span(),
                });
                let guard = arm
                    .guard
                    .as_ref()
                    .map(|(if_token, guard)| quote! { #if_token #guard });
                quote! { #pattern #guard #arrow #body }
            })
            .collect();
        let word = &arms.match_token;
        self.checks.push(Check::Patterns(
            quote! { |#inputs| #word #subject { #cases } },
        ));
        let counted: Vec<_> = self.scope.counted.drain(..).collect();
        for (span, counted) in counted {
            self.checks
                .push(Check::Counted(span, quote! { |#inputs| &#counted }));
        }
    }
}

/// The token that says most about what an expression yields.
fn telling(expr: &Expr) -> Span {
    match expr {
        Expr::Field(field) => field.member.span(),
        Expr::MethodCall(call) => call.method.span(),
        Expr::Paren(inner) => telling(&inner.expr),
        other => other.span(),
    }
}

/// Where a mistake in an arm's type stands: on what gives the type.
fn arm_span(block: &Block, body: &Seq) -> Span {
    body.last()
        .map_or_else(|| mixed(block.span()), |last| last.span)
}

fn arm_body(expr: &Expr, found: &mut Diagnostics) -> Seq {
    match expr {
        Expr::Block(inner) => block(&inner.block, found),
        // `()` and `{}` both pass the value on.
        Expr::Tuple(tuple) if tuple.elems.is_empty() => Vec::new(),
        other => {
            let mut seq = Vec::new();
            stage_into(other, &mut seq, found);
            check_reached(&seq, found);
            seq
        }
    }
}

/// The stages of a block: `{ a; b }`.
pub(super) fn block(block: &Block, found: &mut Diagnostics) -> Seq {
    let mut seq = Vec::new();
    for statement in &block.stmts {
        match statement {
            Stmt::Expr(expr, _) => stage_into(expr, &mut seq, found),
            Stmt::Macro(called) => {
                let path = &called.mac.path;
                found
                    .error(path, "a macro is no stage")
                    .help("write `fail(\"Name\", \"cause\")` to end with an error");
            }
            Stmt::Local(local) => {
                found
                    .error(
                        &local.let_token,
                        "an arm is a sequence of stages, without variables",
                    )
                    .note("each stage is given what the one before it gave")
                    .help("name the steps one after the other");
            }
            Stmt::Item(item) => {
                found
                    .error_at(item.span(), "an arm is a sequence of stages")
                    .help("move this item out of the workflow");
            }
        }
    }
    check_reached(&seq, found);
    seq
}
