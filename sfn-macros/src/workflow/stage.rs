//! Stages that have been understood. `expand` gets nothing else, and reports nothing.

use proc_macro2::{Span, TokenStream};
use syn::{Expr, ExprClosure, Ident, LitStr, Path};

use crate::{
    duration,
    expr::Lowered,
    retry::{On, Retry},
    tolerate::Failures,
};

pub(super) type Seq = Vec<Stage>;

/// One stage.
pub(super) struct Stage {
    /// The smallest token that stands for it.
    pub(super) span: Span,
    pub(super) what: What,
    pub(super) options: Options,
    /// Whether it was mended, and is for editors alone.
    pub(super) repaired: bool,
}

/// What it does.
pub(super) enum What {
    Step(Path),
    Parallel(Vec<Seq>),
    /// Without a projection the value itself is the list.
    Map(Option<Projection>, Seq),
    Wait(Expr),
    WaitFor(duration::Span),
    WaitUntil(Projection),
    Choose(Choose),
    Fail(ErrorText, Option<Expr>),
    Succeed,
    Pass(Option<Computed>),
    Include(Path),
    /// Something that was reported. What follows has no type.
    Broken,
}

/// What is said about it.
#[derive(Default)]
pub(super) struct Options {
    pub(super) named: Option<LitStr>,
    pub(super) comment: Option<String>,
    pub(super) retries: Vec<Retry>,
    pub(super) catches: Vec<Catch>,
    pub(super) timeout: Option<Limit>,
    pub(super) heartbeat: Option<Limit>,
    pub(super) max_concurrency: Option<Expr>,
    /// The word `collect`, if it was written.
    pub(super) collect: Option<Ident>,
    pub(super) distributed: Option<Ident>,
    pub(super) tolerate: Option<Failures>,
    /// An option that is not typed to its end, for editors to complete.
    pub(super) half: Option<Ident>,
}

/// A time limit: as text, or as an expression of type `Duration`.
pub(super) enum Limit {
    Text(duration::Span),
    Code(Expr),
}

pub(super) struct Catch {
    pub(super) at: Span,
    pub(super) on: On,
    pub(super) handler: Seq,
}

/// `|order| &order.items`
pub(super) struct Projection {
    /// The closure with a reference as its body.
    pub(super) closure: TokenStream,
    pub(super) names: String,
    pub(super) span: Span,
    /// The type that its parameter is given, if any.
    pub(super) takes: Option<TokenStream>,
}

/// `|order| (order.a, order.b)`
pub(super) struct Computed {
    pub(super) closure: ExprClosure,
    pub(super) template: Template,
    pub(super) takes: Option<TokenStream>,
}

pub(super) enum Template {
    Leaf(Lowered),
    List(Vec<Template>),
}

pub(super) struct Choose {
    /// What rustc is shown, and never runs.
    pub(super) checks: Vec<Check>,
    pub(super) arms: Vec<Arm>,
    pub(super) otherwise: Otherwise,
    pub(super) takes: Option<TokenStream>,
}

pub(super) enum Check {
    /// A condition: a closure that yields `bool`.
    Condition(Span, TokenStream),
    /// The patterns of a `match`.
    Patterns(TokenStream),
    /// Something whose items are counted: a closure that yields a reference.
    Counted(Span, TokenStream),
}

pub(super) struct Arm {
    pub(super) span: Span,
    pub(super) test: Lowered,
    pub(super) body: Seq,
}

pub(super) enum Otherwise {
    Arm(Span, Seq),
    /// An `if` without `else`: the value passes on.
    Pass(Span),
    /// A `match` whose patterns cover everything.
    Exhausted,
}

/// The error of a `fail`.
pub(super) enum ErrorText {
    Text(LitStr),
    Variant(Path),
}

impl Stage {
    /// Whether nothing comes after it.
    pub(super) fn ends(&self) -> bool {
        match &self.what {
            What::Fail(..) | What::Succeed => true,
            What::Choose(choose) => choose.ends(),
            _ => false,
        }
    }
}

impl Choose {
    pub(super) fn ends(&self) -> bool {
        let otherwise = match &self.otherwise {
            Otherwise::Arm(_, arm) => ends(arm),
            Otherwise::Pass(_) => false,
            Otherwise::Exhausted => true,
        };
        otherwise && self.arms.iter().all(|arm| ends(&arm.body))
    }
}

pub(super) fn ends(seq: &[Stage]) -> bool {
    seq.last().is_some_and(Stage::ends)
}

/// Whether a `succeed()` ends these stages: not one within a branch or an item, which ends that alone.
pub(super) fn succeeds(seq: &[Stage]) -> bool {
    seq.iter().any(|stage| {
        let within = match &stage.what {
            What::Succeed => true,
            What::Choose(choose) => {
                let otherwise = match &choose.otherwise {
                    Otherwise::Arm(_, arm) => succeeds(arm),
                    _ => false,
                };
                otherwise || choose.arms.iter().any(|arm| succeeds(&arm.body))
            }
            _ => false,
        };
        within
            || stage
                .options
                .catches
                .iter()
                .any(|catch| succeeds(&catch.handler))
    })
}

/// The parameters that the stages take, as a tuple type, where the tokens tell.
///
/// A type that is written out beats what a step says, since a step may take nothing.
pub(super) fn takes(seq: &[Stage], root: &TokenStream) -> Option<TokenStream> {
    let mut found = Found::default();
    collect(seq, root, &mut found);
    if let Some(written) = found.written {
        return Some(quote::quote! { (#written,) });
    }
    let mut steps = found.steps.into_iter().rev();
    let last = steps.next()?;
    Some(steps.fold(last, |rest, step| {
        quote::quote! { <#step as #root::flow::OrElse<#rest>>::Parameters }
    }))
}

#[derive(Default)]
struct Found {
    /// A type given to a closure's parameter.
    written: Option<TokenStream>,
    /// The parameters of steps that are given the value.
    steps: Vec<TokenStream>,
}

impl Found {
    fn step(&mut self, path: &Path, root: &TokenStream) {
        let span = syn::spanned::Spanned::span(path);
        self.steps
            .push(quote::quote_spanned! {span=> <#path as #root::Step>::In });
    }

    fn written(&mut self, ty: Option<&TokenStream>) {
        if self.written.is_none() {
            self.written = ty.cloned();
        }
    }
}

fn collect(seq: &[Stage], root: &TokenStream, found: &mut Found) {
    for stage in seq {
        match &stage.what {
            What::Step(path) => return found.step(path, root),
            What::Parallel(branches) => {
                for branch in branches {
                    collect(branch, root, found);
                }
                return;
            }
            What::Map(Some(projection), _) => return found.written(projection.takes.as_ref()),
            What::Map(None, body) => {
                let mut item = Found::default();
                collect(body, root, &mut item);
                if let Some(ty) = item.written {
                    found.written(Some(&quote::quote! { ::std::vec::Vec<#ty> }));
                }
                found.steps.extend(
                    item.steps
                        .into_iter()
                        .map(|step| quote::quote! { <#step as #root::flow::Parameters>::Each }),
                );
                return;
            }
            What::Pass(Some(computed)) => return found.written(computed.takes.as_ref()),
            What::WaitUntil(projection) => found.written(projection.takes.as_ref()),
            What::Choose(choose) => {
                found.written(choose.takes.as_ref());
                for arm in &choose.arms {
                    if let Some(path) = arm.test.predicate() {
                        found.step(path, root);
                    }
                    collect(&arm.body, root, found);
                }
                if let Otherwise::Arm(_, arm) = &choose.otherwise {
                    collect(arm, root, found);
                }
                // The stage after it is given the same value only where an arm passes it on.
                let passes = match &choose.otherwise {
                    Otherwise::Arm(_, arm) => arm.is_empty(),
                    Otherwise::Pass(_) => true,
                    Otherwise::Exhausted => false,
                };
                if !passes && !choose.arms.iter().any(|arm| arm.body.is_empty()) {
                    return;
                }
            }
            What::Wait(_) | What::WaitFor(_) | What::Pass(None) => {}
            What::Fail(..) | What::Succeed | What::Include(_) | What::Broken => return,
        }
    }
}
