//! What `#[state_machine]` makes of whole bodies, and of half-typed ones.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::expand;

const WHOLE: &str = r#"
    /// A comment.
    pub(crate) async fn process(mut order: Order, note: &str) -> Result<Receipt, OrderError> {
        let Order { amount, items: [first, ..], .. } = order.clone();
        let (stock, fraud) = join!(reserve(&order).named("a"), async { check(amount).await?; Ok(1) }).await?;
        let Some(x) = find(note).await else { return Err(OrderError::Rejected) };
        'outer: for (i, item) in order.items.iter().enumerate() {
            if i > 3 && *item > first { continue 'outer; }
            total += pack(item).retry(on(PackError::Busy, Timeout), interval = "2s").await?;
        }
        while let Ok(more) = next(x).await { if more.is_none() { break; } }
        order = Order { amount: amount * 2, ..order };
        ensure!(fraud.score < MAX, OrderError::TooMuch { amount, who: note.to_owned() });
        sleep(minutes(order.delay)).await;
        let all = map_concurrent(4, &order.items, |item| async move { slice(item).await }).await;
        match ship(&order, all).callback("2 days").await {
            Ok(receipt) => Ok(receipt),
            Err(ShipError::Late { days, .. }) if days > 3 => Err(OrderError::Rejected),
            Err(ShipError::OutOfStock | ShipError::Lost(_)) => Ok(refund(&order).await?),
            Err(error) => Err(error.into()),
        }
    }
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

#[test]
fn a_whole_body_is_right() {
    let expanded = expand(TokenStream::new(), WHOLE.parse().expect("tokens"));
    let text = expanded.to_string();
    assert!(!text.contains("compile_error"), "{text}");
    syn::parse2::<syn::File>(expanded).expect("items");
}

/// Whatever is typed keeps the function, or what stands for it, so that an editor can complete in it.
#[test]
fn every_half_typed_body_expands() {
    let halves = torn(WHOLE.parse().expect("tokens"));
    assert!(halves.len() > 500, "{}", halves.len());
    // Each takes milliseconds, and there are thousands: a prime number apart they still stand at all kinds of places.
    for half in halves.into_iter().step_by(11) {
        let expanded = expand(TokenStream::new(), half.clone());
        let whole = syn::parse2::<syn::ItemFn>(half.clone()).is_ok();
        if whole && let Err(error) = syn::parse2::<syn::File>(expanded.clone()) {
            panic!("{half}\nexpands to what are no items ({error}):\n{expanded}");
        }
    }
}

#[test]
fn the_runtime_may_have_another_name() {
    let options = "crate = ::other::runtime, name = \"x\""
        .parse()
        .expect("tokens");
    let expanded = expand(options, WHOLE.parse().expect("tokens")).to_string();
    assert!(
        expanded.contains(":: other :: runtime :: Workflow"),
        "{expanded}"
    );
    assert!(!expanded.contains("sfn_runtime"), "{expanded}");
}

#[test]
fn what_is_no_function_is_kept() {
    for wrong in ["", "struct A;", "fn", "async fn f(", "mod a {}"] {
        let tokens = wrong
            .parse::<TokenStream>()
            .unwrap_or_else(|_| TokenStream::new());
        let group = TokenTree::from(Group::new(Delimiter::None, tokens.clone()));
        for tokens in [tokens, group.into()] {
            assert!(
                expand(TokenStream::new(), tokens)
                    .to_string()
                    .contains("compile_error")
            );
        }
    }
}
