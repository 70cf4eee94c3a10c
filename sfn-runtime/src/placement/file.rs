use std::{ops::Range, path::Path};

use toml::de::{DeTable, DeValue};

use super::{Given, Key, Mistake, Origin, Placement, Runs, Settings, name::nearest};
use crate::StepMeta;

/// Reads a placement file into `placement`.
pub(super) fn read(
    path: &Path,
    text: &str,
    steps: &[&'static StepMeta],
    placement: &mut Placement,
    mistakes: &mut Vec<Mistake>,
) {
    let mut reader = Reader {
        path,
        text,
        steps,
        mistakes,
    };
    match DeTable::parse(text) {
        Ok(table) => reader.top(table.get_ref(), placement),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            reader.wrong(&span, error.message().trim().to_owned(), None);
        }
    }
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    steps: &'a [&'static StepMeta],
    mistakes: &'a mut Vec<Mistake>,
}

impl Reader<'_> {
    fn top(&mut self, table: &DeTable<'_>, placement: &mut Placement) {
        for (key, value) in in_order(table) {
            match key.as_ref() {
                "app" => {
                    if let Err(message) = placement.set_app(given(value.get_ref())) {
                        self.wrong(&value.span(), message, None);
                    }
                }
                "steps" => match value.get_ref() {
                    DeValue::Table(steps) => self.steps(steps, placement),
                    _ => {
                        let message = "`steps` is a table: write `[steps]` on a line of its own";
                        self.wrong(&value.span(), message.to_owned(), None);
                    }
                },
                unknown => {
                    let help = known("keys", unknown, &["app", "steps"]);
                    self.wrong(&key.span(), format!("unknown key `{unknown}`"), Some(help));
                }
            }
        }
    }

    fn steps(&mut self, table: &DeTable<'_>, placement: &mut Placement) {
        // The default comes first, wherever it stands: what a step inherits decides what its own
        // keys mean.
        let entries = in_order(table);
        for (key, value) in &entries {
            if !matches!(value.get_ref(), DeValue::Table(_)) {
                self.set(placement.settings(None), key, value);
            }
        }
        let inherited = placement.default.run;
        for (key, value) in entries {
            let DeValue::Table(keys) = value.get_ref() else {
                continue;
            };
            let Some(step) = self.steps.iter().find(|step| step.name == key.as_ref()) else {
                self.unknown_step(&key);
                continue;
            };
            for (key, value) in in_order(keys) {
                self.set(placement.settings(Some(step)), &key, value);
            }
            let run = placement.settings(Some(step)).run.or(inherited);
            self.without_meaning(step, run.unwrap_or_default(), keys);
        }
    }

    fn set(&mut self, settings: &mut Settings, key: &Name, value: &Value<'_>) {
        let origin = self.origin(&value.span());
        match Key::of(key.as_ref()) {
            Some(found) => {
                if let Err(message) = settings.set(found, given(value.get_ref()), &origin) {
                    self.wrong(&value.span(), message, None);
                }
            }
            None => {
                let help = known("keys of a step", key.as_ref(), &Key::names());
                let message = format!("unknown key `{}`", key.as_ref());
                self.wrong(&key.span(), message, Some(help));
            }
        }
    }

    fn unknown_step(&mut self, key: &Name) {
        let name = key.as_ref();
        let names: Vec<_> = self.steps.iter().map(|step| step.name).collect();
        // A function is often known by its ident, though its step has a name of its own.
        let renamed = self.steps.iter().find(|step| step.ident == name);
        let help = match renamed {
            Some(step) => format!("the function `{name}` is the step `{}`", step.name),
            None if names.is_empty() => "this program has no steps; a crate that no code mentions \
                 is not linked: add `use my_steps as _;` to `main.rs`"
                .to_owned(),
            None => known("steps", name, &names),
        };
        self.wrong(
            &key.span(),
            format!("no step is named `{name}`"),
            Some(help),
        );
    }

    /// Refuses keys that would be ignored where the step runs.
    fn without_meaning(&mut self, step: &StepMeta, run: Runs, keys: &DeTable<'_>) {
        for (name, _) in in_order(keys) {
            let needs = Key::of(name.as_ref()).and_then(Key::needs);
            if needs.is_none_or(|needs| needs == run) {
                continue;
            }
            let (is, wanted) = match run {
                Runs::Here => ("here", "lambda"),
                Runs::Lambda => ("on Lambda", "here"),
            };
            let message = format!(
                "`{}` means nothing for `{}`, which runs {is}",
                name.as_ref(),
                step.name
            );
            let help = format!("remove it, or set `run = \"{wanted}\"`");
            self.wrong(&name.span(), message, Some(help));
        }
    }

    fn wrong(&mut self, span: &Range<usize>, message: String, help: Option<String>) {
        let origin = self.origin(span);
        self.mistakes.push(Mistake {
            origin,
            message,
            help,
        });
    }

    fn origin(&self, span: &Range<usize>) -> Origin {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Origin::File {
            path: self.path.to_owned(),
            line,
            column: before[start..].chars().count() + 1,
        }
    }
}

type Value<'a> = toml::Spanned<DeValue<'a>>;

/// A key and where it stands.
struct Name(String, Range<usize>);

impl Name {
    fn span(&self) -> Range<usize> {
        self.1.clone()
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A table's entries in the order of the file; the parser sorts them by name.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(Name, &'t Value<'i>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (Name(key.get_ref().to_string(), key.span()), value))
        .collect();
    entries.sort_by_key(|(name, _)| name.1.start);
    entries
}

fn given<'a>(value: &'a DeValue<'_>) -> Given<'a> {
    match value {
        DeValue::String(text) => Given::Text(text),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Given::Other("so large a number"), Given::Number),
        DeValue::Float(_) => Given::Other("a fraction"),
        DeValue::Boolean(_) => Given::Other("a boolean"),
        DeValue::Datetime(_) => Given::Other("a time"),
        DeValue::Array(_) => Given::Other("a list"),
        DeValue::Table(_) => Given::Other("a table"),
    }
}

/// Lists what is known, and the near miss first.
pub(super) fn known(what: &str, unknown: &str, names: &[&str]) -> String {
    let list: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let list = list.join(", ");
    match nearest(unknown, names) {
        Some(near) => format!("did you mean `{near}`? the {what} are {list}"),
        None => format!("the {what} are {list}"),
    }
}
