//! Which field belongs to which type of state and to which query language.

use crate::model::{QueryLanguage, StateType};
use StateType::{Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait};

/// A field of a state.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) types: &'static [StateType],
    /// The only language that knows it; `None` when both do.
    pub(crate) language: Option<QueryLanguage>,
}

const PATH: Option<QueryLanguage> = Some(QueryLanguage::JsonPath);
const JSONATA: Option<QueryLanguage> = Some(QueryLanguage::Jsonata);

const ALL: &[StateType] = &StateType::ALL;
const ALL_BUT_FAIL: &[StateType] = &[Task, Parallel, Map, Pass, Wait, Choice, Succeed];
const LEADING_ON: &[StateType] = &[Task, Parallel, Map, Pass, Wait];
const FALLIBLE: &[StateType] = &[Task, Parallel, Map];

/// The table AWS answers by, checked against its `ValidateStateMachineDefinition` for each type and field.
pub(crate) static FIELDS: &[Field] = &[
    field("Type", ALL, None),
    field("Comment", ALL, None),
    field("QueryLanguage", ALL, None),
    field("Next", LEADING_ON, None),
    field("End", LEADING_ON, None),
    field("InputPath", ALL_BUT_FAIL, PATH),
    field("OutputPath", ALL_BUT_FAIL, PATH),
    field("Parameters", &[Task, Parallel, Map, Pass], PATH),
    field("ResultSelector", FALLIBLE, PATH),
    field("ResultPath", &[Task, Parallel, Map, Pass], PATH),
    field("Result", &[Pass], PATH),
    field("Arguments", &[Task, Parallel], JSONATA),
    field("Output", ALL_BUT_FAIL, JSONATA),
    field("Assign", &[Task, Parallel, Map, Pass, Wait, Choice], None),
    field("Retry", FALLIBLE, None),
    field("Catch", FALLIBLE, None),
    field("TimeoutSeconds", &[Task], None),
    field("HeartbeatSeconds", &[Task], None),
    field("TimeoutSecondsPath", &[Task], PATH),
    field("HeartbeatSecondsPath", &[Task], PATH),
    field("Resource", &[Task], None),
    field("Credentials", &[Task], None),
    field("Branches", &[Parallel], None),
    field("ItemProcessor", &[Map], None),
    field("Iterator", &[Map], None),
    field("ItemsPath", &[Map], PATH),
    field("Items", &[Map], JSONATA),
    field("ItemSelector", &[Map], None),
    field("ItemReader", &[Map], None),
    field("ItemBatcher", &[Map], None),
    field("ResultWriter", &[Map], None),
    field("Label", &[Map], None),
    field("MaxConcurrency", &[Map], None),
    field("ToleratedFailurePercentage", &[Map], None),
    field("ToleratedFailureCount", &[Map], None),
    field("MaxConcurrencyPath", &[Map], PATH),
    field("ToleratedFailurePercentagePath", &[Map], PATH),
    field("ToleratedFailureCountPath", &[Map], PATH),
    field("Seconds", &[Wait], None),
    field("Timestamp", &[Wait], None),
    field("SecondsPath", &[Wait], PATH),
    field("TimestampPath", &[Wait], PATH),
    field("Choices", &[Choice], None),
    field("Default", &[Choice], None),
    field("Error", &[Fail], None),
    field("Cause", &[Fail], None),
    field("ErrorPath", &[Fail], PATH),
    field("CausePath", &[Fail], PATH),
];

const fn field(
    name: &'static str,
    types: &'static [StateType],
    language: Option<QueryLanguage>,
) -> Field {
    Field {
        name,
        types,
        language,
    }
}

/// The field of that name.
pub(crate) fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// The fields a type of state may have.
pub(crate) fn of(state_type: StateType) -> impl Iterator<Item = &'static str> {
    FIELDS
        .iter()
        .filter(move |field| field.types.contains(&state_type))
        .map(|field| field.name)
}
