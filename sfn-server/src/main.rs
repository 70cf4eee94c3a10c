//! `sfn-server`: AWS Step Functions on loopback.

use std::{
    io::IsTerminal,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use sfn_engine::{Engine, StartError, mock::MockConfig};
use sfn_server::{LambdaEndpoint, Service, ServiceEndpoints, serve};
use tokio::net::TcpListener;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::{Layer, SubscriberExt},
    util::SubscriberInitExt,
};

/// How long requests under way are waited for after a signal. Long polls would take a minute; their callers ask again.
const GRACE: Duration = Duration::from_secs(2);

/// AWS Step Functions on loopback: point any AWS SDK or the AWS CLI at it.
#[derive(Parser)]
#[command(name = "sfn-server", version)]
struct Args {
    /// The port to listen on; 0 takes any that is free.
    #[arg(long, default_value_t = 8083, env = "SFN_PORT")]
    port: u16,

    /// The address to listen on. Anything but loopback opens it to the network.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), env = "SFN_HOST")]
    host: IpAddr,

    /// The account in ARNs, twelve digits.
    #[arg(long, default_value = "123456789012", env = "SFN_ACCOUNT", value_parser = account)]
    account: String,

    /// The region in ARNs, such as `eu-west-1`.
    #[arg(long, default_value = "us-east-1", env = "SFN_REGION", value_parser = region)]
    region: String,

    /// Where everything is written down, so that it survives a crash; in memory alone unless it is given. It is made if it is
    /// not there, and used by one process at a time.
    #[arg(long, value_name = "DIR", env = "SFN_DATA_DIR")]
    data_dir: Option<PathBuf>,

    /// Answers of services, in the MockConfigFile format of AWS Step Functions Local. An execution started on
    /// `<state machine ARN>#<test case>` gets those of that test case.
    #[arg(long, value_name = "FILE", env = "SFN_MOCK_CONFIG")]
    mock_config: Option<PathBuf>,

    /// Where Lambda functions are called: anything that offers Lambda's Invoke operation over plain HTTP, such as
    /// http://127.0.0.1:9000.
    #[arg(long, value_name = "URL", env = "SFN_LAMBDA_ENDPOINT")]
    lambda_endpoint: Option<String>,

    /// Where tasks of AWS services are passed on to, over plain HTTP: an emulator's URL for all services, or
    /// `service=URL` for one, such as dynamodb=http://127.0.0.1:8000. May be given several times; in the environment,
    /// commas stand between them. Mocks come first.
    #[arg(
        long,
        value_name = "[SERVICE=]URL",
        env = "SFN_SERVICE_ENDPOINT",
        value_delimiter = ','
    )]
    service_endpoint: Vec<String>,
}

/// Refuses a region that no ARN could have: lower-case letters, digits and dashes.
fn region(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.len() <= 32 && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("a region is named in lower case, such as eu-west-1".to_owned())
    }
}

/// Refuses an account that no ARN could have.
fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account has twelve digits".to_owned())
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    log();
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            report(&message);
            ExitCode::FAILURE
        }
    }
}

/// Tells on standard error what goes wrong while it serves, such as a disk that is full. `RUST_LOG` asks for more, or for less.
fn log() {
    let asked = std::env::var("RUST_LOG").ok();
    let asked = asked.and_then(|text| text.parse::<Targets>().ok());
    let filter = asked.unwrap_or_else(|| Targets::new().with_default(LevelFilter::WARN));
    let format = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    tracing_subscriber::registry()
        .with(format.with_filter(filter))
        .init();
}

#[expect(
    clippy::print_stderr,
    reason = "it talks to the person at the terminal"
)]
fn report(message: &str) {
    eprintln!("sfn-server: {message}");
}

async fn run(args: Args) -> Result<(), String> {
    let address = SocketAddr::new(args.host, args.port);
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}\nhelp: choose another port with `--port`")
    })?;
    let bound = listener.local_addr().map_err(|error| error.to_string())?;
    // Tasks of Step Functions itself, `aws-sdk:sfn`, come back to this server.
    let mut endpoints = ServiceEndpoints::new(&args.region).with_own(bound);
    for endpoint in &args.service_endpoint {
        endpoints.add(endpoint).map_err(|error| error.to_string())?;
    }
    let mut builder = Engine::builder().account(args.account).region(args.region);
    if let Some(path) = &args.mock_config {
        builder = builder.integrations(mocks(path)?);
    }
    builder = builder.integrations(endpoints);
    if let Some(endpoint) = &args.lambda_endpoint {
        let endpoint = LambdaEndpoint::new(endpoint).map_err(|error| error.to_string())?;
        builder = builder.lambda(endpoint);
    }
    if let Some(folder) = &args.data_dir {
        builder = builder.data_dir(folder);
    }
    let engine = builder
        .start()
        .map_err(|error| match (error, &args.data_dir) {
            (StartError::Store(error), Some(folder)) => {
                format!(
                    "cannot use the folder `{}`: {}",
                    folder.display(),
                    with_cause(&error)
                )
            }
            (error, _) => error.to_string(),
        })?;
    if !bound.ip().is_loopback() {
        report("warning: it is open to the network, and does not check signatures");
    }
    announce(bound);
    serve(listener, Service::new(engine), signal(), GRACE)
        .await
        .map_err(|error| error.to_string())
}

/// An error with what caused it.
fn with_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Reads the file of mocks.
fn mocks(path: &Path) -> Result<MockConfig, String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read the mocks of `{shown}`: {error}"))?;
    MockConfig::parse(&text).map_err(|error| format!("the mocks of `{shown}` are wrong: {error}"))
}

/// On stdout, so that a script can read the port.
#[expect(clippy::print_stdout, reason = "scripts read the address from here")]
fn announce(bound: SocketAddr) {
    println!("sfn-server listens on http://{bound}");
}

/// Ends with Ctrl-C or SIGTERM.
async fn signal() {
    let interrupt = async {
        // Where signals cannot be had, it runs until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}

#[cfg(test)]
mod tests {
    use super::{account, region};

    #[test]
    fn what_no_arn_could_have_is_refused() {
        assert!(region("eu-west-1").is_ok());
        for wrong in ["", "us east", "US-EAST-1", "us-east-1:x"] {
            assert!(region(wrong).is_err(), "{wrong}");
        }
        assert!(account("000000000000").is_ok());
        for wrong in ["", "1234", "12345678901x"] {
            assert!(account(wrong).is_err(), "{wrong}");
        }
    }
}
