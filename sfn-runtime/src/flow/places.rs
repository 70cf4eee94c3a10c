//! Where steps run, as a definition has to know it.

use super::body::MachineMeta;
use crate::{StepMeta, schema_hash};

/// Says where each step runs.
///
/// The same flow is compiled for a display, for the embedded engine and for an account: the states are the same, and
/// only the resources differ.
pub trait Places {
    /// Where the step runs.
    ///
    /// # Errors
    ///
    /// When it runs nowhere.
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced>;

    /// The ARN of a state machine that another one runs.
    ///
    /// # Errors
    ///
    /// When there is none.
    fn machine(&self, machine: &'static MachineMeta) -> Result<String, Unplaced> {
        Err(Unplaced {
            step: machine.name.to_owned(),
            reason: "nothing is known of state machines here".to_owned(),
        })
    }
}

/// Where a step runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In a worker that polls this activity.
    Activity {
        /// The activity's ARN.
        arn: String,
    },
    /// In a Lambda function.
    Lambda {
        /// The function's ARN, with a version or alias.
        function: String,
    },
}

/// A step that runs nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the step `{step}` runs nowhere: {reason}")]
pub struct Unplaced {
    /// The step's name.
    pub step: String,
    /// Why.
    pub reason: String,
}

/// Places for showing a definition without an account: activities of a made-up account in `us-east-1`.
#[derive(Debug, Clone)]
pub struct SamplePlaces {
    app: String,
}

impl SamplePlaces {
    /// Places of the application of that name.
    #[must_use]
    pub fn new(app: impl Into<String>) -> Self {
        Self { app: app.into() }
    }
}

impl Places for SamplePlaces {
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
        let name = activity_name(&self.app, step);
        Ok(Place::Activity {
            arn: format!("arn:aws:states:us-east-1:123456789012:activity:{name}"),
        })
    }

    fn machine(&self, machine: &'static MachineMeta) -> Result<String, Unplaced> {
        let name = machine.name;
        Ok(format!(
            "arn:aws:states:us-east-1:123456789012:stateMachine:{name}"
        ))
    }
}

/// The name of a step's activity: `<app>-<step>-<hash of what it takes and gives>`.
///
/// The hash keeps executions of yesterday's program apart from workers that expect other JSON. Of the step's name
/// only letters, digits, `-`, `_` and `.` are kept, since CloudWatch chokes on the rest, and only as much as fits
/// into the 80 characters that AWS allows; when that loses something, the hash stands for the whole name too.
///
/// ```
/// # use sfn_runtime::flow::activity_name;
/// # fn check(step: &'static sfn_runtime::StepMeta) {
/// assert!(activity_name("pizzeria", step).starts_with("pizzeria-make_dough-"));
/// # }
/// ```
#[must_use]
pub fn activity_name(app: &str, step: &StepMeta) -> String {
    activity_name_as(app, step, step.name)
}

/// The name of the activity that the step would have under another name.
pub(crate) fn activity_name_as(app: &str, step: &StepMeta, named: &str) -> String {
    /// What AWS allows, less the hash of eight characters and two dashes.
    const ROOM: usize = 80 - 10;
    let mut shapes: Vec<fn() -> crate::Shape> =
        step.params.iter().map(|param| param.shape).collect();
    shapes.push(step.output);
    let mut hash = schema_hash(&shapes);
    // The parameters' names are keys of the task's input: workers that expect others cannot read it.
    for byte in step
        .params
        .iter()
        .flat_map(|param| param.name.bytes().chain([0]))
    {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let plain = |text: &str| -> String {
        text.chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || "-_.".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect()
    };
    let app: String = plain(app).chars().take(ROOM / 2).collect();
    let name: String = plain(named).chars().take(ROOM - app.len()).collect();
    if name != named {
        for byte in named.bytes() {
            // FNV-1a, as the hash of the shapes.
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    // Thirty-two bits tell the versions of one step apart, of which there are few.
    let short = (hash >> 32) as u32 ^ hash as u32;
    format!("{app}-{name}-{short:08x}")
}
