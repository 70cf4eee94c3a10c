//! What was written in `#[serde(..)]` and `#[payload(..)]`.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Ident, LitStr, Path, Token, ext::IdentExt, parse::ParseStream, parse::Parser,
};

use crate::{
    diagnostics::Diagnostics,
    options::{self, Known},
    root::Root,
};

/// Serde's attributes on one item, in their order.
#[derive(Default)]
pub(super) struct Serde {
    items: Vec<Item>,
}

struct Item {
    path: Path,
    value: Value,
}

enum Value {
    /// `skip`.
    Flag,
    /// `rename = "x"`.
    Text(LitStr),
    /// `rename(serialize = "x", deserialize = "y")`.
    Two(Option<LitStr>, Option<LitStr>),
    /// What only serde understands.
    Other,
}

impl Serde {
    /// Reads what is well-formed; serde itself reports the rest.
    pub(super) fn read(attrs: &[Attribute]) -> Self {
        let mut items = Vec::new();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
            let read = attr.parse_nested_meta(|meta| {
                let value = if meta.input.peek(Token![=]) {
                    let value = meta.value()?;
                    match value.peek(LitStr) {
                        true => Value::Text(value.parse()?),
                        false => {
                            value.parse::<syn::Expr>()?;
                            Value::Other
                        }
                    }
                } else if meta.input.peek(syn::token::Paren) {
                    two(&meta)?
                } else {
                    Value::Flag
                };
                items.push(Item {
                    path: meta.path.clone(),
                    value,
                });
                Ok(())
            });
            drop(read);
        }
        Serde { items }
    }

    fn get(&self, name: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.path.is_ident(name))
    }

    /// Whether any of these is given, in whatever form.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }

    /// The text of `name = "…"`.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match &self.get(name)?.value {
            Value::Text(text) => Some(text.value()),
            _ => None,
        }
    }

    /// The one name for reading and writing; refuses two that differ.
    pub(super) fn one_name(&self, name: &str, found: &mut Diagnostics) -> Option<String> {
        let item = self.get(name)?;
        match &item.value {
            Value::Text(text) => Some(text.value()),
            Value::Two(Some(one), Some(other)) if one.value() == other.value() => Some(one.value()),
            Value::Two(_, _) => {
                found
                    .error(
                        &item.path,
                        format!("a payload has one `{name}` for reading and writing"),
                    )
                    .note("what one state writes, the next one reads")
                    .help(format!(
                        "write `{name} = \"…\"`, and `alias = \"…\"` for what is also read"
                    ));
                None
            }
            _ => None,
        }
    }
}

fn two(meta: &syn::meta::ParseNestedMeta<'_>) -> syn::Result<Value> {
    let (mut serialize, mut deserialize) = (None, None);
    let read = meta.parse_nested_meta(|inner| {
        let text: LitStr = inner.value()?.parse()?;
        if inner.path.is_ident("serialize") {
            serialize = Some(text);
        } else if inner.path.is_ident("deserialize") {
            deserialize = Some(text);
        }
        Ok(())
    });
    if read.is_err() {
        meta.input.parse::<TokenStream>()?;
        return Ok(Value::Other);
    }
    Ok(Value::Two(serialize, deserialize))
}

/// `#[payload(..)]` on one item.
#[derive(Default)]
pub(super) struct Own {
    /// The word `opaque`, if it was written.
    pub(super) opaque: Option<Ident>,
    pub(super) root: Root,
}

const OPTIONS: &[Known<Own>] = &[
    Known {
        name: "opaque",
        again: false,
        read: |own, name, _, _| {
            own.opaque = Some(name.clone());
            Ok(())
        },
    },
    Known {
        name: "crate",
        again: false,
        read: |own, name, input, _| own.root.read(name, input),
    },
];

impl Own {
    pub(super) fn read(attrs: &[Attribute], found: &mut Diagnostics) -> Self {
        let mut own = Own::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("payload")) {
            let Some(list) = found.keep(attr.meta.require_list()) else {
                continue;
            };
            let read = (|input: ParseStream<'_>| {
                options::read(input, "`#[payload]`", OPTIONS, &mut own, found);
                Ok(())
            })
            .parse2(list.tokens.clone());
            found.keep(read);
        }
        own
    }
}

/// An identifier as serde sees it: without `r#`.
pub(super) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}
