//! How it is done: the struct of the function's name, its `Step`, and its place in the registry.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, ext::IdentExt, spanned::Spanned};

use super::check::{Param, Step, line_of};
use crate::{
    duration,
    retry::{Retry, option},
    root::at,
};

/// What a plain call of a body calls, beside every function that a body may call.
pub(crate) const PLAIN: &str = "__plain";

pub(super) fn registration(step: &Step) -> TokenStream {
    let Step {
        root,
        vis,
        ident,
        output,
        ..
    } = step;
    let inputs: Vec<_> = step
        .params
        .iter()
        .filter(|param| !param.inject)
        .map(|param| param.ty.clone())
        .collect();
    // Each type is written once, so that one that is no payload is one error.
    let (input, tuple) = match inputs.as_slice() {
        [] => (quote! { () }, quote! { () }),
        [one] => (one.clone(), quote! { (Self::Input,) }),
        many => {
            let mut tuple = Group::new(Delimiter::Parenthesis, quote! { #(#many),* });
            tuple.set_span(step.parentheses);
            (tuple.to_token_stream(), quote! { Self::Input })
        }
    };
    let meta = meta(step);
    let handler = handler(step);
    let plain = plain(step);
    let errors = quote! { <#ident as #root::Step>::Err };
    let checks = step
        .retries
        .iter()
        .filter_map(|retry| retry.on.as_ref())
        .map(|on| on.checks(root, &errors));
    // That the one takes what the other gives.
    let undoes = step.undo.as_ref().map(|undo| {
        let span = undo.step.span();
        let root = root.at(span);
        let input = quote! { <#ident as #root::Step>::In };
        let output = quote! { <#ident as #root::Step>::Out };
        let bound = match undo.given {
            "Output" => quote_spanned! {span=> #root::Undoes<#output> },
            "Input" => quote_spanned! {span=> #root::UndoesWith<#input> },
            _ => quote_spanned! {span=>
                #root::UndoesWith<<#input as #root::flow::Push<#output>>::Out>
            },
        };
        let undo = &undo.step;
        quote_spanned! {span=>
            const _: fn() = {
                fn takes_back<U: #bound>() {}
                takes_back::<#undo>
            };
        }
    });
    let (ok, err) = {
        let root = root.at(output.span());
        (
            quote_spanned! {output.span()=> <#output as #root::Outcome>::Ok },
            quote_spanned! {output.span()=> <#output as #root::Outcome>::Err },
        )
    };
    quote! {
        // Braces, so that it stands among the types only, and the function keeps its name.
        #[doc(hidden)]
        #[allow(
            non_camel_case_types,
            unreachable_pub,
            dead_code,
            reason = "it has the name of its step"
        )]
        #vis struct #ident {}

        #[allow(deprecated, reason = "a step may go out of use, and must run until then")]
        const _: () = {
            #[automatically_derived]
            impl #root::Step for #ident {
                type In = #tuple;
                type Input = #input;
                type Out = #ok;
                type Err = #err;
                const META: &'static #root::StepMeta = &#meta;
            }

            #handler

            #plain

            #(#checks)*
            #undoes

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
    let from_json = step.params.iter().filter(|param| !param.inject);
    let params = from_json.enumerate().map(|(index, param)| {
        let name = key(param);
        quote! {
            #root::ParamMeta {
                name: #name,
                shape: #root::__private::param_shape::<#ident, #index>,
            }
        }
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
    let errors = quote! { #root::__private::Of::<#ident>::ERRORS };
    let retries = step
        .retries
        .iter()
        .map(|retry: &Retry| retry.tokens(root, &errors));
    let aliases = &step.aliases;
    let timeout = option(step.timeout.as_ref().map(duration::Span::tokens));
    let undo = option(step.undo.as_ref().map(|undo| {
        let (span, given) = (undo.step.span(), Ident::new(undo.given, Span::mixed_site()));
        let (root, undo) = (root.at(span), &undo.step);
        quote_spanned! {span=>
            #root::Undo {
                step: || <#undo as #root::Step>::META,
                given: #root::UndoGiven::#given,
            }
        }
    }));
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
            output: #root::__private::output_shape::<#ident>,
            errors: #errors,
            aliases: &[#(#aliases),*],
            retries: &[#(#retries),*],
            timeout: #timeout,
            heartbeat: #heartbeat,
            undo: #undo,
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
    let of = |inject: bool| {
        let params = step.params.iter().zip(&locals);
        params.filter(move |(param, _)| param.inject == inject)
    };
    let taken: Vec<_> = of(false).map(|(_, local)| local).collect();
    let taken = match taken.as_slice() {
        [one] => one.to_token_stream(),
        many => quote! { (#(#many),*) },
    };
    let injected = of(true).map(|(param, local)| {
        let name = key(param);
        let ty = &param.ty;
        let inject = quote_spanned! {ty.span()=> inject::<#ty> };
        quote! { let #local = #arguments.#inject(#name)?; }
    });
    let passed = step.params.iter().zip(&locals).map(|(param, local)| {
        // `&String` becomes `&str`, and `&Vec<T>` becomes `&[T]`, by rustc's own coercion.
        match param.by_reference {
            true => quote! { &#local },
            false => quote! { #local },
        }
    });
    let awaited = step.is_async.then(|| quote! { .await });
    // A future that is not `Send` is reported at the function's name.
    let span = ident.span().resolved_at(site);
    let root_here = root.at(span);
    // As in `Step::Out`, to the letter: rustc says the same thing about the same place only once.
    let call = quote_spanned! {span=> #ident(#(#passed),*) #awaited };
    let finish = {
        let (output, span) = (&step.output, step.output.span());
        let root = root.at(span);
        let name = at(ident.to_token_stream(), span);
        quote_spanned! {span=>
            #root::__private::finish::<#name>(<#output as #root::Outcome>::into_result(#call))
        }
    };
    let body = quote_spanned! {span=>
        #root_here::__private::boxed(async move {
            let mut #arguments =
                #root_here::__private::Arguments::read(<#ident as #root_here::Step>::META, #task)?;
            let #taken = #arguments.take::<#ident>()?;
            #(#injected)*
            #finish
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

/// The function as a state machine's body calls it: without what the program provides.
fn plain(step: &Step) -> TokenStream {
    let Step {
        root,
        vis,
        ident,
        output,
        is_async,
        ..
    } = step;
    let span = ident.span().resolved_at(Span::mixed_site());
    let name = Ident::new(PLAIN, span);
    // A parameter may have the function's own name, which is called below.
    let local = |param: &Param| {
        let mut local = param.ident.clone();
        local.set_span(local.span().resolved_at(Span::mixed_site()));
        local
    };
    let given = step.params.iter().filter(|param| !param.inject);
    let given = given.map(|param| {
        let (name, ty) = (local(param), &param.written);
        quote! { #name: #ty }
    });
    let text = ident.unraw().to_string();
    let passed = step.params.iter().map(|param| {
        if !param.inject {
            return local(param).to_token_stream();
        }
        let (name, ty) = (key(param), &param.ty);
        let reference = param.by_reference.then(|| quote! { & });
        let injected = quote_spanned! {ty.span()=> injected::<#ty> };
        quote! { #reference #root::__private::#injected(#text, #name) }
    });
    let call = quote_spanned! {span=> #ident(#(#passed),*) };
    let (asyncness, awaited) = match is_async {
        true => (Some(quote! { async }), Some(quote! { .await })),
        false => (None, None),
    };
    quote! {
        impl #ident {
            #[doc(hidden)]
            #[allow(dead_code, clippy::too_many_arguments, reason = "for the bodies that call it")]
            #vis #asyncness fn #name(#(#given),*) -> #output {
                #call #awaited
            }
        }
    }
}

fn key(param: &Param) -> String {
    param.ident.unraw().to_string()
}
