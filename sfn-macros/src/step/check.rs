//! What it means: everything with an opinion about a step.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, Expr, ExprLit, FnArg, Ident, Lit, LitStr, Meta, Pat, PatType, ReturnType, Signature,
    Type, Visibility, ext::IdentExt, spanned::Spanned, visit::Visit,
};

use super::parse::{Args, FnHead, Undo};
use crate::{
    diagnostics::Diagnostics,
    duration,
    retry::{self, Retry},
    root::Root,
};

/// A step that cannot be wrong, as far as a macro can know.
pub(super) struct Step {
    pub(super) root: Root,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) name: LitStr,
    /// Names that it had before.
    pub(super) aliases: Vec<LitStr>,
    pub(super) doc: String,
    pub(super) is_async: bool,
    pub(super) params: Vec<Param>,
    /// The parentheses around the parameters.
    pub(super) parentheses: Span,
    pub(super) output: TokenStream,
    pub(super) retries: Vec<Retry>,
    pub(super) timeout: Option<duration::Span>,
    pub(super) heartbeat: Option<duration::Span>,
    /// The step that takes back what this one did.
    pub(super) undo: Option<Undo>,
}

/// One parameter.
pub(super) struct Param {
    pub(super) ident: Ident,
    /// The type that is read from JSON, or provided.
    pub(super) ty: TokenStream,
    /// The type as it is written.
    pub(super) written: TokenStream,
    pub(super) by_reference: bool,
    pub(super) inject: bool,
}

/// How many parameters may come from JSON: a workflow hands them over as a tuple.
const MAX_PARAMS: usize = 8;
/// What Step Functions takes as a state name, in characters.
const MAX_NAME: usize = 80;

/// The step's struct of the same name would stand before these.
pub(crate) const PRIMITIVES: &[&str] = &[
    "bool", "char", "str", "f16", "f32", "f64", "f128", "i8", "i16", "i32", "i64", "i128", "isize",
    "u8", "u16", "u32", "u64", "u128", "usize",
];

pub(super) fn check(args: Args, head: FnHead, found: &mut Diagnostics) -> Option<Step> {
    let before = found.len();
    let sig = &head.sig;
    qualifiers(sig, found);
    let ident = sig.ident.clone();
    if PRIMITIVES.contains(&ident.to_string().as_str()) {
        found
            .error(
                &ident,
                format!("a step cannot be named as the type `{ident}`"),
            )
            .note("a step is also a type of its name, which would stand before the primitive one")
            .help(format!("name the function otherwise, say `{ident}_step`"));
    }
    let name = match args.name {
        Some(name) => {
            step_name(&name, found);
            name
        }
        None => {
            let name = LitStr::new(&ident.unraw().to_string(), ident.span());
            if name.value().chars().count() > MAX_NAME {
                found
                    .error(
                        &ident,
                        format!("the name has more than the {MAX_NAME} characters that a state's may have"),
                    )
                    .help("give the step a shorter one: `#[step(name = \"…\")]`");
            }
            name
        }
    };
    for (index, alias) in args.aliases.iter().enumerate() {
        step_name(alias, found);
        if alias.value() == name.value() {
            found
                .error(alias, format!("`{}` is the step's own name", alias.value()))
                .help("an alias is a name that it had before");
        } else if args.aliases[..index]
            .iter()
            .any(|other| other.value() == alias.value())
        {
            found
                .error(
                    alias,
                    format!("the alias `{}` is given twice", alias.value()),
                )
                .help("keep one of them");
        }
    }
    let params: Vec<_> = sig
        .inputs
        .iter()
        .filter_map(|input| param(input, found))
        .collect();
    let from_json = sig
        .inputs
        .iter()
        .filter(|input| !matches!(input, FnArg::Typed(typed) if is_inject(typed)));
    if let Some(ninth) = from_json.clone().nth(MAX_PARAMS) {
        found
            .error(
                ninth,
                format!(
                    "a step has at most {MAX_PARAMS} parameters from its input, this one has {}",
                    from_json.count()
                ),
            )
            .help("put what belongs together into a struct with `#[derive(Payload)]`");
    }
    let output = output(sig, found);
    retry::check_order(&args.retries, found);
    if let (Some(heartbeat), Some(timeout)) = (&args.heartbeat, &args.timeout)
        && heartbeat.seconds >= timeout.seconds
    {
        found
            .error(
                &heartbeat.at,
                format!(
                    "`heartbeat` must be shorter than `timeout`, which is {} s",
                    timeout.seconds
                ),
            )
            .help("a shorter `heartbeat`, or a longer `timeout`");
    }
    (found.len() == before && found.is_empty()).then(|| Step {
        root: args.root,
        vis: head.vis,
        doc: first_paragraph(&head.attrs),
        is_async: head.sig.asyncness.is_some(),
        parentheses: head.sig.paren_token.span.join(),
        ident,
        name,
        aliases: args.aliases,
        params,
        output,
        retries: args.retries,
        timeout: args.timeout,
        heartbeat: args.heartbeat,
        undo: args.undo,
    })
}

fn qualifiers(sig: &Signature, found: &mut Diagnostics) {
    if !sig.generics.params.is_empty() {
        found
            .error(&sig.generics.params, "a step cannot be generic")
            .note("a step is one entry in the registry, with one JSON input")
            .help("write a step for each type, and let them call the generic function");
    }
    if let Some(clause) = &sig.generics.where_clause
        && sig.generics.params.is_empty()
    {
        found
            .error(&clause.where_token, "a step cannot have a `where` clause")
            .help("remove it: a step is not generic");
    }
    let refused = [
        sig.constness.map(|token| token.to_token_stream()),
        sig.unsafety.map(|token| token.to_token_stream()),
        sig.abi.as_ref().map(ToTokens::to_token_stream),
    ];
    for qualifier in refused.into_iter().flatten() {
        let word = qualifier
            .clone()
            .into_iter()
            .next()
            .map(|token| token.to_string())
            .unwrap_or_default();
        found
            .error(&qualifier, format!("a step cannot be `{word}`"))
            .help(format!(
                "remove `{qualifier}`, or call the function from a step"
            ));
    }
    if let Some(variadic) = &sig.variadic {
        found
            .error(variadic, "a step cannot be variadic")
            .help("take a `Vec`");
    }
}

/// The name of a step is the name of its states: any text, but short, and on one line.
pub(crate) fn step_name(name: &LitStr, found: &mut Diagnostics) {
    let text = name.value();
    let characters = text.chars().count();
    if text.trim().is_empty() {
        found
            .error(name, "the name is empty")
            .help("leave `name` out to take the function's name");
    } else if characters > MAX_NAME {
        found
            .error(
                name,
                format!(
                    "the name has {characters} characters, and a state's has at most {MAX_NAME}"
                ),
            )
            .help("shorten it; the doc comment becomes the state's `Comment`");
    } else if let Some(control) = text.chars().find(|c| c.is_control()) {
        found
            .error(
                name,
                format!(
                    "the name holds the control character `{}`",
                    control.escape_default()
                ),
            )
            .help("keep it on one line");
    } else if text.trim() != text {
        found
            .error(name, "the name begins or ends with a space")
            .help(format!("write \"{}\"", text.trim()));
    }
}

fn param(input: &FnArg, found: &mut Diagnostics) -> Option<Param> {
    let typed = match input {
        FnArg::Typed(typed) => typed,
        FnArg::Receiver(receiver) => {
            found
                .error(&receiver.self_token, "a step is a free function, without `self`")
                .help("take what it needs as parameters; `#[inject]` marks those that the program provides");
            return None;
        }
    };
    if let Some(cfg) = typed.attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
        found
            .error(cfg, "a step's parameter cannot be conditional")
            .help("put the `cfg` on two versions of the step");
        return None;
    }
    let inject = typed
        .attrs
        .iter()
        .find(|attr| attr.path().is_ident("inject"));
    if let Some(attr) = inject
        && !matches!(attr.meta, Meta::Path(_))
    {
        found
            .error(attr, "`#[inject]` takes nothing")
            .help("write `#[inject]`; the value is found by its type");
        return None;
    }
    let ident = match &*typed.pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => pat.ident.clone(),
        pattern => {
            found
                .error(pattern, "a step's parameter needs a name")
                .note("the name is the parameter's key in the step's JSON input")
                .help("name it here, and take it apart in the body");
            return None;
        }
    };
    let (ty, by_reference) = match &*typed.ty {
        Type::Reference(reference) => {
            if let Some(token) = &reference.mutability {
                found
                    .error(token, format!("`{ident}` cannot be a mutable reference"))
                    .note("a step gets a copy of its input; what it changes there is lost")
                    .help("take it by value, and return what changed");
                return None;
            }
            if let Some(lifetime) = &reference.lifetime {
                found
                    .error(
                        lifetime,
                        format!("`{ident}` cannot have the lifetime `{lifetime}`"),
                    )
                    .note("the value is read from JSON, and lives as long as the call")
                    .help("leave the lifetime out");
                return None;
            }
            if let Type::TraitObject(object) = &*reference.elem {
                found
                    .error(object, format!("`{ident}` is a trait object, which has no one type"))
                    .note("a parameter is read from JSON, or found among what the program provides, by its type")
                    .help("name the type; for an injected one, say `Arc<dyn Trait>`");
                return None;
            }
            ((*reference.elem).clone(), true)
        }
        ty => (ty.clone(), false),
    };
    owned(&ty, &format!("parameter `{ident}`"), false, found)?;
    let inject = inject.is_some();
    Some(Param {
        ident,
        ty: match by_reference && !inject {
            true => stored(&ty),
            false => ty.to_token_stream(),
        },
        written: typed.ty.to_token_stream(),
        by_reference,
        inject,
    })
}

fn is_inject(typed: &PatType) -> bool {
    typed
        .attrs
        .iter()
        .any(|attr| attr.path().is_ident("inject"))
}

fn output(sig: &Signature, found: &mut Diagnostics) -> TokenStream {
    let ReturnType::Type(_, ty) = &sig.output else {
        return quote! { () };
    };
    if let Type::Never(never) = &**ty {
        found
            .error(never, "a step must return")
            .help("return `Result<(), E>` if it can only fail");
    }
    owned(ty, "the result", true, found);
    ty.to_token_stream()
}

/// Refuses what borrows, and what has no name, anywhere in a type.
fn owned(ty: &Type, whose: &str, static_is_fine: bool, found: &mut Diagnostics) -> Option<()> {
    let before = found.len();
    let mut visitor = Owned {
        whose,
        static_is_fine,
        found,
    };
    visitor.visit_type(ty);
    (found.len() == before).then_some(())
}

struct Owned<'a> {
    whose: &'a str,
    static_is_fine: bool,
    found: &'a mut Diagnostics,
}

impl<'ast> Visit<'ast> for Owned<'_> {
    fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
        let is_static = reference
            .lifetime
            .as_ref()
            .is_some_and(|lifetime| lifetime.ident == "static");
        if is_static && self.static_is_fine {
            return self.visit_type(&reference.elem);
        }
        self.found
            .error(
                &reference.and_token,
                format!("{} holds a reference", self.whose),
            )
            .note("it crosses a state boundary as JSON, so it must own its data")
            .help("an owned type: `String` for `&str`, `Vec<T>` for `&[T]`, `T` for `&T`");
    }

    fn visit_lifetime(&mut self, lifetime: &'ast syn::Lifetime) {
        if lifetime.ident == "static" {
            return;
        }
        self.found
            .error(
                lifetime,
                format!("{} has the lifetime `{lifetime}`", self.whose),
            )
            .note("it crosses a state boundary as JSON, so it must own its data")
            .help("an owned type, such as `String` for `Cow<'_, str>`");
    }

    fn visit_type_impl_trait(&mut self, ty: &'ast syn::TypeImplTrait) {
        self.found
            .error(
                ty,
                format!("{} has no type of its own: `impl Trait`", self.whose),
            )
            .note("serde needs to know what to read and to write")
            .help("name the type");
    }

    fn visit_type_infer(&mut self, ty: &'ast syn::TypeInfer) {
        self.found
            .error(ty, format!("{} has no type", self.whose))
            .help("name the type");
    }

    // Expressions, as in the length of an array, are no business of ours.
    fn visit_expr(&mut self, _: &'ast Expr) {}
}

/// The doc comment up to its first empty line, on one line.
pub(crate) fn first_paragraph(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let text: Vec<_> = lines.collect();
    let paragraph: Vec<_> = text
        .iter()
        .flat_map(|text| text.split('\n'))
        .map(str::trim)
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph.join(" ")
}

/// The line of a span, from 1; 1 where there is no compiler to ask.
pub(crate) fn line_of(span: Span) -> u32 {
    if proc_macro::is_available() {
        u32::try_from(span.unwrap().line()).unwrap_or(1)
    } else {
        1
    }
}

/// What is read from JSON for a reference: `String` for `str`, `Vec<T>` for `[T]`, else the type itself.
pub(crate) fn stored(referent: &Type) -> TokenStream {
    match referent {
        // `str` is the language's own, so its name is enough; an alias of it is rustc's to refuse.
        Type::Path(path) if path.path.is_ident("str") => {
            quote_spanned! {referent.span()=> ::std::string::String }
        }
        Type::Slice(slice) => {
            let item = &slice.elem;
            quote_spanned! {item.span()=> ::std::vec::Vec<#item> }
        }
        other => other.to_token_stream(),
    }
}
