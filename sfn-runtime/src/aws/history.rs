use aws_sdk_sfn::types;

use super::timestamp;
use crate::service::HistoryEvent;

/// A text of a details object, which always or sometimes has it.
trait Text {
    fn some(self) -> Option<String>;
}

impl Text for Option<&str> {
    fn some(self) -> Option<String> {
        self.map(str::to_owned)
    }
}

impl Text for &str {
    fn some(self) -> Option<String> {
        Some(self.to_owned())
    }
}

fn seconds(seconds: Option<i64>) -> Option<u64> {
    seconds.and_then(|seconds| u64::try_from(seconds).ok())
}

fn count(count: i32) -> Option<u64> {
    u64::try_from(count).ok()
}

/// Copies texts from the one details object that an event has.
macro_rules! texts {
    ($from:ident, $to:ident: $($details:ident($($getter:ident => $field:ident),+);)+) => {$(
        if let Some(details) = $from.$details() {
            $($to.$field = details.$getter().some();)+
        }
    )+};
}

impl From<&types::HistoryEvent> for HistoryEvent {
    fn from(event: &types::HistoryEvent) -> Self {
        let number = |id: i64| u64::try_from(id).unwrap_or_default();
        let mut read = Self::new(
            number(event.id()),
            number(event.previous_event_id()),
            timestamp(event.timestamp()),
            event.r#type().as_str(),
        );
        texts! { event, read:
            execution_started_event_details(input => input);
            execution_succeeded_event_details(output => output);
            execution_failed_event_details(error => error, cause => cause);
            execution_aborted_event_details(error => error, cause => cause);
            execution_timed_out_event_details(error => error, cause => cause);
            state_entered_event_details(name => state, input => input);
            state_exited_event_details(name => state, output => output);
            activity_scheduled_event_details(resource => resource, input => input);
            activity_started_event_details(worker_name => worker);
            activity_succeeded_event_details(output => output);
            activity_failed_event_details(error => error, cause => cause);
            activity_timed_out_event_details(error => error, cause => cause);
            activity_schedule_failed_event_details(error => error, cause => cause);
            lambda_function_scheduled_event_details(resource => resource, input => input);
            lambda_function_succeeded_event_details(output => output);
            lambda_function_failed_event_details(error => error, cause => cause);
            lambda_function_timed_out_event_details(error => error, cause => cause);
            lambda_function_schedule_failed_event_details(error => error, cause => cause);
            lambda_function_start_failed_event_details(error => error, cause => cause);
            task_scheduled_event_details(resource => resource, parameters => input);
            task_started_event_details(resource => resource);
            task_submitted_event_details(resource => resource, output => output);
            task_succeeded_event_details(resource => resource, output => output);
            task_failed_event_details(resource => resource, error => error, cause => cause);
            task_timed_out_event_details(resource => resource, error => error, cause => cause);
            task_start_failed_event_details(resource => resource, error => error, cause => cause);
            task_submit_failed_event_details(resource => resource, error => error, cause => cause);
            map_iteration_started_event_details(name => state);
            map_iteration_succeeded_event_details(name => state);
            map_iteration_failed_event_details(name => state);
            map_iteration_aborted_event_details(name => state);
            map_run_started_event_details(map_run_arn => map_run);
            map_run_redriven_event_details(map_run_arn => map_run);
            map_run_failed_event_details(error => error, cause => cause);
            evaluation_failed_event_details(
                state => state, error => error, cause => cause, location => location
            );
        }
        let iteration = event
            .map_iteration_started_event_details()
            .or(event.map_iteration_succeeded_event_details())
            .or(event.map_iteration_failed_event_details())
            .or(event.map_iteration_aborted_event_details());
        read.index = iteration.and_then(|details| count(details.index()));
        let started = event.map_state_started_event_details();
        read.length = started.and_then(|details| count(details.length()));
        if let Some(details) = event.activity_scheduled_event_details() {
            read.timeout_seconds = seconds(details.timeout_in_seconds());
            read.heartbeat_seconds = seconds(details.heartbeat_in_seconds());
        } else if let Some(details) = event.task_scheduled_event_details() {
            read.timeout_seconds = seconds(details.timeout_in_seconds());
            read.heartbeat_seconds = seconds(details.heartbeat_in_seconds());
        } else if let Some(details) = event.lambda_function_scheduled_event_details() {
            read.timeout_seconds = seconds(details.timeout_in_seconds());
        }
        read
    }
}
