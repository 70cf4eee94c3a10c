use super::*;
use crate::{
    deploy::resource::{Activity, LogGroup, ResourceKind},
    placement::Architecture,
};

fn tags() -> Tags {
    [
        (APP_TAG, "pizzeria"),
        (ENV_TAG, "default"),
        (MANAGED_TAG, "sfn"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn resource(name: &str, spec: Spec) -> Resource {
    Resource {
        name: name.to_owned(),
        spec,
        tags: tags(),
        purpose: String::new(),
    }
}

fn logs(days: u32) -> Spec {
    Spec::LogGroup(LogGroup {
        retention_days: days,
    })
}

fn function(memory: u32) -> Spec {
    Spec::Function(crate::deploy::Function {
        runtime: "provided.al2023".into(),
        handler: "bootstrap".into(),
        architecture: Architecture::Arm64,
        memory,
        timeout: 60,
        storage: 512,
        role: "arn:aws:iam::123456789012:role/r".into(),
        environment: BTreeMap::new(),
        subnets: Vec::new(),
        security_groups: Vec::new(),
        tracing: false,
        max_concurrency: None,
        code: Some("hash".into()),
    })
}

fn machine(function: &str) -> Spec {
    Spec::Machine(crate::deploy::Machine {
        kind: crate::Kind::Standard,
        definition: json!({ "FunctionName": function }),
        role: "arn:aws:iam::123456789012:role/r".into(),
        log_level: "OFF".into(),
        log_group: None,
        tracing: false,
    })
}

fn model(resources: Vec<Resource>) -> Model {
    Model {
        app: "pizzeria".into(),
        env: None,
        prefix: "pizzeria".into(),
        partition: "aws".into(),
        region: "us-east-1".into(),
        account: "123456789012".into(),
        resources,
    }
}

fn found(all: Vec<(Resource, Actual)>) -> BTreeMap<Id, Actual> {
    all.into_iter()
        .map(|(resource, actual)| (resource.id(), actual))
        .collect()
}

/// What is done with each resource, in words.
#[track_caller]
fn check(wanted: Vec<Resource>, there: Vec<(Resource, Actual)>, expected: &[&str]) {
    let plan = plan(model(wanted), &found(there)).expect("all is ours");
    let words: Vec<String> = plan
        .steps
        .iter()
        .map(|step| {
            let word = match &step.action {
                Action::Create => "create".to_owned(),
                Action::Keep => "keep".to_owned(),
                Action::Retire => "retire".to_owned(),
                Action::Delete => "delete".to_owned(),
                Action::Update(all) => {
                    let all: Vec<_> = all.iter().map(Difference::to_string).collect();
                    format!("update ({})", all.join("; "))
                }
            };
            format!("{word} {}", step.resource.id())
        })
        .collect();
    assert_eq!(words, expected);
}

fn as_it_is(resource: Resource) -> (Resource, Actual) {
    let actual = Actual::new(resource.spec.clone(), resource.tags.clone());
    (resource, actual)
}

#[test]
fn what_is_there_is_kept_and_what_differs_is_named() {
    check(
        vec![resource("a", logs(30))],
        vec![],
        &["create log group `a`"],
    );
    let same = as_it_is(resource("a", logs(30)));
    check(
        vec![resource("a", logs(30))],
        vec![same.clone()],
        &["keep log group `a`"],
    );
    check(
        vec![resource("a", logs(7))],
        vec![same.clone()],
        &["update (retention_days: 30 → 7) log group `a`"],
    );
    let mut tagged = resource("a", logs(30));
    tagged.tags.insert("team".into(), "kitchen".into());
    check(
        vec![tagged],
        vec![same],
        &["update (tags.team: kitchen) log group `a`"],
    );
}

#[test]
fn what_nobody_wants_waits_for_its_executions_unless_it_acts_by_itself() {
    let old = as_it_is(resource("old", Spec::Activity(Activity {})));
    check(vec![], vec![old], &["retire activity `old`"]);
    let alarm = Spec::Alarm(crate::deploy::Alarm {
        description: String::new(),
        namespace: "AWS/States".into(),
        metric: "m".into(),
        dimensions: BTreeMap::new(),
        statistic: "Sum".into(),
        period: 300,
        threshold: 1,
        actions: Vec::new(),
    });
    check(
        vec![],
        vec![as_it_is(resource("old", alarm))],
        &["delete alarm `old`"],
    );
    // What is there and not ours is not looked at.
    let (resource, mut actual) = as_it_is(resource("other", logs(1)));
    actual.tags.clear();
    check(vec![], vec![(resource, actual)], &[]);
}

#[test]
fn a_foreign_resource_is_an_error_that_names_it() {
    let (resource, mut actual) = as_it_is(resource("a", logs(30)));
    actual.tags = [(APP_TAG.to_owned(), "trattoria".to_owned())].into();
    let wanted = model(vec![resource.clone()]);
    let foreign = plan(wanted, &found(vec![(resource, actual)])).expect_err("not ours");
    assert_eq!(
        foreign[0].to_string(),
        "log group `a` is there, and was not made for `pizzeria`: it has the tags `sfn:app=trattoria`\n\
         help: rename the app or what is in the way, or hand it over by tagging it `sfn:app=pizzeria`, \
         `sfn:env=default` and `sfn:managed-by=sfn`"
    );
}

#[test]
fn a_machine_follows_the_version_of_its_function() {
    let wanted = || {
        vec![
            resource("f", function(256)),
            resource("m", machine("f:${f.Version}")),
        ]
    };
    let there = |memory: u32, version: Option<&str>, live: bool| {
        let (f, actual) = as_it_is(resource("f", function(memory)));
        let f = (f, actual.version(version.map(str::to_owned)));
        let (m, actual) = as_it_is(resource("m", machine("f:3")));
        vec![f, (m, actual.live(live))]
    };
    check(
        wanted(),
        there(256, Some("3"), true),
        &["keep function `f`", "keep state machine `m`"],
    );
    check(
        wanted(),
        there(128, Some("3"), true),
        &[
            "update (memory: 128 → 256) function `f`",
            "update (definition.FunctionName: f:3 → f:${f.Version}) state machine `m`",
        ],
    );
    // Interrupted before the version was published, and before the alias was moved.
    check(
        wanted(),
        there(256, None, true),
        &[
            "update (a version of it is published) function `f`",
            "update (definition.FunctionName: f:3 → f:${f.Version}) state machine `m`",
        ],
    );
    check(
        wanted(),
        there(256, Some("3"), false),
        &[
            "keep function `f`",
            "update (the alias `live` is moved to it) state machine `m`",
        ],
    );
}

#[test]
fn a_role_keeps_what_executions_in_flight_need() {
    let role = |resources: &[&str]| {
        let statement = json!({
            "Sid": "InvokeFunctions", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resources,
        });
        let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
        Spec::Role(Role {
            path: "/sfn/pizzeria/".into(),
            trust: json!({}),
            policies: [("flow".to_owned(), document)].into(),
            boundary: None,
        })
    };
    let arn = |name: &str| format!("arn:aws:lambda:us-east-1:123456789012:function:{name}:*");
    let (f, g) = (arn("f"), arn("g"));
    let there = vec![
        as_it_is(resource("r", role(&[&f, &g]))),
        as_it_is(resource("g", function(128))),
    ];
    assert_eq!(there[1].0.id().kind, ResourceKind::Function);
    check(
        vec![resource("r", role(&[&f]))],
        there,
        &["keep role `r`", "retire function `g`"],
    );
}

#[test]
fn a_tag_that_is_wanted_no_more_is_taken_away_and_others_are_left() {
    let tagged = |more: &[(&str, &str)]| {
        let mut one = resource("a", logs(30));
        let more = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        one.tags.extend(more);
        one
    };
    let ours = [("team", "dough"), ("cost", "7"), (TAGS_TAG, "cost=team")];
    let there = || {
        let mut all = ours.to_vec();
        all.push(("audited", "by somebody else"));
        vec![as_it_is(tagged(&all))]
    };
    check(vec![tagged(&ours)], there(), &["keep log group `a`"]);
    check(
        vec![tagged(&[("cost", "7"), (TAGS_TAG, "cost")])],
        there(),
        &["update (tags.sfn:tags: cost=team → cost; tags.team: dough is removed) log group `a`"],
    );
    check(
        vec![tagged(&[])],
        there(),
        &[
            "update (tags.cost: 7 is removed; tags.team: dough is removed; \
           tags.sfn:tags: cost=team is removed) log group `a`",
        ],
    );
}

#[test]
fn a_role_serves_one_region() {
    let role = Spec::Role(Role {
        path: "/sfn/pizzeria/".into(),
        trust: json!({}),
        policies: BTreeMap::new(),
        boundary: None,
    });
    let at = |region: &str| {
        let mut one = resource("r", role.clone());
        one.tags.insert(REGION_TAG.to_owned(), region.to_owned());
        one
    };
    check(
        vec![at("us-east-1")],
        vec![as_it_is(at("us-east-1"))],
        &["keep role `r`"],
    );
    let there = found(vec![as_it_is(at("eu-west-1"))]);
    let refused = plan(model(vec![at("us-east-1")]), &there).expect_err("it serves another one");
    assert_eq!(
        refused[0].to_string(),
        "role `r` serves `pizzeria` in eu-west-1, and is the same in every Region\n\
         help: deploy to eu-west-1, or under a profile of its own here: `[env.NAME]` in `sfn.toml`, and `--env NAME`"
    );
    // Nor is it in the way of an app that does not want it.
    let plan = plan(model(vec![]), &there).expect("nothing is wanted");
    assert_eq!(plan.steps, []);
}
