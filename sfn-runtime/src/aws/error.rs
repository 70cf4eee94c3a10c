use aws_sdk_sfn::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

use crate::service::{Error, ErrorKind};

/// The way out where nobody knows who asks.
const LOG_IN: &str = "help: log in (`aws sso login`), choose a profile (`--profile`, `AWS_PROFILE`), or set `AWS_ACCESS_KEY_ID` \
                      and `AWS_SECRET_ACCESS_KEY`";

/// Whether it never came to a request because nothing could sign it.
///
/// The SDK has no type for it that one could ask, only words.
fn says_credentials(error: &dyn std::error::Error) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.to_string().contains("redential") {
            return true;
        }
        next = error.source();
    }
    false
}

/// What the SDK says, as this crate says it.
pub(super) fn convert<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match &error {
        SdkError::ServiceError(answer) => {
            let code = answer.err().code().unwrap_or("an error without a code");
            let kind = match answer.raw().status().as_u16() {
                500.. => ErrorKind::Internal,
                429 => ErrorKind::Throttled,
                _ => ErrorKind::of_code(code),
            };
            let message = match answer.err().message() {
                Some(message) if !message.is_empty() => message.to_owned(),
                _ => code.to_owned(),
            };
            match kind {
                ErrorKind::Credentials => {
                    Error::new(kind, format!("the credentials are not valid: {message}\n{LOG_IN}"))
                }
                _ => match denied(code, &message) {
                    Some(help) => Error::new(kind, format!("{message}\nhelp: {help}")),
                    None => Error::new(kind, message),
                },
            }
        }
        SdkError::ConstructionFailure(_) => Error::new(
            ErrorKind::InvalidRequest,
            "the request could not be written",
        )
        .caused_by(error),
        SdkError::TimeoutError(_) => {
            Error::new(ErrorKind::Unreachable, "no answer came in time").caused_by(error)
        }
        SdkError::ResponseError(_) => {
            Error::new(ErrorKind::Unreachable, "the answer could not be read").caused_by(error)
        }
        _ if says_credentials(&error) => Error::new(
            ErrorKind::Credentials,
            format!("the credentials are missing or not valid\n{LOG_IN}"),
        )
        .caused_by(error),
        _ => Error::new(
            ErrorKind::Unreachable,
            "the service cannot be reached\n\
             help: check the Region (`--region`, `AWS_REGION`), the address (`--endpoint`, `AWS_ENDPOINT_URL`) and the network",
        )
        .caused_by(error),
    }
}

/// What helps where a policy does not allow a call.
fn denied(code: &str, message: &str) -> Option<String> {
    if !code.contains("AccessDenied") {
        return None;
    }
    let action = word_after(message, "to perform: ")?;
    let resource = word_after(message, "on resource: ").unwrap_or("*");
    Some(policy_line(action, resource))
}

/// The line of a policy that is missing.
pub(crate) fn policy_line(action: &str, resource: &str) -> String {
    format!(
        "have this allowed to the credentials in use: \
         {{ \"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": \"{resource}\" }}"
    )
}

/// The word that follows in a message of IAM.
pub(crate) fn word_after<'a>(message: &'a str, words: &str) -> Option<&'a str> {
    let (_, rest) = message.split_once(words)?;
    rest.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::denied;

    #[test]
    fn a_denial_names_the_line_that_is_missing() {
        let message = "User: u is not authorized to perform: states:StartExecution on resource: arn:m because no policy allows it";
        assert_eq!(
            denied("AccessDeniedException", message).as_deref(),
            Some(
                "have this allowed to the credentials in use: \
                 { \"Effect\": \"Allow\", \"Action\": \"states:StartExecution\", \"Resource\": \"arn:m\" }"
            )
        );
        assert_eq!(denied("AccessDeniedException", ""), None);
        assert_eq!(denied("InvalidArn", message), None);
    }
}
