use std::fmt;

use aws_sdk_sfn::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

use crate::{
    aws::error::{policy_line, word_after},
    deploy::resource::Id,
};

/// Why AWS did not do what was asked.
#[derive(Debug, Clone)]
pub(crate) struct Error {
    /// The permission that the call needs: `lambda:CreateFunction`.
    action: &'static str,
    /// What it was about.
    what: String,
    code: String,
    message: String,
    reason: Reason,
}

/// What sort of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// There is no such thing.
    NotFound,
    /// There is one already.
    Exists,
    /// The credentials do not allow it.
    Denied,
    /// There are no credentials, or they are not valid any more.
    Credentials,
    /// AWS does not know yet what it was told, or is still at work.
    Late,
    /// Too many calls, or a fault of the service.
    Busy,
    /// No answer.
    Unreachable,
    /// The account has no concurrency left to reserve.
    Concurrency,
    /// Anything else.
    Refused,
}

impl std::error::Error for Error {}

impl Error {
    pub(crate) fn reason(&self) -> Reason {
        self.reason
    }

    /// Whether the same call may succeed later.
    pub(crate) fn passes(&self) -> bool {
        matches!(
            self.reason,
            Reason::Late | Reason::Busy | Reason::Unreachable
        )
    }

    /// The same, saying which resource it was about.
    pub(crate) fn about(mut self, id: &Id) -> Self {
        self.what = id.to_string();
        self
    }

    /// An error of our own making.
    pub(crate) fn refused(action: &'static str, what: &str, message: impl Into<String>) -> Self {
        Self {
            action,
            what: what.to_owned(),
            code: String::new(),
            message: message.into(),
            reason: Reason::Refused,
        }
    }

    /// AWS says it is still at work.
    pub(super) fn late(action: &'static str, what: &str, message: impl Into<String>) -> Self {
        Self {
            reason: Reason::Late,
            ..Self::refused(action, what, message)
        }
    }

    /// A task of ours broke down.
    pub(crate) fn broken(error: &tokio::task::JoinError) -> Self {
        Self::refused("", "the survey", error.to_string())
    }

    fn help(&self) -> Option<String> {
        match self.reason {
            Reason::Denied => {
                let resource = word_after(&self.message, "on resource: ").unwrap_or("*");
                // It may be another one than that of the call: whoever gives a role away needs `iam:PassRole`.
                let action = word_after(&self.message, "to perform: ").unwrap_or(self.action);
                Some(policy_line(action, resource))
            }
            Reason::Credentials if self.message.contains("valid region") => Some(
                "choose a Region that there is, and that the account has enabled: `--region`, `AWS_REGION`, \
                 `region` in `[deploy]`"
                    .to_owned(),
            ),
            Reason::Credentials => Some(
                "log in (`aws sso login`), choose a profile (`--profile`), or set `AWS_ACCESS_KEY_ID` and \
                 `AWS_SECRET_ACCESS_KEY`; `aws sts get-caller-identity` tells whose they are"
                    .to_owned(),
            ),
            Reason::Unreachable => Some(
                "check the Region (`--region`, `AWS_REGION`), `--endpoint` and the network".to_owned(),
            ),
            Reason::Concurrency => Some(
                "the account keeps 100 calls unreserved: lower `max_concurrency`, or have the quota raised"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            action,
            what,
            code,
            message,
            ..
        } = self;
        write!(f, "{what}: ")?;
        match self.reason {
            Reason::Denied => write!(f, "`{action}` is not allowed")?,
            Reason::Credentials => f.write_str("the credentials are missing or not valid")?,
            Reason::Unreachable => write!(f, "`{action}` was not answered")?,
            _ => write!(f, "`{action}` failed")?,
        }
        match (code.as_str(), message.as_str()) {
            ("", "") => {}
            ("", message) => write!(f, ": {message}")?,
            (code, "") => write!(f, ": {code}")?,
            (code, message) => write!(f, ": {code}: {message}")?,
        }
        match self.help() {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

/// The answer to a call of that action, its error told alike for all services.
pub(super) fn answer<T, E>(
    action: &'static str,
    what: &str,
    answer: Result<T, SdkError<E, HttpResponse>>,
) -> Result<T, Error>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let error = match answer {
        Ok(answer) => return Ok(answer),
        Err(error) => error,
    };
    let (code, message, reason) = match &error {
        SdkError::ServiceError(refused) => {
            let code = refused.err().code().unwrap_or_default();
            let message = refused.err().message().unwrap_or_default();
            let status = refused.raw().status().as_u16();
            // S3 answers HEAD requests without a body.
            let code = match (code, status) {
                ("", 404) => "NotFound",
                ("", 403) => "AccessDenied",
                (code, _) => code,
            };
            (
                code.to_owned(),
                message.to_owned(),
                reason(code, message, status),
            )
        }
        other => {
            let message = chain(other);
            let reason = if message.contains("redential") {
                Reason::Credentials
            } else {
                Reason::Unreachable
            };
            (String::new(), message, reason)
        }
    };
    Err(Error {
        action,
        what: what.to_owned(),
        code,
        message,
        reason,
    })
}

/// What the service said means.
fn reason(code: &str, message: &str, status: u16) -> Reason {
    let says = |text: &str| message.contains(text);
    // Messages first: AWS gives these under codes that mean something else as well.
    let late = [
        "cannot be assumed by Lambda",
        "authorized to assume the provided role",
        "role defined for the function",
        "execution role you provide",
        "does not have permissions to call",
        "update is in progress",
        "cannot be performed at this time",
        "is not authorized to access the Log Destination",
        "not authorized to create managed-rule",
        "is not in the Active state",
    ];
    if late.iter().any(|text| says(text)) {
        return Reason::Late;
    }
    if says("UnreservedConcurrentExecution") {
        return Reason::Concurrency;
    }
    match code {
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "AuthFailure"
        | "InvalidAccessKeyId" => Reason::Credentials,
        "StateMachineDeleting"
        | "OperationAborted"
        | "ConcurrentModification"
        | "ConcurrentModificationException"
        | "OperationAbortedException" => Reason::Late,
        "ResourceConflictException" | "ConflictException" if says("xist") => Reason::Exists,
        "ResourceConflictException" | "ConflictException" => Reason::Late,
        _ if code.contains("Throttl")
            || code.contains("TooManyRequests")
            || code.contains("RequestLimitExceeded")
            || code == "SlowDown"
            || status == 429
            || status >= 500 =>
        {
            Reason::Busy
        }
        _ if code.contains("AccessDenied")
            || code.contains("Unauthorized")
            || code == "AuthorizationError" =>
        {
            Reason::Denied
        }
        _ if code.contains("NotFound")
            || code.contains("NoSuch")
            || code.contains("DoesNotExist") =>
        {
            Reason::NotFound
        }
        _ if code.contains("AlreadyExists") || code.contains("AlreadyOwnedByYou") => Reason::Exists,
        _ => Reason::Refused,
    }
}

/// An error and all that caused it, each once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_services_say_is_told_apart() {
        let check = |code, message, status, expected| {
            assert_eq!(reason(code, message, status), expected, "{code}: {message}");
        };
        check("NoSuchEntity", "", 404, Reason::NotFound);
        check("ActivityDoesNotExist", "", 400, Reason::NotFound);
        check("EntityAlreadyExists", "", 409, Reason::Exists);
        check(
            "ResourceConflictException",
            "Function already exist: f",
            409,
            Reason::Exists,
        );
        check(
            "ResourceConflictException",
            "The operation cannot be performed at this time. An update is in progress for resource: f",
            409,
            Reason::Late,
        );
        check(
            "InvalidParameterValueException",
            "The role defined for the function cannot be assumed by Lambda.",
            400,
            Reason::Late,
        );
        check(
            "AccessDeniedException",
            "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
            400,
            Reason::Late,
        );
        check(
            "AccessDeniedException",
            "User: arn is not authorized",
            400,
            Reason::Denied,
        );
        check("ThrottlingException", "Rate exceeded", 400, Reason::Busy);
        check("ServiceException", "", 500, Reason::Busy);
        check(
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
            400,
            Reason::Concurrency,
        );
    }

    #[test]
    fn a_denial_names_the_line_to_add() {
        let error = Error {
            action: "lambda:CreateFunction",
            what: "function `f`".into(),
            code: "AccessDeniedException".into(),
            message: "User: arn:aws:iam::1:user/bob is not authorized to perform: lambda:CreateFunction on resource: arn:aws:lambda:r:1:function:f because no identity-based policy allows it".into(),
            reason: Reason::Denied,
        };
        let text = error.to_string();
        assert!(
            text.ends_with(
                "help: have this allowed to the credentials in use: { \"Effect\": \"Allow\", \
                 \"Action\": \"lambda:CreateFunction\", \"Resource\": \"arn:aws:lambda:r:1:function:f\" }"
            ),
            "{text}"
        );
    }
}
