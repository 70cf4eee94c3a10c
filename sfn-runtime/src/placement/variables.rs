use std::{collections::BTreeMap, ffi::OsString};

use super::{
    DeploySettings, Known, Mistake, Origin, Placement, WorkflowSettings,
    file::known,
    keys::{Section, Settings},
    values::Given,
};
use crate::StepMeta;

/// The environment: sorted, so that messages come in one order.
pub(super) type Variables = BTreeMap<String, OsString>;

const APP: &str = "SFN_APP";
const STEPS: &str = "SFN_STEPS__";
const WORKFLOWS: &str = "SFN_WORKFLOWS__";
const DEPLOY: &str = "SFN_DEPLOY__";
/// What variables begin with that were meant for a part.
const MEANT: [(&str, &str); 3] = [
    ("SFN_STEPS", STEPS),
    ("SFN_WORKFLOWS", WORKFLOWS),
    ("SFN_DEPLOY", DEPLOY),
];

/// What is wrong, and a way out.
type Wrong = (String, Option<String>);

/// Reads what variables say into `placement`.
pub(super) fn read(
    variables: &Variables,
    known: &Known<'_>,
    placement: &mut Placement,
    mistakes: &mut Vec<Mistake>,
) {
    for (name, value) in variables {
        if name != APP && !MEANT.iter().any(|(start, _)| name.starts_with(start)) {
            continue;
        }
        let outcome = match value.to_str() {
            Some(text) => set(name, text, known, placement),
            None => Err(("its value is not UTF-8".to_owned(), None)),
        };
        if let Err((message, help)) = outcome {
            mistakes.push(Mistake {
                origin: Origin::Variable(name.clone()),
                message,
                help,
            });
        }
    }
}

fn set(name: &str, text: &str, known: &Known<'_>, placement: &mut Placement) -> Result<(), Wrong> {
    let given = Given::Text(text);
    let origin = Origin::Variable(name.to_owned());
    let plain = |message| (message, None);
    if name == APP {
        return placement.set_app(&given).map_err(plain);
    }
    if let Some(rest) = name.strip_prefix(STEPS) {
        let (step, key) = split(rest);
        // The key first: in a name without `__`, it is what is wrong.
        let key = key_of::<Settings>(key)?;
        let step = match step {
            Some(step) => {
                let steps: Vec<_> = known.steps.iter().map(|step| step.name).collect();
                Some(known.steps[named("step", step, &steps)?])
            }
            None => None,
        };
        return placement
            .settings(step)
            .set(key, &given, &origin)
            .map_err(plain);
    }
    if let Some(rest) = name.strip_prefix(WORKFLOWS)
        && let (Some(workflow), key) = split(rest)
    {
        let key = key_of::<WorkflowSettings>(key)?;
        let name = known.workflows[named("workflow", workflow, known.workflows)?];
        let settings = placement.workflows.entry(name.to_owned()).or_default();
        return settings.set(key, &given, &origin).map_err(plain);
    }
    if let Some(key) = name.strip_prefix(DEPLOY) {
        let key = key_of::<DeploySettings>(key)?;
        return placement.deploy.set(key, &given, &origin).map_err(plain);
    }
    let help = format!("write `{}`", meant(name, known));
    Err((
        "its parts are joined by two underscores".to_owned(),
        Some(help),
    ))
}

/// The name before the last `__`, if any, and the key behind it.
fn split(rest: &str) -> (Option<&str>, &str) {
    match rest.rsplit_once("__") {
        Some((name, key)) => (Some(name), key),
        None => (None, rest),
    }
}

fn key_of<S: Section>(key: &str) -> Result<&'static str, Wrong> {
    let found = S::KEYS.iter().find(|known| known.to_uppercase() == key);
    found.copied().ok_or_else(|| {
        let names: Vec<_> = S::KEYS.iter().map(|key| key.to_uppercase()).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        (
            format!("unknown key `{key}`"),
            Some(known(S::WHAT, key, &names)),
        )
    })
}

/// Which of the names is written like that in variables.
fn named(what: &str, name: &str, names: &[&str]) -> Result<usize, Wrong> {
    let mut matches = (0..names.len()).filter(|at| encode(names[*at]) == name);
    match (matches.next(), matches.next()) {
        (Some(only), None) => Ok(only),
        (Some(one), Some(other)) => Err((
            format!(
                "means {what} `{}` as well as {what} `{}`",
                names[one], names[other]
            ),
            Some(format!("say it in `{}`", super::FILE)),
        )),
        (None, _) => {
            let names: Vec<_> = names.iter().map(|known| encode(known)).collect();
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            Err((
                format!("no {what} is named `{name}`"),
                Some(known(&format!("{what}s"), name, &names)),
            ))
        }
    }
}

/// The variable that was meant by one whose parts are joined otherwise.
fn meant(name: &str, known: &Known<'_>) -> String {
    fn upper<S: Section>() -> impl Iterator<Item = String> {
        S::KEYS.iter().map(|key| key.to_uppercase())
    }
    let bare = |name: &str| name.replace('_', "");
    let all = upper::<Settings>().map(|key| format!("{STEPS}{key}"));
    let each = known
        .steps
        .iter()
        .flat_map(|step| Settings::KEYS.iter().map(move |key| name_of(step, key)));
    let workflows = known.workflows.iter().flat_map(|workflow| {
        upper::<WorkflowSettings>()
            .map(move |key| format!("{WORKFLOWS}{}__{key}", encode(workflow)))
    });
    let deploy = upper::<DeploySettings>().map(|key| format!("{DEPLOY}{key}"));
    all.chain(each)
        .chain(workflows)
        .chain(deploy)
        .find(|known| bare(known) == bare(name))
        .unwrap_or_else(|| {
            let part = MEANT.iter().find(|(start, _)| name.starts_with(start));
            match part {
                Some((_, DEPLOY)) => format!("{DEPLOY}KEY"),
                Some((_, WORKFLOWS)) => format!("{WORKFLOWS}WORKFLOW__KEY"),
                _ => format!("{STEPS}STEP__KEY"),
            }
        })
}

/// A name as it stands in a variable's.
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
pub(super) fn name_of(step: &StepMeta, key: &str) -> String {
    format!("{STEPS}{}__{}", encode(step.name), key.to_uppercase())
}
