//! Variables within expressions: who reads which, and what stands for them where they have a name.

use super::expression::Js;

/// A variable of a function body, before it has its name in the state machine.
///
/// Each binding of the source has one of its own, so that a `let` that shadows another is another variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableId {
    /// Which one, counted through the body.
    pub(crate) number: u32,
    /// Its name in the source.
    pub(crate) name: &'static str,
}

impl VariableId {
    /// Its name in the source.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }
}

impl Js {
    /// Calls the function for each variable that is read, as often as it is read.
    pub fn each_variable(&self, found: &mut impl FnMut(VariableId)) {
        if let Js::Variable(id) = self {
            found(*id);
        }
        for child in self.children() {
            child.each_variable(found);
        }
    }

    /// Puts something else in a variable's place, wherever the function knows of something.
    #[must_use]
    pub fn replace(mut self, with: &impl Fn(VariableId) -> Option<Js>) -> Self {
        self.replace_in_place(with);
        self
    }

    fn replace_in_place(&mut self, with: &impl Fn(VariableId) -> Option<Js>) {
        if let Js::Variable(id) = self {
            if let Some(other) = with(*id) {
                *self = other;
            }
            return;
        }
        for child in self.children_mut() {
            child.replace_in_place(with);
        }
    }
}
