//! What `#[derive(Payload)]` becomes.

use expect_test::expect;
use quote::quote;

use super::expand;
use crate::snapshot::check;

#[test]
fn a_struct() {
    check(
        expand(quote! {
            #[serde(rename_all = "camelCase")]
            struct Page<T: Clone> where T: Copy {
                all_items: Vec<T>,
                #[serde(default, rename = "n")]
                next: Option<Box<Page<T>>>,
                #[serde(flatten)]
                rest: Rest,
                #[serde(skip)]
                hidden: Hidden,
                #[payload(opaque)]
                foreign: Foreign,
            }
        }),
        &expect![[r#"
            const _: () = {
                #[automatically_derived]
                impl<T: Clone> ::sfn_runtime::Payload for Page<T>
                where
                    T: Copy,
                    T: ::sfn_runtime::Payload,
                {
                    fn shape() -> ::sfn_runtime::Shape {
                        ::sfn_runtime::Shape::Struct {
                            origin: ::core::option::Option::Some(
                                ::sfn_runtime::Origin::of::<Self>(),
                            ),
                            name: "Page",
                            fields: ::std::vec![
                                ::sfn_runtime::Field { rust : "all_items", json :
                                ::core::option::Option::Some("allItems"), flatten : false, optional :
                                false, default : ::core::option::Option::None, shape : < Vec < T > as
                                ::sfn_runtime::Payload > ::shape, }, ::sfn_runtime::Field { rust :
                                "next", json : ::core::option::Option::Some("n"), flatten : false,
                                optional : true, default : ::core::option::Option::None, shape : <
                                Option < Box < Page < T > > > as ::sfn_runtime::Payload > ::shape, },
                                ::sfn_runtime::Field { rust : "rest", json :
                                ::core::option::Option::None, flatten : true, optional : false,
                                default : ::core::option::Option::None, shape : < Rest as
                                ::sfn_runtime::Payload > ::shape, }, ::sfn_runtime::Field { rust :
                                "hidden", json : ::core::option::Option::None, flatten : false,
                                optional : false, default : ::core::option::Option::None, shape :
                                ::sfn_runtime::__private::any_shape, }, ::sfn_runtime::Field { rust :
                                "foreign", json : ::core::option::Option::Some("foreign"), flatten :
                                false, optional : false, default : ::core::option::Option::None,
                                shape : ::sfn_runtime::__private::any_shape, }
                            ],
                        }
                    }
                }
            };
        "#]],
    );
}

#[test]
fn an_enum() {
    check(
        expand(quote! {
            #[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
            #[payload(crate = ::wf)]
            enum Shape {
                NoSides,
                Round(f64),
                Flat { side_length: u8 },
            }
        }),
        &expect![[r#"
            const _: () = {
                #[automatically_derived]
                impl ::wf::Payload for Shape {
                    fn shape() -> ::wf::Shape {
                        ::wf::Shape::Enum {
                            origin: ::core::option::Option::Some(::wf::Origin::of::<Self>()),
                            name: "Shape",
                            tagging: ::wf::Tagging::Adjacent("kind", "value"),
                            variants: ::std::vec![
                                ::wf::Variant { rust : "NoSides", json : "no-sides", shape :
                                ::wf::Shape::Null }, ::wf::Variant { rust : "Round", json : "round",
                                shape : ::wf::Shape::Transparent { origin :
                                ::core::option::Option::None, name : "Round", field : "0", shape : <
                                f64 as ::wf::Payload > ::shape, } }, ::wf::Variant { rust : "Flat",
                                json : "flat", shape : ::wf::Shape::Struct { origin :
                                ::core::option::Option::None, name : "Flat", fields :
                                ::std::vec![::wf::Field { rust : "side_length", json :
                                ::core::option::Option::Some("side_length"), flatten : false,
                                optional : false, default : ::core::option::Option::None, shape : <
                                u8 as ::wf::Payload > ::shape, }], } }
                            ],
                        }
                    }
                }
            };
        "#]],
    );
}
