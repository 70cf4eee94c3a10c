//! From the model of a definition to a program.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use sfn_asl::{
    self as asl, Flow, Kind, OrExpression, PathField, QueryLanguage, State, StateMachine,
};
use sfn_expr::path::{Path, ReferencePath};
use sfn_expr::template::Template;

use super::query::{Jsonata, Scalar, Text};
use super::*;

/// Why a definition cannot be run: AWS's words for all its faults, each with its code and place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CompileError {
    /// Such as `SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /`.
    pub message: String,
}

type Result<T> = std::result::Result<T, CompileError>;

pub(super) fn program(definition: Arc<str>, machine_type: asl::ExecutionType) -> Result<Program> {
    let (machine, diagnostics) = sfn_asl::check_text(&definition, machine_type);
    let faults: Vec<String> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == asl::Severity::Error)
        .map(|diagnostic| {
            diagnostic
                .aws_message()
                .unwrap_or_else(|| diagnostic.message.clone())
        })
        .collect();
    if !faults.is_empty() {
        return Err(CompileError {
            message: faults.join(", "),
        });
    }
    let machine = machine.ok_or_else(|| refused("Definition must be a valid JSON object"))?;
    let mut compiler = Compiler {
        machine: &machine,
        states: Vec::new(),
    };
    let start = compiler.flow(&machine.flow)?;
    let states = compiler
        .states
        .into_iter()
        .map(|state| state.expect("each reserved state is compiled"))
        .collect();
    let timeout_seconds = machine.timeout_seconds;
    Ok(Program {
        states,
        start,
        timeout_seconds,
        language: machine.language(),
        definition,
    })
}

fn refused(message: impl Into<String>) -> CompileError {
    CompileError {
        message: format!("SCHEMA_VALIDATION_FAILED: {}", message.into()),
    }
}

struct Compiler<'a> {
    machine: &'a StateMachine,
    states: Vec<Option<StateDef>>,
}

type Names<'a> = HashMap<&'a str, StateId>;

impl Compiler<'_> {
    /// Compiles the states of a flow and tells where it starts.
    fn flow(&mut self, flow: &Flow) -> Result<StateId> {
        let mut names = Names::with_capacity(flow.states.len());
        for name in flow.states.keys() {
            names.insert(
                name,
                StateId(u32::try_from(self.states.len()).expect("a definition has at most 1 MiB")),
            );
            self.states.push(None);
        }
        for (name, state) in &flow.states {
            let compiled = self.state(name, state, &names)?;
            self.states[names[name.as_str()].0 as usize] = Some(compiled);
        }
        named(&names, &flow.start_at)
    }

    fn state(&mut self, name: &str, state: &State, names: &Names<'_>) -> Result<StateDef> {
        let language = self.machine.language_of(state);
        let next = state
            .transition()
            .and_then(|t| t.next())
            .map(|next| named(names, next))
            .transpose()?;
        Ok(StateDef {
            name: name.into(),
            state_type: state.state_type(),
            language,
            kind: self.kind(state, language, names)?,
            next,
            input_path: select(&state.input_path)?,
            output_path: select(&state.output_path)?,
            result_path: place(state.result_path())?,
            result_selector: state.result_selector().map(template).transpose()?,
            output: state
                .output
                .as_ref()
                .map(|v| Jsonata::compile(v, "Output"))
                .transpose()?,
            assign: assign(&state.assign, language, "Assign")?,
            retry: state.retry().to_vec(),
            catch: state
                .catch()
                .iter()
                .enumerate()
                .map(|(index, catcher)| {
                    Ok(CatchDef {
                        errors: catcher.error_equals.clone(),
                        next: named(names, &catcher.next)?,
                        result_path: place(&catcher.result_path)?,
                        output: catcher
                            .output
                            .as_ref()
                            .map(|v| Jsonata::compile(v, &format!("Catch[{index}]/Output")))
                            .transpose()?,
                        assign: assign(
                            &catcher.assign,
                            language,
                            &format!("Catch[{index}]/Assign"),
                        )?,
                    })
                })
                .collect::<Result<_>>()?,
        })
    }

    fn kind(
        &mut self,
        state: &State,
        language: QueryLanguage,
        names: &Names<'_>,
    ) -> Result<KindDef> {
        Ok(match &state.kind {
            Kind::Task(task) => KindDef::Task(Box::new(TaskDef {
                resource: resource(&task.resource)?,
                payload: payload(&task.parameters, &task.arguments)?,
                timeout: scalar(
                    &task.timeout_seconds,
                    &task.timeout_seconds_path,
                    "TimeoutSeconds",
                )?,
                heartbeat: scalar(
                    &task.heartbeat_seconds,
                    &task.heartbeat_seconds_path,
                    "HeartbeatSeconds",
                )?,
                credentials: task
                    .credentials
                    .as_ref()
                    .map(|value| match language {
                        QueryLanguage::JsonPath => template(value).map(Payload::JsonPath),
                        QueryLanguage::Jsonata => {
                            Jsonata::compile(value, "Credentials").map(Payload::Jsonata)
                        }
                    })
                    .transpose()?,
            })),
            Kind::Pass(pass) => KindDef::Pass(match (&pass.result, &pass.parameters) {
                (Some(result), _) => PassDef::Result(Json::new(result.clone())),
                (None, Some(parameters)) => PassDef::Parameters(template(parameters)?),
                (None, None) => PassDef::Input,
            }),
            Kind::Choice(choice) => KindDef::Choice(Box::new(ChoiceDef {
                rules: choice
                    .choices
                    .iter()
                    .enumerate()
                    .map(|(index, rule)| {
                        Ok(RuleDef {
                            condition: condition(&rule.condition, index)?,
                            next: named(names, &rule.next)?,
                            assign: assign(
                                &rule.assign,
                                language,
                                &format!("Choices[{index}]/Assign"),
                            )?,
                            output: rule
                                .output
                                .as_ref()
                                .map(|v| Jsonata::compile(v, &format!("Choices[{index}]/Output")))
                                .transpose()?,
                        })
                    })
                    .collect::<Result<_>>()?,
                default: choice
                    .default
                    .as_deref()
                    .map(|name| named(names, name))
                    .transpose()?,
            })),
            Kind::Wait(wait) => KindDef::Wait(self.wait(wait)?),
            Kind::Succeed(_) => KindDef::Succeed,
            Kind::Fail(fail) => KindDef::Fail(Box::new(FailDef {
                error: text(&fail.error, &fail.error_path, language, "Error")?,
                cause: text(&fail.cause, &fail.cause_path, language, "Cause")?,
            })),
            Kind::Parallel(parallel) => KindDef::Parallel(Box::new(ParallelDef {
                branches: parallel
                    .branches
                    .iter()
                    .map(|flow| self.flow(flow))
                    .collect::<Result<_>>()?,
                payload: payload(&parallel.parameters, &parallel.arguments)?,
            })),
            Kind::Map(map) => KindDef::Map(Box::new(self.map(map, language)?)),
        })
    }

    fn wait(&self, wait: &asl::Wait) -> Result<WaitDef> {
        use asl::WaitFor;
        Ok(match wait.what() {
            Some(WaitFor::Seconds(OrExpression::Value(seconds))) => WaitDef::Seconds(*seconds),
            Some(WaitFor::Seconds(OrExpression::Expression(text))) => {
                WaitDef::SecondsJsonata(Jsonata::compile(&Value::from(text.as_str()), "Seconds")?)
            }
            Some(WaitFor::SecondsPath(path)) => WaitDef::SecondsPath(self::path(path)?),
            Some(WaitFor::Timestamp(text)) => match crate::Timestamp::parse_rfc3339(text) {
                Some(at) => WaitDef::Timestamp(at),
                None => WaitDef::TimestampJsonata(Jsonata::compile(
                    &Value::from(text.as_str()),
                    "Timestamp",
                )?),
            },
            Some(WaitFor::TimestampPath(path)) => WaitDef::TimestampPath(self::path(path)?),
            None => return Err(refused("a Wait state waits for nothing")),
        })
    }

    fn map(&mut self, map: &asl::Map, language: QueryLanguage) -> Result<MapDef> {
        let items = match (&map.items, &map.items_path) {
            (Some(items), _) => Items::Jsonata(Jsonata::compile(items, "Items")?),
            (None, Some(path)) => Items::Path(self::path(path)?),
            (None, None) => Items::Input,
        };
        let by_language = |value: &Value, field: &str| match language {
            QueryLanguage::JsonPath => template(value).map(Payload::JsonPath),
            QueryLanguage::Jsonata => Jsonata::compile(value, field).map(Payload::Jsonata),
        };
        let distributed = if map.is_distributed() {
            let config = map.item_processor.config.unwrap_or_default();
            Some(Box::new(DistributedDef {
                label: map.label.clone().unwrap_or_default(),
                express: config.execution_type == Some(asl::ExecutionType::Express),
                tolerated_count: scalar(
                    &map.tolerated_failure_count,
                    &map.tolerated_failure_count_path,
                    "ToleratedFailureCount",
                )?,
                tolerated_percentage: scalar(
                    &map.tolerated_failure_percentage,
                    &map.tolerated_failure_percentage_path,
                    "ToleratedFailurePercentage",
                )?,
                reader: map
                    .item_reader
                    .as_ref()
                    .map(|reader| {
                        let (max, path) = match &reader.reader_config {
                            Some(config) => (&config.max_items, &config.max_items_path),
                            None => (&None, &None),
                        };
                        Ok(ReaderDef {
                            resource: resource(&reader.resource)?,
                            payload: match (&reader.parameters, &reader.arguments) {
                                (_, Some(arguments)) => Payload::Jsonata(Jsonata::compile(
                                    arguments,
                                    "ItemReader/Arguments",
                                )?),
                                (Some(parameters), None) => {
                                    Payload::JsonPath(template(parameters)?)
                                }
                                (None, None) => Payload::Input,
                            },
                            max_items: scalar(max, path, "ItemReader/ReaderConfig/MaxItems")?,
                        })
                    })
                    .transpose()?,
                batcher: map
                    .item_batcher
                    .as_ref()
                    .map(|batcher| {
                        Ok(BatcherDef {
                            max_items: scalar(
                                &batcher.max_items_per_batch,
                                &batcher.max_items_per_batch_path,
                                "ItemBatcher/MaxItemsPerBatch",
                            )?,
                            max_bytes: scalar(
                                &batcher.max_input_bytes_per_batch,
                                &batcher.max_input_bytes_per_batch_path,
                                "ItemBatcher/MaxInputBytesPerBatch",
                            )?,
                            input: batcher
                                .batch_input
                                .as_ref()
                                .map(|value| by_language(value, "ItemBatcher/BatchInput"))
                                .transpose()?,
                        })
                    })
                    .transpose()?,
                writer: map
                    .result_writer
                    .as_ref()
                    .and_then(|writer| match (&writer.parameters, &writer.arguments) {
                        (_, Some(arguments)) => Some(
                            Jsonata::compile(arguments, "ResultWriter/Arguments")
                                .map(Payload::Jsonata),
                        ),
                        (Some(parameters), None) => {
                            Some(template(parameters).map(Payload::JsonPath))
                        }
                        (None, None) => None,
                    })
                    .transpose()?,
                map: map.clone(),
            }))
        } else {
            None
        };
        Ok(MapDef {
            start: self.flow(&map.item_processor.flow)?,
            items,
            selector: map
                .selector()
                .map(|value| by_language(value, "ItemSelector"))
                .transpose()?,
            max_concurrency: scalar(
                &map.max_concurrency,
                &map.max_concurrency_path,
                "MaxConcurrency",
            )?,
            distributed,
        })
    }
}

fn named(names: &Names<'_>, name: &str) -> Result<StateId> {
    names.get(name).copied().ok_or_else(|| CompileError {
        message: format!("MISSING_TRANSITION_TARGET: Missing 'Next' target: {name}"),
    })
}

fn path(text: &str) -> Result<Path> {
    Path::parse(text).map_err(|error| refused(format!("'{text}' is no JSONPath: {error}")))
}

fn template(value: &Value) -> Result<Template> {
    Template::parse(value).map_err(|error| refused(error.to_string()))
}

fn resource(arn: &str) -> Result<Resource> {
    Resource::parse(arn).ok_or_else(|| {
        refused(format!(
            "The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the resource is \
             not available in this region."
        ))
    })
}

fn select(field: &PathField) -> Result<Select> {
    Ok(match field.path() {
        None => Select::Empty,
        Some("$") => Select::All,
        Some(text) => Select::Path(path(text)?),
    })
}

fn place(field: &PathField) -> Result<Place> {
    Ok(match field.path() {
        None => Place::Discard,
        Some("$") => Place::Replace,
        Some(text) => Place::At(
            ReferencePath::parse(text)
                .map_err(|error| refused(format!("'{text}' is no Reference Path: {error}")))?,
        ),
    })
}

fn payload(parameters: &Option<Value>, arguments: &Option<Value>) -> Result<Payload> {
    Ok(match (parameters, arguments) {
        (_, Some(arguments)) => Payload::Jsonata(Jsonata::compile(arguments, "Arguments")?),
        (Some(parameters), None) => Payload::JsonPath(template(parameters)?),
        (None, None) => Payload::Input,
    })
}

fn assign(assign: &asl::Assign, language: QueryLanguage, field: &str) -> Result<Option<Assign>> {
    if assign.is_empty() {
        return Ok(None);
    }
    let value = Value::Object(assign.clone());
    Ok(Some(match language {
        QueryLanguage::JsonPath => Assign::JsonPath(template(&value)?),
        QueryLanguage::Jsonata => Assign::Jsonata(Jsonata::compile(&value, field)?),
    }))
}

fn scalar<T: Copy>(
    value: &Option<OrExpression<T>>,
    at: &Option<String>,
    field: &'static str,
) -> Result<Scalar<T>> {
    Ok(match (value, at) {
        (Some(OrExpression::Value(value)), _) => Scalar::Value(*value),
        (Some(OrExpression::Expression(text)), _) => {
            Scalar::Jsonata(Jsonata::compile(&Value::from(text.as_str()), field)?)
        }
        (None, Some(text)) => Scalar::Path(path(text)?),
        (None, None) => Scalar::Absent,
    })
}

fn text(
    value: &Option<String>,
    query: &Option<String>,
    language: QueryLanguage,
    field: &str,
) -> Result<Text> {
    Ok(match (value, query) {
        (Some(value), _)
            if language == QueryLanguage::Jsonata && asl::expression(value).is_some() =>
        {
            Text::Jsonata(Jsonata::compile(&Value::from(value.as_str()), field)?)
        }
        (Some(value), _) => Text::Value(value.as_str().into()),
        (None, Some(query)) => Text::Query(
            TextQuery::parse(query)
                .map_err(|error| refused(format!("'{query}' is no query: {error}")))?,
        ),
        (None, None) => Text::Absent,
    })
}

fn condition(condition: &asl::Condition, index: usize) -> Result<Condition> {
    Ok(match condition {
        asl::Condition::Jsonata(OrExpression::Value(constant)) => Condition::Constant(*constant),
        asl::Condition::Jsonata(OrExpression::Expression(text)) => {
            Condition::Jsonata(Jsonata::compile(
                &Value::from(text.as_str()),
                &format!("Choices[{index}]/Condition"),
            )?)
        }
        asl::Condition::Test(test) => Condition::Test(self::test(test)?),
    })
}

fn test(test: &asl::Test) -> Result<Test> {
    let all = |tests: &[asl::Test]| tests.iter().map(self::test).collect::<Result<Vec<_>>>();
    Ok(match test {
        asl::Test::And(tests) => Test::And(all(tests)?),
        asl::Test::Or(tests) => Test::Or(all(tests)?),
        asl::Test::Not(test) => Test::Not(Box::new(self::test(test)?)),
        asl::Test::Compare(comparison) => Test::Compare {
            variable: path(&comparison.variable)?,
            operator: operator(&comparison.operator)?,
        },
    })
}

fn operator(operator: &asl::Operator) -> Result<Operator> {
    fn operand<T: Clone + Into<Value>>(operand: &asl::Operand<T>) -> Result<Operand> {
        Ok(match operand {
            asl::Operand::Value(value) => Operand::Value(value.clone().into()),
            asl::Operand::Path(text) => Operand::Path(path(text)?),
        })
    }
    Ok(match operator {
        asl::Operator::String(order, with) => {
            Operator::Compare(Compared::String, *order, operand(with)?)
        }
        asl::Operator::Numeric(order, with) => {
            Operator::Compare(Compared::Numeric, *order, operand(with)?)
        }
        asl::Operator::Timestamp(order, with) => {
            Operator::Compare(Compared::Timestamp, *order, operand(with)?)
        }
        asl::Operator::Boolean(with) => {
            Operator::Compare(Compared::Boolean, asl::Order::Equals, operand(with)?)
        }
        asl::Operator::StringMatches(pattern) => Operator::Matches(pattern.clone()),
        asl::Operator::Is(what, wanted) => Operator::Is(*what, *wanted),
    })
}
