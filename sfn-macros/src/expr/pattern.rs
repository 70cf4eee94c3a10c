//! Patterns as conditions.

use quote::ToTokens;
use syn::{Expr, Pat, RangeLimits, Token, parse::Parser};

use super::{Lowered, Scope};
use crate::diagnostics::Diagnostics;

/// What a pattern asks.
pub(crate) enum Matched {
    /// Nothing: it matches whatever comes.
    Always,
    /// Something.
    When(Lowered),
}

impl Matched {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Matched::Always, other) | (other, Matched::Always) => other,
            (Matched::When(left), Matched::When(right)) => Matched::When(left.and(right)),
        }
    }
}

/// Understands a pattern. `subjects` has more than one item where a tuple is matched.
pub(crate) fn pattern(
    pattern: &Pat,
    subjects: &[Lowered],
    found: &mut Diagnostics,
) -> Option<Matched> {
    match (pattern, subjects) {
        (Pat::Wild(_) | Pat::Rest(_), _) => Some(Matched::Always),
        (Pat::Paren(inner), _) => self::pattern(&inner.pat, subjects, found),
        (Pat::Or(any), _) => {
            let mut joined: Option<Lowered> = None;
            for case in &any.cases {
                match self::pattern(case, subjects, found)? {
                    Matched::Always => return Some(Matched::Always),
                    Matched::When(test) => {
                        joined = Some(match joined {
                            Some(before) => before.or(test),
                            None => test,
                        });
                    }
                }
            }
            joined.map(Matched::When)
        }
        // A name alone is a binding, or a constant or variant that was imported: their case tells.
        (Pat::Ident(name), [subject]) if name.subpat.is_none() => {
            let text = name.ident.to_string();
            if text == "None" {
                return Some(Matched::When(Lowered::Method(
                    "is_none",
                    Box::new(subject.clone()),
                )));
            }
            if text.starts_with(char::is_uppercase) {
                let path = name.ident.clone().into();
                return Some(Matched::When(Lowered::IsPath(
                    Box::new(subject.clone()),
                    path,
                )));
            }
            Some(Matched::Always)
        }
        (Pat::Ident(name), _) if name.subpat.is_none() => Some(Matched::Always),
        (Pat::Reference(inner), _) => self::pattern(&inner.pat, subjects, found),
        (Pat::Lit(literal), [subject]) => {
            let expr = Expr::Lit(literal.clone());
            Some(Matched::When(equals(subject, &expr)))
        }
        (Pat::Path(path), [subject]) => Some(Matched::When(Lowered::IsPath(
            Box::new(subject.clone()),
            path.path.clone(),
        ))),
        (Pat::Range(range), [subject]) => {
            let least = range.start.as_ref().map(|start| {
                let start = Lowered::Constant(super::wide(start));
                Lowered::Binary("at_least", Box::new(subject.clone()), Box::new(start))
            });
            let operator = match range.limits {
                RangeLimits::HalfOpen(_) => "less_than",
                RangeLimits::Closed(_) => "at_most",
            };
            let most = range.end.as_ref().map(|end| {
                let end = Lowered::Constant(super::wide(end));
                Lowered::Binary(operator, Box::new(subject.clone()), Box::new(end))
            });
            match (least, most) {
                (Some(least), Some(most)) => Some(Matched::When(least.and(most))),
                (Some(one), None) | (None, Some(one)) => Some(Matched::When(one)),
                (None, None) => Some(Matched::Always),
            }
        }
        (Pat::TupleStruct(data), [subject]) => {
            if data.path.is_ident("Some") && data.elems.len() == 1 {
                let given = Lowered::Method("is_some", Box::new(subject.clone()));
                let inner = self::pattern(&data.elems[0], subjects, found)?;
                return Some(Matched::When(given).and(inner));
            }
            let bare = data
                .elems
                .iter()
                .all(|inner| matches!(inner, Pat::Wild(_) | Pat::Rest(_)));
            variant(&data.path, bare, pattern, subject, found)
        }
        (Pat::Struct(data), [subject]) => {
            let bare = data
                .fields
                .iter()
                .all(|field| matches!(*field.pat, Pat::Wild(_)));
            variant(&data.path, bare, pattern, subject, found)
        }
        (Pat::Tuple(tuple), subjects) if tuple.elems.len() == subjects.len() => {
            let mut all = Matched::Always;
            for (inner, subject) in tuple.elems.iter().zip(subjects) {
                let inner = self::pattern(inner, std::slice::from_ref(subject), found)?;
                all = all.and(inner);
            }
            Some(all)
        }
        (other, _) => {
            found
                .error(other, "Step Functions cannot match this pattern")
                .note("understood are literals, ranges, constants, variants, `Some(..)`, `None`, `_` and alternatives with `|`")
                .help("decide it in a step that returns `bool`, or an enum without data");
            None
        }
    }
}

fn variant(
    path: &syn::Path,
    bare: bool,
    pattern: &Pat,
    subject: &Lowered,
    found: &mut Diagnostics,
) -> Option<Matched> {
    let variant = &path.segments.last()?.ident;
    if !bare {
        found
            .error(pattern, "a variant's data cannot be matched here")
            .note("an arm is given the whole value, so that a name bound here would lead nowhere")
            .help(format!(
                "write `{}(..)` or `{} {{ .. }}`",
                path_text(path),
                path_text(path)
            ));
        return None;
    }
    Some(Matched::When(Lowered::IsVariant(
        Box::new(subject.clone()),
        variant.clone(),
    )))
}

fn path_text(path: &syn::Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

fn equals(subject: &Lowered, constant: &Expr) -> Lowered {
    let constant = Lowered::Constant(super::wide(constant));
    Lowered::Binary("equals", Box::new(subject.clone()), Box::new(constant))
}

/// `matches!(it.kind, Kind::Small | Kind::Large)`
pub(super) fn matches_macro(
    scope: &mut Scope<'_>,
    called: &syn::Macro,
    found: &mut Diagnostics,
) -> Option<Lowered> {
    let parser = |input: syn::parse::ParseStream<'_>| {
        let subject: Expr = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard = match input.parse::<Option<Token![if]>>()? {
            Some(_) => Some(input.parse::<Expr>()?),
            None => None,
        };
        input.parse::<Option<Token![,]>>()?;
        Ok((subject, pattern, guard))
    };
    let (subject, pattern, guard) = found.keep(parser.parse2(called.tokens.clone()))?;
    let subject = scope.lower(&subject, found)?;
    let matched = self::pattern(&pattern, &[subject], found)?;
    let guard = match guard {
        Some(guard) => Matched::When(scope.lower(&guard, found)?),
        None => Matched::Always,
    };
    match matched.and(guard) {
        Matched::When(test) => Some(test),
        Matched::Always => Some(Lowered::Constant(quote::quote! { true })),
    }
}
