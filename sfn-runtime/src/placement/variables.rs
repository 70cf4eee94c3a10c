use std::{collections::BTreeMap, ffi::OsString};

use super::{Given, Key, Mistake, Origin, Placement, file::known};
use crate::StepMeta;

/// The environment: sorted, so that messages come in one order.
pub(super) type Variables = BTreeMap<String, OsString>;

const APP: &str = "SFN_APP";
const STEPS: &str = "SFN_STEPS__";
/// What a variable begins with that was meant for steps.
const MEANT: &str = "SFN_STEPS";

/// Reads what variables say into `placement`.
pub(super) fn read(
    variables: &Variables,
    steps: &[&'static StepMeta],
    placement: &mut Placement,
    mistakes: &mut Vec<Mistake>,
) {
    for (name, value) in variables {
        let rest = name.strip_prefix(STEPS);
        if rest.is_none() && name != APP && !name.starts_with(MEANT) {
            continue;
        }
        let mut wrong = |message: String, help: Option<String>| {
            mistakes.push(Mistake {
                origin: Origin::Variable(name.clone()),
                message,
                help,
            });
        };
        let Some(text) = value.to_str() else {
            wrong("its value is not UTF-8".to_owned(), None);
            continue;
        };
        let outcome = match rest.map(|rest| target(rest, steps)) {
            None if name != APP => {
                let help = format!("write `{}`", meant(name, steps));
                wrong(
                    "its parts are joined by two underscores".to_owned(),
                    Some(help),
                );
                continue;
            }
            None => placement.set_app(Given::Text(text)),
            Some(Ok((step, key))) => {
                let origin = Origin::Variable(name.clone());
                placement
                    .settings(step)
                    .set(key, Given::Text(text), &origin)
            }
            Some(Err((message, help))) => {
                wrong(message, Some(help));
                continue;
            }
        };
        if let Err(message) = outcome {
            wrong(message, None);
        }
    }
}

/// The step (or none, for all) and the key that a variable's name means.
fn target(
    rest: &str,
    steps: &[&'static StepMeta],
) -> Result<(Option<&'static StepMeta>, Key), (String, String)> {
    let (step, key) = match rest.rsplit_once("__") {
        Some((step, key)) => (Some(step), key),
        None => (None, rest),
    };
    let found = key_named(key).ok_or_else(|| {
        let names: Vec<_> = Key::ALL
            .into_iter()
            .map(|key| key.name().to_uppercase())
            .collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        (
            format!("unknown key `{key}`"),
            known("keys of a step", key, &names),
        )
    })?;
    let Some(step) = step else {
        return Ok((None, found));
    };
    let mut matches = steps.iter().filter(|known| encode(known.name) == step);
    match (matches.next(), matches.next()) {
        (Some(only), None) => Ok((Some(only), found)),
        (Some(one), Some(other)) => Err((
            format!("means step `{}` as well as step `{}`", one.name, other.name),
            format!("say it in `{}`", super::FILE),
        )),
        (None, _) => {
            let names: Vec<_> = steps.iter().map(|known| encode(known.name)).collect();
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            Err((
                format!("no step is named `{step}`"),
                known("steps", step, &names),
            ))
        }
    }
}

/// The variable that was meant by one whose parts are joined otherwise.
fn meant(name: &str, steps: &[&'static StepMeta]) -> String {
    let bare = |name: &str| name.replace('_', "");
    let all = Key::ALL
        .into_iter()
        .map(|key| format!("{STEPS}{}", key.name().to_uppercase()));
    let each = steps
        .iter()
        .flat_map(|step| Key::ALL.into_iter().map(|key| name_of(step, key)));
    all.chain(each)
        .find(|known| bare(known) == bare(name))
        .unwrap_or_else(|| format!("{STEPS}STEP__KEY"))
}

fn key_named(name: &str) -> Option<Key> {
    Key::ALL
        .into_iter()
        .find(|key| key.name().to_uppercase() == name)
}

/// A step's name in a variable's.
fn encode(name: &str) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    name.chars().map(letter).collect()
}

/// The variable that sets a step's key.
pub(super) fn name_of(step: &StepMeta, key: Key) -> String {
    format!(
        "{STEPS}{}__{}",
        encode(step.name),
        key.name().to_uppercase()
    )
}
