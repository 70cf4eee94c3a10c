//! What was written in `#[step_error(..)]`.

use syn::{
    Attribute, Ident, LitBool, LitStr,
    parse::{ParseStream, Parser},
};

use crate::{
    diagnostics::Diagnostics,
    options::{self, Known, equals},
    root::Root,
};

/// `#[step_error(..)]` on a type or a variant.
#[derive(Default)]
pub(super) struct Args {
    pub(super) name: Option<LitStr>,
    pub(super) retryable: Option<bool>,
    /// The word `data`, if it was written.
    pub(super) data: Option<Ident>,
    /// The word `transparent`, if it was written.
    pub(super) transparent: Option<Ident>,
    /// The root, and the word `crate` before it.
    pub(super) root: Option<(Ident, Root)>,
}

const OPTIONS: &[Known<Args>] = &[
    Known {
        name: "name",
        again: false,
        read: |args, name, input, _| {
            equals(input, name, "\"OvenBusy\"")?;
            args.name = Some(input.parse().map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "`name` takes a text\nhelp: write `name = \"OvenBusy\"`",
                )
            })?);
            Ok(())
        },
    },
    Known {
        name: "retryable",
        again: false,
        read: |args, name, input, _| {
            equals(input, name, "false")?;
            let value: LitBool = input.parse().map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "`retryable` takes `true` or `false`\nhelp: write `retryable = false`",
                )
            })?;
            args.retryable = Some(value.value);
            Ok(())
        },
    },
    Known {
        name: "data",
        again: false,
        read: |args, name, _, _| {
            args.data = Some(name.clone());
            Ok(())
        },
    },
    Known {
        name: "transparent",
        again: false,
        read: |args, name, _, _| {
            args.transparent = Some(name.clone());
            Ok(())
        },
    },
    Known {
        name: "crate",
        again: false,
        read: |args, name, input, _| {
            let mut root = Root::default();
            root.read(name, input)?;
            args.root = Some((name.clone(), root));
            Ok(())
        },
    },
];

impl Args {
    pub(super) fn read(attrs: &[Attribute], found: &mut Diagnostics) -> Self {
        let mut args = Args::default();
        for attr in attrs
            .iter()
            .filter(|attr| attr.path().is_ident("step_error"))
        {
            let Some(list) = found.keep(attr.meta.require_list()) else {
                continue;
            };
            let read = (|input: ParseStream<'_>| {
                options::read(input, "`#[step_error]`", OPTIONS, &mut args, found);
                Ok(())
            })
            .parse2(list.tokens.clone());
            found.keep(read);
        }
        args
    }
}
