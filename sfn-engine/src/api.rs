//! The operations' requests and responses: AWS's names and fields, typed.
//!
//! Definitions, inputs and outputs are JSON *text*, as on the wire. Optional fields left at their default mean what
//! they mean when absent from an API call.

mod activity;
mod encryption;
mod execution;
mod machine;
mod map_run;
mod task;
mod test_state;

pub use activity::{
    ActivityListItem, ActivityTask, CreateActivity, CreatedActivity, DescribedActivity,
    GetActivityTask,
};
pub use encryption::{EncryptionConfiguration, EncryptionType};
pub use execution::{
    BillingDetails, DescribedExecution, ExecutionListItem, ExecutionStatus, GetExecutionHistory,
    HistoryPage, ListExecutions, RedriveExecution, RedriveStatus, StartExecution, StartedExecution,
    StopExecution, SyncExecutionResult,
};
pub use machine::{
    CreateStateMachine, CreateStateMachineAlias, CreatedAlias, CreatedStateMachine, DescribedAlias,
    DescribedStateMachine, DescribedStateMachineForExecution, ListAliases, LogLevel,
    LoggingConfiguration, MachineListItem, MachineStatus, MachineType, PublishStateMachineVersion,
    PublishedVersion, RoutingItem, UpdateStateMachine, UpdateStateMachineAlias,
    UpdatedStateMachine, VersionListItem,
};
pub use map_run::{DescribedMapRun, MapRunCounts, MapRunListItem, MapRunStatus, UpdateMapRun};
pub use task::{SendTaskFailure, SendTaskSuccess};
pub use test_state::{
    FieldValidation, HttpRequest, HttpResponse, InspectionData, InspectionLevel, StateMock,
    TestState, TestStatus, TestedState,
};

use crate::Error;

/// Which page of a list is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// How many items at most, 0 to 1000; 0 means 100.
    pub max_results: u32,
    /// The `next_token` of the page before, or `None` for the first.
    pub next_token: Option<String>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// What to ask the next page with; `None` when this is the last.
    pub next_token: Option<String>,
}

impl Page {
    /// The first page of the usual size.
    pub fn first() -> Self {
        Page::default()
    }

    /// Cuts this page out of all items.
    pub(crate) fn cut<T>(&self, all: impl ExactSizeIterator<Item = T>) -> Result<Paged<T>, Error> {
        let (from, size) = self.range()?;
        let total = all.len();
        let items: Vec<T> = all.skip(from).take(size).collect();
        let next = from + items.len();
        let next_token = (next < total).then(|| Page::token(next));
        Ok(Paged { items, next_token })
    }

    /// Where this page starts, and how many items it holds at most.
    pub(crate) fn range(&self) -> Result<(usize, usize), Error> {
        if self.max_results > 1000 {
            let must = "have value less than or equal to 1000";
            return Err(Error::constraint(self.max_results, "maxResults", must));
        }
        let from = match &self.next_token {
            None => 0,
            Some(token) if token.len() > 1024 => {
                return Err(Error::constraint(
                    token,
                    "nextToken",
                    "have length less than or equal to 1024",
                ));
            }
            Some(token) => token
                .strip_prefix(Page::MARK)
                .and_then(|n| usize::from_str_radix(n, 16).ok())
                .ok_or_else(|| Error::InvalidToken("Invalid token".to_owned()))?,
        };
        Ok((
            from,
            if self.max_results == 0 {
                100
            } else {
                self.max_results as usize
            },
        ))
    }

    /// The token of the page that starts at item `from`.
    pub(crate) fn token(from: usize) -> String {
        format!("{}{from:x}", Page::MARK)
    }

    const MARK: &'static str = "sfn-page-";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let mut page = Page {
            max_results: 2,
            next_token: None,
        };
        let mut seen = Vec::new();
        loop {
            let paged = page.cut(0..5).expect("a valid page");
            seen.push(paged.items);
            match paged.next_token {
                Some(token) => page.next_token = Some(token),
                None => break,
            }
        }
        assert_eq!(seen, [vec![0, 1], vec![2, 3], vec![4]]);
    }

    #[test]
    fn a_token_of_someone_else_is_refused() {
        let page = Page {
            max_results: 0,
            next_token: Some("abc".to_owned()),
        };
        assert_eq!(page.cut(0..5).expect_err("refused").code(), "InvalidToken");
    }
}
