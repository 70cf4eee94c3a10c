//! Patterns: what they ask of a value, and what they bind.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprRange, Pat, RangeLimits, ext::IdentExt};

use super::{
    Locals,
    lower::{Lowering, is_upper, member, path_text},
};
use crate::diagnostics::Diagnostics;

/// What a pattern asks of a value, and what it binds.
pub(crate) struct Pattern {
    /// The test, as tokens of type `E<Checked>`; none for a pattern that always matches.
    pub(crate) test: Option<TokenStream>,
    /// `let` statements for the names; they may stand before the test, since they only record expressions.
    pub(crate) bindings: TokenStream,
}

/// Understands a pattern. The names that it binds are added to the current scope of `locals`.
///
/// `value` are tokens of type `E<Checked>` that may be written several times, such as `name.clone()`.
pub(crate) fn pattern(
    pat: &Pat,
    value: &TokenStream,
    locals: &mut Locals,
    root: &TokenStream,
    found: &mut Diagnostics,
) -> Option<Pattern> {
    let mut lowering = Lowering {
        locals: locals.clone(),
        root,
        expected: None,
    };
    let matched = lowering.pattern(pat, value, found);
    *locals = lowering.locals;
    matched
}

/// A condition as it stands in `if` and `while`, with its `let`s. The names that it binds are added to the current
/// scope of `locals`.
///
/// The bindings are to stand before the test, which may name them, and before the block that the condition guards.
pub(crate) fn condition(
    expr: &Expr,
    locals: &mut Locals,
    root: &TokenStream,
    found: &mut Diagnostics,
) -> Option<Pattern> {
    let mut lowering = Lowering {
        locals: locals.clone(),
        root,
        expected: None,
    };
    let condition = lowering.condition(expr, found);
    *locals = lowering.locals;
    let condition = condition?;
    let mut bindings = condition.before;
    bindings.extend(condition.bindings);
    Some(Pattern {
        test: Some(condition.test),
        bindings,
    })
}

impl Pattern {
    fn always() -> Self {
        Self {
            test: None,
            bindings: TokenStream::new(),
        }
    }

    fn when(test: TokenStream) -> Self {
        Self {
            test: Some(test),
            bindings: TokenStream::new(),
        }
    }
}

impl Lowering<'_> {
    /// A pattern that must always match, such as a parameter's: the `let`s for its names.
    pub(super) fn irrefutable(
        &mut self,
        pat: &Pat,
        value: &TokenStream,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        // Whether it does is rustc's business.
        self.pattern(pat, value, found)
            .map(|matched| matched.bindings)
    }

    pub(super) fn pattern(
        &mut self,
        pat: &Pat,
        value: &TokenStream,
        found: &mut Diagnostics,
    ) -> Option<Pattern> {
        let ops = self.ops();
        match pat {
            Pat::Wild(_) | Pat::Rest(_) => Some(Pattern::always()),
            Pat::Paren(inner) => self.pattern(&inner.pat, value, found),
            Pat::Reference(inner) => self.pattern(&inner.pat, value, found),
            Pat::Type(inner) => self.pattern(&inner.pat, value, found),
            Pat::Ident(name) if name.subpat.is_none() => {
                let text = name.ident.unraw().to_string();
                if text == "None" {
                    return Some(Pattern::when(quote! { #ops::is_none(#value) }));
                }
                // A name alone is a binding, or a constant or variant that was imported: their case tells.
                if text.starts_with(char::is_uppercase) {
                    let ident = &name.ident;
                    return Some(Pattern::when(self.is_path(
                        value,
                        &text,
                        &quote! { #ident },
                    )));
                }
                let ident = self.locals.bind(&name.ident, name.mutability.is_some());
                Some(Pattern {
                    test: None,
                    bindings: quote! { #[allow(unused_variables)] let #ident = #value; },
                })
            }
            Pat::Ident(name) => {
                let (_, inner) = name.subpat.as_ref()?;
                let matched = self.pattern(inner, value, found);
                let ident = self.locals.bind(&name.ident, name.mutability.is_some());
                let mut matched = matched?;
                matched
                    .bindings
                    .extend(quote! { #[allow(unused_variables)] let #ident = #value; });
                Some(matched)
            }
            Pat::Lit(literal) => {
                let literal = self.lower(&Expr::Lit(literal.clone()), found)?;
                Some(Pattern::when(quote! { #ops::equals(#value, #literal) }))
            }
            Pat::Range(range) => {
                let test = self.within(value, range, found)?;
                Some(Pattern {
                    test,
                    bindings: TokenStream::new(),
                })
            }
            Pat::Path(path) => {
                let last = self.last(&path.path);
                Some(Pattern::when(self.is_path(value, &last, &quote! { #path })))
            }
            Pat::Or(any) => self.either(any, value, found),
            Pat::Tuple(tuple) => self.elements(
                tuple.elems.iter(),
                &mut |at| {
                    let at = at.to_string();
                    quote! { #ops::field(#value, #at) }
                },
                found,
            ),
            Pat::TupleStruct(data) => {
                let last = self.last(&data.path);
                if data.path.is_ident("Some") && data.elems.len() == 1 {
                    let inner =
                        self.pattern(&data.elems[0], &quote! { #ops::content(#value) }, found)?;
                    return Some(self.both(Pattern::when(quote! { #ops::is_some(#value) }), inner));
                }
                if let (true, [inner]) = (
                    data.path.is_ident("Ok") || data.path.is_ident("Err"),
                    &data.elems.iter().collect::<Vec<_>>()[..],
                ) && (last == "Ok" || matches!(inner, Pat::Wild(_)))
                {
                    let (test, part) = match last.as_str() {
                        "Ok" => (
                            quote! { #ops::is_ok(#value) },
                            quote! { #ops::value(#value) },
                        ),
                        _ => (quote! { #ops::is_err(#value) }, quote! { #value }),
                    };
                    let inner = self.pattern(inner, &part, found)?;
                    return Some(self.both(Pattern::when(test), inner));
                }
                if matches!(last.as_str(), "Ok" | "Err") {
                    found
                        .refuse(&data.path, "SFN0208", format!("`{last}(..)` cannot be matched within an expression"))
                        .note("a `Result` is no value of a workflow: a step either gives a value or fails")
                        .help("match the call itself: `match step(..).await { … }`");
                    return None;
                }
                let inner = self.elements(
                    data.elems.iter(),
                    &mut |at| {
                        let at = at.to_string();
                        quote! { #ops::data(#value, #last, #at) }
                    },
                    found,
                )?;
                let test = Pattern::when(quote! { #ops::is_variant(#value, #last) });
                Some(self.both(test, inner))
            }
            Pat::Struct(data) => {
                let last = self.last(&data.path);
                let mut all = Pattern::when(quote! { #ops::is_variant(#value, #last) });
                for field in &data.fields {
                    let name = member(&field.member);
                    let inner = self.pattern(
                        &field.pat,
                        &quote! { #ops::data(#value, #last, #name) },
                        found,
                    )?;
                    all = self.both(all, inner);
                }
                Some(all)
            }
            Pat::Slice(slice) => self.slice(slice, value, found),
            other => {
                let what = quote::ToTokens::to_token_stream(other)
                    .into_iter()
                    .take(1)
                    .collect::<TokenStream>();
                found
                    .refuse(&what, "SFN0208", "this pattern cannot be matched inside Step Functions")
                    .note("understood are names, literals, ranges, constants, variants, structs, tuples, lists, `Some(..)`, `None`, `_`, and alternatives with `|`")
                    .help("decide it in a `#[step]` that returns `bool`, or an enum");
                None
            }
        }
    }

    fn both(&self, left: Pattern, right: Pattern) -> Pattern {
        let ops = self.ops();
        let mut bindings = left.bindings;
        bindings.extend(right.bindings);
        let test = match (left.test, right.test) {
            (Some(left), Some(right)) => Some(quote! { #ops::and(#left, #right) }),
            (one, other) => one.or(other),
        };
        Pattern { test, bindings }
    }

    fn is_path(&self, value: &TokenStream, last: &str, path: &TokenStream) -> TokenStream {
        let ops = self.ops();
        let known = self.known(path);
        quote! { #ops::is_path(#value, #last, || #known) }
    }

    /// The parts of a tuple, up to a `..`.
    fn elements<'p>(
        &mut self,
        parts: impl Iterator<Item = &'p Pat>,
        part: &mut dyn FnMut(usize) -> TokenStream,
        found: &mut Diagnostics,
    ) -> Option<Pattern> {
        let mut all = Pattern::always();
        let mut parts = parts.enumerate();
        while let Some((at, inner)) = parts.next() {
            if let Pat::Rest(_) = inner {
                if let Some((_, after)) = parts.next() {
                    found
                        .refuse(after, "SFN0208", "a pattern cannot go on after `..` here")
                        .note("how many parts `..` stands for is not known to the macro")
                        .help("write `_` for each part that is left out");
                    return None;
                }
                break;
            }
            let value = part(at);
            let inner = self.pattern(inner, &value, found)?;
            all = self.both(all, inner);
        }
        Some(all)
    }

    fn slice(
        &mut self,
        slice: &syn::PatSlice,
        value: &TokenStream,
        found: &mut Diagnostics,
    ) -> Option<Pattern> {
        let ops = self.ops();
        let is_rest = |pat: &Pat| matches!(pat, Pat::Rest(_)) || named_rest(pat).is_some();
        let rest = slice.elems.iter().position(is_rest);
        let count = slice.elems.len() as u64;
        let length = quote! { #ops::len(#value) };
        let mut all = match rest {
            None => Pattern::when(quote! { #ops::equals(#length, #ops::whole(#count, "usize")) }),
            Some(_) if count == 1 => Pattern::always(),
            Some(_) => {
                let least = count - 1;
                Pattern::when(quote! { #ops::at_least(#length, #ops::whole(#least, "usize")) })
            }
        };
        for (at, inner) in slice.elems.iter().enumerate() {
            if let Some(name) = named_rest(inner) {
                let skipped = at as u64;
                let left_out = count - 1;
                let mut rest = quote! { #ops::skip(#value, #ops::whole(#skipped, "usize")) };
                if left_out > skipped {
                    let length = quote! { #ops::len(#value) };
                    rest = quote! {
                        #ops::take(#rest, #ops::subtract(#length, #ops::whole(#left_out, "usize")))
                    };
                }
                let ident = self.locals.bind(name, false);
                all.bindings
                    .extend(quote! { #[allow(unused_variables)] let #ident = #rest; });
                continue;
            }
            if is_rest(inner) {
                continue;
            }
            // Behind the `..` they are counted from the end.
            let at = match rest {
                Some(rest) if at > rest => at as i64 - count as i64,
                _ => at as i64,
            };
            let inner = self.pattern(inner, &quote! { #ops::item(#value, #at) }, found)?;
            all = self.both(all, inner);
        }
        Some(all)
    }

    fn either(
        &mut self,
        any: &syn::PatOr,
        value: &TokenStream,
        found: &mut Diagnostics,
    ) -> Option<Pattern> {
        let ops = self.ops();
        let names = names(&any.cases[0]);
        if names.is_empty() {
            let mut joined: Option<TokenStream> = None;
            for case in &any.cases {
                let Some(test) = self.pattern(case, value, found)?.test else {
                    return Some(Pattern::always());
                };
                joined = Some(match joined {
                    Some(before) => quote! { #ops::or(#before, #test) },
                    None => test,
                });
            }
            return Some(Pattern {
                test: joined,
                bindings: TokenStream::new(),
            });
        }
        // Every alternative binds the same names: a name is what the first that matches says.
        let mut cases = Vec::new();
        for case in &any.cases {
            self.locals.push();
            let matched = self.pattern(case, value, found);
            self.locals.pop();
            cases.push(matched?);
        }
        let always = cases.iter().any(|case| case.test.is_none());
        let tests: Vec<_> = cases
            .iter()
            .map(|case| {
                case.test
                    .clone()
                    .unwrap_or_else(|| quote! { #ops::boolean(true) })
            })
            .collect();
        let mut bindings = TokenStream::new();
        for name in &names {
            let ident = self.locals.bind(name, false);
            let chosen = cases
                .iter()
                .zip(&tests)
                .rev()
                .fold(None, |rest, (case, test)| {
                    let bound = &case.bindings;
                    let value = quote! { { #bound #ident } };
                    Some(match rest {
                        None => value,
                        Some(rest) => quote! { #ops::when(#test, #value, #rest) },
                    })
                });
            bindings.extend(quote! { #[allow(unused_variables)] let #ident = #chosen; });
        }
        let test = tests
            .into_iter()
            .reduce(|before, test| quote! { #ops::or(#before, #test) });
        Some(Pattern {
            test: test.filter(|_| !always),
            bindings,
        })
    }

    /// Whether a value is within a range; none where every value is.
    pub(super) fn within(
        &mut self,
        value: &TokenStream,
        range: &ExprRange,
        found: &mut Diagnostics,
    ) -> Option<Option<TokenStream>> {
        let ops = self.ops();
        let least = match &range.start {
            Some(start) => {
                let start = self.lower(start, found)?;
                Some(quote! { #ops::at_least(#value, #start) })
            }
            None => None,
        };
        let most = match &range.end {
            Some(end) => {
                let end = self.lower(end, found)?;
                Some(match range.limits {
                    RangeLimits::HalfOpen(_) => quote! { #ops::less_than(#value, #end) },
                    RangeLimits::Closed(_) => quote! { #ops::at_most(#value, #end) },
                })
            }
            None => None,
        };
        Some(match (least, most) {
            (Some(least), Some(most)) => Some(quote! { #ops::and(#least, #most) }),
            (one, other) => one.or(other),
        })
    }
}

/// The name in `name @ ..`.
fn named_rest(pat: &Pat) -> Option<&syn::Ident> {
    match pat {
        Pat::Ident(name) => match &name.subpat {
            Some((_, inner)) if matches!(**inner, Pat::Rest(_)) => Some(&name.ident),
            _ => None,
        },
        _ => None,
    }
}

/// The names that a pattern binds.
pub(crate) fn names(pat: &Pat) -> Vec<syn::Ident> {
    struct Names(Vec<syn::Ident>);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
            let upper = is_upper(&name.ident.clone().into());
            if !upper {
                self.0.push(name.ident.clone());
            }
            syn::visit::visit_pat_ident(self, name);
        }
    }
    let mut names = Names(Vec::new());
    syn::visit::Visit::visit_pat(&mut names, pat);
    let _ = path_text;
    names.0
}
