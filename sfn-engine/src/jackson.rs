//! Faults of JSON texts in the words of AWS's parser.

/// What AWS says about a text that is no JSON.
pub(crate) fn words(text: &str, error: &serde_json::Error) -> String {
    // The reader of definitions knows the words; the first line is the fault, the second the place.
    let (_, faults) = sfn_asl::read(text);
    let mut told = faults.iter().filter_map(|fault| fault.aws.as_ref());
    let told = told.find(|aws| aws.code == "INVALID_JSON_DESCRIPTION");
    match told.and_then(|aws| aws.message.lines().next()) {
        Some(words) => words.to_owned(),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = serde_json::from_str::<serde_json::Value>(text).expect_err("it is no JSON");
        assert_eq!(super::words(text, &error), expected);
    }

    #[test]
    fn faults_are_told_as_aws_tells_them() {
        check(
            "not some JSON",
            "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or \
             'false')",
        );
        check(
            "{'a': 1}",
            "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
        );
    }
}
