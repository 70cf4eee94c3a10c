//! The program: see the library of the same name.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    sfn_runtime::app()
        .story("driest-month", festival::RECORD)
        .story("festival", festival::WISH)
        .main()
        .await
}
