//! `#[step]`: a function that a state runs.

mod check;
mod expand;
mod parse;
#[cfg(test)]
mod tests;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser;

use crate::diagnostics::Diagnostics;

pub(crate) use self::{
    check::{PRIMITIVES, first_paragraph, line_of, stored},
    expand::PLAIN,
};

/// The function, untouched, and beside it what makes it a step.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut found = Diagnostics::default();
    let args = (|input: syn::parse::ParseStream<'_>| Ok(parse::Args::read(input, &mut found)))
        .parse2(args);
    let args = found.keep(args);
    // The body stays tokens: half-typed code keeps its completions.
    let head = found.keep(syn::parse2::<parse::FnHead>(item.clone()));
    let step = args
        .zip(head)
        .and_then(|(args, head)| check::check(args, head, &mut found));
    let registration = step.map(|step| expand::registration(&step));
    let errors = found.into_compile_errors();
    // The function survives its mistakes: its callers should not fail as well.
    let item = without_inject(item);
    quote! { #item #registration #errors }
}

/// The item without `#[inject]` on its parameters, which means nothing to rustc.
fn without_inject(item: TokenStream) -> TokenStream {
    let mut parameters_seen = false;
    item.into_iter()
        .map(|token| match token {
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Parenthesis && !parameters_seen =>
            {
                // `pub(crate)` comes before the parameters, and holds no attribute.
                parameters_seen = group
                    .stream()
                    .into_iter()
                    .any(|token| matches!(token, TokenTree::Punct(_)));
                let mut stripped = Group::new(group.delimiter(), strip(group.stream()));
                stripped.set_span(group.span());
                TokenTree::Group(stripped)
            }
            other => other,
        })
        .collect()
}

fn strip(parameters: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in parameters {
        let after_hash =
            matches!(kept.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == '#');
        match &token {
            TokenTree::Group(group)
                if after_hash
                    && group.delimiter() == Delimiter::Bracket
                    && is_inject(group.stream()) =>
            {
                kept.pop();
            }
            _ => kept.push(token),
        }
    }
    kept.into_iter().collect()
}

/// Whether this stands in the brackets of `#[inject]`, with or without arguments.
fn is_inject(attribute: TokenStream) -> bool {
    matches!(attribute.into_iter().next(), Some(TokenTree::Ident(ident)) if ident == "inject")
}
