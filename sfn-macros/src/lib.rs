//! The macros of sfn: `#[step]`, `workflow!`, and the derives `Payload` and `StepError`.
