use expect_test::expect;

use crate::screen::call;

#[test]
fn without_a_command_there_is_help_and_no_success() {
    call(&[]).check(expect![[r#"
        exit 2
        --- stderr
        The fixture of the suite `cli`.

        Usage: cli-fixture [OPTIONS] <COMMAND>

        Commands:
          run      Runs a workflow on the embedded engine, its steps in this process
          list     Shows the workflows and the steps of this program, or the executions of a workflow
          check    Looks for everything that can be wrong, without running anything
          lock     Writes down in `sfn.lock` what workflows and steps promise
          cost     Counts transitions, path by path, and estimates their price
          asl      Prints the state machine that Step Functions is given
          graph    Draws a workflow, or an execution of one
          history  Shows what happened in an execution
          work     Serves steps to AWS Step Functions until it is told to stop
          answer   Answers a task that waits for somebody, by its token
          start    Starts a workflow on AWS
          status   Shows how an execution stands
          stop     Stops an execution
          redrive  Runs an execution that ended badly again, from where it failed
          plan     Shows what `deploy` would change on AWS, and why
          deploy   Makes and changes what the program needs on AWS
          drain    Waits for executions of earlier deployments, and removes what only they needed
          destroy  Removes all that `deploy` made on AWS, and nothing else
          export   Writes what `deploy` would make as a template for another tool
          explain  Tells what a code of `check` means

        Options:
          -h, --help     Print help
          -V, --version  Print version

        Everywhere:
              --config <FILE>  Reads this file instead of `sfn.toml`
              --env <NAME>     Takes what `[env.NAME]` of `sfn.toml` says on top
          -v, --verbose...     Logs what the runtime does; twice for more. `RUST_LOG` says it in full

        Workflows: be-late, block-long, catch, come-round, double-all, fail, greet, panic, work-long
    "#]]);
}

#[test]
fn help_is_an_answer() {
    let output = call(&["--help"]).output();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

#[test]
fn each_command_has_help() {
    for command in [
        "run", "list", "check", "lock", "cost", "asl", "graph", "history", "work", "answer",
        "export", "explain",
    ] {
        let output = call(&[command, "--help"]).output();
        assert_eq!(output.status.code(), Some(0), "{command}");
        let text = String::from_utf8(output.stdout).expect("help is UTF-8");
        assert!(
            text.contains(&format!("Usage: cli-fixture {command}")),
            "{text}"
        );
    }
}

#[test]
fn help_on_run() {
    call(&["run", "--help"]).check(expect![[r#"
        exit 0
        --- stdout
        Runs a workflow on the embedded engine, its steps in this process. Progress goes to standard error, the output to standard output, and the exit code says how it ended: 0 succeeded, 1 failed, 124 timed out, 130 interrupted.

        Usage: cli-fixture run [OPTIONS] <NAME>

        Arguments:
          <NAME>
                  The workflow's name; `list` shows them

        Options:
          -i, --input <JSON>
                  The input: JSON text, @FILE, or - for standard input

              --name <NAME>
                  Names the execution

              --skip-waits
                  Skips waits and the pauses before retries

              --json
                  Prints one object with status and times instead of the output

              --events
                  Prints each event as a line of JSON, then the object of --json

              --view <VIEW>
                  How progress is shown [live on a terminal, else lines]

                  [possible values: live, lines, none]

              --save-history <FILE>
                  Writes the history for `history` and `graph`

          -h, --help
                  Print help (see a summary with '-h')

        Everywhere:
              --config <FILE>
                  Reads this file instead of `sfn.toml`

              --env <NAME>
                  Takes what `[env.NAME]` of `sfn.toml` says on top

          -v, --verbose...
                  Logs what the runtime does; twice for more. `RUST_LOG` says it in full
    "#]]);
}

#[test]
fn the_version_is_the_programs() {
    call(&["--version"]).check(expect![[r#"
        exit 0
        --- stdout
        cli-fixture 1.2.3 (sfn 0.1.0)
    "#]]);
}

#[test]
fn an_unknown_command_has_its_near_miss() {
    call(&["lits"]).check(expect![[r#"
        exit 2
        --- stderr
        error: unrecognized subcommand 'lits'

          tip: a similar subcommand exists: 'list'

        Usage: cli-fixture [OPTIONS] <COMMAND>

        For more information, try '--help'.
    "#]]);
}

#[test]
fn an_unknown_option_has_its_near_miss() {
    call(&["run", "greet", "--skip-wait"]).check(expect![[r#"
        exit 2
        --- stderr
        error: unexpected argument '--skip-wait' found

          tip: a similar argument exists: '--skip-waits'

        Usage: cli-fixture run --skip-waits <NAME>

        For more information, try '--help'.
    "#]]);
}

#[test]
fn an_unknown_format_lists_the_known() {
    call(&["graph", "greet", "--format", "png"]).check(expect![[r#"
        exit 2
        --- stderr
        error: invalid value 'png' for '--format <FORMAT>'
          [possible values: mermaid, dot, svg]

        For more information, try '--help'.
    "#]]);
}

#[test]
fn a_workflow_that_is_not_named_is_asked_for() {
    for command in ["run", "asl", "graph"] {
        let output = call(&[command]).output();
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        let text = String::from_utf8(output.stderr).expect("messages are UTF-8");
        assert_eq!(
            text,
            format!(
                "error: `{command}` needs the name of a workflow\n\
                 note: its workflows are `be-late`, `block-long`, `catch`, `come-round`, `double-all`, `fail`, `greet`, \
                 `panic`, `work-long`\n\
                 help: say `cli-fixture {command} be-late`\n"
            )
        );
    }
}
