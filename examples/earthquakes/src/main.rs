//! The program: see the library of the same name.

use std::process::ExitCode;

use earthquakes::{lake::Lake, notify::LATEST, warehouse::Warehouse};

#[tokio::main]
async fn main() -> ExitCode {
    let lake = Lake::new(
        concat!(env!("CARGO_MANIFEST_DIR"), "/data"),
        "target/earthquakes",
    );
    let code = sfn_runtime::app()
        .provide(lake.clone())
        .provide(Warehouse::with_an_analyst())
        .story("earthquakes", earthquakes::INPUT)
        .main()
        .await;
    // Without arguments the program tells its story, and the digest is the end of it.
    let story = std::env::args_os().len() == 1;
    if story && code == ExitCode::SUCCESS {
        show(&lake);
    }
    code
}

#[expect(
    clippy::print_stdout,
    reason = "the digest is what the program is run for"
)]
fn show(lake: &Lake) {
    if let Ok(page) = lake.get_text(LATEST) {
        print!("\n{page}");
    }
}
