//! What resources are called within a template.

use std::collections::BTreeMap;

use crate::deploy::{Id, Model, ResourceKind, names};

/// The words that tell a resource from others of its kind, by kind and name.
///
/// The prefix of all names is left out: it is the template's own.
pub(super) struct Ids {
    words: BTreeMap<Id, String>,
}

impl Ids {
    /// `write` makes an identifier of the words; where that is the same for two resources of a kind, a hash follows.
    pub(super) fn new(model: &Model, write: impl Fn(&str) -> String) -> Self {
        let written: Vec<(Id, String)> = model
            .resources
            .iter()
            .map(|resource| {
                let id = resource.id();
                let words = write(short(&id, &model.prefix));
                (id, words)
            })
            .collect();
        let words = written
            .iter()
            .map(|(id, words)| {
                let same = |(other, its): &&(Id, String)| other.kind == id.kind && its == words;
                let words = match written.iter().filter(same).count() {
                    1 => words.clone(),
                    _ => format!("{words}{:08x}", names::hash(&id.name)),
                };
                (id.clone(), words)
            })
            .collect();
        Self { words }
    }

    pub(super) fn of(&self, kind: ResourceKind, name: &str) -> &str {
        let id = Id {
            kind,
            name: name.to_owned(),
        };
        self.words
            .get(&id)
            .expect("only resources of the model are named")
    }
}

fn short<'a>(id: &'a Id, prefix: &str) -> &'a str {
    // There is one, and its name is made of the account and the Region.
    if id.kind == ResourceKind::Bucket {
        return "";
    }
    let last = id.name.rsplit('/').next().unwrap_or_default();
    let own = last
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('-'));
    own.unwrap_or(last)
}

/// `make_sauce-1f00` as `MakeSauce1f00`: CloudFormation takes letters and digits.
pub(super) fn camel(words: &str) -> String {
    words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters)
        })
        .collect()
}

/// `make-sauce` as `make_sauce`: a name of Terraform begins with a letter.
pub(super) fn snake(words: &str) -> String {
    let mut name: String = words
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert_str(0, "sfn_");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_legal() {
        assert_eq!(
            camel("make_sauce-1f00ba11_with salt"),
            "MakeSauce1f00ba11WithSalt"
        );
        assert_eq!(camel("ünder"), "Nder");
        assert_eq!(snake("make-sauce.1"), "make_sauce_1");
        assert_eq!(snake("1st"), "sfn_1st");
        assert_eq!(snake(""), "sfn_");
    }
}
