//! `if`, `match`, `let … else`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{BinOp, Expr, ExprIf, ExprLet, ExprMatch, Pat, parse_quote, spanned::Spanned};

use super::{Mode, Recorder, body_ident, called::Called, caught::Subject, first_token, given};
use crate::{
    expr::{self, effects, pattern_names},
    state_machine::words,
};

/// An arm as it is written: its pattern, its guard, what it does.
pub(super) struct Arm<'e> {
    pub(super) pat: &'e Pat,
    pub(super) guard: Option<&'e Expr>,
    pub(super) does: Does<'e>,
}

/// What an arm does.
#[derive(Clone, Copy)]
pub(super) enum Does<'e> {
    Expr(&'e Expr),
    /// Gives the name that the pattern binds: the way on of a `let … else`.
    Name(&'e Ident),
}

impl Recorder<'_> {
    /// An `if` whose value nobody uses.
    pub(super) fn branches(&mut self, branches: &ExprIf, mode: Mode, out: &mut TokenStream) {
        let mut inner = TokenStream::new();
        let value = self.branching(branches, mode, &mut inner);
        out.extend(quote! { { #inner let _ = #value; } });
    }

    /// An `if` with all its `else if`s: one Choice, as far as the conditions need no state of their own.
    pub(super) fn branching(
        &mut self,
        branches: &ExprIf,
        mode: Mode,
        out: &mut TokenStream,
    ) -> TokenStream {
        // `if let Ok(x) = step().await { … }` is a catch, and so is whatever binds an error.
        if let Some((binding, rest)) = first_let(&branches.cond)
            && (effects(&binding.expr) || self.is_about_errors(&binding.pat, &binding.expr))
        {
            return self.if_let(branches, binding, rest, mode, out);
        }
        let (body, none) = (body_ident(), quote! { ::core::option::Option::None });
        let mut rules = TokenStream::new();
        let mut otherwise = None;
        let mut next = Some(branches);
        self.at(branches.if_token.span(), out);
        while let Some(branch) = next.take() {
            self.push();
            let label = words::text(branch.cond.to_token_stream());
            let (test, bindings) = self.condition(&branch.cond, out);
            let mut inner = bindings.clone();
            for pat in lets(&branch.cond) {
                self.keep_names(pat, &mut inner);
            }
            let arm = self.arm(&branch.then_branch, mode);
            self.pop();
            rules.extend(quote! {
                .when(#label, { #bindings #test }, |#body| { #inner #arm })
            });
            match &branch.else_branch {
                None => {}
                Some((_, expr)) => match &**expr {
                    Expr::If(more)
                        if !self.acts(&more.cond)
                            && first_let(&more.cond).is_none_or(|(binding, _)| {
                                !self.is_about_errors(&binding.pat, &binding.expr)
                            }) =>
                    {
                        next = Some(more);
                    }
                    other => otherwise = Some(self.arm_expr(other, mode)),
                },
            }
        }
        let otherwise = match otherwise {
            Some(arm) => quote! { .otherwise(|#body| #arm) },
            None if mode == Mode::End => {
                quote! { .otherwise(|#body| { #body.return_(#none); #none }) }
            }
            None => TokenStream::new(),
        };
        quote! { #body.choose(#none) #rules #otherwise .join() }
    }

    /// A condition: its test, and the `let`s of its names. The effects of a plain one are recorded before.
    fn condition(&mut self, expr: &Expr, out: &mut TokenStream) -> (TokenStream, TokenStream) {
        if lets(expr).is_empty() {
            return (self.value(expr, out), TokenStream::new());
        }
        if effects(expr) {
            let awaited: Expr = expr.clone();
            self.found
                .refuse(
                    &first_token(&awaited),
                    "SFN0110",
                    "only the first `let` of a condition may call a step",
                )
                .note("the later ones are looked at only if the first holds")
                .help("write an `if` within the `if`, or call the step in a `let` before");
            return (self.unit(), TokenStream::new());
        }
        if let Some(name) = self.mentions_error(expr) {
            self.found
                .refuse(
                    &name,
                    "SFN0304",
                    format!(
                        "the error `{name}` cannot be looked at in a condition of several parts"
                    ),
                )
                .help("match it: `match error { … }`");
            return (self.unit(), TokenStream::new());
        }
        let matched = expr::condition(expr, &mut self.locals, self.root, self.found);
        match matched {
            Some(matched) => {
                let test = matched.test.unwrap_or_else(|| self.unit());
                (test, matched.bindings)
            }
            None => (self.unit(), TokenStream::new()),
        }
    }

    /// `if let PATTERN = step().await { … } else { … }`
    fn if_let(
        &mut self,
        branches: &ExprIf,
        binding: &ExprLet,
        rest: Option<Expr>,
        mode: Mode,
        out: &mut TokenStream,
    ) -> TokenStream {
        let (pat, subject, then) = (&binding.pat, &binding.expr, &branches.then_branch);
        let otherwise: Expr = match &branches.else_branch {
            Some((_, otherwise)) => (**otherwise).clone(),
            None => parse_quote! { {} },
        };
        let then: Expr = parse_quote! { #then };
        let wild: Pat = parse_quote! { _ };
        let arms = [
            Arm {
                pat,
                guard: rest.as_ref(),
                does: Does::Expr(&then),
            },
            Arm {
                pat: &wild,
                guard: None,
                does: Does::Expr(&otherwise),
            },
        ];
        let title = words::text(branches.cond.to_token_stream());
        self.at(branches.if_token.span(), out);
        self.matched(subject, &title, &arms, mode, out)
    }

    /// `let PATTERN = value else { … };`
    pub(super) fn let_else(
        &mut self,
        pat: &Pat,
        value: &Expr,
        diverge: &Expr,
        out: &mut TokenStream,
    ) {
        let body = body_ident();
        self.at(value.span(), out);
        let title = words::text(quote! { let #pat = #value });
        // `let Ok(x) = step().await else { … }`: the value comes out of the attempt.
        if self.is_about_errors(pat, value) || is_result(pat) {
            let Some(inner) = ok_of(pat) else {
                self.found
                    .refuse(
                        &first_token(pat),
                        "SFN0302",
                        "only `Ok(..)` can be kept by a `let … else` here",
                    )
                    .help("write `let Ok(value) = … else { … }`, or `match` the result");
                self.bind_unknown(pat);
                return;
            };
            let name = Ident::new("kept", Span::mixed_site());
            let ok: Pat = parse_quote! { Ok(#name) };
            let wild: Pat = parse_quote! { _ };
            let arms = [
                Arm {
                    pat: &ok,
                    guard: None,
                    does: Does::Name(&name),
                },
                Arm {
                    pat: &wild,
                    guard: None,
                    does: Does::Expr(diverge),
                },
            ];
            let kept = self.matched(value, &title, &arms, Mode::Value, out);
            let kept = self.keep(kept, out);
            self.bind_refutable(inner, kept, value, diverge, &title, out);
            return;
        }
        let subject = self.value(value, out);
        let subject = match self.reads_mutable(value) {
            true => quote! { #body.bind("value", #subject) },
            false => subject,
        };
        let subject = self.keep(subject, out);
        self.bind_refutable(pat, subject, value, diverge, &title, out);
    }

    /// Leaves where the pattern does not match, and binds its names for what follows.
    fn bind_refutable(
        &mut self,
        pat: &Pat,
        subject: TokenStream,
        of: &Expr,
        diverge: &Expr,
        title: &str,
        out: &mut TokenStream,
    ) {
        let body = body_ident();
        // Its names are not in scope in the `else`.
        let leave = self.arm_expr(diverge, Mode::Nothing);
        if let Pat::Ident(_) | Pat::Wild(_) = pat {
            return self.bind_pattern(pat, subject, of, out);
        }
        let matched = expr::body_pattern(pat, &subject, &mut self.locals, self.root, self.found);
        let Some(matched) = matched else {
            return self.bind_unknown(pat);
        };
        let bindings = matched.bindings;
        if let Some(test) = matched.test {
            out.extend(quote! {
                let _ = #body
                    .choose(::core::option::Option::None)
                    .when(#title, { #bindings #test }, |#body| ::core::option::Option::None)
                    .otherwise(|#body| #leave)
                    .join();
            });
        }
        out.extend(bindings);
        self.keep_names(pat, out);
    }

    /// A `match`; gives tokens of type `E<Checked>`.
    pub(super) fn arms(
        &mut self,
        expr: &ExprMatch,
        mode: Mode,
        out: &mut TokenStream,
    ) -> TokenStream {
        let arms: Vec<Arm<'_>> = expr
            .arms
            .iter()
            .map(|arm| Arm {
                pat: &arm.pat,
                guard: arm.guard.as_ref().map(|(_, guard)| &**guard),
                does: Does::Expr(&arm.body),
            })
            .collect();
        let subject = &expr.expr;
        let title = words::text(quote! { match #subject });
        self.at(expr.match_token.span(), out);
        self.matched(subject, &title, &arms, mode, out)
    }

    /// Whether a match is about how a call ended, or about an error.
    fn is_about_errors(&self, pat: &Pat, subject: &Expr) -> bool {
        is_result(pat) || self.error_named(subject).is_some()
    }

    /// Something matched against arms.
    pub(super) fn matched(
        &mut self,
        subject: &Expr,
        title: &str,
        arms: &[Arm<'_>],
        mode: Mode,
        out: &mut TokenStream,
    ) -> TokenStream {
        if let Some(error) = self.error_named(subject) {
            let subject = Subject::Error(quote! { #error.clone() });
            return self.choice(&subject, title, arms, mode);
        }
        if arms.iter().any(|arm| is_result(arm.pat)) {
            if let Some(called) = Called::of(subject)
                && called.tried.is_none()
                && called.is_attempt()
                && let Some(attempt) = self.attempt(&called, title, arms, mode, out)
            {
                return attempt;
            }
            let value = self.value(subject, out);
            let value = self.keep(value, out);
            return self.choice(&Subject::Result(value), title, arms, mode);
        }
        let value = self.value(subject, out);
        let value = match self.reads_mutable(subject) {
            true => {
                let body = body_ident();
                quote! { #body.bind("value", #value) }
            }
            false => value,
        };
        let value = self.keep(value, out);
        self.choice(&Subject::Value(value), title, arms, mode)
    }

    /// The arms as a Choice; none where the first always matches.
    pub(super) fn choice(
        &mut self,
        subject: &Subject,
        title: &str,
        arms: &[Arm<'_>],
        mode: Mode,
    ) -> TokenStream {
        let body = body_ident();
        let mut rules = TokenStream::new();
        let mut closed = false;
        for (index, arm) in arms.iter().enumerate() {
            self.push();
            let matched = self.arm_pattern(subject, arm.pat);
            let guard = arm.guard.map(|guard| {
                if effects(guard) {
                    self.found
                        .refuse(&first_token(guard), "SFN0110", "a guard cannot call a step")
                        .note("a guard is a part of the choice, and a call a state of its own")
                        .help("write an `if` within the arm");
                    return self.unit();
                }
                let (test, _) = match lets(guard).is_empty() {
                    true => (self.pure(guard, None), TokenStream::new()),
                    false => {
                        self.found
                            .refuse(
                                &first_token(guard),
                                "SFN0110",
                                "a guard cannot hold a `let`",
                            )
                            .help("write an `if let` within the arm");
                        (self.unit(), TokenStream::new())
                    }
                };
                test
            });
            let Some(matched) = matched else {
                self.bind_unknown(arm.pat);
                let _ = self.does(arm, mode);
                self.pop();
                continue;
            };
            let bindings = &matched.bindings;
            let mut inner = bindings.clone();
            let names: Vec<_> = pattern_names(arm.pat);
            let keeps: Vec<_> = names
                .iter()
                .filter(|name| self.is_caught(name) == super::Caught::No)
                .collect();
            for name in keeps {
                let pat: Pat = parse_quote! { #name };
                self.keep_names(&pat, &mut inner);
            }
            let does = self.does(arm, mode);
            self.pop();
            let test = match (matched.test, guard) {
                (None, None) => None,
                (Some(test), None) => Some(test),
                (None, Some(guard)) => Some(guard),
                (Some(test), Some(guard)) => {
                    let ops = self.ops();
                    Some(quote! { #ops::and(#test, #guard) })
                }
            };
            match test {
                Some(test) => {
                    let (pat, guard) = (arm.pat, arm.guard.map(|guard| quote! { if #guard }));
                    let label = words::text(quote! { #pat #guard });
                    rules.extend(quote! {
                        .when(#label, { #bindings #test }, |#body| { #inner #does })
                    });
                }
                None if index == 0 => {
                    // Nothing is chosen. A value comes out of the block, and a flow that ended stays ended.
                    let value = self.first_of(&inner, &does);
                    return value;
                }
                None => {
                    rules.extend(quote! { .otherwise(|#body| { #inner #does }) });
                    closed = true;
                    break;
                }
            }
        }
        if !closed {
            rules.extend(quote! { .exhausted() });
        }
        quote! {
            #body.choose(::core::option::Option::Some(#title)) #rules .join()
        }
    }

    fn first_of(&self, inner: &TokenStream, does: &TokenStream) -> TokenStream {
        let (root, unit) = (self.root, self.unit());
        quote! {
            {
                #inner
                let value: ::core::option::Option<#root::flow::E<#root::flow::Checked>> = #does;
                value.unwrap_or_else(|| #unit)
            }
        }
    }

    pub(super) fn does(&mut self, arm: &Arm<'_>, mode: Mode) -> TokenStream {
        match arm.does {
            Does::Expr(expr) => self.arm_expr(expr, mode),
            Does::Name(name) => {
                let ident = self.locals.get(name).map(|local| local.ident.clone());
                given(
                    &TokenStream::new(),
                    ident.map(|ident| quote! { #ident.clone() }),
                )
            }
        }
    }
}

/// Whether a pattern is about how something ended: `Ok(..)`, `Err(..)`.
pub(super) fn is_result(pat: &Pat) -> bool {
    match pat {
        Pat::TupleStruct(data) => data.path.is_ident("Ok") || data.path.is_ident("Err"),
        Pat::Or(any) => any.cases.iter().any(is_result),
        Pat::Paren(inner) => is_result(&inner.pat),
        Pat::Reference(inner) => is_result(&inner.pat),
        _ => false,
    }
}

/// What stands in `Ok(..)`.
pub(super) fn ok_of(pat: &Pat) -> Option<&Pat> {
    inside(pat, "Ok")
}

/// What stands in `Err(..)`.
pub(super) fn err_of(pat: &Pat) -> Option<&Pat> {
    inside(pat, "Err")
}

fn inside<'p>(pat: &'p Pat, name: &str) -> Option<&'p Pat> {
    match pat {
        Pat::TupleStruct(data) if data.path.is_ident(name) && data.elems.len() == 1 => {
            data.elems.first()
        }
        Pat::Paren(inner) => inside(&inner.pat, name),
        Pat::Reference(inner) => inside(&inner.pat, name),
        _ => None,
    }
}

/// The first `let` of a condition, and the conditions behind it.
fn first_let(expr: &Expr) -> Option<(&ExprLet, Option<Expr>)> {
    match expr {
        Expr::Let(binding) => Some((binding, None)),
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            let (binding, rest) = first_let(&binary.left)?;
            let right = &binary.right;
            let rest: Expr = match rest {
                Some(rest) => parse_quote! { #rest && #right },
                None => (**right).clone(),
            };
            Some((binding, Some(rest)))
        }
        _ => None,
    }
}

/// The patterns of the `let`s in a condition.
fn lets(expr: &Expr) -> Vec<&Pat> {
    match expr {
        Expr::Let(binding) => vec![&binding.pat],
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            let mut all = lets(&binary.left);
            all.extend(lets(&binary.right));
            all
        }
        Expr::Paren(inner) => lets(&inner.expr),
        _ => Vec::new(),
    }
}
