//! The program: see the library of the same name.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    sfn_runtime::app()
        .provide(pizza::kitchen::Oven::moody())
        .story("make-pizza", pizza::ORDER)
        .main()
        .await
}
