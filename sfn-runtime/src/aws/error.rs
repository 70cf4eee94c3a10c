use aws_sdk_sfn::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

use crate::service::{Error, ErrorKind};

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
            Error::new(kind, message)
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
        _ => Error::new(
            ErrorKind::Unreachable,
            "the service cannot be reached\n\
             help: check the credentials, the Region, `AWS_ENDPOINT_URL` and the network",
        )
        .caused_by(error),
    }
}
