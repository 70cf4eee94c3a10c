//! The function as ordinary Rust: the user's statements, with as little changed as can be.
//!
//! What changes: a call `step(..)` becomes one of the function beside it that takes nothing from the program; the options of a
//! call fall away, since only Step Functions can retry; `?` and `.into()` keep the name of an error, or do not compile.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Block, Expr, ExprCall, ItemFn, Macro, Stmt, Token,
    parse::Parser,
    parse_quote_spanned,
    punctuated::Punctuated,
    spanned::Spanned,
    visit_mut::{self, VisitMut},
};

use super::{
    body::{Special, is_option, special},
    check::Machine,
};
use crate::{
    diagnostics::Diagnostics,
    expr::{is_callable, mixed},
    root::at,
    step::PLAIN,
    tolerate::{Failures, tolerated},
};

pub(super) fn function(machine: &Machine, function: &ItemFn, right: bool) -> TokenStream {
    let mut function = function.clone();
    let root = machine.root.to_token_stream();
    let mut shadow = Shadow {
        root: &root,
        error: Ident::new("__Error", Span::mixed_site()),
        uses_error: false,
        within_async: false,
    };
    shadow.visit_block_mut(&mut function.block);
    if shadow.uses_error {
        let (name, output) = (&shadow.error, &machine.output);
        let span = output.span();
        let returned = {
            let root = machine.root.at(span);
            quote_spanned! {span=> <#output as #root::__private::Returned>::Error }
        };
        let alias: Stmt = syn::parse_quote! {
            #[allow(dead_code)]
            type #name = #returned;
        };
        function.block.stmts.insert(0, alias);
    }
    for input in &mut function.sig.inputs {
        if let syn::FnArg::Typed(typed) = input {
            typed.attrs.retain(|attr| !attr.path().is_ident("inject"));
        }
    }
    if right {
        // It may be called by tests alone. What else is unused in it, rustc says.
        return quote! { #[allow(dead_code, reason = "its states run elsewhere")] #function };
    }
    // What is wrong was said. rustc would say it again in its own words, so that only editors see the body.
    let (attrs, vis, sig, block) = (
        &function.attrs,
        &function.vis,
        &function.sig,
        &function.block,
    );
    quote! {
        #(#attrs)*
        // rustc knows no `cfg(rust_analyzer)`.
        #[allow(unused, unexpected_cfgs, reason = "its body is not looked at")]
        #vis #sig {
            #[cfg(rust_analyzer)]
            return #block;
            #[cfg(not(rust_analyzer))]
            let () = ::core::panic!("it was reported what is wrong with this function");
        }
    }
}

struct Shadow<'a> {
    root: &'a TokenStream,
    /// The error type of the function.
    error: Ident,
    uses_error: bool,
    /// Whether it stands in an `async` block, whose error type nothing else says.
    within_async: bool,
}

/// A future's expression without its options, and what of them changes the type.
struct Bare {
    callback: Option<Span>,
    failure: Option<Span>,
    tolerates: Option<Failures>,
}

/// Takes the options off a call.
fn strip(expr: &mut Expr) -> Bare {
    let mut bare = Bare {
        callback: None,
        failure: None,
        tolerates: None,
    };
    while let Expr::MethodCall(call) = expr {
        if !is_option(call) {
            break;
        }
        if call.method == "callback" {
            bare.callback = Some(call.method.span());
        } else if call.method == "failure" {
            bare.failure = Some(call.method.span());
        } else if call.method == "tolerate" {
            // Whatever is wrong with it was reported.
            bare.tolerates = tolerated(call, &mut Diagnostics::default());
        }
        *expr = (*call.receiver).clone();
    }
    bare
}

impl Shadow<'_> {
    fn callable(&mut self, call: &mut ExprCall) {
        let Expr::Path(path) = &*call.func else {
            return;
        };
        let span = path
            .path
            .segments
            .last()
            .map_or_else(Span::call_site, |last| last.ident.span());
        let plain = Ident::new(PLAIN, mixed(span));
        let called = quote_spanned! {mixed(span)=> <#path>::#plain };
        if let Ok(called) = syn::parse2::<Expr>(called) {
            *call.func = called;
        }
    }

    /// What can be awaited: a call, a `join!`, a `map_concurrent`. `tried` says that `?` follows.
    fn future(&mut self, base: &mut Expr, bare: &Bare, tried: bool) {
        match base {
            Expr::Paren(inner) => self.future(&mut inner.expr, bare, tried),
            Expr::Group(inner) => self.future(&mut inner.expr, bare, tried),
            Expr::Macro(called) => {
                if let Some(branches) = self.branches(&called.mac) {
                    called.mac.tokens = branches;
                    if tried {
                        self.first_error(base);
                    }
                }
            }
            Expr::Call(call) if special(call) == Some(Special::Map) => {
                for argument in &mut call.args {
                    match argument {
                        Expr::Closure(closure) => self.branch(&mut closure.body),
                        other => self.visit_expr_mut(other),
                    }
                }
                if let Some(failures) = &bare.tolerates {
                    let (inner, failures) = (base.clone(), failures.tokens(self.root));
                    if let Ok(tolerant) = syn::parse2(quote! { #inner.tolerate(#failures) }) {
                        *base = tolerant;
                    }
                }
                if tried {
                    self.first_error(base);
                }
            }
            other => self.visit_expr_mut(other),
        }
    }

    fn first_error(&mut self, base: &mut Expr) {
        self.uses_error = true;
        let (inner, error) = (base.clone(), &self.error);
        let method = Ident::new("first_error", mixed(inner.span()));
        if let Ok(with) = syn::parse2(quote! { #inner.#method::<#error>() }) {
            *base = with;
        }
    }

    /// The branches of a `join!`, rewritten.
    fn branches(&mut self, called: &Macro) -> Option<TokenStream> {
        let name = called.path.segments.last()?.ident.to_string();
        if name != "join" && name != "try_join" {
            return None;
        }
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let mut branches = parser.parse2(called.tokens.clone()).ok()?;
        for branch in &mut branches {
            self.branch(branch);
        }
        Some(branches.to_token_stream())
    }

    /// A branch: a call that is not awaited, or an `async` block.
    fn branch(&mut self, branch: &mut Expr) {
        let bare = strip(branch);
        match branch {
            Expr::Call(call) if special(call).is_none() && is_callable(call) => {
                let root = at(self.root.clone(), mixed(call.func.span()));
                for argument in &mut call.args {
                    self.visit_expr_mut(argument);
                }
                self.callable(call);
                let span = mixed(call.func.span());
                let called = quote_spanned! {span=> __called };
                let mut future = quote_spanned! {span=> {
                    #[allow(unused_imports)]
                    use #root::__private::{ViaFuture as _, ViaValue as _};
                    let #called = #root::__private::Called(#call);
                    (&#called).called().future(#called)
                } };
                if bare.callback.is_some() {
                    future = quote_spanned! {span=>
                        async { #root::__private::answered(#future.await) }
                    };
                }
                if bare.failure.is_some() {
                    future = quote_spanned! {span=>
                        async { #root::__private::attempted(#future.await) }
                    };
                }
                if let Ok(future) = syn::parse2(future) {
                    *branch = future;
                }
            }
            Expr::Async(block) => {
                let outside = std::mem::replace(&mut self.within_async, true);
                self.visit_block_mut(&mut block.block);
                self.tail(&mut block.block);
                self.within_async = outside;
            }
            other => {
                self.future(other, &bare, false);
                if let Some(span) = bare.failure {
                    let (span, inner) = (mixed(span), other.clone());
                    let root = at(self.root.clone(), span);
                    let future = quote_spanned! {span=>
                        async { #root::__private::attempted(#inner.await) }
                    };
                    if let Ok(future) = syn::parse2(future) {
                        *other = future;
                    }
                }
            }
        }
    }

    /// Says the error type of `Ok(..)` at the end of an `async` block.
    fn tail(&mut self, block: &mut Block) {
        if let Some(Stmt::Expr(last, None)) = block.stmts.last_mut() {
            self.tail_expr(last);
        }
    }

    fn tail_expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else {
                    return;
                };
                if !path.path.is_ident("Ok") {
                    return;
                }
                self.uses_error = true;
                let error = &self.error;
                if let Ok(typed) = syn::parse2(quote! { #path::<_, #error> }) {
                    *call.func = typed;
                }
            }
            Expr::Block(block) => self.tail(&mut block.block),
            Expr::Paren(inner) => self.tail_expr(&mut inner.expr),
            Expr::If(branches) => {
                self.tail(&mut branches.then_branch);
                if let Some((_, otherwise)) = &mut branches.else_branch {
                    self.tail_expr(otherwise);
                }
            }
            Expr::Match(arms) => {
                for arm in &mut arms.arms {
                    self.tail_expr(&mut arm.body);
                }
            }
            _ => {}
        }
    }

    /// `Err(error.into())` keeps the error's name.
    fn keeps_its_name(&mut self, call: &mut ExprCall) {
        let Expr::Path(path) = &*call.func else {
            return;
        };
        if !path.path.is_ident("Err") {
            return;
        }
        if let Some(Expr::MethodCall(into)) = call.args.first()
            && into.method == "into"
            && into.args.is_empty()
        {
            let (error, span) = (into.receiver.clone(), mixed(into.method.span()));
            let root = at(self.root.clone(), span);
            let wrapped = quote_spanned! {span=> #root::Wraps::wrap(#error) };
            if let Ok(wrapped) = syn::parse2(wrapped) {
                call.args[0] = wrapped;
            }
        }
    }

    /// `ensure!`, `bail!`, `vec!` and `format!`: their arguments are expressions of the body.
    fn arguments(&mut self, called: &mut Macro) {
        let Some(name) = called.path.segments.last() else {
            return;
        };
        let ends = name.ident == "ensure" || name.ident == "bail";
        if !ends && name.ident != "vec" && name.ident != "format" {
            return;
        }
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(mut arguments) = parser.parse2(called.tokens.clone()) else {
            return;
        };
        for argument in &mut arguments {
            if let Expr::MethodCall(into) = argument
                && ends
                && into.method == "into"
                && into.args.is_empty()
            {
                // The macro wraps by itself.
                *argument = (*into.receiver).clone();
            }
            self.visit_expr_mut(argument);
        }
        called.tokens = arguments.to_token_stream();
    }
}

impl VisitMut for Shadow<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Try(tried) => {
                let question = tried.question_token.span();
                let joins = match &mut *tried.expr {
                    Expr::Await(awaited) => {
                        let bare = strip(&mut awaited.base);
                        self.future(&mut awaited.base, &bare, true);
                        let is_first_error = matches!(
                            &*awaited.base,
                            Expr::MethodCall(call) if call.method == "first_error"
                        );
                        changed(&mut tried.expr, &bare, self.root);
                        is_first_error
                    }
                    other => {
                        self.visit_expr_mut(other);
                        false
                    }
                };
                let (inner, span) = (&tried.expr, mixed(question));
                let root = at(self.root.clone(), span);
                let result = match joins {
                    true => inner.to_token_stream(),
                    false => {
                        self.uses_error = true;
                        // The name is the alias's, the place is that of the `?`.
                        let mut error = self.error.clone();
                        error.set_span(span);
                        quote_spanned! {span=> #root::__private::wrapped::<#error, _>(#inner) }
                    }
                };
                // In an `async` block nothing says which error type `?` converts into.
                let tokens = match self.within_async {
                    true => quote_spanned! {span=>
                        match #result {
                            ::core::result::Result::Ok(value) => value,
                            ::core::result::Result::Err(error) => {
                                return ::core::result::Result::Err(error)
                            }
                        }
                    },
                    false => {
                        let question = &tried.question_token;
                        quote! { #result #question }
                    }
                };
                if let Ok(tokens) = syn::parse2(tokens) {
                    *expr = tokens;
                }
            }
            Expr::Await(awaited) => {
                let bare = strip(&mut awaited.base);
                self.future(&mut awaited.base, &bare, false);
                changed(expr, &bare, self.root);
            }
            Expr::MethodCall(call) if is_option(call) => {
                let mut inner = expr.clone();
                let bare = strip(&mut inner);
                self.visit_expr_mut(&mut inner);
                *expr = inner;
                changed(expr, &bare, self.root);
            }
            Expr::Call(call) => {
                self.keeps_its_name(call);
                for argument in &mut call.args {
                    self.visit_expr_mut(argument);
                }
                if special(call).is_none() && is_callable(call) {
                    self.callable(call);
                }
            }
            Expr::Return(returned) => {
                visit_mut::visit_expr_return_mut(self, returned);
                if let Some(value) = &mut returned.expr
                    && self.within_async
                {
                    self.tail_expr(value);
                }
            }
            Expr::Macro(called) => self.arguments(&mut called.mac),
            // It belongs to an expression, which knows no steps.
            Expr::Closure(_) => {}
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_stmt_mut(&mut self, statement: &mut Stmt) {
        match statement {
            Stmt::Macro(called) => self.arguments(&mut called.mac),
            Stmt::Item(_) => {}
            other => visit_mut::visit_stmt_mut(self, other),
        }
    }
}

/// What an option makes of the value that was awaited.
fn changed(expr: &mut Expr, bare: &Bare, root: &TokenStream) {
    if let Some(span) = bare.callback {
        let span = mixed(span);
        let root = at(root.clone(), span);
        *expr = parse_quote_spanned! {span=> #root::__private::Answered::answered(#expr) };
    }
    if let Some(span) = bare.failure {
        let span = mixed(span);
        let root = at(root.clone(), span);
        *expr = parse_quote_spanned! {span=> #root::__private::attempted(#expr) };
    }
}
