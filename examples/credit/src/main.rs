//! The program: see the library of the same name.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    sfn_runtime::app()
        .provide(credit::bureau::Bureau::busy(3))
        .story("credit", credit::UNDER)
        .story("credit", credit::OVER)
        .main()
        .await
}
