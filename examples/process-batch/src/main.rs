//! The program: see the library of the same name.

use process_batch::mail::Post;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    sfn_runtime::app()
        .provide(Post::default())
        .story("campaign", process_batch::CAMPAIGN)
        .main()
        .await
}
