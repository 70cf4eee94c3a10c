//! The flow that both forms of a workflow build, and its writing as a state machine.
