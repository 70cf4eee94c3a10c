//! The program: see the library of the same name.

use order::desk::Desk;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    // Without arguments the program tells its story, and nobody sits at the desk.
    let story = std::env::args_os().len() == 1;
    let desk = if story {
        Desk::that_answers_itself()
    } else {
        Desk::with_a_human()
    };
    sfn_runtime::app()
        .provide(desk)
        .story("process-order", order::ORDER)
        .main()
        .await
}
