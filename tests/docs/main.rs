//! The code in the pages works: every Rust block compiles, every JSON block is JSON, every command exists. And every link
//! leads somewhere.
//!
//! The pages are `README.md`, `docs/**/*.md` and the READMEs of the examples. All Rust blocks go into one generated
//! crate, a module each, which is checked once; what rustc says is reported at the line of the page.
//!
//! | fence | is |
//! |---|---|
//! | `rust` | compiled: as a module when it holds items, else as the body of an `async fn` that may use `?` |
//! | `rust,continues` | compiled behind the blocks before it, from the last one that does not continue |
//! | `rust,beside` | the same, and no block behind it sees it |
//! | `rust,ignore (reason)` | left alone, for a reason |
//! | `json` | parsed; `json,ignore (reason)` is left alone |
//! | `console` | commands behind `$ `; of a command that shows output, every line shown must be printed |
//!
//! A comment `<!-- rust … -->` before a block holds what the block needs and readers need not see.

mod compile;
mod console;
mod page;

use std::{
    fs,
    path::{Path, PathBuf},
};

use page::{Block, Page, Rust};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate stands in the workspace's folder")
        .to_owned()
}

/// Every page, with its path from the root.
fn pages() -> Vec<Page> {
    let root = root();
    let mut found = vec![root.join("README.md"), root.join("ARCHITECTURE.md")];
    markdown_below(&root.join("docs"), &mut found);
    markdown_below(&root.join("examples"), &mut found);
    found.sort();
    found
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&root).expect("it is below the root");
            let text = fs::read_to_string(path)
                .unwrap_or_else(|error| panic!("{}: {error}", name.display()));
            Page::read(&name.to_string_lossy(), &text)
        })
        .collect()
}

fn markdown_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            markdown_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

#[test]
fn every_fence_is_one_that_is_checked_or_says_why_not() {
    let faults: Vec<String> = pages().into_iter().flat_map(|page| page.faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_link_within_the_repository_leads_somewhere() {
    let mut dead = Vec::new();
    for page in pages() {
        let path = root().join(&page.name);
        let folder = path.parent().expect("a page stands in a folder");
        for (line, target) in &page.links {
            let file = target.split('#').next().unwrap_or_default();
            let elsewhere = target.contains("://") || file.is_empty();
            if !elsewhere && !folder.join(file).exists() {
                dead.push(format!("{}:{line}: there is no `{target}`", page.name));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn every_rust_block_compiles() {
    let pages = pages();
    let programs: Vec<Rust> = pages.iter().flat_map(Page::rust).collect();
    assert!(
        programs.iter().any(|program| program.page == "README.md"),
        "the README has an example, and it was not found"
    );
    let faults = compile::check("pages", &programs);
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn a_broken_block_is_reported_at_its_line() {
    let page = Page::read(
        "broken.md",
        "# Broken\n\n```rust\nlet sound = 1;\n```\n\nText.\n\n```rust\nfn f() {}\nfn g() -> u8 { \"no number\" }\n```\n\n\
         ```rust,continues\nfn h() { f(); missing() }\n```\n",
    );
    assert_eq!(page.faults, Vec::<String>::new());
    let programs: Vec<Rust> = page.rust().collect();
    assert_eq!(programs.len(), 3);
    let faults = compile::check("broken", &programs);
    let first_lines: Vec<&str> = faults
        .iter()
        .filter_map(|fault| fault.lines().next())
        .collect();
    assert_eq!(
        first_lines,
        [
            "broken.md:11: mismatched types",
            "broken.md:15: cannot find function `missing` in this scope",
        ],
        "{faults:#?}"
    );
}

#[test]
fn every_json_block_is_json() {
    let mut count = 0;
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.is("json")) {
            count += 1;
            if let Err(error) = serde_json::from_str::<serde_json::Value>(&block.code) {
                panic!("{}:{}: {error}", block.page, block.line + error.line() - 1);
            }
        }
    }
    println!("{count} blocks of JSON");
}

#[test]
fn every_command_exists_and_says_what_the_page_says() {
    let mut faults = Vec::new();
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.is("console")) {
            for command in console::commands(block) {
                faults.extend(console::check(&command));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn blocks_are_found_with_their_lines() {
    let page = Page::read(
        "a.md",
        "~~~~json\n{}\n~~~~\n- item\n\n  ```rust,ignore (half a program)\n  a\n    b\n  ```\n\n````rust\n```\n````\n",
    );
    let found: Vec<(usize, &str, &str)> = page
        .blocks
        .iter()
        .map(|block| (block.line, block.info.as_str(), block.code.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (2, "json", "{}\n"),
            (7, "rust,ignore (half a program)", "a\n  b\n"),
            (12, "rust", "```\n"),
        ]
    );
    assert_eq!(page.rust().count(), 1, "what is to be ignored is ignored");
    assert_eq!(page.faults, Vec::<String>::new());
}

#[test]
fn a_fence_that_hides_from_the_tests_is_a_fault() {
    #[track_caller]
    fn check(text: &str, fault: &str) {
        assert_eq!(Page::read("a.md", text).faults, [fault]);
    }
    check(
        "```rust,ignore\nx\n```\n",
        "a.md:1: `ignore` wants its reason: `rust,ignore (because …)`",
    );
    check(
        "```rust,no_check\nx\n```\n",
        "a.md:1: `no_check` means nothing here; known: `continues`, `beside`, `ignore (reason)`",
    );
    check(
        "```rust,continues\nx\n```\n",
        "a.md:1: there is no block before it to continue",
    );
    check("text\n```json\n{}\n", "a.md:2: the block has no end");
}

#[test]
fn hidden_set_up_belongs_to_the_block_behind_it() {
    let page = Page::read(
        "a.md",
        "<!-- rust\nuse std::fmt;\n-->\n\n```rust\nfn f() {}\n```\n\n```rust\nfn g() {}\n```\n",
    );
    let programs: Vec<Rust> = page.rust().collect();
    let texts: Vec<String> = programs
        .iter()
        .map(|program| {
            program
                .lines
                .iter()
                .map(|(_, line)| format!("{line}\n"))
                .collect()
        })
        .collect();
    assert_eq!(texts, ["use std::fmt;\nfn f() {}\n", "fn g() {}\n"]);
    assert_eq!(programs[0].lines[1].0, 6);
}

/// Blocks are what the other modules work on; the tests of one kind ask for theirs.
impl Block {
    fn is(&self, language: &str) -> bool {
        self.info == language
    }
}
