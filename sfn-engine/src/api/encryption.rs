//! Encryption at rest: what is said about it is kept and told; nothing is encrypted here.

use serde::{Deserialize, Serialize};

/// With whose key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EncryptionType {
    /// AWS's own.
    #[default]
    AwsOwnedKey,
    /// One of the customer's in KMS.
    CustomerManagedKmsKey,
}

impl EncryptionType {
    /// The name in the AWS API.
    pub fn as_str(self) -> &'static str {
        match self {
            EncryptionType::AwsOwnedKey => "AWS_OWNED_KEY",
            EncryptionType::CustomerManagedKmsKey => "CUSTOMER_MANAGED_KMS_KEY",
        }
    }
}

/// How a state machine or an activity would be encrypted on AWS.
///
/// ```
/// use sfn_engine::api::{EncryptionConfiguration, EncryptionType};
///
/// let own_key = EncryptionConfiguration {
///     encryption_type: EncryptionType::CustomerManagedKmsKey,
///     kms_key_id: Some("alias/orders".to_owned()),
///     kms_data_key_reuse_period_seconds: Some(300),
/// };
/// assert_ne!(own_key, EncryptionConfiguration::default());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncryptionConfiguration {
    /// With whose key.
    pub encryption_type: EncryptionType,
    /// The customer's key: an ID, an alias, or the ARN of either.
    pub kms_key_id: Option<String>,
    /// How long a data key of the customer's key is used, 60 to 900 seconds; 300 when absent.
    pub kms_data_key_reuse_period_seconds: Option<u32>,
}

impl EncryptionConfiguration {
    /// Whether all is as it is when nothing is said about it.
    pub(crate) fn is_usual(&self) -> bool {
        *self == EncryptionConfiguration::default()
    }
}
