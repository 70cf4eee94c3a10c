//! Source text for people: the names of states and their arms.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// How long a state's name may be in Step Functions, in characters.
const LONGEST: usize = 80;

/// Tokens as they would stand in the source, on one line, at most 80 characters.
pub(super) fn text(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text);
    if text.chars().count() > LONGEST {
        text = text.chars().take(LONGEST - 1).collect();
        text.push('…');
    }
    text
}

/// What came last: it says whether the next token stands close.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// Nothing, or an opening: the next stands close.
    Open,
    /// A word, a literal or a closing.
    Word,
    /// A sign that stands close to what follows, such as one before its operand.
    Tight,
    /// The first sign of a longer one.
    Joint,
    /// A sign between two operands.
    Loose,
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut last = Last::Open;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close, spaced) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")", false),
                    Delimiter::Bracket => ("[", "]", false),
                    Delimiter::Brace => ("{ ", " }", true),
                    Delimiter::None => ("", "", false),
                };
                if (spaced && last == Last::Word) || last == Last::Loose {
                    text.push(' ');
                }
                text.push_str(open);
                let before = text.len();
                write(group.stream(), text);
                if spaced && text.len() == before {
                    // `{}` holds no space.
                    text.pop();
                    text.push('}');
                } else {
                    text.push_str(close);
                }
                last = Last::Word;
            }
            TokenTree::Punct(punct) => {
                let sign = punct.as_char();
                let joint = punct.spacing() == Spacing::Joint;
                if last == Last::Joint {
                    text.push(sign);
                    last = if joint { Last::Joint } else { Last::Loose };
                    continue;
                }
                match sign {
                    '.' | ':' | '?' | ',' | ';' | '\'' => {
                        if sign == '.' && last == Last::Loose {
                            text.push(' ');
                        }
                        text.push(sign);
                        last = match sign {
                            ',' | ';' => Last::Loose,
                            // `a: b` has its space, `a::b` has none.
                            ':' if !joint && !text.ends_with("::") => Last::Loose,
                            '?' => Last::Word,
                            _ => Last::Tight,
                        };
                    }
                    '=' if last == Last::Tight && text.ends_with("..") => text.push(sign),
                    // Before an operand, not between two.
                    '!' | '&' | '*' | '-' | '#' if last != Last::Word => {
                        if last == Last::Loose {
                            text.push(' ');
                        }
                        text.push(sign);
                        last = Last::Tight;
                    }
                    // `format!(…)`
                    '!' if !joint => {
                        text.push(sign);
                        last = Last::Tight;
                    }
                    _ => {
                        if last == Last::Word {
                            text.push(' ');
                        }
                        text.push(sign);
                        last = if joint { Last::Joint } else { Last::Loose };
                    }
                }
            }
            TokenTree::Ident(word) => {
                space(last, text);
                text.push_str(&word.to_string());
                last = match word.to_string().as_str() {
                    "let" | "in" | "match" | "if" | "for" | "while" | "mut" | "ref" | "move"
                    | "else" | "return" | "as" => Last::Loose,
                    _ => Last::Word,
                };
            }
            TokenTree::Literal(literal) => {
                space(last, text);
                text.push_str(&literal.to_string());
                last = Last::Word;
            }
        }
    }
}

fn space(last: Last, text: &mut String) {
    if matches!(last, Last::Word | Last::Loose) {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[track_caller]
    fn check(source: &str) {
        let tokens = source.parse().expect("tokens");
        assert_eq!(text(tokens), source);
    }

    #[test]
    fn reads_as_it_was_written() {
        check("fraud.score > 80 || checked.amount > 10_000");
        check("!verdict.ok && -x <= *y");
        check("let Some(x) = &order.items[0]");
        check("Err(ShipError::Late { days, .. })");
        check("for parcel in &stock.parcels");
        check("a.b(1, \"two\")? == c % 2");
        check("matches!(kind, Kind::A | Kind::B)");
        check("0..=3");
    }

    #[test]
    fn a_long_one_is_cut() {
        let long = "a + ".repeat(40) + "b";
        let cut = text(long.parse().expect("tokens"));
        assert_eq!(cut.chars().count(), 80);
        assert!(cut.ends_with('…'));
    }
}
