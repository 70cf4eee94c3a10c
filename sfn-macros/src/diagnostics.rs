//! What is wrong with a call, all of it at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Ident;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Diagnostics {
    found: Vec<Diagnostic>,
}

/// One mistake: where, what, and the way out.
pub(crate) struct Diagnostic {
    at: TokenStream,
    text: String,
}

impl Diagnostics {
    /// Keeps the error, if any, and gives the value.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.syntax(&error);
                None
            }
        }
    }

    /// Keeps what a parser said.
    pub(crate) fn syntax(&mut self, error: &syn::Error) {
        for error in error.clone() {
            self.error_at(error.span(), error.to_string());
        }
    }

    /// A mistake that stands on these tokens.
    pub(crate) fn error(&mut self, at: &dyn ToTokens, text: impl Into<String>) -> &mut Diagnostic {
        self.found.push(Diagnostic {
            at: at.to_token_stream(),
            text: text.into(),
        });
        self.found.last_mut().expect("one was just pushed")
    }

    /// Something that is right in Rust and cannot be in a workflow: `code` has a page that `explain` prints.
    pub(crate) fn refuse(
        &mut self,
        at: &dyn ToTokens,
        code: &str,
        text: impl AsRef<str>,
    ) -> &mut Diagnostic {
        self.error(at, format!("{code}: {}", text.as_ref()))
    }

    /// A mistake that stands at this span.
    pub(crate) fn error_at(&mut self, at: Span, text: impl Into<String>) -> &mut Diagnostic {
        self.error(&Ident::new("at", at), text)
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How much is wrong, to find out later whether more was found.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// A `compile_error!` for each; nothing if there are none.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.into_each().collect()
    }

    /// A `compile_error!` for each, one by one.
    pub(crate) fn into_each(self) -> impl Iterator<Item = TokenStream> {
        let errors = self.found.into_iter();
        errors.map(|found| syn::Error::new_spanned(found.at, found.text).into_compile_error())
    }
}

impl Diagnostic {
    /// Adds a way out, on a line of its own.
    pub(crate) fn help(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.line("help", text.as_ref())
    }

    /// Adds a reason, on a line of its own.
    pub(crate) fn note(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.line("note", text.as_ref())
    }

    fn line(&mut self, kind: &str, text: &str) -> &mut Self {
        self.text.push('\n');
        self.text.push_str(kind);
        self.text.push_str(": ");
        self.text.push_str(text);
        self
    }
}

/// The known name that was probably meant.
pub(crate) fn near_miss<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // A third of the letters may be wrong; of a short word, one.
    let most = (written.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| {
            let (low, name_low) = (written.to_lowercase(), name.to_lowercase());
            (strsim::damerau_levenshtein(&low, &name_low), name)
        })
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, name)| name)
}

/// The first token: a message about a whole block would underline all of it.
pub(crate) fn first_token(at: &dyn ToTokens) -> TokenStream {
    at.to_token_stream().into_iter().take(1).collect()
}

/// Names in backticks: `` `a`, `b` and `c` ``.
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
