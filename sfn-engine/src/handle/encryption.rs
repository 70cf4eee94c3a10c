//! What may be said about encryption.

use crate::Error;
use crate::api::{EncryptionConfiguration, EncryptionType};

/// How long a data key is used when nothing is said about it, in seconds. Source: AWS's guide.
const USUAL_PERIOD: u32 = 300;

/// Completes a configuration, or refuses it as AWS does.
pub(super) fn complete(
    mut given: EncryptionConfiguration,
) -> Result<EncryptionConfiguration, Error> {
    let refused = |why: &str| Err(Error::InvalidEncryptionConfiguration(why.to_owned()));
    let period = given.kms_data_key_reuse_period_seconds;
    match given.encryption_type {
        EncryptionType::AwsOwnedKey if given.kms_key_id.is_some() || period.is_some() => refused(
            "kmsKeyId and kmsDataKeyReusePeriodSeconds must be null when type is AWS_OWNED_KEY",
        ),
        EncryptionType::AwsOwnedKey => Ok(given),
        EncryptionType::CustomerManagedKmsKey => {
            if given.kms_key_id.as_deref().is_none_or(str::is_empty) {
                return refused("kmsKeyId must not be null when type is CUSTOMER_MANAGED_KMS_KEY");
            }
            let period = period.unwrap_or(USUAL_PERIOD);
            if !(60..=900).contains(&period) {
                return refused("kmsDataKeyReusePeriodSeconds must be between 60 and 900");
            }
            given.kms_data_key_reuse_period_seconds = Some(period);
            Ok(given)
        }
    }
}
