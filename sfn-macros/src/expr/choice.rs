//! `if`, `match` and `matches!`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{BinOp, Expr, ExprIf, ExprMatch, Member, Pat, Type};

use super::lower::Lowering;
use crate::diagnostics::Diagnostics;

/// A condition, and what its `let`s bind.
pub(super) struct Condition {
    pub(super) before: TokenStream,
    pub(super) test: TokenStream,
    pub(super) bindings: TokenStream,
}

impl Lowering<'_> {
    pub(super) fn branches(
        &mut self,
        branches: &ExprIf,
        expected: Option<Type>,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let ops = self.ops();
        self.locals.push();
        let condition = self.condition(&branches.cond, found);
        self.expected = expected.clone();
        let then = self.block(&branches.then_branch, found);
        self.locals.pop();
        self.expected = expected;
        let otherwise = match &branches.else_branch {
            Some((_, otherwise)) => self.lower(otherwise, found),
            None => {
                self.expected = None;
                found
                    .refuse(
                        &branches.if_token,
                        "SFN0212",
                        "an `if` that yields a value needs an `else`",
                    )
                    .help("add `else { … }`");
                None
            }
        };
        let Condition {
            before,
            test,
            bindings,
        } = condition?;
        let (then, otherwise) = (then?, otherwise?);
        Some(quote! {
            { #before #ops::when(#test, { #bindings #then }, #otherwise) }
        })
    }

    /// A condition, with the names that its `let`s bind. Those are in the current scope afterwards.
    pub(super) fn condition(&mut self, expr: &Expr, found: &mut Diagnostics) -> Option<Condition> {
        let ops = self.ops();
        match expr {
            Expr::Let(binding) => {
                let subject = self.lower(&binding.expr, found)?;
                let name = self.locals.temporary();
                let matched = self.pattern(&binding.pat, &quote! { #name.clone() }, found)?;
                let test = matched
                    .test
                    .unwrap_or_else(|| quote! { #ops::boolean(true) });
                let bound = matched.bindings;
                Some(Condition {
                    // Later parts of the condition may name what this one binds.
                    before: quote! { let #name = #subject; #bound },
                    test,
                    bindings: TokenStream::new(),
                })
            }
            Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) && has_let(expr) => {
                let left = self.condition(&binary.left, found);
                let right = self.condition(&binary.right, found);
                let (left, right) = (left?, right?);
                let (a, b) = (left.test, right.test);
                let (mut before, mut bindings) = (left.before, left.bindings);
                before.extend(right.before);
                bindings.extend(right.bindings);
                Some(Condition {
                    before,
                    test: quote! { #ops::and(#a, #b) },
                    bindings,
                })
            }
            Expr::Paren(inner) if has_let(expr) => self.condition(&inner.expr, found),
            plain => {
                let test = self.lower(plain, found)?;
                Some(Condition {
                    before: TokenStream::new(),
                    test,
                    bindings: TokenStream::new(),
                })
            }
        }
    }

    pub(super) fn arms(
        &mut self,
        arms: &ExprMatch,
        expected: Option<Type>,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let ops = self.ops();
        let subject = self.lower(&arms.expr, found);
        let name = self.locals.temporary();
        let mut written = Vec::new();
        for arm in &arms.arms {
            self.locals.push();
            let matched = self.pattern(&arm.pat, &quote! { #name.clone() }, found);
            let guard = arm
                .guard
                .as_ref()
                .map(|(_, guard)| self.lower(guard, found));
            self.expected = expected.clone();
            let body = self.lower(&arm.body, found);
            self.expected = None;
            self.locals.pop();
            written.push((matched, guard, body));
        }
        let subject = subject?;
        let mut rest: Option<TokenStream> = None;
        for (matched, guard, body) in written.into_iter().rev() {
            let (matched, body) = (matched?, body?);
            let guard = match guard {
                Some(guard) => Some(guard?),
                None => None,
            };
            let bindings = matched.bindings;
            let test = match (matched.test, guard) {
                (None, None) => None,
                (Some(test), None) => Some(test),
                (None, Some(guard)) => Some(guard),
                (Some(test), Some(guard)) => Some(quote! { #ops::and(#test, #guard) }),
            };
            rest = Some(match (test, rest) {
                // rustc has seen that the arms are exhaustive, so the last needs no test.
                (_, None) => quote! { { #bindings #body } },
                (None, Some(_)) => quote! { { #bindings #body } },
                (Some(test), Some(rest)) => quote! {
                    { let __rest = #rest; #bindings #ops::when(#test, #body, __rest) }
                },
            });
        }
        let rest = rest?;
        let hint = subject_hint(&arms.expr);
        Some(quote! { #ops::bind(#hint, #subject, |#name| #rest) })
    }

    pub(super) fn matches(
        &mut self,
        subject: &Expr,
        pattern: &Pat,
        guard: Option<&Expr>,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let ops = self.ops();
        let lowered = self.lower(subject, found);
        let name = self.locals.temporary();
        self.locals.push();
        let matched = self.pattern(pattern, &quote! { #name.clone() }, found);
        let guard = guard.map(|guard| self.lower(guard, found));
        self.locals.pop();
        let (lowered, matched) = (lowered?, matched?);
        let bindings = matched.bindings;
        let test = matched
            .test
            .unwrap_or_else(|| quote! { #ops::boolean(true) });
        let test = match guard {
            Some(guard) => {
                let guard = guard?;
                quote! { #ops::and(#test, #guard) }
            }
            None => test,
        };
        let hint = subject_hint(subject);
        Some(quote! { #ops::bind(#hint, #lowered, |#name| { #bindings #test }) })
    }
}

fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Paren(inner) => has_let(&inner.expr),
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            has_let(&binary.left) || has_let(&binary.right)
        }
        _ => false,
    }
}

fn subject_hint(expr: &Expr) -> String {
    match expr {
        Expr::Path(path) => path
            .path
            .get_ident()
            .map_or_else(|| "it".to_owned(), |name| name.to_string()),
        Expr::Field(field) => match &field.member {
            Member::Named(name) => name.to_string(),
            Member::Unnamed(_) => "it".to_owned(),
        },
        Expr::Reference(inner) => subject_hint(&inner.expr),
        Expr::MethodCall(call) => subject_hint(&call.receiver),
        _ => "it".to_owned(),
    }
}
