//! A machine as graphs: what leads where, and what is said on the way.
//!
//! There is one graph a flow, and a diagram draws those of branches and item processors inside the state they belong to.

use crate::model::{
    ChoiceRule, Condition, Flow, Kind, Operand, Operator, OrExpression, Order, StateMachine, Test,
    Transition, expression,
};
use crate::place::Place;

/// One end of an [`Edge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Node<'a> {
    /// Where a flow begins.
    Start,
    /// A state, by its name.
    State(&'a str),
    /// Where a flow ends well: `"End": true`, or a Succeed state.
    End,
}

/// Why an edge is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// Always: `StartAt`, `Next` and `End`.
    Next,
    /// When a choice rule holds; the rule in a few words.
    Rule(String),
    /// When no choice rule holds.
    Default,
    /// When one of these errors is caught.
    Catch(Vec<String>),
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Next => Ok(()),
            Self::Rule(rule) => f.write_str(rule),
            Self::Default => f.write_str("else"),
            Self::Catch(errors) => write!(f, "catch {}", errors.join(", ")),
        }
    }
}

/// A way from one state to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge<'a> {
    /// Where it begins.
    pub from: Node<'a>,
    /// Where it leads.
    pub to: Node<'a>,
    /// Why it is taken.
    pub label: Label,
}

/// The edges of one flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph<'a> {
    /// Where the flow stands in the definition.
    pub place: Place,
    /// The state it belongs to, and its number there when that is a Parallel state; `None` for the machine's own flow.
    pub within: Option<(&'a str, usize)>,
    /// The flow.
    pub flow: &'a Flow,
    /// The edges, in the order of the definition.
    pub edges: Vec<Edge<'a>>,
}

impl StateMachine {
    /// The graphs of all flows, each after the one it stands in.
    ///
    /// ```
    /// use sfn_asl::{Choice, ChoiceRule, Flow, Pass, StateMachine, Wait};
    ///
    /// let flow = Flow::starting_at("Rest").state("Rest", Wait::seconds(60).then("Done?")).state(
    ///     "Done?",
    ///     Choice {
    ///         choices: vec![ChoiceRule::when("{% $states.input.done %}", "Serve")],
    ///         default: Some("Rest".into()),
    ///     },
    /// ).state("Serve", Pass::default());
    /// let machine = StateMachine::new(flow);
    /// let graphs = machine.graphs();
    /// let ways: Vec<String> =
    ///     graphs[0].edges.iter().map(|edge| format!("{:?} -> {:?} {}", edge.from, edge.to, edge.label)).collect();
    /// assert_eq!(ways, [
    ///     "Start -> State(\"Rest\") ",
    ///     "State(\"Rest\") -> State(\"Done?\") ",
    ///     "State(\"Done?\") -> State(\"Serve\") $states.input.done",
    ///     "State(\"Done?\") -> State(\"Rest\") else",
    ///     "State(\"Serve\") -> End ",
    /// ]);
    /// ```
    #[must_use]
    pub fn graphs(&self) -> Vec<Graph<'_>> {
        let mut graphs = Vec::new();
        graph(&self.flow, Place::root(), None, &mut graphs);
        graphs
    }
}

fn graph<'a>(
    flow: &'a Flow,
    place: Place,
    within: Option<(&'a str, usize)>,
    graphs: &mut Vec<Graph<'a>>,
) {
    let states = place.then("States");
    graphs.push(Graph {
        place,
        within,
        flow,
        edges: flow.edges(),
    });
    for (name, state) in &flow.states {
        for (number, (at, inner)) in state
            .flows(&states.then(name.as_str()))
            .into_iter()
            .enumerate()
        {
            graph(inner, at, Some((name, number)), graphs);
        }
    }
}

impl Flow {
    /// The edges between the states of this flow, in the order of the definition.
    #[must_use]
    pub fn edges(&self) -> Vec<Edge<'_>> {
        let mut edges = vec![Edge {
            from: Node::Start,
            to: Node::State(&self.start_at),
            label: Label::Next,
        }];
        for (name, state) in &self.states {
            let from = Node::State(name);
            let mut add = |to, label| edges.push(Edge { from, to, label });
            match &state.kind {
                Kind::Choice(choice) => {
                    for rule in &choice.choices {
                        add(Node::State(&rule.next), Label::Rule(rule.in_words()));
                    }
                    if let Some(default) = &choice.default {
                        add(Node::State(default), Label::Default);
                    }
                }
                Kind::Succeed(_) => add(Node::End, Label::Next),
                _ => match state.transition() {
                    Some(Transition::Next(next)) => add(Node::State(next), Label::Next),
                    Some(Transition::End) => add(Node::End, Label::Next),
                    None => {}
                },
            }
            for catcher in state.catch() {
                add(
                    Node::State(&catcher.next),
                    Label::Catch(catcher.error_equals.clone()),
                );
            }
        }
        edges
    }
}

impl ChoiceRule {
    /// The rule in a few words: its comment, or else its condition.
    #[must_use]
    pub fn in_words(&self) -> String {
        match (&self.comment, &self.condition) {
            (Some(comment), _) => comment.clone(),
            (None, Condition::Jsonata(OrExpression::Value(value))) => value.to_string(),
            (None, Condition::Jsonata(OrExpression::Expression(text))) => {
                expression(text).unwrap_or(text).trim().to_owned()
            }
            (None, Condition::Test(test)) => test.in_words(),
        }
    }
}

impl Test {
    /// The test in a few words, such as `$.size > 3 and not $.sold`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let joined = |tests: &[Self], word: &str| {
            let words: Vec<String> = tests.iter().map(Self::in_words_within).collect();
            words.join(word)
        };
        match self {
            Self::And(tests) => joined(tests, " and "),
            Self::Or(tests) => joined(tests, " or "),
            Self::Not(test) => format!("not {}", test.in_words_within()),
            Self::Compare(comparison) => {
                format!("{} {}", comparison.variable, asked(&comparison.operator))
            }
        }
    }

    /// The same, in parentheses where it is needed inside another test.
    fn in_words_within(&self) -> String {
        match self {
            Self::And(tests) | Self::Or(tests) if tests.len() > 1 => {
                format!("({})", self.in_words())
            }
            _ => self.in_words(),
        }
    }
}

fn asked(operator: &Operator) -> String {
    fn of<T: ToString>(operand: &Operand<T>) -> String {
        match operand {
            Operand::Value(value) => value.to_string(),
            Operand::Path(path) => path.clone(),
        }
    }
    fn quoted(operand: &Operand<String>) -> String {
        match operand {
            Operand::Value(value) => format!("{value:?}"),
            Operand::Path(path) => path.clone(),
        }
    }
    fn sign(order: Order) -> &'static str {
        match order {
            Order::Equals => "=",
            Order::LessThan => "<",
            Order::GreaterThan => ">",
            Order::LessThanEquals => "<=",
            Order::GreaterThanEquals => ">=",
        }
    }
    match operator {
        Operator::String(order, operand) => format!("{} {}", sign(*order), quoted(operand)),
        Operator::StringMatches(pattern) => format!("matches {pattern:?}"),
        Operator::Numeric(order, operand) => format!("{} {}", sign(*order), of(operand)),
        Operator::Boolean(operand) => format!("= {}", of(operand)),
        Operator::Timestamp(order, operand) => format!("{} {}", sign(*order), of(operand)),
        Operator::Is(what, wanted) => {
            let what = what.operator().trim_start_matches("Is").to_lowercase();
            format!("is {}{what}", if *wanted { "" } else { "not " })
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::read;

    #[track_caller]
    fn check(states: &str, expected: &[&str]) {
        let (machine, found) = read(&format!(r#"{{ "StartAt": "A", "States": {states} }}"#));
        assert_eq!(found, []);
        let machine = machine.expect("a machine");
        let ways: Vec<String> = machine
            .graphs()
            .iter()
            .flat_map(|graph| {
                let within = graph
                    .within
                    .map_or_else(String::new, |(name, number)| format!("{name}[{number}]: "));
                graph.edges.iter().map(move |edge| {
                    format!("{within}{:?} {:?} {}", edge.from, edge.to, edge.label)
                })
            })
            .collect();
        assert_eq!(ways, expected);
    }

    #[test]
    fn draws_rules_and_catchers() {
        check(
            r#"{ "A": { "Type": "Choice", "Choices": [
                { "And": [ { "Variable": "$.n", "NumericGreaterThan": 3 },
                           { "Or": [ { "Variable": "$.s", "StringEquals": "x" }, { "Variable": "$.s", "IsPresent": false } ] } ],
                  "Next": "T" },
                { "Not": { "Variable": "$.b", "BooleanEqualsPath": "$.c" }, "Next": "F" },
                { "Variable": "$.b", "IsNull": true, "Comment": "nothing to do", "Next": "S" } ], "Default": "S" },
              "T": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "Next": "S",
                     "Catch": [{ "ErrorEquals": ["X", "Y"], "Next": "F" }] },
              "F": { "Type": "Fail" }, "S": { "Type": "Succeed" } }"#,
            &[
                "Start State(\"A\") ",
                "State(\"A\") State(\"T\") $.n > 3 and ($.s = \"x\" or $.s is not present)",
                "State(\"A\") State(\"F\") not $.b = $.c",
                "State(\"A\") State(\"S\") nothing to do",
                "State(\"A\") State(\"S\") else",
                "State(\"T\") State(\"S\") ",
                "State(\"T\") State(\"F\") catch X, Y",
                "State(\"S\") End ",
            ],
        );
    }

    #[test]
    fn draws_flows_within() {
        check(
            r#"{ "A": { "Type": "Parallel", "End": true, "Branches": [
                { "StartAt": "B", "States": { "B": { "Type": "Succeed" } } },
                { "StartAt": "C", "States": { "C": { "Type": "Pass", "End": true } } } ] } }"#,
            &[
                "Start State(\"A\") ",
                "State(\"A\") End ",
                "A[0]: Start State(\"B\") ",
                "A[0]: State(\"B\") End ",
                "A[1]: Start State(\"C\") ",
                "A[1]: State(\"C\") End ",
            ],
        );
    }
}
