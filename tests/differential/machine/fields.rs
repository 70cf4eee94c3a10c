//! The fields of generated states: what is made of their data, and what a choice asks of it.

use serde_json::{Map, Value, json};

use super::{Generator, Here};
use crate::expression::{Kind, Names};

impl Generator {
    pub(super) fn jsonata_output(
        &mut self,
        kind: &str,
        state: &mut Value,
        here: &mut Here,
        top: bool,
    ) {
        if kind == "Parallel" {
            // MiniStack gives neither `Output` nor `Assign` to a Parallel state.
            here.names.retain(|(name, _)| !name.starts_with("$states"));
            return;
        }
        // `Assign` sees the variables as they were before it.
        let assigned = (top && self.random.one_in(2)).then(|| {
            self.variables += 1;
            let name = format!("v{}", self.variables);
            let kind = *self.random.pick(&crate::expression::KINDS);
            let value = self.expression(here, kind, 2);
            state["Assign"] = json!({ &name: format!("{{% {value} %}}") });
            (format!("${name}"), kind)
        });
        let produces = matches!(kind, "Task" | "Parallel" | "Map");
        let mut output = Map::new();
        // The document is kept, for what follows; one state in eight keeps only some of it.
        let members: &[(&str, Kind)] = &[
            ("n", Kind::Number),
            ("s", Kind::Text),
            ("b", Kind::Truth),
            ("xs", Kind::Numbers),
            ("ys", Kind::Objects),
            ("o", Kind::Object),
        ];
        let keep = self.random.below(4);
        let mut next = Names::new();
        for (name, kind) in members {
            if keep > 1 && self.random.one_in(3) {
                continue;
            }
            let value = self.expression(here, *kind, if keep == 0 { 0 } else { 2 });
            output.insert((*name).to_owned(), json!(format!("{{% {value} %}}")));
            next.push((format!("$states.input.{name}"), *kind));
        }
        if produces {
            output.insert("result".to_owned(), json!("{% $states.result %}"));
        }
        if !self.random.one_in(3) || produces {
            state["Output"] = Value::Object(output);
            here.names.retain(|(name, _)| !name.starts_with("$states"));
            here.names.extend(next);
        }
        here.names.extend(assigned);
    }

    pub(super) fn path_output(
        &mut self,
        kind: &str,
        name: &str,
        state: &mut Value,
        here: &mut Here,
    ) {
        let produces = matches!(kind, "Task" | "Parallel" | "Map");
        let object_here = !here.names.iter().any(|(name, _)| name == "$");
        if self.random.one_in(12) {
            let path = self.path(here, Kind::Object);
            if let Some(path) = path.filter(|_| kind == "Pass" || kind == "Task") {
                state["InputPath"] = json!(path);
                here.names = vec![];
                if kind == "Pass" {
                    return;
                }
            }
        }
        if kind == "Pass" {
            if self.random.one_in(3) {
                state["Result"] =
                    json!({ "id": self.random.below(9), "v": "made", "list": [1, {"x": null}] });
            } else if state.get("InputPath").is_none() {
                state["Parameters"] = self.template(here);
            }
        }
        if produces && self.random.one_in(4) {
            state["ResultSelector"] = json!({ "all.$": "$", "k": 1 });
        }
        let made =
            kind == "Pass" && (state.get("Result").is_some() || state.get("Parameters").is_some());
        if !produces && !made {
            return;
        }
        match self.random.below(8) {
            0 => {
                state["ResultPath"] = Value::Null;
            }
            1 if made => here.names = vec![("$.id".to_owned(), Kind::Number)],
            _ if object_here => {
                let at = format!("$.{}", name.to_lowercase());
                state["ResultPath"] = json!(at);
                if kind == "Pass" && state.get("Result").is_some() {
                    here.names.push((format!("{at}.id"), Kind::Number));
                    here.names.push((format!("{at}.v"), Kind::Text));
                }
            }
            _ => here.names = vec![],
        }
    }

    /// A payload template, of paths and calls.
    pub(super) fn template(&mut self, here: &Here) -> Value {
        let mut template = Map::new();
        template.insert("fixed".to_owned(), json!([1, "a", null]));
        for member in 0..=self.random.below(3) {
            let value = if self.random.one_in(2) {
                let kind = *self.random.pick(&crate::expression::KINDS);
                self.path(here, kind).unwrap_or_else(|| "$".to_owned())
            } else {
                self.call(here, 2)
            };
            template.insert(format!("m{member}.$"), json!(value));
        }
        if self.random.one_in(4) {
            template.insert(
                "in".to_owned(),
                json!({ "deep.$": "$", "list": [{ "name.$": "$$.Execution.Input.s" }] }),
            );
        }
        Value::Object(template)
    }

    pub(super) fn argument(&mut self, here: &Here, kind: Kind, depth: usize) -> String {
        if depth > 0 && self.random.one_in(3) {
            let number = self.argument(here, Kind::Number, 0);
            match kind {
                Kind::Number => {
                    return format!("States.MathAdd({number}, {})", self.random.below(9));
                }
                Kind::Text => return format!("States.Format('<{{}}>', {number})"),
                Kind::Numbers => {
                    return format!("States.ArrayRange(0, {}, 2)", self.random.below(9));
                }
                _ => {}
            }
        }
        let literal: &str = match kind {
            Kind::Number => self.random.pick::<&str>(&["1", "2", "-7"]),
            Kind::Text => self.random.pick::<&str>(&["'abc'", "'x,y'", "''"]),
            Kind::Truth => self.random.pick::<&str>(&["true", "false"]),
            Kind::Numbers => "States.Array(1, 2, 2)",
            Kind::Objects => "States.Array()",
            Kind::Object => "$$.Execution.Input.o",
        };
        let literal = literal.to_owned();
        self.path(here, kind).unwrap_or(literal)
    }

    pub(super) fn call(&mut self, here: &Here, depth: usize) -> String {
        let number = self.argument(here, Kind::Number, depth);
        let text = self.argument(here, Kind::Text, depth);
        let list = self.argument(
            here,
            *self.random.clone().pick(&[Kind::Numbers, Kind::Objects]),
            depth,
        );
        match self.random.below(15) {
            0 => format!("States.Array({number}, {text}, {list})"),
            1 => format!(
                "States.ArrayPartition({list}, {})",
                1 + self.random.below(3)
            ),
            2 => format!("States.ArrayContains({list}, {number})"),
            3 => format!(
                "States.ArrayRange({}, {}, {})",
                self.random.below(3),
                self.random.below(9),
                1 + self.random.below(3)
            ),
            4 => format!("States.ArrayGetItem({list}, 0)"),
            5 => format!("States.ArrayLength({list})"),
            6 => format!("States.ArrayUnique({list})"),
            7 => format!("States.Base64Encode({text})"),
            8 => format!("States.Base64Decode(States.Base64Encode({text}))"),
            9 => format!(
                "States.Hash({text}, '{}')",
                self.random.pick(&["MD5", "SHA-1", "SHA-256"])
            ),
            10 => format!(
                "States.JsonMerge({}, {}, false)",
                self.argument(here, Kind::Object, depth),
                self.argument(here, Kind::Object, depth)
            ),
            11 => format!("States.StringToJson(States.JsonToString({list}))"),
            12 => format!("States.MathAdd({number}, {})", self.random.below(20)),
            13 => format!("States.StringSplit(States.Format('a{{}}', {text}), ',')"),
            _ => format!("States.Format('{{}}: {{}}', {text}, {number})"),
        }
    }

    pub(super) fn choice(&mut self, here: &Here, targets: &[String]) -> Value {
        let mut rules = Vec::new();
        for _ in 0..=self.random.below(3) {
            let mut rule = if self.jsonata {
                let condition = self.expression(here, Kind::Truth, 3);
                json!({ "Condition": format!("{{% {condition} %}}") })
            } else {
                self.test(here, 2)
            };
            rule["Next"] = json!(self.random.pick(targets));
            if self.jsonata && self.random.one_in(4) {
                rule["Output"] = json!("{% $states.input %}");
            }
            rules.push(rule);
        }
        let mut state = json!({ "Choices": rules });
        // What follows has to be reached by something.
        state["Default"] = json!(targets[0]);
        state
    }

    pub(super) fn test(&mut self, here: &Here, depth: usize) -> Value {
        if depth > 0 && self.random.one_in(3) {
            let (one, two) = (self.test(here, depth - 1), self.test(here, depth - 1));
            return match self.random.below(3) {
                0 => json!({ "And": [one, two] }),
                1 => json!({ "Or": [one, two] }),
                _ => json!({ "Not": one }),
            };
        }
        let number = self.path(here, Kind::Number);
        let text = self.path(here, Kind::Text);
        match (self.random.below(8), number, text) {
            (0..=1, Some(number), _) => {
                let operator = *self.random.pick(&[
                    "NumericEquals",
                    "NumericLessThan",
                    "NumericGreaterThanEquals",
                ]);
                json!({ "Variable": number, operator: self.random.below(5) })
            }
            (2, Some(number), _) => {
                let other = self
                    .path(here, Kind::Number)
                    .unwrap_or_else(|| number.clone());
                let operator = *self.random.pick(&[
                    "NumericEqualsPath",
                    "NumericGreaterThanPath",
                    "NumericLessThanEqualsPath",
                ]);
                json!({ "Variable": number, operator: other })
            }
            (3..=4, _, Some(text)) => {
                let operator = *self.random.pick(&[
                    "StringEquals",
                    "StringLessThan",
                    "StringGreaterThanEquals",
                ]);
                json!({ "Variable": text, operator: *self.random.pick(&["a", "b", "abc", ""]) })
            }
            (5, _, Some(text)) => {
                json!({ "Variable": text, "StringMatches": *self.random.pick(&["*", "a*", "*b*", "Hello*d", "x,*"]) })
            }
            (6, Some(path), _) | (6..=7, None, Some(path)) => {
                let operator = *self.random.pick(&[
                    "IsNumeric",
                    "IsString",
                    "IsBoolean",
                    "IsNull",
                    "IsPresent",
                    "IsTimestamp",
                ]);
                // The peer takes `false` for a test that never holds.
                json!({ "Variable": path, operator: true })
            }
            _ => {
                json!({ "Variable": *self.random.pick(&["$.none", "$.b", "$.nowhere", "$.o.d"]), "IsPresent": true })
            }
        }
    }
}
