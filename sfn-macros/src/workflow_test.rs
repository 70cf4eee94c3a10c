//! `#[workflow_test]`: an async function as a test of workflows.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{
    Attribute, FnArg, Ident, Pat, ReturnType, Signature, Token, Type, Visibility,
    parse::{Parse, ParseStream, Parser},
    spanned::Spanned,
};

use crate::{
    diagnostics::Diagnostics,
    options::{self, Known},
    root::Root,
};

/// The options of `#[workflow_test(..)]`.
#[derive(Default)]
struct Args {
    root: Root,
}

const OPTIONS: &[Known<Args>] = &[Known {
    name: "crate",
    again: false,
    read: |args, name, input, _| args.root.read(name, input),
}];

/// The function's head, and its body as tokens.
struct Written {
    attrs: Vec<Attribute>,
    vis: Visibility,
    sig: Signature,
    body: TokenStream,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if !input.peek(Token![async]) && !input.peek(Token![fn]) {
            return Err(input.error(
                "`#[workflow_test]` goes on an async function\n\
                 help: write `async fn bakes(test: Test) { … }`",
            ));
        }
        Ok(Written {
            attrs,
            vis,
            sig: input.parse()?,
            body: input.parse()?,
        })
    }
}

/// A test that cannot be wrong.
struct Checked {
    written: Written,
    /// The pattern and the type of the parameter.
    parameter: Option<(Pat, Type)>,
    root: Root,
}

pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut found = Diagnostics::default();
    let read = |input: ParseStream<'_>| {
        let mut args = Args::default();
        options::read(input, "`#[workflow_test]`", OPTIONS, &mut args, &mut found);
        Ok(args)
    };
    let args = read.parse2(args);
    let args = found.keep(args);
    let written = found.keep(syn::parse2::<Written>(item.clone()));
    let checked = args
        .zip(written)
        .and_then(|(args, written)| check(args, written, &mut found));
    match checked {
        Some(checked) => test(&checked),
        // The function survives its mistakes, so that what it uses does not look unused.
        None => {
            let errors = found.into_compile_errors();
            quote! { #[allow(dead_code, reason = "a test that is wrong is not run")] #item #errors }
        }
    }
}

fn check(args: Args, written: Written, found: &mut Diagnostics) -> Option<Checked> {
    let before = found.len();
    let sig = &written.sig;
    if sig.asyncness.is_none() {
        found
            .error(&sig.fn_token, "a workflow test is an async function")
            .help("write `async fn`");
    }
    if !sig.generics.params.is_empty() {
        found.error(&sig.generics, "a workflow test has no generics");
    }
    if let Some(test) = written
        .attrs
        .iter()
        .find(|attr| attr.path().is_ident("test"))
    {
        found
            .error(test, "`#[workflow_test]` makes the function a test already")
            .help("remove `#[test]`");
    }
    let mut inputs = sig.inputs.iter();
    let parameter = inputs.next().and_then(|input| match input {
        FnArg::Typed(typed) => Some(((*typed.pat).clone(), (*typed.ty).clone())),
        FnArg::Receiver(receiver) => {
            found
                .error(
                    receiver,
                    "a workflow test is a free function, without `self`",
                )
                .help("write `async fn bakes(test: Test) { … }`");
            None
        }
    });
    if let Some(second) = inputs.next() {
        found
            .error(second, "a workflow test has one parameter at most")
            .help("write `async fn bakes(test: Test) { … }`");
    }
    // Options that could not be read are mistakes as well.
    (found.len() == before && found.is_empty()).then_some(Checked {
        written,
        parameter,
        root: args.root,
    })
}

fn test(checked: &Checked) -> TokenStream {
    let Checked {
        written:
            Written {
                attrs,
                vis,
                sig,
                body,
            },
        parameter,
        root,
    } = checked;
    let name: &Ident = &sig.ident;
    let output = match &sig.output {
        ReturnType::Default => quote! { () },
        ReturnType::Type(_, ty) => quote! { #ty },
    };
    let (pattern, ty) = match parameter {
        Some((pattern, ty)) => (quote! { #pattern }, quote_spanned! {ty.span()=> #ty }),
        None => (quote! { _ }, quote! { #root::testing::Test }),
    };
    let path = format_ident!("path", span = proc_macro2::Span::mixed_site());
    quote! {
        #[::core::prelude::v1::test]
        #(#attrs)*
        #vis fn #name() -> #output {
            fn #path() -> &'static ::core::primitive::str {
                ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#name))
            }
            #root::__private::inventory::submit! {
                #root::testing::TestEntry { path: #path }
            }
            #root::testing::run(#path(), async move |#pattern: #ty| -> #output #body)
        }
    }
}
