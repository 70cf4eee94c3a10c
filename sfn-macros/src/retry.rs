//! `on(..)` and `retry(..)`: written on a step and at its use in a workflow alike.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Ident, Lit, LitFloat, LitInt, LitStr, Path, Token, ext::IdentExt, parse::ParseStream,
    spanned::Spanned,
};

use crate::{
    diagnostics::{Diagnostics, list, near_miss},
    duration,
    options::{self, Known, equals, parenthesized},
    root::at,
};

/// The names that `on(..)` knows by itself, and what retriers and catchers match them by.
///
/// The runtime's `ErrorName::ALL` says the same; a test in the suites holds the two together,
/// since a macro crate cannot depend on the runtime.
pub(crate) const NAMES: &[(&str, &str)] = &[
    ("All", "States.ALL"),
    ("TaskFailed", "States.TaskFailed"),
    ("Timeout", "States.Timeout"),
    ("HeartbeatTimeout", "States.HeartbeatTimeout"),
    ("Permissions", "States.Permissions"),
    ("DataLimitExceeded", "States.DataLimitExceeded"),
    ("Panic", "Sfn.Panic"),
    ("BadInput", "Sfn.BadInput"),
    ("BadOutput", "Sfn.BadOutput"),
    ("TooLarge", "Sfn.TooLarge"),
    ("WorkerStopped", "Sfn.WorkerStopped"),
];

/// Step Functions' bounds, from its documents and recordings.
const INTERVAL: (u64, u64) = (1, 99_999_999);
const MAX_DELAY: (u64, u64) = (1, 31_622_400);
const MAX_ATTEMPTS: u64 = 99_999_999;
const MAX_ERROR_NAME: usize = 256;

/// One error in `on(..)`.
#[derive(Clone)]
pub(crate) enum ErrorRef {
    /// `Timeout`: the ident, and the name it stands for.
    Known(Ident, &'static str),
    /// `OvenError::Busy`.
    Variant(Path),
    /// `"OvenError.Busy"`.
    Literal(LitStr),
}

/// The content of one `on(..)`.
#[derive(Clone)]
pub(crate) struct On {
    /// The errors, at least one.
    pub(crate) errors: Vec<ErrorRef>,
}

/// One `retry(..)`.
#[derive(Clone)]
pub(crate) struct Retry {
    /// The word `retry`.
    pub(crate) at: Ident,
    /// `None` covers the step's retryable errors and both timeouts.
    pub(crate) on: Option<On>,
    pub(crate) interval: Option<duration::Span>,
    pub(crate) max_attempts: Option<u32>,
    pub(crate) backoff: Option<f64>,
    pub(crate) max_delay: Option<duration::Span>,
    pub(crate) jitter: Option<Ident>,
}

const OPTIONS: &[Known<Retry>] = &[
    Known {
        name: "on",
        again: false,
        read: |retry, name, input, found| {
            retry.on = On::read(name, input, found)?;
            Ok(())
        },
    },
    Known {
        name: "interval",
        again: false,
        read: |retry, name, input, found| {
            retry.interval = duration::option(name, input, INTERVAL, found)?;
            Ok(())
        },
    },
    Known {
        name: "max_attempts",
        again: false,
        read: |retry, name, input, found| {
            retry.max_attempts = max_attempts(name, input, found)?;
            Ok(())
        },
    },
    Known {
        name: "backoff",
        again: false,
        read: |retry, name, input, found| {
            retry.backoff = backoff(name, input, found)?;
            Ok(())
        },
    },
    Known {
        name: "max_delay",
        again: false,
        read: |retry, name, input, found| {
            retry.max_delay = duration::option(name, input, MAX_DELAY, found)?;
            Ok(())
        },
    },
    Known {
        name: "jitter",
        again: false,
        read: |retry, name, input, found| {
            equals(input, name, "full")?;
            let jitter = input.parse::<Ident>().map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "`jitter` takes a word\nhelp: write `jitter = full` or `jitter = none`",
                )
            })?;
            if jitter != "full" && jitter != "none" {
                found
                    .error(&jitter, format!("`{jitter}` is no kind of jitter"))
                    .help("write `jitter = full` or `jitter = none`");
                return Ok(());
            }
            retry.jitter = Some(jitter);
            Ok(())
        },
    },
];

impl Retry {
    /// Reads the content of `retry(..)`, after the parentheses were taken off.
    pub(crate) fn read(at: Ident, input: ParseStream<'_>, found: &mut Diagnostics) -> Self {
        let mut retry = Retry {
            at,
            on: None,
            interval: None,
            max_attempts: None,
            backoff: None,
            max_delay: None,
            jitter: None,
        };
        options::read(input, "`retry`", OPTIONS, &mut retry, found);
        retry.check(found);
        retry
    }

    fn check(&self, found: &mut Diagnostics) {
        let interval = self.interval.as_ref().map_or(1, |span| span.seconds);
        if let Some(max_delay) = &self.max_delay
            && max_delay.seconds <= interval
        {
            found
                .error(
                    &max_delay.at,
                    format!("`max_delay` must be longer than `interval`, which is {interval} s"),
                )
                .help("a longer `max_delay`, or a shorter `interval`");
        }
        if let Some(on) = &self.on {
            on.check(found);
        }
    }

    /// A `RetryMeta` as a constant expression. `errors` is the step's table of errors, for a
    /// `retry` without `on(..)`.
    pub(crate) fn tokens(&self, root: &impl ToTokens, errors: &TokenStream) -> TokenStream {
        let on = match &self.on {
            Some(on) => {
                let names = on.names(root);
                quote! { || ::std::vec![#(#names),*] }
            }
            None => quote! { || #root::__private::retryable_names(#errors) },
        };
        let interval = match &self.interval {
            Some(interval) => interval.tokens(),
            None => quote! { ::core::time::Duration::from_secs(1) },
        };
        // Step Functions' own defaults, written out so that the definition shows them.
        let max_attempts = self.max_attempts.unwrap_or(3);
        let backoff = self.backoff.unwrap_or(2.0);
        let max_delay = option(self.max_delay.as_ref().map(duration::Span::tokens));
        let jitter = match &self.jitter {
            Some(jitter) if jitter == "full" => quote! { Full },
            _ => quote! { None },
        };
        quote! {
            #root::RetryMeta {
                on: #on,
                interval: #interval,
                max_attempts: #max_attempts,
                backoff: #backoff,
                max_delay: #max_delay,
                jitter: #root::Jitter::#jitter,
            }
        }
    }
}

impl Retry {
    /// A `flow::Retry`, for where a step is used.
    pub(crate) fn builder(&self, root: &impl ToTokens) -> TokenStream {
        let mut all = match &self.on {
            Some(on) => {
                let names = on.names(root);
                quote! { #root::flow::Retry::on([#(#names),*]) }
            }
            None => quote! { #root::flow::Retry::retryable() },
        };
        let span = |name: &str, span: &Option<duration::Span>| {
            let span = span.as_ref()?.tokens();
            let name = Ident::new(name, proc_macro2::Span::mixed_site());
            Some(quote! { .#name(#span) })
        };
        all.extend(span("interval", &self.interval));
        if let Some(attempts) = self.max_attempts {
            all.extend(quote! { .max_attempts(#attempts) });
        }
        if let Some(rate) = self.backoff {
            all.extend(quote! { .backoff(#rate) });
        }
        all.extend(span("max_delay", &self.max_delay));
        if let Some(jitter) = &self.jitter {
            let jitter = if jitter == "full" {
                quote! { Full }
            } else {
                quote! { None }
            };
            all.extend(quote! { .jitter(#root::Jitter::#jitter) });
        }
        all
    }
}

/// Checks several retriers, in their order: what an earlier one covers, a later one never sees.
pub(crate) fn check_order(retries: &[Retry], found: &mut Diagnostics) {
    let mut covered: Vec<String> = Vec::new();
    let mut all_before = false;
    for retry in retries {
        if all_before {
            found
                .error(
                    &retry.at,
                    "this `retry` is never reached: the one before it covers `All`",
                )
                .help("put the `retry` with `on(All)` last");
            continue;
        }
        let Some(on) = &retry.on else { continue };
        let earlier = covered.clone();
        for error in &on.errors {
            let key = error.key();
            if earlier.contains(&key) {
                found
                    .error(
                        error,
                        format!("an earlier `retry` covers {} already", error.quoted()),
                    )
                    .help("the first retrier that names an error takes it; remove it here");
            }
            covered.push(key);
            all_before |= error.is_all();
        }
    }
}

impl On {
    /// Reads `(A::B, Timeout, "Name")` after the word; `None` when nothing usable is in it.
    pub(crate) fn read(
        at: &Ident,
        input: ParseStream<'_>,
        found: &mut Diagnostics,
    ) -> syn::Result<Option<Self>> {
        let content = parenthesized(input, at, "OvenError::Busy, Timeout")?;
        let mut errors = Vec::new();
        if content.is_empty() {
            found
                .error(at, format!("`{at}()` names no error"))
                .help(format!(
                    "name variants of your error, such as `{at}(OvenError::Busy)`, or one of {}",
                    known_names()
                ));
            return Ok(None);
        }
        while !content.is_empty() {
            match ErrorRef::read(&content, found) {
                Ok(error) => errors.extend(error),
                Err(error) => {
                    found.syntax(&error);
                    // One word about these parentheses is enough.
                    content.parse::<TokenStream>()?;
                }
            }
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(match errors.is_empty() {
            true => None,
            false => Some(On { errors }),
        })
    }

    pub(crate) fn check(&self, found: &mut Diagnostics) {
        for (index, error) in self.errors.iter().enumerate() {
            if self.errors[..index]
                .iter()
                .any(|earlier| earlier.key() == error.key())
            {
                found
                    .error(error, format!("{} is named twice", error.quoted()))
                    .help("keep one of them");
            }
            if error.is_all() && self.errors.len() > 1 {
                found
                    .error(error, format!("{} must stand alone", error.quoted()))
                    .note("it covers every error there is")
                    .help("remove the others, or name them in an `on(..)` before it");
            }
        }
    }

    /// The names as `&'static str` expressions.
    pub(crate) fn names(&self, root: &impl ToTokens) -> Vec<TokenStream> {
        self.errors.iter().map(|error| error.name(root)).collect()
    }

    /// Items that make rustc check what only it can know: that each variant exists, and that
    /// `raiser` (a type with `StepError`) can raise it. For a `const _: () = { … };` block.
    pub(crate) fn checks(&self, root: &impl ToTokens, raiser: &TokenStream) -> TokenStream {
        let checks = self.errors.iter().filter_map(|error| match error {
            ErrorRef::Variant(path) => Some((path, owner(path))),
            _ => None,
        });
        checks
            .map(|(path, owner)| {
                let span = path.span();
                let value = Ident::new("error", proc_macro2::Span::mixed_site());
                let raises = {
                    let (root, raiser) =
                        (at(root.to_token_stream(), span), at(raiser.clone(), span));
                    quote_spanned! {span=> #root::__private::raises::<#raiser, #owner>() }
                };
                quote! {
                    const _: fn() = || { #raises };
                    #[allow(irrefutable_let_patterns, reason = "an enum may have one variant")]
                    const _: fn(#owner) = |#value| { if let #path { .. } = #value {} };
                }
            })
            .collect()
    }
}

impl ErrorRef {
    fn read(input: ParseStream<'_>, found: &mut Diagnostics) -> syn::Result<Option<Self>> {
        if input.peek(LitStr) {
            let literal: LitStr = input.parse()?;
            return Ok(literal_name(literal, found));
        }
        if !input.peek(Ident::peek_any) && !input.peek(Token![::]) {
            return Err(input.error(format!(
                "expected an error\nhelp: name a variant of your error, such as `OvenError::Busy`, \
                 one of {}, or any name as text",
                known_names()
            )));
        }
        let path: Path = input.parse()?;
        let ident = match path.segments.first() {
            Some(only) if path.segments.len() == 1 => &only.ident,
            _ => return Ok(Some(ErrorRef::Variant(path))),
        };
        let written = ident.to_string();
        if let Some((_, name)) = NAMES.iter().find(|(known, _)| written == *known) {
            return Ok(Some(ErrorRef::Known(ident.clone(), name)));
        }
        let unknown = found.error(ident, format!("unknown error `{written}`"));
        if let Some(near) = near_miss(&written, NAMES.iter().map(|(known, _)| *known)) {
            unknown.help(format!("did you mean `{near}`?"));
        }
        unknown.help(format!(
            "name a variant of your error, such as `OvenError::{written}`, or one of {}",
            known_names()
        ));
        Ok(None)
    }

    /// What two mentions of one error have in common.
    pub(crate) fn key(&self) -> String {
        match self {
            ErrorRef::Known(_, name) => (*name).to_owned(),
            ErrorRef::Literal(literal) => literal.value(),
            ErrorRef::Variant(path) => path.to_token_stream().to_string(),
        }
    }

    /// As the user wrote it, in backticks.
    fn quoted(&self) -> String {
        match self {
            ErrorRef::Known(ident, _) => format!("`{ident}`"),
            ErrorRef::Literal(literal) => format!("`\"{}\"`", literal.value()),
            ErrorRef::Variant(path) => {
                format!("`{}`", path.to_token_stream().to_string().replace(' ', ""))
            }
        }
    }

    /// Whether it covers every error.
    pub(crate) fn is_all(&self) -> bool {
        match self {
            ErrorRef::Known(_, name) => *name == "States.ALL",
            ErrorRef::Literal(literal) => literal.value() == "States.ALL",
            ErrorRef::Variant(_) => false,
        }
    }

    /// The name as a `&'static str` expression.
    fn name(&self, root: &impl ToTokens) -> TokenStream {
        match self {
            ErrorRef::Known(_, name) => name.to_token_stream(),
            ErrorRef::Literal(literal) => literal.to_token_stream(),
            ErrorRef::Variant(path) => {
                let owner = owner(path);
                let variant = path
                    .segments
                    .last()
                    .map(|segment| segment.ident.unraw().to_string());
                quote! {
                    const {
                        #root::__private::error_name(
                            <#owner as #root::StepError>::ERRORS,
                            #variant,
                        )
                    }
                }
            }
        }
    }
}

impl ToTokens for ErrorRef {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            ErrorRef::Known(ident, _) => ident.to_tokens(tokens),
            ErrorRef::Literal(literal) => literal.to_tokens(tokens),
            ErrorRef::Variant(path) => path.to_tokens(tokens),
        }
    }
}

/// The type of `Type::Variant`.
fn owner(path: &Path) -> Path {
    let mut owner = path.clone();
    owner.segments.pop();
    owner.segments.pop_punct();
    owner
}

fn literal_name(literal: LitStr, found: &mut Diagnostics) -> Option<ErrorRef> {
    let name = literal.value();
    if name.is_empty() {
        found
            .error(&literal, "an error name cannot be empty")
            .help("write the name that the step fails with");
        return None;
    }
    if name.chars().count() > MAX_ERROR_NAME {
        found.error(
            &literal,
            format!("an error name has at most {MAX_ERROR_NAME} characters"),
        );
        return None;
    }
    // What begins with `States.` and `Sfn.` is a closed set, and a slip in it matches nothing.
    if name.starts_with("States.") || name.starts_with("Sfn.") {
        const SERVICE: &[&str] = &[
            "States.BranchFailed",
            "States.NoChoiceMatched",
            "States.ExceedToleratedFailureThreshold",
            "States.ItemReaderFailed",
            "States.ResultWriterFailed",
            "States.QueryEvaluationError",
            "States.ParameterPathFailure",
            "States.ResultPathMatchFailure",
            "States.IntrinsicFailure",
            "States.Runtime",
            "States.Http.Socket",
            "Sfn.Error",
        ];
        let known = || {
            NAMES
                .iter()
                .map(|(_, name)| *name)
                .chain(SERVICE.iter().copied())
        };
        if !known().any(|known| known == name) {
            let unknown = found.error(&literal, format!("no error is named `{name}`"));
            unknown.note("names that begin with `States.` or `Sfn.` are reserved");
            match near_miss(&name, known()) {
                Some(near) => unknown.help(format!("did you mean \"{near}\"?")),
                None => unknown.help(format!(
                    "the names are {}",
                    list(&known().collect::<Vec<_>>())
                )),
            };
            return None;
        }
    }
    Some(ErrorRef::Literal(literal))
}

fn known_names() -> String {
    list(&NAMES.iter().map(|(ident, _)| *ident).collect::<Vec<_>>())
}

fn max_attempts(
    name: &Ident,
    input: ParseStream<'_>,
    found: &mut Diagnostics,
) -> syn::Result<Option<u32>> {
    equals(input, name, "3")?;
    let literal: LitInt = input.parse().map_err(|error| {
        syn::Error::new(
            error.span(),
            format!("`{name}` takes a whole number\nhelp: write `{name} = 3`; 0 means no retry"),
        )
    })?;
    match literal.base10_parse::<u64>() {
        Ok(number) if number <= MAX_ATTEMPTS => Ok(u32::try_from(number).ok()),
        _ => {
            found
                .error(
                    &literal,
                    format!("`{name}` is at most {MAX_ATTEMPTS} in Step Functions"),
                )
                .help(format!("write `{name} = {MAX_ATTEMPTS}` or less"));
            Ok(None)
        }
    }
}

fn backoff(
    name: &Ident,
    input: ParseStream<'_>,
    found: &mut Diagnostics,
) -> syn::Result<Option<f64>> {
    equals(input, name, "2.0")?;
    let literal: Lit = input.parse()?;
    let rate = match &literal {
        Lit::Float(float) => LitFloat::base10_parse::<f64>(float).ok(),
        Lit::Int(int) => int.base10_parse::<f64>().ok(),
        _ => None,
    };
    match rate {
        Some(rate) if rate >= 1.0 && rate.is_finite() => Ok(Some(rate)),
        Some(_) => {
            found
                .error(&literal, format!("`{name}` must be at least 1"))
                .note("each wait is the one before it times `backoff`, and waits do not shrink")
                .help(format!("write `{name} = 1.0` for equal waits"));
            Ok(None)
        }
        None => {
            found
                .error(&literal, format!("`{name}` takes a number"))
                .help(format!("write `{name} = 2.0`"));
            Ok(None)
        }
    }
}

/// An `Option` as an expression.
pub(crate) fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}
