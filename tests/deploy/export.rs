//! What `export` writes for other tools: compared with files, and with the model that `deploy` works from.
//!
//! With `SFN_EXPORT_DIR`, everything is written there as well, for the tools' own linters: see `tests/stand-in/export`.

use std::{fs, path::PathBuf};

use expect_test::expect_file;
use serde_json::{Value, json};
use sfn_runtime::deploy::export::{Export, yaml};

use crate::{
    cases::{CASES, Case, golden},
    permissions, resolved,
};

struct Written {
    json: Value,
    yaml: String,
    terraform: Value,
}

fn written(case: &Case, zip: Option<&[u8]>) -> Written {
    let export = Export {
        placement: &case.placement(),
        workflows: &case.workflows(),
        zip,
    };
    let template = |readable| export.cloudformation(readable).expect("there is no null");
    Written {
        json: template(false),
        yaml: yaml(&template(true)),
        terraform: export.terraform().expect("the examples can be deployed"),
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

#[test]
fn the_templates_of_the_examples() {
    for case in CASES {
        let Written {
            json,
            yaml,
            terraform,
        } = written(case, None);
        let of = |end: &str| golden(&format!("export/{}.{end}", case.name));
        expect_file![of("yaml")].assert_eq(&yaml);
        expect_file![of("tf.json")].assert_eq(&pretty(&terraform));
        if let Some(folder) = std::env::var_os("SFN_EXPORT_DIR").map(PathBuf::from) {
            // Terraform reads all files of a folder as one module.
            let module = folder.join(case.name);
            fs::create_dir_all(&module).expect("the folder can be made");
            let write = |file: &str, text: &str| {
                fs::write(module.join(file), text).expect("the folder can be written to");
            };
            write("template.json", &pretty(&json));
            write("template.yaml", &yaml);
            write("main.tf.json", &pretty(&terraform));
            let model = serde_json::to_value(case.model()).expect("a model is JSON");
            write("model.json", &pretty(&model));
        }
    }
}

/// Both are the model: with the account and the Region filled in, each ARN and each policy is the one `deploy` writes.
#[test]
fn a_template_is_the_model() {
    for case in CASES {
        let written = written(case, None);
        let expected = resolved::model(&case.model());
        assert!(expected.len() > 3, "`{}` has resources", case.name);
        let found = resolved::cloudformation(&written.json);
        resolved::check(case.name, "CloudFormation", &found, &expected);
        let found = resolved::terraform(&written.terraform);
        resolved::check(case.name, "Terraform", &found, &expected);
    }
}

/// The test on `*` holds for what is exported, too.
#[test]
fn no_permission_is_wider_than_it_must_be() {
    for case in CASES {
        let written = written(case, None);
        let all = [
            ("CloudFormation", resolved::cloudformation(&written.json)),
            ("Terraform", resolved::terraform(&written.terraform)),
        ];
        let expected = count(case.name, &resolved::model(&case.model()));
        for (tool, resources) in all {
            let seen = count(&format!("{}, {tool}", case.name), &resources);
            assert_eq!(seen, expected, "{}, {tool}", case.name);
        }
    }
}

fn count(place: &str, resources: &resolved::Resources) -> usize {
    resources
        .iter()
        .map(|(id, resource)| permissions::check(&format!("{place}, {id}"), resource))
        .sum()
}

/// With a zip, the parameters say by themselves what it is.
#[test]
fn a_zip_names_itself() {
    let case = CASES.iter().find(|case| case.name == "pizza-lambda");
    let written = written(case.expect("it is one"), Some(b"a zip"));
    let sha256 = "mkRVdGXvxkS3EX6T6vE8M82Vb19PEsohvVGulOqXFpo=";
    let key = "code/mkRVdGXvxkS3EX6T6vE8M82Vb19PEsohvVGulOqXFpo_.zip";
    let defaults = |all: &Value, field: &str| -> Vec<Value> {
        let all = all.as_object().expect("an object");
        all.values().map(|one| one[field].clone()).collect()
    };
    let expected = vec![
        Value::Null,
        json!(key),
        json!(sha256),
        json!(key),
        json!(sha256),
    ];
    assert_eq!(defaults(&written.json["Parameters"], "Default"), expected);
    assert_eq!(
        defaults(&written.terraform["variable"], "default"),
        expected
    );
}
