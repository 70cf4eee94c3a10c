//! JSONPath, intrinsic functions and JSONata as AWS Step Functions evaluates them.
//!
//! | module | for | parsed once into |
//! |---|---|---|
//! | [`path`] | JSONPath in Jayway's dialect, as in `InputPath`; reference paths, as in `ResultPath` | [`Path`](path::Path), [`ReferencePath`](path::ReferencePath) |
//! | [`intrinsic`] | the 18 intrinsic functions of JSONPath states | [`Call`](intrinsic::Call) |
//! | [`template`] | payload templates: objects whose keys end in `.$` | [`Template`](template::Template), [`Query`](template::Query) |
//! | [`jsonata`] | JSONata 2.0.6 and what Step Functions made of it | [`Expression`](jsonata::Expression), [`Template`](jsonata::Template) |
//!
//! Everything parsed is `Send + Sync`, cheap to clone, and evaluated many times.
//! Nothing here reads a clock or a random source: an [`Environment`] brings both.
//! No text from outside makes anything panic.
//!
//! ```
//! use serde_json::json;
//! use sfn_expr::{Scope, jsonata, path};
//!
//! let input = json!({"order": {"lines": [{"n": 2}, {"n": 5}]}});
//! let context = json!({"Execution": {"Name": "e-1"}});
//!
//! let path = path::Path::parse("$.order.lines[?(@.n > 3)].n")?;
//! assert_eq!(*path.evaluate(&Scope::new(&input, &context))?, json!([5]));
//! # struct Fixed;
//! # impl sfn_expr::Environment for Fixed {
//! #     fn now_millis(&mut self) -> i64 { 0 }
//! #     fn random(&mut self) -> f64 { 0.5 }
//! #     fn uuid(&mut self) -> String { "00000000-0000-4000-8000-000000000000".to_owned() }
//! # }
//!
//! let expression = jsonata::Expression::parse("$states.input.order.lines[n > 3].n")?;
//! let value = expression.evaluate(&jsonata::Bindings::new(&input, &context), &mut Fixed)?;
//! assert_eq!(value, Some(json!(5)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What the dialects have
//!
//! **JSONPath** follows Jayway's implementation, whose error texts Step Functions shows. It was compared
//! with that implementation on thousands of generated paths.
//!
//! | | |
//! |---|---|
//! | steps | `.name` `['name']` `["name"]` `['a','b']` `[0]` `[-1]` `[0,2]` `[1:3]` `[-2:]` `[*]` `.*` `..` `[?(…)]` |
//! | roots | `$`, `$$` (the context object), `$name` (a variable) |
//! | filters | `==` `!=` `===` `!==` `<` `<=` `>` `>=` `=~ /…/i` `in` `nin` `contains` `size` `empty` `subsetof` `anyof` `noneof`, `&&` `\|\|` `!` and parentheses, `@…` that exists |
//! | functions | `.length()` `.size()` `.keys()` `.min()` `.max()` `.sum()` `.avg()` `.stddev()` `.concat()` `.first()` `.last()` `.index(n)` `.append(json)` |
//! | as Jayway, not as RFC 9535 | a slice's step is ignored, `'5'` equals `5`, `['a','b']` at the end merges into one object, a filter on an object tests the object |
//! | as the service, not as Jayway | behind a missing field an indefinite path gives `[]`; backslashes in quoted names stand for themselves |
//! | not here | functions of several paths (`$.sum($.a, $.b)`), look-around in regular expressions |
//!
//! **Intrinsic functions**: all 18, with at most [`MAX_CALLS`](intrinsic::MAX_CALLS) in a field. Numbers that
//! must be integers are rounded, halves up. A path without a value is `States.Runtime`,
//! anything else that fails is `States.IntrinsicFailure`.
//!
//! **JSONata** passes the reference implementation's tests at version 2.0.6.
//!
//! | | |
//! |---|---|
//! | added | `$partition` `$range` `$hash` `$random(seed)` `$uuid` `$parse`; `$random(seed)` answers with the service's own numbers |
//! | taken away | `$eval`; `??` and `?:`, which came later; a context item: `$`, `$$` and bare names at the top level |
//! | from the [`Environment`] | `$now` `$millis` `$random` `$shuffle` `$uuid` |
//! | limits | 99 levels below the outermost, 5 s, 873 782 items in a sequence, 6 990 256 bytes of result |
//! | numbers | integers of 64 bits stay exact in paths, comparisons and arithmetic; elsewhere they are doubles. What is no number of JSON becomes `"Infinity"`, `"-Infinity"` or `"NaN"` |
//! | not here | look-around in regular expressions |
//!
//! Simple expressions (paths, literals, comparisons, arithmetic, logic, constructors and common functions
//! of these) are evaluated on the data itself. The rest goes to the `jsonata-core` crate, which is given
//! only those parts of the data that the expression names.

pub mod intrinsic;
pub mod jsonata;
pub mod path;
pub mod template;

mod equality;
mod hash;
mod java;
mod number;
mod pointer;
mod random;
mod scope;
mod tree;

pub use scope::{Context, Environment, NoVariables, Scope, Variables};
