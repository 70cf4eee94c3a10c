//! Executions, activities and Map Runs.

use serde_json::{Value, json};

use crate::server::{PASS, Server, WORK, text};

#[test]
fn a_name_is_one_execution() {
    let server = Server::start();
    server.ok("CreateActivity", json!({ "name": "work" }));
    let arn = server.machine("m", WORK);
    let start = json!({ "stateMachineArn": arn, "name": "e", "input": "{\"n\":1}" });
    let first = server.ok("StartExecution", start.clone());
    // While it runs, the same request is the same execution.
    assert_eq!(server.ok("StartExecution", start.clone()), first);
    let other = json!({ "stateMachineArn": arn, "name": "e", "input": "{\"n\":2}" });
    assert_eq!(
        server.refused("StartExecution", other).0,
        "ExecutionAlreadyExists"
    );
    server.ok(
        "StopExecution",
        json!({ "executionArn": first["executionArn"] }),
    );
    assert_eq!(
        server.refused("StartExecution", start).0,
        "ExecutionAlreadyExists"
    );
}

#[test]
fn inputs_that_are_no_json_are_told_in_the_words_of_aws() {
    let server = Server::start();
    let arn = server.machine("m", PASS);
    let (code, message) = server.refused(
        "StartExecution",
        json!({ "stateMachineArn": arn, "input": "not so" }),
    );
    assert_eq!(code, "InvalidExecutionInput");
    assert_eq!(
        message,
        "Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting (JSON String, Number, Array, \
         Object or token 'null', 'true' or 'false')'"
    );
}

#[test]
fn a_worker_gets_its_task_and_reports() {
    let server = Server::start();
    let activity = server.ok("CreateActivity", json!({ "name": "work" }));
    let arn = server.machine("m", WORK);
    let poll = json!({ "activityArn": activity["activityArn"], "workerName": "w" });
    let (task, started) = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.ok("GetActivityTask", poll.clone()));
        let started = server.ok(
            "StartExecution",
            json!({ "stateMachineArn": arn, "input": "[1]" }),
        );
        (waiting.join().expect("the poll ends"), started)
    });
    assert_eq!(task["input"], "[1]");
    let token = &task["taskToken"];
    server.ok("SendTaskHeartbeat", json!({ "taskToken": token }));
    let (code, _) = server.refused(
        "SendTaskSuccess",
        json!({ "taskToken": token, "output": "{" }),
    );
    assert_eq!(code, "InvalidOutput");
    server.ok(
        "SendTaskSuccess",
        json!({ "taskToken": token, "output": "{\"done\":true}" }),
    );
    let ended = server.ended(&text(&started["executionArn"]));
    assert_eq!(
        (ended["status"].clone(), ended["output"].clone()),
        (json!("SUCCEEDED"), json!("{\"done\":true}"))
    );
    let (code, _) = server.refused(
        "SendTaskSuccess",
        json!({ "taskToken": token, "output": "1" }),
    );
    assert_eq!(code, "TaskTimedOut");
    let (code, _) = server.refused(
        "SendTaskSuccess",
        json!({ "taskToken": "made-up", "output": "1" }),
    );
    assert_eq!(code, "InvalidToken");
}

#[test]
fn a_history_can_be_read_from_its_end() {
    let server = Server::start();
    let arn = server.machine("m", PASS);
    let started = server.ok("StartExecution", json!({ "stateMachineArn": arn }));
    let execution = text(&started["executionArn"]);
    server.ended(&execution);
    let ids = |body: Value| -> Vec<u64> {
        let page = server.ok("GetExecutionHistory", body);
        let events = page["events"].as_array().expect("a list").iter();
        events
            .map(|event| event["id"].as_u64().expect("an id"))
            .collect()
    };
    assert_eq!(ids(json!({ "executionArn": execution })), [1, 2, 3, 4]);
    assert_eq!(
        ids(json!({ "executionArn": execution, "reverseOrder": true, "maxResults": 2 })),
        [4, 3]
    );
}

#[test]
fn express_executions_are_waited_for_and_not_described() {
    let server = Server::start();
    let made = server.ok(
        "CreateStateMachine",
        json!({ "name": "m", "definition": PASS, "roleArn": "arn:aws:iam::1:role/r", "type": "EXPRESS" }),
    );
    let arn = &made["stateMachineArn"];
    let ended = server.ok(
        "StartSyncExecution",
        json!({ "stateMachineArn": arn, "input": "[7]" }),
    );
    assert_eq!(
        (ended["status"].clone(), ended["output"].clone()),
        (json!("SUCCEEDED"), json!("[7]"))
    );
    let (code, message) = server.refused(
        "DescribeExecution",
        json!({ "executionArn": ended["executionArn"] }),
    );
    assert_eq!(code, "InvalidArn");
    assert_eq!(
        message,
        "Invalid Arn: 'Resource type not valid in this context: express'"
    );
    let standard = server.machine("standard", PASS);
    let (code, _) = server.refused("StartSyncExecution", json!({ "stateMachineArn": standard }));
    assert_eq!(code, "StateMachineTypeNotSupported");
}

#[test]
fn what_failed_is_redriven_and_what_succeeded_is_not() {
    let server = Server::start();
    server.ok("CreateActivity", json!({ "name": "work" }));
    let arn = server.machine("m", WORK);
    let started = server.ok("StartExecution", json!({ "stateMachineArn": arn }));
    let execution = text(&started["executionArn"]);
    let poll = json!({ "activityArn": "arn:aws:states:us-east-1:123456789012:activity:work" });
    let task = server.ok("GetActivityTask", poll.clone());
    server.ok(
        "SendTaskFailure",
        json!({ "taskToken": task["taskToken"], "error": "Burnt" }),
    );
    let failed = server.ended(&execution);
    assert_eq!(
        (failed["status"].clone(), failed["redriveStatus"].clone()),
        (json!("FAILED"), json!("REDRIVABLE"))
    );
    let redrive = json!({ "executionArn": execution, "clientToken": "once" });
    let first = server.ok("RedriveExecution", redrive.clone());
    assert_eq!(server.ok("RedriveExecution", redrive), first);
    let again = server.ok("GetActivityTask", poll);
    server.ok(
        "SendTaskSuccess",
        json!({ "taskToken": again["taskToken"], "output": "1" }),
    );
    let ended = server.ended(&execution);
    assert_eq!(
        (ended["status"].clone(), ended["redriveCount"].clone()),
        (json!("SUCCEEDED"), json!(1))
    );
    let history = server.ok("GetExecutionHistory", json!({ "executionArn": execution }));
    let events = history["events"].as_array().expect("a list");
    let types: Vec<&str> = events
        .iter()
        .filter_map(|event| event["type"].as_str())
        .collect();
    assert!(
        types
            .windows(2)
            .any(|two| two == ["ExecutionRedriven", "ActivityScheduled"]),
        "{types:?}"
    );
    let (code, message) = server.refused("RedriveExecution", json!({ "executionArn": execution }));
    assert_eq!(code, "ExecutionNotRedrivable");
    assert_eq!(message, "Execution is SUCCEEDED and cannot be redriven");
}

/// Which inputs the activity is asked with, each answered by `answer`.
fn worked(
    server: &Server,
    count: usize,
    answer: impl Fn(&str) -> Result<&'static str, &'static str>,
) -> Vec<String> {
    let poll = json!({ "activityArn": "arn:aws:states:us-east-1:123456789012:activity:work" });
    let mut tasks = Vec::new();
    for _ in 0..count {
        let task = server.ok("GetActivityTask", poll.clone());
        tasks.push((text(&task["input"]), text(&task["taskToken"])));
    }
    // Those that fail come last, so that all others are through before.
    tasks.sort_by_key(|(input, _)| answer(input).is_err());
    for (input, token) in &tasks {
        match answer(input) {
            Ok(output) => server.ok(
                "SendTaskSuccess",
                json!({ "taskToken": token, "output": output }),
            ),
            Err(error) => server.ok(
                "SendTaskFailure",
                json!({ "taskToken": token, "error": error }),
            ),
        };
    }
    let mut inputs: Vec<String> = tasks.into_iter().map(|(input, _)| input).collect();
    inputs.sort();
    inputs
}

#[track_caller]
fn check_redrive(definition: &str, input: &str, tasks: usize, again: &str, output: &str) {
    let server = Server::start();
    server.ok("CreateActivity", json!({ "name": "work" }));
    let arn = server.machine("m", definition);
    let started = server.ok(
        "StartExecution",
        json!({ "stateMachineArn": arn, "input": input }),
    );
    let execution = text(&started["executionArn"]);
    let answer = |asked: &str| {
        if asked == again {
            Err("Burnt")
        } else {
            Ok("\"first\"")
        }
    };
    worked(&server, tasks, answer);
    assert_eq!(server.ended(&execution)["status"], "FAILED");
    server.ok("RedriveExecution", json!({ "executionArn": execution }));
    // Only what had failed is asked for again.
    assert_eq!(worked(&server, 1, |_| Ok("\"second\"")), [again]);
    let ended = server.ended(&execution);
    assert_eq!(
        (ended["status"].as_str(), ended["output"].as_str()),
        (Some("SUCCEEDED"), Some(output))
    );
}

const STEP: &str = r#"{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:work","End":true}"#;

#[test]
fn a_redrive_keeps_the_branches_that_succeeded() {
    let branch = |number: u32| {
        format!(
            r#"{{"StartAt":"P{number}","States":{{"P{number}":{{"Type":"Pass","Result":{number},"Next":"W{number}"}},"W{number}":{STEP}}}}}"#
        )
    };
    let branches = [branch(0), branch(1), branch(2)].join(",");
    let definition = format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Parallel","Branches":[{branches}],"End":true}}}}}}"#
    );
    check_redrive(&definition, "{}", 3, "1", r#"["first","second","first"]"#);
}

#[test]
fn a_redrive_keeps_the_iterations_that_succeeded() {
    let definition = format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Map","ItemProcessor":{{"StartAt":"W","States":{{"W":{STEP}}}}},"End":true}}}}}}"#
    );
    check_redrive(
        &definition,
        "[10,11,12]",
        3,
        "11",
        r#"["first","second","first"]"#,
    );
}

#[test]
fn a_redrive_of_nested_maps_begins_the_iterations_that_were_left() {
    let inner = format!(
        r#"{{"Type":"Map","MaxConcurrency":1,"ItemProcessor":{{"StartAt":"W","States":{{"W":{STEP}}}}},"End":true}}"#
    );
    let definition = format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Map","ItemProcessor":{{"StartAt":"B","States":{{"B":{inner}}}}},"End":true}}}}}}"#
    );
    check_redrive(
        &definition,
        "[[1],[2]]",
        2,
        "2",
        r#"[["first"],["second"]]"#,
    );
}

#[test]
fn a_map_run_is_told_of() {
    let server = Server::start();
    let definition = r#"{"StartAt":"A","States":{"A":{"Type":"Map","Label":"L","MaxConcurrency":2,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"End":true}}}"#;
    let arn = server.machine("m", definition);
    let started = server.ok(
        "StartExecution",
        json!({ "stateMachineArn": arn, "input": "[1,2,3]" }),
    );
    let execution = text(&started["executionArn"]);
    assert_eq!(server.ended(&execution)["output"], "[1,2,3]");
    let runs = server.ok("ListMapRuns", json!({ "executionArn": execution }));
    let run = &runs["mapRuns"][0]["mapRunArn"];
    let described = server.ok("DescribeMapRun", json!({ "mapRunArn": run }));
    assert_eq!(described["status"], "SUCCEEDED");
    assert_eq!(described["maxConcurrency"], 2);
    assert_eq!(described["itemCounts"]["succeeded"], 3);
    let children = server.ok("ListExecutions", json!({ "mapRunArn": run }));
    assert_eq!(children["executions"].as_array().map(Vec::len), Some(3));
    let child = &children["executions"][0]["executionArn"];
    let machine = server.ok(
        "DescribeStateMachineForExecution",
        json!({ "executionArn": child }),
    );
    assert_eq!(machine["mapRunArn"], *run);
    let (code, _) = server.refused(
        "DescribeMapRun",
        json!({ "mapRunArn": format!("{}0", text(run)) }),
    );
    assert_eq!(code, "ResourceNotFound");
}
