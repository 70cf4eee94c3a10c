//! What is deployed: the examples, under each of their placements.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use sfn_runtime::{
    StepMeta,
    deploy::{Model, Request, desired},
    flow::Definition,
    placement::{Architecture, Placement},
    registry,
    service::Location,
};
// A crate that no code mentions is not linked, and its workflows are not known.
use {credit as _, earthquakes as _, festival as _, order as _, pizza as _, process_batch as _};

/// A program with a configuration.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// From the workspace's folder.
    config: &'static str,
    profile: Option<&'static str>,
    workflows: &'static [&'static str],
}

const PIZZA: &[&str] = &["make-pizza", "tutorial-pizza"];
const ORDER: &[&str] = &["process-order"];
const BATCH: &[&str] = &["campaign", "process-batch"];
const FESTIVAL: &[&str] = &["book-festival", "driest-month", "festival"];

pub(crate) const CASES: &[Case] = &[
    case("pizza-here", "examples/pizza/sfn.toml", PIZZA),
    case("pizza-lambda", "tests/deploy/lambda.toml", PIZZA),
    Case {
        profile: Some("prod"),
        ..case("pizza-prod", "tests/deploy/lambda.toml", PIZZA)
    },
    case("order-here", "examples/order/sfn.toml", ORDER),
    case("order-lambda", "tests/deploy/order-lambda.toml", ORDER),
    case(
        "process-batch-here",
        "examples/process-batch/sfn.toml",
        BATCH,
    ),
    case(
        "process-batch-lambda",
        "tests/deploy/process-batch-lambda.toml",
        BATCH,
    ),
    case("festival-here", "examples/festival/sfn.toml", FESTIVAL),
    case(
        "festival-lambda",
        "tests/deploy/festival-lambda.toml",
        FESTIVAL,
    ),
    case("credit", "examples/credit/sfn.toml", &["credit"]),
    case(
        "earthquakes",
        "examples/earthquakes/sfn.toml",
        &["earthquakes"],
    ),
];

const fn case(
    name: &'static str,
    config: &'static str,
    workflows: &'static [&'static str],
) -> Case {
    Case {
        name,
        config,
        profile: None,
        workflows,
    }
}

impl Case {
    pub(crate) fn workflows(&self) -> Vec<Definition> {
        let of = |name: &&str| registry::workflow(name).expect("it is linked").into();
        self.workflows.iter().map(of).collect()
    }

    pub(crate) fn placement(&self) -> Placement {
        // Not all that are linked: two programs may have steps of one name.
        let steps: Vec<&'static StepMeta> = self
            .workflows()
            .iter()
            .flat_map(|workflow| workflow.steps().expect("it can be compiled"))
            .map(|step| (step.name, step))
            .collect::<BTreeMap<_, _>>()
            .into_values()
            .collect();
        let config = root().join(self.config);
        Placement::load_profile(Some(&config), self.profile, &steps).expect("a right file")
    }

    pub(crate) fn model(&self) -> Model {
        let placement = self.placement();
        let location = location();
        let code = BTreeMap::from([
            (Architecture::Arm64, "sha256-of-the-arm64-zip".to_owned()),
            (Architecture::X86_64, "sha256-of-the-x86_64-zip".to_owned()),
        ]);
        let request = Request {
            placement: &placement,
            workflows: &self.workflows(),
            location: &location,
            code: &code,
            bucket: placement.deploy().large_retention.is_some(),
        };
        desired(request).expect("the examples can be deployed")
    }
}

pub(crate) fn location() -> Location {
    Location {
        partition: "aws".into(),
        region: "eu-central-1".into(),
        account: "123456789012".into(),
    }
}

fn root() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).to_owned()
}

/// The file that holds what is right.
pub(crate) fn golden(file: &str) -> String {
    format!("{}/deploy/golden/{file}", env!("CARGO_MANIFEST_DIR"))
}
