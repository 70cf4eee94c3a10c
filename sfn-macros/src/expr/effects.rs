//! Which expressions do something beyond yielding a value: those become states.

use syn::{
    BinOp, Expr, ExprCall,
    visit::{self, Visit},
};

/// Whether the expression runs a step, leaves the block it stands in, assigns, or has variables that may be assigned.
///
/// What stands in a closure counts not: a closure is part of the expression, and [`lower`](super::lower) refuses effects
/// there.
pub(crate) fn effects(expr: &Expr) -> bool {
    let mut seen = Effects(false);
    seen.visit_expr(expr);
    seen.0
}

struct Effects(bool);

impl<'ast> Visit<'ast> for Effects {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Await(_)
            | Expr::Try(_)
            | Expr::Return(_)
            | Expr::Break(_)
            | Expr::Continue(_)
            | Expr::Assign(_)
            | Expr::Async(_)
            | Expr::ForLoop(_)
            | Expr::While(_)
            | Expr::Loop(_) => self.0 = true,
            Expr::Binary(binary) if assigns(&binary.op) => self.0 = true,
            Expr::Call(call) if is_callable(call) => self.0 = true,
            Expr::Closure(_) => {}
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let name = called
            .path
            .segments
            .last()
            .map(|last| last.ident.to_string());
        let Some(name) = name else { return };
        match name.as_str() {
            "join" | "try_join" | "ensure" | "bail" => self.0 = true,
            "matches" | "format" | "vec" => {
                // Their arguments are expressions as others are.
                for expr in super::calls::arguments(called) {
                    self.visit_expr(&expr);
                }
            }
            _ => {}
        }
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        // What changes is a variable of the state machine.
        self.0 |= pattern.mutability.is_some();
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// `+=` and its like.
pub(crate) fn assigns(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// Whether a call runs something of the user's: its path ends in lower case, and is none of the functions that Step
/// Functions can evaluate, nor a function of a type.
pub(crate) fn is_callable(call: &ExprCall) -> bool {
    let Expr::Path(function) = &*call.func else {
        return false;
    };
    super::calls::pure(function).is_none() && is_lower(&function.path) && !of_a_type(function)
}

/// Whether a path ends in lower case, as functions and modules do.
pub(crate) fn is_lower(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| {
        let name = syn::ext::IdentExt::unraw(&last.ident).to_string();
        name.starts_with(|c: char| !c.is_uppercase())
    })
}

/// Whether the path is that of a function of a type: `Order::new`, `<T>::new`, `u32::from`.
pub(crate) fn of_a_type(function: &syn::ExprPath) -> bool {
    if function.qself.is_some() {
        return true;
    }
    let segments = &function.path.segments;
    let Some(owner) = segments
        .len()
        .checked_sub(2)
        .and_then(|at| segments.get(at))
    else {
        return false;
    };
    let name = owner.ident.to_string();
    name.starts_with(char::is_uppercase) || super::calls::PRIMITIVES.contains(&name.as_str())
}
