use std::ffi::OsString;

use serde_json::Value;

use super::*;
use crate::{Payload, step::StepMeta};

static MAKE_DOUGH: StepMeta = meta("make_dough", "make_dough");
static MAKE_SAUCE: StepMeta = meta("make_sauce", "make_sauce");
static SLOW: StepMeta = StepMeta {
    timeout: Some(Duration::from_secs(300)),
    ..meta("Slow one", "slow")
};
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
        aliases: &[],
        undo: None,
        retries: &[],
        timeout: None,
        heartbeat: None,
        injects: &[],
        is_async: true,
        handler: |_| Box::pin(async { Ok(Value::Null) }),
    }
}

fn steps() -> Vec<&'static StepMeta> {
    vec![&CREDIT, &SLOW, &MAKE_DOUGH, &MAKE_SAUCE]
}

fn read(text: &str, set: &[(&str, &str)]) -> Result<Placement, Error> {
    let variables = set
        .iter()
        .map(|(name, value)| (name.to_string(), OsString::from(value)))
        .collect();
    under(None, text, variables)
}

fn under(
    profile: Option<&str>,
    text: &str,
    variables: variables::Variables,
) -> Result<Placement, Error> {
    let mut placement = Placement::new();
    let mut mistakes = Vec::new();
    let known = Known {
        steps: &steps(),
        workflows: &["make-pizza"],
    };
    let path = Path::new(FILE);
    file::read(path, text, &known, profile, &mut placement, &mut mistakes);
    variables::read(&variables, &known, &mut placement, &mut mistakes);
    if mistakes.is_empty() {
        whole::check(&placement, known.steps, &mut mistakes);
    }
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
        ..LambdaSettings::default()
    };
    assert_eq!(placement.lambda(&MAKE_SAUCE), lambda);
    assert_eq!(placement.here(&steps()).len(), 3);
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
         `memory`, `max_concurrency`, `storage`, `architecture`, `log_retention`, `role`, `policy`, `subnets`, \
         `security_groups`, `environment`, `tags`",
    );
    refused(
        "apps = \"x\"",
        &[],
        "sfn.toml:1:1: unknown key `apps`\nhelp: did you mean `app`? the keys are `app`, `steps`, \
         `workflows`, `deploy`, `env`",
    );
}

#[test]
fn unknown_steps_list_the_known() {
    refused(
        "[steps.make_duogh]\nconcurrency = 2",
        &[],
        "sfn.toml:1:8: no step is named `make_duogh`\n\
         help: did you mean `make_dough`? the steps are `Get credit limit`, `Slow one`, `make_dough`, `make_sauce`",
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
         help: the steps are `GET_CREDIT_LIMIT`, `SLOW_ONE`, `MAKE_DOUGH`, `MAKE_SAUCE`",
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

const NONE: Known<'static> = Known {
    steps: &[],
    workflows: &[],
};

#[test]
fn a_named_file_must_be_there() {
    let path = Path::new("no/such/file.toml");
    let error = Placement::new()
        .read(Some(path), None, &NONE, &BTreeMap::new())
        .expect_err("no file");
    assert_eq!(error.to_string(), "`no/such/file.toml` cannot be read");
}

const PROFILES: &str = r#"
app = "pizzeria"

[steps]
environment = { TABLE = "kitchen", LANG = "it" }

[steps.make_dough]
memory = 256

[steps.make_sauce]
run = "lambda"
subnets = ["subnet-1", "subnet-2"]
security_groups = ["sg-1"]
environment = { TABLE = "sauces" }

[deploy]
log_level = "error"
tags = { team = "kitchen" }

[workflows.make-pizza]
schedule = "rate(1 hour)"

[env.prod]
steps.make_dough = { run = "lambda", architecture = "x86_64", storage = 1024 }
deploy.alarms = true
workflows.make-pizza.log_level = "all"

[env.test]
"#;

#[test]
fn a_profile_says_what_differs() {
    let base = read(PROFILES, &[]).expect("no mistake");
    assert_eq!(base.runs(&MAKE_DOUGH), Runs::Here);
    assert_eq!((base.prefix().as_str(), base.env()), ("pizzeria", None));
    assert_eq!(base.machine_name("make-pizza"), "make-pizza");
    assert!(!base.deploy().alarms);

    let prod = under(Some("prod"), PROFILES, BTreeMap::new()).expect("no mistake");
    assert_eq!(prod.runs(&MAKE_DOUGH), Runs::Lambda);
    assert_eq!(
        (prod.prefix().as_str(), prod.app()),
        ("pizzeria-prod", "pizzeria")
    );
    assert_eq!(prod.machine_name("make-pizza"), "make-pizza-prod");
    let dough = prod.lambda(&MAKE_DOUGH);
    assert_eq!(dough.memory, Some(256));
    assert_eq!(dough.architecture, Some(Architecture::X86_64));
    assert_eq!(dough.storage, Some(1024));
    assert!(prod.deploy().alarms);
    assert_eq!(prod.deploy().log_level, LogLevel::Error);
    assert_eq!(prod.workflow("make-pizza").log_level, Some(LogLevel::All));
    assert_eq!(
        prod.workflow("make-pizza").schedule.as_deref(),
        Some("rate(1 hour)")
    );

    let sauce = prod.lambda(&MAKE_SAUCE);
    assert_eq!(sauce.subnets, ["subnet-1", "subnet-2"]);
    let variable = |name: &str| sauce.environment.get(name).map(String::as_str);
    assert_eq!(
        (variable("TABLE"), variable("LANG")),
        (Some("sauces"), Some("it"))
    );
}

#[test]
fn profiles_are_known_by_name() {
    let path = std::env::temp_dir().join(format!("sfn-profiles-{}.toml", std::process::id()));
    std::fs::write(&path, "[env.prod]\n[env.test]\n").expect("a file");
    let placement = Placement::new();
    let error = placement
        .read(Some(&path), Some("prd"), &NONE, &BTreeMap::new())
        .expect_err("no such profile");
    std::fs::remove_file(&path).expect("the file");
    assert_eq!(
        error.to_string(),
        "no profile is named `prd`\nhelp: did you mean `prod`? the profiles are `prod`, `test`"
    );
}

#[test]
fn all_variables_have_a_key() {
    let set = [
        ("SFN_DEPLOY__REGION", "eu-central-1"),
        ("SFN_DEPLOY__TAGS", "team=kitchen, cost = 7"),
        ("SFN_WORKFLOWS__MAKE_PIZZA__SCHEDULE", "rate(1 day)"),
        ("SFN_STEPS__MAKE_SAUCE__RUN", "lambda"),
        ("SFN_STEPS__MAKE_SAUCE__SUBNETS", "subnet-1, subnet-2"),
        ("SFN_STEPS__MAKE_SAUCE__SECURITY_GROUPS", "sg-1"),
    ];
    let placement = read("", &set).expect("no mistake");
    assert_eq!(placement.deploy().region.as_deref(), Some("eu-central-1"));
    assert_eq!(placement.deploy().tags["cost"], "7");
    assert_eq!(
        placement.workflow("make-pizza").schedule.as_deref(),
        Some("rate(1 day)")
    );
    assert_eq!(placement.lambda(&MAKE_SAUCE).subnets.len(), 2);
    refused(
        "",
        &[("SFN_DEPLOY_LOG_LEVEL", "all")],
        "variable `SFN_DEPLOY_LOG_LEVEL`: its parts are joined by two underscores\n\
         help: write `SFN_DEPLOY__LOG_LEVEL`",
    );
    refused(
        "",
        &[("SFN_DEPLOY__LOGLEVEL", "all")],
        "variable `SFN_DEPLOY__LOGLEVEL`: unknown key `LOGLEVEL`\n\
         help: did you mean `LOG_LEVEL`? the keys of `[deploy]` are `REGION`, `ACCOUNT`, `ROLE`, `BOUNDARY`, `TAGS`, \
         `LOG_LEVEL`, `LOG_RETENTION`, `TRACING`, `ALARMS`, `NOTIFY`, `BUCKET`, `LARGE_RETENTION`",
    );
}

#[test]
fn values_of_the_deployment_are_checked() {
    refused(
        "[deploy]\nlog_retention = 31\nnotify = \"bob\"\nrole = \"kitchen\"",
        &[],
        "sfn.toml:2:17: `log_retention` is one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, \
         1827, 2192, 2557, 2922, 3288, 3653, 0, not `31` (days; 0 keeps them for ever)\n\
         sfn.toml:3:10: `notify` is an e-mail address or the ARN of a topic, not `bob`\n\
         sfn.toml:4:8: `role` is an ARN such as `arn:aws:iam::123456789012:role/kitchen`, not `kitchen`",
    );
    refused(
        "[workflows.make-piza]\nschedule = \"daily\"",
        &[],
        "sfn.toml:1:12: no workflow is named `make-piza`\n\
         help: did you mean `make-pizza`? the workflows are `make-pizza`",
    );
    refused(
        "[workflows.make-pizza]\nschedule = \"daily\"\nevent = \"x\"",
        &[],
        "sfn.toml:2:12: `schedule` is `rate(5 minutes)`, `cron(0 9 * * ? *)` or `at(2026-12-24T18:00:00)`, not `daily`\n\
         sfn.toml:3:9: `event` is JSON text such as `'{ \"source\": [\"shop\"] }'`: expected value at line 1 column 1",
    );
    refused(
        "[steps.make_sauce]\nrun = \"lambda\"\nenvironment = { AWS_REGION = \"x\" }\ntags = { \"sfn:app\" = \"x\" }",
        &[],
        "sfn.toml:3:15: `AWS_REGION` is set by Lambda or by the runtime itself\n\
         sfn.toml:4:8: `tags` may not begin with `aws:` or `sfn:`, unlike `sfn:app`",
    );
    refused(
        "[env.Prod]",
        &[],
        "sfn.toml:1:6: a profile's name has 1 to 16 small letters or digits, unlike `Prod`",
    );
}

#[test]
fn a_function_may_not_end_before_its_step() {
    refused(
        "[steps.\"Slow one\"]\nrun = \"lambda\"\ntimeout = \"40s\"",
        &[],
        "sfn.toml:3:11: step `Slow one` may take 5m, and its function is ended after 40s\n\
         help: make `timeout` at least as long, or that of the step shorter",
    );
    refused(
        "[steps.make_sauce]\nrun = \"lambda\"\nsubnets = [\"subnet-1\"]",
        &[],
        "sfn.toml:3:11: step `make_sauce` has `subnets` and no `security_groups`\n\
         help: a function in a network of one's own needs both",
    );
}
