//! Encryption, data that is left out, and how much there may be of what.

use serde_json::{Value, json};

use crate::server::{PASS, Server, text};

const ROLE: &str = "arn:aws:iam::123456789012:role/r";

fn own_key(period: u32) -> Value {
    json!({
        "type": "CUSTOMER_MANAGED_KMS_KEY",
        "kmsKeyId": "alias/k",
        "kmsDataKeyReusePeriodSeconds": period
    })
}

fn create(name: &str, encryption: &Value) -> Value {
    json!({
        "name": name, "definition": PASS, "roleArn": ROLE, "encryptionConfiguration": encryption
    })
}

#[test]
fn encryption_is_kept_and_told() {
    let server = Server::start();
    let described = |arn: &str| {
        let body = json!({ "stateMachineArn": arn });
        server.ok("DescribeStateMachine", body)["encryptionConfiguration"].clone()
    };
    let arn = text(&server.ok("CreateStateMachine", create("m", &own_key(60)))["stateMachineArn"]);
    assert_eq!(described(&arn), own_key(60));
    // Another encryption is another machine.
    let (code, _) = server.refused("CreateStateMachine", create("m", &own_key(61)));
    assert_eq!(code, "StateMachineAlreadyExists");
    let update =
        json!({ "stateMachineArn": arn, "encryptionConfiguration": { "type": "AWS_OWNED_KEY" } });
    server.ok("UpdateStateMachine", update);
    assert_eq!(described(&arn), json!({ "type": "AWS_OWNED_KEY" }));

    let activity =
        |encryption: &Value| json!({ "name": "a", "encryptionConfiguration": encryption });
    let arn = text(&server.ok("CreateActivity", activity(&own_key(900)))["activityArn"]);
    let told = server.ok("DescribeActivity", json!({ "activityArn": arn }));
    assert_eq!(told["encryptionConfiguration"], own_key(900));
    let (code, _) = server.refused("CreateActivity", json!({ "name": "a" }));
    assert_eq!(code, "ActivityAlreadyExists");
}

#[test]
fn encryption_that_does_not_fit_together_is_refused() {
    let server = Server::start();
    let check = |encryption: Value| {
        let (code, message) = server.refused("CreateStateMachine", create("m", &encryption));
        assert_eq!(
            code, "InvalidEncryptionConfiguration",
            "{encryption}: {message}"
        );
    };
    check(json!({ "type": "CUSTOMER_MANAGED_KMS_KEY" }));
    check(json!({ "type": "AWS_OWNED_KEY", "kmsKeyId": "k" }));
    // What the API's model refuses is another error.
    for encryption in [own_key(59), own_key(901), json!({ "type": "OWN" })] {
        let (code, _) = server.refused("CreateStateMachine", create("m", &encryption));
        assert_eq!(code, "ValidationException", "{encryption}");
    }
}

#[test]
fn without_data_there_are_no_texts() {
    let server = Server::start();
    let arn = server.machine("m", PASS);
    let only = |mut body: Value| {
        body["includedData"] = "METADATA_ONLY".into();
        body
    };
    let machine = server.ok(
        "DescribeStateMachine",
        only(json!({ "stateMachineArn": arn })),
    );
    assert_eq!(machine["definition"], "{}");
    assert_eq!(machine["name"], "m");
    let start = json!({ "stateMachineArn": arn, "input": "{\"a\":1}" });
    let execution = text(&server.ok("StartExecution", start)["executionArn"]);
    server.ended(&execution);
    let body = json!({ "executionArn": execution });
    let told = server.ok("DescribeExecution", only(body.clone()));
    assert_eq!(told.get("input"), None);
    assert_eq!(told.get("output"), None);
    assert_eq!(told["inputDetails"], json!({ "included": false }));
    assert_eq!(told["status"], "SUCCEEDED");
    let machine = server.ok("DescribeStateMachineForExecution", only(body));
    assert_eq!(machine["definition"], "{}");

    let express = json!({ "name": "x", "definition": PASS, "roleArn": ROLE, "type": "EXPRESS" });
    let express = &server.ok("CreateStateMachine", express)["stateMachineArn"];
    let told = server.ok(
        "StartSyncExecution",
        only(json!({ "stateMachineArn": express })),
    );
    assert_eq!(told.get("output"), None);
    assert_eq!(told["outputDetails"], json!({ "included": false }));
    let wrong = json!({ "stateMachineArn": arn, "includedData": "NO_DATA" });
    assert_eq!(
        server.refused("DescribeStateMachine", wrong).0,
        "ValidationException"
    );
}

#[test]
fn there_are_so_many_versions_aliases_and_tags_and_no_more() {
    let server = Server::start();
    let arn = server.machine("m", PASS);
    let publish = json!({ "stateMachineArn": arn });
    for n in 0..1000 {
        let definition = PASS.replace("\"End\"", &format!("\"Comment\":\"{n}\",\"End\""));
        let update = json!({ "stateMachineArn": arn, "definition": definition, "publish": true });
        server.ok("UpdateStateMachine", update);
    }
    // The last one is published already.
    let last = &server.ok("PublishStateMachineVersion", publish.clone())["stateMachineVersionArn"];
    assert_eq!(text(last), format!("{arn}:1000"));
    let update = json!({ "stateMachineArn": arn, "definition": PASS, "publish": true });
    let (code, _) = server.refused("UpdateStateMachine", update.clone());
    assert_eq!(code, "ServiceQuotaExceededException");
    let told = server.ok("DescribeStateMachine", json!({ "stateMachineArn": arn }));
    assert_ne!(told["definition"], PASS, "what was refused changed nothing");
    server.ok(
        "DeleteStateMachineVersion",
        json!({ "stateMachineVersionArn": format!("{arn}:1") }),
    );
    server.ok("UpdateStateMachine", update);

    let alias = |n: u32| {
        let routing = json!([{ "stateMachineVersionArn": format!("{arn}:2"), "weight": 100 }]);
        json!({ "name": format!("a{n}"), "routingConfiguration": routing })
    };
    for n in 0..100 {
        server.ok("CreateStateMachineAlias", alias(n));
    }
    server.ok("CreateStateMachineAlias", alias(99));
    let (code, _) = server.refused("CreateStateMachineAlias", alias(100));
    assert_eq!(code, "ServiceQuotaExceededException");

    let tags: Vec<Value> = (0..51)
        .map(|n| json!({ "key": format!("k{n}"), "value": "" }))
        .collect();
    let many = json!({ "name": "n", "definition": PASS, "roleArn": ROLE, "tags": tags });
    assert_eq!(server.refused("CreateStateMachine", many).0, "TooManyTags");
    let many = json!({ "name": "n", "tags": tags });
    assert_eq!(server.refused("CreateActivity", many).0, "TooManyTags");
    let most = json!({ "resourceArn": arn, "tags": tags[..50] });
    server.ok("TagResource", most);
    let more = json!({ "resourceArn": arn, "tags": tags[50..] });
    assert_eq!(server.refused("TagResource", more).0, "TooManyTags");
}
