use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::{Cost, Counts};

#[track_caller]
fn check(states: &str, counts: &[(&str, u64)], expected: Expect) {
    let (machine, found) = sfn_asl::read(&format!(r#"{{ "StartAt": "A", "States": {states} }}"#));
    assert_eq!(found, []);
    let machine = machine.expect("a machine");
    let mut given = Counts::default();
    for (name, count) in counts {
        given.items.insert((*name).to_owned(), *count);
        given.passes.insert((*name).to_owned(), *count);
    }
    let cost = Cost::of(&machine, &given);
    let mut text = String::new();
    for path in &cost.paths {
        let of = path.transitions;
        writeln!(
            text,
            "{}{}: {} {} {} {}",
            if path.fails { "! " } else { "" },
            path.decisions.join(", "),
            of.min,
            of.typical,
            of.with_retries,
            of.worst
        )
        .expect("a string takes it");
    }
    let all = cost.all;
    writeln!(
        text,
        "all: {} {} {} {}, waits {} s",
        all.min, all.typical, all.with_retries, all.worst, cost.waits
    )
    .expect("a string takes it");
    expected.assert_eq(&text);
}

#[test]
fn a_straight_way() {
    check(
        r#"{ "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Wait", "Seconds": 7, "End": true } }"#,
        &[],
        expect![[r#"
            : 2 2 2 2
            all: 2 2 2 2, waits 7 s
        "#]],
    );
}

#[test]
fn retries_and_catchers() {
    check(
        r#"{ "A": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Next": "B",
              "Retry": [{ "ErrorEquals": ["X"], "MaxAttempts": 5 }, { "ErrorEquals": ["Y"], "MaxAttempts": 2 }],
              "Catch": [{ "ErrorEquals": ["Z"], "Next": "C" }] },
             "B": { "Type": "Succeed" }, "C": { "Type": "Pass", "Next": "F" }, "F": { "Type": "Fail" } }"#,
        &[],
        expect![[r#"
            : 2 2 3 9
            ! A fails with Z: 3 3 4 10
            all: 2 2 3 10, waits 0 s
        "#]],
    );
}

#[test]
fn maps_within_parallels() {
    check(
        r#"{ "A": { "Type": "Parallel", "End": true, "Retry": [{ "ErrorEquals": ["X"], "MaxAttempts": 1 }], "Branches": [
               { "StartAt": "B", "States": { "B": { "Type": "Pass", "End": true } } },
               { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor":
                 { "StartAt": "I", "States": { "I": { "Type": "Pass", "Next": "J" }, "J": { "Type": "Pass", "End": true } } } } } }
             ] } }"#,
        &[("I", 20)],
        expect![[r#"
            : 3 43 86 86
            all: 3 43 86 86, waits 0 s
        "#]],
    );
}

#[test]
fn loops_and_choices() {
    check(
        r#"{ "A": { "Type": "Pass", "Next": "Look" },
             "Look": { "Type": "Pass", "Next": "Done?" },
             "Done?": { "Type": "Choice", "Choices": [{ "Variable": "$.done", "BooleanEquals": true, "Next": "S" }], "Default": "Rest" },
             "Rest": { "Type": "Wait", "Seconds": 60, "Next": "Look" },
             "S": { "Type": "Succeed" } }"#,
        &[("Look", 5)],
        expect![[r#"
            $.done = true: 4 16 16 16
            all: 4 16 16 16, waits 240 s
        "#]],
    );
}

#[test]
fn many_decisions_are_bounded() {
    let mut states = String::new();
    for number in 0..20 {
        let name = if number == 0 {
            "A".to_owned()
        } else {
            format!("C{number}")
        };
        let next = number + 1;
        write!(
            states,
            r#""{name}": {{ "Type": "Choice", "Choices": [{{ "Variable": "$.x", "IsPresent": true, "Next": "P{number}" }}], "Default": "C{next}" }},
               "P{number}": {{ "Type": "Pass", "Next": "C{next}" }},"#
        )
        .expect("a string takes it");
    }
    let (machine, found) = sfn_asl::read(&format!(
        r#"{{ "StartAt": "A", "States": {{ {states} "C20": {{ "Type": "Succeed" }} }} }}"#
    ));
    assert_eq!(found, []);
    let cost = Cost::of(&machine.expect("a machine"), &Counts::default());
    assert!(cost.more_paths);
    assert_eq!(cost.paths.len(), super::MOST_PATHS);
    assert_eq!((cost.all.min, cost.all.typical), (21, 41));
}

#[test]
fn counts_for_nothing_are_refused() {
    let (machine, _) =
        sfn_asl::read(r#"{ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }"#);
    let mut counts = Counts::default();
    counts.items.insert("B".to_owned(), 2);
    let refused = Cost::check(&machine.expect("a machine"), &counts).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "there is no map named `B`\nnote: there is none at all"
    );
}
