//! What a call ended with, and errors: what patterns ask of them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, Member, Pat, Path, ext::IdentExt};

use super::{
    Caught, Mode, Recorder, body_ident,
    branch::{Arm, err_of, is_result, ok_of},
    called::Called,
    first_token, is_upper,
};
use crate::expr::{self, Pattern};

/// What is matched: tokens that may be written several times.
pub(super) enum Subject {
    /// A value.
    Value(TokenStream),
    /// How something ended.
    Result(TokenStream),
    /// An error.
    Error(TokenStream),
}

/// A variant of an error: its path down the errors that it wraps, and what is asked of its fields.
struct Variant<'p> {
    names: Vec<String>,
    fields: Vec<(String, &'p Pat)>,
}

impl Recorder<'_> {
    /// The recorder's variable of an expression that names an error.
    pub(super) fn error_named(&self, expr: &Expr) -> Option<Ident> {
        match expr {
            Expr::Paren(inner) => self.error_named(&inner.expr),
            Expr::Reference(inner) => self.error_named(&inner.expr),
            Expr::Path(path) => {
                let name = path.path.get_ident()?;
                if self.is_caught(name) != Caught::Yes {
                    return None;
                }
                self.locals.get(name).map(|local| local.ident.clone())
            }
            _ => None,
        }
    }

    /// What a pattern asks of the subject. Its names are bound in the current scope.
    pub(super) fn arm_pattern(&mut self, subject: &Subject, pat: &Pat) -> Option<Pattern> {
        match subject {
            Subject::Value(value) => {
                let matched =
                    expr::body_pattern(pat, value, &mut self.locals, self.root, self.found);
                for name in expr::pattern_names(pat) {
                    self.mark(&name, Caught::No);
                }
                matched
            }
            Subject::Result(result) => self.result_pattern(result, pat),
            Subject::Error(error) => self.error_pattern(error, pat),
        }
    }

    fn result_pattern(&mut self, result: &TokenStream, pat: &Pat) -> Option<Pattern> {
        let (ops, results) = (self.ops(), self.results());
        if let Some(inner) = ok_of(pat) {
            let value = quote! { #results::value(&#result) };
            let inner = self.arm_pattern(&Subject::Value(value), inner)?;
            return Some(with(quote! { #results::is_ok(&#result) }, inner, &ops));
        }
        if let Some(inner) = err_of(pat) {
            let error = quote! { #results::error(&#result) };
            let inner = self.error_pattern(&error, inner)?;
            return Some(with(quote! { #results::is_err(&#result) }, inner, &ops));
        }
        match pat {
            Pat::Wild(_) => Some(always()),
            Pat::Or(any) => self.either(&any.cases.iter().collect::<Vec<_>>(), &mut |this, pat| {
                this.result_pattern(result, pat)
            }),
            other => {
                self.refuse_whole(other);
                None
            }
        }
    }

    fn refuse_whole(&mut self, pat: &Pat) {
        self.found
            .refuse(
                &first_token(pat),
                "SFN0302",
                "a result cannot be bound as a whole here",
            )
            .note("how a call ended decides where the state machine goes on")
            .help("write `Ok(value) => …` and `Err(error) => …`");
    }

    /// Alternatives that bind no names.
    fn either(
        &mut self,
        cases: &[&Pat],
        of: &mut dyn FnMut(&mut Self, &Pat) -> Option<Pattern>,
    ) -> Option<Pattern> {
        let ops = self.ops();
        let mut all: Option<TokenStream> = None;
        for case in cases {
            if let Some(name) = expr::pattern_names(case).first() {
                self.found
                    .refuse(name, "SFN0303", "alternatives of errors cannot bind names")
                    .help("write an arm for each");
                return None;
            }
            let Some(test) = of(self, case)?.test else {
                return Some(always());
            };
            all = Some(match all {
                Some(before) => quote! { #ops::or(#before, #test) },
                None => test,
            });
        }
        Some(Pattern {
            test: all,
            bindings: TokenStream::new(),
        })
    }

    fn error_pattern(&mut self, error: &TokenStream, pat: &Pat) -> Option<Pattern> {
        let (ops, results) = (self.ops(), self.results());
        match pat {
            Pat::Wild(_) => Some(always()),
            Pat::Paren(inner) => self.error_pattern(error, &inner.pat),
            Pat::Reference(inner) => self.error_pattern(error, &inner.pat),
            Pat::Ident(name) if !is_upper(&name.ident) && name.subpat.is_none() => {
                let ident = self.locals.bind(&name.ident, false);
                self.mark(&name.ident, Caught::Yes);
                Some(Pattern {
                    test: None,
                    bindings: quote! { let #ident = #error; },
                })
            }
            Pat::Or(any) => self.either(&any.cases.iter().collect::<Vec<_>>(), &mut |this, pat| {
                this.error_pattern(error, pat)
            }),
            other => {
                let Some(variant) = variant(other) else {
                    self.found
                        .refuse(
                            &first_token(other),
                            "SFN0303",
                            "this pattern cannot be asked of an error",
                        )
                        .help("name a variant: `Err(ShipError::Late { days }) => …`");
                    return None;
                };
                let names = &variant.names;
                let mut all = Pattern {
                    test: Some(quote! { #results::is_variant(&#error, &[#(#names),*]) }),
                    bindings: TokenStream::new(),
                };
                for (field, pat) in &variant.fields {
                    let part = quote! { #results::part_of(&#error, &[#(#names),*], #field) };
                    let inner = self.part_pattern(&part, pat)?;
                    all = both(all, inner, &ops);
                }
                Some(all)
            }
        }
    }

    /// What is asked of a field of an error, which may be another error.
    fn part_pattern(&mut self, part: &TokenStream, pat: &Pat) -> Option<Pattern> {
        let matched = expr::body_pattern(pat, part, &mut self.locals, self.root, self.found);
        for name in expr::pattern_names(pat) {
            self.mark(&name, Caught::Perhaps);
        }
        matched
    }

    /// A call whose errors are caught: an arm is a catcher, where its pattern only names errors.
    ///
    /// None where the arms need to look closer at the result as a value.
    pub(super) fn attempt(
        &mut self,
        called: &Called<'_>,
        title: &str,
        arms: &[Arm<'_>],
        mode: Mode,
        out: &mut TokenStream,
    ) -> Option<TokenStream> {
        let all_failures = called.option("failure").is_some();
        let good: Vec<&Arm<'_>> = arms.iter().filter(|arm| ok_of(arm.pat).is_some()).collect();
        let bad: Vec<&Arm<'_>> = arms.iter().filter(|arm| ok_of(arm.pat).is_none()).collect();
        // An arm for both kinds would be written twice.
        let last_is_sure = good
            .last()
            .is_some_and(|arm| arm.guard.is_none() && ok_of(arm.pat).is_some_and(is_plain));
        let whole = arms.iter().any(|arm| !is_result(arm.pat));
        let mixed = arms.iter().any(|arm| matches!(arm.pat, Pat::Or(_)));
        if (whole && !last_is_sure && !good.is_empty()) || mixed && !all_failures {
            return None;
        }
        if let Some(whole) = bad.iter().find(|arm| is_name(arm.pat)) {
            self.refuse_whole(whole.pat);
            return Some(self.unit());
        }
        let simple = bad
            .iter()
            .all(|arm| arm.guard.is_none() && is_by_name(arm.pat));
        if all_failures && !simple {
            let arm = bad
                .iter()
                .find(|arm| arm.guard.is_some() || !is_by_name(arm.pat))?;
            self.found
                .refuse(
                    &first_token(arm.pat),
                    "SFN0305",
                    "an arm of `.failure()` names what happened, and asks nothing more",
                )
                .help("match the error within the arm");
            return Some(self.unit());
        }
        let (body, results) = (body_ident(), self.results());
        let call = self.attempted_call(called, out)?;
        let errors = called.errors(self.root);
        let mut chain = TokenStream::new();
        if !good.is_empty() {
            let value = quote! { value.clone() };
            let good: Vec<Arm<'_>> = good
                .iter()
                .filter_map(|arm| {
                    Some(Arm {
                        pat: ok_of(arm.pat)?,
                        guard: arm.guard,
                        does: arm.does,
                    })
                })
                .collect();
            let chosen = self.ok_arms(value, title, &good, mode);
            chain.extend(quote! { .ok(|#body, value| #chosen) });
        } else if whole {
            // `_ => …` alone, or behind `Err(..)`: it takes the value as well.
            let arm = bad.iter().find(|arm| !is_result(arm.pat))?;
            let does = {
                self.push();
                let does = self.does(arm, mode);
                self.pop();
                does
            };
            chain.extend(quote! { .ok(|#body, value| #does) });
        }
        if simple {
            for arm in &bad {
                self.push();
                let error = quote! { error.clone() };
                let inner = err_of(arm.pat);
                let (which, matched) = self.catcher(inner, &error, &errors, all_failures);
                let mut bindings = matched.map(|matched| matched.bindings).unwrap_or_default();
                for name in inner.map(expr::pattern_names).unwrap_or_default() {
                    if self.is_caught(&name) == Caught::No {
                        let pat: Pat = syn::parse_quote! { #name };
                        self.keep_names(&pat, &mut bindings);
                    }
                }
                let does = self.does(arm, mode);
                self.pop();
                let (method, names) = which;
                chain.extend(quote! {
                    .#method(#names |#body, error| {
                        let error = #results::caught(error, #errors);
                        #bindings
                        #does
                    })
                });
            }
        } else {
            let bad: Vec<Arm<'_>> = bad
                .iter()
                .map(|arm| Arm {
                    pat: err_of(arm.pat).unwrap_or(arm.pat),
                    guard: arm.guard,
                    does: arm.does,
                })
                .collect();
            let error = quote! { error.clone() };
            let chosen = self.choice(&Subject::Error(error), title, &bad, mode);
            let chosen = some(mode, &chosen);
            chain.extend(quote! {
                .rest(|#body, error| {
                    let error = #results::caught(error, #errors);
                    #chosen
                })
            });
        }
        Some(quote! { #body.attempt(|#body| #call) #chain .join() })
    }

    /// The arms for what went well.
    fn ok_arms(
        &mut self,
        value: TokenStream,
        title: &str,
        arms: &[Arm<'_>],
        mode: Mode,
    ) -> TokenStream {
        if let [arm] = arms
            && arm.guard.is_none()
            && let Pat::Wild(_) | Pat::Ident(_) | Pat::Tuple(_) | Pat::Struct(_) = arm.pat
            && is_plain(arm.pat)
        {
            let mut out = TokenStream::new();
            self.push();
            let of: Expr = syn::parse_quote! { value };
            self.bind_pattern(arm.pat, value, &of, &mut out);
            let does = self.does(arm, mode);
            self.pop();
            return quote! { { #out #does } };
        }
        let chosen = self.choice(&Subject::Value(value), title, arms, mode);
        some(mode, &chosen)
    }

    /// The method of the attempt for an arm, what it takes before its closure, and what the arm binds.
    fn catcher(
        &mut self,
        pat: Option<&Pat>,
        error: &TokenStream,
        errors: &TokenStream,
        all_failures: bool,
    ) -> ((Ident, TokenStream), Option<Pattern>) {
        let results = self.results();
        let plainly = |name: &str| (Ident::new(name, Span::mixed_site()), TokenStream::new());
        let of = |name: &str| {
            let method = Ident::new("error", Span::mixed_site());
            (method, quote! { [#name], })
        };
        let rest = plainly(if all_failures { "all" } else { "rest" });
        let Some(pat) = pat else {
            return (rest, None);
        };
        if all_failures && let Some((name, inner)) = failed(pat) {
            let (which, inner) = match name.as_str() {
                "Timeout" => (of("States.Timeout"), None),
                "HeartbeatTimeout" => (of("States.HeartbeatTimeout"), None),
                "Panic" => (of("Sfn.Panic"), None),
                "Other" => (plainly("all"), inner),
                _ => match inner {
                    Some(inner) => return self.catcher(Some(inner), error, errors, false),
                    None => (plainly("rest"), None),
                },
            };
            let matched = inner.and_then(|inner| self.error_pattern(error, inner));
            return (which, matched);
        }
        let mut names = Vec::new();
        let cases: Vec<&Pat> = match pat {
            Pat::Or(any) => any.cases.iter().collect(),
            other => vec![other],
        };
        for case in &cases {
            match variant(case) {
                Some(variant) => names.push(variant.names),
                None => {
                    let matched = self.error_pattern(error, pat);
                    return (rest, matched);
                }
            }
        }
        let matched = self.error_pattern(error, pat);
        let names = names.iter().map(|names| quote! { &[#(#names),*] });
        let method = Ident::new("error", Span::mixed_site());
        (
            (method, quote! { #results::names(#errors, &[#(#names),*]), }),
            matched,
        )
    }
}

/// What an arm's closure gives, from the value of a choice.
fn some(mode: Mode, value: &TokenStream) -> TokenStream {
    match mode {
        Mode::Value => quote! { ::core::option::Option::Some(#value) },
        Mode::Nothing | Mode::End => {
            quote! { { let _ = #value; ::core::option::Option::None } }
        }
    }
}

/// Whether a pattern always matches, as far as tokens can tell.
pub(super) fn is_plain(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Ident(name) => !is_upper(&name.ident) && name.subpat.is_none(),
        Pat::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        Pat::Paren(inner) => is_plain(&inner.pat),
        Pat::Reference(inner) => is_plain(&inner.pat),
        Pat::Type(inner) => is_plain(&inner.pat),
        // A struct's; a variant's is written `Enum::Variant { .. }`.
        Pat::Struct(data) => {
            data.path.segments.len() == 1 && data.fields.iter().all(|field| is_plain(&field.pat))
        }
        _ => false,
    }
}

/// Whether an arm for errors only names them.
fn is_by_name(pat: &Pat) -> bool {
    let Some(inner) = err_of(pat) else {
        return matches!(pat, Pat::Wild(_));
    };
    let inner = match failed(inner) {
        Some((_, None)) => return true,
        Some((_, Some(inner))) => inner,
        None => inner,
    };
    names_only(inner)
}

/// Whether a pattern asks which error something ended with, or has a name for the error.
pub(super) fn names_errors(pat: &Pat) -> bool {
    match pat {
        Pat::Or(any) => any.cases.iter().any(names_errors),
        other => err_of(other).is_some_and(|inner| !matches!(inner, Pat::Wild(_))),
    }
}

fn names_only(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) => true,
        Pat::Ident(name) => name.subpat.is_none(),
        Pat::Or(any) => any.cases.iter().all(|case| {
            variant(case).is_some() && expr::pattern_names(case).is_empty() && names_only(case)
        }),
        other => variant(other)
            .is_some_and(|variant| variant.fields.iter().all(|(_, pat)| is_plain(pat))),
    }
}

/// `Failed::Timeout` and its like: the last name, and what stands in it.
fn failed(pat: &Pat) -> Option<(String, Option<&Pat>)> {
    let (path, inner) = match pat {
        Pat::Path(path) => (&path.path, None),
        Pat::TupleStruct(data) => (&data.path, data.elems.first()),
        _ => return None,
    };
    let mut segments = path.segments.iter().rev();
    let (last, owner) = (segments.next()?, segments.next()?);
    (owner.ident == "Failed").then(|| (last.ident.to_string(), inner))
}

/// The variant that a pattern names, with the errors it wraps.
fn variant(pat: &Pat) -> Option<Variant<'_>> {
    match pat {
        Pat::Paren(inner) => variant(&inner.pat),
        Pat::Reference(inner) => variant(&inner.pat),
        Pat::Ident(name) if is_upper(&name.ident) => Some(Variant {
            names: vec![name.ident.unraw().to_string()],
            fields: Vec::new(),
        }),
        Pat::Path(path) => Some(Variant {
            names: last(&path.path),
            fields: Vec::new(),
        }),
        Pat::TupleStruct(data) => {
            let mut names = last(&data.path);
            // An error within an error: the inner pattern names a variant as well.
            if data.elems.len() == 1
                && let Some(inner) = variant(&data.elems[0])
            {
                names.extend(inner.names);
                return Some(Variant {
                    names,
                    fields: inner.fields,
                });
            }
            let fields = data
                .elems
                .iter()
                .take_while(|pat| !matches!(pat, Pat::Rest(_)))
                .enumerate()
                .map(|(index, pat)| (index.to_string(), pat));
            Some(Variant {
                names,
                fields: fields.collect(),
            })
        }
        Pat::Struct(data) => Some(Variant {
            names: last(&data.path),
            fields: data
                .fields
                .iter()
                .map(|field| {
                    let name = match &field.member {
                        Member::Named(name) => name.unraw().to_string(),
                        Member::Unnamed(index) => index.index.to_string(),
                    };
                    (name, &*field.pat)
                })
                .collect(),
        }),
        _ => None,
    }
}

fn last(path: &Path) -> Vec<String> {
    path.segments
        .last()
        .map(|last| last.ident.unraw().to_string())
        .into_iter()
        .collect()
}

fn always() -> Pattern {
    Pattern {
        test: None,
        bindings: TokenStream::new(),
    }
}

fn with(test: TokenStream, inner: Pattern, ops: &TokenStream) -> Pattern {
    both(
        Pattern {
            test: Some(test),
            bindings: TokenStream::new(),
        },
        inner,
        ops,
    )
}

fn both(left: Pattern, right: Pattern, ops: &TokenStream) -> Pattern {
    let mut bindings = left.bindings;
    bindings.extend(right.bindings);
    let test = match (left.test, right.test) {
        (Some(left), Some(right)) => Some(quote! { #ops::and(#left, #right) }),
        (one, other) => one.or(other),
    };
    Pattern { test, bindings }
}

/// Whether a pattern is a name that is used: `other`, but not `_other`.
fn is_name(pat: &Pat) -> bool {
    matches!(pat, Pat::Ident(name) if name.subpat.is_none() && !name.ident.to_string().starts_with('_'))
}
