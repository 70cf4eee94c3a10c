//! `loop`, `while`, `for`, and how they are left.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{
    Expr, ExprBlock, ExprBreak, ExprContinue, ExprForLoop, ExprIf, ExprLoop, ExprWhile, Label,
    Lifetime, Stmt, parse_quote,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::{Mode, Recorder, body_ident, given, variable};
use crate::{expr::pattern_names, state_machine::words};

/// What `break` and `continue` may mean.
pub(super) struct Loop {
    label: Option<String>,
    /// The recorder's name for it; none for what goes over a list as a Map.
    id: Option<Ident>,
    /// A labelled block: only a `break` with its label leaves it.
    block: bool,
}

impl Recorder<'_> {
    fn enter(&mut self, label: Option<&Label>, block: bool) -> Ident {
        let id = Ident::new(&format!("__loop{}", self.loops.len()), Span::mixed_site());
        self.loops.push(Loop {
            label: label.map(|label| label.name.ident.to_string()),
            id: Some(id.clone()),
            block,
        });
        id
    }

    /// `loop { … }`, whose value `break` gives.
    pub(super) fn endless(&mut self, looped: &ExprLoop, out: &mut TokenStream) -> TokenStream {
        let body = body_ident();
        let id = self.enter(looped.label.as_ref(), false);
        let mut inner = TokenStream::new();
        self.block(&looped.body, Mode::Nothing, &mut inner);
        self.loops.pop();
        self.keep(quote! { #body.loop_(|#body, #id| { #inner }) }, out)
    }

    /// `'a: { … break 'a value … }`
    pub(super) fn labelled(
        &mut self,
        block: &ExprBlock,
        label: &Label,
        out: &mut TokenStream,
    ) -> TokenStream {
        let body = body_ident();
        let id = self.enter(Some(label), true);
        let mut inner = TokenStream::new();
        let value = self.block(&block.block, Mode::Value, &mut inner);
        self.loops.pop();
        self.keep(
            quote! {
                #body.loop_(|#body, #id| {
                    #inner
                    #body.break_(#id, ::core::option::Option::Some(#value));
                })
            },
            out,
        )
    }

    /// `while condition { … }`, with `let` or without.
    pub(super) fn while_(&mut self, looped: &ExprWhile, out: &mut TokenStream) {
        let (condition, block) = (&looped.cond, &looped.body);
        let label = &looped.label;
        // As Rust itself explains it.
        let stop: Expr = parse_quote! { break };
        let mut decided: ExprIf = parse_quote! { if #condition #block else { #stop; } };
        // The choice stands where the `while` does.
        decided.if_token.span = looped.while_token.span;
        let block = parse_quote! { { #decided } };
        let value = self.endless(
            &ExprLoop {
                attrs: Vec::new(),
                label: label.clone(),
                loop_token: syn::token::Loop(looped.while_token.span),
                body: block,
            },
            out,
        );
        out.extend(quote! { let _ = #value; });
    }

    /// `for x in list { … }`: a Map of one item at a time, or a loop where an item is not all that is looked at.
    pub(super) fn for_(&mut self, looped: &ExprForLoop, out: &mut TokenStream) {
        let items = self.value(&looped.expr, out);
        let items = self.keep(items, out);
        let pat = &looped.pat;
        let list = &looped.expr;
        let label = words::text(quote! { for #pat in #list });
        let label_of = |label: &Label| label.name.ident.to_string();
        let mut leaves = Leaves {
            label: looped.label.as_ref().map(label_of),
            ..Leaves::default()
        };
        leaves.visit_block(&looped.body);
        let carries = leaves
            .assigned
            .iter()
            .any(|name| self.locals.get(name).is_some_and(|local| local.mutable));
        self.at(looped.for_token.span(), out);
        if leaves.leaves || carries {
            self.counted(looped, &items, &label, out);
        } else {
            self.each(looped, &items, &label, out);
        }
    }

    /// A Map state that goes over the items one after the other.
    fn each(
        &mut self,
        looped: &ExprForLoop,
        items: &TokenStream,
        label: &str,
        out: &mut TokenStream,
    ) {
        let (body, root) = (body_ident(), self.root);
        let item = Ident::new("__item", Span::mixed_site());
        let mut inner = TokenStream::new();
        self.push();
        let of = &looped.expr;
        self.bind_pattern(&looped.pat, quote! { #item }, of, &mut inner);
        let outside = std::mem::take(&mut self.loops);
        self.loops.push(Loop {
            label: looped
                .label
                .as_ref()
                .map(|label| label.name.ident.to_string()),
            id: None,
            block: false,
        });
        let keeps = std::mem::replace(&mut self.keeps_results, false);
        self.block(&looped.body, Mode::Nothing, &mut inner);
        self.keeps_results = keeps;
        self.loops = outside;
        self.pop();
        let done = given(&inner, None);
        out.extend(quote! {
            let _ = #body.map(
                #root::flow::MapSite::over(#items).max_concurrency(1).label(#label),
                |#body, #item, _| #done,
            );
        });
    }

    /// A loop that counts through the items.
    fn counted(
        &mut self,
        looped: &ExprForLoop,
        items: &TokenStream,
        label: &str,
        out: &mut TokenStream,
    ) {
        let (body, ops) = (body_ident(), self.ops());
        let number = self.temporaries;
        self.temporaries += 1;
        let list = format_ident!("__items{number}", span = Span::mixed_site());
        let index = format_ident!("__index{number}", span = Span::mixed_site());
        let counter = variable(&index);
        let id = self.enter(looped.label.as_ref(), false);
        let mut inner = TokenStream::new();
        self.push();
        let item = Ident::new("__item", Span::mixed_site());
        self.bind_pattern(
            &looped.pat,
            quote! { #item.clone() },
            &looped.expr,
            &mut inner,
        );
        // Counted before the body, so that `continue` needs to know nothing of it.
        inner.extend(quote! {
            #body.set(&#counter, #ops::add(#index.clone(), #ops::whole(1, "usize")));
        });
        self.block(&looped.body, Mode::Nothing, &mut inner);
        self.pop();
        self.loops.pop();
        out.extend(quote! {
            let #list = #body.bind("items", #items);
            let #counter = #body.declare_mut("index", #ops::whole(0, "usize"));
            let #index = #counter.get();
            let _ = #body.loop_(|#body, #id| {
                let _ = #body
                    .choose(::core::option::Option::None)
                    .when(
                        #label,
                        #ops::less_than(#index.clone(), #ops::len(#list.clone())),
                        |#body| {
                            let #item = #body.bind("item", #ops::index(#list.clone(), #index.clone()));
                            #inner
                            ::core::option::Option::None
                        },
                    )
                    .otherwise(|#body| {
                        #body.break_(#id, ::core::option::Option::None);
                        ::core::option::Option::None
                    })
                    .join();
            });
        });
    }

    fn target(&self, label: Option<&Lifetime>) -> Option<&Loop> {
        self.loops.iter().rev().find(|known| match label {
            Some(label) => known.label.as_deref() == Some(&label.ident.to_string()),
            None => !known.block,
        })
    }

    pub(super) fn break_(&mut self, broken: &ExprBreak, out: &mut TokenStream) {
        let value = match &broken.expr {
            Some(value) => {
                let value = self.value(value, out);
                quote! { ::core::option::Option::Some(#value) }
            }
            None => quote! { ::core::option::Option::None },
        };
        let body = body_ident();
        // Where there is no such loop, rustc says so.
        if let Some(Loop { id: Some(id), .. }) = self.target(broken.label.as_ref()) {
            out.extend(quote! { #body.break_(#id, #value); });
        }
    }

    pub(super) fn continue_(&mut self, continued: &ExprContinue, out: &mut TokenStream) {
        let body = body_ident();
        match self.target(continued.label.as_ref()) {
            Some(Loop { id: Some(id), .. }) => out.extend(quote! { #body.continue_(#id); }),
            // The item is done.
            Some(Loop { id: None, .. }) => {
                out.extend(quote! { #body.return_(::core::option::Option::None); });
            }
            None => {}
        }
    }
}

/// Whether the body of a `for` does more than look at its item.
#[derive(Default)]
struct Leaves {
    label: Option<String>,
    depth: usize,
    leaves: bool,
    assigned: Vec<Ident>,
    /// Names that the body itself binds.
    own: Vec<Vec<String>>,
}

impl Leaves {
    fn assigns_to(&mut self, left: &Expr) {
        match left {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident() {
                    let text = name.to_string();
                    if !self.own.iter().flatten().any(|own| *own == text) {
                        self.assigned.push(name.clone());
                    }
                }
            }
            Expr::Paren(inner) => self.assigns_to(&inner.expr),
            Expr::Field(field) => self.assigns_to(&field.base),
            Expr::Index(index) => self.assigns_to(&index.expr),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Leaves {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            // It ends the function; in an `async` block it would end that.
            Expr::Return(_) => self.leaves = true,
            Expr::Break(broken) => {
                self.leaves |= match &broken.label {
                    Some(label) => !self
                        .own
                        .iter()
                        .flatten()
                        .any(|own| *own == label.to_string()),
                    None => self.depth == 0,
                };
            }
            Expr::Continue(continued) => {
                if let Some(label) = &continued.label {
                    let own = self.label.as_deref() == Some(&label.ident.to_string());
                    let inner = self
                        .own
                        .iter()
                        .flatten()
                        .any(|own| *own == label.to_string());
                    self.leaves |= !(inner || own && self.depth == 0);
                }
            }
            Expr::Assign(assigned) => {
                self.assigns_to(&assigned.left);
                self.visit_expr(&assigned.right);
                return;
            }
            Expr::Binary(binary) if super::assigning(&binary.op).is_some() => {
                self.assigns_to(&binary.left);
            }
            Expr::MethodCall(call) if super::GROWS.contains(&call.method.to_string().as_str()) => {
                self.assigns_to(&call.receiver);
            }
            Expr::Async(_) | Expr::Closure(_) => return,
            _ => {}
        }
        let label = match expr {
            Expr::Loop(looped) => Some(&looped.label),
            Expr::While(looped) => Some(&looped.label),
            Expr::ForLoop(looped) => Some(&looped.label),
            _ => None,
        };
        match label {
            Some(label) => {
                self.depth += 1;
                let label = label.iter().map(|label| label.name.to_string());
                self.own.push(label.collect());
                visit::visit_expr(self, expr);
                self.own.pop();
                self.depth -= 1;
            }
            None => {
                if let Expr::Block(block) = expr
                    && let Some(label) = &block.label
                {
                    self.own.push(vec![label.name.to_string()]);
                    visit::visit_expr(self, expr);
                    self.own.pop();
                } else {
                    visit::visit_expr(self, expr);
                }
            }
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.own.push(Vec::new());
        visit::visit_block(self, block);
        self.own.pop();
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        visit::visit_stmt(self, statement);
        if let Stmt::Local(local) = statement {
            let names = pattern_names(&local.pat);
            if let Some(scope) = self.own.last_mut() {
                scope.extend(names.iter().map(ToString::to_string));
            }
        }
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let name = called
            .path
            .segments
            .last()
            .map(|last| last.ident.to_string());
        // It leaves by an error, as `?` does, and a Map hands errors on.
        if matches!(name.as_deref(), Some("join" | "try_join")) {
            return;
        }
        let _ = called.to_token_stream();
    }
}
