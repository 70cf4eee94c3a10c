//! `sfn-server`: AWS Step Functions on loopback.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use sfn_engine::Engine;
use sfn_server::{Service, serve};
use tokio::net::TcpListener;

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
    #[arg(long, default_value = "123456789012", env = "SFN_ACCOUNT")]
    account: String,

    /// The region in ARNs.
    #[arg(long, default_value = "us-east-1", env = "SFN_REGION")]
    region: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            report(&message);
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "it talks to the person at the terminal"
)]
fn report(message: &str) {
    eprintln!("sfn-server: {message}");
}

async fn run(args: Args) -> Result<(), String> {
    let engine = Engine::builder()
        .account(args.account)
        .region(args.region)
        .start()
        .map_err(|error| error.to_string())?;
    let address = SocketAddr::new(args.host, args.port);
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}\nhelp: choose another port with `--port`")
    })?;
    let bound = listener.local_addr().map_err(|error| error.to_string())?;
    if !bound.ip().is_loopback() {
        report("warning: it is open to the network, and does not check signatures");
    }
    announce(bound);
    serve(listener, Service::new(engine), signal(), GRACE)
        .await
        .map_err(|error| error.to_string())
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
