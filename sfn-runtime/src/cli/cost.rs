//! `cost`: transitions, path by path, and what AWS asks for them.

use std::time::Duration;

use serde_json::{Value, json};
use sfn_asl::{Kind as StateKind, StateMachine};

use super::{
    Exit, output,
    problem::Problem,
    program::{Program, steps_of},
};
use crate::{
    Kind, WorkflowEntry,
    cost::{Cost, Counts, Transitions, price},
    graph::span,
    placement::Runs,
    registry,
    view::Look,
};

/// What `cost` was asked for.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// `None` for all.
    pub(super) workflow: Option<String>,
    pub(super) counts: Counts,
    pub(super) max_transitions: Option<u64>,
    pub(super) json: bool,
}

/// A workflow with what it costs.
struct Costed {
    workflow: &'static WorkflowEntry,
    kind: Kind,
    cost: Cost,
    /// Why it cannot be an express workflow.
    only_standard: Vec<String>,
}

/// Tells the cost.
pub(super) fn cost(program: &Program, options: &Options) -> Result<Exit, Problem> {
    let workflows = match &options.workflow {
        Some(name) => vec![program.workflow(name)?],
        None => registry::workflows()?,
    };
    let mut all = Vec::new();
    for workflow in workflows {
        all.push(costed(program, workflow, options)?);
    }
    if options.json {
        let values: Vec<Value> = all.iter().map(Costed::object).collect();
        match (&options.workflow, values.as_slice()) {
            (Some(_), [one]) => output::json(one)?,
            _ => output::json(&values)?,
        }
    } else if let (Some(_), [one]) = (&options.workflow, all.as_slice()) {
        output::text(&one.text(Look::of_stdout()))?;
    } else {
        output::text(&summary(&all, Look::of_stdout()))?;
    }
    let Some(most) = options.max_transitions else {
        return Ok(Exit::Ok);
    };
    let over: Vec<String> = all
        .iter()
        .filter(|one| one.cost.all.typical > most)
        .map(|one| format!("`{}` has {}", one.workflow.name, one.cost.all.typical))
        .collect();
    if over.is_empty() {
        return Ok(Exit::Ok);
    }
    Err(Problem::new(
        Exit::Unmet,
        format!("more than {most} transitions: {}", over.join(", ")),
    ))
}

fn costed(
    program: &Program,
    workflow: &'static WorkflowEntry,
    options: &Options,
) -> Result<Costed, Problem> {
    let machine = program.sample(workflow)?;
    // What is told of one workflow may be wrong of another, when all are asked for.
    if options.workflow.is_some() {
        Cost::check(&machine, &options.counts)
            .map_err(|error| Problem::caused(Exit::Usage, &error))?;
    }
    let cost = Cost::of(&machine, &options.counts);
    let definition = (workflow.define)();
    Ok(Costed {
        workflow,
        kind: definition.kind,
        only_standard: only_standard(program, workflow, &machine, &cost)?,
        cost,
    })
}

/// What an express workflow could not do.
fn only_standard(
    program: &Program,
    workflow: &WorkflowEntry,
    machine: &StateMachine,
    cost: &Cost,
) -> Result<Vec<String>, Problem> {
    let mut reasons = Vec::new();
    let placement = program.placement()?;
    let steps = steps_of(&(workflow.define)())?;
    let here: Vec<String> = steps
        .iter()
        .filter(|step| placement.runs(step) == Runs::Here)
        .map(|step| format!("`{}`", step.name))
        .collect();
    if !here.is_empty() {
        let run = match here.len() {
            1 => "runs as an activity",
            _ => "run as activities",
        };
        reasons.push(format!("{} {run}", here.join(", ")));
    }
    let limit = price::EXPRESS_LIMIT.as_secs();
    if cost.waits > limit {
        reasons.push(format!("it may wait for {}", span(cost.waits)));
    }
    for visit in machine.walk() {
        match &visit.state.kind {
            StateKind::Task(task) => {
                for pattern in [".sync", ".waitForTaskToken"] {
                    if task.resource.contains(pattern) {
                        reasons.push(format!("`{}` needs `{pattern}`", visit.name));
                    }
                }
            }
            StateKind::Map(map) if map.is_distributed() => {
                reasons.push(format!("`{}` is a distributed map", visit.name));
            }
            _ => {}
        }
    }
    Ok(reasons)
}

impl Costed {
    /// Dollars for a typical execution, as far as they are known without its run time.
    fn price(&self) -> f64 {
        match self.kind {
            Kind::Standard => price::standard(self.cost.all.typical),
            Kind::Express => price::EXPRESS_REQUEST,
        }
    }

    fn text(&self, look: Look) -> String {
        let kind = match self.kind {
            Kind::Standard => "standard",
            Kind::Express => "express",
        };
        let mut text = format!("{} ({kind})\n", look.bold(self.workflow.name));
        let mut rows = vec![heads(&["path"], look)];
        for path in &self.cost.paths {
            let decisions = match path.decisions.as_slice() {
                [] => "straight through".to_owned(),
                decisions => decisions.join("; "),
            };
            // An error that is caught says so itself.
            let told = path
                .decisions
                .iter()
                .any(|decision| decision.contains(" fails with "));
            let decisions = match path.fails && !told {
                true => format!("{decisions} (fails)"),
                false => decisions,
            };
            rows.push(row(path.transitions, &[decisions]));
        }
        if self.cost.paths.len() > 1 {
            rows.push(row(self.cost.all, &["of all".to_owned()]));
        }
        text.push_str(&output::table(&rows, 2));
        if self.cost.more_paths {
            text.push_str("  there are more paths, which only the last line counts\n");
        }
        let mut taken: Vec<String> = Vec::new();
        for (map, items) in &self.cost.items {
            taken.push(format!("{items} items in `{map}`"));
        }
        for (state, passes) in &self.cost.passes {
            taken.push(format!("{passes} passes through `{state}`"));
        }
        if !taken.is_empty() {
            text.push_str(&format!("{} {}\n", look.bold("taken:"), taken.join(", ")));
        }
        text.push_str(&format!("{} {}\n", look.bold("price:"), self.price_text()));
        text.push_str(&format!("{} {}\n", look.bold("advice:"), self.advice()));
        text
    }

    fn price_text(&self) -> String {
        let caveat = format!(
            "an estimate by list prices of {} in {}, without Lambda, logs and free tiers",
            price::AS_OF,
            price::REGION
        );
        let one = self.price();
        let thousand = price::dollars(one * 1_000.0);
        match self.kind {
            Kind::Standard => {
                let worst = price::dollars(price::standard(self.cost.all.worst) * 1_000.0);
                format!("{thousand} for 1,000 executions, {worst} at worst ({caveat})")
            }
            Kind::Express => {
                let second = price::express(Duration::from_secs(1)) - price::EXPRESS_REQUEST;
                format!(
                    "{thousand} for 1,000 executions, and {} for each second that each of them takes in 64 MB ({caveat})",
                    price::dollars(second * 1_000.0)
                )
            }
        }
    }

    /// Standard or express.
    fn advice(&self) -> String {
        let standard = price::dollars(price::standard(self.cost.all.typical) * 1_000.0);
        let express = price::dollars(price::express(Duration::from_secs(1)) * 1_000.0);
        let cheaper = price::express_is_cheaper_up_to(self.cost.all.typical);
        let up_to = match cheaper {
            cheaper if cheaper >= price::EXPRESS_LIMIT => "however long they take".to_owned(),
            cheaper => format!(
                "when they take less than {:.0} s each",
                cheaper.as_secs_f64()
            ),
        };
        match (self.kind, self.only_standard.as_slice()) {
            (Kind::Standard, []) => format!(
                "as an express workflow, 1,000 executions of a second each would cost {express} instead of {standard}; they \
                 are cheaper {up_to}. Express runs at least once, for five minutes at most, and keeps no history"
            ),
            (Kind::Standard, reasons) => {
                format!("it can only be a standard workflow: {}", reasons.join("; "))
            }
            (Kind::Express, _) => format!(
                "as a standard workflow, 1,000 executions would cost {standard}; express ones are cheaper {up_to}"
            ),
        }
    }

    fn object(&self) -> Value {
        let mut value = serde_json::to_value(&self.cost).expect("text keys and whole numbers");
        let members = value.as_object_mut().expect("a struct is an object");
        let cheaper = price::express_is_cheaper_up_to(self.cost.all.typical);
        members.insert("workflow".to_owned(), json!(self.workflow.name));
        members.insert(
            "kind".to_owned(),
            json!(match self.kind {
                Kind::Standard => "STANDARD",
                Kind::Express => "EXPRESS",
            }),
        );
        members.insert(
            "price".to_owned(),
            json!({
                "dollars": self.price(),
                "standard_dollars": price::standard(self.cost.all.typical),
                "express_dollars_of_a_second": price::express(Duration::from_secs(1)),
                "express_is_cheaper_up_to_seconds": cheaper.as_secs_f64(),
                "as_of": price::AS_OF,
                "region": price::REGION,
            }),
        );
        members.insert("only_standard".to_owned(), json!(self.only_standard));
        value
    }
}

/// A line for each workflow.
fn summary(all: &[Costed], look: Look) -> String {
    let mut rows = vec![heads(&["1,000 executions", "workflow"], look)];
    for one in all {
        let dollars = price::dollars(one.price() * 1_000.0);
        rows.push(row(one.cost.all, &[dollars, one.workflow.name.to_owned()]));
    }
    let mut text = output::table(&rows, 0);
    text.push_str(&look.dim(&format!(
        "by list prices of {} in {}; `cost NAME` tells more",
        price::AS_OF,
        price::REGION
    )));
    text.push('\n');
    text
}

fn heads(more: &[&str], look: Look) -> Vec<String> {
    let heads = ["min", "typical", "with retries", "worst"];
    let all = heads.iter().chain(more);
    all.map(|head| look.bold(head)).collect()
}

fn row(of: Transitions, more: &[String]) -> Vec<String> {
    let numbers = [of.min, of.typical, of.with_retries, of.worst];
    let numbers = numbers.iter().map(u64::to_string);
    numbers.chain(more.iter().cloned()).collect()
}
