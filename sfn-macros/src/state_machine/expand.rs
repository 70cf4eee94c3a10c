//! How it is done: the struct of the function's name, its workflow, and its place in the registry.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ext::IdentExt, spanned::Spanned};

use super::check::{Machine, Param};
use crate::step::{PLAIN, line_of};

/// The type of the function's name.
fn type_of_name(machine: &Machine) -> TokenStream {
    let Machine { vis, ident, .. } = machine;
    quote! {
        // Braces, so that it stands among the types only, and the function keeps its name.
        #[doc(hidden)]
        #[allow(
            non_camel_case_types,
            unreachable_pub,
            dead_code,
            reason = "it has the name of its function"
        )]
        #vis struct #ident {}
    }
}

/// The function as other bodies call it.
fn plain(machine: &Machine, right: bool) -> TokenStream {
    let Machine {
        vis,
        ident,
        output,
        is_async,
        ..
    } = machine;
    let span = ident.span().resolved_at(Span::mixed_site());
    let name = Ident::new(PLAIN, span);
    let local = |param: &Param| {
        let mut local = param.ident.clone();
        local.set_span(local.span().resolved_at(Span::mixed_site()));
        local
    };
    let given = machine.params.iter().map(|param| {
        let (name, ty) = (local(param), &param.written);
        quote! { #name: #ty }
    });
    let passed = machine.params.iter().map(local);
    let call = quote_spanned! {span=> #ident(#(#passed),*) };
    let (asyncness, awaited) = match is_async {
        true => (Some(quote! { async }), Some(quote! { .await })),
        false => (None, None),
    };
    let body = match right {
        true => quote! { #call #awaited },
        false => quote! { ::core::panic!("it was reported what is wrong with this function") },
    };
    quote! {
        #[doc(hidden)]
        #[allow(unused, clippy::too_many_arguments, reason = "for the bodies that call it")]
        #vis #asyncness fn #name(#(#given),*) -> #output {
            #body
        }
    }
}

/// What is left where the body is refused, so that those who name it need not fail as well.
pub(super) fn broken(machine: &Machine) -> TokenStream {
    let Machine {
        root,
        ident,
        output,
        ..
    } = machine;
    let ty = type_of_name(machine);
    let plain = plain(machine, false);
    let starts = (!machine.inline).then(|| {
        let ok = quote! { <#output as #root::Outcome>::Ok };
        workflow(machine, line_of(ident.span()), &ok, false)
    });
    quote! {
        #ty

        #[allow(unused, reason = "it was reported what is wrong with it")]
        const _: () = {
            impl #ident {
                #plain
            }

            #starts

            impl #root::flow::Callable for #ident {
                type Err = <#output as #root::Outcome>::Err;

                fn callee() -> #root::flow::Callee {
                    ::core::panic!("it was reported what is wrong with this state machine")
                }
            }
        };
    }
}

/// The state machine, or the fragment. `record` are the statements that record the body.
pub(super) fn machine(machine: &Machine, record: &TokenStream) -> TokenStream {
    let Machine {
        root,
        ident,
        output,
        name,
        doc,
        ..
    } = machine;
    let ty = type_of_name(machine);
    let marker = marker();
    let plain = plain(machine, true);
    let span = output.span();
    let root_here = root.at(span);
    let ok = quote_spanned! {span=> <#output as #root_here::Outcome>::Ok };
    let err = quote_spanned! {span=> <#output as #root_here::Outcome>::Err };
    // Where the error is private, rustc says so of this.
    let err_item = match error_of(output) {
        Some(error) => quote_spanned! {error.span()=> type Err = #error; },
        None => quote_spanned! {span=> type Err = #err; },
    };
    let body = super::body::body_ident();
    let params = machine.params.iter().map(|param| {
        let (name, ty) = (key(param), &param.ty);
        if machine.params.len() == 1 {
            return quote! {
                #root::ParamMeta { name: #name, shape: #root::__private::machine_input::<#marker> }
            };
        }
        let root = root.at(ty.span());
        quote_spanned! {ty.span()=>
            #root::ParamMeta { name: #name, shape: <#ty as #root::Payload>::shape }
        }
    });
    let (meta, registered) = if machine.inline {
        let ident_text = ident.unraw().to_string();
        let arguments = Ident::new("__arguments", Span::mixed_site());
        let binds = machine.params.iter().map(|param| {
            let (local, name) = (super::body::recorded(&param.ident), key(param));
            quote! {
                let #local = match #arguments.next() {
                    ::core::option::Option::Some(given) => #body.bind(#name, given),
                    ::core::option::Option::None => return ::core::option::Option::None,
                };
            }
        });
        let meta = quote! {
            fn __record(
                #body: &mut #root::flow::Body,
                arguments: ::std::vec::Vec<#root::flow::E<#root::flow::Checked>>,
            ) -> ::core::option::Option<#root::flow::E<#root::flow::Checked>> {
                let mut #arguments = arguments.into_iter();
                #(#binds)*
                #record
                ::core::option::Option::None
            }

            impl #root::flow::Callable for #ident {
                #err_item

                fn callee() -> #root::flow::Callee {
                    const META: &#root::flow::FragmentMeta = &#root::flow::FragmentMeta {
                        name: #ident_text,
                        file: ::core::file!(),
                        errors: <#err as #root::StepError>::ERRORS,
                        record: __record,
                    };
                    #root::flow::Callee::Fragment(META)
                }
            }
        };
        (meta, quote! {})
    } else {
        let line = line_of(ident.span());
        let kind = kind(machine);
        let several = machine.params.len() > 1;
        let binds = machine.params.iter().map(|param| {
            let (local, name, ty) = (super::body::recorded(&param.ident), key(param), &param.ty);
            let parameter = match several {
                true => quote! { parameter_in },
                false => quote! { parameter },
            };
            let shape = match several {
                true => quote! { <#ty as #root::Payload>::shape() },
                // Asked by way of the name, so that a type which is no payload is one error.
                false => quote! { #root::__private::machine_input::<#marker>() },
            };
            quote! { let #local = #body.#parameter(#name, #shape); }
        });
        let (input, declaration) = (input(machine), declaration(machine, line));
        let meta = quote! {
            // Private, so that the types may be private as well where the function is not.
            enum #marker {}

            impl #root::__private::StateMachine for #marker {
                type In = #input;
                type Out = #ok;
                type Err = #err;
                const DECLARATION: #root::Declaration = #declaration;
                const RECORD: fn(&mut #root::flow::Body) = __record;
            }

            fn __record(#body: &mut #root::flow::Body) {
                #body.at(#line);
                #(#binds)*
                #record
            }

            impl #root::flow::Callable for #ident {
                #err_item

                fn callee() -> #root::flow::Callee {
                    const META: &#root::flow::MachineMeta = &#root::flow::MachineMeta {
                        name: #name,
                        doc: #doc,
                        kind: #root::Kind::#kind,
                        params: &[#(#params),*],
                        output: #root::__private::machine_output::<#marker>,
                        errors: #root::__private::OfMachine::<#marker>::ERRORS,
                        define: #root::__private::machine_definition::<#marker>,
                    };
                    #root::flow::Callee::Machine(META)
                }
            }
        };
        (meta, workflow(machine, line, &ok, true))
    };
    quote! {
        #ty

        #[allow(
            deprecated,
            unused_variables,
            unused_mut,
            unused_imports,
            dead_code,
            unreachable_code,
            clippy::all,
            reason = "what was written twice is warned of once"
        )]
        const _: () = {
            impl #ident {
                #plain
            }

            #meta

            #registered
        };
    }
}

/// The error type, where it is written out: `Result<Receipt, OrderError>`.
fn error_of(output: &TokenStream) -> Option<syn::Type> {
    let syn::Type::Path(path) = syn::parse2(output.clone()).ok()? else {
        return None;
    };
    let last = path.path.segments.into_iter().next_back()?;
    let syn::PathArguments::AngleBracketed(given) = last.arguments else {
        return None;
    };
    let mut given = given.args.into_iter();
    match (given.next()?, given.next(), given.next()) {
        (_, Some(syn::GenericArgument::Type(error)), None) if last.ident == "Result" => Some(error),
        _ => None,
    }
}

/// What stands for the machine's types.
fn marker() -> Ident {
    Ident::new("__Machine", Span::mixed_site())
}

/// The variant of `Kind`.
fn kind(machine: &Machine) -> Ident {
    let name = match machine.express {
        true => "Express",
        false => "Standard",
    };
    Ident::new(name, Span::call_site())
}

/// What is said of the workflow, apart from its types and states.
fn declaration(machine: &Machine, line: u32) -> TokenStream {
    let Machine {
        root, name, doc, ..
    } = machine;
    let kind = kind(machine);
    let timeout = crate::retry::option(machine.timeout.as_ref().map(crate::duration::Span::tokens));
    quote! {
        #root::Declaration {
            name: #name,
            comment: #doc,
            kind: #root::Kind::#kind,
            timeout: #timeout,
            file: ::core::file!(),
            line: #line,
        }
    }
}

/// The workflow and what starts it.
///
/// Where it is not `right`, they are there, and that is all.
fn workflow(machine: &Machine, line: u32, ok: &TokenStream, right: bool) -> TokenStream {
    let Machine {
        root,
        vis,
        ident,
        output,
        name,
        doc,
        ..
    } = machine;
    let (declaration, marker) = (declaration(machine, line), marker());
    let types: Vec<_> = machine.params.iter().map(|param| &param.ty).collect();
    let locals: Vec<_> = machine
        .params
        .iter()
        .map(|param| {
            let mut local = param.ident.clone();
            local.set_span(local.span().resolved_at(Span::mixed_site()));
            local
        })
        .collect();
    let names: Vec<_> = machine.params.iter().map(key).collect();
    let input = input(machine);
    let (value, named) = match types.as_slice() {
        [] => (quote! { #root::__private::no_input() }, None),
        [_] => {
            let local = &locals[0];
            (local.to_token_stream(), None)
        }
        _ => (
            quote! { #root::Named((#(#locals),*)) },
            Some(quote! {
                impl #root::NamedParameters for #ident {
                    type Values = (#(#types),*);
                    const NAMES: &'static [&'static str] = &[#(#names),*];
                }
            }),
        ),
    };
    let given: Vec<_> = locals
        .iter()
        .zip(&types)
        .map(|(local, ty)| quote! { #local: #ty })
        .collect();
    let client = Ident::new("client", Span::mixed_site());
    let wrong = quote! {
        ::core::panic!("it was reported what is wrong with this state machine")
    };
    let (record, start, run, registered) = match right {
        false => (quote! { |_| #wrong }, wrong.clone(), wrong, None),
        true => (
            quote! { __record },
            quote! { #root::__private::start_machine::<#marker>(#client, #value) },
            quote! { #root::__private::run_machine::<#marker>(#client, #value) },
            Some(quote! {
                #root::__private::inventory::submit! {
                    #root::WorkflowEntry {
                        name: #name,
                        define: #root::__private::machine_definition::<#marker>,
                        file: ::core::file!(),
                        line: #line,
                    }
                }
            }),
        ),
    };
    // A result that is no payload is told of where it is written.
    let root_here = root.at(output.span());
    let recorded =
        quote_spanned! {output.span()=> #root_here::Workflow::recorded(#declaration, #record) };
    let start_type = quote_spanned! {output.span()=> #root_here::Start<#ok> };
    let run_type = quote_spanned! {output.span()=> #root_here::Run<#ok> };
    let about = match doc.is_empty() {
        true => None,
        false => Some(quote! { #[doc = #doc] }),
    };
    quote! {
        #named

        impl #ident {
            /// The name of the state machine.
            #vis const NAME: &'static str = #name;

            #about
            #vis const WORKFLOW: #root::Workflow<#input, #ok> = #recorded;

            /// Starts an execution: await it for its handle.
            #vis fn start(#client: &#root::Client, #(#given),*) -> #start_type {
                #start
            }

            /// Runs it to its end: await it for its output.
            #vis fn run(#client: &#root::Client, #(#given),*) -> #run_type {
                #run
            }
        }

        #registered
    }
}

/// What the state machine takes.
fn input(machine: &Machine) -> TokenStream {
    let Machine { root, ident, .. } = machine;
    match machine.params.as_slice() {
        [] => quote! { #root::__private::serde_json::Value },
        [one] => one.ty.clone(),
        _ => quote! { #root::Named<#ident> },
    }
}

fn key(param: &Param) -> String {
    param.ident.unraw().to_string()
}
