//! The program: what `main` sets up, and the command line over it.

use std::{fmt, process::ExitCode};

use crate::{Exit, Providers, placement::OnLambda};

/// Runs the command line of this program: every command for every step and workflow that is linked
/// into it.
///
/// ```no_run
/// #[tokio::main]
/// async fn main() -> std::process::ExitCode {
///     sfn_runtime::main().await
/// }
/// ```
///
/// The exit codes are those of [`Exit`](crate::Exit). When steps ask for something with
/// `#[inject]`, give it with [`app`].
pub async fn main() -> ExitCode {
    app().main().await
}

/// A program with more to set up than [`main`] does: what steps ask for, and a story of its own.
///
/// ```no_run
/// use std::sync::Arc;
///
/// struct Db;
///
/// #[tokio::main]
/// async fn main() -> std::process::ExitCode {
///     sfn_runtime::app().provide(Arc::new(Db)).main().await
/// }
/// ```
pub fn app() -> App {
    App::default()
}

/// A program: see [`app`].
#[derive(Clone, Default)]
#[must_use = "nothing runs until `main` is awaited"]
pub struct App {
    pub(crate) providers: Providers,
    pub(crate) stories: Vec<Story>,
    pub(crate) about: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) placed: Vec<OnLambda>,
}

/// A workflow to run when the program is started without arguments.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) workflow: String,
    pub(crate) input: String,
}

impl App {
    /// Gives a value to every step that asks for its type with `#[inject]`. A later value of the
    /// same type takes the place of an earlier one.
    pub fn provide<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.providers.insert(value);
        self
    }

    /// Has this run around every step, within those that were given before; see
    /// [`Interceptor`](crate::Interceptor).
    pub fn intercept(mut self, interceptor: impl crate::Interceptor) -> Self {
        self.providers.intercept(interceptor);
        self
    }

    /// Has this run around the step `S` alone.
    pub fn intercept_step<S: crate::Step>(mut self, interceptor: impl crate::Interceptor) -> Self {
        self.providers.intercept_step::<S>(interceptor);
        self
    }

    /// Keeps [`Large`](crate::Large) values there, rather than where [`large`](crate::large) says.
    pub fn store_large(mut self, store: impl crate::large::Store) -> Self {
        self.providers.store_large(store);
        self
    }

    /// Says what the program does when it is started without arguments: it runs this workflow with
    /// this input (JSON text), as `run NAME --skip-waits` does.
    ///
    /// For examples and demonstrations. Several stories are told one after the other.
    ///
    /// ```no_run
    /// # async fn doc() -> std::process::ExitCode {
    /// const ORDER: &str = r#"{ "size": "large" }"#;
    /// sfn_runtime::app().story("make-pizza", ORDER).main().await
    /// # }
    /// ```
    pub fn story(mut self, workflow: impl Into<String>, input: impl Into<String>) -> Self {
        self.stories.push(Story {
            workflow: workflow.into(),
            input: input.into(),
        });
        self
    }

    /// Places a step on Lambda, as `[steps.NAME]` of `sfn.toml` does. The file counts more.
    ///
    /// ```no_run
    /// # use sfn_runtime::{Step, placement::lambda, seconds};
    /// # async fn doc<make_sauce: Step>() -> std::process::ExitCode {
    /// sfn_runtime::app().place(lambda::<make_sauce>().timeout(seconds(40))).main().await
    /// # }
    /// ```
    pub fn place(mut self, step: OnLambda) -> Self {
        self.placed.push(step);
        self
    }

    /// What `--help` says first. Without it: that the program runs durable workflows.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// What `--version` says, as a rule `env!("CARGO_PKG_VERSION")`. Without it: the runtime's own.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Reads the command line, does what it says, and gives the exit code. Started by Lambda, it
    /// serves the step of its function instead.
    pub async fn main(self) -> ExitCode {
        #[cfg(feature = "lambda")]
        if crate::lambda::started() {
            return crate::lambda::serve(self.providers).await.into();
        }
        self.command_line().await
    }

    /// Nobody calls a command in a function: without the command line the zip is a good deal smaller.
    #[cfg(all(feature = "lambda", not(any(feature = "local", feature = "aws"))))]
    async fn command_line(self) -> ExitCode {
        use std::io::Write;
        // There is nowhere else to say it.
        let _ = writeln!(
            std::io::stderr(),
            "error: this program was built to be started by Lambda, and has no commands\n\
             help: build it with the feature `local`, which is the default"
        );
        Exit::Configuration.into()
    }

    #[cfg(not(all(feature = "lambda", not(any(feature = "local", feature = "aws")))))]
    async fn command_line(self) -> ExitCode {
        let arguments = std::env::args_os().collect();
        let exit = crate::cli::main(self, arguments).await;
        crate::trace::end();
        if exit == Exit::Interrupted {
            // A step that blocks its thread would hold up the end of the runtime, and Ctrl-C is
            // ours by now: nothing could end the process but a kill.
            std::process::exit(i32::from(exit.code()));
        }
        exit.into()
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("providers", &self.providers)
            .field("stories", &self.stories)
            .finish_non_exhaustive()
    }
}
