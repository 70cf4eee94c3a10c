//! The builder's calls. Whatever arrives here is right, or was reported.
//!
//! Editors complete by expanding the call twice, as it is and with a name put in at the cursor, and look for the cursor's place in
//! the one at the same offset of the other. So whatever differs between right and half-typed code stands behind the stages, and what
//! must stand before one has the same length in both.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;

use super::{
    check::{Head, within},
    stage::{
        Check, Choose, ErrorText, Limit, Otherwise, Projection, Seq, Stage, Template, What, ends,
        succeeds, takes,
    },
};
use crate::{
    expr::mixed,
    retry::{ErrorRef, On},
};

pub(super) fn workflow(head: &Head, stages: &Seq, errors: &[TokenStream]) -> TokenStream {
    let root = &head.root;
    let (name, comment) = (&head.name, &head.comment);
    let kind = Ident::new(
        if head.express { "Express" } else { "Standard" },
        Span::call_site(),
    );
    let timeout = match &head.timeout {
        Some(timeout) => {
            let timeout = timeout.tokens();
            quote! { ::core::option::Option::Some(#timeout) }
        }
        None => quote! { ::core::option::Option::None },
    };
    let line = quote_spanned! {name.span()=> ::core::line!() };
    let declaration = quote! {
        #root::Declaration {
            name: #name,
            comment: #comment,
            kind: #root::Kind::#kind,
            timeout: #timeout,
            file: ::core::file!(),
            line: #line,
        }
    };
    let flow = flow_ident();
    // The parameters of the first stage, as a tuple.
    let given = head.input.as_ref().map(|input| quote! { (#input,) });
    let input = given.or_else(|| takes(stages, root));
    let first = stages
        .first()
        .map_or_else(Span::call_site, |first| first.span);
    let emitter = Emitter { root, typed: true };
    let typed = emitter.chain(stages, input.as_ref(), first);
    let beside = match input {
        // Nothing is registered; the rest keeps editors and the `static`'s type alive.
        _ if !errors.is_empty() => TokenStream::new(),
        None => syn::Error::new(
            first,
            "it cannot be seen what this workflow takes\n\
             help: say it: `input = Order`, or give the closure's parameter its type: `|order: &Order| …`",
        )
        .into_compile_error(),
        Some(input) => {
            let checks = checks(stages, root);
            let emitter = Emitter { root, typed: false };
            let defined = emitter.chain(stages, None, first);
            quote! {
                #checks
                fn __define() -> #root::flow::Definition {
                    #root::Workflow::declare(#declaration, |#flow: #root::flow::Flow<<#input as #root::flow::Parameters>::Value>| { #defined })
                        .definition()
                }
                #root::__private::inventory::submit! {
                    #root::WorkflowEntry {
                        name: #name,
                        define: __define,
                        file: ::core::file!(),
                        line: #line,
                    }
                }
            }
        }
    };
    written(
        &quote! { #root::Workflow },
        &quote! { #declaration, },
        &typed,
        &beside,
        errors,
    )
}

pub(super) fn fragment(head: &Head, stages: &Seq, errors: &[TokenStream]) -> TokenStream {
    let root = &head.root;
    let first = stages
        .first()
        .map_or_else(Span::call_site, |first| first.span);
    let emitter = Emitter { root, typed: true };
    let typed = emitter.chain(stages, None, first);
    let beside = match errors.is_empty() {
        true => checks(stages, root),
        false => TokenStream::new(),
    };
    written(
        &quote! { #root::Fragment },
        &TokenStream::new(),
        &typed,
        &beside,
        errors,
    )
}

/// A parameter whose type is that of a reported error: rustc is silent about what is done with it.
fn broken_ident() -> Ident {
    Ident::new("broken", Span::mixed_site())
}

/// `Workflow` or `Fragment`, its declaration, its stages, and what stands beside them.
///
/// Of what is wrong, the stages are given a value that has no type. The two functions' names differ as much in length as the two
/// closures do.
fn written(
    ty: &TokenStream,
    declaration: &TokenStream,
    typed: &TokenStream,
    beside: &TokenStream,
    errors: &[TokenStream],
) -> TokenStream {
    let flow = flow_ident();
    if errors.is_empty() {
        return quote! { #ty::declare_written(#declaration |#flow| { #typed }, { #beside }) };
    }
    let broken = broken_ident();
    quote! { #ty::declared(#declaration |#flow, #broken| { #typed }, { #(#errors)* }) }
}

fn flow_ident() -> Ident {
    Ident::new("flow", Span::mixed_site())
}

/// What rustc is asked once: that the errors exist, and that the steps can raise them.
fn checks(seq: &Seq, root: &TokenStream) -> TokenStream {
    let mut all = TokenStream::new();
    for stage in seq {
        let raiser = match &stage.what {
            What::Step(path) => Some(path),
            _ => None,
        };
        let retries = stage
            .options
            .retries
            .iter()
            .filter_map(|retry| retry.on.as_ref());
        let catches = stage.options.catches.iter().map(|catch| &catch.on);
        for on in retries.chain(catches) {
            for error in &on.errors {
                match (raiser, error) {
                    (Some(step), ErrorRef::Variant(path)) => {
                        // One error at a time, so that rustc's message stands on it.
                        let at = mixed(last_span(path));
                        let raiser = quote_spanned! {at=> <#step as #root::Step>::Err };
                        let one = On {
                            errors: vec![error.clone()],
                        };
                        all.extend(one.checks(root, &raiser));
                    }
                    (None, ErrorRef::Variant(path)) => all.extend(exists(path)),
                    _ => {}
                }
            }
        }
        if let What::Fail(ErrorText::Variant(path), _) = &stage.what {
            all.extend(exists(path));
        }
        for within in within(stage) {
            all.extend(checks(within, root));
        }
    }
    all
}

/// Lets rustc look for the variant.
fn exists(path: &Path) -> TokenStream {
    let error = Ident::new("error", Span::mixed_site());
    let owner = owner(path);
    quote! {
        #[allow(irrefutable_let_patterns, reason = "an enum may have one variant")]
        const _: fn(#owner) = |#error| { if let #path { .. } = #error {} };
    }
}

fn last_span(path: &Path) -> Span {
    path.segments
        .last()
        .map_or_else(Span::call_site, |last| last.ident.span())
}

fn owner(path: &Path) -> Path {
    let mut owner = path.clone();
    owner.segments.pop();
    owner.segments.pop_punct();
    owner
}

#[derive(Clone, Copy)]
struct Emitter<'a> {
    root: &'a TokenStream,
    /// Whether the type that the stages end with is known from without.
    typed: bool,
}

impl Emitter<'_> {
    /// A workflow's stages, as the body of a closure over `flow`.
    fn chain(self, seq: &Seq, input: Option<&TokenStream>, first: Span) -> TokenStream {
        let flow = flow_ident();
        let root = self.root;
        let begin = input.map(|input| {
            let begin = Ident::new("begin", mixed(first));
            quote_spanned! {mixed(first)=> let #flow = #flow.#begin::<#input>(); }
        });
        let last = seq.last().map_or(first, |last| last.span);
        if self.typed {
            // The type that is known from without is tied to `end` first, so that a mistake stands on the last stage.
            let end = Ident::new("end", Span::mixed_site());
            let stages = self.stages(seq, false, Some(&end));
            let close = close(seq, last, &end);
            return quote! {
                let #end = #root::flow::End::new();
                if false {
                    return #end.flow();
                }
                #begin
                // rustc knows no `cfg(rust_analyzer)`.
                #[allow(unexpected_cfgs)]
                let #flow = { #stages #flow };
                #close
            };
        }
        let stages = self.stages(seq, false, None);
        let end = Ident::new("end", mixed(last));
        quote! { #begin #stages #flow.#end() }
    }

    /// The stages of a branch or an item: a `succeed()` in them ends just these.
    fn inner(self, seq: &Seq, caught: bool) -> TokenStream {
        let flow = flow_ident();
        let root = self.root;
        if succeeds(seq) {
            let end = Ident::new("end", Span::mixed_site());
            let stages = self.stages(seq, caught, Some(&end));
            let last = seq.last().map_or_else(Span::call_site, |last| last.span);
            let close = close(seq, last, &end);
            return quote! { |#flow| { let #end = #root::flow::End::new(); #stages #close } };
        }
        let stages = self.stages(seq, caught, None);
        quote! { |#flow| { #stages #flow } }
    }

    /// The stages of an arm or a handler: a `succeed()` in them ends what is around them.
    fn arm(self, seq: &Seq, caught: bool, end: Option<&Ident>) -> TokenStream {
        let flow = flow_ident();
        let stages = self.stages(seq, caught, end);
        quote! { |#flow| { #stages #flow } }
    }

    /// `let flow = …;` for each. `caught` says that the value is what a catch handler is given.
    fn stages(self, seq: &Seq, mut caught: bool, end: Option<&Ident>) -> TokenStream {
        let flow = flow_ident();
        let mut all = TokenStream::new();
        let mut over = false;
        for stage in seq {
            if over {
                // That it is never reached was reported; its types say nothing.
                let broken = broken_ident();
                all.extend(quote! { let #flow = #broken; });
            }
            over = stage.ends();
            let shown = self.shown(stage);
            let call = self.stage(stage, caught, end);
            let options = self.options(stage, end);
            let at = mixed(stage.span);
            // Half-typed code is for editors; rustc has heard what is wrong with it.
            let seen = if stage.repaired {
                quote! { #[cfg(all(rust_analyzer,))] }
            } else {
                // As long as the other.
                quote! { #[cfg(all(true, true, true))] }
            };
            let line = quote_spanned! {at=> let #flow = { #shown #call #options }; };
            all.extend(quote! { #seen #line });
            if stage.repaired {
                let broken = broken_ident();
                all.extend(quote! {
                    #[cfg(not(rust_analyzer))]
                    let #flow = #broken;
                });
            }
            let passes = match &stage.what {
                What::Wait(_) | What::WaitFor(_) | What::WaitUntil(_) | What::Pass(None) => true,
                // Arms that pass the value on leave it what it was; others yield something else.
                What::Choose(choose) => {
                    let passes = |arm: &Seq| arm.is_empty() || ends(arm);
                    choose.arms.iter().all(|arm| passes(&arm.body))
                        && match &choose.otherwise {
                            Otherwise::Arm(_, arm) => passes(arm),
                            _ => true,
                        }
                }
                _ => false,
            };
            caught &= passes;
        }
        all
    }

    /// What rustc shall look at before a stage.
    fn shown(self, stage: &Stage) -> TokenStream {
        let What::Choose(choose) = &stage.what else {
            return TokenStream::new();
        };
        let flow = flow_ident();
        let shown = choose.checks.iter().map(|check| match check {
            Check::Condition(span, closure) => {
                let check = Ident::new("check", mixed(*span));
                quote_spanned! {mixed(*span)=> #flow.#check(#closure); }
            }
            Check::Patterns(closure) => quote! {
                #[allow(unused_variables, reason = "an arm is given the whole value, not what its pattern binds")]
                #flow.check_match(#closure);
            },
            Check::Counted(span, closure) => {
                let check = Ident::new("check_len", mixed(*span));
                quote_spanned! {mixed(*span)=> #flow.#check(#closure); }
            }
        });
        shown.collect()
    }

    fn stage(self, stage: &Stage, caught: bool, end: Option<&Ident>) -> TokenStream {
        let root = self.root;
        let at = mixed(stage.span);
        let flow = Ident::new("flow", at);
        let method = |name: &str| Ident::new(name, at);
        match &stage.what {
            What::Step(path) if caught => {
                let handle = method("handle");
                quote_spanned! {at=> #flow.#handle::<<#path as #root::flow::Itself>::This, _>() }
            }
            What::Step(path) => {
                let then = method("then");
                quote_spanned! {at=> #flow.#then::<<#path as #root::flow::Itself>::This>() }
            }
            What::Parallel(branches) => {
                let branches: TokenStream = branches
                    .iter()
                    .map(|branch| {
                        let inner = self.inner(branch, caught);
                        quote! { .branch(#inner) }
                    })
                    .collect();
                quote! { #flow.parallel() #branches.join() }
            }
            What::Map(Some(projection), body) => {
                let items = self.field(projection);
                let body = self.inner(body, false);
                let map = Ident::new("map", mixed(projection.span));
                quote! { #flow.#map(#items, #body) }
            }
            What::Map(None, body) => {
                let body = self.inner(body, false);
                let map = method("map_all");
                quote! { #flow.#map(#body) }
            }
            What::Wait(span) => quote_spanned! {at=> #flow.wait(#span) },
            What::WaitFor(span) => {
                let span = span.tokens();
                quote! { #flow.wait(#span) }
            }
            What::WaitUntil(projection) => {
                let when = self.field(projection);
                let wait = Ident::new("wait_until", mixed(projection.span));
                quote! { #flow.#wait(#when) }
            }
            What::Choose(choose) => self.choose(choose, caught, end),
            What::Fail(error, cause) => {
                let error = match error {
                    ErrorText::Text(text) => text.to_token_stream(),
                    ErrorText::Variant(path) => {
                        let owner = owner(path);
                        let variant = path.segments.last().map(|last| last.ident.to_string());
                        quote! { #root::flow::error_name::<#owner>(#variant) }
                    }
                };
                let cause = cause
                    .as_ref()
                    .map_or_else(|| quote! { "" }, ToTokens::to_token_stream);
                quote! { #flow.fail(#error, #cause) }
            }
            What::Succeed => match end {
                Some(end) => {
                    let succeed = method("succeed");
                    quote_spanned! {at=> #end.#succeed(#flow) }
                }
                None => quote! { #flow.succeed() },
            },
            What::Pass(None) => quote! { #flow.pass() },
            What::Pass(Some(computed)) => {
                let closure = &computed.closure;
                let value = value_ident();
                let template = self.template(&computed.template, &value);
                let compute = Ident::new("compute", mixed(stage.span));
                quote! { #flow.#compute(#closure, |#value| #template) }
            }
            What::Include(path) => {
                let at = mixed(last_span(path));
                let flow = Ident::new("flow", at);
                quote_spanned! {at=> #root::Fragment::after(&#path, #flow) }
            }
            What::Broken => broken_ident().to_token_stream(),
        }
    }

    fn choose(self, choose: &Choose, caught: bool, end: Option<&Ident>) -> TokenStream {
        let root = self.root;
        let flow = flow_ident();
        let value = value_ident();
        let yields = if choose.ends() {
            quote! { #root::flow::Never }
        } else {
            quote! { _ }
        };
        let mut all = quote! { #flow.choose::<#yields>() };
        for arm in &choose.arms {
            let test = arm.test.truth(root, &value);
            let body = self.arm(&arm.body, caught, end);
            let when = if ends(&arm.body) { "when_ends" } else { "when" };
            let when = Ident::new(when, mixed(arm.span));
            all.extend(quote! { .#when(|#value| #test, #body) });
        }
        match &choose.otherwise {
            Otherwise::Arm(span, arm) => {
                let body = self.arm(arm, caught, end);
                let otherwise = if ends(arm) {
                    "otherwise_ends"
                } else {
                    "otherwise"
                };
                let otherwise = Ident::new(otherwise, mixed(*span));
                all.extend(quote! { .#otherwise(#body) });
            }
            Otherwise::Pass(span) => {
                let pass = Ident::new("or_pass", mixed(*span));
                all.extend(quote! { .#pass() });
            }
            Otherwise::Exhausted => all.extend(quote! { .exhausted() }),
        }
        all
    }

    fn field(self, projection: &Projection) -> TokenStream {
        let value = value_ident();
        let Projection { closure, names, .. } = projection;
        quote! { |#value| #value.field(#closure, #names) }
    }

    fn template(self, template: &Template, value: &Ident) -> TokenStream {
        let root = self.root;
        match template {
            Template::Leaf(lowered) => {
                let emitted = lowered.emit(root, value);
                quote! { #root::flow::Template::from(#emitted) }
            }
            Template::List(items) => {
                let items = items.iter().map(|item| self.template(item, value));
                quote! { #root::flow::Template::List(::std::vec![#(#items),*]) }
            }
        }
    }

    fn options(self, stage: &Stage, end: Option<&Ident>) -> TokenStream {
        let root = self.root;
        let options = &stage.options;
        let mut all = TokenStream::new();
        // First, since it changes what a handler must yield.
        if let Some(at) = &options.collect {
            let method = Ident::new("collect", mixed(at.span()));
            all.extend(quote! { .#method() });
        }
        for retry in &options.retries {
            let retry = retry.builder(self.root);
            all.extend(quote! { .retry(#retry) });
        }
        for catch in &options.catches {
            let names = catch.on.names(root);
            let handler = self.arm(&catch.handler, true, end);
            let method = if ends(&catch.handler) {
                "catch_ends"
            } else {
                "catch"
            };
            let at = catch.handler.last().map_or(catch.at, |last| last.span);
            let method = Ident::new(method, mixed(at));
            all.extend(quote! { .#method([#(#names),*], #handler) });
        }
        let limit = |name: &str, limit: &Option<Limit>| {
            let limit = match limit.as_ref()? {
                Limit::Text(span) => span.tokens(),
                Limit::Code(code) => code.to_token_stream(),
            };
            let name = Ident::new(name, Span::mixed_site());
            Some(quote! { .#name(#limit) })
        };
        all.extend(limit("timeout", &options.timeout));
        all.extend(limit("heartbeat", &options.heartbeat));
        if let Some(items) = &options.max_concurrency {
            all.extend(quote! { .max_concurrency(#items) });
        }
        if let Some(at) = &options.distributed {
            let method = Ident::new("distributed", mixed(at.span()));
            all.extend(quote! { .#method() });
        }
        if let Some(failures) = options.tolerate {
            let failures = failures.tokens(self.root);
            all.extend(quote! { .tolerate(#failures) });
        }
        if let Some(name) = &options.named {
            all.extend(quote! { .named(#name) });
        }
        if let Some(comment) = &options.comment {
            all.extend(quote! { .comment(#comment) });
        }
        if let Some(half) = &options.half {
            all.extend(quote! { .#half });
        }
        all
    }
}

fn value_ident() -> Ident {
    Ident::new("value", Span::mixed_site())
}

/// The end of a chain whose type is tied to `end`.
fn close(seq: &Seq, last: Span, end: &Ident) -> TokenStream {
    let flow = flow_ident();
    if ends(seq) {
        return quote! { #end.never(#flow) };
    }
    let close = Ident::new("close", mixed(last));
    quote_spanned! {mixed(last)=> #end.#close(#flow) }
}
