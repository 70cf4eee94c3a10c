//! What is told about Map Runs, and changed of them.

use std::sync::Arc;

use crate::Timestamp;
use crate::api::{DescribedMapRun, MapRunListItem, MapRunStatus};
use crate::driver::facts::Mark;
use crate::driver::journal::Change;
use crate::driver::{Core, Row, Shared};

impl Core {
    /// What is known about a Map Run.
    pub(crate) fn describe_map_run(&self, arn: &str) -> Option<DescribedMapRun> {
        let run = self.map_runs.get(arn)?;
        Some(DescribedMapRun {
            map_run_arn: arn.to_owned(),
            execution_arn: run.execution_arn.to_string(),
            status: run.status,
            start_date: run.started,
            stop_date: run.stopped,
            max_concurrency: u32::try_from(run.plan.concurrency).unwrap_or(u32::MAX),
            tolerated_failure_percentage: run.plan.tolerated_percentage.unwrap_or(0.0),
            tolerated_failure_count: run.plan.tolerated_count.unwrap_or(0),
            item_counts: run.items,
            execution_counts: run.executions,
            redrive_count: run.redrives,
            redrive_date: run.redriven,
        })
    }

    /// The Map Runs of an execution, oldest first.
    pub(crate) fn map_runs_of(&self, number: usize) -> Vec<MapRunListItem> {
        let mut runs: Vec<_> = self
            .map_runs
            .iter()
            .filter(|(_, run)| run.parent == number)
            .collect();
        runs.sort_by_key(|(arn, run)| (run.started, (*arn).clone()));
        runs.into_iter()
            .map(|(arn, run)| MapRunListItem {
                execution_arn: run.execution_arn.to_string(),
                map_run_arn: arn.to_string(),
                state_machine_arn: format!("{}/{}", run.machine_arn, run.plan.label),
                start_date: run.started,
                stop_date: run.stopped,
            })
            .collect()
    }

    /// The children of a Map Run, oldest first.
    pub(crate) fn children_of(&self, arn: &str) -> Option<&[usize]> {
        self.map_runs.get(arn).map(|run| &run.children[..])
    }

    /// The children of a running Map Run that wait for their turn to run again.
    pub(crate) fn awaiting_redrive(&self, arn: &str) -> Vec<usize> {
        let run = self.map_runs.get(arn);
        let Some(run) = run.filter(|run| run.status == MapRunStatus::Running) else {
            return Vec::new();
        };
        let waiting = run.again.iter();
        waiting
            .filter_map(|child| run.children.get(*child).copied())
            .collect()
    }

    /// Whether this child of a Map Run waits for its turn to run again.
    pub(crate) fn awaits_redrive(&self, map_run: &str, child: &str) -> bool {
        let waiting = self.awaiting_redrive(map_run);
        waiting
            .into_iter()
            .any(|number| match self.executions.row(number) {
                Some(Row::Live(entry)) => &*entry.about().arn == child,
                Some(Row::Closed(head)) => head.facts.arn == Mark::of(child),
                None => false,
            })
    }

    /// Changes a running Map Run; answers whether it runs, if there is one.
    pub(crate) fn update_map_run(
        &mut self,
        shared: &Arc<Shared>,
        update: &crate::api::UpdateMapRun,
        now: Timestamp,
    ) -> Option<bool> {
        let (arn, run) = self.map_runs.get_key_value(update.map_run_arn.as_str())?;
        let (arn, running) = (arn.clone(), run.status == MapRunStatus::Running);
        if let Some(run) = self.map_runs.get_mut(&arn)
            && running
        {
            if let Some(most) = update.max_concurrency {
                run.plan.concurrency = most as usize;
            }
            if let Some(percentage) = update.tolerated_failure_percentage {
                run.plan.tolerated_percentage = Some(percentage);
            }
            if let Some(count) = update.tolerated_failure_count {
                run.plan.tolerated_count = Some(count);
            }
            let plan = &run.plan;
            let change = Change::MapRunPlan {
                arn: arn.clone(),
                concurrency: plan.concurrency,
                percentage: plan.tolerated_percentage,
                count: plan.tolerated_count,
            };
            self.note(|_| change);
            self.start_children(shared, &arn, now);
            self.map_run_goes_on(&arn, now);
        }
        Some(running)
    }
}
