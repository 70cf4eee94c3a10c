//! Map Runs over a restart: what follows from what was written down, and what is written down.

use std::sync::Arc;

use super::MapRun;
use crate::Timestamp;
use crate::api::MapRunStatus;
use crate::driver::journal::{Noted, Standing};
use crate::driver::{Core, Shared};
use crate::token::TaskId;

impl Core {
    /// Nobody waited for a Map Run any more.
    pub(in crate::driver) fn map_run_was_given_up(
        &mut self,
        number: usize,
        task: TaskId,
        at: Timestamp,
    ) {
        let found = self
            .map_runs
            .values_mut()
            .find(|run| run.parent == number && run.task == task);
        if let Some(run) = found
            && run.status == MapRunStatus::Running
        {
            run.aborts(at);
        }
    }

    /// A Map Run as it stood, unless it is known already.
    pub(in crate::driver) fn map_run_stood(&mut self, shared: &Arc<Shared>, mut run: MapRun) {
        run.shared = Arc::downgrade(shared);
        self.map_runs.entry(run.plan.arn.clone()).or_insert(run);
    }

    pub(in crate::driver) fn map_run_was_changed(
        &mut self,
        arn: &str,
        concurrency: usize,
        percentage: Option<f64>,
        count: Option<u64>,
    ) {
        if let Some(run) = self.map_runs.get_mut(arn) {
            run.plan.concurrency = concurrency;
            run.plan.tolerated_percentage = percentage;
            run.plan.tolerated_count = count;
        }
    }

    /// Whether a Map Run still needs its children.
    pub(in crate::driver) fn map_run_is_open(&self, arn: &str) -> bool {
        self.map_runs
            .get(arn)
            .is_some_and(|run| run.status == MapRunStatus::Running)
    }

    /// Forgets Map Runs whose execution is gone, and what those that are over need no more.
    pub(in crate::driver) fn prune_map_runs(&mut self) {
        let executions = &self.executions;
        self.map_runs
            .retain(|_, run| executions.row(run.parent).is_some());
        for run in self.map_runs.values_mut() {
            // What did not succeed may be redriven.
            let at_rest = run.status == MapRunStatus::Succeeded && run.executions.running == 0;
            if at_rest && executions.get(run.parent).is_none() {
                run.plan.batches = Vec::new();
                run.results = Vec::new();
            }
        }
    }

    /// Notes all Map Runs as they stand.
    pub(in crate::driver) fn note_map_runs(&mut self) {
        let texts: Vec<String> = self
            .map_runs
            .values()
            .map(|run| {
                serde_json::to_string(&Standing::MapRun(run)).expect("a Map Run is plain data")
            })
            .collect();
        for text in texts {
            self.note_it(Noted::Text(text));
        }
    }
}
