//! Faults of JSON texts in the words of AWS's parser.

/// What AWS says about a text that is no JSON.
pub(crate) fn words(error: &serde_json::Error) -> String {
    error.to_string()
}
