//! Folders that cannot be used, and what is said of them.

use std::fs;

use sfn_engine::store::{Error, FileStore, Store};
use sfn_engine::{Engine, StartError};

use crate::Folder;

#[track_caller]
fn check(error: &Error, expected: &str) {
    assert_eq!(error.to_string(), expected);
}

#[test]
fn two_engines_do_not_share_a_folder() {
    let folder = Folder::new();
    let _first = FileStore::open(&folder.0).expect("it is free");
    let error = FileStore::open(&folder.0).expect_err("it is in use");
    let pid = std::process::id();
    check(
        &error,
        &format!("in use by process {pid}\nhelp: end that process, or use another folder"),
    );
}

#[tokio::test]
async fn a_folder_is_free_as_soon_as_its_engine_is_gone() {
    let folder = Folder::new();
    for _ in 0..3 {
        let engine = Engine::builder().data_dir(&folder.0).start();
        let engine = engine.expect("the folder is free");
        let activity = sfn_engine::api::CreateActivity::new("a");
        engine.create_activity(activity).await.expect("it is kept");
    }
}

#[tokio::test]
async fn an_engine_says_why_its_folder_cannot_be_used() {
    let folder = Folder::new();
    let _first = FileStore::open(&folder.0).expect("it is free");
    let refused = Engine::builder().data_dir(&folder.0).start();
    let Err(StartError::Store(Error::Locked { pid })) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(pid, std::process::id().to_string());
}

#[test]
fn a_newer_format_is_refused() {
    let folder = Folder::new();
    fs::write(folder.0.join("format"), "sfn-engine 2\n").expect("it can be written");
    let error = FileStore::open(&folder.0).expect_err("it is too new");
    check(
        &error,
        "written in format 2, and this version reads formats up to 1\n\
         help: use the version that wrote it, or another folder",
    );
}

#[test]
fn a_folder_of_something_else_is_refused() {
    let folder = Folder::new();
    let path = folder.0.join("format");
    fs::write(&path, "PNG").expect("it can be written");
    let error = FileStore::open(&folder.0).expect_err("it is no store");
    let path = path.display();
    check(
        &error,
        &format!("unreadable record: `{path}` is not the mark of an engine's folder"),
    );
}

#[test]
fn damage_that_is_no_torn_write_is_told_with_its_place() {
    let folder = Folder::new();
    let store = FileStore::open(&folder.0).expect("it is free");
    store.append("1").expect("it writes");
    store.append("2").expect("it writes");
    drop(store);
    let path = folder.0.join("journal-00000001.jsonl");
    let mut bytes = fs::read(&path).expect("it is there");
    bytes[10] ^= 1;
    fs::write(&path, bytes).expect("it can be written");
    let store = FileStore::open(&folder.0).expect("it is free");
    let error = store.load(&mut |_| Ok(())).expect_err("it is damaged");
    let path = path.display();
    check(
        &error,
        &format!("unreadable record: `{path}` is damaged at byte 0, and it is not the end"),
    );
}

#[test]
fn a_journal_is_lines_of_json_behind_a_checksum() {
    let folder = Folder::new();
    let store = FileStore::open(&folder.0).expect("it is free");
    store.append("{\"a\":1},{\"b\":2}").expect("it writes");
    let text = fs::read_to_string(folder.0.join("journal-00000001.jsonl")).expect("it is there");
    let (sum, json) = text.split_at(9);
    assert!(sum.trim_end().bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(json, "[{\"a\":1},{\"b\":2}]\n");
}
