//! How it is done: the struct of the function's name, its `Step`, and its place in the registry.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, ext::IdentExt, spanned::Spanned};

use super::check::{Param, Step, line_of};
use crate::{
    duration,
    retry::{Retry, option},
};

pub(super) fn registration(step: &Step) -> TokenStream {
    let Step {
        root,
        cfgs,
        vis,
        ident,
        output,
        ..
    } = step;
    let inputs: Vec<_> = step
        .params
        .iter()
        .filter(|param| !param.inject)
        .map(|param| param.stored(root))
        .collect();
    let input = match inputs.as_slice() {
        [one] => one.clone(),
        many => quote! { (#(#many,)*) },
    };
    let meta = meta(step);
    let handler = handler(step);
    let errors = quote! { <#ident as #root::Step>::Err };
    let checks = step
        .retries
        .iter()
        .filter_map(|retry| retry.on.as_ref())
        .map(|on| on.checks(&root.to_token_stream(), &errors));
    let result = quote_spanned! {output.span()=> <#output as #root::Outcome> };
    quote! {
        // Braces, so that it stands among the types only, and the function keeps its name.
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(
            non_camel_case_types,
            unreachable_pub,
            dead_code,
            reason = "it has the name of its step"
        )]
        #vis struct #ident {}

        #(#cfgs)*
        const _: () = {
            #[automatically_derived]
            impl #root::Step for #ident {
                type In = (#(#inputs,)*);
                type Input = #input;
                type Out = #result::Ok;
                type Err = #result::Err;
                const META: &'static #root::StepMeta = &#meta;
            }

            #handler

            #(#checks)*

            #root::__private::inventory::submit! {
                #root::registry::StepEntry(<#ident as #root::Step>::META)
            }
        };
    }
}

fn meta(step: &Step) -> TokenStream {
    let Step {
        root,
        ident,
        name,
        doc,
        is_async,
        ..
    } = step;
    let ident_text = ident.unraw().to_string();
    let line = line_of(ident.span());
    let params = step
        .params
        .iter()
        .filter(|param| !param.inject)
        .map(|param| {
            let name = key(param);
            let ty = param.stored(root);
            let shape = quote_spanned! {param.ty.span()=> <#ty as #root::Payload>::shape };
            quote! { #root::ParamMeta { name: #name, shape: #shape } }
        });
    let injects = step
        .params
        .iter()
        .filter(|param| param.inject)
        .map(|param| {
            let name = key(param);
            let ty = &param.ty;
            quote! {
                #root::InjectMeta {
                    name: #name,
                    type_name: ::core::any::type_name::<#ty>,
                    type_id: ::core::any::TypeId::of::<#ty>,
                }
            }
        });
    let errors = quote! { <<#ident as #root::Step>::Err as #root::StepError>::ERRORS };
    let root_tokens = root.to_token_stream();
    let retries = step
        .retries
        .iter()
        .map(|retry: &Retry| retry.tokens(&root_tokens, &errors));
    let timeout = option(step.timeout.as_ref().map(duration::Span::tokens));
    let heartbeat = option(step.heartbeat.as_ref().map(duration::Span::tokens));
    quote! {
        #root::StepMeta {
            name: #name,
            ident: #ident_text,
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: #line,
            doc: #doc,
            params: &[#(#params),*],
            output: <<#ident as #root::Step>::Out as #root::Payload>::shape,
            errors: #errors,
            retries: &[#(#retries),*],
            timeout: #timeout,
            heartbeat: #heartbeat,
            injects: &[#(#injects),*],
            is_async: #is_async,
            handler: __sfn_handler,
        }
    }
}

fn handler(step: &Step) -> TokenStream {
    let Step { root, ident, .. } = step;
    let site = Span::mixed_site();
    let task = Ident::new("task", site);
    let arguments = Ident::new("arguments", site);
    let locals: Vec<_> = (0..step.params.len())
        .map(|index| format_ident!("parameter_{index}", span = site))
        .collect();
    let reads = step.params.iter().zip(&locals).map(|(param, local)| {
        let name = key(param);
        let ty = param.stored(root);
        let method = match param.inject {
            true => quote_spanned! {param.ty.span()=> inject::<#ty> },
            false => quote_spanned! {param.ty.span()=> take::<#ty> },
        };
        quote! { let #local = #arguments.#method(#name)?; }
    });
    let passed = step.params.iter().zip(&locals).map(|(param, local)| {
        let ty = &param.ty;
        match (param.by_reference, param.inject) {
            (true, false) => quote! { <#ty as #root::Referent>::lend(&#local) },
            (true, true) => quote! { &#local },
            (false, _) => quote! { #local },
        }
    });
    let awaited = step.is_async.then(|| quote! { .await });
    // A future that is not `Send` is reported at the function's name.
    let body = quote_spanned! {ident.span().resolved_at(site)=>
        #root::__private::boxed(async move {
            #[allow(unused_mut, unused_variables, reason = "a step may take nothing")]
            let mut #arguments =
                #root::__private::Arguments::read(<#ident as #root::Step>::META, #task)?;
            #(#reads)*
            #root::__private::finish(#ident(#(#passed),*) #awaited)
        })
    };
    quote! {
        fn __sfn_handler(
            #task: #root::TaskInput,
        ) -> #root::BoxFuture<
            'static,
            ::core::result::Result<#root::__private::serde_json::Value, #root::Failure>,
        > {
            #body
        }
    }
}

fn key(param: &Param) -> String {
    param.ident.unraw().to_string()
}
