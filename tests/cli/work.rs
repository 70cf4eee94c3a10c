use expect_test::expect;

use crate::screen::{call, file, text};

#[test]
#[cfg(not(feature = "aws"))]
fn without_the_feature_work_says_how_to_get_it() {
    call(&["work", "--endpoint", "http://127.0.0.1:1"]).check(expect![[r#"
        exit 3
        --- stderr
        error: this program was built without AWS, so it cannot reach Step Functions at http://127.0.0.1:1
        help: enable the feature `aws` of `sfn-runtime`: `cargo add sfn-runtime --features aws`
    "#]]);
}

#[test]
fn an_unknown_step_lists_the_known() {
    call(&["work", "gret"]).check(expect![[r#"
        exit 2
        --- stderr
        error: no step is named `gret`
        help: did you mean `greet`?
        note: its steps are `add`, `block_long`, `come_round`, `double`, `fail_for_good`, `greet`, `make_the_best_of_it`, `panic_at_once`, `work_long`
        help: a crate that no code mentions is not linked: write `use my_steps as _;` in `main.rs`
    "#]]);
}

#[test]
fn without_aws_nobody_can_say_what_is_still_to_be_served() {
    let path = file("nothing-here.toml", "[steps]\nrun = \"lambda\"\n");
    call(&["work", "--config", text(&path)]).check(expect![[r#"
        exit 3
        --- stderr
        error: this program was built without AWS, so it cannot reach Step Functions
        help: enable the feature `aws` of `sfn-runtime`: `cargo add sfn-runtime --features aws`
    "#]]);
}

#[test]
fn what_a_worker_cannot_do_is_said_with_an_example() {
    call(&["work", "--health", "9464"]).check(expect![[r#"
        exit 2
        --- stderr
        error: invalid value '9464' for '--health <ADDRESS>': `9464` is no address with a port; write one as `127.0.0.1:9464`, or `0.0.0.0:9464` for all to ask

        For more information, try '--help'.
    "#]]);
    call(&["work", "--name", "Köln 1"]).check(expect![[r#"
        exit 2
        --- stderr
        error: invalid value 'Köln 1' for '--name <NAME>': a worker's name has 1 to 80 letters, digits, `-`, `_` and `.`

        For more information, try '--help'.
    "#]]);
    call(&["work", "--deadline", "25"]).check(expect![[r#"
        exit 2
        --- stderr
        error: invalid value '25' for '--deadline <TIME>': `25` is no duration; write one as `40s`, `5m` or `1h 30m`

        For more information, try '--help'.
    "#]]);
}

#[test]
fn to_start_nothing_lists_what_there_is() {
    call(&["start"]).check(expect![[r#"
        exit 2
        --- stderr
        error: `start` needs the name of a workflow
        note: its workflows are `be-late`, `block-long`, `catch`, `come-round`, `double-all`, `fail`, `greet`, `panic`, `work-long`
        help: say `cli-fixture start be-late`
    "#]]);
}
