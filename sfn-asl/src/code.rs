//! The faults we know, each with a stable code and a page that explains it.

use std::fmt;
use std::str::FromStr;

macro_rules! codes {
    ($($name:ident = $code:literal, $file:literal;)*) => {
        /// Which fault a diagnostic is about. The codes are stable; a fault that is given up leaves a gap.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(
                #[doc = concat!("`", $code, "`")]
                #[doc = ""]
                #[doc = include_str!(concat!("pages/", $file, ".md"))]
                $name,
            )*
        }

        impl Code {
            /// All of them, by their numbers.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code, such as `SFN-A101`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The page that explains it: what is wrong, why AWS minds, a definition that has it and one that has not.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("pages/", $file, ".md")),)*
                }
            }
        }
    };
}

codes! {
    // What the reader finds.
    InvalidJson = "SFN-A001", "invalid_json";
    NotAnObject = "SFN-A002", "not_an_object";
    DuplicateKey = "SFN-A003", "duplicate_key";
    MissingField = "SFN-A004", "missing_field";
    UnknownField = "SFN-A005", "unknown_field";
    MisplacedField = "SFN-A006", "misplaced_field";
    WrongType = "SFN-A007", "wrong_type";
    BadValue = "SFN-A008", "bad_value";
    ConflictingFields = "SFN-A009", "conflicting_fields";
    UnknownStateType = "SFN-A010", "unknown_state_type";
    DroppedComment = "SFN-A011", "dropped_comment";
    TooDeep = "SFN-A012", "too_deep";
    TooLarge = "SFN-A013", "too_large";
    EmptyValue = "SFN-A014", "empty_value";
    OutOfRange = "SFN-A015", "out_of_range";
    // How states hang together.
    UnreachableState = "SFN-A101", "unreachable_state";
    MissingTarget = "SFN-A102", "missing_target";
    NoTerminalState = "SFN-A103", "no_terminal_state";
    DuplicateStateName = "SFN-A104", "duplicate_state_name";
    BadStateName = "SFN-A105", "bad_state_name";
    // Errors and times.
    StatesAllNotLast = "SFN-A201", "states_all_not_last";
    UnknownStatesError = "SFN-A202", "unknown_states_error";
    DelayBelowInterval = "SFN-A203", "delay_below_interval";
    HeartbeatNotBelowTimeout = "SFN-A204", "heartbeat_not_below_timeout";
    RetriesEverything = "SFN-A205", "retries_everything";
    NoMachineTimeout = "SFN-A206", "no_machine_timeout";
    BadTimestamp = "SFN-A207", "bad_timestamp";
    // What a single type of state asks for.
    BadResource = "SFN-A301", "bad_resource";
    MissingRole = "SFN-A302", "missing_role";
    MissingPayload = "SFN-A303", "missing_payload";
    MissingExecutionType = "SFN-A304", "missing_execution_type";
    BadLabel = "SFN-A305", "bad_label";
    DistributedOnly = "SFN-A306", "distributed_only";
    BadReader = "SFN-A307", "bad_reader";
    BadWriter = "SFN-A308", "bad_writer";
    // The query languages.
    WrongLanguage = "SFN-A401", "wrong_language";
    LanguageDowngrade = "SFN-A402", "language_downgrade";
    InvalidJsonata = "SFN-A403", "invalid_jsonata";
    UnsupportedJsonata = "SFN-A404", "unsupported_jsonata";
    UnclosedExpression = "SFN-A405", "unclosed_expression";
    InvalidPath = "SFN-A406", "invalid_path";
    InvalidTemplate = "SFN-A407", "invalid_template";
    StaticPath = "SFN-A408", "static_path";
    // Variables.
    ReservedVariable = "SFN-A501", "reserved_variable";
    BadVariableName = "SFN-A502", "bad_variable_name";
    ShadowedVariable = "SFN-A503", "shadowed_variable";
    UndefinedVariable = "SFN-A504", "undefined_variable";
    // Express machines.
    ExpressActivity = "SFN-A601", "express_activity";
    ExpressPattern = "SFN-A602", "express_pattern";
    ExpressDistributed = "SFN-A603", "express_distributed";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no code of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no code `{code}`")]
pub struct NoSuchCode {
    /// What was asked for.
    pub code: String,
}

impl FromStr for Code {
    type Err = NoSuchCode;

    fn from_str(text: &str) -> Result<Self, NoSuchCode> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| NoSuchCode {
                code: text.to_owned(),
            })
    }
}

/// The page of a code, by its text.
///
/// # Errors
///
/// When there is no such code.
///
/// ```
/// assert!(sfn_asl::explain("SFN-A101").unwrap().starts_with("A state that nothing leads to."));
/// assert!(sfn_asl::explain("SFN-A999").is_err());
/// ```
pub fn explain(code: &str) -> Result<&'static str, NoSuchCode> {
    code.parse().map(Code::page)
}
