//! Reading retriers and catchers.

use super::field::Fields;
use super::state::assign;
use crate::model::{Catcher, Jitter, Retrier};

const JITTERS: [(&str, Jitter); 2] = [("NONE", Jitter::None), ("FULL", Jitter::Full)];

pub(super) fn retriers(fields: &mut Fields<'_>) -> Vec<Retrier> {
    fields
        .objects("Retry", "a retrier")
        .into_iter()
        .map(|mut fields| {
            fields.require(&["ErrorEquals"]);
            let retrier = Retrier {
                error_equals: fields.texts("ErrorEquals"),
                interval_seconds: fields.whole("IntervalSeconds", 0),
                max_attempts: fields.whole("MaxAttempts", 0),
                backoff_rate: fields.number("BackoffRate"),
                max_delay_seconds: fields.whole("MaxDelaySeconds", 1),
                jitter_strategy: fields.word("JitterStrategy", &JITTERS),
                comment: fields.text("Comment"),
            };
            fields.finish();
            retrier
        })
        .collect()
}

pub(super) fn catchers(fields: &mut Fields<'_>) -> Vec<Catcher> {
    fields
        .objects("Catch", "a catcher")
        .into_iter()
        .map(|mut fields| {
            fields.require(&["ErrorEquals", "Next"]);
            let catcher = Catcher {
                error_equals: fields.texts("ErrorEquals"),
                next: fields.text("Next").unwrap_or_default(),
                result_path: fields.path("ResultPath"),
                assign: assign(&mut fields),
                output: fields.value("Output"),
                comment: fields.text("Comment"),
            };
            fields.finish();
            catcher
        })
        .collect()
}
