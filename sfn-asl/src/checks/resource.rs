//! What the ARN of a task says.

/// The parts of a `Resource` that checks look at.
pub(super) enum Resource<'a> {
    /// An activity: workers ask for its tasks.
    Activity,
    /// `arn:aws:states:::SERVICE:ACTION.PATTERN`
    Integration {
        service: &'a str,
        action: &'a str,
        pattern: Pattern,
    },
    /// Any other ARN: a Lambda function.
    Other,
    /// No ARN at all.
    Invalid,
}

/// How a service integration waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// Only for the answer.
    RequestResponse,
    /// `.sync`: for the job to be done.
    Sync,
    /// `.sync:2`: the same, with the output parsed.
    Sync2,
    /// `.waitForTaskToken`: for someone to report.
    Token,
}

impl Resource<'_> {
    pub(super) fn parse(arn: &str) -> Resource<'_> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", _, service, _, _, rest] = parts.as_slice() else {
            return Resource::Invalid;
        };
        if *service != "states" {
            return Resource::Other;
        }
        if rest.starts_with("activity:") {
            return Resource::Activity;
        }
        let (call, pattern) = [
            (".sync:2", Pattern::Sync2),
            (".sync", Pattern::Sync),
            (".waitForTaskToken", Pattern::Token),
        ]
        .into_iter()
        .find_map(|(suffix, pattern)| Some((rest.strip_suffix(suffix)?, pattern)))
        .unwrap_or((rest, Pattern::RequestResponse));
        match call.split_once(':') {
            Some((service, action)) if !action.is_empty() => Resource::Integration {
                service,
                action,
                pattern,
            },
            _ => Resource::Invalid,
        }
    }
}
