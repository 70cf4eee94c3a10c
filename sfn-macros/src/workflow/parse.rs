//! What was written: options, then stages. Half-typed input is read as far as it goes.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Attribute, Expr, Ident, Lit, LitStr, Token, Type,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
};

use super::repair;
use crate::{
    diagnostics::{Diagnostics, list, near_miss},
    root::Root,
};

/// Which macro is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Workflow,
    Fragment,
}

/// The call, read but not understood.
#[derive(Default)]
pub(super) struct Written {
    pub(super) docs: Vec<LitStr>,
    pub(super) name: Option<LitStr>,
    pub(super) timeout: Option<(Ident, Lit)>,
    pub(super) kind: Option<Ident>,
    pub(super) input: Option<Type>,
    pub(super) root: Root,
    pub(super) stages: Vec<Raw>,
    /// The first token, to say where something is missing.
    pub(super) first: Option<TokenTree>,
}

/// A stage as it was written.
pub(super) struct Raw {
    pub(super) docs: Vec<LitStr>,
    pub(super) expr: Expr,
    /// Whether it was half-typed, and mended.
    pub(super) repaired: bool,
}

const WORKFLOW_OPTIONS: &[&str] = &["name", "timeout", "kind", "input", "crate"];
const FRAGMENT_OPTIONS: &[&str] = &["crate"];

impl Form {
    fn options(self) -> &'static [&'static str] {
        match self {
            Form::Workflow => WORKFLOW_OPTIONS,
            Form::Fragment => FRAGMENT_OPTIONS,
        }
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Form::Workflow => "workflow",
            Form::Fragment => "fragment",
        }
    }

    pub(super) fn quoted(self) -> &'static str {
        match self {
            Form::Workflow => "`workflow!`",
            Form::Fragment => "`fragment!`",
        }
    }
}

pub(super) fn parse(input: TokenStream, form: Form, found: &mut Diagnostics) -> Written {
    let mut written = Written {
        first: input.clone().into_iter().next(),
        ..Written::default()
    };
    for part in commas(input) {
        let Err(error) = read(part.clone(), form, &mut written, found) else {
            continue;
        };
        match part.clone().into_iter().last() {
            // The end of a part has no place of its own: its last token has.
            Some(last) if is_call_site(error.span()) => {
                let text = error.to_string();
                let text = text
                    .strip_prefix("unexpected end of input, ")
                    .unwrap_or(&text);
                found.error_at(last.span(), format!("{text} after this"));
            }
            _ => found.syntax(&error),
        }
        // Editors need half-typed code to expand to something.
        let from = written.stages.len();
        let mended = repair::repair(part.clone()).is_some_and(|repaired| {
            let mut unheard = Diagnostics::default();
            read(repaired, form, &mut written, &mut unheard).is_ok()
        });
        if mended {
            for stage in &mut written.stages[from..] {
                stage.repaired = true;
            }
        } else {
            written.stages.truncate(from);
            written.stages.push(Raw {
                docs: Vec::new(),
                expr: Expr::Verbatim(part),
                repaired: false,
            });
        }
    }
    written
}

/// Whether a span is that of the whole call, as it is where the input ends too early. Spans do not compare.
fn is_call_site(span: Span) -> bool {
    format!("{span:?}") == format!("{:?}", Span::call_site())
}

/// The parts between the commas, so that a mistake in one does not hide those of the next.
fn commas(input: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![Vec::new()];
    // A comma within `<…>` of a type, or between the parameters of a closure, separates nothing.
    let (mut angles, mut closure) = (0_u32, false);
    let mut before: Option<char> = None;
    for token in input {
        let punct = match &token {
            TokenTree::Punct(punct) => Some(punct.as_char()),
            _ => None,
        };
        match punct {
            Some('<') => angles += 1,
            Some('>') if before != Some('-') && before != Some('=') => {
                angles = angles.saturating_sub(1);
            }
            Some('|') => closure = !closure,
            _ => {}
        }
        if punct == Some(',') && !closure && (angles == 0 || !in_type(parts.last())) {
            angles = 0;
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(token);
        }
        before = punct;
    }
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| part.into_iter().collect())
        .collect()
}

/// Whether the part so far is `input = …`, whose type may have commas in its angle brackets.
fn in_type(part: Option<&Vec<TokenTree>>) -> bool {
    matches!(
        part.map(Vec::as_slice),
        Some([TokenTree::Ident(name), TokenTree::Punct(equals), ..])
            if name == "input" && equals.as_char() == '='
    )
}

fn read(
    part: TokenStream,
    form: Form,
    written: &mut Written,
    found: &mut Diagnostics,
) -> syn::Result<()> {
    let parser = |input: ParseStream<'_>| {
        let docs = docs(&input.call(Attribute::parse_outer)?);
        let is_option = input.peek(Ident::peek_any)
            && input.peek2(Token![=])
            && !input.peek2(Token![==])
            && !input.peek2(Token![=>]);
        if is_option {
            written.docs.extend(docs);
            return option(input, form, written, found);
        }
        // Doc comments alone on their lines, before the first option, come with it; at the end they belong to nothing.
        if input.is_empty() {
            written.docs.extend(docs);
            return Ok(());
        }
        let mut docs = docs;
        loop {
            let expr: Expr = input.parse()?;
            written.stages.push(Raw {
                docs: std::mem::take(&mut docs),
                expr,
                repaired: false,
            });
            if input.is_empty() {
                return Ok(());
            }
            // The stages on both sides of the missing comma are read.
            found.syntax(&input.error("expected `,` before the next stage"));
        }
    };
    parser.parse2(part)
}

fn option(
    input: ParseStream<'_>,
    form: Form,
    written: &mut Written,
    found: &mut Diagnostics,
) -> syn::Result<()> {
    let name = input.call(Ident::parse_any)?;
    let text = name.to_string();
    let whose = form.quoted();
    let known = form.options();
    if !known.contains(&text.as_str()) {
        let unknown = found.error(&name, format!("unknown option `{text}` of {whose}"));
        let near = near_miss(&text, known.iter().copied());
        match near {
            Some(near) => unknown.help(format!(
                "did you mean `{near}`? the options are {}",
                list(known)
            )),
            None => unknown.help(format!("the options are {}", list(known))),
        };
        input.parse::<Option<Token![=]>>()?;
        if near == Some("name") {
            // One mistake is enough.
            written.name = input.parse().ok();
        }
        input.parse::<TokenStream>()?;
        return Ok(());
    }
    if !written.stages.is_empty() {
        found
            .error(&name, format!("option `{text}` comes after a stage"))
            .help("put the options before the stages");
    }
    if text == "crate" {
        return written.root.read(&name, input);
    }
    input.parse::<Token![=]>()?;
    let twice = match text.as_str() {
        "name" => once(&mut written.name, expect(input, &name, "\"make-pizza\"")?),
        "timeout" => {
            let value = expect(input, &name, "\"1h\"")?;
            once(&mut written.timeout, (name.clone(), value))
        }
        "kind" => once(&mut written.kind, expect(input, &name, "express")?),
        // The table above names nothing else.
        _ => once(&mut written.input, expect(input, &name, "Order")?),
    };
    if twice {
        found
            .error(&name, format!("option `{text}` is given twice"))
            .help("keep one of them");
    }
    if !input.is_empty() {
        return Err(input.error(format!("expected `,` after the value of `{text}`")));
    }
    Ok(())
}

fn expect<T: Parse>(input: ParseStream<'_>, name: &Ident, example: &str) -> syn::Result<T> {
    input.parse().map_err(|error| {
        syn::Error::new(
            error.span(),
            format!("this is no value for `{name}`\nhelp: write `{name} = {example}`"),
        )
    })
}

/// Keeps the value; says whether there was one already.
fn once<T>(slot: &mut Option<T>, value: T) -> bool {
    slot.replace(value).is_some()
}

/// The texts of the doc comments among the attributes.
fn docs(attributes: &[Attribute]) -> Vec<LitStr> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(syn::ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.clone()),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

/// The first paragraph of doc comments, on one line.
pub(super) fn paragraph(docs: &[LitStr]) -> String {
    let lines = docs.iter().map(|line| line.value().trim().to_owned());
    let lines: Vec<String> = lines
        .skip_while(String::is_empty)
        .take_while(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}
