//! What goes on side by side: `join!` and `map_concurrent`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Block, Expr, ExprCall, Lit, Macro, Stmt,
    visit::{self, Visit},
};

use super::{
    Mode, Recorder, body_ident,
    called::{Called, What},
    first_token, given,
};
use crate::state_machine::words;

impl Recorder<'_> {
    /// `join!(…).await`, with `?` or without.
    pub(super) fn join(
        &mut self,
        called: &Called<'_>,
        joined: &Macro,
        out: &mut TokenStream,
    ) -> TokenStream {
        let body = body_ident();
        let Some(branches) = self.branches_of(joined) else {
            return self.unit();
        };
        let first_error = called.tried.is_some();
        let tries = joined
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "try_join");
        if tries && !first_error {
            self.found
                .refuse(&joined.path, "SFN0107", "`try_join!` is followed by `?`")
                .note("it gives the first error, which ends the state machine")
                .help("write `try_join!(…).await?`, or `join!(…).await` to look at each result");
        }
        let mut recorded = TokenStream::new();
        for branch in &branches {
            let branch = self.branch(branch, first_error);
            recorded.extend(quote! { .branch(|#body| #branch) });
        }
        self.at(called.span(), out);
        let options = self.options(called, None, out);
        self.keep(quote! { #body.parallel() #recorded #options .join() }, out)
    }

    /// `map_concurrent(n, list, |item| …).await`, with `?` or without.
    pub(super) fn map(
        &mut self,
        called: &Called<'_>,
        call: &ExprCall,
        out: &mut TokenStream,
    ) -> TokenStream {
        const FORM: &str = "write `map_concurrent(4, &items, |item| prepare(item)).await?`";
        let (body, root) = (body_ident(), self.root);
        let arguments: Vec<&Expr> = call.args.iter().collect();
        let [most, items, each] = arguments.as_slice() else {
            self.found
                .error(&call.func, "`map_concurrent` takes how many items at a time, the items, and what is done with one")
                .help(FORM);
            return self.unit();
        };
        let Expr::Closure(each) = each else {
            self.found
                .refuse(
                    &first_token(each),
                    "SFN0111",
                    "what is done with an item is a closure",
                )
                .help(FORM);
            return self.unit();
        };
        if self.reads_any(most) {
            self.found
                .refuse(
                    &first_token(most),
                    "SFN0311",
                    "how many items at a time must be known when the state machine is written",
                )
                .help("write a number, or a constant");
            return self.unit();
        }
        if let Expr::Lit(literal) = most
            && let Lit::Int(number) = &literal.lit
            && number
                .base10_parse::<u64>()
                .is_ok_and(|number| number > 1_000)
        {
            self.found
                .error(
                    number,
                    "Step Functions works on at most 1,000 items at a time",
                )
                .help("write a smaller number; 0 sets no limit");
            return self.unit();
        }
        let Some(pat) = each.inputs.first().filter(|_| each.inputs.len() == 1) else {
            self.found
                .error(&each.or1_token, "the closure takes one item")
                .help(FORM);
            return self.unit();
        };
        let label = match items {
            Expr::Reference(reference) => words::text(reference.expr.to_token_stream()),
            other => words::text(other.to_token_stream()),
        };
        let label = format!("map {label}");
        let of = *items;
        let items = match items {
            Expr::Reference(reference) => self.value(&reference.expr, out),
            other => self.value(other, out),
        };
        let items = self.keep(items, out);
        let item = Ident::new("__item", Span::mixed_site());
        let mut inner = TokenStream::new();
        self.push();
        let pat = match pat {
            syn::Pat::Type(typed) => &*typed.pat,
            other => other,
        };
        self.bind_pattern(pat, quote! { #item }, of, &mut inner);
        let does = self.branch(&each.body, called.tried.is_some());
        self.pop();
        self.at(called.span(), out);
        let options = self.options(called, None, out);
        self.keep(
            quote! {
                #body.map(
                    #root::flow::results::at_most(#root::flow::MapSite::over(#items).label(#label), #most) #options,
                    |#body, #item, _| { #inner #does },
                )
            },
            out,
        )
    }

    /// One branch, as a closure's body gives it. With `first_error` its value is what it gives when it goes well;
    /// without, a `Result` stays one.
    fn branch(&mut self, branch: &Expr, first_error: bool) -> TokenStream {
        let mut out = TokenStream::new();
        let loops = std::mem::take(&mut self.loops);
        let keeps = std::mem::replace(&mut self.keeps_results, false);
        // What a branch gives, nothing says.
        let returns = self.returns.take();
        let option = std::mem::take(&mut self.gives_option);
        let written = match branch {
            Expr::Async(block) => self.branch_block(&block.block, first_error),
            Expr::Paren(inner) => self.branch(&inner.expr, first_error),
            Expr::Block(block) if one(&block.block).is_some() => {
                let inner = one(&block.block).expect("it was just looked at");
                self.branch(inner, first_error)
            }
            other => match Called::of(other) {
                Some(mut called) => {
                    if let (Some(awaited), What::Call(..) | What::Nested(..)) =
                        (called.awaited, &called.what)
                    {
                        self.found
                            .refuse(&awaited, "SFN0112", "a branch is not awaited by itself")
                            .note("the branches run at once, and are awaited together")
                            .help("remove this `.await`, or write `async { … }` around it");
                    }
                    // As if each were awaited, and its error taken or kept.
                    called.awaited = Some(<syn::Token![await]>::default());
                    if first_error {
                        called.tried = Some(<syn::Token![?]>::default());
                    }
                    if let What::Special(super::Special::Sleep | super::Special::SleepUntil, _) =
                        called.what
                    {
                        called.tried = None;
                    }
                    let value = self.called(&called, None, &mut out);
                    given(&out, Some(value))
                }
                None => {
                    self.found
                        .refuse(
                            &first_token(other),
                            "SFN0112",
                            "a branch is a call, or an `async` block",
                        )
                        .help("write `async { … }` around it");
                    quote! { ::core::option::Option::None }
                }
            },
        };
        self.loops = loops;
        self.keeps_results = keeps;
        self.returns = returns;
        self.gives_option = option;
        written
    }

    fn branch_block(&mut self, block: &Block, first_error: bool) -> TokenStream {
        let (body, results) = (body_ident(), self.results());
        let mut out = TokenStream::new();
        if first_error || !gives_result(block) {
            self.block(block, Mode::End, &mut out);
            return given(&out, None);
        }
        let errors = self.own_errors();
        self.keeps_results = true;
        self.block(block, Mode::End, &mut out);
        self.keeps_results = false;
        quote! {
            ::core::option::Option::Some(
                #results::kept_block(#body, #errors, |#body| { #out ::core::option::Option::None })
            )
        }
    }
}

/// The only expression of a block.
fn one(block: &Block) -> Option<&Expr> {
    match block.stmts.as_slice() {
        [Stmt::Expr(expr, None)] => Some(expr),
        _ => None,
    }
}

/// Whether a block gives a `Result`, as far as tokens tell: it uses `?`, or ends with `Ok(..)`.
fn gives_result(block: &Block) -> bool {
    struct Tries(bool);
    impl<'ast> Visit<'ast> for Tries {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            match expr {
                Expr::Try(_) => self.0 = true,
                Expr::Call(call) => {
                    let name = call.func.to_token_stream().to_string();
                    self.0 |= name == "Ok" || name == "Err";
                    visit::visit_expr(self, expr);
                }
                Expr::Async(_) | Expr::Closure(_) => {}
                _ => visit::visit_expr(self, expr),
            }
        }

        fn visit_macro(&mut self, called: &'ast syn::Macro) {
            let name = called
                .path
                .segments
                .last()
                .map(|last| last.ident.to_string());
            self.0 |= matches!(name.as_deref(), Some("ensure" | "bail"));
        }
    }
    let mut tries = Tries(false);
    tries.visit_block(block);
    tries.0
}
