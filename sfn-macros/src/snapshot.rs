//! Expansions as people read them, for tests.

use expect_test::Expect;
use proc_macro2::TokenStream;

/// Compares an expansion, formatted. Write snapshots anew with `UPDATE_EXPECT=1`, and read them.
#[track_caller]
pub(crate) fn check(expansion: TokenStream, expected: &Expect) {
    let file = syn::parse2(expansion).expect("an expansion parses");
    expected.assert_eq(&prettyplease::unparse(&file));
}
