//! JSONPath, intrinsic functions and JSONata as AWS Step Functions evaluates them.
