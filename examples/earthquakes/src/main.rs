//! The program: see the library of the same name.

use earthquakes::{lake::Lake, warehouse::Warehouse};

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let crate_folder = env!("CARGO_MANIFEST_DIR");
    sfn_runtime::app()
        .provide(Lake::new(
            format!("{crate_folder}/data"),
            "target/earthquakes",
        ))
        .provide(Warehouse::with_an_analyst())
        .story("earthquakes", earthquakes::INPUT)
        .main()
        .await
}
