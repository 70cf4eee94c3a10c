//! What `#[step]` becomes.

use expect_test::expect;
use quote::quote;

use super::expand;
use crate::snapshot::check;

#[test]
fn a_plain_function() {
    check(
        expand(
            quote! {},
            quote! {
                pub fn weigh(order: &Order) -> u32 { order.grams }
            },
        ),
        &expect![[r#"
            pub fn weigh(order: &Order) -> u32 {
                order.grams
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                unreachable_pub,
                dead_code,
                reason = "it has the name of its step"
            )]
            pub struct weigh {}
            #[allow(deprecated, reason = "a step may go out of use, and must run until then")]
            const _: () = {
                #[automatically_derived]
                impl ::sfn_runtime::Step for weigh {
                    type In = (Self::Input,);
                    type Input = Order;
                    type Out = <u32 as ::sfn_runtime::Outcome>::Ok;
                    type Err = <u32 as ::sfn_runtime::Outcome>::Err;
                    const META: &'static ::sfn_runtime::StepMeta = &::sfn_runtime::StepMeta {
                        name: "weigh",
                        ident: "weigh",
                        module: ::core::module_path!(),
                        file: ::core::file!(),
                        line: 1u32,
                        doc: "",
                        params: &[
                            ::sfn_runtime::ParamMeta {
                                name: "order",
                                shape: ::sfn_runtime::__private::param_shape::<weigh, 0usize>,
                            },
                        ],
                        output: ::sfn_runtime::__private::output_shape::<weigh>,
                        errors: ::sfn_runtime::__private::Of::<weigh>::ERRORS,
                        aliases: &[],
                        retries: &[],
                        timeout: ::core::option::Option::None,
                        heartbeat: ::core::option::Option::None,
                        undo: ::core::option::Option::None,
                        injects: &[],
                        is_async: false,
                        handler: __sfn_handler,
                    };
                }
                fn __sfn_handler(
                    task: ::sfn_runtime::TaskInput,
                ) -> ::sfn_runtime::BoxFuture<
                    'static,
                    ::core::result::Result<
                        ::sfn_runtime::__private::serde_json::Value,
                        ::sfn_runtime::Failure,
                    >,
                > {
                    ::sfn_runtime::__private::boxed(async move {
                        let mut arguments = ::sfn_runtime::__private::Arguments::read(
                            <weigh as ::sfn_runtime::Step>::META,
                            task,
                        )?;
                        let parameter_0 = arguments.take::<weigh>()?;
                        ::sfn_runtime::__private::finish::<
                            weigh,
                        >(<u32 as ::sfn_runtime::Outcome>::into_result(weigh(&parameter_0)))
                    })
                }
                impl weigh {
                    #[doc(hidden)]
                    #[allow(
                        dead_code,
                        clippy::too_many_arguments,
                        reason = "for the bodies that call it"
                    )]
                    pub fn __plain(order: &Order) -> u32 {
                        weigh(order)
                    }
                }
                ::sfn_runtime::__private::inventory::submit! {
                    ::sfn_runtime::registry::StepEntry(< weigh as ::sfn_runtime::Step > ::META)
                }
            };
        "#]],
    );
}

#[test]
fn all_that_may_be_said() {
    check(
        expand(
            quote! {
                name = "bake it",
                retry(on(OvenError::Busy, Timeout), interval = "60s", max_attempts = 5),
                retry(max_delay = "5m", backoff = 1.5, jitter = full),
                timeout = "1h 30m",
                heartbeat = "30s",
                crate = ::wf,
            },
            quote! {
                /// Bakes one pizza.
                ///
                /// Not two.
                async fn bake(
                    mut dough: Dough,
                    toppings: &[Topping],
                    #[inject] ctx: &StepContext,
                ) -> Result<Pizza, OvenError> {
                    put_on(dough, toppings, ctx).await
                }
            },
        ),
        &expect![[r#"
            /// Bakes one pizza.
            ///
            /// Not two.
            async fn bake(
                mut dough: Dough,
                toppings: &[Topping],
                ctx: &StepContext,
            ) -> Result<Pizza, OvenError> {
                put_on(dough, toppings, ctx).await
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                unreachable_pub,
                dead_code,
                reason = "it has the name of its step"
            )]
            struct bake {}
            #[allow(deprecated, reason = "a step may go out of use, and must run until then")]
            const _: () = {
                #[automatically_derived]
                impl ::wf::Step for bake {
                    type In = Self::Input;
                    type Input = (Dough, ::std::vec::Vec<Topping>);
                    type Out = <Result<Pizza, OvenError> as ::wf::Outcome>::Ok;
                    type Err = <Result<Pizza, OvenError> as ::wf::Outcome>::Err;
                    const META: &'static ::wf::StepMeta = &::wf::StepMeta {
                        name: "bake it",
                        ident: "bake",
                        module: ::core::module_path!(),
                        file: ::core::file!(),
                        line: 1u32,
                        doc: "Bakes one pizza.",
                        params: &[
                            ::wf::ParamMeta {
                                name: "dough",
                                shape: ::wf::__private::param_shape::<bake, 0usize>,
                            },
                            ::wf::ParamMeta {
                                name: "toppings",
                                shape: ::wf::__private::param_shape::<bake, 1usize>,
                            },
                        ],
                        output: ::wf::__private::output_shape::<bake>,
                        errors: ::wf::__private::Of::<bake>::ERRORS,
                        aliases: &[],
                        retries: &[
                            ::wf::RetryMeta {
                                on: || {
                                    ::std::vec![
                                        const { ::wf::__private::error_name(< OvenError as
                                        ::wf::StepError > ::ERRORS, "Busy",) }, "States.Timeout"
                                    ]
                                },
                                interval: ::core::time::Duration::from_secs(60u64),
                                max_attempts: 5u32,
                                backoff: 2f64,
                                max_delay: ::core::option::Option::None,
                                jitter: ::wf::Jitter::None,
                            },
                            ::wf::RetryMeta {
                                on: || ::wf::__private::retryable_names(
                                    ::wf::__private::Of::<bake>::ERRORS,
                                ),
                                interval: ::core::time::Duration::from_secs(1),
                                max_attempts: 3u32,
                                backoff: 1.5f64,
                                max_delay: ::core::option::Option::Some(
                                    ::core::time::Duration::from_secs(300u64),
                                ),
                                jitter: ::wf::Jitter::Full,
                            },
                        ],
                        timeout: ::core::option::Option::Some(
                            ::core::time::Duration::from_secs(5400u64),
                        ),
                        heartbeat: ::core::option::Option::Some(
                            ::core::time::Duration::from_secs(30u64),
                        ),
                        undo: ::core::option::Option::None,
                        injects: &[
                            ::wf::InjectMeta {
                                name: "ctx",
                                type_name: ::core::any::type_name::<StepContext>,
                                type_id: ::core::any::TypeId::of::<StepContext>,
                            },
                        ],
                        is_async: true,
                        handler: __sfn_handler,
                    };
                }
                fn __sfn_handler(
                    task: ::wf::TaskInput,
                ) -> ::wf::BoxFuture<
                    'static,
                    ::core::result::Result<::wf::__private::serde_json::Value, ::wf::Failure>,
                > {
                    ::wf::__private::boxed(async move {
                        let mut arguments = ::wf::__private::Arguments::read(
                            <bake as ::wf::Step>::META,
                            task,
                        )?;
                        let (parameter_0, parameter_1) = arguments.take::<bake>()?;
                        let parameter_2 = arguments.inject::<StepContext>("ctx")?;
                        ::wf::__private::finish::<
                            bake,
                        >(
                            <Result<
                                Pizza,
                                OvenError,
                            > as ::wf::Outcome>::into_result(
                                bake(parameter_0, &parameter_1, &parameter_2).await,
                            ),
                        )
                    })
                }
                impl bake {
                    #[doc(hidden)]
                    #[allow(
                        dead_code,
                        clippy::too_many_arguments,
                        reason = "for the bodies that call it"
                    )]
                    async fn __plain(
                        dough: Dough,
                        toppings: &[Topping],
                    ) -> Result<Pizza, OvenError> {
                        bake(
                                dough,
                                toppings,
                                &::wf::__private::injected::<StepContext>("bake", "ctx"),
                            )
                            .await
                    }
                }
                const _: fn() = || {
                    ::wf::__private::raises::<<bake as ::wf::Step>::Err, OvenError>()
                };
                #[allow(irrefutable_let_patterns, reason = "an enum may have one variant")]
                const _: fn(OvenError) = |error| { if let OvenError::Busy { .. } = error {} };
                ::wf::__private::inventory::submit! {
                    ::wf::registry::StepEntry(< bake as ::wf::Step > ::META)
                }
            };
        "#]],
    );
}

#[test]
fn a_function_survives_its_mistakes() {
    check(
        expand(
            quote! { timout = "5m" },
            quote! {
                fn bake<T>(#[inject] oven: T) {}
            },
        ),
        &expect![[r#"
            fn bake<T>(oven: T) {}
            ::core::compile_error! {
                "unknown option `timout` of `#[step]`\nhelp: did you mean `timeout`? the options are `name`, `alias`, `retry`, `timeout`, `heartbeat`, `undo` and `crate`"
            }
            ::core::compile_error! {
                "a step cannot be generic\nnote: a step is one entry in the registry, with one JSON input\nhelp: write a step for each type, and let them call the generic function"
            }
        "#]],
    );
}

#[test]
fn a_half_typed_body_is_no_business_of_the_macro() {
    let expansion = expand(
        quote! {},
        quote! { fn bake(order: Order) { let oven = order. ; if oven } },
    );
    let text = expansion.to_string();
    assert!(
        text.starts_with("fn bake (order : Order) { let oven = order . ;"),
        "{text}"
    );
    assert!(
        text.contains("impl :: sfn_runtime :: Step for bake"),
        "{text}"
    );
    assert!(!text.contains("compile_error"), "{text}");
}

#[test]
fn whatever_is_written_is_answered_with_an_error() {
    let check = |args: proc_macro2::TokenStream, item: proc_macro2::TokenStream| {
        let text = expand(args, item).to_string();
        assert!(text.contains("compile_error"), "{text}");
    };
    for args in [
        quote! { , },
        quote! { "5m" },
        quote! { = 3 },
        quote! { timeout = },
        quote! { timeout "5m" },
        quote! { timeout = "5m" heartbeat = "3s" },
        quote! { retry },
        quote! { retry(,) },
        quote! { retry[] },
        quote! { retry(on) },
        quote! { retry(on(,)) },
        quote! { retry(on(A::)) },
        quote! { retry(on(A::B::<)) },
        quote! { retry(on(::A)) },
        quote! { retry(backoff = "2") },
        quote! { retry(jitter = 3) },
        quote! { crate = 3 },
        quote! { name = },
    ] {
        check(args, quote! { fn bake() {} });
    }
    for item in [
        quote! {},
        quote! { fn },
        quote! { fn bake },
        quote! { fn bake( ) -> },
        quote! { pub(crate) },
        quote! { bake },
        quote! { const BAKE: u8 = 3; },
        quote! { unsafe impl Bake for Oven {} },
        quote! { extern crate bake; },
    ] {
        check(quote! {}, item);
    }
}
