//! Begins a project.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What is begun.
#[derive(Debug)]
pub(crate) struct New {
    /// The package's name, and its folder's.
    pub(crate) name: String,
    /// The folder of the `sfn-runtime` to depend on; `None` for the published one.
    pub(crate) runtime: Option<PathBuf>,
}

/// The files of a new project. `{{name}}` and `{{sfn}}` are filled in.
///
/// The suite `tests/cli` builds and runs this very `main.rs`.
const FILES: [(&str, &str); 5] = [
    ("Cargo.toml", include_str!("../template/Cargo.toml.in")),
    ("src/main.rs", include_str!("../template/src/main.rs")),
    ("sfn.toml", include_str!("../template/sfn.toml")),
    ("guests.json", include_str!("../template/guests.json")),
    (".gitignore", "/target\n"),
];

/// Writes the project and says what to do next.
pub(crate) fn new(new: &New) -> Result<ExitCode, String> {
    check_name(&new.name)?;
    write(Path::new(&new.name), new)?;
    let name = &new.name;
    let text = format!(
        "created `{name}`\n\n  cd {name}\n  cargo run                                # its own story, live\n  \
         cargo run -- run greet-guests -i @guests.json\n  cargo run -- graph greet-guests\n"
    );
    // There is nowhere else to say it.
    let _ = io::stderr().write_all(text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

/// What cargo takes as a package's name.
fn check_name(name: &str) -> Result<(), String> {
    let begins = name
        .chars()
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic());
    let legal = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    if begins && legal {
        return Ok(());
    }
    Err(format!(
        "`{name}` cannot be the name of a package\nhelp: begin with a letter, and use letters, digits, `-` and `_`"
    ))
}

fn write(folder: &Path, new: &New) -> Result<(), String> {
    let failed =
        |path: &Path, error: &io::Error| format!("`{}` cannot be written: {error}", path.display());
    if folder.exists() {
        return Err(format!("`{}` is there already", folder.display()));
    }
    let dependency = match &new.runtime {
        None => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
        Some(path) => {
            // The path in the manifest is read from the new folder, not from here.
            let path = fs::canonicalize(path).map_err(|error| {
                format!("there is no sfn-runtime in `{}`: {error}", path.display())
            })?;
            if !path.join("Cargo.toml").is_file() {
                return Err(format!("there is no package in `{}`", path.display()));
            }
            let path = path.display().to_string();
            format!(
                "{{ path = \"{}\" }}",
                path.replace('\\', "\\\\").replace('"', "\\\"")
            )
        }
    };
    for (name, text) in FILES {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
        }
        let text = text
            .replace("{{name}}", &new.name)
            .replace("{{sfn}}", &dependency);
        fs::write(&path, text).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn names_are_those_cargo_takes() {
        for name in ["a", "my-flow", "my_flow2"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in ["", "2fast", "-x", "../up", "ä", "a b"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_project_is_whole_and_nothing_is_overwritten() {
        let folder = std::env::temp_dir().join(format!("cargo-sfn-new-{}", std::process::id()));
        let new = New {
            name: "my-flow".to_owned(),
            runtime: None,
        };
        write(&folder, &new).expect("the folder is new");
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("it was written");
        expect![[r#"
            [package]
            name = "my-flow"
            version = "0.1.0"
            edition = "2024"

            [dependencies]
            serde = { version = "1", features = ["derive"] }
            sfn-runtime = "0.1.0"
            tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
        "#]]
        .assert_eq(&manifest);
        for (name, _) in FILES {
            let text = fs::read_to_string(folder.join(name)).expect("it was written");
            assert!(!text.contains("{{"), "{name}");
        }
        let again = write(&folder, &new).expect_err("it is there");
        assert!(again.ends_with("is there already"), "{again}");
        fs::remove_dir_all(&folder).expect("it was ours");
    }

    #[test]
    fn a_path_without_a_package_is_refused() {
        let folder = std::env::temp_dir().join("cargo-sfn-never-written");
        let runtime = Some(std::env::temp_dir());
        let error = write(
            &folder,
            &New {
                name: "x".to_owned(),
                runtime,
            },
        )
        .expect_err("no package");
        assert!(error.starts_with("there is no package in"), "{error}");
        assert!(!folder.exists());
    }
}
