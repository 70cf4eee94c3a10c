use std::sync::Mutex;

use super::Client;
use crate::{
    Kind, Payload, StepMeta, Workflow, WorkflowEntry,
    flow::{CompileError, Definition, MachineMeta, Place, Places, Unplaced, activity_name},
    placement::{Placement, Runs},
    service::{CreateMachine, Error, ErrorKind, Location, UpdateMachine},
    worker::back_off,
};

/// How often one call is repeated when the service is busy or out of reach.
///
/// Creating refills at one call a second for the whole account: eight tries wait up to 40 seconds.
const TRIES: u32 = 8;

/// Why a workflow's state machine could not be brought about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnsureError {
    /// The workflow cannot be written as a definition.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// There is a state machine of that name, and it is of the other kind, which cannot be changed.
    #[error(
        "state machine `{name}` is {}, and cannot be made {}\n\
         help: give the workflow another name, or delete the state machine",
        kind_name(.found),
        kind_name(.wanted)
    )]
    KindChanged {
        /// The workflow's name.
        name: String,
        /// What the state machine is.
        found: Kind,
        /// What the workflow wants.
        wanted: Kind,
    },
    /// The service refused, or did not answer.
    #[error("{what} could not be created or changed")]
    Service {
        /// What it was about.
        what: String,
        /// What the service said.
        #[source]
        source: Error,
    },
}

/// A state machine that is as the program wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ensured {
    /// The state machine's ARN.
    pub arn: String,
    /// What had to be done.
    pub change: Change,
    /// The ARNs of the activities that its states refer to, in the order of the definition.
    pub activities: Vec<String>,
}

/// What had to be done for a state machine to be as the program wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    Created,
    /// It had another definition. Executions that run keep that one.
    Updated,
    /// Nothing.
    Unchanged,
}

impl Client {
    /// Sees to it that a workflow's state machine and the activities of its steps are there, and as
    /// the program wants them.
    ///
    /// Safe to repeat, and by several programs at once. On AWS, an execution that is started within
    /// seconds of a change may still run the old definition.
    ///
    /// ```no_run
    /// # use sfn_runtime::{Client, Workflow};
    /// # async fn doc(client: Client, MAKE_PIZZA: &Workflow<String, String>) -> Result<(), Box<dyn std::error::Error>> {
    /// let machine = client.ensure(MAKE_PIZZA).await?;
    /// println!("{} is {:?}", machine.arn, machine.change);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`EnsureError`].
    pub async fn ensure(&self, workflow: impl Into<Definition>) -> Result<Ensured, EnsureError> {
        self.ensure_all(workflow.into(), &mut Vec::new()).await
    }

    /// The same, first for the state machines that it calls; `done` are those that are seen to already.
    async fn ensure_all(
        &self,
        definition: Definition,
        done: &mut Vec<String>,
    ) -> Result<Ensured, EnsureError> {
        done.push(definition.name.clone());
        let prefix = self.prefix();
        let name = self.placement().machine_name(&definition.name);
        let failed = |what: &str| {
            let what = what.to_owned();
            move |source| EnsureError::Service { what, source }
        };
        let machine = format!("state machine `{name}`");
        let location = self.service().location().await.map_err(failed(&machine))?;
        let places = At::new(self.placement(), &location);
        let text = definition.compile(&places)?.to_string_pretty();
        let (steps, machines) = places.into_found();
        for machine in machines {
            // One that calls itself, or another that calls it, is seen to once.
            if !done.iter().any(|name| name == machine.name) {
                Box::pin(self.ensure_all((machine.define)(), done)).await?;
            }
        }
        let activities: Vec<_> = steps
            .iter()
            .map(|step| location.activity(&activity_name(&prefix, step)))
            .collect();

        let arn = location.machine(&name);
        let before = match persist(|| self.service().describe_machine(arn.clone())).await {
            Ok(found) => Some(found),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(failed(&machine)(error)),
        };
        if let Some(found) = &before {
            if found.kind != definition.kind {
                return Err(EnsureError::KindChanged {
                    name,
                    found: found.kind,
                    wanted: definition.kind,
                });
            }
            if found.definition == text {
                return Ok(Ensured {
                    arn,
                    change: Change::Unchanged,
                    activities,
                });
            }
        }
        for (step, activity) in steps.iter().zip(&activities) {
            // One that the present definition names was created with it: calls are scarce.
            let quoted = format!("\"{activity}\"");
            if before
                .as_ref()
                .is_some_and(|found| found.definition.contains(&quoted))
            {
                continue;
            }
            let activity = activity_name(&prefix, step);
            persist(|| self.service().create_activity(activity.clone()))
                .await
                .map_err(failed(&format!("the activity of step `{}`", step.name)))?;
        }
        let change = match before {
            Some(_) => Change::Updated,
            None => {
                let request = CreateMachine {
                    name,
                    definition: text.clone(),
                    kind: definition.kind,
                    role: None,
                };
                match persist(|| self.service().create_machine(request.clone())).await {
                    Ok(_) => Change::Created,
                    // Somebody else was quicker, with another definition.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => Change::Updated,
                    Err(error) => return Err(failed(&machine)(error)),
                }
            }
        };
        if change == Change::Updated {
            let request = UpdateMachine {
                arn: arn.clone(),
                definition: text,
                role: None,
            };
            persist(|| self.service().update_machine(request.clone()))
                .await
                .map_err(failed(&machine))?;
        }
        Ok(Ensured {
            arn,
            change,
            activities,
        })
    }
}

/// Makes a call until it is answered, or has failed too often.
async fn persist<T, F>(call: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut tries = 0;
    loop {
        match call().await {
            Err(error) if error.retryable() && tries < TRIES => {
                tries += 1;
                tokio::time::sleep(back_off(tries)).await;
            }
            answer => return answer,
        }
    }
}

/// The places of one service, and which steps and state machines were asked for.
struct At<'a> {
    placement: &'a Placement,
    location: &'a Location,
    found: Mutex<Found>,
}

/// What a definition refers to.
type Found = (Vec<&'static StepMeta>, Vec<&'static MachineMeta>);

impl<'a> At<'a> {
    fn new(placement: &'a Placement, location: &'a Location) -> Self {
        Self {
            placement,
            location,
            found: Mutex::default(),
        }
    }

    fn into_found(self) -> Found {
        self.found
            .into_inner()
            .expect("nobody panics while holding it")
    }
}

impl Places for At<'_> {
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
        match self.placement.runs(step) {
            Runs::Here => {
                let (steps, _) = &mut *self.found.lock().expect("nobody panics while holding it");
                if !steps.iter().any(|known| known.name == step.name) {
                    steps.push(step);
                }
                let name = activity_name(&self.placement.prefix(), step);
                Ok(Place::Activity {
                    arn: self.location.activity(&name),
                })
            }
            Runs::Lambda => Err(Unplaced {
                step: step.name.to_owned(),
                reason: "it is placed on Lambda, and only `deploy` makes functions\n\
                         help: deploy the program, or set `run = \"here\"` for it in `sfn.toml`"
                    .to_owned(),
            }),
        }
    }

    fn machine(&self, machine: &'static MachineMeta) -> Result<String, Unplaced> {
        let (_, machines) = &mut *self.found.lock().expect("nobody panics while holding it");
        if !machines.iter().any(|known| known.name == machine.name) {
            machines.push(machine);
        }
        let name = self.placement.machine_name(machine.name);
        Ok(self.location.machine(&name))
    }
}

impl<I: Payload, O: Payload> From<&Workflow<I, O>> for Definition {
    fn from(workflow: &Workflow<I, O>) -> Self {
        workflow.definition()
    }
}

impl From<&WorkflowEntry> for Definition {
    fn from(workflow: &WorkflowEntry) -> Self {
        (workflow.define)()
    }
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Standard => "a standard one",
        Kind::Express => "an express one",
    }
}
