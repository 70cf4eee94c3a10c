//! A failure on its way through Lambda, which wraps it: `{"errorType": …, "errorMessage": <cause>}`.

use serde_json::Value;

use super::Failure;

impl Failure {
    /// The same failure, cut so that Lambda's answer with it is no longer than the cause that Step Functions takes.
    ///
    /// Cut by Step Functions, the answer would be no JSON, and nobody could read the cause in it.
    #[cfg(any(feature = "lambda", feature = "local"))]
    pub(crate) fn within_lambda(self) -> Self {
        let fits = |failure: &Self| {
            let answer = serde_json::json!({
                "errorType": failure.error,
                "errorMessage": failure.cause,
            });
            answer.to_string().chars().count() <= super::MAX_CAUSE
        };
        if fits(&self) {
            return self;
        }
        // With data, the text alone still says what happened; cut JSON would say nothing.
        let mut shorter = self;
        if let Ok(Value::Object(mut parts)) = serde_json::from_str::<Value>(&shorter.cause)
            && let Some(Value::String(message)) = parts.remove("message")
        {
            shorter.cause = message;
        }
        while !fits(&shorter) {
            // Which characters need how many to be written as JSON is not worth counting.
            let most = shorter.cause.chars().count() * 3 / 4;
            super::cut(&mut shorter.cause, most);
        }
        shorter
    }
}

/// The cause as the step gave it: out of Lambda's answer, when it is one that names this very error.
pub(crate) fn own_cause(error: &str, cause: String) -> String {
    if !cause.starts_with('{') {
        return cause;
    }
    match serde_json::from_str::<Value>(&cause) {
        Ok(Value::Object(mut answer)) if answer.get("errorType").is_some_and(|of| of == error) => {
            match answer.remove("errorMessage") {
                Some(Value::String(message)) => message,
                _ => cause,
            }
        }
        _ => cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: &str, cause: &str, own: &str) {
        assert_eq!(own_cause(error, cause.to_owned()), own);
    }

    #[test]
    fn the_cause_is_taken_out_of_lambdas_answer() {
        check(
            "Oven.Busy",
            r#"{"errorType":"Oven.Busy","errorMessage":"it is {busy}"}"#,
            "it is {busy}",
        );
        check("Oven.Busy", "it is busy", "it is busy");
        check("Oven.Busy", "{ no JSON", "{ no JSON");
        let data = r#"{"message":"too much","data":{"grams":1}}"#;
        check("Scale.Over", data, data);
        let other = r#"{"errorType":"Other","errorMessage":"x"}"#;
        check("Scale.Over", other, other);
    }

    #[cfg(feature = "local")]
    #[test]
    fn an_answer_is_never_longer_than_a_cause() {
        let within = |cause: String| {
            let failure = Failure::new("Oven.Busy", cause).within_lambda();
            let answer =
                serde_json::json!({ "errorType": failure.error, "errorMessage": failure.cause });
            assert!(answer.to_string().chars().count() <= crate::failure::MAX_CAUSE);
            failure.cause
        };
        assert_eq!(within("short".to_owned()), "short");
        assert!(within("\"".repeat(40_000)).len() > 8_000);
        let data = serde_json::json!({ "message": "too much", "data": "\"".repeat(15_000) });
        assert_eq!(within(data.to_string()), "too much");
    }
}
