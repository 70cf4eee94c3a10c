//! The names that stand for values in a body, and the variables of the recorder that hold them.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

/// The names of the source that are in scope, innermost last.
#[derive(Clone, Debug)]
pub(crate) struct Locals {
    scopes: Vec<Vec<Local>>,
    /// How many variables the recorder needed that no name of the source stands for.
    temporaries: u32,
}

/// One name of the source.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    name: String,
    /// The recorder's variable, of type `E<Checked>`.
    pub(crate) ident: Ident,
    /// Whether the source may assign to it.
    pub(crate) mutable: bool,
}

impl Default for Locals {
    fn default() -> Self {
        Self {
            scopes: vec![Vec::new()],
            temporaries: 0,
        }
    }
}

impl Locals {
    /// Begins a block.
    pub(crate) fn push(&mut self) {
        self.scopes.push(Vec::new());
    }

    /// A variable of the recorder that no name of the source can be, and that is not used twice in a block.
    pub(crate) fn temporary(&mut self) -> Ident {
        self.temporaries += 1;
        Ident::new(
            &format!("__subject{}", self.temporaries),
            Span::mixed_site(),
        )
    }

    /// Ends a block: its names are forgotten.
    pub(crate) fn pop(&mut self) {
        self.scopes.pop();
    }

    /// Adds a name, and gives the recorder's variable for it.
    ///
    /// The variable has the source's name, so that shadowing works as in the source, and the hygiene of generated code,
    /// so that neither the user's code nor an editor sees it.
    pub(crate) fn bind(&mut self, name: &Ident, mutable: bool) -> Ident {
        let plain = name.unraw().to_string();
        let ident = recorder(&plain);
        let scope = self.scopes.last_mut().expect("the outermost scope stays");
        scope.push(Local {
            name: plain,
            ident: ident.clone(),
            mutable,
        });
        ident
    }

    /// What a name stands for; none for a constant or a function.
    pub(crate) fn get(&self, name: &Ident) -> Option<&Local> {
        let name = name.unraw().to_string();
        let scopes = self.scopes.iter().rev();
        scopes
            .flat_map(|scope| scope.iter().rev())
            .find(|local| local.name == name)
    }
}

fn recorder(name: &str) -> Ident {
    let span = Span::mixed_site();
    match syn::parse_str::<Ident>(name) {
        Ok(_) => Ident::new(name, span),
        Err(_) => Ident::new_raw(name, span),
    }
}
