//! How a body ends: with a value, or with an error.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ExprCall, Member, Path, ext::IdentExt, spanned::Spanned};

use super::{Caught, Mode, Recorder, body_ident, called::Called, first_token};
use crate::state_machine::words;

impl Recorder<'_> {
    /// An expression whose value the flow ends with: the last of the body, or of a `return`.
    pub(super) fn end(&mut self, expr: &Expr, out: &mut TokenStream) {
        let (body, results) = (body_ident(), self.results());
        match expr {
            Expr::Paren(inner) => self.end(&inner.expr, out),
            Expr::Group(inner) => self.end(&inner.expr, out),
            Expr::Block(block) if block.label.is_none() => {
                let mut inner = TokenStream::new();
                self.block(&block.block, Mode::End, &mut inner);
                out.extend(quote! { { #inner } });
            }
            Expr::If(branches) if self.ends_apart(expr) => self.branches(branches, Mode::End, out),
            Expr::Match(arms) if self.ends_apart(expr) => {
                let value = self.arms(arms, Mode::End, out);
                out.extend(quote! { let _ = #value; });
            }
            Expr::Call(call) if is(call, "Ok") => {
                let returns = self.returns.clone();
                let value = self.value_as(&call.args[0], returns.as_ref(), out);
                let value = match self.keeps_results {
                    true => quote! { #results::ok(#value) },
                    false => value,
                };
                out.extend(quote! { #body.return_(::core::option::Option::Some(#value)); });
            }
            Expr::Call(call) if is(call, "Err") => {
                self.at(call.func.span(), out);
                self.raise(&call.args[0], out);
            }
            other => {
                if let Some(mut called) = Called::of(other)
                    && called.tried.is_none()
                    && called.is_attempt()
                    && called.option("failure").is_none()
                    && !self.keeps_results
                {
                    // Its error ends the flow as well, unless it has none.
                    called.tried = Some(<syn::Token![?]>::default());
                    let value = self.called(&called, None, out);
                    out.extend(quote! { #body.return_(::core::option::Option::Some(#value)); });
                    return;
                }
                let returns = self.returns.clone();
                let value = self.value_as(other, returns.as_ref(), out);
                let returned = match self.keeps_results {
                    true => quote! { #body.return_(::core::option::Option::Some(#value)); },
                    false => quote! { #results::returned(#body, #value); },
                };
                out.extend(returned);
            }
        }
    }

    /// Whether the arms of an expression do something, or end with `Ok(..)` and `Err(..)`: if not, it is a value as any other.
    fn ends_apart(&self, expr: &Expr) -> bool {
        let mut names = Vec::new();
        super::words_in(expr.to_token_stream(), &mut names);
        self.acts(expr)
            || names
                .iter()
                .any(|name| name == "Ok" || name == "Err" || self.is_caught(name) == Caught::Yes)
    }

    /// Ends with an error, which an attempt around may catch.
    pub(super) fn raise(&mut self, error: &Expr, out: &mut TokenStream) {
        let (body, results, root) = (body_ident(), self.results(), self.root);
        match error {
            Expr::Paren(inner) => self.raise(&inner.expr, out),
            Expr::Group(inner) => self.raise(&inner.expr, out),
            // The name stays the same.
            Expr::MethodCall(into) if into.method == "into" && into.args.is_empty() => {
                self.raise(&into.receiver, out);
            }
            Expr::Path(path)
                if path.path.get_ident().is_some_and(|name| {
                    self.is_caught(name) != Caught::No && self.locals.get(name).is_some()
                }) =>
            {
                let name = path.path.get_ident().expect("it was just looked at");
                if let Some(local) = self.locals.get(name) {
                    let ident = &local.ident;
                    out.extend(quote! { #body.raise(#ident.clone()); });
                }
            }
            // `OrderError::Ship(error)`, where the variant wraps it.
            Expr::Call(call)
                if call.args.len() == 1
                    && self.names_error(&call.args[0])
                    && owner(&call.func).is_some() =>
            {
                let Some((owner, variant)) = owner(&call.func) else {
                    return;
                };
                let Expr::Path(name) = &call.args[0] else {
                    return;
                };
                let local = name
                    .path
                    .get_ident()
                    .and_then(|name| self.locals.get(name))
                    .map(|local| local.ident.clone());
                out.extend(quote! {
                    #results::raise_within(
                        #body,
                        <#owner as #root::StepError>::ERRORS,
                        #variant,
                        #local.clone(),
                    );
                });
            }
            Expr::Call(call)
                if call.args.len() == 2 && ends_with(&call.func, &["Failure", "new"]) =>
            {
                let (name, cause) = (&call.args[0], &call.args[1]);
                if self.reads_any(name) {
                    self.found
                        .refuse(
                            &first_token(name),
                            "SFN0301",
                            "the name of an error must be known when the state machine is written",
                        )
                        .note("retriers and catchers match names")
                        .help("write it as text, and put what varies into the cause");
                    return;
                }
                let cause = self.value(cause, out);
                out.extend(quote! {
                    #body.fail(
                        ::std::string::ToString::to_string(&#name),
                        ::core::option::Option::Some(#cause),
                    );
                });
            }
            other if !self.reads_any(other) && !self.acts(other) => {
                // It is the same in every execution, so that it is worked out now.
                out.extend(quote! {
                    #results::raise_known(#body, #root::StepError::failure(&(#other)));
                });
            }
            // The choice comes first, and then the error.
            Expr::Match(choice) => {
                let mut choice = choice.clone();
                for arm in &mut choice.arms {
                    let error = &arm.body;
                    *arm.body = syn::parse_quote! { return Err(#error) };
                    arm.comma = Some(<syn::Token![,]>::default());
                }
                self.statement(&Expr::Match(choice), out);
            }
            Expr::If(choice) => {
                let mut choice = choice.clone();
                ends_with_error(&mut choice);
                self.statement(&Expr::If(choice), out);
            }
            Expr::Block(block) if block.label.is_none() => {
                let mut block = block.clone();
                block_ends_with_error(&mut block.block);
                self.statement(&Expr::Block(block), out);
            }
            Expr::Struct(value) => {
                let mut fields = Vec::new();
                for field in &value.fields {
                    let name = match &field.member {
                        Member::Named(name) => name.unraw().to_string(),
                        Member::Unnamed(index) => index.index.to_string(),
                    };
                    let given = self.value(&field.expr, out);
                    fields.push(quote! { (#name, #given) });
                }
                self.raise_made(&value.path, &fields, out);
            }
            Expr::Call(call) if matches!(&*call.func, Expr::Path(_)) => {
                let Expr::Path(path) = &*call.func else {
                    return;
                };
                let mut fields = Vec::new();
                for (index, argument) in call.args.iter().enumerate() {
                    let name = index.to_string();
                    let given = self.value(argument, out);
                    fields.push(quote! { (#name, #given) });
                }
                self.raise_made(&path.path, &fields, out);
            }
            other => {
                let text = words::text(other.to_token_stream());
                self.found
                    .refuse(
                        &first_token(other),
                        "SFN0301",
                        format!("which error `{text}` is shows only when it runs"),
                    )
                    .note("a Fail state is written with the error's name")
                    .help(
                        "name the variant: `Err(OrderError::Rejected)`, or let a step fail with it",
                    );
            }
        }
    }

    fn names_error(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Path(path) if path
            .path
            .get_ident()
            .is_some_and(|name| self.is_caught(name) != Caught::No))
    }

    /// An error with data that shows only when it runs.
    fn raise_made(&mut self, path: &Path, fields: &[TokenStream], out: &mut TokenStream) {
        let (body, results, root) = (body_ident(), self.results(), self.root);
        let (owner, variant) = match split(path) {
            Some(found) => found,
            None => (path.to_token_stream(), String::new()),
        };
        out.extend(quote! {
            #results::raise_made(
                #body,
                <#owner as #root::StepError>::ERRORS,
                #variant,
                ::std::vec![#(#fields),*],
            );
        });
    }
}

fn ends_with_error(choice: &mut syn::ExprIf) {
    block_ends_with_error(&mut choice.then_branch);
    match choice.else_branch.as_mut().map(|(_, other)| &mut **other) {
        Some(Expr::If(more)) => ends_with_error(more),
        Some(Expr::Block(block)) => block_ends_with_error(&mut block.block),
        _ => {}
    }
}

fn block_ends_with_error(block: &mut syn::Block) {
    if let Some(syn::Stmt::Expr(error, semicolon @ None)) = block.stmts.last_mut() {
        *error = syn::parse_quote! { return Err(#error) };
        *semicolon = Some(<syn::Token![;]>::default());
    }
}

fn is(call: &ExprCall, name: &str) -> bool {
    call.args.len() == 1 && matches!(&*call.func, Expr::Path(path) if path.path.is_ident(name))
}

fn ends_with(function: &Expr, names: &[&str]) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    let segments = &path.path.segments;
    segments.len() >= names.len()
        && segments
            .iter()
            .rev()
            .zip(names.iter().rev())
            .all(|(segment, name)| segment.ident == name)
}

/// The type and the variant of `Type::Variant`.
fn owner(function: &Expr) -> Option<(TokenStream, String)> {
    match function {
        Expr::Path(path) => split(&path.path),
        _ => None,
    }
}

fn split(path: &Path) -> Option<(TokenStream, String)> {
    let mut segments = path.segments.iter().rev();
    let (last, before) = (segments.next()?, segments.next()?);
    if !before.ident.to_string().starts_with(char::is_uppercase) {
        return None;
    }
    let mut owner = path.clone();
    owner.segments.pop();
    owner.segments.pop_punct();
    Some((owner.to_token_stream(), last.ident.unraw().to_string()))
}
