//! Any state machine, and any JSON.

use indexmap::IndexMap;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map as Object, Number, Value};
use sfn_asl::{
    Assign, Catcher, Choice, ChoiceRule, Comparison, Condition, CsvDelimiter, CsvHeaderLocation,
    ExecutionType, Fail, Flow, InputType, ItemBatcher, ItemProcessor, ItemReader, Jitter, Kind,
    ManifestType, Map, Mode, Operand, Operator, OrExpression, Order, OutputType, Parallel, Pass,
    PathField, ProcessorConfig, ProcessorField, QueryLanguage, ReaderConfig, ReaderTransformation,
    ResultWriter, Retrier, State, StateMachine, Succeed, Task, Test, Transition, Type, Wait,
    WaitFor, WriterConfig, WriterTransformation,
};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9 ._/~-]{0,12}",
        "\\PC{0,6}",
        Just("{% $states.input.a %}".to_owned()),
        Just("$.a.b".to_owned()),
        Just("a\"\\\n\u{7f}é".to_owned()),
    ]
}

pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec((text(), inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn items() -> impl Strategy<Value = Value> {
    prop_oneof![
        vec(json(), 0..3).prop_map(Value::from),
        vec((text(), json()), 0..3)
            .prop_map(|members| Value::Object(members.into_iter().collect())),
        text().prop_map(Value::from),
    ]
}

fn whole() -> impl Strategy<Value = OrExpression<u64>> {
    prop_oneof![
        any::<u64>().prop_map(OrExpression::Value),
        expression().prop_map(OrExpression::Expression)
    ]
}

fn fraction() -> impl Strategy<Value = OrExpression<f64>> {
    prop_oneof![
        (-1e6..1e6f64).prop_map(OrExpression::Value),
        expression().prop_map(OrExpression::Expression)
    ]
}

fn expression() -> impl Strategy<Value = String> {
    "\\{% [a-z$. ]{1,8} %\\}"
}

fn path_field() -> impl Strategy<Value = PathField> {
    prop_oneof![
        Just(PathField::Absent),
        Just(PathField::Null),
        text().prop_map(PathField::Path)
    ]
}

fn assign() -> impl Strategy<Value = Assign> {
    vec((text(), json()), 0..3)
        .prop_map(|variables| variables.into_iter().collect::<Object<_, _>>())
}

fn transition() -> impl Strategy<Value = Transition> {
    prop_oneof![Just(Transition::End), text().prop_map(Transition::Next)]
}

fn retriers() -> impl Strategy<Value = Vec<Retrier>> {
    let retrier = (
        vec(text(), 0..3),
        option::of(any::<u64>()),
        option::of(any::<u64>()),
        option::of(0.0..100.0f64),
        option::of(any::<u64>()),
        option::of(prop_oneof![Just(Jitter::None), Just(Jitter::Full)]),
        option::of(text()),
    )
        .prop_map(
            |(
                error_equals,
                interval_seconds,
                max_attempts,
                backoff_rate,
                max_delay_seconds,
                jitter_strategy,
                comment,
            )| {
                Retrier {
                    error_equals,
                    interval_seconds,
                    max_attempts,
                    backoff_rate,
                    max_delay_seconds,
                    jitter_strategy,
                    comment,
                }
            },
        );
    vec(retrier, 0..3).boxed()
}

fn catchers() -> impl Strategy<Value = Vec<Catcher>> {
    let catcher = (
        vec(text(), 0..3),
        text(),
        path_field(),
        assign(),
        option::of(json()),
        option::of(text()),
    )
        .prop_map(
            |(error_equals, next, result_path, assign, output, comment)| Catcher {
                error_equals,
                next,
                result_path,
                assign,
                output,
                comment,
            },
        );
    vec(catcher, 0..2).boxed()
}

fn one_of<T: Clone + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(values)
}

fn test() -> impl Strategy<Value = Test> {
    fn operand<T: std::fmt::Debug>(
        value: impl Strategy<Value = T>,
    ) -> impl Strategy<Value = Operand<T>> {
        prop_oneof![
            value.prop_map(Operand::Value),
            text().prop_map(Operand::Path)
        ]
    }
    let order = || one_of(&Order::ALL);
    let operator = prop_oneof![
        (order(), operand(text())).prop_map(|(order, operand)| Operator::String(order, operand)),
        text().prop_map(Operator::StringMatches),
        (order(), operand(any::<i32>().prop_map(Number::from)))
            .prop_map(|(order, operand)| Operator::Numeric(order, operand)),
        operand(any::<bool>()).prop_map(Operator::Boolean),
        (order(), operand(text())).prop_map(|(order, operand)| Operator::Timestamp(order, operand)),
        (one_of(&Type::ALL), any::<bool>()).prop_map(|(what, wanted)| Operator::Is(what, wanted)),
    ];
    let compare = (text(), operator)
        .prop_map(|(variable, operator)| Test::Compare(Comparison { variable, operator }));
    compare.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Test::And),
            vec(inner.clone(), 0..3).prop_map(Test::Or),
            inner.prop_map(|test| Test::Not(Box::new(test))),
        ]
    })
}

fn rule() -> impl Strategy<Value = ChoiceRule> {
    let condition = prop_oneof![
        any::<bool>().prop_map(|value| Condition::Jsonata(OrExpression::Value(value))),
        text().prop_map(|text| Condition::Jsonata(OrExpression::Expression(text))),
        test().prop_map(Condition::Test),
    ];
    (
        condition,
        text(),
        assign(),
        option::of(json()),
        option::of(text()),
    )
        .prop_map(|(condition, next, assign, output, comment)| ChoiceRule {
            condition,
            next,
            assign,
            output,
            comment,
        })
}

fn reader() -> impl Strategy<Value = ItemReader> {
    let config = (
        option::of(one_of(&[
            InputType::Csv,
            InputType::Json,
            InputType::Jsonl,
            InputType::Parquet,
            InputType::Manifest,
        ])),
        option::of(one_of(&[
            ReaderTransformation::None,
            ReaderTransformation::LoadAndFlatten,
        ])),
        option::of(one_of(&[
            ManifestType::AthenaData,
            ManifestType::S3Inventory,
        ])),
        option::of(one_of(&[
            CsvHeaderLocation::FirstRow,
            CsvHeaderLocation::Given,
        ])),
        option::of(json()),
        option::of(one_of(&[
            CsvDelimiter::Comma,
            CsvDelimiter::Pipe,
            CsvDelimiter::Semicolon,
            CsvDelimiter::Space,
            CsvDelimiter::Tab,
        ])),
        option::of(text()),
        prop_oneof![
            Just((None, None)),
            whole().prop_map(|items| (Some(items), None)),
            text().prop_map(|path| (None, Some(path)))
        ],
    )
        .prop_map(
            |(
                input_type,
                transformation,
                manifest_type,
                location,
                csv_headers,
                csv_delimiter,
                items_pointer,
                items,
            )| {
                ReaderConfig {
                    input_type,
                    transformation,
                    manifest_type,
                    csv_header_location: location,
                    csv_headers,
                    csv_delimiter,
                    items_pointer,
                    max_items: items.0,
                    max_items_path: items.1,
                }
            },
        );
    (
        text(),
        option::of(json()),
        option::of(json()),
        option::of(config),
    )
        .prop_map(
            |(resource, parameters, arguments, reader_config)| ItemReader {
                resource,
                parameters,
                arguments,
                reader_config,
            },
        )
}

fn writer() -> impl Strategy<Value = ResultWriter> {
    let config = (
        option::of(one_of(&[
            WriterTransformation::None,
            WriterTransformation::Compact,
            WriterTransformation::Flatten,
        ])),
        option::of(one_of(&[OutputType::Json, OutputType::Jsonl])),
    )
        .prop_map(|(transformation, output_type)| WriterConfig {
            transformation,
            output_type,
        });
    (
        option::of(text()),
        option::of(json()),
        option::of(json()),
        option::of(config),
    )
        .prop_map(
            |(resource, parameters, arguments, writer_config)| ResultWriter {
                resource,
                parameters,
                arguments,
                writer_config,
            },
        )
}

/// A number field and its `…Path` form, of which one may be there.
fn either<T: std::fmt::Debug>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = (Option<T>, Option<String>)> {
    (option::of(value), option::of(text())).prop_map(|(value, path)| {
        let path = if value.is_some() { None } else { path };
        (value, path)
    })
}

fn leaf_kind() -> impl Strategy<Value = Kind> {
    let task = (
        (
            text(),
            option::of(json()),
            option::of(json()),
            option::of(json()),
        ),
        (either(whole()), either(whole())),
        (
            option::of(json()),
            path_field(),
            retriers(),
            catchers(),
            transition(),
        ),
    )
        .prop_map(
            |((resource, parameters, arguments, credentials), (timeout, heartbeat), rest)| {
                let (result_selector, result_path, retry, catch, transition) = rest;
                Kind::from(Task {
                    resource,
                    parameters,
                    arguments,
                    credentials,
                    timeout_seconds: timeout.0,
                    timeout_seconds_path: timeout.1,
                    heartbeat_seconds: heartbeat.0,
                    heartbeat_seconds_path: heartbeat.1,
                    result_selector,
                    result_path,
                    retry,
                    catch,
                    transition,
                })
            },
        );
    let pass = (
        option::of(json()),
        option::of(json()),
        path_field(),
        transition(),
    )
        .prop_map(|(result, parameters, result_path, transition)| {
            Kind::from(Pass {
                result,
                parameters,
                result_path,
                transition,
            })
        });
    let wait = prop_oneof![
        whole().prop_map(WaitFor::Seconds),
        text().prop_map(WaitFor::SecondsPath),
        text().prop_map(WaitFor::Timestamp),
        text().prop_map(WaitFor::TimestampPath),
    ];
    let wait = (wait, transition()).prop_map(|(wait_for, transition)| {
        Kind::from(Wait {
            wait_for: vec![wait_for],
            transition,
        })
    });
    let choice = (vec(rule(), 0..3), option::of(text()))
        .prop_map(|(choices, default)| Kind::from(Choice { choices, default }));
    let fail = (either(text()), either(text())).prop_map(|(error, cause)| {
        Kind::from(Fail {
            error: error.0,
            error_path: error.1,
            cause: cause.0,
            cause_path: cause.1,
        })
    });
    prop_oneof![
        task.boxed(),
        pass.boxed(),
        wait.boxed(),
        choice.boxed(),
        fail.boxed(),
        Just(Kind::from(Succeed))
    ]
    .boxed()
}

fn state(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = State> {
    (
        kind,
        option::of(text()),
        language(),
        path_field(),
        path_field(),
        assign(),
        option::of(json()),
    )
        .prop_map(
            |(kind, comment, query_language, input_path, output_path, assign, output)| {
                let mut state = State {
                    comment,
                    query_language,
                    ..State::new(kind)
                };
                // Where a field does not belong, reading it is a fault.
                if !matches!(state.kind, Kind::Fail(_)) {
                    state.input_path = input_path;
                    state.output_path = output_path;
                    state.output = output;
                }
                if !matches!(state.kind, Kind::Fail(_) | Kind::Succeed(_)) {
                    state.assign = assign;
                }
                state
            },
        )
}

fn language() -> impl Strategy<Value = Option<QueryLanguage>> {
    option::of(prop_oneof![
        Just(QueryLanguage::JsonPath),
        Just(QueryLanguage::Jsonata)
    ])
}

fn flow_of(state: impl Strategy<Value = State>) -> impl Strategy<Value = Flow> {
    (option::of(text()), text(), vec((text(), state), 0..4)).prop_map(
        |(comment, start_at, states)| Flow {
            comment,
            start_at,
            states: states.into_iter().collect::<IndexMap<_, _>>(),
        },
    )
}

fn flow() -> impl Strategy<Value = Flow> {
    let leaf = flow_of(state(leaf_kind())).boxed();
    leaf.prop_recursive(2, 12, 2, |inner| {
        flow_of(state(prop_oneof![leaf_kind(), nesting_kind(inner)])).boxed()
    })
}

fn nesting_kind(
    flow: impl Strategy<Value = Flow> + Clone + 'static,
) -> impl Strategy<Value = Kind> {
    let results = || {
        (
            option::of(json()),
            path_field(),
            retriers(),
            catchers(),
            transition(),
        )
    };
    let parallel = (
        vec(flow.clone(), 0..3),
        option::of(json()),
        option::of(json()),
        results(),
    )
        .prop_map(
            |(
                branches,
                parameters,
                arguments,
                (result_selector, result_path, retry, catch, transition),
            )| {
                Kind::from(Parallel {
                    branches,
                    parameters,
                    arguments,
                    result_selector,
                    result_path,
                    retry,
                    catch,
                    transition,
                })
            },
        );
    let config = (
        option::of(one_of(&[Mode::Inline, Mode::Distributed])),
        option::of(one_of(&[ExecutionType::Standard, ExecutionType::Express])),
    )
        .prop_map(|(mode, execution_type)| ProcessorConfig {
            mode,
            execution_type,
        });
    let processor = (
        one_of(&[ProcessorField::ItemProcessor, ProcessorField::Iterator]),
        option::of(config),
        flow,
    )
        .prop_map(|(field, config, flow)| ItemProcessor {
            field,
            config,
            flow,
        });
    let limits = (either(whole()), either(whole()), text());
    let batcher = (limits, option::of(json())).prop_map(|((items, bytes, path), batch_input)| {
        // One limit has to be there.
        let none = items.0.is_none() && bytes.0.is_none() && bytes.1.is_none();
        ItemBatcher {
            max_items_per_batch: items.0,
            max_items_per_batch_path: items.1.or_else(|| none.then_some(path)),
            max_input_bytes_per_batch: bytes.0,
            max_input_bytes_per_batch_path: bytes.1,
            batch_input,
        }
    });
    let map = (
        processor,
        (
            option::of(text()),
            option::of(items()),
            option::of(json()),
            option::of(json()),
            option::of(text()),
        ),
        (
            option::of(reader()),
            option::of(batcher),
            option::of(writer()),
        ),
        (either(whole()), either(fraction()), either(whole())),
        results(),
    )
        .prop_map(|(item_processor, items, distributed, limits, results)| {
            let (items_path, items, item_selector, parameters, label) = items;
            let (item_reader, item_batcher, result_writer) = distributed;
            let (concurrency, percentage, count) = limits;
            let (result_selector, result_path, retry, catch, transition) = results;
            Kind::from(Map {
                item_processor,
                items_path,
                items,
                item_selector,
                parameters,
                item_reader,
                item_batcher,
                result_writer,
                label,
                max_concurrency: concurrency.0,
                max_concurrency_path: concurrency.1,
                tolerated_failure_percentage: percentage.0,
                tolerated_failure_percentage_path: percentage.1,
                tolerated_failure_count: count.0,
                tolerated_failure_count_path: count.1,
                result_selector,
                result_path,
                retry,
                catch,
                transition,
            })
        });
    prop_oneof![parallel.boxed(), map.boxed()].boxed()
}

pub(crate) fn machine() -> impl Strategy<Value = StateMachine> {
    (
        flow(),
        language(),
        option::of(Just("1.0".to_owned())),
        option::of(any::<u64>()),
    )
        .prop_map(
            |(flow, query_language, version, timeout_seconds)| StateMachine {
                query_language,
                version,
                timeout_seconds,
                flow,
            },
        )
}
