use std::ffi::OsString;

use serde_json::Value;

use super::*;
use crate::{Payload, step::StepMeta};

static MAKE_DOUGH: StepMeta = meta("make_dough", "make_dough");
static MAKE_SAUCE: StepMeta = meta("make_sauce", "make_sauce");
static CREDIT: StepMeta = meta("Get credit limit", "get_credit_limit");

const fn meta(name: &'static str, ident: &'static str) -> StepMeta {
    StepMeta {
        name,
        ident,
        module: "kitchen",
        file: "kitchen.rs",
        line: 1,
        doc: "",
        params: &[],
        output: <Value as Payload>::shape,
        errors: &[],
        retries: &[],
        timeout: None,
        heartbeat: None,
        injects: &[],
        is_async: true,
        handler: |_| Box::pin(async { Ok(Value::Null) }),
    }
}

fn steps() -> Vec<&'static StepMeta> {
    vec![&CREDIT, &MAKE_DOUGH, &MAKE_SAUCE]
}

fn read(text: &str, set: &[(&str, &str)]) -> Result<Placement, Error> {
    let variables = set
        .iter()
        .map(|(name, value)| (name.to_string(), OsString::from(value)))
        .collect();
    let mut placement = Placement::new();
    let mut mistakes = Vec::new();
    file::read(
        Path::new(FILE),
        text,
        &steps(),
        &mut placement,
        &mut mistakes,
    );
    variables::read(&variables, &steps(), &mut placement, &mut mistakes);
    match mistakes.is_empty() {
        true => Ok(placement),
        false => Err(Error::Mistakes(mistakes)),
    }
}

#[track_caller]
fn refused(text: &str, set: &[(&str, &str)], expected: &str) {
    let error = read(text, set).expect_err("a mistake");
    assert_eq!(error.to_string(), expected);
}

const PIZZERIA: &str = r#"
app = "pizzeria"

[steps]
run = "here"

[steps.make_dough]
concurrency = 2

[steps.make_sauce]
run = "lambda"
timeout = "40s"
memory = 512
max_concurrency = 50

[steps."Get credit limit"]
concurrency = 3
"#;

#[test]
fn the_documented_file_is_read() {
    let placement = read(PIZZERIA, &[]).expect("no mistake");
    assert_eq!(placement.app(), "pizzeria");
    assert_eq!(placement.runs(&MAKE_DOUGH), Runs::Here);
    assert_eq!(placement.concurrency(&MAKE_DOUGH), 2);
    assert_eq!(placement.concurrency(&CREDIT), 3);
    assert_eq!(placement.runs(&MAKE_SAUCE), Runs::Lambda);
    let lambda = LambdaSettings {
        timeout: Some(Duration::from_secs(40)),
        memory: Some(512),
        max_concurrency: Some(50),
    };
    assert_eq!(placement.lambda(&MAKE_SAUCE), lambda);
    assert_eq!(placement.here(&steps()).len(), 2);
}

#[test]
fn without_a_file_all_run_here_one_at_a_time() {
    let placement = read("", &[]).expect("no mistake");
    assert_eq!(placement.runs(&MAKE_SAUCE), Runs::Here);
    assert_eq!(placement.concurrency(&MAKE_SAUCE), 1);
    assert!(!placement.app().is_empty());
}

#[test]
fn variables_count_more_than_the_file() {
    let set = [
        ("SFN_APP", "trattoria"),
        ("SFN_STEPS__MAKE_SAUCE__RUN", "here"),
        ("SFN_STEPS__MAKE_SAUCE__CONCURRENCY", "5"),
        ("SFN_STEPS__GET_CREDIT_LIMIT__CONCURRENCY", "7"),
        ("SFN_CONFIG", "elsewhere.toml"),
        ("OTHER", "ignored"),
    ];
    let placement = read(PIZZERIA, &set).expect("no mistake");
    assert_eq!(placement.app(), "trattoria");
    assert_eq!(placement.runs(&MAKE_SAUCE), Runs::Here);
    assert_eq!(placement.concurrency(&MAKE_SAUCE), 5);
    assert_eq!(placement.concurrency(&CREDIT), 7);
    assert_eq!(placement.concurrency(&MAKE_DOUGH), 2);
}

#[test]
fn a_step_on_lambda_is_not_run_here() {
    let placement = read(PIZZERIA, &[]).expect("no mistake");
    let error = placement.all_here(&steps()).expect_err("one is on Lambda");
    assert_eq!(
        error.to_string(),
        "step `make_sauce` runs on Lambda (sfn.toml:11:7), and this program can run steps only here\n\
         help: set `run = \"here\"` there, or the variable `SFN_STEPS__MAKE_SAUCE__RUN=here`"
    );
}

#[test]
fn unknown_keys_list_the_known_and_suggest_the_near_miss() {
    refused(
        "[steps.make_dough]\nconcurency = 2",
        &[],
        "sfn.toml:2:1: unknown key `concurency`\n\
         help: did you mean `concurrency`? the keys of a step are `run`, `concurrency`, `timeout`, \
         `memory`, `max_concurrency`",
    );
    refused(
        "apps = \"x\"",
        &[],
        "sfn.toml:1:1: unknown key `apps`\nhelp: did you mean `app`? the keys are `app`, `steps`",
    );
}

#[test]
fn unknown_steps_list_the_known() {
    refused(
        "[steps.make_duogh]\nconcurrency = 2",
        &[],
        "sfn.toml:1:8: no step is named `make_duogh`\n\
         help: did you mean `make_dough`? the steps are `Get credit limit`, `make_dough`, `make_sauce`",
    );
    refused(
        "[steps.get_credit_limit]\nconcurrency = 2",
        &[],
        "sfn.toml:1:8: no step is named `get_credit_limit`\n\
         help: the function `get_credit_limit` is the step `Get credit limit`",
    );
    refused(
        "",
        &[("SFN_STEPS__BAKE__RUN", "here")],
        "variable `SFN_STEPS__BAKE__RUN`: no step is named `BAKE`\n\
         help: the steps are `GET_CREDIT_LIMIT`, `MAKE_DOUGH`, `MAKE_SAUCE`",
    );
}

#[test]
fn variables_with_single_underscores_are_no_secret() {
    refused(
        "",
        &[("SFN_STEPS_MAKE_DOUGH_CONCURRENCY", "2")],
        "variable `SFN_STEPS_MAKE_DOUGH_CONCURRENCY`: its parts are joined by two underscores\n\
         help: write `SFN_STEPS__MAKE_DOUGH__CONCURRENCY`",
    );
    refused(
        "",
        &[("SFN_STEPS_RUN", "here")],
        "variable `SFN_STEPS_RUN`: its parts are joined by two underscores\n\
         help: write `SFN_STEPS__RUN`",
    );
}

#[test]
fn values_are_bounded() {
    refused(
        "[steps]\nconcurrency = 0",
        &[],
        "sfn.toml:2:15: `concurrency` is a number from 1 to 1000, not `0`",
    );
    refused(
        "[steps.make_sauce]\nrun = \"lambda\"\nmemory = 64\ntimeout = \"1h\"",
        &[],
        "sfn.toml:3:10: `memory` is a number from 128 to 10240 (MB), not `64`\n\
         sfn.toml:4:11: `timeout` is from `1s` to `15m`, not `1h`",
    );
    refused(
        "steps = 3",
        &[],
        "sfn.toml:1:9: `steps` is a table: write `[steps]` on a line of its own",
    );
    refused(
        "[steps]\nrun = \"cloud\"",
        &[],
        "sfn.toml:2:7: `run` is `\"here\"` or `\"lambda\"`, not `\"cloud\"`",
    );
    refused(
        "app = \"a b\"",
        &[],
        "sfn.toml:1:7: `app` has 1 to 32 letters, digits, `-` or `_`, unlike `a b`",
    );
    refused(
        "",
        &[("SFN_STEPS__CONCURRENCY", "many")],
        "variable `SFN_STEPS__CONCURRENCY`: `concurrency` is a number from 1 to 1000, not `\"many\"`",
    );
}

#[test]
fn keys_that_would_be_ignored_are_refused() {
    refused(
        "[steps.make_sauce]\nmemory = 512",
        &[],
        "sfn.toml:2:1: `memory` means nothing for `make_sauce`, which runs here\n\
         help: remove it, or set `run = \"lambda\"`",
    );
}

#[test]
fn a_file_that_is_no_toml_says_where() {
    let error = read("app = \n", &[]).expect_err("a mistake").to_string();
    assert!(error.starts_with("sfn.toml:1:"), "{error}");
}

#[test]
fn a_named_file_must_be_there() {
    let path = Path::new("no/such/file.toml");
    let error = Placement::read(Some(path), &steps(), &BTreeMap::new()).expect_err("no file");
    assert_eq!(error.to_string(), "`no/such/file.toml` cannot be read");
}
