use std::{collections::BTreeMap, ops::Range, path::Path};

use toml::de::{DeTable, DeValue};

use super::{
    DeploySettings, Known, Mistake, Origin, Placement, Runs, WorkflowSettings,
    keys::{Section, Settings, needs},
    name::{self, nearest},
    values::Given,
};
use crate::StepMeta;

/// The parts of the file.
const PARTS: [&str; 5] = ["app", "steps", "workflows", "deploy", "env"];
/// The parts of a profile.
const PARTS_OF_PROFILE: [&str; 3] = ["steps", "workflows", "deploy"];

/// Reads a placement file into `placement`, and what it says of the profile on top.
///
/// All profiles are checked, whichever is asked for.
pub(super) fn read(
    path: &Path,
    text: &str,
    known: &Known<'_>,
    profile: Option<&str>,
    placement: &mut Placement,
    mistakes: &mut Vec<Mistake>,
) {
    let mut reader = Reader {
        path,
        text,
        known,
        mistakes,
    };
    match DeTable::parse(text) {
        Ok(table) => reader.top(table.get_ref(), profile, placement),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            reader.wrong(&span, error.message().trim().to_owned(), None);
        }
    }
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    known: &'a Known<'a>,
    mistakes: &'a mut Vec<Mistake>,
}

impl Reader<'_> {
    fn top(&mut self, table: &DeTable<'_>, profile: Option<&str>, placement: &mut Placement) {
        let mut profiles = BTreeMap::new();
        for (key, value) in in_order(table) {
            match (key.as_ref(), value.get_ref()) {
                ("app", value_of_app) => {
                    if let Err(message) = placement.set_app(&given(value_of_app)) {
                        self.wrong(&value.span(), message, None);
                    }
                }
                ("env", DeValue::Table(tables)) => {
                    for (key, value) in in_order(tables) {
                        if let Err(message) = name::check_profile(key.as_ref()) {
                            self.wrong(&key.span(), message, None);
                        }
                        match value.get_ref() {
                            DeValue::Table(table) => {
                                profiles.insert(key.0.clone(), table);
                            }
                            _ => self.no_table(&format!("env.{}", key.0), value),
                        }
                    }
                }
                ("env", _) => self.no_table("env", value),
                (part, _) => {
                    if !self.part(&key, value, placement) {
                        let help = known("keys", part, &PARTS);
                        self.wrong(&key.span(), format!("unknown key `{part}`"), Some(help));
                    }
                }
            }
        }
        let base = placement.clone();
        let mut all = vec![base.clone()];
        let mut chosen = None;
        for (name, table) in &profiles {
            let mut of_profile = base.clone();
            of_profile.env = Some(name.clone());
            for (key, value) in in_order(table) {
                if !self.part(&key, value, &mut of_profile) {
                    let help = known("keys of a profile", key.as_ref(), &PARTS_OF_PROFILE);
                    let message = format!("unknown key `{}`", key.as_ref());
                    self.wrong(&key.span(), message, Some(help));
                }
            }
            self.without_meaning(table, std::slice::from_ref(&of_profile));
            if profile == Some(name) {
                chosen = Some(of_profile.clone());
            }
            all.push(of_profile);
        }
        self.without_meaning(table, &all);
        placement.profiles = profiles.into_keys().collect();
        if let Some(chosen) = chosen {
            let profiles = std::mem::take(&mut placement.profiles);
            *placement = chosen;
            placement.profiles = profiles;
        }
    }

    /// Reads what the file and its profiles may have alike. Gives whether it is such a part.
    fn part(&mut self, key: &Name, value: &Value<'_>, placement: &mut Placement) -> bool {
        let part = key.as_ref();
        if !PARTS_OF_PROFILE.contains(&part) {
            return false;
        }
        let DeValue::Table(table) = value.get_ref() else {
            self.no_table(part, value);
            return true;
        };
        match part {
            "steps" => self.steps(table, placement),
            "workflows" => self.workflows(table, placement),
            _ => self.section::<DeploySettings>(&mut placement.deploy, table),
        }
        true
    }

    fn no_table(&mut self, part: &str, value: &Value<'_>) {
        let message = format!("`{part}` is a table: write `[{part}]` on a line of its own");
        self.wrong(&value.span(), message, None);
    }

    fn steps(&mut self, table: &DeTable<'_>, placement: &mut Placement) {
        for (key, value) in in_order(table) {
            let name = key.as_ref();
            let step = self.known.steps.iter().find(|step| step.name == name);
            match (value.get_ref(), step) {
                (DeValue::Table(keys), Some(step)) => {
                    self.section(placement.settings(Some(step)), keys);
                }
                (DeValue::Table(_), None) if !Settings::takes_table(name) => {
                    self.unknown_step(&key);
                }
                _ => self.set(placement.settings(None), &key, value),
            }
        }
    }

    fn workflows(&mut self, table: &DeTable<'_>, placement: &mut Placement) {
        for (key, value) in in_order(table) {
            let name = key.as_ref();
            if !self.known.workflows.contains(&name) {
                let help = match self.known.workflows {
                    [] => "this program has no workflows".to_owned(),
                    names => known("workflows", name, names),
                };
                let message = format!("no workflow is named `{name}`");
                self.wrong(&key.span(), message, Some(help));
                continue;
            }
            match value.get_ref() {
                DeValue::Table(keys) => {
                    let settings = placement.workflows.entry(name.to_owned()).or_default();
                    self.section::<WorkflowSettings>(settings, keys);
                }
                _ => self.no_table(&format!("workflows.{name}"), value),
            }
        }
    }

    fn section<S: Section>(&mut self, settings: &mut S, table: &DeTable<'_>) {
        for (key, value) in in_order(table) {
            self.set(settings, &key, value);
        }
    }

    fn set<S: Section>(&mut self, settings: &mut S, key: &Name, value: &Value<'_>) {
        let origin = self.origin(&value.span());
        match S::key(key.as_ref()) {
            Some(found) => {
                if let Err(message) = settings.set(found, &given(value.get_ref()), &origin) {
                    self.wrong(&value.span(), message, None);
                }
            }
            None => {
                let help = known(S::WHAT, key.as_ref(), S::KEYS);
                let message = format!("unknown key `{}`", key.as_ref());
                self.wrong(&key.span(), message, Some(help));
            }
        }
    }

    fn unknown_step(&mut self, key: &Name) {
        let name = key.as_ref();
        let names: Vec<_> = self.known.steps.iter().map(|step| step.name).collect();
        // A function is often known by its ident, though its step has a name of its own.
        let renamed = self.known.steps.iter().find(|step| step.ident == name);
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

    /// Refuses keys of steps that would be ignored under each of the placements.
    fn without_meaning(&mut self, table: &DeTable<'_>, placements: &[Placement]) {
        let Some((_, value)) = table.iter().find(|(key, _)| key.get_ref() == "steps") else {
            return;
        };
        let DeValue::Table(steps) = value.get_ref() else {
            return;
        };
        for (name, value) in in_order(steps) {
            let step = self.known.steps.iter().find(|s| s.name == name.as_ref());
            if let (Some(step), DeValue::Table(keys)) = (step, value.get_ref()) {
                self.without_meaning_for(step, keys, placements);
            }
        }
    }

    fn without_meaning_for(
        &mut self,
        step: &StepMeta,
        keys: &DeTable<'_>,
        placements: &[Placement],
    ) {
        for (name, _) in in_order(keys) {
            let needed = Settings::key(name.as_ref()).and_then(needs);
            let means = |needed| placements.iter().any(|place| place.runs(step) == needed);
            if needed.is_none_or(means) {
                continue;
            }
            let (is, wanted) = match needed {
                Some(Runs::Lambda) => ("here", "lambda"),
                _ => ("on Lambda", "here"),
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
    let text = |value: &'a Value<'_>| match value.get_ref() {
        DeValue::String(text) => Some(&**text),
        _ => None,
    };
    match value {
        DeValue::String(text) => Given::Text(text),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Given::Other("so large a number"), Given::Number),
        DeValue::Float(_) => Given::Other("a fraction"),
        DeValue::Boolean(flag) => Given::Flag(*flag),
        DeValue::Datetime(_) => Given::Other("a time"),
        DeValue::Array(items) => {
            let texts: Option<Vec<_>> = items.iter().map(text).collect();
            texts.map_or(
                Given::Other("a list of other things than texts"),
                Given::List,
            )
        }
        DeValue::Table(table) => {
            let pairs: Option<Vec<_>> = table
                .iter()
                .map(|(name, value)| Some((name.get_ref().to_string(), text(value)?)))
                .collect();
            pairs.map_or(
                Given::Other("a table of other things than texts"),
                Given::Map,
            )
        }
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
