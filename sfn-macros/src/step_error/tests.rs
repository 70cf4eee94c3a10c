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
                        ::sfn_runtime::ErrorMeta::new("Busy", "OvenError.Busy", true),
                        ::sfn_runtime::ErrorMeta::new("Burnt", "Burnt", false)
                            .with_data(|| ::sfn_runtime::__private::data_object(
                                "Burnt",
                                &[
                                    (
                                        "minutes",
                                        || {
                                            use ::sfn_runtime::__private::{
                                                NoPayload as _, OfPayload as _,
                                            };
                                            (&::sfn_runtime::__private::Probe::<u32>::new()).shape_of()
                                        },
                                    ),
                                ],
                            )),
                        ::sfn_runtime::ErrorMeta::new("Broken", "OvenError.Broken", true)
                            .with_data(|| {
                                use ::sfn_runtime::__private::{NoPayload as _, OfPayload as _};
                                (&::sfn_runtime::__private::Probe::<Part>::new()).shape_of()
                            }),
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
                #[automatically_derived]
                impl ::sfn_runtime::Wraps<OvenError> for OvenError {
                    fn wrap(error: OvenError) -> Self {
                        error
                    }
                }
                #[automatically_derived]
                impl ::sfn_runtime::Wraps<OvenError> for ::sfn_runtime::Failure {
                    fn wrap(error: OvenError) -> Self {
                        <OvenError as ::sfn_runtime::StepError>::failure(&error)
                    }
                }
                #[automatically_derived]
                impl ::core::convert::From<OvenError> for ::sfn_runtime::Failure {
                    fn from(error: OvenError) -> Self {
                        <OvenError as ::sfn_runtime::StepError>::failure(&error)
                    }
                }
            };
        "#]],
    );
}
