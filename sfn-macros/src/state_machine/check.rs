//! What the head of the function means: names, parameters, result.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    FnArg, Ident, ItemFn, LitStr, Pat, ReturnType, Signature, Type, Visibility, ext::IdentExt,
};

use super::parse::Args;
use crate::{
    diagnostics::Diagnostics,
    duration,
    root::Root,
    step::{PRIMITIVES, first_paragraph, stored},
};

/// A state machine, or a fragment of one, as its head says.
pub(super) struct Machine {
    pub(super) root: Root,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) name: LitStr,
    pub(super) doc: String,
    pub(super) timeout: Option<duration::Span>,
    pub(super) express: bool,
    /// Whether it expands where it is called.
    pub(super) inline: bool,
    pub(super) is_async: bool,
    pub(super) params: Vec<Param>,
    pub(super) output: TokenStream,
}

/// One parameter.
pub(super) struct Param {
    pub(super) ident: Ident,
    pub(super) mutable: bool,
    /// The type that is read from JSON.
    pub(super) ty: TokenStream,
    /// The type as it is written.
    pub(super) written: TokenStream,
}

/// How many parameters there may be.
const MAX_PARAMS: usize = 8;
/// What Step Functions takes as the name of a state machine, in characters.
const MAX_NAME: usize = 80;

pub(super) fn check(args: Args, function: &ItemFn, found: &mut Diagnostics) -> Machine {
    let sig = &function.sig;
    let inline = args.inline.is_some();
    qualifiers(sig, inline, found);
    let ident = sig.ident.clone();
    if PRIMITIVES.contains(&ident.to_string().as_str()) {
        found
            .error(
                &ident,
                format!("a state machine cannot be named as the type `{ident}`"),
            )
            .note("it is also a type of its name, which would stand before the primitive one")
            .help(format!("name the function otherwise, say `{ident}_flow`"));
    }
    if let Some(word) = &args.inline {
        let other = [
            args.name.as_ref().map(|_| "name"),
            args.timeout.as_ref().map(|_| "timeout"),
            args.kind.as_ref().map(|_| "kind"),
        ];
        if let Some(other) = other.into_iter().flatten().next() {
            found
                .error(word, format!("`inline` and `{other}` do not go together"))
                .note("what expands where it is called is no state machine of its own")
                .help("keep one of them");
        }
    }
    let name = match args.name {
        Some(name) => name,
        None => LitStr::new(&ident.unraw().to_string(), ident.span()),
    };
    machine_name(&name, found);
    let params: Vec<_> = sig
        .inputs
        .iter()
        .filter_map(|input| param(input, found))
        .collect();
    if let Some(ninth) = sig.inputs.iter().nth(MAX_PARAMS) {
        found
            .error(
                ninth,
                format!(
                    "a state machine has at most {MAX_PARAMS} parameters, this one has {}",
                    sig.inputs.len()
                ),
            )
            .help("put what belongs together into a struct with `#[derive(Payload)]`");
    }
    Machine {
        root: args.root,
        vis: function.vis.clone(),
        ident,
        name,
        doc: first_paragraph(&function.attrs),
        timeout: args.timeout,
        express: args.kind.is_some_and(|kind| kind == "express"),
        inline,
        is_async: sig.asyncness.is_some(),
        params,
        output: output(sig, found),
    }
}

fn qualifiers(sig: &Signature, inline: bool, found: &mut Diagnostics) {
    if !inline && sig.asyncness.is_none() {
        found
            .error(&sig.fn_token, "a state machine is an `async fn`")
            .note("it takes as long as its states do")
            .help("write `async fn`; for a part that expands where it is called, `#[state_machine(inline)]`");
    }
    if let Some(token) = &sig.constness {
        found
            .error(token, "a state machine cannot be `const`")
            .help("remove it");
    }
    if let Some(token) = &sig.unsafety {
        found
            .error(token, "a state machine cannot be `unsafe`")
            .help("keep what is unsafe within a step");
    }
    if let Some(abi) = &sig.abi {
        found
            .error(abi, "a state machine has no ABI of its own")
            .help("remove it");
    }
    if !sig.generics.params.is_empty() {
        found
            .error(&sig.generics.params, "a state machine cannot be generic")
            .note("its states are written once, for types that are known")
            .help("name the types");
    }
    if let Some(clause) = &sig.generics.where_clause {
        found
            .error(&clause.where_token, "a state machine cannot have a `where`")
            .help("remove it");
    }
    if let Some(variadic) = &sig.variadic {
        found
            .error(variadic, "a state machine has a fixed number of parameters")
            .help("take a `Vec`");
    }
}

fn machine_name(name: &LitStr, found: &mut Diagnostics) {
    let text = name.value();
    if text.is_empty() {
        found
            .error(name, "the name of a state machine cannot be empty")
            .help("leave `name` out to take the function's");
    } else if text.chars().count() > MAX_NAME {
        found
            .error(
                name,
                format!(
                    "the name has {} characters, and Step Functions takes at most {MAX_NAME}",
                    text.chars().count()
                ),
            )
            .help("give it a shorter one: `#[state_machine(name = \"…\")]`");
    } else if let Some(wrong) = text
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
    {
        found
            .error(
                name,
                format!(
                    "the name of a state machine cannot hold `{}`",
                    wrong.escape_default()
                ),
            )
            .help("use letters, digits, `-` and `_`");
    }
}

fn param(input: &FnArg, found: &mut Diagnostics) -> Option<Param> {
    let typed = match input {
        FnArg::Typed(typed) => typed,
        FnArg::Receiver(receiver) => {
            found
                .error(
                    &receiver.self_token,
                    "a state machine is a free function, without `self`",
                )
                .help("take what it needs as parameters");
            return None;
        }
    };
    if let Some(attr) = typed
        .attrs
        .iter()
        .find(|attr| attr.path().is_ident("inject"))
    {
        found
            .error(attr, "a state machine is given nothing by the program")
            .note("its body becomes states; only steps run in your program")
            .help("put `#[inject]` on the parameter of the step that uses it");
        return None;
    }
    let (ident, mutable) = match &*typed.pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
            (pat.ident.clone(), pat.mutability.is_some())
        }
        pattern => {
            found
                .error(pattern, "a parameter of a state machine needs a name")
                .help("name it here, and take it apart in the body: `let Order { size, .. } = order;`");
            return None;
        }
    };
    let written = typed.ty.to_token_stream();
    let ty = match &*typed.ty {
        Type::Reference(reference) => {
            if let Some(token) = &reference.mutability {
                found
                    .error(token, format!("`{ident}` cannot be a mutable reference"))
                    .note("a value travels between states as JSON; what is changed there is lost")
                    .help("take it by value, and return what changed");
                return None;
            }
            stored(&reference.elem)
        }
        Type::ImplTrait(ty) => {
            found
                .error(ty, format!("`{ident}` has no type of its own"))
                .note("it is read from JSON")
                .help("name the type");
            return None;
        }
        ty => ty.to_token_stream(),
    };
    Some(Param {
        ident,
        mutable,
        ty,
        written,
    })
}

fn output(sig: &Signature, found: &mut Diagnostics) -> TokenStream {
    let ReturnType::Type(_, ty) = &sig.output else {
        return quote! { () };
    };
    match &**ty {
        Type::Never(never) => {
            found
                .error(never, "a state machine must end")
                .help("return `Result<(), E>` if it can only fail");
            quote! { () }
        }
        Type::ImplTrait(ty) => {
            found
                .error(ty, "the result has no type of its own")
                .note("it is written as JSON")
                .help("name the type");
            quote! { () }
        }
        ty => ty.to_token_stream(),
    }
}
