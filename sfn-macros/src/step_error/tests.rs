//! What `#[derive(StepError)]` becomes.

use expect_test::expect;
use quote::quote;

use super::expand;
use crate::snapshot::check;

#[test]
fn an_enum() {
    check(
        expand(quote! {
            enum OvenError {
                Busy,
                #[step_error(name = "Burnt", retryable = false, data)]
                Burnt { minutes: u32 },
                #[step_error(data)]
                Broken(Part),
            }
        }),
        &expect![[r#"
            const _: () = {
                #[automatically_derived]
                impl ::sfn_runtime::StepError for OvenError {
                    const ERRORS: &'static [::sfn_runtime::ErrorMeta] = &[
                        ::sfn_runtime::ErrorMeta {
                            variant: "Busy",
                            name: "OvenError.Busy",
                            retryable: true,
                        },
                        ::sfn_runtime::ErrorMeta {
                            variant: "Burnt",
                            name: "Burnt",
                            retryable: false,
                        },
                        ::sfn_runtime::ErrorMeta {
                            variant: "Broken",
                            name: "OvenError.Broken",
                            retryable: true,
                        },
                    ];
                    fn failure(&self) -> ::sfn_runtime::Failure {
                        let message = <Self as ::sfn_runtime::__private::Message>::message(self);
                        match self {
                            Self::Busy { .. } => {
                                ::sfn_runtime::Failure::new("OvenError.Busy", message)
                            }
                            Self::Burnt { minutes: field_0 } => {
                                ::sfn_runtime::__private::failure_with_data(
                                    "Burnt",
                                    message,
                                    ::sfn_runtime::__private::object([
                                        ("minutes", ::sfn_runtime::__private::to_json(field_0)),
                                    ]),
                                )
                            }
                            Self::Broken { 0: data, .. } => {
                                ::sfn_runtime::__private::failure_with_data(
                                    "OvenError.Broken",
                                    message,
                                    ::sfn_runtime::__private::to_json(data),
                                )
                            }
                        }
                    }
                }
            };
        "#]],
    );
}
