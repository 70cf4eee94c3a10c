#![doc = include_str!("../pages/delay_below_interval.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::Visit;

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    for (index, retrier) in visit.state.retry().iter().enumerate() {
        let interval = retrier.interval();
        if let Some(longest) = retrier.max_delay_seconds
            && longest <= interval
        {
            report.add(
                Diagnostic::error(
                    Code::DelayBelowInterval,
                    &visit.place.then("Retry").then(index).then("MaxDelaySeconds"),
                    format!("`MaxDelaySeconds` is {longest}, which is not more than the first interval of {interval}"),
                )
                .says("MaxDelaySeconds must be greater than IntervalSeconds")
                .help("raise it, or lower `IntervalSeconds`"),
            );
        }
    }
}
