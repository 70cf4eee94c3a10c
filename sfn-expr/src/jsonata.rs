//! JSONata as Step Functions evaluates it.
