//! Mending half-typed code, so that it expands and editors can complete in it.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

/// A name that no user has, where one is missing.
const MISSING: &str = "__missing";

/// Puts a name after each dot, path separator or operator that lacks one; `None` when nothing was to mend.
pub(super) fn repair(tokens: TokenStream) -> Option<TokenStream> {
    let mut mended = false;
    let repaired = walk(tokens, &mut mended);
    mended.then_some(repaired)
}

fn walk(tokens: TokenStream, mended: &mut bool) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let inner = walk(group.stream(), mended);
                let is_arm = group.delimiter() == Delimiter::Brace;
                // `if cond` followed by nothing lacks its block: see below.
                let _ = is_arm;
                let mut new = Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                out.push(new.into());
            }
            TokenTree::Punct(punct) => {
                let needs_name = wants_operand(&punct, tokens.peek());
                let span = punct.span();
                out.push(punct.into());
                if needs_name {
                    *mended = true;
                    out.push(Ident::new(MISSING, span).into());
                }
            }
            other => out.push(other),
        }
    }
    add_block(&mut out, mended);
    out.into_iter().collect()
}

/// Whether something must follow the sign, and does not.
fn wants_operand(punct: &Punct, next: Option<&TokenTree>) -> bool {
    let missing = match next {
        None => true,
        Some(TokenTree::Punct(next)) => {
            matches!(next.as_char(), ',' | ';' | '.') && next.as_char() != punct.as_char()
        }
        Some(TokenTree::Group(group)) => {
            punct.as_char() == '.'
                || (group.delimiter() == Delimiter::Brace && punct.as_char() != '|')
        }
        _ => false,
    };
    let joint = punct.spacing() == Spacing::Joint && next.is_some();
    missing
        && !joint
        && matches!(
            punct.as_char(),
            '.' | ':' | '&' | '!' | '=' | '<' | '>' | '|'
        )
        && !(punct.as_char() == '|' && next.is_some())
        && !(punct.as_char() == '>' && matches!(next, Some(TokenTree::Group(_))))
}

/// An `if` or `match` whose block is not typed yet gets an empty one.
fn add_block(out: &mut Vec<TokenTree>, mended: &mut bool) {
    let opens = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "if" || word == "match" || word == "else");
    let Some(at) = out.iter().rposition(opens) else {
        return;
    };
    let closed = out[at..].iter().any(
        |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace),
    );
    if !closed {
        *mended = true;
        let mut block = Group::new(Delimiter::Brace, TokenStream::new());
        block.set_span(Span::call_site());
        out.push(block.into());
    }
}
