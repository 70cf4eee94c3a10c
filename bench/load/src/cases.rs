//! Executions from their start to their end.

use std::{
    cell::Cell,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};
use tokio::task::LocalSet;

use crate::{
    connection::{Connection, Result},
    machines,
};

/// The first pause between two looks at an execution, and the longest: they grow by a half each time, so that a slow
/// server is not drowned in looks.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// How many latencies are enough.
const MOST: usize = 20_000;

/// What is measured, and how hard.
pub(crate) struct Load {
    pub(crate) endpoint: String,
    pub(crate) lasting: Duration,
    pub(crate) in_flight: u32,
    pub(crate) backlog: u32,
}

/// A name that nothing on the server has yet.
pub(crate) fn fresh(prefix: &str) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let since = since.unwrap_or_default().as_nanos();
    format!(
        "{prefix}-{since:x}-{}",
        NUMBER.fetch_add(1, Ordering::Relaxed)
    )
}

/// A member of an answer that must be a text.
pub(crate) fn text(answer: &Value, member: &str) -> Result<String> {
    let found = answer[member].as_str();
    Ok(found
        .ok_or_else(|| format!("the answer has no `{member}`: {answer}"))?
        .to_owned())
}

pub(crate) async fn start(on: &mut Connection, machine: &str, input: &str) -> Result<String> {
    let request = json!({ "stateMachineArn": machine, "name": fresh("e"), "input": input });
    text(&on.call("StartExecution", &request).await?, "executionArn")
}

/// Asks until the execution has ended.
pub(crate) async fn ended(on: &mut Connection, execution: &str) -> Result<()> {
    let mut pause = FIRST_PAUSE;
    loop {
        let request = json!({ "executionArn": execution });
        let answer = on.call("DescribeExecution", &request).await?;
        match answer["status"].as_str() {
            Some("SUCCEEDED") => return Ok(()),
            Some("RUNNING") => {}
            _ => return Err(format!("it did not succeed: {answer}").into()),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

/// One execution, from its start until its end is seen.
async fn one(on: &mut Connection, machine: &str, input: &str) -> Result<Duration> {
    let begun = Instant::now();
    let execution = start(on, machine, input).await?;
    ended(on, &execution).await?;
    Ok(begun.elapsed())
}

/// The value below which a share of the sorted latencies lies, in milliseconds.
pub(crate) fn quantile(latencies: &mut [Duration], share: f64) -> f64 {
    latencies.sort_unstable();
    let last = latencies.len().saturating_sub(1);
    let at = ((latencies.len() as f64) * share) as usize;
    latencies
        .get(at.min(last))
        .map_or(f64::NAN, |found| found.as_secs_f64() * 1e3)
}

/// How many executions there were one by one, with the first, which is not measured.
fn executions(latencies: &[Duration]) -> u32 {
    u32::try_from(latencies.len() + 1).unwrap_or(u32::MAX)
}

pub(crate) fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

impl Load {
    pub(crate) fn connect(&self) -> Connection {
        Connection::new(&self.endpoint)
    }

    pub(crate) async fn create(&self, definition: &Value) -> Result<String> {
        let request = json!({
            "name": fresh("m"),
            "definition": definition.to_string(),
            "roleArn": "arn:aws:iam::123456789012:role/bench",
        });
        let answer = self.connect().call("CreateStateMachine", &request).await?;
        text(&answer, "stateMachineArn")
    }

    async fn one_by_one(&self, machine: &str, input: &str) -> Result<Vec<Duration>> {
        let mut on = self.connect();
        one(&mut on, machine, input).await?;
        let (begun, mut latencies) = (Instant::now(), Vec::new());
        while latencies.is_empty() || (begun.elapsed() < self.lasting && latencies.len() < MOST) {
            latencies.push(one(&mut on, machine, input).await?);
        }
        Ok(latencies)
    }

    /// Executions with several in flight: how many, and how many per second.
    pub(crate) async fn together(&self, machine: &str, input: &str) -> Result<(u32, f64)> {
        let (begun, lasting) = (Instant::now(), self.lasting);
        let done = Rc::new(Cell::new(0_u32));
        let clients = (0..self.in_flight).map(|_| {
            let (mut on, done) = (self.connect(), Rc::clone(&done));
            let (machine, input) = (machine.to_owned(), input.to_owned());
            async move {
                while begun.elapsed() < lasting {
                    one(&mut on, &machine, &input).await?;
                    done.set(done.get() + 1);
                }
                Ok(())
            }
        });
        all(clients).await?;
        let rate = f64::from(done.get()) / begun.elapsed().as_secs_f64();
        Ok((done.get(), rate))
    }

    /// One Pass state: latency, and executions per second.
    pub(crate) async fn pass(&self) -> Result<Value> {
        let machine = self.create(&machines::chain(1)).await?;
        let mut latencies = self.one_by_one(&machine, "{}").await?;
        let (count, together) = self.together(&machine, "{}").await?;
        let sum: Duration = latencies.iter().sum();
        Ok(json!({
            "median_ms": rounded(quantile(&mut latencies, 0.5), 3),
            "p95_ms": rounded(quantile(&mut latencies, 0.95), 3),
            "executions_per_s_one_by_one": (latencies.len() as f64 / sum.as_secs_f64()).round(),
            "executions_per_s": rounded(together, 1),
            "executions": executions(&latencies) + count,
        }))
    }

    /// A chain of Pass states: transitions per second.
    pub(crate) async fn chain(&self, states: u32) -> Result<Value> {
        let machine = self.create(&machines::chain(states)).await?;
        let mut latencies = self.one_by_one(&machine, "{}").await?;
        let (count, together) = self.together(&machine, "{}").await?;
        let median = quantile(&mut latencies, 0.5);
        Ok(json!({
            "states": states,
            "median_ms": rounded(median, 3),
            "transitions_per_s_one_by_one": (f64::from(states) * 1e3 / median).round(),
            "transitions_per_s": (f64::from(states) * together).round(),
            "executions": executions(&latencies) + count,
        }))
    }

    /// Starts the backlog; how long that took, and the last of them.
    pub(crate) async fn backlog(&self, machine: &str) -> Result<(Duration, String)> {
        let left = Rc::new(Cell::new(self.backlog));
        let last = Rc::new(Cell::new(None));
        let begun = Instant::now();
        let clients = (0..self.in_flight).map(|_| {
            let (left, last) = (Rc::clone(&left), Rc::clone(&last));
            let (mut on, machine) = (self.connect(), machine.to_owned());
            async move {
                while let Some(fewer) = left.get().checked_sub(1) {
                    left.set(fewer);
                    last.set(Some(start(&mut on, &machine, "{}").await?));
                }
                Ok(())
            }
        });
        all(clients).await?;
        let last = last.take().ok_or("nothing was started")?;
        Ok((begun.elapsed(), last))
    }

    /// As many executions of one Pass as the backlog has, to fill a server.
    pub(crate) async fn fill(&self) -> Result<Value> {
        let machine = self.create(&machines::chain(1)).await?;
        let (took, last) = self.backlog(&machine).await?;
        ended(&mut self.connect(), &last).await?;
        let rate = f64::from(self.backlog) / took.as_secs_f64();
        Ok(json!({ "executions": self.backlog, "starts_per_s": rounded(rate, 1) }))
    }

    /// An inline Map over 1,000 items.
    pub(crate) async fn map(&self) -> Result<Value> {
        let machine = self.create(&machines::map()).await?;
        let items: Vec<u32> = (0..1000).collect();
        let input = json!({ "xs": items }).to_string();
        let mut latencies = self.one_by_one(&machine, &input).await?;
        Ok(json!({
            "median_ms": rounded(quantile(&mut latencies, 0.5), 2),
            "executions": executions(&latencies),
        }))
    }
}

/// Runs all at once on this thread; the first error ends them.
pub(crate) async fn all<F: Future<Output = Result<()>> + 'static>(
    futures: impl Iterator<Item = F>,
) -> Result<()> {
    let local = LocalSet::new();
    let open: Vec<_> = futures.map(|future| local.spawn_local(future)).collect();
    let joined = async {
        for task in open {
            task.await??;
        }
        Ok(())
    };
    local.run_until(joined).await
}
