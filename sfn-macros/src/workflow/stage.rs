//! Stages that have been understood. `expand` gets nothing else, and reports nothing.

use proc_macro2::{Span, TokenStream};
use syn::{Expr, ExprClosure, LitStr, Path};

use crate::{
    duration,
    expr::Lowered,
    retry::{On, Retry},
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

/// The type that the stages take, where the tokens tell.
pub(super) fn takes(seq: &[Stage], root: &TokenStream) -> Option<TokenStream> {
    let step = |path: &Path| quote::quote_spanned! { syn::spanned::Spanned::span(path)=> <#path as #root::Step>::Input };
    for stage in seq {
        let found = match &stage.what {
            What::Step(path) => return Some(step(path)),
            What::Parallel(branches) => branches.iter().find_map(|branch| takes(branch, root)),
            What::Map(Some(projection), _) => return projection.takes.clone(),
            What::Map(None, body) => {
                let item = takes(body, root)?;
                return Some(quote::quote! { ::std::vec::Vec<#item> });
            }
            What::Pass(Some(computed)) => return computed.takes.clone(),
            What::WaitUntil(projection) => projection.takes.clone(),
            What::Choose(choose) => {
                let predicate = || choose.arms.iter().find_map(|arm| arm.test.predicate());
                let in_arm = || choose.arms.iter().find_map(|arm| takes(&arm.body, root));
                let in_else = || match &choose.otherwise {
                    Otherwise::Arm(_, arm) => takes(arm, root),
                    _ => None,
                };
                let found = choose.takes.clone();
                let found = found
                    .or_else(|| predicate().map(step))
                    .or_else(in_arm)
                    .or_else(in_else);
                if found.is_none() && !matches!(choose.otherwise, Otherwise::Pass(_)) {
                    return None;
                }
                found
            }
            What::Wait(_) | What::WaitFor(_) | What::Pass(None) => None,
            What::Fail(..) | What::Succeed | What::Include(_) | What::Broken => return None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}
