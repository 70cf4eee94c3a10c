//! What workers tell of themselves: to probes, and in figures.

use std::{collections::BTreeSet, time::Duration};

use serde_json::json;
use sfn_runtime::{Health, here, service::ErrorKind};
use tokio::time::advance;

use crate::{
    double::{Call, Double, Fault, Said},
    kitchen::*,
    rules::{serve, settle},
};

#[tokio::test(start_paused = true)]
async fn workers_whose_polls_fail_are_not_well() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.plan(Call::Poll, [Fault::Refused(ErrorKind::AccessDenied); 5]);
    let workers = serve(&double, &kitchen, here::<wait_for_door>()).await;
    let monitor = workers.monitor();
    assert_eq!(monitor.health(), Health::Serving);
    while double.calls(Call::Poll) < 5 {
        advance(Duration::from_secs(1)).await;
        settle().await;
    }
    let step = "wait_for_door";
    assert_eq!(monitor.health(), Health::Unwell { step });
    double.task("t", json!({ "number": 1 }));
    kitchen.open(1);
    assert_eq!(double.said("t").await, Said::Success(json!(1)));
    assert_eq!(monitor.health(), Health::Serving);
    workers.stop().await;
}

#[tokio::test]
async fn probes_are_answered() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let workers = serve(&double, &kitchen, here::<double>()).await;
    double.task("t", json!({ "number": 21 }));
    assert_eq!(double.said("t").await, Said::Success(json!(42)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let serving = tokio::spawn(workers.monitor().serve(listener));
    let ask = async |what: &str| {
        let mut stream = tokio::net::TcpStream::connect(address)
            .await
            .expect("it listens");
        let question = format!("{what} HTTP/1.1\r\nhost: worker\r\n\r\n");
        stream
            .write_all(question.as_bytes())
            .await
            .expect("it reads");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .await
            .expect("it answers");
        answer
    };
    let answer = ask("GET /health").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nserving\n"), "{answer}");
    let answer = ask("GET /metrics?x=1").await;
    for line in [
        "sfn_worker_serving 1",
        "sfn_slots{step=\"double\"} 1",
        "sfn_tasks_total{step=\"double\",outcome=\"succeeded\"} 1",
        "sfn_task_duration_seconds_bucket{step=\"double\",le=\"+Inf\"} 1",
        "sfn_task_duration_seconds_count{step=\"double\"} 1",
    ] {
        assert!(
            answer.lines().any(|found| found == line),
            "{line}\n{answer}"
        );
    }
    assert!(ask("GET /nothing").await.starts_with("HTTP/1.1 404 "));
    assert!(ask("POST /health").await.starts_with("HTTP/1.1 405 "));
    workers.stopper().drain();
    let answer = ask("GET /health").await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    serving.abort();
}

/// The figures of a worker that has had a bit of everything.
async fn figures() -> String {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let fault = Fault::Refused(ErrorKind::Throttled);
    double.plan(Call::Poll, [fault]);
    double.plan(Call::Success, [fault, fault]);
    double.plan(Call::Heartbeat, [fault]);
    double.task("t", json!({ "number": 1 }));
    let workers = serve(&double, &kitchen, here::<wait_in_sight>().concurrency(2)).await;
    let monitor = workers.monitor();
    while double.beats("t").is_empty() {
        advance(Duration::from_secs(1)).await;
        settle().await;
    }
    kitchen.open(1);
    assert_eq!(double.said("t").await, Said::Success(json!(1)));
    workers.stop().await;
    monitor.prometheus()
}

#[tokio::test(start_paused = true)]
async fn what_goes_wrong_on_the_way_is_counted() {
    let figures = figures().await;
    for line in [
        "sfn_poll_failures_total{step=\"wait_in_sight\"} 1",
        "sfn_report_retries_total{step=\"wait_in_sight\"} 2",
        "sfn_heartbeat_failures_total{step=\"wait_in_sight\"} 1",
        "sfn_tasks_running{step=\"wait_in_sight\"} 0",
        "sfn_worker_serving 0",
    ] {
        assert!(
            figures.lines().any(|found| found == line),
            "{line}\n{figures}"
        );
    }
}

/// <https://prometheus.io/docs/practices/naming/>
#[tokio::test(start_paused = true)]
async fn figures_are_named_as_prometheus_asks() {
    let figures = figures().await;
    let mut families = BTreeSet::new();
    let (mut family, mut kind) = ("", "");
    for line in figures.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, text) = help.split_once(' ').expect("there is a text");
            assert!(text.ends_with('.'), "{line}");
            assert!(families.insert(name), "`{name}` is there twice");
            family = name;
        } else if let Some(of) = line.strip_prefix("# TYPE ") {
            let (name, of) = of.split_once(' ').expect("there is a type");
            assert_eq!(name, family);
            kind = of;
            assert_eq!(name.ends_with("_total"), kind == "counter", "{name}");
            assert_eq!(name.ends_with("_seconds"), kind == "histogram", "{name}");
            let plain = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(
                name.starts_with("sfn_") && name.chars().all(plain),
                "{name}"
            );
        } else {
            let name = line.split(['{', ' ']).next().unwrap_or_default();
            let ends: &[&str] = match kind {
                "histogram" => &["_bucket", "_sum", "_count"],
                _ => &[""],
            };
            let known = ends.iter().any(|end| name == format!("{family}{end}"));
            assert!(known, "`{line}` is within `{family}`");
        }
    }
    let page = include_str!("../../docs/guide/observing.md");
    let documented: BTreeSet<&str> = page
        .split('`')
        .filter(|word| {
            word.starts_with("sfn_") && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        })
        .filter(|word| *word != "sfn_step")
        .collect();
    assert_eq!(documented, families, "docs/guide/observing.md lists them");
}

#[tokio::test(start_paused = true)]
async fn the_classes_of_a_histogram_add_up() {
    let figures = figures().await;
    let buckets: Vec<u64> = figures
        .lines()
        .filter(|line| line.starts_with("sfn_task_duration_seconds_bucket"))
        .map(|line| line.rsplit(' ').next().and_then(|n| n.parse().ok()))
        .map(|count| count.expect("it is a number"))
        .collect();
    assert!(buckets.is_sorted(), "{buckets:?}");
    assert_eq!(buckets.last(), Some(&1));
}
