//! State machines, their versions, aliases and labels.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::server::{PASS, Server, text};

const OTHER: &str = r#"{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}"#;
const ROLE: &str = "arn:aws:iam::123456789012:role/r";

#[test]
fn the_same_request_makes_the_same_machine() {
    let server = Server::start();
    let request = json!({ "name": "m", "definition": PASS, "roleArn": ROLE });
    let first = server.ok("CreateStateMachine", request.clone());
    assert_eq!(server.ok("CreateStateMachine", request), first);
    // The role makes no difference, the definition does, be it only its blanks.
    let role = json!({ "name": "m", "definition": PASS, "roleArn": format!("{ROLE}2") });
    assert_eq!(server.ok("CreateStateMachine", role), first);
    let spaced = PASS.replace(':', ": ");
    let (code, message) = server.refused(
        "CreateStateMachine",
        json!({ "name": "m", "definition": spaced, "roleArn": ROLE }),
    );
    let arn = text(&first["stateMachineArn"]);
    assert_eq!(code, "StateMachineAlreadyExists");
    assert_eq!(message, format!("State Machine Already Exists: '{arn}'"));
}

#[test]
fn an_update_that_changes_nothing_makes_no_revision() {
    let server = Server::start();
    let arn = server.machine("m", PASS);
    let update = |definition: &str| {
        let body = json!({ "stateMachineArn": arn, "definition": definition });
        server
            .ok("UpdateStateMachine", body)
            .get("revisionId")
            .cloned()
    };
    assert_eq!(update(PASS), None);
    let second = update(OTHER);
    assert!(second.is_some());
    assert_eq!(update(OTHER), second);
    assert_ne!(update(PASS), second);
    let (code, _) = server.refused("UpdateStateMachine", json!({ "stateMachineArn": arn }));
    assert_eq!(code, "MissingRequiredParameter");
}

#[test]
fn definitions_are_checked_for_the_type_of_machine() {
    let server = Server::start();
    let wait = r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},"End":true}}}"#;
    server.machine("standard", wait);
    let (code, message) = server.refused(
        "CreateStateMachine",
        json!({ "name": "express", "definition": wait, "roleArn": ROLE, "type": "EXPRESS" }),
    );
    assert_eq!(code, "InvalidDefinition");
    assert!(
        message.contains("Express state machine does not support '.waitForTaskToken'"),
        "{message}"
    );
}

#[test]
fn versions_are_numbered_and_never_again() {
    let server = Server::start();
    let arn = server.machine("m", PASS);
    let publish = || {
        let made = server.ok(
            "PublishStateMachineVersion",
            json!({ "stateMachineArn": arn }),
        );
        text(&made["stateMachineVersionArn"])
    };
    let change = |definition: &str| {
        server.ok(
            "UpdateStateMachine",
            json!({ "stateMachineArn": arn, "definition": definition }),
        )
    };
    assert_eq!(
        (publish(), publish()),
        (format!("{arn}:1"), format!("{arn}:1"))
    );
    change(OTHER);
    assert_eq!(publish(), format!("{arn}:2"));
    server.ok(
        "DeleteStateMachineVersion",
        json!({ "stateMachineVersionArn": format!("{arn}:2") }),
    );
    change(PASS);
    assert_eq!(publish(), format!("{arn}:3"));
    let listed = server.ok(
        "ListStateMachineVersions",
        json!({ "stateMachineArn": arn }),
    );
    let listed: Vec<String> = listed["stateMachineVersions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| text(&item["stateMachineVersionArn"]))
        .collect();
    assert_eq!(listed, [format!("{arn}:3"), format!("{arn}:1")]);
    let (code, message) = server.refused(
        "PublishStateMachineVersion",
        json!({ "stateMachineArn": arn, "revisionId": "INITIAL" }),
    );
    assert_eq!(code, "ConflictException");
    assert!(
        message.starts_with("Failed to publish the State Machine version for revision INITIAL."),
        "{message}"
    );
}

#[test]
fn what_does_not_exist_is_deleted_and_listed_without_an_error() {
    let server = Server::start();
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:none";
    server.ok("DeleteStateMachine", json!({ "stateMachineArn": arn }));
    server.ok(
        "DeleteStateMachineVersion",
        json!({ "stateMachineVersionArn": format!("{arn}:1") }),
    );
    server.ok(
        "DeleteStateMachineAlias",
        json!({ "stateMachineAliasArn": format!("{arn}:live") }),
    );
    server.ok(
        "DeleteActivity",
        json!({ "activityArn": arn.replace("stateMachine", "activity") }),
    );
    let versions = server.ok(
        "ListStateMachineVersions",
        json!({ "stateMachineArn": arn }),
    );
    assert_eq!(versions, json!({ "stateMachineVersions": [] }));
    let (code, _) = server.refused("ListStateMachineAliases", json!({ "stateMachineArn": arn }));
    assert_eq!(code, "StateMachineDoesNotExist");
}

/// A machine with two versions; answers their ARNs.
fn two_versions(server: &Server) -> [String; 2] {
    let made = server.ok(
        "CreateStateMachine",
        json!({ "name": "m", "definition": PASS, "roleArn": ROLE, "publish": true }),
    );
    let changed = server.ok(
        "UpdateStateMachine",
        json!({ "stateMachineArn": made["stateMachineArn"], "definition": OTHER, "publish": true }),
    );
    [
        text(&made["stateMachineVersionArn"]),
        text(&changed["stateMachineVersionArn"]),
    ]
}

fn routing(items: &[(&str, u8)]) -> Value {
    let items = items.iter();
    items
        .map(|(arn, weight)| json!({ "stateMachineVersionArn": arn, "weight": weight }))
        .collect()
}

#[test]
fn an_alias_divides_executions_by_weight() {
    let server = Server::start();
    let [one, two] = two_versions(&server);
    let made = server.ok(
        "CreateStateMachineAlias",
        json!({ "name": "live", "routingConfiguration": routing(&[(&one, 20), (&two, 80)]) }),
    );
    let alias = text(&made["stateMachineAliasArn"]);
    let mut counts: HashMap<String, u32> = HashMap::new();
    for _ in 0..400 {
        let started = server.ok("StartExecution", json!({ "stateMachineArn": alias }));
        let found = server.ok(
            "DescribeExecution",
            json!({ "executionArn": started["executionArn"] }),
        );
        assert_eq!(found["stateMachineAliasArn"], json!(alias));
        *counts
            .entry(text(&found["stateMachineVersionArn"]))
            .or_default() += 1;
    }
    // 80 are expected; more than 130 or less than 40 happen once in some hundred million runs.
    let first = counts[&one];
    assert!((40..=130).contains(&first), "{counts:?}");
    let held = server.refused(
        "DeleteStateMachineVersion",
        json!({ "stateMachineVersionArn": one }),
    );
    assert_eq!(
        held,
        (
            "ConflictException".to_owned(),
            "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this \
             version: [live]"
                .to_owned()
        )
    );
    server.ok(
        "UpdateStateMachineAlias",
        json!({ "stateMachineAliasArn": alias, "routingConfiguration": routing(&[(&two, 100)]) }),
    );
    server.ok(
        "DeleteStateMachineVersion",
        json!({ "stateMachineVersionArn": one }),
    );
    let described = server.ok(
        "DescribeStateMachineAlias",
        json!({ "stateMachineAliasArn": alias }),
    );
    assert_eq!(described["routingConfiguration"], routing(&[(&two, 100)]));
}

#[test]
fn routings_that_make_no_sense_are_refused() {
    let server = Server::start();
    let [one, two] = two_versions(&server);
    let check = |name: &str, items: &[(&str, u8)], part: &str| {
        let body = json!({ "name": name, "routingConfiguration": routing(items) });
        let (code, message) = server.refused("CreateStateMachineAlias", body);
        assert_eq!(code, "ValidationException");
        assert!(message.contains(part), "{message}");
    };
    check(
        "a",
        &[],
        "Member must have length greater than or equal to 1",
    );
    check(
        "a",
        &[(&one, 101)],
        "Value '101' at 'routingConfiguration.1.member.weight'",
    );
    check(
        "a",
        &[(&one, 70), (&two, 29)],
        "must equal 100. Received: [70, 29]",
    );
    check("a", &[(&one, 50), (&one, 50)], "distinct");
    check(
        "12",
        &[(&one, 100)],
        "Member must satisfy regular expression pattern",
    );
}

#[test]
fn labels_are_put_on_and_taken_off() {
    let server = Server::start();
    let arn = server.machine("m", PASS);
    let tags = || server.ok("ListTagsForResource", json!({ "resourceArn": arn }))["tags"].clone();
    let tag = |key: &str, value: &str| json!({ "key": key, "value": value });
    server.ok(
        "TagResource",
        json!({ "resourceArn": arn, "tags": [tag("a", "1"), tag("b", "2")] }),
    );
    server.ok(
        "TagResource",
        json!({ "resourceArn": arn, "tags": [tag("a", "3")] }),
    );
    assert_eq!(tags(), json!([tag("a", "3"), tag("b", "2")]));
    server.ok(
        "UntagResource",
        json!({ "resourceArn": arn, "tagKeys": ["a", "c"] }),
    );
    assert_eq!(tags(), json!([tag("b", "2")]));
    let many: Vec<Value> = (0..50)
        .map(|number| tag(&format!("k{number}"), ""))
        .collect();
    let (code, _) = server.refused("TagResource", json!({ "resourceArn": arn, "tags": many }));
    assert_eq!(code, "TooManyTags");
    let version = format!("{arn}:1");
    let (code, message) =
        server.refused("TagResource", json!({ "resourceArn": version, "tags": [] }));
    assert_eq!(
        (code.as_str(), message),
        (
            "ResourceNotFound",
            format!("Resource not found: '{version}'")
        )
    );
}

#[test]
fn faults_of_definitions_are_told_without_making_anything() {
    let server = Server::start();
    let validate = |definition: &str| {
        server.ok(
            "ValidateStateMachineDefinition",
            json!({ "definition": definition }),
        )
    };
    assert_eq!(
        validate(PASS),
        json!({ "result": "OK", "diagnostics": [], "truncated": false })
    );
    let found = validate(r#"{"StartAt":"A","States":{"A":{"Type":"Pass"}}}"#);
    assert_eq!(found["result"], "FAIL");
    assert_eq!(found["diagnostics"][0]["severity"], "ERROR");
    assert_eq!(
        server.ok("ListStateMachines", json!({})),
        json!({ "stateMachines": [] })
    );
}

#[test]
fn the_role_has_to_be_one() {
    let server = Server::start();
    let check = |role: &str| {
        let body = json!({ "name": "m", "definition": PASS, "roleArn": role });
        let (code, message) = server.refused("CreateStateMachine", body);
        assert_eq!(code, "InvalidArn", "{role}");
        assert_eq!(message, format!("Invalid Role Arn: '{role}'"));
    };
    check("role");
    check("arn:aws:s3:::bucket");
    check("arn:aws:iam::123456789012:user/u");
    check("arn:aws:iam::123456789012:role/");
    let arn = server.machine("m", PASS);
    let update = json!({ "stateMachineArn": arn, "roleArn": "role" });
    assert_eq!(server.refused("UpdateStateMachine", update).0, "InvalidArn");
}
