//! How it is done: the implementation of `Payload`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{ext::IdentExt, parse_quote, spanned::Spanned};

use super::check::{Default, Field, Payload, Shape, Tagging, Value, Variant};
use crate::{retry::option, root::Root};

pub(super) fn implementation(payload: &Payload) -> TokenStream {
    let Payload {
        root,
        ident,
        generics,
        shape,
    } = payload;
    let mut bounded = generics.clone();
    let params: Vec<_> = generics
        .type_params()
        .map(|param| param.ident.clone())
        .collect();
    if !params.is_empty() {
        let clause = bounded.make_where_clause();
        for param in &params {
            clause
                .predicates
                .push(parse_quote! { #param: #root::Payload });
        }
    }
    let (impl_generics, _, where_clause) = bounded.split_for_impl();
    let (_, type_generics, _) = generics.split_for_impl();
    let origin = quote! {
        ::core::option::Option::Some(#root::Origin::of::<Self>())
    };
    // Of a type parameter it cannot be said whether it has a default.
    let defaults = params.is_empty();
    let shape = tokens(shape, root, &ident.unraw().to_string(), &origin, defaults);
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #impl_generics #root::Payload for #ident #type_generics #where_clause {
                fn shape() -> #root::Shape {
                    #shape
                }
            }
        };
    }
}

/// A `Shape` expression. `name` is the type's or the variant's; `origin` only the type has.
fn tokens(
    shape: &Shape,
    root: &Root,
    name: &str,
    origin: &TokenStream,
    defaults: bool,
) -> TokenStream {
    match shape {
        Shape::Null => quote! { #root::Shape::Null },
        Shape::Any => quote! { #root::Shape::Any },
        Shape::Transparent { field, value } => {
            let shape = function(value, root);
            quote! {
                #root::Shape::Transparent {
                    origin: #origin,
                    name: #name,
                    field: #field,
                    shape: #shape,
                }
            }
        }
        Shape::Tuple(values) => {
            let shapes = values.iter().map(|value| function(value, root));
            quote! { #root::Shape::Tuple(::std::vec![#(#shapes),*]) }
        }
        Shape::Struct(fields) => {
            let fields = fields
                .iter()
                .map(|field| field_tokens(field, root, defaults));
            quote! {
                #root::Shape::Struct {
                    origin: #origin,
                    name: #name,
                    fields: ::std::vec![#(#fields),*],
                }
            }
        }
        Shape::Enum { tagging, variants } => {
            let tagging = match tagging {
                Tagging::External => quote! { External },
                Tagging::Internal(tag) => quote! { Internal(#tag) },
                Tagging::Adjacent(tag, content) => quote! { Adjacent(#tag, #content) },
                Tagging::Untagged => quote! { Untagged },
            };
            let variants = variants
                .iter()
                .map(|variant| variant_tokens(variant, root, defaults));
            quote! {
                #root::Shape::Enum {
                    origin: #origin,
                    name: #name,
                    tagging: #root::Tagging::#tagging,
                    variants: ::std::vec![#(#variants),*],
                }
            }
        }
    }
}

fn field_tokens(field: &Field, root: &Root, defaults: bool) -> TokenStream {
    let Field {
        rust,
        json,
        flatten,
        optional,
        default,
        value,
    } = field;
    let default = match (default, value) {
        (Some(default), Value::Of(ty)) if defaults => Some(absent(default, ty, rust, root)),
        _ => None,
    };
    let default = option(default);
    let json = option(json.as_ref().map(|json| quote! { #json }));
    let shape = function(value, root);
    quote! {
        #root::Field {
            rust: #rust,
            json: #json,
            flatten: #flatten,
            optional: #optional,
            default: #default,
            shape: #shape,
        }
    }
}

fn variant_tokens(variant: &Variant, root: &Root, defaults: bool) -> TokenStream {
    let Variant { rust, json, shape } = variant;
    let shape = tokens(shape, root, rust, &option(None), defaults);
    quote! {
        #root::Variant { rust: #rust, json: #json, shape: #shape }
    }
}

/// The function that gives the JSON of what serde takes for an absent key.
fn absent(default: &Default, ty: &syn::Type, rust: &str, root: &Root) -> TokenStream {
    let value = match default {
        Default::OfType => quote! { <#ty as ::core::default::Default>::default() },
        Default::OfStruct => {
            let field = syn::parse_str::<syn::Ident>(rust)
                .unwrap_or_else(|_| syn::Ident::new_raw(rust, proc_macro2::Span::call_site()));
            quote! { <Self as ::core::default::Default>::default().#field }
        }
        Default::Path(path) => quote! { #path() },
    };
    quote! { || #root::__private::to_json(&#value) }
}

/// The function that gives a field's shape.
fn function(value: &Value, root: &Root) -> TokenStream {
    match value {
        Value::Of(ty) => quote_spanned! {ty.span()=> <#ty as #root::Payload>::shape },
        Value::Any => quote! { #root::__private::any_shape },
    }
}
