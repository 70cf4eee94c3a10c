//! Without a store: forgetting executions that ended long ago, so that memory stays bounded.

use super::Core;
use crate::Timestamp;
use crate::store::Retention;

impl Core {
    /// Forgets executions that are over and too old, or too many.
    ///
    /// It does so for an eighth of them at a time: going through the lists of all machines then costs each execution little.
    pub(super) fn forget_old(&mut self, keep: &Retention, now: Timestamp) {
        let most = usize::try_from(keep.count).unwrap_or(usize::MAX);
        let too_many = self.over.len() > most.saturating_add(most / 8);
        let too_old = |ended: Timestamp| now.since(ended) > keep.age;
        let eighth = keep.age / 8;
        let long_ago = |ended: Timestamp| now.since(ended) > keep.age.saturating_add(eighth);
        if !too_many && !self.over.front().is_some_and(|(_, ended)| long_ago(*ended)) {
            return;
        }
        let mut needed = Vec::new();
        while let Some((number, ended)) = self.over.pop_front() {
            if self.over.len() < most && !too_old(ended) {
                self.over.push_front((number, ended));
                break;
            }
            let Some(entry) = self.executions.get(number) else {
                continue;
            };
            let outcome = entry.execution.outcome.as_ref();
            // A redriven one ends again, and stands in this queue again then.
            if outcome.is_none_or(|outcome| outcome.at > ended) {
                continue;
            }
            if !self.may_be_archived(entry) {
                needed.push((number, now));
                continue;
            }
            let arn = entry.about().arn.clone();
            self.by_arn.remove(&arn);
            self.executions.forget(number);
        }
        self.over.extend(needed);
        self.executions.forget_first();
        self.forget_those_gone();
    }
}
