//! Calls: of steps, state machines and fragments, and of what the runtime offers, with their options.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Expr, ExprCall, ExprMethodCall, ExprTry, Macro, Token, Type, parse::Parser,
    parse_quote_spanned, punctuated::Punctuated, spanned::Spanned,
};

use super::{
    Recorder, body_ident,
    called::{Called, Special, What, callable},
    first_token,
};
use crate::{root::at, state_machine::words};

impl Recorder<'_> {
    /// An expression that begins with a call, or has calls among its arguments.
    pub(super) fn call_value(
        &mut self,
        expr: &Expr,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> TokenStream {
        if let Some(called) = Called::of(expr) {
            return self.called(&called, ty, out);
        }
        match expr {
            Expr::Await(awaited) => {
                if let Expr::Async(block) = &*awaited.base {
                    self.found
                        .refuse(&block.async_token, "SFN0106", "an `async` block cannot stand here")
                        .note("in a state machine it is a branch of `join!`, or what `map_concurrent` does")
                        .help("write its statements here, without the block");
                } else {
                    self.found
                        .refuse(
                            &awaited.await_token,
                            "SFN0105",
                            "only a call can be awaited in a state machine",
                        )
                        .note(
                            "a future is no value of a state machine, so it cannot be kept either",
                        )
                        .help("write `.await` at the call of the step");
                }
                self.unit()
            }
            Expr::MethodCall(method) => self.method(method, expr, ty, out),
            other => self.hoisted(other, ty, out),
        }
    }

    /// A method on what a call gave.
    fn method(
        &mut self,
        method: &ExprMethodCall,
        expr: &Expr,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> TokenStream {
        let name = method.method.to_string();
        let receiver = &method.receiver;
        let call = Called::of(receiver)
            .is_some_and(|called| called.tried.is_none() && called.is_attempt());
        if call {
            // A method of the result: what it asks is how the call ended.
            let at = method.method.span();
            let chosen: Option<Expr> = match (name.as_str(), method.args.first()) {
                ("is_ok", None) => Some(
                    parse_quote_spanned! {at=> match #receiver { Ok(_) => true, Err(_) => false } },
                ),
                ("is_err", None) => Some(
                    parse_quote_spanned! {at=> match #receiver { Ok(_) => false, Err(_) => true } },
                ),
                ("ok", None) => Some(parse_quote_spanned! {at=>
                    match #receiver { Ok(__ok) => Some(__ok), Err(_) => None }
                }),
                _ => None,
            };
            if let Some(chosen) = chosen {
                return self.value(&chosen, out);
            }
            match name.as_str() {
                "unwrap_or" | "unwrap_or_default" => {
                    let value = self.value(receiver, out);
                    let value = self.keep(value, out);
                    let (results, ops) = (self.results(), self.ops());
                    return match method.args.first() {
                        Some(other) => {
                            let other = self.value(other, out);
                            quote! { #results::value_or(#value, #other) }
                        }
                        None => {
                            quote! { #ops::unwrap_or_default(#results::as_option(#value)) }
                        }
                    };
                }
                "unwrap" | "expect" => {
                    self.found
                        .refuse(
                            &method.method,
                            "SFN0306",
                            format!("`.{name}()` would panic, and nothing runs here that could"),
                        )
                        .note("an error of a step ends the state machine, or is caught")
                        .help("write `?`, or `match` the result");
                    return self.unit();
                }
                _ => {}
            }
        }
        self.hoisted(expr, ty, out)
    }

    /// `something?`
    pub(super) fn tried(
        &mut self,
        tried: &ExprTry,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> TokenStream {
        let whole = Expr::Try(tried.clone());
        if let Some(called) = Called::of(&whole) {
            return self.called(&called, ty, out);
        }
        let inner = &tried.expr;
        if let Expr::Call(call) = &**inner
            && let (Expr::Path(path), [error]) =
                (&*call.func, &call.args.iter().collect::<Vec<_>>()[..])
            && path.path.is_ident("Err")
        {
            self.at(tried.question_token.span(), out);
            self.raise(error, out);
            return self.unit();
        }
        if let Expr::MethodCall(method) = &**inner {
            let receiver = &method.receiver;
            let at = tried.question_token.span();
            let chosen: Option<Expr> = match (
                method.method.to_string().as_str(),
                method.args.first(),
            ) {
                ("ok_or", Some(error)) => Some(parse_quote_spanned! {at=>
                    match #receiver { Some(__some) => __some, None => return Err(#error) }
                }),
                ("ok_or_else", Some(Expr::Closure(closure))) if closure.inputs.is_empty() => {
                    let error = &closure.body;
                    Some(parse_quote_spanned! {at=>
                        match #receiver { Some(__some) => __some, None => return Err(#error) }
                    })
                }
                ("map_err", Some(Expr::Closure(closure))) if closure.inputs.len() == 1 => {
                    let (pat, error) = (&closure.inputs[0], &closure.body);
                    Some(parse_quote_spanned! {at=>
                        match #receiver { Ok(__ok) => __ok, Err(#pat) => return Err(#error) }
                    })
                }
                ("map_err", Some(Expr::Path(variant))) => Some(parse_quote_spanned! {at=>
                    match #receiver { Ok(__ok) => __ok, Err(__error) => return Err(#variant(__error)) }
                }),
                ("map", Some(Expr::Closure(closure))) if closure.inputs.len() == 1 => {
                    let (pat, value) = (&closure.inputs[0], &closure.body);
                    Some(parse_quote_spanned! {at=>
                        match #receiver { Ok(#pat) => #value, Err(__error) => return Err(__error) }
                    })
                }
                _ => None,
            };
            if let Some(chosen) = chosen {
                self.at(tried.question_token.span(), out);
                return self.value(&chosen, out);
            }
        }
        let value = self.value(inner, out);
        let (body, results) = (body_ident(), self.results());
        self.at(tried.question_token.span(), out);
        let unwrapped = match self.gives_option {
            true => quote! { #results::some_or_none(#body, #value) },
            false => quote! { #results::unwrapped(#body, #value) },
        };
        self.keep(unwrapped, out)
    }

    /// A call, and what it gives.
    pub(super) fn called(
        &mut self,
        called: &Called<'_>,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> TokenStream {
        let body = body_ident();
        match &called.what {
            What::Call(..) | What::Nested(..) => {
                if let What::Nested(path, _) = &called.what {
                    let path = words::text(path.to_token_stream());
                    self.awaits(called, &format!("{path}.call(input)"));
                }
                if let Some(option) = called.option("failure") {
                    self.found
                        .refuse(&option.method, "SFN0307", "`.failure()` is matched where it stands")
                        .help("write `match step(..).failure().await { Ok(value) => …, Err(Failed::Timeout) => …, … }`");
                    return self.unit();
                }
                let Some(site) = self.site(called, out) else {
                    return self.unit();
                };
                self.at(called.span(), out);
                let results = self.results();
                let call = match called.tried {
                    Some(_) if self.gives_option => {
                        let value = self.keep(quote! { #body.call(#site) }, out);
                        quote! { #results::some_or_none(#body, #value) }
                    }
                    Some(_) => quote! { #body.call(#site) },
                    None => quote! { #results::gather(#body, #site) },
                };
                self.keep(call, out)
            }
            What::Special(Special::Sleep, call) => {
                self.awaits(called, "sleep(minutes(1))");
                self.sleep(called, call, out);
                self.unit()
            }
            What::Special(Special::SleepUntil, call) => {
                self.awaits(called, "sleep_until(&order.ready_at)");
                let label = words::text(call.args.to_token_stream());
                if let Some(when) = call.args.first() {
                    let when = self.value(when, out);
                    self.at(called.span(), out);
                    out.extend(quote! { #body.sleep_until(#label, #when); });
                    self.state_name(called, out);
                }
                self.unit()
            }
            What::Special(Special::Map, call) => {
                self.awaits(called, "map_concurrent(4, &items, |item| prepare(item))");
                self.map(called, call, out)
            }
            What::Special(Special::Aws, call) => {
                self.awaits(called, "aws::<Published>(\"sns:publish\", message)");
                let Some(aws) = self.aws(called, call, ty, out) else {
                    return self.unit();
                };
                let (results, root) = (self.results(), self.root);
                let value = match called.tried {
                    Some(_) => aws,
                    None => {
                        quote! { #results::kept(#body, <#root::Failure as #root::StepError>::ERRORS, |#body| ::core::option::Option::Some(#aws)) }
                    }
                };
                self.keep(value, out)
            }
            What::Join(joined) => {
                self.awaits(called, "join!(a(..), b(..))");
                self.join(called, joined, out)
            }
        }
    }

    /// What is called must be awaited, unless it is a step, which rustc knows.
    fn awaits(&mut self, called: &Called<'_>, example: &str) {
        if called.awaited.is_some() {
            return;
        }
        let (name, code) = match &called.what {
            What::Join(joined) => (
                format!("{}!", words::text(joined.path.to_token_stream())),
                "SFN0107",
            ),
            What::Special(_, call) | What::Call(call, _) => {
                (words::text(call.func.to_token_stream()), "SFN0107")
            }
            What::Nested(path, _) => (
                format!("{}.call", words::text(path.to_token_stream())),
                "SFN0107",
            ),
        };
        self.found
            .refuse(
                &Ident::new("at", called.span()),
                code,
                format!("this `{name}` is not awaited"),
            )
            .help(format!("write `{example}.await`"));
    }

    /// The call of an attempt: `Some(body.call(site))`. What its arguments do is recorded before.
    pub(super) fn attempted_call(
        &mut self,
        called: &Called<'_>,
        out: &mut TokenStream,
    ) -> Option<TokenStream> {
        let body = body_ident();
        let call = match &called.what {
            What::Special(_, call) => self.aws(called, call, None, out)?,
            _ => {
                let site = self.site(called, out)?;
                self.at(called.span(), out);
                quote! { #body.call(#site) }
            }
        };
        Some(quote! { ::core::option::Option::Some(#call) })
    }

    /// The call site: what is called, its arguments and options.
    pub(super) fn site(
        &mut self,
        called: &Called<'_>,
        out: &mut TokenStream,
    ) -> Option<TokenStream> {
        let (call, path) = match called.what {
            What::Call(call, path) => (call, path),
            What::Nested(path, method) => {
                let input = self.value(&method.args[0], out);
                let input = self.keep(input, out);
                let root = at(self.root.clone(), method.method.span());
                let options = self.options(called, None, out);
                return Some(quote! {
                    #root::flow::CallSite::new(
                        {
                            static __NESTED: #root::flow::MachineMeta =
                                #path.machine(|| #path.definition());
                            #root::flow::Callee::Machine(&__NESTED)
                        },
                        ::std::vec![#input],
                    ) #options
                });
            }
            What::Special(..) | What::Join(_) => return None,
        };
        if let Some(name) = path.path.get_ident()
            && self.locals.get(name).is_some()
        {
            self.found
                .refuse(
                    name,
                    "SFN0108",
                    format!("`{name}` is a value here, and cannot be called"),
                )
                .note("a closure is no value of a state machine")
                .help("make it a function with `#[state_machine(inline)]`, or a `#[step]`");
            return None;
        }
        let arguments = self.arguments(call, out);
        let (root, callable) = (self.root, callable(path, self.root));
        let options = self.options(called, Some(&callable), out);
        Some(quote! {
            #root::flow::CallSite::new(#callable::callee(), ::std::vec![#(#arguments),*]) #options
        })
    }

    /// Arguments, in the order in which Rust evaluates them.
    fn arguments(&mut self, call: &ExprCall, out: &mut TokenStream) -> Vec<TokenStream> {
        let last = call.args.iter().rposition(|argument| self.acts(argument));
        let mut values = Vec::new();
        for (index, argument) in call.args.iter().enumerate() {
            let inner = match argument {
                Expr::Reference(reference) if reference.mutability.is_none() => &*reference.expr,
                other => other,
            };
            let value = self.value(inner, out);
            // A later argument may assign to what this one reads.
            let value = match last {
                Some(last) if index < last && self.reads_mutable(inner) => {
                    let body = body_ident();
                    self.keep(quote! { #body.bind("argument", #value) }, out)
                }
                _ => value,
            };
            values.push(value);
        }
        values
    }

    fn sleep(&mut self, called: &Called<'_>, call: &ExprCall, out: &mut TokenStream) {
        const FORM: &str = "write `sleep(minutes(1)).await`; the units are `seconds`, `minutes`, `hours` and `days`";
        let body = body_ident();
        let (Some(span), 1) = (call.args.first(), call.args.len()) else {
            self.found
                .error(&call.func, "`sleep` takes one span of time")
                .help(FORM);
            return;
        };
        if !self.reads_any(span) && !self.acts_beyond_time(span) {
            self.at(called.span(), out);
            out.extend(quote! { #body.sleep(#span); });
            return self.state_name(called, out);
        }
        // `minutes(order.delay)`: as many seconds as the expression says.
        let units = [
            ("seconds", 1_u64),
            ("minutes", 60),
            ("hours", 3_600),
            ("days", 86_400),
        ];
        let counted = match span {
            Expr::Call(unit) if unit.args.len() == 1 => units
                .iter()
                .find(|(name, _)| {
                    matches!(&*unit.func, Expr::Path(path)
                    if path.path.segments.last().is_some_and(|last| last.ident == name))
                })
                .map(|(_, seconds)| (&unit.args[0], *seconds)),
            _ => None,
        };
        let Some((count, seconds)) = counted else {
            self.found
                .refuse(
                    &first_token(span),
                    "SFN0109",
                    "the unit of this span of time is not known here",
                )
                .help(FORM);
            return;
        };
        let label = words::text(span.to_token_stream());
        let count = self.value(count, out);
        let ops = self.ops();
        self.at(called.span(), out);
        let total = match seconds {
            1 => count,
            _ => quote! { #ops::multiply(#count, #ops::whole(#seconds, "u64")) },
        };
        out.extend(quote! { #body.sleep_seconds(#label, #total); });
        self.state_name(called, out);
    }

    /// Whether a span of time is made by a step.
    fn acts_beyond_time(&self, span: &Expr) -> bool {
        self.acts(span)
    }

    /// `.named(..)` on what has no other options.
    fn state_name(&mut self, called: &Called<'_>, out: &mut TokenStream) {
        let body = body_ident();
        let mut unused = TokenStream::new();
        let options = self.options(called, None, &mut unused);
        if !options.is_empty() {
            out.extend(quote! { #body #options; });
        }
    }

    fn aws(
        &mut self,
        called: &Called<'_>,
        call: &ExprCall,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> Option<TokenStream> {
        const FORM: &str = "write `aws::<Published>(\"sns:publish\", arguments).await?`";
        let (body, root) = (body_ident(), self.root);
        let (Some(resource), Some(arguments), 2) =
            (call.args.first(), call.args.get(1), call.args.len())
        else {
            self.found
                .error(
                    &call.func,
                    "`aws` takes a service integration and its arguments",
                )
                .help(FORM);
            return None;
        };
        if self.reads_any(resource) {
            self.found
                .refuse(
                    &first_token(resource),
                    "SFN0311",
                    "the integration must be known when the state machine is written",
                )
                .help(FORM);
            return None;
        }
        let generic = match &*call.func {
            Expr::Path(path) => path
                .path
                .segments
                .last()
                .and_then(|last| match &last.arguments {
                    syn::PathArguments::AngleBracketed(given) => given.args.first().cloned(),
                    _ => None,
                }),
            _ => None,
        };
        let shape = match (generic, ty) {
            (Some(ty), _) => quote! { <#ty as #root::Payload>::shape() },
            (None, Some(ty)) => quote! { <#ty as #root::Payload>::shape() },
            (None, None) => quote! { #root::Shape::Any },
        };
        let arguments = self.value(arguments, out);
        let arguments = self.keep(arguments, out);
        let options = self.options(called, None, out);
        self.at(called.span(), out);
        Some(quote! {
            #body.aws(
                #root::flow::AwsSite::new(
                    #root::flow::results::integration(#resource),
                    #arguments,
                    #shape,
                ) #options
            )
        })
    }

    /// The branches of a `join!`, read.
    pub(super) fn branches_of(&mut self, joined: &Macro) -> Option<Vec<Expr>> {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        match parser.parse2(joined.tokens.clone()) {
            Ok(branches) => Some(branches.into_iter().collect()),
            Err(error) => {
                self.found.syntax(&error);
                None
            }
        }
    }
}
