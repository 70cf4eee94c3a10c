//! `work`: serves steps to AWS Step Functions, or another endpoint that speaks its protocol.

use std::{net::SocketAddr, time::Duration};

use tokio::net::TcpListener;

use super::{Exit, problem::Problem, program::Program};
use crate::{Client, Served, StepMeta, flow::activity_name, placement::Runs};

/// What `work` was asked for.
#[derive(Debug)]
pub(super) struct Options {
    /// The steps to serve; empty for all that run here.
    pub(super) steps: Vec<String>,
    pub(super) name: Option<String>,
    /// How long a drain may last.
    pub(super) deadline: Option<Duration>,
    /// Where probes are answered.
    pub(super) health: Option<SocketAddr>,
    pub(super) service: Address,
}

/// Where Step Functions is.
#[derive(Debug, Clone)]
pub(super) struct Address {
    pub(super) endpoint: Option<String>,
    pub(super) region: Option<String>,
    #[cfg_attr(
        not(feature = "aws"),
        allow(
            dead_code,
            reason = "without the SDK there are no credentials to choose"
        )
    )]
    pub(super) profile: Option<String>,
}

impl Address {
    /// Whether nothing says which service is meant.
    #[cfg(all(unix, feature = "local"))]
    pub(super) fn is_unnamed(&self) -> bool {
        self.endpoint.is_none() && self.region.is_none() && self.profile.is_none()
    }

    /// The same, in that Region where none was asked for.
    pub(super) fn or_region(&self, region: Option<String>) -> Self {
        Self {
            region: self.region.clone().or(region),
            ..self.clone()
        }
    }
}

#[cfg(not(feature = "aws"))]
impl Address {
    /// A client of AWS: not in this build.
    #[expect(
        clippy::unused_async,
        reason = "the same call awaits the SDK's set-up in a build with it"
    )]
    pub(super) async fn client(&self) -> Result<Client, Problem> {
        let asked = match (&self.endpoint, &self.region) {
            (Some(endpoint), _) => format!(" at {endpoint}"),
            (None, Some(region)) => format!(" in {region}"),
            (None, None) => String::new(),
        };
        Err(Problem::new(
            Exit::Configuration,
            format!("this program was built without AWS, so it cannot reach Step Functions{asked}"),
        )
        .help("enable the feature `aws` of `sfn-runtime`: `cargo add sfn-runtime --features aws`"))
    }
}

#[cfg(feature = "aws")]
impl Address {
    /// A client of AWS, or of the endpoint that was named.
    pub(super) async fn client(&self) -> Result<Client, Problem> {
        // It makes no call yet: what can be wrong is what was asked for.
        let client = Client::aws(self.options()).await;
        client.map_err(|error| Problem::caused(Exit::Configuration, &error))
    }

    /// What was asked for; the rest is as the environment has it.
    pub(super) fn options(&self) -> crate::aws::AwsOptions {
        let mut options = crate::aws::AwsOptions::new();
        if let Some(endpoint) = &self.endpoint {
            options = options.endpoint(endpoint);
        }
        if let Some(region) = &self.region {
            options = options.region(region);
        }
        if let Some(profile) = &self.profile {
            options = options.profile(profile);
        }
        options
    }
}

/// The steps that run on Lambda by now, and whose activity is there yet: executions that began before may need it.
/// `drain` removes it when none does.
async fn moved(client: &Client, steps: &[&'static StepMeta]) -> Result<Vec<Served>, Problem> {
    let placement = client.placement();
    let mut found = Vec::new();
    for step in steps {
        if placement.runs(step) == Runs::Here {
            continue;
        }
        let location = client.service().location().await?;
        let arn = location.activity(&activity_name(&placement.prefix(), step));
        if client.service().has_activity(arn).await? {
            let concurrency = placement.concurrency(step);
            found.push(Served::of(step).concurrency(concurrency).moved());
        }
    }
    Ok(found)
}

/// Serves steps until it is told to stop.
pub(super) async fn work(program: &Program, options: Options) -> Result<Exit, Problem> {
    let all = crate::registry::steps()?;
    let placement = program.placement()?;
    let wanted = if options.steps.is_empty() {
        all
    } else {
        options
            .steps
            .iter()
            .map(|name| crate::registry::step(name))
            .collect::<Result<_, _>>()?
    };
    let mut served = placement.here(&wanted);
    program.providers.check(&wanted)?;
    let mut shutdown = crate::Shutdown::listen()?;
    let region = placement.deploy().region.clone();
    let address = options.service.or_region(region);
    let client = address.client().await?.placed(placement);
    served.extend(moved(&client, &wanted).await?);
    if served.is_empty() {
        return Err(Problem::new(
            Exit::Configuration,
            "no step runs here, so there is nothing to serve",
        )
        .help("set `run = \"here\"` in `sfn.toml`, or name a step that does"));
    }
    let count = served.len();
    let mut workers = crate::run_here(&client, served).providing(program.providers.clone());
    if let Some(name) = &options.name {
        workers = workers.named(name);
    }
    // Taken first: a worker that nobody can probe had better not begin.
    let probed = match options.health {
        Some(address) => Some(TcpListener::bind(address).await.map_err(|error| {
            Problem::new(
                Exit::Configuration,
                format!("probes cannot be answered at {address}: {error}"),
            )
            .help("choose a port that is free: `--health 127.0.0.1:9464`")
        })?),
        None => None,
    };
    let mut workers = workers.await?;
    if let Some(deadline) = options.deadline {
        workers = workers.draining_within(deadline);
    }
    if let Some(listener) = probed {
        let monitor = workers.monitor();
        tokio::spawn(async move {
            if let Err(error) = monitor.serve(listener).await {
                tracing::error!(%error, "probes are no longer answered");
            }
        });
    }
    tracing::info!(target: "work", steps = count, "serving; Ctrl-C finishes what is at hand and stops");
    let stopper = workers.stopper();
    workers.run_until(&mut shutdown).await;
    if stopper.is_now() {
        // A step that is not `async` may still block its thread, and would hold up the end of the runtime for as long as it
        // likes. Its task was given back.
        crate::trace::end();
        std::process::exit(i32::from(Exit::Ok.code()));
    }
    Ok(Exit::Ok)
}
