//! The names of everything that is made: the prefix (the app, and the profile), then what it is for.

use crate::{StepMeta, service::Location};

/// What most services allow.
const LIMIT: usize = 64;

/// Text of letters, digits, `-` and `_` that is at most `limit` long.
///
/// When something is lost, a hash of the whole stands for it, so that two names stay two.
pub(super) fn cut(text: &str, limit: usize) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let plain: String = text
        .chars()
        .map(|c| if legal(c) { c } else { '_' })
        .collect();
    if plain == text && plain.len() <= limit {
        return plain;
    }
    let kept: String = plain.chars().take(limit - 9).collect();
    format!("{kept}-{:08x}", hash(text))
}

/// FNV-1a: stable for ever, and no secret depends on it.
pub(super) fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

pub(super) fn function(prefix: &str, step: &StepMeta) -> String {
    cut(&format!("{prefix}-{}", step.name), LIMIT)
}

pub(super) fn function_role(prefix: &str, step: &StepMeta) -> String {
    cut(&format!("{prefix}-{}-lambda", step.name), LIMIT)
}

pub(super) fn machine_role(prefix: &str, workflow: &str) -> String {
    cut(&format!("{prefix}-{workflow}-sfn"), LIMIT)
}

pub(super) fn trigger_role(prefix: &str, workflow: &str) -> String {
    cut(&format!("{prefix}-{workflow}-trigger"), LIMIT)
}

pub(super) fn event_rule(prefix: &str, workflow: &str) -> String {
    cut(&format!("{prefix}-{workflow}-event"), LIMIT)
}

pub(super) fn failures(prefix: &str) -> String {
    cut(&format!("{prefix}-failures"), LIMIT)
}

pub(super) fn alarm(prefix: &str, of: &str, what: &str) -> String {
    cut(&format!("{prefix}-{of}-{what}"), 255)
}

pub(super) fn schedule(workflow: &str) -> String {
    cut(workflow, LIMIT)
}

/// Where Lambda writes a function's logs unless told otherwise.
pub(super) fn function_logs(function: &str) -> String {
    format!("/aws/lambda/{function}")
}

/// With that beginning, the service's own resource policy for log groups does not grow with each of them.
pub(super) fn machine_logs(prefix: &str, workflow: &str) -> String {
    format!(
        "/aws/vendedlogs/states/{}",
        cut(&format!("{prefix}-{workflow}"), 200)
    )
}

/// The path of all roles, by which they are found again.
pub(super) fn role_path(prefix: &str) -> String {
    format!("/sfn/{prefix}/")
}

/// A bucket's name is unique in the world, so it has the account and the Region in it.
pub(super) fn bucket(prefix: &str, at: &Location) -> String {
    // 63 characters, less an account's twelve, the fourteen of the longest Region, and two hyphens: the beginning is the
    // same wherever it stands.
    let own = cut(&format!("sfn-{prefix}"), 35);
    let own = own.to_ascii_lowercase().replace('_', "-");
    format!("{own}-{}-{}", at.account, at.region)
}

/// The key of a zip in the bucket, by its checksum in base64.
pub(super) fn code(sha256: &str) -> String {
    // Base64 has letters that keys of objects had better not.
    format!("code/{}.zip", sha256.replace(['/', '+', '='], "_"))
}

/// The log group that exists while a deployment is under way.
#[cfg(feature = "deploy")]
pub(super) fn lock(prefix: &str) -> String {
    format!("/sfn/{prefix}/deploying")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_keeps_its_difference() {
        assert_eq!(cut("pizzeria-bake", 64), "pizzeria-bake");
        let (one, other) = (cut("Get credit", 64), cut("Get.credit", 64));
        assert_eq!(one, "Get_credit-d0bc22f4");
        assert_ne!(one, other);
        let long = cut(&"a".repeat(100), 64);
        assert_eq!(long.len(), 64);
        assert_ne!(long, cut(&"a".repeat(101), 64));
    }

    #[test]
    fn a_bucket_has_a_name_that_dns_takes() {
        let at = Location {
            partition: "aws".into(),
            region: "ap-southeast-1".into(),
            account: "123456789012".into(),
        };
        let name = bucket("My_App-with-a-name-of-some-length-prod", &at);
        assert!(name.len() <= 63, "{name}");
        assert!(name.ends_with("-123456789012-ap-southeast-1"), "{name}");
        assert!(
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{name}"
        );
    }
}
