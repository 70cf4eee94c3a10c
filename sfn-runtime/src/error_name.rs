//! Error names that belong to no user's type.

/// An error name that Step Functions or the runtime itself raises, as written in `on(..)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorName {
    /// As written in `on(..)`.
    pub ident: &'static str,
    /// As retriers and catchers match it.
    pub name: &'static str,
}

impl ErrorName {
    /// A step that ran longer than its `timeout`.
    pub const TIMEOUT: ErrorName = ErrorName {
        ident: "Timeout",
        name: "States.Timeout",
    };

    /// A step that was silent for longer than its `heartbeat`.
    pub const HEARTBEAT_TIMEOUT: ErrorName = ErrorName {
        ident: "HeartbeatTimeout",
        name: "States.HeartbeatTimeout",
    };

    /// A step whose worker stopped at once, before the step had ended. Another worker may do better.
    pub const WORKER_STOPPED: ErrorName = ErrorName {
        ident: "WorkerStopped",
        name: "Sfn.WorkerStopped",
    };

    /// Every name that `on(..)` knows by itself. The macros' table in `sfn-macros` is tested against it.
    pub const ALL: &'static [ErrorName] = &[
        ErrorName {
            ident: "All",
            name: "States.ALL",
        },
        ErrorName {
            ident: "TaskFailed",
            name: "States.TaskFailed",
        },
        ErrorName::TIMEOUT,
        ErrorName::HEARTBEAT_TIMEOUT,
        ErrorName {
            ident: "Permissions",
            name: "States.Permissions",
        },
        ErrorName {
            ident: "DataLimitExceeded",
            name: "States.DataLimitExceeded",
        },
        // Raised by the runtime around a step, and but for the last never retried unless named.
        ErrorName {
            ident: "Panic",
            name: "Sfn.Panic",
        },
        ErrorName {
            ident: "BadInput",
            name: "Sfn.BadInput",
        },
        ErrorName {
            ident: "BadOutput",
            name: "Sfn.BadOutput",
        },
        ErrorName {
            ident: "TooLarge",
            name: "Sfn.TooLarge",
        },
        ErrorName::WORKER_STOPPED,
    ];
}
