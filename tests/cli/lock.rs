use expect_test::expect;

use crate::screen::{call, folder, text};

/// A folder with a configuration, for a lock to stand beside.
fn config(name: &str) -> std::path::PathBuf {
    let folder = folder().join(name);
    std::fs::create_dir_all(&folder).expect("the folder is ours");
    let config = folder.join("sfn.toml");
    std::fs::write(&config, "").expect("the folder is ours");
    // A run before this one may have left it.
    let _ = std::fs::remove_file(folder.join("sfn.lock"));
    config
}

#[test]
fn written_then_unchanged_then_changed() {
    let config = config("lock");
    let lock = config.with_file_name("sfn.lock");
    let config = text(&config);
    call(&["check", "--locked", "--config", config]).check(expect![[r#"
        exit 7
        --- stdout
        9 workflows, 9 steps: nothing to complain about, 12 notes (`--notes` shows them)
        `FOLDER/lock/sfn.lock`: there is none; `lock` writes it
    "#]]);
    call(&["lock", "--config", config]).check(expect![[r#"
        exit 0
        --- stdout
        `FOLDER/lock/sfn.lock` is written
    "#]]);
    call(&["lock", "--config", config]).check(expect![[r#"
        exit 0
        --- stdout
        `FOLDER/lock/sfn.lock` is up to date
    "#]]);
    call(&["check", "--locked", "--config", config]).check(expect![[r#"
        exit 0
        --- stdout
        9 workflows, 9 steps: nothing to complain about, 12 notes (`--notes` shows them)
        `FOLDER/lock/sfn.lock`: unchanged
    "#]]);

    // As if the step had had another name when the lock was written.
    let written = std::fs::read_to_string(&lock).expect("it was written");
    let before = written.replace("come_round", "come_about");
    assert_ne!(before, written);
    std::fs::write(&lock, &before).expect("the folder is ours");
    call(&["check", "--config", config]).check(expect![[r#"
        exit 0
        --- stdout
        breaking: step `come_about` is gone: executions of `come-round` that have it before them wait for it in vain
        help: if it is `come_round` now, let that answer to the old name as well: `#[step(alias = "come_about")]`
        additive: step `come_round` is new
        additive: workflow `come-round` has other states: new are `come_round`; gone are `come_about`; executions in flight keep theirs
        9 workflows, 9 steps: nothing to complain about, 12 notes (`--notes` shows them)
        `FOLDER/lock/sfn.lock`: 1 breaking, 2 additive changes; `lock` writes them down
    "#]]);
    call(&["check", "--locked", "--config", config]).check(expect![[r#"
        exit 7
        --- stdout
        breaking: step `come_about` is gone: executions of `come-round` that have it before them wait for it in vain
        help: if it is `come_round` now, let that answer to the old name as well: `#[step(alias = "come_about")]`
        additive: step `come_round` is new
        additive: workflow `come-round` has other states: new are `come_round`; gone are `come_about`; executions in flight keep theirs
        9 workflows, 9 steps: nothing to complain about, 12 notes (`--notes` shows them)
        `FOLDER/lock/sfn.lock`: 1 breaking, 2 additive changes; `lock` writes them down
    "#]]);
    call(&["lock", "--config", config]).check(expect![[r#"
        exit 7
        --- stdout
        breaking: step `come_about` is gone: executions of `come-round` that have it before them wait for it in vain
        help: if it is `come_round` now, let that answer to the old name as well: `#[step(alias = "come_about")]`
        additive: step `come_round` is new
        additive: workflow `come-round` has other states: new are `come_round`; gone are `come_about`; executions in flight keep theirs
        --- stderr
        error: `FOLDER/lock/sfn.lock` is not written: something would break
        help: mend it, or write it down nevertheless: `lock --breaking`
    "#]]);
    assert_eq!(std::fs::read_to_string(&lock).expect("it is there"), before);
    let accepted = call(&["lock", "--breaking", "--json", "--config", config]).output();
    assert_eq!(accepted.status.code(), Some(0));
    assert_eq!(
        std::fs::read_to_string(&lock).expect("it is there"),
        written
    );
}

#[test]
fn a_lock_that_is_none() {
    let config = config("no-lock");
    std::fs::write(config.with_file_name("sfn.lock"), "<<<<<<< HEAD").expect("the folder is ours");
    call(&["check", "--config", text(&config)]).check(expect![[r#"
        exit 3
        --- stdout
        error: `FOLDER/no-lock/sfn.lock`: it is not a lock file: expected value at line 1 column 1
        help: take the version of your last commit, or remove it and write it anew with `lock`
        9 workflows, 9 steps: 1 error, 12 notes (`--notes` shows them)
    "#]]);
    call(&["lock", "--config", text(&config)]).check(expect![[r#"
        exit 3
        --- stderr
        error: `FOLDER/no-lock/sfn.lock`: it is not a lock file: expected value at line 1 column 1
        help: take the version of your last commit, or remove it and write it anew with `lock`
    "#]]);
}
