//! Where the runtime is: `::sfn_runtime`, or what `crate = …` says.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Ident, Path, parse::ParseStream};

use crate::options::equals;

/// The path of the runtime, for the front of generated paths.
#[derive(Clone, Default)]
pub(crate) struct Root(Option<Path>);

impl Root {
    /// Reads ` = ::other::path` after the word `crate`.
    pub(crate) fn read(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        equals(input, name, "::path::to::sfn_runtime")?;
        self.0 = Some(input.call(Path::parse_mod_style)?);
        Ok(())
    }

    /// The path, standing at the user's token: what rustc says of it is then said there.
    pub(crate) fn at(&self, span: Span) -> TokenStream {
        at(self.to_token_stream(), span)
    }
}

/// Generated tokens, standing at the user's.
pub(crate) fn at(tokens: TokenStream, span: Span) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        token.set_span(span);
        if let TokenTree::Group(group) = &token {
            let mut inner = Group::new(group.delimiter(), at(group.stream(), span));
            inner.set_span(group.span());
            token = TokenTree::Group(inner);
        }
        token
    });
    moved.collect()
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => quote! { ::sfn_runtime }.to_tokens(tokens),
        }
    }
}
