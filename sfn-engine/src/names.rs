//! Names and ARNs: which are valid, and how they are put together.

use std::sync::Arc;

use crate::{Error, Reason};

/// Where an engine pretends to be.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) partition: Arc<str>,
    pub(crate) region: Arc<str>,
    pub(crate) account: Arc<str>,
}

impl Place {
    /// `arn:<partition>:states:<region>:<account>:<rest>`
    pub(crate) fn arn(&self, rest: std::fmt::Arguments<'_>) -> String {
        format!(
            "arn:{}:states:{}:{}:{rest}",
            self.partition, self.region, self.account
        )
    }
}

/// Refuses names AWS refuses.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let length = name.chars().count();
    if length == 0 {
        return Err(Error::constraint(
            "",
            "name",
            "have length greater than or equal to 1",
        ));
    }
    if length > 80 {
        return Err(Error::constraint(
            name,
            "name",
            "have length less than or equal to 80",
        ));
    }
    if name.chars().any(|c| !is_allowed(c)) {
        return Err(Error::InvalidName(name.to_owned()));
    }
    Ok(())
}

fn is_allowed(c: char) -> bool {
    let refused = c.is_whitespace()
        || c.is_control()
        || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c)
        || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{10ffff}');
    !refused
}

/// An ARN of Step Functions, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    /// `stateMachine`, `execution`, `express`, `activity`, `mapRun`.
    pub(crate) kind: &'a str,
    /// What follows the kind.
    pub(crate) rest: &'a str,
}

/// Takes an ARN apart and refuses those of other kinds.
pub(crate) fn parse_arn<'a>(text: &'a str, kinds: &[&str]) -> Result<Arn<'a>, Error> {
    let refused = |why: String| Err(Error::InvalidArn(why));
    if text.is_empty() {
        return Err(Error::constraint(
            "",
            "arn",
            "have length greater than or equal to 1",
        ));
    }
    if !text.starts_with("arn:") {
        return refused(format!("Invalid ARN prefix: {text}"));
    }
    let parts: Vec<&str> = text.splitn(7, ':').collect();
    let [_, _, service, _, _, kind, rest] = parts[..] else {
        return refused(format!("Invalid ARN: {text}"));
    };
    if service != "states" || rest.is_empty() {
        return refused(format!("Invalid ARN: {text}"));
    }
    if !kinds.contains(&kind) {
        return refused(format!("Resource type not valid in this context: {kind}"));
    }
    Ok(Arn { kind, rest })
}

/// Refuses the ARN of a distributed Map within a state machine (`…:stateMachine:machine/label`).
pub(crate) fn check_unlabelled(arn: &Arn<'_>) -> Result<(), Error> {
    if arn.kind == "stateMachine" && arn.rest.contains('/') {
        return Err(Error::refused(
            Reason::LabeledArn,
            "This operation does not support state machine ARNs with a label",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_as_aws_does() {
        for good in ["a", "a.b", "Größe-1_x", &"x".repeat(80)] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a b",
            " a",
            "a/b",
            "a:b",
            "a\u{7f}",
            "a\u{80}",
            &"x".repeat(81),
        ] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[track_caller]
    fn check_arn(text: &str, kinds: &[&str], message: &str) {
        assert_eq!(
            parse_arn(text, kinds).expect_err("refused").to_string(),
            message
        );
    }

    #[test]
    fn arns_are_refused_in_the_words_of_aws() {
        check_arn(
            "invalid",
            &["activity"],
            "Invalid Arn: 'Invalid ARN prefix: invalid'",
        );
        check_arn(
            "arn:aws:states:us-east-1:123456789012:express:m:e:u",
            &["execution"],
            "Invalid Arn: 'Resource type not valid in this context: express'",
        );
    }
}
