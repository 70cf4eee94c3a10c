//! What was written: the options of `#[state_machine]`, and the function.

use proc_macro2::TokenStream;
use syn::{Ident, ItemFn, LitStr, parse::ParseStream};

use crate::{
    diagnostics::{Diagnostics, first_token},
    duration,
    options::{self, Known, equals},
    root::Root,
};

/// The options of `#[state_machine(..)]`.
#[derive(Default)]
pub(super) struct Args {
    pub(super) name: Option<LitStr>,
    pub(super) timeout: Option<duration::Span>,
    pub(super) kind: Option<Ident>,
    /// The word `inline`, if it was written.
    pub(super) inline: Option<Ident>,
    pub(super) root: Root,
}

/// What AWS takes as the timeout of a state machine, in seconds.
const TIMEOUT: (u64, u64) = (1, 99_999_999);

const OPTIONS: &[Known<Args>] = &[
    Known {
        name: "name",
        again: false,
        read: |args, name, input, _| {
            equals(input, name, "\"process-order\"")?;
            args.name = Some(input.parse().map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "`name` takes a text\nhelp: write `name = \"process-order\"`",
                )
            })?);
            Ok(())
        },
    },
    Known {
        name: "timeout",
        again: false,
        read: |args, name, input, found| {
            args.timeout = duration::option(name, input, TIMEOUT, found)?;
            Ok(())
        },
    },
    Known {
        name: "kind",
        again: false,
        read: |args, name, input, found| {
            equals(input, name, "express")?;
            let kind = input.parse::<Ident>().map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "`kind` takes a word\nhelp: write `kind = standard` or `kind = express`",
                )
            })?;
            if kind != "standard" && kind != "express" {
                found
                    .error(&kind, format!("`{kind}` is no kind of workflow"))
                    .help("write `kind = standard` or `kind = express`");
                return Ok(());
            }
            args.kind = Some(kind);
            Ok(())
        },
    },
    Known {
        name: "inline",
        again: false,
        read: |args, name, _, _| {
            args.inline = Some(name.clone());
            Ok(())
        },
    },
    Known {
        name: "crate",
        again: false,
        read: |args, name, input, _| args.root.read(name, input),
    },
];

impl Args {
    pub(super) fn read(input: ParseStream<'_>, found: &mut Diagnostics) -> Self {
        let mut args = Args::default();
        options::read(input, "`#[state_machine]`", OPTIONS, &mut args, found);
        args
    }
}

/// The function with its body.
pub(super) fn function(item: TokenStream) -> syn::Result<ItemFn> {
    let item: syn::Item = syn::parse2(item)?;
    match item {
        syn::Item::Fn(function) => Ok(function),
        other => Err(syn::Error::new_spanned(
            first_token(&other),
            "`#[state_machine]` goes on a function\nhelp: put it on a free function, such as `async fn process(order: Order) -> Receipt { … }`",
        )),
    }
}
