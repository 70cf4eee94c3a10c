//! Options of the form `name = value, name(values), name`, read by a table.
//!
//! The table is also what an unknown option is told about, so the two cannot drift apart.

use syn::{
    Ident, Token,
    ext::IdentExt,
    parse::{ParseBuffer, ParseStream},
};

use crate::diagnostics::{Diagnostics, list, near_miss};

/// One option that a macro knows.
pub(crate) struct Known<T> {
    /// As it is written.
    pub(crate) name: &'static str,
    /// Whether it may be given more than once.
    pub(crate) again: bool,
    /// Reads what follows the name.
    pub(crate) read: fn(&mut T, &Ident, ParseStream<'_>, &mut Diagnostics) -> syn::Result<()>,
}

/// Reads options to the end of the input. A mistake in one does not hide those of the next.
pub(crate) fn read<T>(
    input: ParseStream<'_>,
    whose: &str,
    known: &[Known<T>],
    into: &mut T,
    found: &mut Diagnostics,
) {
    let mut given: Vec<Ident> = Vec::new();
    while !input.is_empty() {
        if let Err(error) = read_one(input, whose, known, into, &mut given, found) {
            found.syntax(&error);
            skip_to_comma(input);
        } else if !input.is_empty() && !input.peek(Token![,]) {
            found.syntax(&input.error("expected `,` before the next option"));
            skip_to_comma(input);
        }
        if input.parse::<Token![,]>().is_err() {
            break;
        }
    }
}

fn read_one<T>(
    input: ParseStream<'_>,
    whose: &str,
    known: &[Known<T>],
    into: &mut T,
    given: &mut Vec<Ident>,
    found: &mut Diagnostics,
) -> syn::Result<()> {
    let names: Vec<_> = known.iter().map(|option| option.name).collect();
    if !input.peek(Ident::peek_any) {
        let error = input.error(format!(
            "expected an option of {whose}\nhelp: the options are {}",
            list(&names)
        ));
        return Err(error);
    }
    let name = input.call(Ident::parse_any)?;
    let Some(option) = known.iter().find(|option| name == option.name) else {
        let written = name.to_string();
        let unknown = found.error(&name, format!("unknown option `{written}` of {whose}"));
        match near_miss(&written, names.iter().copied()) {
            Some(near) => unknown.help(format!(
                "did you mean `{near}`? the options are {}",
                list(&names)
            )),
            None => unknown.help(format!("the options are {}", list(&names))),
        };
        skip_to_comma(input);
        return Ok(());
    };
    if !option.again && given.contains(&name) {
        found
            .error(&name, format!("option `{name}` is given twice"))
            .help("keep one of them");
    }
    (option.read)(into, &name, input, found)?;
    given.push(name);
    Ok(())
}

/// The `= ` before a value, with a message that shows the form.
pub(crate) fn equals(input: ParseStream<'_>, name: &Ident, example: &str) -> syn::Result<()> {
    if input.parse::<Option<Token![=]>>()?.is_some() {
        return Ok(());
    }
    // `timeout("5m")` and a bare `timeout` are one mistake: the place is the name.
    Err(syn::Error::new(
        name.span(),
        format!("option `{name}` needs a value\nhelp: write `{name} = {example}`"),
    ))
}

/// The parenthesised content after a name.
pub(crate) fn parenthesized<'a>(
    input: ParseStream<'a>,
    name: &Ident,
    example: &str,
) -> syn::Result<ParseBuffer<'a>> {
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new(
            name.span(),
            format!("`{name}` takes parentheses\nhelp: write `{name}({example})`"),
        ));
    }
    let content;
    syn::parenthesized!(content in input);
    Ok(content)
}

/// Goes on at the next option.
fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let skipped = input.parse::<proc_macro2::TokenTree>();
        if skipped.is_err() {
            return;
        }
    }
}
