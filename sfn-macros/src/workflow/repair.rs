//! Mending half-typed code, so that it expands and editors can complete in it.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

/// A name that no user has, where one is missing.
///
/// It is as long as the one that rust-analyzer puts in at the cursor, for what stands behind it to stay where it is.
pub(super) const MISSING: &str = "__missing_name";

/// Puts a name after each dot, path separator or operator that lacks one, and a block after an `if` or `match`;
/// `None` when nothing was to mend.
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
                let mut new = Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                out.push(new.into());
            }
            TokenTree::Punct(punct) => {
                let missing = wants_operand(&punct, out.last(), tokens.peek());
                let span = punct.span();
                out.push(punct.into());
                if missing {
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
fn wants_operand(punct: &Punct, before: Option<&TokenTree>, next: Option<&TokenTree>) -> bool {
    let sign = punct.as_char();
    // The first half of `&&`, `::`, `=>`: the second half decides.
    if let (Spacing::Joint, Some(TokenTree::Punct(next))) = (punct.spacing(), next)
        && matches!(
            (sign, next.as_char()),
            ('&', '&')
                | ('|', '|')
                | (':', ':')
                | ('.', '.')
                | ('-' | '=', '>')
                | ('=' | '<' | '>' | '!', '=')
        )
    {
        return false;
    }
    let joined = |sign: char| {
        matches!(before, Some(TokenTree::Punct(before))
            if before.as_char() == sign && before.spacing() == Spacing::Joint)
    };
    let wants = match sign {
        '.' => !joined('.'),
        ':' => joined(':'),
        '&' | '!' | '<' => true,
        '>' => !joined('-') && !joined('='),
        '=' => true,
        // The end of a closure's parameters wants a body, but a single one may begin them.
        '|' => joined('|'),
        _ => false,
    };
    wants
        && match next {
            None => true,
            // `Kind::<..>` is a path; otherwise no sign follows a dot or a path separator.
            Some(TokenTree::Punct(next)) if sign == ':' => next.as_char() != '<',
            Some(TokenTree::Punct(_)) if sign == '.' => true,
            Some(TokenTree::Punct(next)) => matches!(next.as_char(), ',' | ';' | '.'),
            Some(TokenTree::Group(group)) => sign == '.' || group.delimiter() == Delimiter::Brace,
            Some(_) => false,
        }
}

/// An `if` or `match` whose block is not typed yet gets an empty one.
fn add_block(out: &mut Vec<TokenTree>, mended: &mut bool) {
    let opens = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "if" || word == "match" || word == "else");
    let Some(at) = out.iter().rposition(opens) else {
        return;
    };
    let block = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    if out[at..].iter().any(block) {
        return;
    }
    *mended = true;
    if at + 1 == out.len() && !matches!(&out[at], TokenTree::Ident(word) if word == "else") {
        out.push(Ident::new(MISSING, Span::call_site()).into());
    }
    out.push(Group::new(Delimiter::Brace, TokenStream::new()).into());
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::repair;

    #[track_caller]
    fn check(half: &str, expected: &str) {
        let tokens = half.parse().expect("tokens");
        let repaired = repair(tokens).expect("something is mended");
        let expected: TokenStream = expected.parse().expect("tokens");
        // Blanks tell which signs belong together, which is not the question here.
        let text = |tokens: &TokenStream| tokens.to_string().replace(' ', "");
        assert_eq!(text(&repaired), text(&expected));
        syn::parse2::<syn::Expr>(repaired).expect("what is mended can be read");
    }

    #[test]
    fn what_is_missing_is_put_in() {
        check("bake.", "bake.__missing_name");
        check("bake. .named(\"x\")", "bake.__missing_name.named(\"x\")");
        check("kitchen::", "kitchen::__missing_name");
        check("map(|o| &o., slice)", "map(|o| &o.__missing_name, slice)");
        check("map(|o| &, slice)", "map(|o| &__missing_name, slice)");
        check(
            "choose(|p| if p. { bake })",
            "choose(|p| if p.__missing_name { bake })",
        );
        check(
            "choose(|p| if p.size > { bake })",
            "choose(|p| if p.size > __missing_name { bake })",
        );
        check(
            "choose(|p| if p.hot && { bake })",
            "choose(|p| if p.hot && __missing_name { bake })",
        );
        check(
            "choose(|p| if p. && p.size. > 3 { bake })",
            "choose(|p| if p.__missing_name && p.size.__missing_name > 3 { bake })",
        );
        check(
            "choose(|p| match p.kind { Kind:: => {} })",
            "choose(|p| match p.kind { Kind::__missing_name => {} })",
        );
        check("choose(|p| if p.size)", "choose(|p| if p.size {})");
        check("choose(|p| if)", "choose(|p| if __missing_name {})");
        check(
            "choose(|p| if p.hot { bake } else)",
            "choose(|p| if p.hot { bake } else {})",
        );
        check(
            "choose(|p| match p.)",
            "choose(|p| match p.__missing_name {})",
        );
        check(
            "bake.retry(interval = )",
            "bake.retry(interval = __missing_name)",
        );
    }

    #[test]
    fn whole_code_is_left_alone() {
        for whole in [
            "map(|o| &o.items, slice)",
            "choose(|p| match p.kind { Kind::A => bake, _ => {} })",
            "choose(|p| if !p.hot || p.size >= 3 { bake } else { serve })",
            "pass(|p| (p.0, p.1.2))",
            "choose(|p| match p.n { 1..=3 => bake, _ => {} })",
        ] {
            assert!(repair(whole.parse().expect("tokens")).is_none(), "{whole}");
        }
    }
}
