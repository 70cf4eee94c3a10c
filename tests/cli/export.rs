use expect_test::expect;

use crate::screen::call;

#[test]
fn a_template_goes_to_standard_output() {
    for (arguments, beginning) in [
        (
            &["export", "cloudformation"][..],
            "{\n  \"AWSTemplateFormatVersion\": \"2010-09-09\",\n",
        ),
        (
            &["export", "cloudformation", "--yaml"],
            "AWSTemplateFormatVersion: \"2010-09-09\"\n",
        ),
        (&["export", "terraform"], "{\n  \"terraform\": {\n"),
    ] {
        let output = call(arguments).output();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
        let text = String::from_utf8(output.stdout).expect("templates are UTF-8");
        assert!(text.starts_with(beginning), "{text}");
        assert!(
            text.contains("stateMachine:greet") || text.contains("greet"),
            "{text}"
        );
    }
}

#[test]
fn whose_language_must_be_said() {
    call(&["export"]).check(expect![[r#"
        exit 2
        --- stderr
        error: the following required arguments were not provided:
          <TOOL>

        Usage: cli-fixture export <TOOL>

        For more information, try '--help'.
    "#]]);
    call(&["export", "pulumi"]).check(expect![[r#"
        exit 2
        --- stderr
        error: invalid value 'pulumi' for '<TOOL>'
          [possible values: cloudformation, terraform]

        For more information, try '--help'.
    "#]]);
}

#[test]
fn terraform_has_no_yaml() {
    call(&["export", "terraform", "--yaml"]).check(expect![[r#"
        exit 2
        --- stderr
        error: Terraform reads JSON, and no YAML
        help: leave `--yaml` out
    "#]]);
}

#[test]
fn a_zip_that_is_not_there_is_named() {
    call(&["export", "terraform", "--code", "no.zip"]).check(expect![[r#"
        exit 2
        --- stderr
        error: the zip `no.zip` cannot be read: No such file or directory (os error 2)
    "#]]);
}
