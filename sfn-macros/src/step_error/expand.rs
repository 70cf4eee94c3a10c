//! How it is done: the implementation of `StepError`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Member, Type, ext::IdentExt, spanned::Spanned};

use super::check::{Details, Error, StepError};
use crate::root::Root;

pub(super) fn implementation(error: &StepError) -> TokenStream {
    let StepError {
        root,
        ident,
        errors,
    } = error;
    let table = errors.iter().map(|error| {
        let variant = variant_text(error);
        let Error {
            name, retryable, ..
        } = error;
        quote! {
            #root::ErrorMeta { variant: #variant, name: #name, retryable: #retryable }
        }
    });
    let message = Ident::new("message", Span::mixed_site());
    let text = quote_spanned! {ident.span()=>
        <Self as #root::__private::Message>::message(self)
    };
    let arms = errors.iter().map(|error| arm(error, root, &message));
    let body = match errors.is_empty() {
        true => quote! { match *self {} },
        false => quote! {
            let #message = #text;
            match self { #(#arms)* }
        },
    };
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #root::StepError for #ident {
                const ERRORS: &'static [#root::ErrorMeta] = &[#(#table),*];

                fn failure(&self) -> #root::Failure {
                    #body
                }
            }
        };
    }
}

fn variant_text(error: &Error) -> String {
    error
        .variant
        .as_ref()
        .map(|variant| variant.unraw().to_string())
        .unwrap_or_default()
}

fn arm(error: &Error, root: &Root, message: &Ident) -> TokenStream {
    let Error {
        variant,
        name,
        data,
        ..
    } = error;
    let path = match variant {
        Some(variant) => quote! { Self::#variant },
        None => quote! { Self },
    };
    match data {
        Details::Nothing => quote! {
            #path { .. } => #root::Failure::new(#name, #message),
        },
        Details::Single(member, ty) => {
            let local = Ident::new("data", Span::mixed_site());
            let json = json(&local, ty, root);
            quote! {
                #path { #member: #local, .. } =>
                    #root::__private::failure_with_data(#name, #message, #json),
            }
        }
        Details::All(fields) => {
            let locals: Vec<_> = (0..fields.len())
                .map(|index| format_ident!("field_{index}", span = Span::mixed_site()))
                .collect();
            let members = fields.iter().map(|(member, _)| member);
            let parts = fields.iter().zip(&locals).map(|((member, ty), local)| {
                let json = json(local, ty, root);
                match member {
                    Member::Named(name) => {
                        let name = name.unraw().to_string();
                        quote! { (#name, #json) }
                    }
                    Member::Unnamed(_) => json,
                }
            });
            let data = match fields.first() {
                Some((Member::Named(_), _)) => quote! { object([#(#parts),*]) },
                _ => quote! { array([#(#parts),*]) },
            };
            quote! {
                #path { #(#members: #locals),* } => #root::__private::failure_with_data(
                    #name,
                    #message,
                    #root::__private::#data,
                ),
            }
        }
    }
}

/// A field as JSON. One that serde cannot write is reported at its type.
fn json(local: &Ident, ty: &Type, root: &Root) -> TokenStream {
    let span = ty.span();
    let root = root.at(span);
    quote_spanned! {span=> #root::__private::to_json(#local) }
}
