//! How it is done: the implementation of `StepError`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Member, Type, ext::IdentExt, spanned::Spanned};

use super::check::{Details, Error, Part, StepError};
use crate::root::Root;

pub(super) fn implementation(error: &StepError) -> TokenStream {
    let StepError {
        root,
        ident,
        errors,
    } = error;
    let table = table(errors, root);
    let wraps = errors.iter().filter_map(|error| wraps(error, ident, root));
    let message = Ident::new("message", Span::mixed_site());
    let text = quote_spanned! {ident.span()=>
        <Self as #root::__private::Message>::message(self)
    };
    let arms = errors.iter().map(|error| arm(error, root, &message));
    let body = match errors.is_empty() {
        true => quote! { match *self {} },
        // The text of a transparent variant is that of the error within.
        false if errors.iter().all(|error| error.within.is_some()) => quote! {
            match self { #(#arms)* }
        },
        false => quote! {
            let #message = #text;
            match self { #(#arms)* }
        },
    };
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #root::StepError for #ident {
                const ERRORS: &'static [#root::ErrorMeta] = #table;

                fn failure(&self) -> #root::Failure {
                    #body
                }
            }

            #[automatically_derived]
            impl #root::Wraps<#ident> for #ident {
                fn wrap(error: #ident) -> Self {
                    error
                }
            }

            #[automatically_derived]
            impl #root::Wraps<#ident> for #root::Failure {
                fn wrap(error: #ident) -> Self {
                    <#ident as #root::StepError>::failure(&error)
                }
            }

            #[automatically_derived]
            impl ::core::convert::From<#ident> for #root::Failure {
                fn from(error: #ident) -> Self {
                    <#ident as #root::StepError>::failure(&error)
                }
            }

            #(#wraps)*
        };
    }
}

/// The errors that the type may be, as a constant.
fn table(errors: &[Error], root: &Root) -> TokenStream {
    let own = errors.iter().map(|error| own(error, root));
    if errors.iter().all(|error| error.within.is_none()) {
        return quote! { &[#(#own),*] };
    }
    let parts = errors.iter().zip(own).map(|(error, own)| {
        let variant = variant_text(error);
        match &error.within {
            None => quote! { #root::__private::ErrorPart::Own(#own) },
            Some(within) => {
                let (ty, span) = (&within.ty, within.ty.span());
                let root = root.at(span);
                quote_spanned! {span=> #root::__private::ErrorPart::Within(
                    #variant,
                    <#ty as #root::StepError>::ERRORS,
                ) }
            }
        }
    });
    quote! {{
        const PARTS: &[#root::__private::ErrorPart] = &[#(#parts),*];
        const TABLE: [#root::ErrorMeta; #root::__private::counted(PARTS)] =
            #root::__private::joined(PARTS);
        &TABLE
    }}
}

fn own(error: &Error, root: &Root) -> TokenStream {
    let variant = variant_text(error);
    let Error {
        name,
        retryable,
        data,
        ..
    } = error;
    let mut meta = quote! { #root::ErrorMeta::new(#variant, #name, #retryable) };
    if let Some(parts) = &error.message {
        let parts = parts.iter().map(|part| match part {
            Part::Text(text) => quote! { #root::MessagePart::Text(#text) },
            Part::Field(name) => quote! { #root::MessagePart::Field(#name) },
        });
        meta.extend(quote! { .with_message(&[#(#parts),*]) });
    }
    let shape_of = |ty: &Type| {
        let root = root.at(ty.span());
        let probe = quote_spanned! {ty.span()=> #root::__private::Probe::<#ty>::new() };
        // By method look-up the payload's own shape is found first, and for any other type that which says nothing.
        quote! { || { use #root::__private::{NoPayload as _, OfPayload as _}; (&#probe).shape_of() } }
    };
    let shape = match data {
        Details::Nothing => return meta,
        Details::Single(_, ty) => shape_of(ty),
        Details::All(fields) => {
            let named = matches!(fields.first(), Some((Member::Named(_), _)));
            let shapes = fields.iter().map(|(_, ty)| shape_of(ty));
            if named {
                let names = fields.iter().map(|(member, _)| match member {
                    Member::Named(name) => name.unraw().to_string(),
                    Member::Unnamed(index) => index.index.to_string(),
                });
                quote! { || #root::__private::data_object(#variant, &[#((#names, #shapes)),*]) }
            } else {
                quote! { || #root::__private::data_array(&[#(#shapes),*]) }
            }
        }
    };
    quote! { #meta.with_data(#shape) }
}

/// The conversions into a transparent variant.
fn wraps(error: &Error, ident: &Ident, root: &Root) -> Option<TokenStream> {
    let within = error.within.as_ref()?;
    let (variant, member, ty) = (&error.variant, &within.member, &within.ty);
    let span = ty.span();
    let root_here = root.at(span);
    let wraps = quote_spanned! {span=> #root_here::Wraps<#ty> };
    let from = (!within.from).then(|| {
        quote! {
            #[automatically_derived]
            impl ::core::convert::From<#ty> for #ident {
                fn from(error: #ty) -> Self {
                    Self::#variant { #member: error }
                }
            }
        }
    });
    Some(quote! {
        #[automatically_derived]
        impl #wraps for #ident {
            fn wrap(error: #ty) -> Self {
                Self::#variant { #member: error }
            }
        }

        #[automatically_derived]
        impl #root::Raises<#ty> for #ident {}

        #from
    })
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
    if let Some(within) = &error.within {
        let (member, local) = (&within.member, Ident::new("within", Span::mixed_site()));
        return quote! {
            Self::#variant { #member: #local } => #root::StepError::failure(#local),
        };
    }
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
