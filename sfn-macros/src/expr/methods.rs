//! The methods that Step Functions can evaluate.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ExprMethodCall, GenericArgument, PathArguments, Type};

use super::lower::Lowering;
use crate::diagnostics::{Diagnostics, near_miss};

/// What a method is given.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Given {
    Value,
    /// A closure with so many parameters.
    Closure(usize),
}

use Given::{Closure, Value};

/// The methods, what they are given, and the function of the runtime that writes them.
const METHODS: &[(&str, &[Given], &str)] = &[
    ("abs", &[], "abs"),
    ("abs_diff", &[Value], "abs_diff"),
    ("all", &[Closure(1)], "all"),
    ("and", &[Value], "and_option"),
    ("and_then", &[Closure(1)], "and_then"),
    ("any", &[Closure(1)], "any"),
    ("as_millis", &[], "as_millis"),
    ("as_secs", &[], "as_secs"),
    ("ceil", &[], "ceil"),
    ("chain", &[Value], "chain"),
    ("chars", &[], "chars"),
    ("clamp", &[Value, Value], "clamp"),
    ("concat", &[], "concat"),
    ("contains", &[Value], "contains"),
    ("contains_key", &[Value], "contains_key"),
    ("count", &[], "count"),
    ("ends_with", &[Value], "ends_with"),
    ("enumerate", &[], "enumerate"),
    ("eq", &[Value], "equals"),
    ("expect", &[Value], "expect"),
    ("filter", &[Closure(1)], "filter"),
    ("filter_map", &[Closure(1)], "filter_map"),
    ("find", &[Closure(1)], "find"),
    ("find_map", &[Closure(1)], "find_map"),
    ("first", &[], "first"),
    ("flat_map", &[Closure(1)], "flat_map"),
    ("flatten", &[], "flatten"),
    ("floor", &[], "floor"),
    ("fold", &[Value, Closure(2)], "fold"),
    ("get", &[Value], "get"),
    ("is_empty", &[], "is_empty"),
    ("is_err", &[], "is_err"),
    ("is_negative", &[], "is_negative"),
    ("is_none", &[], "is_none"),
    ("is_none_or", &[Closure(1)], "is_none_or"),
    ("is_ok", &[], "is_ok"),
    ("is_positive", &[], "is_positive"),
    ("is_some", &[], "is_some"),
    ("is_some_and", &[Closure(1)], "is_some_and"),
    ("join", &[Value], "join"),
    ("last", &[], "last"),
    ("len", &[], "len"),
    ("map", &[Closure(1)], "map"),
    ("map_or", &[Value, Closure(1)], "map_or"),
    ("max", &[], "greatest"),
    ("max", &[Value], "max"),
    ("min", &[], "least"),
    ("min", &[Value], "min"),
    ("ne", &[Value], "differs"),
    ("nth", &[Value], "get"),
    ("ok", &[], "ok"),
    ("or", &[Value], "or_option"),
    ("or_else", &[Closure(0)], "or_else"),
    ("position", &[Closure(1)], "position"),
    ("pow", &[Value], "pow"),
    ("product", &[], "product"),
    ("replace", &[Value, Value], "replace"),
    ("rev", &[], "rev"),
    ("round", &[], "round"),
    ("saturating_add", &[Value], "saturating_add"),
    ("saturating_sub", &[Value], "saturating_sub"),
    ("signum", &[], "signum"),
    ("skip", &[Value], "skip"),
    ("split", &[Value], "split"),
    ("split_once", &[Value], "split_once"),
    ("sqrt", &[], "sqrt"),
    ("starts_with", &[Value], "starts_with"),
    ("strip_prefix", &[Value], "strip_prefix"),
    ("strip_suffix", &[Value], "strip_suffix"),
    ("sum", &[], "sum"),
    ("take", &[Value], "take"),
    ("to_lowercase", &[], "to_lowercase"),
    ("to_string", &[], "to_string"),
    ("to_uppercase", &[], "to_uppercase"),
    ("trim", &[], "trim"),
    ("trim_end", &[], "trim_end"),
    ("trim_start", &[], "trim_start"),
    ("trunc", &[], "trunc"),
    ("unwrap", &[], "unwrap"),
    ("unwrap_or", &[Value], "unwrap_or"),
    ("unwrap_or_default", &[], "unwrap_or_default"),
    ("unwrap_or_else", &[Closure(0)], "unwrap_or_else"),
    ("values", &[], "values"),
    ("zip", &[Value], "zip"),
];

/// Methods that change only the Rust type: a view, a copy, an iterator over the same items.
pub(crate) const SAME: &[&str] = &[
    "as_deref",
    "as_ref",
    "as_slice",
    "as_str",
    "borrow",
    "clone",
    "cloned",
    "copied",
    "into_boxed_str",
    "into_iter",
    "into_string",
    "iter",
    "to_owned",
    "to_vec",
];

/// Methods that people try, and why they cannot be.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "parse",
        "what may fail is a step's business",
        "make it a `#[step]`",
    ),
    (
        "bytes",
        "JSON texts are characters, not bytes",
        "use `.chars().count()` for their number, or make it a `#[step]`",
    ),
    (
        "keys",
        "Rust and JSON order keys differently",
        "ask with `.contains_key(..)` or `.len()`, or make it a `#[step]`",
    ),
    (
        "to_ascii_uppercase",
        "JSONata knows all letters or none",
        "use `.to_uppercase()`, or make it a `#[step]`",
    ),
    (
        "to_ascii_lowercase",
        "JSONata knows all letters or none",
        "use `.to_lowercase()`, or make it a `#[step]`",
    ),
    (
        "push",
        "a list in a state machine is a value, which nothing changes in place",
        "write a new one: `list = [list, vec![item]].concat()`",
    ),
    (
        "unwrap_err",
        "a step's error is matched, not unwrapped",
        "write `match` or `if let Err(..)`",
    ),
    (
        "powf",
        "the last digit would differ between Rust and Step Functions",
        "make it a `#[step]`",
    ),
    (
        "powi",
        "the last digit would differ between Rust and Step Functions",
        "multiply, or make it a `#[step]`",
    ),
];

impl Lowering<'_> {
    pub(super) fn method(
        &mut self,
        call: &ExprMethodCall,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let ops = self.ops();
        let name = call.method.to_string();
        let count = call.args.len();
        if SAME.contains(&name.as_str()) && count == 0 {
            return self.lower(&call.receiver, found);
        }
        match name.as_str() {
            "into" if count == 0 => {
                let receiver = self.lower(&call.receiver, found)?;
                return Some(quote! { #ops::into(#receiver) });
            }
            "collect" if count == 0 => return self.collect(call, found),
            "contains" if count == 1 => {
                if let Some(range) = range(&call.receiver) {
                    let item = self.lower(&call.args[0], found);
                    let test = self.within(&item?, range, found);
                    return Some(test?.unwrap_or_else(|| quote! { #ops::boolean(true) }));
                }
            }
            _ => {}
        }
        let named = || METHODS.iter().filter(|(known, ..)| name == *known);
        let Some((_, given, function)) = named()
            .find(|(_, given, _)| given.len() == count)
            .or_else(|| named().next())
        else {
            // Of a chain, the first method that is not known is the mistake.
            let before = found.len();
            self.lower(&call.receiver, found);
            if found.len() == before {
                self.unknown_method(call, &name, found);
            }
            return None;
        };
        let receiver = self.lower(&call.receiver, found);
        if given.len() != count {
            // rustc says it of the body itself.
            return Some(self.broken());
        }
        let mut arguments = Vec::new();
        for (argument, given) in call.args.iter().zip(*given) {
            arguments.push(match given {
                Value => self.lower(argument, found),
                Closure(parameters) => self.closure(argument, *parameters, found),
            });
        }
        let (receiver, arguments) = (
            receiver?,
            arguments.into_iter().collect::<Option<Vec<_>>>()?,
        );
        let function = self.ident(function);
        Some(quote! { #ops::#function(#receiver #(, #arguments)*) })
    }

    fn unknown_method(&self, call: &ExprMethodCall, name: &str, found: &mut Diagnostics) {
        let error = found.refuse(
            &call.method,
            "SFN0202",
            format!("`.{name}(..)` cannot run inside Step Functions"),
        );
        if let Some((_, why, help)) = REFUSED.iter().find(|(refused, ..)| *refused == name) {
            error.note(why).help(help);
            return;
        }
        let known = METHODS
            .iter()
            .map(|(name, ..)| *name)
            .chain(SAME.iter().copied());
        match near_miss(name, known) {
            Some(near) => error.help(format!("did you mean `.{near}(..)`?")),
            None => error.note("Step Functions evaluates a closed list of methods; the guide has it under \"Expressions\""),
        };
        error.help("make it a `#[step]`, which may be any Rust");
    }

    /// A closure as a function of the runtime's expressions.
    fn closure(
        &mut self,
        argument: &Expr,
        parameters: usize,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let ops = self.ops();
        let closure = match argument {
            Expr::Closure(closure) => closure,
            Expr::Paren(inner) => return self.closure(&inner.expr, parameters, found),
            Expr::Path(function) if parameters == 1 => {
                return self.function(function, found);
            }
            other => {
                found
                    .refuse(other, "SFN0206", "this method takes a closure here")
                    .help("write it out: `|item| …`");
                return None;
            }
        };
        if let Some(asyncness) = &closure.asyncness {
            found
                .refuse(
                    asyncness,
                    "SFN0211",
                    "nothing can be awaited in a closure of an expression",
                )
                .help("write `for item in &items { … }`, or `map_concurrent(..)`");
            return None;
        }
        if closure.inputs.len() != parameters {
            return Some(self.broken_closure(parameters));
        }
        self.locals.push();
        let idents: Vec<_> = (0..parameters)
            .map(|at| self.ident(&format!("__item{at}")))
            .collect();
        let mut bindings = TokenStream::new();
        let mut hints = Vec::new();
        let mut whole = true;
        for (input, ident) in closure.inputs.iter().zip(&idents) {
            hints.push(hint(input));
            match self.irrefutable(input, &quote! { #ident.clone() }, found) {
                Some(bound) => bindings.extend(bound),
                None => whole = false,
            }
        }
        let body = self.lower(&closure.body, found);
        self.locals.pop();
        let body = body.filter(|_| whole)?;
        let hint = match &hints[..] {
            [] => quote! {},
            [one] => quote! { #one, },
            many => quote! { [#(#many),*], },
        };
        let _ = ops;
        Some(quote! { #hint |#(#idents),*| { #bindings #body } })
    }

    /// A function's path in place of a closure.
    fn function(
        &mut self,
        function: &syn::ExprPath,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let item = self.ident("__item0");
        let named: Expr = syn::parse_quote! { __argument };
        let call: syn::ExprCall = syn::parse_quote! { #function(#named) };
        let last = function.path.segments.last()?.ident.to_string();
        if super::effects::is_lower(&function.path) && super::calls::pure(function).is_none() {
            if SAME.contains(&last.as_str()) {
                return Some(quote! { "item", |#item| #item });
            }
            found
                .refuse(
                    &function.path,
                    "SFN0206",
                    format!(
                        "`{}` cannot run inside Step Functions",
                        super::lower::path_text(&function.path)
                    ),
                )
                .note("what this method is given is evaluated by Step Functions for each item")
                .help("write a closure: `|item| …`; for a step, `for item in &items { … }` or `map_concurrent(..)`");
            return None;
        }
        self.locals.push();
        let argument = proc_macro2::Ident::new("__argument", proc_macro2::Span::call_site());
        let bound = self.locals.bind(&argument, false);
        let body = self.call(&call, found);
        self.locals.pop();
        let body = body?;
        Some(quote! { "item", |#bound| #body })
    }

    fn broken_closure(&self, parameters: usize) -> TokenStream {
        let broken = self.broken();
        match parameters {
            0 => quote! { || #broken },
            1 => quote! { "item", |_| #broken },
            _ => quote! { ["sum", "item"], |_, _| #broken },
        }
    }

    fn collect(&mut self, call: &ExprMethodCall, found: &mut Diagnostics) -> Option<TokenStream> {
        let into = call
            .turbofish
            .as_ref()
            .and_then(|turbofish| match turbofish.args.first() {
                Some(GenericArgument::Type(ty)) => Some(ty.clone()),
                _ => None,
            });
        // What the binding's type says, where the collection is its whole value.
        let into = into.or_else(|| self.expected.clone());
        self.expected = None;
        let receiver = self.lower(&call.receiver, found)?;
        let ops = self.ops();
        let Some(into) = into else {
            found
                .refuse(&call.method, "SFN0213", "it cannot be seen what this collects into")
                .note("a list and a text are written differently, and rustc's inference comes after macros")
                .help("write `.collect::<Vec<_>>()` or `.collect::<String>()`");
            return None;
        };
        let name = last_of(&into).unwrap_or_default();
        match name.as_str() {
            "Vec" | "VecDeque" => Some(quote! { #ops::collect(#receiver) }),
            "String" => Some(quote! { #ops::collect_text(#receiver) }),
            _ => {
                found
                    .refuse(
                        &into,
                        "SFN0213",
                        format!(
                            "`{}` cannot be collected inside Step Functions",
                            into.to_token_stream().to_string().replace(' ', "")
                        ),
                    )
                    .help("collect into a `Vec<_>` or a `String`, or make it a `#[step]`");
                None
            }
        }
    }
}

/// The last name of a type's path.
fn last_of(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let _ = matches!(last.arguments, PathArguments::None);
            Some(last.ident.to_string())
        }
        _ => None,
    }
}

/// What a closure's parameter is called.
fn hint(pattern: &syn::Pat) -> String {
    match pattern {
        syn::Pat::Ident(name) => syn::ext::IdentExt::unraw(&name.ident).to_string(),
        syn::Pat::Reference(inner) => hint(&inner.pat),
        syn::Pat::Type(typed) => hint(&typed.pat),
        _ => "item".to_owned(),
    }
}

/// The range in `(1..=5)`.
fn range(expr: &Expr) -> Option<&syn::ExprRange> {
    match expr {
        Expr::Range(range) => Some(range),
        Expr::Paren(inner) => range_of(&inner.expr),
        _ => None,
    }
}

fn range_of(expr: &Expr) -> Option<&syn::ExprRange> {
    range(expr)
}
