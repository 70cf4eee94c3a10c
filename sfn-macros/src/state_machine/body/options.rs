//! What is said of a call between its arguments and `.await`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Expr, ExprMethodCall, Lit, LitStr,
    parse::{ParseStream, Parser},
};

use super::{
    Recorder,
    called::{Called, Special, What, is_aws, is_call, is_map, is_nested, is_task},
    first_token,
};
use crate::{
    diagnostics::{list, near_miss},
    duration,
    retry::{On, Retry},
    tolerate::tolerated,
};

/// An option, and which calls have it.
type Known = (&'static str, fn(&What<'_>) -> bool);

/// What may be said of a call between its arguments and `.await`, and of what.
const OPTIONS: &[Known] = &[
    ("named", |_| true),
    ("comment", |what| {
        !matches!(what, What::Special(Special::Sleep | Special::SleepUntil, _))
    }),
    ("timeout", is_task),
    ("heartbeat", |what| is_call(what) || is_aws(what)),
    ("retry", |what| {
        is_task(what) || matches!(what, What::Join(_) | What::Special(Special::Map, _))
    }),
    ("callback", is_call),
    ("failure", |what| is_call(what) || is_nested(what)),
    ("distributed", is_map),
    ("tolerate", is_map),
];

/// What Step Functions takes as `TimeoutSeconds` and `HeartbeatSeconds`.
const LIMIT: (u64, u64) = (1, 99_999_999);
/// What Step Functions takes as a state name, in characters.
const MAX_NAME: usize = 80;

/// Whether any call has an option of that name.
pub(super) fn is_known(option: &Ident) -> bool {
    OPTIONS.iter().any(|(name, _)| option == name)
}

impl Recorder<'_> {
    /// The options, as calls of the builder.
    pub(super) fn options(
        &mut self,
        called: &Called<'_>,
        raiser: Option<&TokenStream>,
        out: &mut TokenStream,
    ) -> TokenStream {
        let mut all = TokenStream::new();
        let mut seen: Vec<String> = Vec::new();
        let mut limits: [Option<u64>; 2] = [None, None];
        let mut retries: Vec<Retry> = Vec::new();
        for option in &called.options {
            let name = option.method.to_string();
            let known: Vec<&str> = OPTIONS
                .iter()
                .filter(|(_, has)| has(&called.what))
                .map(|(name, _)| *name)
                .collect();
            if !known.contains(&name.as_str()) {
                let exists = OPTIONS.iter().any(|(known, _)| name == *known);
                let text = match exists {
                    true => format!("this has no `{name}`"),
                    false => format!("unknown option `{name}` of a call"),
                };
                let near = near_miss(&name, known.iter().copied()).filter(|_| !exists);
                let error = self.found.refuse(&option.method, "SFN0310", text);
                match near {
                    Some(near) => error.help(format!(
                        "did you mean `{near}`? the options here are {}",
                        list(&known)
                    )),
                    None => error.help(format!("the options here are {}", list(&known))),
                };
                continue;
            }
            if name != "retry" && seen.contains(&name) {
                self.found
                    .error(&option.method, format!("`{name}` is given twice"))
                    .help("keep one of them");
                continue;
            }
            seen.push(name.clone());
            let method = Ident::new(&name, Span::mixed_site());
            match name.as_str() {
                "named" | "comment" => {
                    if let Some(text) = self.text(option) {
                        if name == "named" {
                            self.check_name(&text);
                        }
                        all.extend(quote! { .#method(#text) });
                    }
                }
                "timeout" | "heartbeat" | "callback" => {
                    if let Some((seconds, tokens)) = self.limit(option) {
                        all.extend(quote! { .#method(#tokens) });
                        limits[usize::from(name == "heartbeat")] = seconds;
                        if let [Some(timeout), Some(heartbeat)] = limits
                            && heartbeat >= timeout
                        {
                            self.found
                                .error(
                                    &option.method,
                                    "the heartbeat must be shorter than the timeout",
                                )
                                .help("a longer `timeout`, or a shorter `heartbeat`");
                        }
                    }
                }
                "retry" => {
                    if let Some(retry) = self.retry(option, raiser, out) {
                        if retry.on.is_none() && !is_call(&called.what) {
                            self.found
                                .error(&option.method, "which errors are tried again?")
                                .note("a step knows which of its errors are worth another attempt; several together do not")
                                .help("write `.retry(on(..), …)`");
                            continue;
                        }
                        let builder = retry.builder(self.root);
                        all.extend(quote! { .retry(#builder) });
                        retries.push(retry);
                        crate::retry::check_order(&retries, self.found);
                    }
                }
                "distributed" => {
                    if let Some(argument) = option.args.first() {
                        self.found
                            .error(argument, "`distributed` takes nothing")
                            .help("write `.distributed()`; `.tolerate(\"5%\")` lets items fail");
                    }
                    all.extend(quote! { .distributed() });
                }
                "tolerate" => {
                    if called.option("distributed").is_none() {
                        self.found
                            .error(&option.method, "only a distributed map lets its items fail")
                            .help("write `.distributed()` before it, or `match` the error of each item within the closure");
                    } else if let Some(failures) = tolerated(option, self.found) {
                        let failures = failures.tokens(self.root);
                        all.extend(quote! { .tolerate(#failures) });
                    }
                }
                // `failure` is seen to where the result is matched.
                _ => {
                    if let Some(argument) = option.args.first() {
                        self.found
                            .error(argument, "`failure` takes nothing")
                            .help("write `.failure()`");
                    }
                }
            }
        }
        all
    }

    fn text(&mut self, option: &ExprMethodCall) -> Option<LitStr> {
        if let (Some(Expr::Lit(literal)), 1) = (option.args.first(), option.args.len())
            && let Lit::Str(text) = &literal.lit
        {
            return Some(text.clone());
        }
        let name = &option.method;
        self.found
            .error(name, format!("`{name}` takes a text"))
            .help(format!("write `.{name}(\"…\")`"));
        None
    }

    fn check_name(&mut self, name: &LitStr) {
        let count = name.value().chars().count();
        if count == 0 {
            self.found
                .error(name, "a state's name cannot be empty")
                .help("leave `.named(..)` out to take the name from the source");
        } else if count > MAX_NAME {
            self.found
                .error(
                    name,
                    format!("the name has {count} characters, and Step Functions takes at most {MAX_NAME}"),
                )
                .help("shorten it");
        }
    }

    fn limit(&mut self, option: &ExprMethodCall) -> Option<(Option<u64>, TokenStream)> {
        match (option.args.first(), option.args.len()) {
            (Some(Expr::Lit(literal)), 1) => {
                let span = duration::literal_in(&option.method, &literal.lit, LIMIT, self.found)?;
                Some((Some(span.seconds), span.tokens()))
            }
            (Some(span), 1) if !self.reads_any(span) => Some((None, span.to_token_stream())),
            (Some(span), 1) => {
                let name = option.method.to_string();
                self.found
                    .refuse(
                        &first_token(span),
                        "SFN0311",
                        format!("`{name}` must be known when the state machine is written"),
                    )
                    .help(format!("write `.{name}(\"5m\")`, or a constant"));
                None
            }
            _ => {
                let name = &option.method;
                self.found
                    .error(name, format!("`{name}` takes one span of time"))
                    .help(format!("write `.{name}(\"5m\")`"));
                None
            }
        }
    }

    fn retry(
        &mut self,
        option: &ExprMethodCall,
        raiser: Option<&TokenStream>,
        out: &mut TokenStream,
    ) -> Option<Retry> {
        let before = self.found.len();
        let found = &mut *self.found;
        let parser = |input: ParseStream<'_>| Ok(Retry::read(option.method.clone(), input, found));
        let retry = match parser.parse2(option.args.to_token_stream()) {
            Ok(retry) => retry,
            Err(error) => {
                self.found.syntax(&error);
                return None;
            }
        };
        if self.found.len() > before {
            return None;
        }
        if let (Some(on), Some(callable)) = (&retry.on, raiser) {
            for error in &on.errors {
                let at_error = crate::expr::mixed(
                    error
                        .to_token_stream()
                        .into_iter()
                        .last()
                        .map_or_else(Span::call_site, |last| last.span()),
                );
                let raiser = quote_spanned! {at_error=> #callable::Err };
                let one = On {
                    errors: vec![error.clone()],
                };
                let checks = one.checks(self.root, &raiser);
                out.extend(checks);
            }
        }
        Some(retry)
    }
}
