//! What was written: the options of `#[step]`, and the head of the function.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Ident, LitStr, Path, Signature, Token, Visibility,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    token,
};

use crate::{
    diagnostics::Diagnostics,
    duration,
    options::{self, Known, equals, parenthesized},
    retry::Retry,
    root::Root,
};

/// The options of `#[step(..)]`.
#[derive(Default)]
pub(crate) struct Args {
    pub(super) name: Option<LitStr>,
    pub(super) aliases: Vec<LitStr>,
    pub(super) retries: Vec<Retry>,
    pub(super) timeout: Option<duration::Span>,
    pub(super) heartbeat: Option<duration::Span>,
    /// The step that takes back what this one did.
    pub(super) undo: Option<Undo>,
    pub(super) root: Root,
}

/// `undo = release(input)`: a step, and what it is given.
pub(crate) struct Undo {
    pub(super) step: Path,
    /// The variant of the runtime's `UndoGiven`.
    pub(super) given: &'static str,
}

/// What Step Functions takes as `TimeoutSeconds` and `HeartbeatSeconds`.
pub(crate) const SPAN: (u64, u64) = (1, 99_999_999);

const OPTIONS: &[Known<Args>] = &[
    Known {
        name: "name",
        again: false,
        read: |args, name, input, _| {
            equals(input, name, "\"make dough\"")?;
            args.name = Some(input.parse().map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "`name` takes a text\nhelp: write `name = \"make dough\"`",
                )
            })?);
            Ok(())
        },
    },
    Known {
        name: "alias",
        again: true,
        read: |args, name, input, _| {
            equals(input, name, "\"make dough\"")?;
            args.aliases.push(input.parse().map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "`alias` takes a text: a name that the step had before\nhelp: write `alias = \"make dough\"`",
                )
            })?);
            Ok(())
        },
    },
    Known {
        name: "retry",
        again: true,
        read: |args, name, input, found| {
            let content = parenthesized(input, name, "interval = \"2s\", max_attempts = 3")?;
            args.retries
                .push(Retry::read(name.clone(), &content, found));
            Ok(())
        },
    },
    Known {
        name: "timeout",
        again: false,
        read: |args, name, input, found| {
            args.timeout = duration::option(name, input, SPAN, found)?;
            Ok(())
        },
    },
    Known {
        name: "heartbeat",
        again: false,
        read: |args, name, input, found| {
            args.heartbeat = duration::option(name, input, SPAN, found)?;
            Ok(())
        },
    },
    Known {
        name: "undo",
        again: false,
        read: |args, name, input, _| {
            equals(input, name, "release_stock")?;
            let step = input.call(Path::parse_mod_style).map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "`undo` takes a step\nhelp: write `undo = release_stock`",
                )
            })?;
            let given = match input.peek(token::Paren) {
                true => given(input)?,
                false => "Output",
            };
            args.undo = Some(Undo { step, given });
            Ok(())
        },
    },
    Known {
        name: "crate",
        again: false,
        read: |args, name, input, _| args.root.read(name, input),
    },
];

/// What an undo is given: `(input)`, `(output)`, `(input, output)`.
fn given(input: ParseStream<'_>) -> syn::Result<&'static str> {
    let content;
    let parentheses = syn::parenthesized!(content in input);
    let words = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["output"] => Ok("Output"),
        ["input"] => Ok("Input"),
        ["input", "output"] => Ok("InputAndOutput"),
        _ => Err(syn::Error::new(
            parentheses.span.join(),
            "an undo is given what the step took, what it returned, or both\n             help: write `undo = release(input)`, `undo = release(input, output)`, or `undo = release` for what it returned",
        )),
    }
}

impl Args {
    pub(super) fn read(input: ParseStream<'_>, found: &mut Diagnostics) -> Self {
        let mut args = Args::default();
        options::read(input, "`#[step]`", OPTIONS, &mut args, found);
        args
    }
}

/// A function up to its body.
pub(crate) struct FnHead {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) sig: Signature,
}

impl Parse for FnHead {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let is_function = [
            input.peek(Token![fn]),
            input.peek(Token![async]),
            input.peek(Token![const]) && !input.peek2(syn::Ident),
            input.peek(Token![unsafe]) && !input.peek2(Token![impl]),
            input.peek(Token![extern]) && !input.peek2(Token![crate]),
        ];
        if !is_function.contains(&true) {
            return Err(input.error(
                "`#[step]` goes on a function\nhelp: put it on a free function, such as `async fn make_dough(order: Order) -> Dough { … }`",
            ));
        }
        let sig = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(FnHead { attrs, vis, sig })
    }
}
