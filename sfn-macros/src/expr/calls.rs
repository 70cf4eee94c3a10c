//! The functions and macros that Step Functions can evaluate.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprCall, ExprPath, Token, parse::Parser, punctuated::Punctuated};

use super::{
    effects::{is_lower, of_a_type},
    lower::{Lowering, path_text},
};
use crate::diagnostics::Diagnostics;

/// Numbers, and what else has a lower-case name of its own.
pub(super) const PRIMITIVES: &[&str] = &[
    "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32",
    "f64", "bool", "char", "str",
];

/// A function that Step Functions can evaluate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pure {
    /// Gives its only argument.
    Same,
    /// `u64::from(x)`
    Number,
    /// The text of what is given, or a text made of it.
    Text,
    /// A constant without arguments.
    Empty,
    /// A function of the runtime's.
    Function(&'static str, usize),
}

/// The functions by the last parts of their paths.
const FUNCTIONS: &[(&[&str], Pure)] = &[
    (&["Some"], Pure::Function("some", 1)),
    (&["Box", "new"], Pure::Same),
    (&["String", "from"], Pure::Text),
    (&["String", "new"], Pure::Empty),
    (&["Vec", "new"], Pure::Empty),
    (&["Vec", "from"], Pure::Same),
    (&["BTreeMap", "new"], Pure::Empty),
    (&["HashMap", "new"], Pure::Empty),
    (&["cmp", "min"], Pure::Function("min", 2)),
    (&["cmp", "max"], Pure::Function("max", 2)),
    (&["Duration", "from_secs"], Pure::Function("seconds", 1)),
    (
        &["Duration", "from_millis"],
        Pure::Function("milliseconds", 1),
    ),
    (&["seconds"], Pure::Function("seconds", 1)),
    (&["minutes"], Pure::Function("minutes", 1)),
    (&["hours"], Pure::Function("hours", 1)),
    (&["days"], Pure::Function("days", 1)),
];

/// Which function a path names, if it is one of those.
pub(super) fn pure(function: &ExprPath) -> Option<Pure> {
    if function.qself.is_some() {
        return None;
    }
    let names: Vec<String> = function
        .path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    if let [.., owner, last] = &names[..]
        && last == "from"
        && PRIMITIVES.contains(&owner.as_str())
    {
        return Some(Pure::Number);
    }
    FUNCTIONS
        .iter()
        .find(|(path, _)| {
            names.len() >= path.len()
                && names[names.len() - path.len()..]
                    .iter()
                    .zip(*path)
                    .all(|(name, wanted)| name == wanted)
        })
        .map(|(_, pure)| *pure)
}

/// The expressions that a macro such as `format!` is given; none where they cannot be read.
pub(super) fn arguments(called: &syn::Macro) -> Vec<Expr> {
    if let Some((subject, _, guard)) = matches_arguments(called) {
        return std::iter::once(subject).chain(guard).collect();
    }
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    match parser.parse2(called.tokens.clone()) {
        // `name = value` is an assignment to this parser.
        Ok(read) => read
            .into_iter()
            .map(|expr| match expr {
                Expr::Assign(named) => *named.right,
                other => other,
            })
            .collect(),
        Err(_) => Vec::new(),
    }
}

/// What stands in `matches!(…)`.
pub(super) fn matches_arguments(called: &syn::Macro) -> Option<(Expr, syn::Pat, Option<Expr>)> {
    if !called.path.is_ident("matches") {
        return None;
    }
    let parser = |input: syn::parse::ParseStream<'_>| {
        let subject: Expr = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
        let guard = match input.parse::<Option<Token![if]>>()? {
            Some(_) => Some(input.parse::<Expr>()?),
            None => None,
        };
        input.parse::<Option<Token![,]>>()?;
        Ok((subject, pattern, guard))
    };
    parser.parse2(called.tokens.clone()).ok()
}

impl Lowering<'_> {
    pub(super) fn call(&mut self, call: &ExprCall, found: &mut Diagnostics) -> Option<TokenStream> {
        let ops = self.ops();
        let Expr::Path(function) = &*call.func else {
            found
                .refuse(
                    &call.func,
                    "SFN0203",
                    "this cannot be called inside Step Functions",
                )
                .help("call a step, or make it a `#[step]`");
            return None;
        };
        let arguments: Vec<Option<TokenStream>> = call
            .args
            .iter()
            .map(|argument| self.lower(argument, found))
            .collect();
        if let Some(pure) = pure(function) {
            let arguments = arguments.into_iter().collect::<Option<Vec<_>>>()?;
            return Some(match (pure, &arguments[..]) {
                (Pure::Same, [one]) => one.clone(),
                (Pure::Text, [one]) => quote! { #ops::as_text(#one) },
                (Pure::Number, [one]) => {
                    let path = &function.path;
                    let ty: syn::Type = owner(path)?;
                    let root = self.root;
                    quote! { #ops::cast(#one, <#ty as #root::Payload>::shape()) }
                }
                // Of an empty list only rustc knows what it will hold.
                (Pure::Empty, []) if owned_by(&function.path, "Vec") => {
                    quote! { #ops::list(::std::vec![]) }
                }
                (Pure::Empty, []) if owned_by(&function.path, "String") => {
                    quote! { #ops::text("") }
                }
                (Pure::Empty, []) => self.known(&quote! { #function() }),
                (Pure::Function(name, count), given) if given.len() == count => {
                    let name = self.ident(name);
                    quote! { #ops::#name(#(#given),*) }
                }
                // rustc says it of the body itself.
                _ => self.broken(),
            });
        }
        if of_a_type(function) && is_lower(&function.path) {
            if function
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "default")
                && call.args.is_empty()
            {
                return Some(self.known(&quote! { #call }));
            }
            found
                .refuse(
                    &function.path,
                    "SFN0203",
                    format!("`{}(..)` cannot run inside Step Functions", path_text(&function.path)),
                )
                .note("an expression of a workflow is evaluated by Step Functions, which knows no function of a type")
                .help("make it a `#[step]`, or write it with the expressions of the guide's list");
            return None;
        }
        if is_lower(&function.path) {
            found
                .refuse(
                    &function.path,
                    "SFN0203",
                    format!("`{}(..)` cannot be called within this expression", path_text(&function.path)),
                )
                .note("a step is a state of its own, and a closure or a guard is evaluated within one")
                .help("call it in a `let` before; for each item of a list, in `for item in &items { … }` or `map_concurrent(..)`");
            return None;
        }
        // A tuple struct, or a variant with data.
        let arguments = arguments.into_iter().collect::<Option<Vec<_>>>()?;
        let members = (0..arguments.len()).map(|index| index.to_string());
        let fields = members
            .zip(&arguments)
            .map(|(member, value)| quote! { (#member, #value) });
        let nevers = arguments.iter().map(|_| quote! { #ops::never() });
        let last = self.last(&function.path);
        Some(quote! {
            #ops::structure(#ops::shape_of(|| #function(#(#nevers),*)), #last, ::std::vec![#(#fields),*], ::core::option::Option::None)
        })
    }

    pub(super) fn macro_call(
        &mut self,
        called: &syn::Macro,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let ops = self.ops();
        let name = called.path.segments.last()?.ident.to_string();
        match name.as_str() {
            "matches" => {
                let Some((subject, pattern, guard)) = matches_arguments(called) else {
                    return Some(self.broken());
                };
                self.matches(&subject, &pattern, guard.as_ref(), found)
            }
            "format" => self.format(called, found),
            "vec" => {
                let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
                let Ok(items) = parser.parse2(called.tokens.clone()) else {
                    found
                        .refuse(&called.path, "SFN0218", "`vec![item; n]` cannot run inside Step Functions")
                        .help("name the items one by one, or collect them: `(0..n).map(|_| item).collect::<Vec<_>>()`");
                    return None;
                };
                let items = self.all(items.iter(), found)?;
                Some(quote! { #ops::list(::std::vec![#(#items),*]) })
            }
            "panic" | "unreachable" | "todo" | "unimplemented" => {
                let text = called.tokens.to_string();
                let text = match syn::parse2::<syn::LitStr>(called.tokens.clone()) {
                    Ok(text) => text.value(),
                    Err(_) if text.is_empty() => name,
                    Err(_) => text,
                };
                Some(quote! { #ops::panics(#text) })
            }
            _ => {
                found
                    .refuse(
                        &called.path,
                        "SFN0204",
                        format!("`{name}!` cannot run inside Step Functions"),
                    )
                    .note("the macros here are `format!`, `vec!`, `matches!` and `panic!`")
                    .help("make it a `#[step]`");
                None
            }
        }
    }
}

/// Whether a function is of the type of that name.
fn owned_by(path: &syn::Path, name: &str) -> bool {
    let mut segments = path.segments.iter().rev();
    segments.nth(1).is_some_and(|owner| owner.ident == name)
}

/// The type in `u64::from`.
fn owner(path: &syn::Path) -> Option<syn::Type> {
    let mut owner = path.clone();
    owner.segments.pop();
    // The `::` before what was removed.
    let last = owner.segments.pop()?.into_value();
    owner.segments.push_value(last);
    Some(syn::Type::Path(syn::TypePath {
        qself: None,
        path: owner,
    }))
}
