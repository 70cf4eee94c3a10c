//! A process under load is killed at random moments and started again.
//!
//! The process is this very program, which runs the test `victim` with a folder to work in. It tells on its standard output
//! what was acknowledged to it. In the end every execution that was acknowledged has done all it must do, once.
//!
//! `SFN_CRASH_KILLS` says how often it is killed, `SFN_CRASH_SEED` repeats a run's choices.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sfn_engine::api::{ListExecutions, Page, StartExecution};
use sfn_engine::{Engine, ExecutionStatus, Handle};
use sfn_tests::random::Random;

use crate::Folder;
use crate::load::{
    Functions, INPUT, KINDS, check_history, doers, kind_of, machine_arn, set_up, work,
};

/// As often it is killed when nobody asks for more: a few seconds' worth.
const KILLS: usize = 25;

/// As many executions each starter has waiting at once.
const STARTERS: usize = 6;

const WORKERS: usize = 4;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().expect("it is a number"))
}

fn engine(folder: &std::path::Path, functions: &Functions) -> Handle {
    let builder = Engine::builder().data_dir(folder).own_workers();
    let builder = builder.lambda(functions.clone());
    builder
        .start()
        .expect("what the killed process left can be read")
}

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    started: HashSet<String>,
    /// Execution and doer.
    done: Vec<(String, String)>,
}

impl Acknowledged {
    fn hear(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("STARTED"), Some(name), None) => {
                self.started.insert(name.to_owned());
            }
            (Some("DONE"), Some(name), Some(by)) => {
                self.done.push((name.to_owned(), by.to_owned()));
            }
            _ => {}
        }
    }
}

#[test]
fn a_process_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    let kills = number("SFN_CRASH_KILLS").map_or(KILLS, |kills| {
        usize::try_from(kills).expect("it is a number of kills")
    });
    let seed = number("SFN_CRASH_SEED").unwrap_or_else(|| {
        u64::from(std::process::id()) ^ sfn_engine::Ids::seed(&sfn_engine::SystemIds)
    });
    println!("SFN_CRASH_SEED={seed} SFN_CRASH_KILLS={kills}");
    let mut random = Random::new(seed);
    let folder = Folder::new();
    let mut acknowledged = Acknowledged::default();
    for cycle in 0..kills {
        run_and_kill(&folder, cycle, &mut random, &mut acknowledged);
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let finished = runtime.block_on(async {
        let most = Duration::from_secs(300);
        tokio::time::timeout(most, finish(&folder, &mut acknowledged)).await
    });
    let (executions, events) = finished.expect("all executions end");
    println!(
        "{kills} kills; {} starts and {} tasks acknowledged; {executions} executions, {events} events",
        acknowledged.started.len(),
        acknowledged.done.len(),
    );
    assert!(
        executions >= kills,
        "hardly anything happened: {executions} executions"
    );
}

/// Runs the process for a moment.
fn run_and_kill(
    folder: &Folder,
    cycle: usize,
    random: &mut Random,
    acknowledged: &mut Acknowledged,
) {
    let mut victim = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["crash::victim", "--exact", "--nocapture"])
        .env("SFN_CRASH_FOLDER", &folder.0)
        .env("SFN_CRASH_CYCLE", cycle.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this program can be run");
    let stdout = victim.stdout.take().expect("it is a pipe");
    let reader = std::thread::spawn(move || {
        let lines = BufReader::new(stdout).split(b'\n');
        let text = |line: Result<Vec<u8>, _>| String::from_utf8(line.expect("a pipe can be read"));
        lines.filter_map(|line| text(line).ok()).collect::<Vec<_>>()
    });
    let moment = 10 + random.below(250) as u64;
    std::thread::sleep(Duration::from_millis(moment));
    let ended = victim.try_wait().expect("it can be asked");
    victim.kill().expect("it can be killed");
    let output = victim.wait_with_output().expect("it can be waited for");
    let lines = reader.join().expect("the reader does not panic");
    if ended.is_some() {
        let told = String::from_utf8_lossy(&output.stderr);
        panic!("the process ended before it was killed, in cycle {cycle}:\n{told}\n{lines:#?}");
    }
    for line in &lines {
        acknowledged.hear(line);
    }
}

/// The process that is killed. Without a folder to work in, there is nothing to do.
#[test]
fn victim() {
    let Ok(folder) = std::env::var("SFN_CRASH_FOLDER") else {
        return;
    };
    let cycle = number("SFN_CRASH_CYCLE").expect("it is given");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let functions = Functions::new();
        let engine = engine(folder.as_ref(), &functions);
        set_up(&engine).await.expect("it is kept");
        let random = Arc::new(Mutex::new(Random::new(cycle)));
        tokio::spawn(functions.send_back(engine.clone()));
        for _ in 0..WORKERS {
            tokio::spawn(work_on(
                engine.clone(),
                random.clone(),
                format!("w{cycle}"),
                say,
            ));
        }
        for starter in 0..STARTERS {
            tokio::spawn(start_on(
                engine.clone(),
                random.clone(),
                format!("{cycle}-{starter}"),
            ));
        }
        // Should nobody kill it, it does not stay for ever.
        tokio::time::sleep(Duration::from_secs(20)).await;
    });
}

/// Tells the process that kills this one. The line is there as a whole or not taken for one.
fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    let told = stdout.write_all(format!("\n{line} \n").as_bytes());
    told.and_then(|()| stdout.flush())
        .expect("somebody listens");
}

async fn work_on(engine: Handle, random: Arc<Mutex<Random>>, by: String, say: fn(&str)) {
    loop {
        if let Some((name, by)) = work(&engine, &random, &by).await.expect("the store works") {
            say(&format!("DONE {name} {by}"));
        }
    }
}

async fn start_on(engine: Handle, random: Arc<Mutex<Random>>, by: String) {
    for count in 0.. {
        let kind = random
            .lock()
            .expect("nobody panics here")
            .below(KINDS.len());
        let kind = &KINDS[kind];
        let name = format!("{}-{by}-{count}", kind.name);
        let start = StartExecution::new(machine_arn(kind))
            .name(&name)
            .input(INPUT);
        let started = engine
            .start_execution(start)
            .await
            .expect("the store works");
        say(&format!("STARTED {name}"));
        // The quick ones end; of the others, more and more are open.
        let moment = Duration::from_millis(50);
        let _ = tokio::time::timeout(moment, engine.wait(&started.execution_arn)).await;
    }
}

/// Lets everything end, and checks it. Answers how many executions and events there are.
async fn finish(folder: &Folder, acknowledged: &mut Acknowledged) -> (usize, usize) {
    let functions = Functions::new();
    let engine = engine(&folder.0, &functions);
    set_up(&engine).await.expect("it is kept");
    tokio::spawn(functions.send_back(engine.clone()));
    let random = Arc::new(Mutex::new(Random::new(0)));
    for _ in 0..WORKERS {
        tokio::spawn(work_on(
            engine.clone(),
            random.clone(),
            "last".to_owned(),
            |_| {},
        ));
    }
    let mut found = HashMap::new();
    for kind in KINDS {
        for arn in executions(&engine, kind).await {
            let name = arn.rsplit(':').next().expect("an ARN has parts").to_owned();
            let described = engine.wait(&arn).await.expect("it is there");
            assert_eq!(
                described.status,
                ExecutionStatus::Succeeded,
                "{described:?}"
            );
            assert!(
                found.insert((kind.name, name), arn).is_none(),
                "each name is there once"
            );
        }
    }
    // Once more, with all that is over in the archive.
    engine.compact().await.expect("the store works");
    let mut events = 0;
    let mut done: HashMap<(String, String), usize> = HashMap::new();
    for ((kind, name), arn) in &found {
        let history = engine.events_since(arn, 0).await.expect("it is there");
        // The child of another execution has its name, and another machine.
        if kind_of(name).name == *kind {
            check_history(name, &history);
        }
        events += history.len();
        for by in doers(&history) {
            *done.entry((name.clone(), by)).or_default() += 1;
        }
        if *kind == "spread" {
            check_children(&engine, arn).await;
        }
    }
    for name in &acknowledged.started {
        let key = (kind_of(name).name, name.clone());
        assert!(
            found.contains_key(&key),
            "{name} was acknowledged and is not there"
        );
    }
    for key in &acknowledged.done {
        assert_eq!(done.get(key), Some(&1), "{key:?} was acknowledged");
    }
    let nested = found.keys().filter(|(kind, _)| *kind == "nest").count();
    let children = found
        .keys()
        .filter(|(kind, name)| *kind == "rest" && name.starts_with("nest-"))
        .count();
    assert_eq!(nested, children, "each started one execution");
    (found.len(), events)
}

async fn executions(engine: &Handle, kind: &crate::load::Kind) -> Vec<String> {
    let mut arns = Vec::new();
    let mut request = ListExecutions {
        state_machine_arn: Some(machine_arn(kind)),
        page: Page::first(),
        ..ListExecutions::default()
    };
    loop {
        let page = engine
            .list_executions(request.clone())
            .await
            .expect("a list");
        arns.extend(page.items.into_iter().map(|item| item.execution_arn));
        match page.next_token {
            Some(token) => request.page.next_token = Some(token),
            None => return arns,
        }
    }
}

/// Checks that each of the three items was worked on by one child.
async fn check_children(engine: &Handle, arn: &str) {
    let runs = engine
        .list_map_runs(arn, Page::first())
        .await
        .expect("a list");
    assert_eq!(runs.items.len(), 1, "{arn}");
    let request = ListExecutions {
        map_run_arn: Some(runs.items[0].map_run_arn.clone()),
        page: Page::first(),
        ..ListExecutions::default()
    };
    let children = engine.list_executions(request).await.expect("a list").items;
    assert_eq!(children.len(), 3, "{arn}");
    for child in children {
        assert_eq!(child.status, ExecutionStatus::Succeeded, "{child:?}");
        let history = engine
            .events_since(&child.execution_arn, 0)
            .await
            .expect("it is there");
        let types: Vec<_> = history.iter().map(|event| event.event_type()).collect();
        let expected = [
            "ExecutionStarted",
            "WaitStateEntered",
            "WaitStateExited",
            "ExecutionSucceeded",
        ];
        assert_eq!(types, expected);
    }
}
