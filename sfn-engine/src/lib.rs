//! Runs state machines durably, as AWS Step Functions does.
