//! The examples as programs: what a reader types, with the waits skipped.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What a program did.
pub(crate) struct Ended {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs an example in `folder`, as `cargo run -p EXAMPLE -- ARGS` does.
#[track_caller]
pub(crate) fn run(example: &str, folder: &Path, args: &[&str]) -> Ended {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--manifest-path"])
        .arg(crate::root().join("Cargo.toml"))
        .args(["-p", example, "--"])
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("cargo runs, since it runs this test");
    Ended {
        success: output.status.success(),
        stdout: String::from_utf8(output.stdout).expect("it prints UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it prints UTF-8"),
    }
}

/// A folder for one test, empty.
fn folder(test: &str) -> PathBuf {
    let folder = crate::root().join("target/tests/examples").join(test);
    // There is none before the first run.
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// Runs an example's story; `expected` are what it must tell, wherever it tells it.
#[track_caller]
fn check(example: &str, folder: &Path, expected: &[&str]) {
    let ended = run(example, folder, &[]);
    let told = format!("{}{}", ended.stdout, ended.stderr);
    assert!(ended.success, "{told}");
    for text in expected {
        assert!(told.contains(text), "`{text}` is not in\n{told}");
    }
}

#[test]
fn the_story_of_the_pizza() {
    let folder = folder("story-pizza");
    check(
        "pizza",
        &folder,
        &[
            "bake",
            "OvenError.Busy",
            "32 cm with tomato, mozzarella, basil",
        ],
    );
}

#[test]
fn the_story_of_the_credit() {
    let folder = folder("story-credit");
    check(
        "credit",
        &folder,
        &[
            "Get credit limit",
            "Credit applied >= 5000?",
            "Lambda.TooManyRequestsException",
            "Auto-approve limit",
            "Wait for human approval",
            "12000",
            "3000",
        ],
    );
}

#[test]
fn the_story_of_the_order() {
    let folder = folder("story-order");
    check(
        "order",
        &folder,
        &[
            "fraud.score > 80 || checked.cents > LARGE",
            "1048 € for Ada, fraud score 12: may it go on?",
            "PackError.Busy",
            "ShipError.NoCarrier",
            "\"tracking\": \"A-1017-2\"",
        ],
    );
}

#[test]
fn the_story_of_the_campaign() {
    let folder = folder("story-campaign");
    check(
        "process-batch",
        &folder,
        &[
            "gus hears of the garden",
            "\"sent\": 8",
            "\"unsent\": [\n    \"ivo\"\n  ]",
        ],
    );
}

#[test]
fn the_story_of_the_festival() {
    let folder = folder("story-festival");
    check(
        "festival",
        &folder,
        &[
            "\"dryPercent\": 91.1",
            "given back: band in month 07",
            "given back: hall for 1800 in month 07",
            "Sound on the Sound: 900 guests in month 07",
        ],
    );
}

#[test]
fn the_record_of_the_festival_is_kept_beside_the_history() {
    let folder = folder("record-festival");
    let history = folder.join("history.json");
    let path = history.to_str().expect("it is UTF-8");
    let ended = run(
        "festival",
        &folder,
        &[
            "run",
            "driest-month",
            "--input",
            festival::RECORD,
            "--save-history",
            path,
        ],
    );
    assert!(ended.success, "{}", ended.stderr);
    let history = std::fs::read_to_string(&history).expect("it was written");
    let events = |state: &str| history.matches(&format!("\"{state}\"")).count();
    assert!(events("read_record") >= 2, "{history}");
    // The months are handed on with their rows; the record as a whole, with its head, is not.
    assert!(history.contains("2012-07-01"), "{history}");
    assert!(!history.contains("temp_max"), "{history}");
}

#[test]
fn the_story_of_the_earthquakes_and_again() {
    let folder = folder("story-earthquakes");
    let found = "1707 entries: 1679 earthquakes, 28 set aside. 39 alerts";
    check(
        "earthquakes",
        &folder,
        &[
            found,
            "1679 rows are new, 0 changed",
            "Trouble.Locked",
            "| 6.4       | 22km NNE of Hualian, Taiwan",
        ],
    );
    check(
        "earthquakes",
        &folder,
        &[found, "0 rows are new, 0 changed"],
    );
}
