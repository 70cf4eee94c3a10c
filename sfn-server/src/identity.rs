//! The one operation of AWS STS that goes with the API: a client that has nothing but this endpoint asks here whose
//! account it uses.
//!
//! It is of another protocol: a form is asked, XML is answered.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>

use hyper::{HeaderMap, header};

/// What the body of such a request begins with, as SDKs write it.
const ACTION: &[u8] = b"Action=GetCallerIdentity";

/// Whether a request is meant for STS: it is signed for that service.
pub(crate) fn is_asked(headers: &HeaderMap) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split("Credential=").nth(1)?.split(',').next())
        .is_some_and(|scope| scope.trim_end().ends_with("/sts/aws4_request"))
}

/// Who asks; `None` when the body asks for anything else.
pub(crate) fn answer(body: &[u8], partition: &str, account: &str, id: &str) -> Option<String> {
    let rest = body.strip_prefix(ACTION)?;
    if !rest.is_empty() && !rest.starts_with(b"&") {
        return None;
    }
    // Partition and account are ours: nothing in them needs to be escaped.
    Some(format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:{partition}:iam::{account}:root</Arn><UserId>{account}</UserId><Account>{account}</Account>\
         </GetCallerIdentityResult><ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata>\
         </GetCallerIdentityResponse>"
    ))
}
