//! `workflow!` and `fragment!`: pipelines of steps as expressions.

mod check;
mod choose;
mod expand;
mod options;
mod parse;
mod repair;
mod stage;
mod verbs;

use proc_macro2::TokenStream;

use crate::{diagnostics::Diagnostics, root::Root};

/// `workflow!(name = "…", stage, …)`: the value of a `static`.
pub(crate) fn workflow(input: TokenStream) -> TokenStream {
    expand(input, parse::Form::Workflow)
}

/// `fragment!(stage, …)`: stages to include in workflows.
pub(crate) fn fragment(input: TokenStream) -> TokenStream {
    expand(input, parse::Form::Fragment)
}

fn expand(input: TokenStream, form: parse::Form) -> TokenStream {
    let mut found = Diagnostics::default();
    let written = parse::parse(input, form, &mut found);
    let head = check::head(&written, form, &mut found);
    let stages = check::stages(&written.stages, &mut found);
    check::names(&stages, &mut found);
    // What was written is expanded even when it is wrong: editors complete in it, and `static`s keep their types.
    let errors: Vec<TokenStream> = found.into_each().collect();
    match form {
        parse::Form::Workflow => expand::workflow(&head, &stages, &errors),
        parse::Form::Fragment => expand::fragment(&head, &stages, &errors),
    }
}

/// The runtime's path, as tokens.
fn root(root: &Root) -> TokenStream {
    quote::quote! { #root }
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

    use super::workflow;

    const WHOLE: &str = r#"
        /// A comment.
        name = "make-pizza", timeout = "1h", kind = standard, input = Map<Order, u8>,
        parallel(make_dough, (kitchen::make_sauce, wait("1m")), map(|order| &order.items, slice).max_concurrency(4)),
        put_together.retry(on(OvenError::Busy, Timeout), interval = "2s").named("hot"),
        bake.catch(on(All), wait(minutes(2)), choose(|caught| if caught.error.name == "x" { fail("X") }), undo),
        wait_until(|it| &it.ready_at),
        choose(|it| if !is_good(it) && it.size >= MAX { fail(OvenError::Cold, "c") } else if it.a.is_some() { a; b } else {}),
        choose(|it| match (it.kind, it.n) { (Kind::A | Kind::B, 0..=3) if it.ok => c, (_, 7) => succeed(), _ => {} }).comment("c"),
        pass(|it| (it.a, it.b.len() > 2, matches!(it.c, Some(_)))),
        include(PART).named("again"),
    "#;

    /// Every stream that comes of leaving out one token, or all that follow it, at any depth.
    fn torn(tokens: TokenStream) -> Vec<TokenStream> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut all = Vec::new();
        for index in 0..tokens.len() {
            let (before, rest) = tokens.split_at(index);
            all.push(before.iter().cloned().collect());
            all.push(before.iter().chain(&rest[1..]).cloned().collect());
            if let TokenTree::Group(group) = &rest[0] {
                for inner in torn(group.stream()) {
                    let group = TokenTree::from(Group::new(group.delimiter(), inner));
                    let whole = before.iter().cloned().chain([group]);
                    all.push(whole.chain(rest[1..].iter().cloned()).collect());
                }
            }
        }
        all
    }

    /// A whole call says nothing of mistakes, and whatever else is typed expands to an expression.
    #[test]
    fn every_half_typed_call_expands() {
        let whole: TokenStream = WHOLE.parse().expect("tokens");
        let expanded = workflow(whole.clone()).to_string();
        assert!(!expanded.contains("compile_error"), "{expanded}");
        let halves = torn(whole);
        assert!(halves.len() > 500, "{}", halves.len());
        for half in halves {
            let expanded = workflow(half.clone());
            if let Err(error) = syn::parse2::<syn::Expr>(expanded.clone()) {
                panic!("{half}\nexpands to what is no expression ({error}):\n{expanded}");
            }
        }
    }

    #[test]
    fn the_runtime_may_have_another_name() {
        let call = format!("crate = ::other::runtime, {WHOLE}");
        let expanded = workflow(call.parse().expect("tokens")).to_string();
        assert!(
            expanded.contains(":: other :: runtime :: Workflow"),
            "{expanded}"
        );
        assert!(!expanded.contains("sfn_runtime"), "{expanded}");
    }

    #[test]
    fn what_is_no_pipeline_expands() {
        for wrong in [
            "",
            ",",
            ",,",
            "name",
            "name =",
            "= x",
            "1, 2",
            "a b c",
            "{ }",
            "|",
            "|x",
            "if",
            "'a",
            "#",
            "..",
            "a..b",
            "name = name = \"x\"",
            "<",
            "input = Vec<",
        ] {
            let tokens: TokenStream = wrong.parse().expect("tokens");
            let grouped = TokenTree::from(Group::new(Delimiter::None, tokens.clone()));
            for tokens in [tokens, grouped.into()] {
                let expanded = workflow(tokens);
                syn::parse2::<syn::Expr>(expanded.clone())
                    .unwrap_or_else(|error| panic!("{wrong}: {error}\n{expanded}"));
            }
        }
    }
}
