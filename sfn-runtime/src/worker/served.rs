use crate::{
    Step, StepMeta,
    flow::{activity_name, activity_name_as},
    service::Location,
};

/// A step to serve, and how many of it at once.
#[derive(Debug, Clone)]
pub struct Served {
    step: &'static StepMeta,
    slots: usize,
    activity: Option<String>,
    /// Whether it runs elsewhere by now, and only executions in flight ask for it here.
    moved: bool,
}

/// The step `S`, one at a time until [`Served::concurrency`] says otherwise; for
/// [`run_here`](crate::run_here).
pub fn here<S: Step>() -> Served {
    Served::of(S::META)
}

impl Served {
    /// The step of that description, one at a time.
    pub fn of(step: &'static StepMeta) -> Self {
        Self {
            step,
            slots: 1,
            activity: None,
            moved: false,
        }
    }

    /// How many run at once, 1 to [`MAX_CONCURRENCY`](crate::MAX_CONCURRENCY); further tasks queue
    /// at the service.
    #[must_use]
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.slots = concurrency;
        self
    }

    /// Takes tasks of that activity (name or ARN) rather than of the step's own.
    #[must_use]
    pub fn activity(mut self, activity: impl Into<String>) -> Self {
        self.activity = Some(activity.into());
        self
    }

    /// The same for executions that began before the step was moved elsewhere: that there is no task, and at last no
    /// activity, is no fault.
    #[must_use]
    pub(crate) fn moved(mut self) -> Self {
        self.moved = true;
        self
    }

    pub(crate) fn is_moved(&self) -> bool {
        self.moved
    }

    pub(crate) fn step(&self) -> &'static StepMeta {
        self.step
    }

    pub(crate) fn slots(&self) -> usize {
        self.slots
    }

    /// The activities of the names that the step had before; none where an activity was named.
    pub(crate) fn former_activity_arns(&self, app: &str, location: &Location) -> Vec<String> {
        if self.activity.is_some() {
            return Vec::new();
        }
        let aliases = self.step.aliases.iter();
        aliases
            .map(|alias| location.activity(&activity_name_as(app, self.step, alias)))
            .collect()
    }

    pub(crate) fn activity_arn(&self, app: &str, location: &Location) -> String {
        match &self.activity {
            Some(arn) if arn.starts_with("arn:") => arn.clone(),
            Some(name) => location.activity(name),
            None => location.activity(&activity_name(app, self.step)),
        }
    }
}
