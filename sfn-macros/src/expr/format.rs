//! `format!`: its text taken apart.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Ident, LitStr, Token, parse::Parser, punctuated::Punctuated};

use super::lower::Lowering;
use crate::diagnostics::Diagnostics;

/// A part of a format text.
#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    /// What is shown, and how: `name`, `:>8`.
    Shown(String, String),
}

/// How a value is shown.
#[derive(Debug, Default, PartialEq)]
struct Spec {
    fill: Option<char>,
    /// `<` or `>`.
    align: Option<char>,
    zero: bool,
    width: Option<u64>,
    precision: Option<u64>,
    /// `x`, `X`, `b`, `o`, or empty.
    kind: String,
}

impl Lowering<'_> {
    pub(super) fn format(
        &mut self,
        called: &syn::Macro,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let ops = self.ops();
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(arguments) = parser.parse2(called.tokens.clone()) else {
            // rustc says it of the body itself.
            return Some(self.broken());
        };
        let mut arguments = arguments.into_iter();
        let Some(Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        })) = arguments.next()
        else {
            return Some(self.broken());
        };
        let mut places = Vec::new();
        let mut named = Vec::new();
        for argument in arguments {
            match argument {
                Expr::Assign(assigned) => {
                    let Expr::Path(name) = &*assigned.left else {
                        return Some(self.broken());
                    };
                    let name = name.path.get_ident()?.to_string();
                    named.push((name, self.lower(&assigned.right, found)?));
                }
                value => places.push(self.lower(&value, found)?),
            }
        }
        let Some(pieces) = pieces(&text.value()) else {
            return Some(self.broken());
        };
        let mut next = 0;
        let mut parts = Vec::new();
        for piece in pieces {
            let (name, spec) = match piece {
                Piece::Text(text) => {
                    parts.push(quote! { #ops::text(#text) });
                    continue;
                }
                Piece::Shown(name, spec) => (name, spec),
            };
            let value = if name.is_empty() {
                next += 1;
                places.get(next - 1).cloned()
            } else if let Ok(at) = name.parse::<usize>() {
                places.get(at).cloned()
            } else if let Some((_, value)) = named.iter().find(|(known, _)| *known == name) {
                Some(value.clone())
            } else {
                let ident = Ident::new(&name, text.span());
                self.lower(&syn::parse_quote! { #ident }, found)
            };
            let Some(value) = value else {
                return Some(self.broken());
            };
            let spec = self.spec(&spec, &text, found)?;
            parts.push(quote! { #ops::shown(#value, #spec) });
        }
        Some(quote! { #ops::format(::std::vec![#(#parts),*]) })
    }

    fn spec(&self, written: &str, text: &LitStr, found: &mut Diagnostics) -> Option<TokenStream> {
        let Some(spec) = spec(written) else {
            found
                .refuse(
                    text,
                    "SFN0209",
                    format!("`{{:{written}}}` cannot be written inside Step Functions"),
                )
                .note("understood are `{}`, widths with `<` or `>`, a fill, `0`, a precision, and `x`, `X`, `b` and `o`")
                .help("make it a `#[step]`");
            return None;
        };
        let ops = self.ops();
        let option = |value: Option<TokenStream>| match value {
            Some(value) => quote! { ::core::option::Option::Some(#value) },
            None => quote! { ::core::option::Option::None },
        };
        let width = option(spec.width.map(|width| quote! { #width }));
        let precision = option(spec.precision.map(|precision| quote! { #precision }));
        let align = option(spec.align.map(|align| quote! { #align }));
        let (fill, zero, kind) = (spec.fill.unwrap_or(' '), spec.zero, spec.kind);
        Some(quote! {
            #ops::Spec { fill: #fill, align: #align, zero: #zero, width: #width, precision: #precision, kind: #kind }
        })
    }
}

/// Takes a format text apart; none where rustc refuses it.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '{' if rest.peek() == Some(&'{') => {
                rest.next();
                plain.push('{');
            }
            '}' => {
                if rest.next() != Some('}') {
                    return None;
                }
                plain.push('}');
            }
            '{' => {
                let mut inner = String::new();
                loop {
                    match rest.next()? {
                        '}' => break,
                        other => inner.push(other),
                    }
                }
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                let (name, spec) = inner.split_once(':').unwrap_or((&inner, ""));
                pieces.push(Piece::Shown(
                    name.trim().to_owned(),
                    spec.trim_end().to_owned(),
                ));
            }
            other => plain.push(other),
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Some(pieces)
}

/// Reads what stands behind the `:`; none for what Step Functions cannot do.
fn spec(written: &str) -> Option<Spec> {
    let mut spec = Spec::default();
    let letters: Vec<char> = written.chars().collect();
    let mut rest = &letters[..];
    if let [fill, align @ ('<' | '>'), after @ ..] = rest {
        spec.fill = Some(*fill);
        spec.align = Some(*align);
        rest = after;
    } else if let [align @ ('<' | '>'), after @ ..] = rest {
        spec.align = Some(*align);
        rest = after;
    }
    if let ['0', after @ ..] = rest {
        spec.zero = true;
        rest = after;
    }
    let number = |rest: &mut &[char]| {
        let digits = rest
            .iter()
            .take_while(|digit| digit.is_ascii_digit())
            .count();
        let text: String = rest[..digits].iter().collect();
        *rest = &rest[digits..];
        text.parse::<u64>().ok()
    };
    spec.width = number(&mut rest);
    if let ['.', after @ ..] = rest {
        rest = after;
        spec.precision = Some(number(&mut rest)?);
    }
    spec.kind = rest.iter().collect();
    matches!(spec.kind.as_str(), "" | "x" | "X" | "b" | "o").then_some(spec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart() {
        let shown = |name: &str, spec: &str| Piece::Shown(name.to_owned(), spec.to_owned());
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            pieces("a {} {{x}} {name:>8}{0}"),
            Some(vec![
                text("a "),
                shown("", ""),
                text(" {x} "),
                shown("name", ">8"),
                shown("0", "")
            ])
        );
        assert_eq!(pieces("}"), None);
        assert_eq!(pieces("{a"), None);
    }

    #[test]
    fn specs_are_read_or_refused() {
        let read = spec("*>08.3x");
        assert_eq!(
            read,
            Some(Spec {
                fill: Some('*'),
                align: Some('>'),
                zero: true,
                width: Some(8),
                precision: Some(3),
                kind: "x".to_owned(),
            })
        );
        assert_eq!(spec("").map(|spec| spec.width), Some(None));
        for refused in ["?", "#?", "^8", "e", "+", "width$", ".*", "#x"] {
            assert_eq!(spec(refused), None, "{refused}");
        }
    }
}
