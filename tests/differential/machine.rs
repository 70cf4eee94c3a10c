//! Generated machines: every state type, nested, with retriers and catchers over mocked tasks.

mod fields;

use serde_json::{Map, Value, json};
use sfn_tests::random::Random;

use crate::expression::{Expressions, Kind, Names, document, names};

/// A machine with an input for it and answers for its tasks.
pub(crate) struct Case {
    pub(crate) definition: Value,
    pub(crate) input: Value,
    /// By state: the answers (`Return` or `Throw`) to its calls, of which the last stands for all later ones.
    pub(crate) mocks: Map<String, Value>,
}

/// What a state's data are, and what may stand in a flow here.
#[derive(Clone)]
struct Here {
    names: Names,
    depth: usize,
    /// In a Map several copies of a state run: answers that depend on the number of the call would mix.
    in_map: bool,
    /// In all branches but the first nothing fails by itself: which of two failures comes first would be a race.
    calm: bool,
}

struct Generator {
    random: Random,
    jsonata: bool,
    states: usize,
    variables: usize,
    mocks: Map<String, Value>,
}

/// The case of a seed.
pub(crate) fn generate(seed: u64, jsonata: bool) -> Case {
    let mut generator = Generator {
        random: Random::new(seed),
        jsonata,
        states: 0,
        variables: 0,
        mocks: Map::new(),
    };
    let mut input = document(&mut generator.random);
    if !jsonata {
        // The peer's intrinsic functions do not round, which Step Functions' do.
        round(&mut input);
    }
    let here = Here {
        names: names(if jsonata { "$states.input" } else { "$" }),
        depth: 2,
        in_map: false,
        calm: false,
    };
    let mut definition = generator.flow(&here, true);
    if jsonata {
        definition["QueryLanguage"] = json!("JSONata");
    }
    Case {
        definition,
        input,
        mocks: generator.mocks,
    }
}

/// Makes the numbers in a value whole.
fn round(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => *value = json!(11),
        Value::Array(items) => items.iter_mut().for_each(round),
        Value::Object(members) => members.values_mut().for_each(round),
        _ => {}
    }
}

impl Generator {
    fn state_name(&mut self, kind: &str) -> String {
        self.states += 1;
        format!("{kind}{}", self.states)
    }

    /// States in a row, of which a Choice may skip some; `top` is the machine itself.
    fn flow(&mut self, here: &Here, top: bool) -> Value {
        let length = 1 + self.random.below(if top { 5 } else { 3 });
        let kinds = ["Pass", "Pass", "Choice", "Wait", "Task", "Parallel", "Map"];
        let row: Vec<String> = (0..length)
            .map(|_| {
                let kinds = if here.depth == 0 {
                    &kinds[..5]
                } else {
                    &kinds[..]
                };
                let kind = *self.random.pick(kinds);
                self.state_name(kind)
            })
            .collect();
        let mut here = here.clone();
        let mut states = Map::new();
        // Where catchers and Choices go, besides what follows in the row.
        let failing = !here.calm && self.random.one_in(5);
        let last = self.state_name(if failing { "Fail" } else { "Succeed" });
        for (index, name) in row.iter().enumerate() {
            let next = row.get(index + 1).unwrap_or(&last).clone();
            let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
            // Behind a Choice data may be missing that a skipped state would have added, so nothing is added in front of one.
            let ahead = &row[index + 1..];
            let mut state = match kind {
                "Choice" => {
                    let mut targets: Vec<String> = ahead.to_vec();
                    targets.push(last.clone());
                    self.choice(&here, &targets)
                }
                _ => self.plain(kind, name, &mut here, &last, top),
            };
            state["Type"] = json!(kind);
            if kind != "Choice" {
                state["Next"] = json!(next);
            }
            states.insert(name.clone(), state);
        }
        let end = if last.starts_with("Fail") {
            if self.jsonata && self.random.one_in(2) {
                let error = self.expression(&here, Kind::Text, 1);
                json!({ "Type": "Fail", "Error": format!("{{% 'Made.' & $string({error}) %}}"), "Cause": "c" })
            } else {
                json!({ "Type": "Fail", "Error": *self.random.pick(&["Bad", "Worse"]), "Cause": "generated" })
            }
        } else {
            json!({ "Type": "Succeed" })
        };
        states.insert(last, end);
        json!({ "StartAt": row[0], "States": states })
    }

    fn expression(&mut self, here: &Here, kind: Kind, depth: usize) -> String {
        let mut expressions = Expressions {
            random: &mut self.random,
            names: &here.names,
        };
        expressions.of(kind, depth)
    }

    /// A name of the data here that is of this kind.
    fn path(&mut self, here: &Here, kind: Kind) -> Option<String> {
        if self.random.one_in(60) {
            return Some("$.missing.path".to_owned());
        }
        let fitting: Vec<&String> = here
            .names
            .iter()
            .filter(|(_, known)| *known == kind)
            .map(|(name, _)| name)
            .collect();
        (!fitting.is_empty()).then(|| (*self.random.pick(&fitting)).clone())
    }

    fn plain(&mut self, kind: &str, name: &str, here: &mut Here, last: &str, top: bool) -> Value {
        let mut state = match kind {
            "Pass" => json!({}),
            "Wait" => self.wait(here),
            "Task" => self.task(name, here),
            "Parallel" => self.parallel(here),
            _ => self.map(here),
        };
        if matches!(kind, "Task" | "Parallel" | "Map") {
            self.retry_and_catch(&mut state, last);
        }
        if self.jsonata {
            self.jsonata_output(kind, &mut state, here, top);
        } else {
            self.path_output(kind, name, &mut state, here);
        }
        state
    }

    fn wait(&mut self, here: &Here) -> Value {
        match self.random.below(4) {
            0 => json!({ "Timestamp": "2020-01-01T00:00:00Z" }),
            1 if self.jsonata => {
                let length = self.expression(here, Kind::Number, 1);
                json!({ "Seconds": format!("{{% $abs($floor({length})) %}}") })
            }
            _ => json!({ "Seconds": self.random.below(3) }),
        }
    }

    fn task(&mut self, name: &str, here: &Here) -> Value {
        let answer = |random: &mut Random| {
            let answers = [
                json!({"id": 5, "v": "task", "list": [1, 2]}),
                json!({"id": 0, "v": "", "list": []}),
                json!({"id": -1, "v": "x", "list": [3]}),
            ];
            json!({ "Return": *random.pick(&[&answers[0], &answers[1], &answers[2]]) })
        };
        let error = |random: &mut Random| {
            let error = *random.pick(&["Busy", "Broken", "States.Timeout", "Other.Error"]);
            json!({ "Throw": { "Error": error, "Cause": "mocked" } })
        };
        let mut answers = Vec::new();
        // MiniStack asks its mocks once a state, so a retrier would see the first error again.
        if here.in_map || here.calm || self.jsonata {
            answers.push(if !here.calm && self.random.one_in(5) {
                error(&mut self.random)
            } else {
                answer(&mut self.random)
            });
        } else {
            for _ in 0..self.random.below(4) {
                answers.push(error(&mut self.random));
            }
            answers.push(answer(&mut self.random));
        }
        self.mocks.insert(name.to_owned(), json!(answers));
        let mut state =
            json!({ "Resource": format!("arn:aws:lambda:us-east-1:123456789012:function:{name}") });
        if self.jsonata {
            if self.random.one_in(2) {
                let argument = self.expression(here, Kind::Number, 2);
                state["Arguments"] = json!({ "a": format!("{{% {argument} %}}") });
            }
        } else if self.random.one_in(2) {
            state["Parameters"] = self.template(here);
        }
        state
    }

    fn parallel(&mut self, here: &Here) -> Value {
        let inner = Here {
            depth: here.depth - 1,
            ..here.clone()
        };
        let branches: Vec<Value> = (0..=self.random.below(3))
            .map(|branch| {
                let calm = inner.calm || branch > 0;
                self.flow(
                    &Here {
                        calm,
                        ..inner.clone()
                    },
                    false,
                )
            })
            .collect();
        let mut state = json!({ "Branches": branches });
        if !self.jsonata && self.random.one_in(5) {
            state["Parameters"] =
                json!({ "n.$": self.path(here, Kind::Number).unwrap_or_else(|| "$".to_owned()) });
            let narrow = Here {
                names: vec![("$.n".to_owned(), Kind::Number)],
                ..inner
            };
            state["Branches"] = json!([self.flow(&narrow, false)]);
        }
        state
    }

    fn map(&mut self, here: &Here) -> Value {
        let kind = *self.random.pick(&[Kind::Numbers, Kind::Objects]);
        let mut state = json!({ "MaxConcurrency": self.random.below(3) });
        let at = if self.jsonata { "$states.input" } else { "$" };
        // A task's answer with a number and a text, or the selected members.
        let mut item = match kind {
            Kind::Numbers => vec![(at.to_owned(), Kind::Number)],
            _ => vec![
                (format!("{at}.id"), Kind::Number),
                (format!("{at}.v"), Kind::Text),
            ],
        };
        if self.jsonata {
            let items = self.expression(here, kind, 2);
            state["Items"] = json!(format!("{{% [{items}] %}}"));
            if self.random.one_in(2) {
                let other = self.expression(here, Kind::Text, 1);
                state["ItemSelector"] = json!({
                    "i": "{% $states.context.Map.Item.Index %}", "it": "{% $states.context.Map.Item.Value %}", "o": format!("{{% {other} %}}"),
                });
                item = vec![
                    (format!("{at}.i"), Kind::Number),
                    (format!("{at}.o"), Kind::Text),
                ];
            }
            let variables = here
                .names
                .iter()
                .filter(|(name, _)| !name.starts_with("$states"));
            item.extend(variables.cloned());
        } else {
            state["ItemsPath"] = json!(self.path(here, kind).unwrap_or_else(|| "$.xs".to_owned()));
            if self.random.one_in(2) {
                let other = self
                    .path(here, Kind::Text)
                    .unwrap_or_else(|| "$".to_owned());
                let field = if self.random.one_in(4) {
                    "Parameters"
                } else {
                    "ItemSelector"
                };
                state[field] = json!({ "i.$": "$$.Map.Item.Index", "it.$": "$$.Map.Item.Value", "o.$": other });
                item = vec![
                    (format!("{at}.i"), Kind::Number),
                    (format!("{at}.o"), Kind::Text),
                ];
            }
        }
        let inner = Here {
            names: item,
            depth: here.depth - 1,
            in_map: true,
            calm: here.calm,
        };
        let field = if self.jsonata || !self.random.one_in(4) {
            "ItemProcessor"
        } else {
            "Iterator"
        };
        state[field] = self.flow(&inner, false);
        state
    }

    fn retry_and_catch(&mut self, state: &mut Value, last: &str) {
        let errors = [
            "Busy",
            "Broken",
            "States.TaskFailed",
            "States.ALL",
            "Bad",
            "States.Timeout",
        ];
        if self.random.one_in(2) {
            state["Retry"] = json!([{ "ErrorEquals": [*self.random.pick(&errors)], "IntervalSeconds": 1, "MaxAttempts": self.random.below(3) }]);
        }
        if self.random.one_in(2) {
            let mut catcher = json!({ "ErrorEquals": [*self.random.pick(&errors)], "Next": last });
            if self.jsonata {
                if self.random.one_in(2) {
                    catcher["Output"] = json!({ "caught": "{% $states.errorOutput.Error %}", "n": "{% $count($states.input.*) %}" });
                }
            } else if self.random.one_in(2) {
                catcher["ResultPath"] = json!("$.caught");
            }
            state["Catch"] = json!([catcher]);
        }
    }
}
