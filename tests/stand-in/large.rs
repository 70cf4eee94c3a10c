//! The program whose values are larger than a state may carry: `tests/stand-in/large` deploys and runs it.

use std::process::ExitCode;

use sfn_runtime::{Large, state_machine, step};

/// A page has so many letters.
const LETTERS: usize = 1_000;

fn blank(pages: u32) -> Vec<String> {
    (0..pages).map(|_| "x".repeat(LETTERS)).collect()
}

/// Writes a book: a thousand bytes a page.
#[step]
async fn write_pages(pages: u32) -> Large<Vec<String>> {
    Large(blank(pages))
}

/// Puts a number before each page.
#[step]
async fn number_pages(pages: Large<Vec<String>>) -> Large<Vec<String>> {
    let numbered = pages.into_inner().into_iter().enumerate();
    Large(numbered.map(|(at, page)| format!("{at} {page}")).collect())
}

/// Counts all letters.
#[step]
async fn count_letters(pages: Large<Vec<String>>) -> usize {
    pages.iter().map(String::len).sum()
}

/// Writes a book, and says nothing about its size.
#[step]
async fn print_pages(pages: u32) -> Vec<String> {
    blank(pages)
}

/// Through three steps, of which no state sees the pages.
#[state_machine(name = "book")]
pub async fn book(pages: u32) -> usize {
    let written = write_pages(pages).await;
    let numbered = number_pages(written).await;
    count_letters(numbered).await
}

/// A large value as the output.
#[state_machine(name = "manuscript")]
pub async fn manuscript(pages: u32) -> Large<Vec<String>> {
    write_pages(pages).await
}

/// A large value as the input, for a worker.
#[state_machine(name = "count")]
pub async fn count(pages: Large<Vec<String>>) -> usize {
    count_letters(pages).await
}

/// A large value as the input, for a function.
#[state_machine(name = "number")]
pub async fn number(pages: Large<Vec<String>>) -> Large<Vec<String>> {
    number_pages(pages).await
}

/// What a state does not carry.
#[state_machine(name = "poster")]
pub async fn poster(pages: u32) -> Vec<String> {
    print_pages(pages).await
}

#[tokio::main]
async fn main() -> ExitCode {
    sfn_runtime::app().main().await
}
