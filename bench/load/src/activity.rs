//! Tasks of activities, and the worker that does them.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::task::{LocalSet, yield_now};

use crate::{
    cases::{Load, all, ended, fresh, quantile, rounded, start, text},
    connection::{Connection, Result},
    machines,
};

/// How many round trips are enough.
const MOST: usize = 5_000;

/// Polls until a task comes, and reports that it is done.
async fn serve(on: &mut Connection, activity: &str) -> Result<()> {
    loop {
        let poll = json!({ "activityArn": activity, "workerName": "w" });
        let task = on.call("GetActivityTask", &poll).await?;
        if let Some(token) = task["taskToken"].as_str() {
            let done = json!({ "taskToken": token, "output": "{}" });
            on.call("SendTaskSuccess", &done).await?;
            return Ok(());
        }
    }
}

impl Load {
    /// An activity, and a machine of that many tasks of it, one after the other.
    async fn activity(&self, tasks: u32) -> Result<(String, String)> {
        let request = json!({ "name": fresh("a") });
        let created = self.connect().call("CreateActivity", &request).await?;
        let activity = text(&created, "activityArn")?;
        let machine = self.create(&machines::tasks(&activity, tasks)).await?;
        Ok((activity, machine))
    }

    /// One execution at a time, whose task a worker is waiting for: from its start until its end is seen.
    pub(crate) async fn round_trip(&self) -> Result<Value> {
        let (activity, machine) = self.activity(1).await?;
        let (mut on, mut worker) = (self.connect(), self.connect());
        let local = LocalSet::new();
        let run = async {
            let (begun, mut latencies) = (Instant::now(), Vec::new());
            while latencies.is_empty() || (begun.elapsed() < self.lasting && latencies.len() < MOST)
            {
                let activity = activity.clone();
                let serving = tokio::task::spawn_local(async move {
                    let served = serve(&mut worker, &activity).await;
                    (worker, served.map_err(|error| error.to_string()))
                });
                // The poll is sent before the start.
                yield_now().await;
                let started = Instant::now();
                let execution = start(&mut on, &machine, "{}").await?;
                let (back, served) = serving.await?;
                worker = back;
                served?;
                ended(&mut on, &execution).await?;
                latencies.push(started.elapsed());
            }
            Ok::<Vec<Duration>, Box<dyn std::error::Error>>(latencies)
        };
        let mut latencies = local.run_until(run).await?;
        Ok(json!({
            "median_ms": rounded(quantile(&mut latencies, 0.5), 3),
            "p95_ms": rounded(quantile(&mut latencies, 0.95), 3),
            "executions": latencies.len(),
        }))
    }

    /// Tasks per second of one worker with several handlers, which finds a backlog of executions.
    pub(crate) async fn tasks(&self) -> Result<Value> {
        let (activity, machine) = self.activity(1).await?;
        let (starting, last) = self.backlog(&machine).await?;
        let left = Rc::new(Cell::new(self.backlog));
        // Each handler takes a task only while one is left for it, so that none waits for a task that never comes.
        left.set(self.backlog);
        let begun = Instant::now();
        let handlers = (0..self.in_flight).map(|_| {
            let (left, activity) = (Rc::clone(&left), activity.clone());
            let mut on = self.connect();
            async move {
                while let Some(fewer) = left.get().checked_sub(1) {
                    left.set(fewer);
                    serve(&mut on, &activity).await?;
                }
                Ok(())
            }
        });
        all(handlers).await?;
        let took = begun.elapsed();
        ended(&mut self.connect(), &last).await?;
        let rate = |took: Duration| rounded(f64::from(self.backlog) / took.as_secs_f64(), 1);
        Ok(json!({
            "executions": self.backlog,
            "tasks_per_s": rate(took),
            "starts_per_s": rate(starting),
        }))
    }

    /// Steps per second of executions of many tasks each, with a worker of as many handlers as executions are in flight.
    pub(crate) async fn steps(&self, tasks: u32) -> Result<Value> {
        let (activity, machine) = self.activity(tasks).await?;
        let local = LocalSet::new();
        for _ in 0..self.in_flight {
            let (mut on, activity) = (self.connect(), activity.clone());
            // They end with this set: a handler whose poll is open then has nothing to do.
            local.spawn_local(async move { while serve(&mut on, &activity).await.is_ok() {} });
        }
        let (count, together) = local.run_until(self.together(&machine, "{}")).await?;
        Ok(json!({
            "steps_each": tasks,
            "steps_per_s": rounded(f64::from(tasks) * together, 1),
            "executions": count,
        }))
    }
}
