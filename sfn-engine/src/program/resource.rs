//! What a Task's `Resource` means.

use std::sync::Arc;

/// What a Task calls, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The ARN as written.
    pub arn: Arc<str>,
    /// Who does the work.
    pub kind: ResourceKind,
    /// The service as the history names it: `lambda`, `sqs`, `aws-sdk:s3`.
    pub service: Arc<str>,
    /// The action as the history names it, with its pattern: `invoke`, `sendMessage.waitForTaskToken`.
    pub action: Arc<str>,
    /// What is waited for.
    pub pattern: Pattern,
}

/// Who does a Task's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceKind {
    /// Workers that ask for tasks.
    Activity,
    /// A Lambda function by its own ARN.
    Lambda,
    /// Any service, `arn:aws:states:::…`.
    Service,
}

/// What a Task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// The service's answer.
    RequestResponse,
    /// The end of the job the service took.
    Sync,
    /// That someone sends the task's token back.
    WaitForTaskToken,
}

impl Resource {
    /// Takes an ARN apart; `None` when it is none that a Task can have.
    pub fn parse(arn: &str) -> Option<Resource> {
        let mut parts = arn.splitn(6, ':');
        let (prefix, _partition, service) = (parts.next()?, parts.next()?, parts.next()?);
        let (_region, _account, rest) = (parts.next()?, parts.next()?, parts.next()?);
        if prefix != "arn" {
            return None;
        }
        let (kind, service, action) = match service {
            "lambda" if rest.starts_with("function:") => (ResourceKind::Lambda, "lambda", rest),
            "states" if rest.starts_with("activity:") => (ResourceKind::Activity, "activity", rest),
            "states" => {
                let (service, action) = rest
                    .rsplit_once(':')
                    .filter(|(s, a)| !s.is_empty() && !a.is_empty())?;
                // `.sync:2` has a colon of its own.
                match (service.rsplit_once(':'), action) {
                    (Some((service, verb)), "2") if verb.ends_with(".sync") => {
                        (ResourceKind::Service, service, &rest[service.len() + 1..])
                    }
                    _ => (ResourceKind::Service, service, action),
                }
            }
            _ => return None,
        };
        let pattern = match action {
            _ if kind != ResourceKind::Service => Pattern::RequestResponse,
            a if a.ends_with(".waitForTaskToken") => Pattern::WaitForTaskToken,
            a if a.ends_with(".sync") || a.ends_with(".sync:2") => Pattern::Sync,
            _ => Pattern::RequestResponse,
        };
        Some(Resource {
            arn: arn.into(),
            kind,
            service: service.into(),
            action: action.into(),
            pattern,
        })
    }

    /// The action without its pattern: `sendMessage`.
    pub fn verb(&self) -> &str {
        self.action.split('.').next().unwrap_or(&self.action)
    }

    /// Whether this is the optimized Lambda integration, `arn:aws:states:::lambda:invoke`.
    pub fn is_lambda_invoke(&self) -> bool {
        self.kind == ResourceKind::Service && &*self.service == "lambda" && self.verb() == "invoke"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arn: &str, service: &str, action: &str, kind: ResourceKind, pattern: Pattern) {
        let resource = Resource::parse(arn).expect("a resource");
        assert_eq!(
            (&*resource.service, &*resource.action),
            (service, action),
            "{arn}"
        );
        assert_eq!((resource.kind, resource.pattern), (kind, pattern), "{arn}");
    }

    #[test]
    fn takes_resources_apart() {
        use Pattern::{RequestResponse, Sync, WaitForTaskToken};
        use ResourceKind::{Activity, Lambda, Service};
        check(
            "arn:aws:states:::lambda:invoke",
            "lambda",
            "invoke",
            Service,
            RequestResponse,
        );
        check(
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "sqs",
            "sendMessage.waitForTaskToken",
            Service,
            WaitForTaskToken,
        );
        check(
            "arn:aws:states:::states:startExecution.sync:2",
            "states",
            "startExecution.sync:2",
            Service,
            Sync,
        );
        check(
            "arn:aws:states:::states:startExecution.sync",
            "states",
            "startExecution.sync",
            Service,
            Sync,
        );
        check(
            "arn:aws:states:::aws-sdk:s3:getObject",
            "aws-sdk:s3",
            "getObject",
            Service,
            RequestResponse,
        );
        check(
            "arn:aws:states:eu-west-1:123456789012:activity:a",
            "activity",
            "activity:a",
            Activity,
            RequestResponse,
        );
        check(
            "arn:aws:lambda:eu-west-1:123456789012:function:f:1",
            "lambda",
            "function:f:1",
            Lambda,
            RequestResponse,
        );
    }

    #[test]
    fn refuses_what_no_task_can_have() {
        for arn in [
            "",
            "lambda",
            "arn:aws:s3:::bucket",
            "arn:aws:states:::lambda",
            "arn:aws:lambda:r:1:layer:x",
        ] {
            assert_eq!(Resource::parse(arn), None, "{arn}");
        }
    }
}
