//! A call as it stands in a body: what is called, its options, and whether it is awaited and tried.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{
    Expr, ExprAwait, ExprCall, ExprMethodCall, ExprPath, ExprTry, Macro, Token, spanned::Spanned,
};

use super::options;
use crate::{expr::is_callable, root::at};

/// Functions of the runtime that are states by themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::state_machine) enum Special {
    Sleep,
    SleepUntil,
    Map,
    Aws,
}

/// Which of those a call is of.
pub(in crate::state_machine) fn special(call: &ExprCall) -> Option<Special> {
    let Expr::Path(path) = &*call.func else {
        return None;
    };
    let last = path.path.segments.last()?.ident.to_string();
    Some(match last.as_str() {
        "sleep" => Special::Sleep,
        "sleep_until" => Special::SleepUntil,
        "map_concurrent" => Special::Map,
        "aws" => Special::Aws,
        _ => return None,
    })
}

/// `PIZZA.call(order)`: the path of the `static`, where its workflow is one.
pub(in crate::state_machine) fn nested(method: &ExprMethodCall) -> Option<&ExprPath> {
    let Expr::Path(path) = &*method.receiver else {
        return None;
    };
    let last = path.path.segments.last()?.ident.to_string();
    // A value's name begins in lower case.
    let is_static = last.starts_with(char::is_uppercase);
    (is_static && method.method == "call" && method.args.len() == 1).then_some(path)
}

/// Whether a method call is an option of the call it stands on.
pub(in crate::state_machine) fn is_option(method: &ExprMethodCall) -> bool {
    options::is_known(&method.method) && bottom(&method.receiver)
}

/// Whether there is a call of something under the options.
fn bottom(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(method) => is_option(method) || nested(method).is_some(),
        Expr::Call(call) => special(call).is_some() || is_callable(call),
        Expr::Macro(called) => is_join(&called.mac),
        _ => false,
    }
}

pub(super) fn is_join(called: &Macro) -> bool {
    called
        .path
        .segments
        .last()
        .is_some_and(|last| last.ident == "join" || last.ident == "try_join")
}

/// What is called.
pub(super) enum What<'e> {
    Call(&'e ExprCall, &'e ExprPath),
    /// A workflow that is the value of a `static`, and what it is given.
    Nested(&'e ExprPath, &'e ExprMethodCall),
    Special(Special, &'e ExprCall),
    Join(&'e Macro),
}

/// A call with what is said around it.
pub(super) struct Called<'e> {
    pub(super) what: What<'e>,
    /// The options, in the order of the source.
    pub(super) options: Vec<&'e ExprMethodCall>,
    pub(super) awaited: Option<Token![await]>,
    pub(super) tried: Option<Token![?]>,
}

impl<'e> Called<'e> {
    /// The call that an expression is; none for any other expression.
    pub(super) fn of(expr: &'e Expr) -> Option<Self> {
        match expr {
            Expr::Paren(inner) => Self::of(&inner.expr),
            Expr::Group(inner) => Self::of(&inner.expr),
            Expr::Try(ExprTry {
                expr,
                question_token,
                ..
            }) => {
                let called = Self::of(expr)?;
                called.tried.is_none().then_some(Self {
                    tried: Some(*question_token),
                    ..called
                })
            }
            Expr::Await(ExprAwait {
                base, await_token, ..
            }) => {
                let called = Self::under(base, true)?;
                Some(Self {
                    awaited: Some(*await_token),
                    ..called
                })
            }
            other => Self::under(other, false),
        }
    }

    /// The call under its options. What is awaited has no other methods than options.
    fn under(expr: &'e Expr, awaited: bool) -> Option<Self> {
        let mut options = Vec::new();
        let mut expr = expr;
        loop {
            match expr {
                Expr::Paren(inner) => expr = &inner.expr,
                Expr::Group(inner) => expr = &inner.expr,
                Expr::MethodCall(method)
                    if nested(method).is_none() && (awaited || is_option(method)) =>
                {
                    options.push(method);
                    expr = &method.receiver;
                }
                _ => break,
            }
        }
        options.reverse();
        let what = match expr {
            Expr::Call(call) => match special(call) {
                Some(special) => What::Special(special, call),
                None if is_callable(call) => match &*call.func {
                    Expr::Path(path) => What::Call(call, path),
                    _ => return None,
                },
                None => return None,
            },
            Expr::Macro(called) if is_join(&called.mac) => What::Join(&called.mac),
            Expr::MethodCall(method) => What::Nested(nested(method)?, method),
            _ => return None,
        };
        Some(Self {
            what,
            options,
            awaited: None,
            tried: None,
        })
    }

    pub(super) fn option(&self, name: &str) -> Option<&'e ExprMethodCall> {
        self.options
            .iter()
            .find(|option| option.method == name)
            .copied()
    }

    /// Whether its errors can be caught one by one.
    pub(super) fn is_attempt(&self) -> bool {
        is_task(&self.what)
    }

    /// The errors that it may end with, as tokens.
    pub(super) fn errors(&self, root: &TokenStream) -> TokenStream {
        match self.what {
            What::Call(_, path) => {
                let callable = callable(path, root);
                quote! { #callable::callee().errors() }
            }
            _ => quote! { <#root::Failure as #root::StepError>::ERRORS },
        }
    }

    pub(super) fn span(&self) -> Span {
        match self.what {
            What::Call(_, path) => path_span(path),
            What::Nested(_, method) => method.method.span(),
            What::Special(_, call) => call.func.span(),
            What::Join(called) => called.path.span(),
        }
    }
}

fn path_span(path: &ExprPath) -> Span {
    path.path
        .segments
        .last()
        .map_or_else(Span::call_site, |last| last.ident.span())
}

/// What a path stands for among the types.
pub(super) fn callable(path: &ExprPath, root: &TokenStream) -> TokenStream {
    let root = at(root.clone(), path_span(path));
    quote! { <#path as #root::flow::Callable> }
}

pub(super) fn is_call(what: &What<'_>) -> bool {
    matches!(what, What::Call(..))
}

pub(super) fn is_nested(what: &What<'_>) -> bool {
    matches!(what, What::Nested(..))
}

pub(super) fn is_aws(what: &What<'_>) -> bool {
    matches!(what, What::Special(Special::Aws, _))
}

/// Whether it is one Task state.
pub(super) fn is_task(what: &What<'_>) -> bool {
    is_call(what) || is_nested(what) || is_aws(what)
}

pub(super) fn is_map(what: &What<'_>) -> bool {
    matches!(what, What::Special(Special::Map, _))
}
