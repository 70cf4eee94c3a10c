//! One generated crate that holds every block, and what rustc says of it.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, process::Command};

use serde_json::Value;

use crate::{page::Rust, root};

/// What the code in the pages may use: what a reader would have.
const DEPENDENCIES: &str = r#"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
thiserror = "2"
tokio = { version = "1", features = ["macros", "rt-multi-thread", "time"] }
tracing = "0.1"
"#;

/// Compiles all of `programs` at once; gives each error, its first line being `page:line: message`.
pub(crate) fn check(name: &str, programs: &[Rust]) -> Vec<String> {
    let root = root();
    let folder = root.join("target/tests/docs").join(name);
    let source = folder.join("src");
    // Files of blocks that are gone would do no harm, but would mislead whoever looks in.
    let _ = fs::remove_dir_all(&source);
    fs::create_dir_all(&source).expect("the folder can be made");
    let manifest = format!(
        "[package]\nname = \"docs-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n\n\
         [dependencies]{DEPENDENCIES}sfn-runtime = {{ path = {:?} }}\n",
        root.join("sfn-runtime")
    );
    write(&folder.join("Cargo.toml"), &manifest);
    // The versions that everything else is tested with, all of them here already.
    let lock = fs::read_to_string(root.join("Cargo.lock")).expect("the workspace has a lock file");
    write(&folder.join("Cargo.lock"), &lock);

    let mut library = String::from("#![allow(unused, dead_code)]\n");
    let mut modules = BTreeMap::new();
    for (number, program) in programs.iter().enumerate() {
        let _ = writeln!(library, "mod block_{number};");
        let (text, above) = module(program);
        write(&source.join(format!("block_{number}.rs")), &text);
        modules.insert(format!("src/block_{number}.rs"), (program, above));
    }
    write(&source.join("lib.rs"), &library);

    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline", "--message-format", "json"])
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(root.join("target/tests/docs/target"))
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .expect("cargo runs, since it runs this test");
    let mut faults = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).expect("cargo writes JSON");
        if message["message"]["level"] == "error" {
            // A block that others continue is compiled with each of them, and its mistakes are one all the same.
            let told = |fault: &String| {
                faults
                    .iter()
                    .any(|known: &String| known.lines().next() == fault.lines().next())
            };
            let fault = fault(&message["message"], &modules).filter(|fault| !told(fault));
            faults.extend(fault);
        }
    }
    if faults.is_empty() && !output.status.success() {
        faults.push(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    faults
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The module's text, and how many lines stand above the code.
fn module(program: &Rust) -> (String, usize) {
    let code: String = program
        .lines
        .iter()
        .fold(String::new(), |mut code, (_, line)| {
            code.push_str(line);
            code.push('\n');
            code
        });
    if syn::parse_file(&code).is_ok() {
        return (code, 0);
    }
    // Statements, as they would stand in a function of the reader's.
    let head = "async fn block() -> Result<(), Box<dyn std::error::Error>> { let _ = {\n";
    (format!("{head}{code}}}; Ok(()) }}\n"), 1)
}

/// One error, at the place of the page it comes from; nothing for rustc's closing summary.
fn fault(message: &Value, modules: &BTreeMap<String, (&Rust, usize)>) -> Option<String> {
    let spans = message["spans"].as_array()?;
    let primary = spans.iter().find(|span| span["is_primary"] == true)?;
    let text = message["message"].as_str().unwrap_or_default();
    let rendered = message["rendered"].as_str().unwrap_or_default();
    // An error in what a macro wrote is at home where the macro was called.
    let mut span = primary;
    let place = loop {
        let file = span["file_name"].as_str().unwrap_or_default();
        if let Some(found) = modules.get(file) {
            break Some((found, span["line_start"].as_u64().unwrap_or_default()));
        }
        match &span["expansion"]["span"] {
            Value::Null => break None,
            outer => span = outer,
        }
    };
    let Some(((program, above), line)) = place else {
        return Some(format!("{text}\n{rendered}"));
    };
    let index = usize::try_from(line)
        .unwrap_or_default()
        .saturating_sub(above + 1);
    let number = program.lines.get(index).map_or(0, |(number, _)| *number);
    Some(format!("{}:{number}: {text}\n{rendered}", program.page))
}
