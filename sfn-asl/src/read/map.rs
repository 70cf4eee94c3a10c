//! Reading a Map state, with what only distributed maps have.

use serde_json::Value;

use super::field::Fields;
use super::{retry, state};
use crate::model::{
    CsvDelimiter, CsvHeaderLocation, ExecutionType, InputType, ItemBatcher, ItemProcessor,
    ItemReader, ManifestType, Map, Mode, OutputType, ProcessorConfig, ProcessorField, ReaderConfig,
    ReaderTransformation, ResultWriter, WriterConfig, WriterTransformation,
};

const MODES: [(&str, Mode); 2] = [("INLINE", Mode::Inline), ("DISTRIBUTED", Mode::Distributed)];
const EXECUTION_TYPES: [(&str, ExecutionType); 2] = [
    ("STANDARD", ExecutionType::Standard),
    ("EXPRESS", ExecutionType::Express),
];
const INPUT_TYPES: [(&str, InputType); 5] = [
    ("CSV", InputType::Csv),
    ("JSON", InputType::Json),
    ("JSONL", InputType::Jsonl),
    ("PARQUET", InputType::Parquet),
    ("MANIFEST", InputType::Manifest),
];
const READER_TRANSFORMATIONS: [(&str, ReaderTransformation); 2] = [
    ("NONE", ReaderTransformation::None),
    ("LOAD_AND_FLATTEN", ReaderTransformation::LoadAndFlatten),
];
const MANIFEST_TYPES: [(&str, ManifestType); 2] = [
    ("ATHENA_DATA", ManifestType::AthenaData),
    ("S3_INVENTORY", ManifestType::S3Inventory),
];
const HEADER_LOCATIONS: [(&str, CsvHeaderLocation); 2] = [
    ("FIRST_ROW", CsvHeaderLocation::FirstRow),
    ("GIVEN", CsvHeaderLocation::Given),
];
const DELIMITERS: [(&str, CsvDelimiter); 5] = [
    ("COMMA", CsvDelimiter::Comma),
    ("PIPE", CsvDelimiter::Pipe),
    ("SEMICOLON", CsvDelimiter::Semicolon),
    ("SPACE", CsvDelimiter::Space),
    ("TAB", CsvDelimiter::Tab),
];
const WRITER_TRANSFORMATIONS: [(&str, WriterTransformation); 3] = [
    ("NONE", WriterTransformation::None),
    ("COMPACT", WriterTransformation::Compact),
    ("FLATTEN", WriterTransformation::Flatten),
];
const OUTPUT_TYPES: [(&str, OutputType); 2] =
    [("JSON", OutputType::Json), ("JSONL", OutputType::Jsonl)];

pub(super) fn map(fields: &mut Fields<'_>) -> Map {
    fields.at_most_one(&["MaxConcurrency", "MaxConcurrencyPath"]);
    fields.at_most_one(&[
        "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
    ]);
    fields.at_most_one(&["ToleratedFailureCount", "ToleratedFailureCountPath"]);
    Map {
        item_processor: processor(fields),
        items_path: fields.text("ItemsPath"),
        items: items(fields),
        item_selector: fields.value("ItemSelector"),
        parameters: fields.value("Parameters"),
        item_reader: item_reader(fields),
        item_batcher: item_batcher(fields),
        result_writer: result_writer(fields),
        label: fields.text("Label"),
        max_concurrency: fields.whole_or_expression("MaxConcurrency", 0),
        max_concurrency_path: fields.text("MaxConcurrencyPath"),
        tolerated_failure_percentage: fields.number_or_expression("ToleratedFailurePercentage"),
        tolerated_failure_percentage_path: fields.text("ToleratedFailurePercentagePath"),
        tolerated_failure_count: fields.whole_or_expression("ToleratedFailureCount", 0),
        tolerated_failure_count_path: fields.text("ToleratedFailureCountPath"),
        result_selector: fields.value("ResultSelector"),
        result_path: fields.path("ResultPath"),
        retry: retry::retriers(fields),
        catch: retry::catchers(fields),
        transition: state::transition(fields),
    }
}

/// An array, an object, or a text that the checks want to be an expression.
fn items(fields: &mut Fields<'_>) -> Option<Value> {
    match fields.take("Items")? {
        items @ (Value::Array(_) | Value::Object(_) | Value::String(_)) => Some(items.clone()),
        other => fields.wrong("Items", "an array", other),
    }
}

fn processor(fields: &mut Fields<'_>) -> ItemProcessor {
    fields.exactly_one(&["ItemProcessor", "Iterator"]);
    let processor = inner(fields, "ItemProcessor", "an item processor")
        .map(|inner| (ProcessorField::ItemProcessor, inner))
        .or_else(|| {
            inner(fields, "Iterator", "an iterator").map(|inner| (ProcessorField::Iterator, inner))
        });
    let Some((field, mut inner)) = processor else {
        return ItemProcessor::default();
    };
    inner.require(&["States", "StartAt"]);
    let config =
        self::inner(&mut inner, "ProcessorConfig", "a processor config").map(|mut fields| {
            let config = ProcessorConfig {
                mode: fields.word("Mode", &MODES),
                execution_type: fields.word("ExecutionType", &EXECUTION_TYPES),
            };
            fields.finish();
            config
        });
    let processor = ItemProcessor {
        field,
        config,
        flow: super::flow(&mut inner),
    };
    inner.finish();
    processor
}

/// A field whose value is an object that is to be read, too.
fn inner<'r>(
    fields: &mut Fields<'r>,
    name: &'static str,
    what: &'static str,
) -> Option<Fields<'r>> {
    let (map, at) = fields.object(name)?;
    Some(Fields::new(map, at, what, fields.report))
}

fn item_reader(fields: &mut Fields<'_>) -> Option<ItemReader> {
    let mut fields = inner(fields, "ItemReader", "an item reader")?;
    fields.require(&["Resource"]);
    let reader = ItemReader {
        resource: fields.text("Resource").unwrap_or_default(),
        parameters: fields.value("Parameters"),
        arguments: fields.value("Arguments"),
        reader_config: reader_config(&mut fields),
    };
    fields.finish();
    Some(reader)
}

fn reader_config(fields: &mut Fields<'_>) -> Option<ReaderConfig> {
    let mut fields = inner(fields, "ReaderConfig", "a reader config")?;
    fields.at_most_one(&["MaxItems", "MaxItemsPath"]);
    let config = ReaderConfig {
        input_type: fields.word("InputType", &INPUT_TYPES),
        transformation: fields.word("Transformation", &READER_TRANSFORMATIONS),
        manifest_type: fields.word("ManifestType", &MANIFEST_TYPES),
        csv_header_location: fields.word("CSVHeaderLocation", &HEADER_LOCATIONS),
        csv_headers: fields.value("CSVHeaders"),
        csv_delimiter: fields.word("CSVDelimiter", &DELIMITERS),
        items_pointer: fields.text("ItemsPointer"),
        max_items: fields.whole_or_expression("MaxItems", 0),
        max_items_path: fields.text("MaxItemsPath"),
    };
    fields.finish();
    Some(config)
}

fn item_batcher(fields: &mut Fields<'_>) -> Option<ItemBatcher> {
    let mut fields = inner(fields, "ItemBatcher", "an item batcher")?;
    fields.at_most_one(&["MaxItemsPerBatch", "MaxItemsPerBatchPath"]);
    fields.at_most_one(&["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"]);
    fields.at_least_one(&[
        "MaxItemsPerBatch",
        "MaxItemsPerBatchPath",
        "MaxInputBytesPerBatch",
        "MaxInputBytesPerBatchPath",
    ]);
    let batcher = ItemBatcher {
        max_items_per_batch: fields.whole_or_expression("MaxItemsPerBatch", 1),
        max_items_per_batch_path: fields.text("MaxItemsPerBatchPath"),
        max_input_bytes_per_batch: fields.whole_or_expression("MaxInputBytesPerBatch", 1),
        max_input_bytes_per_batch_path: fields.text("MaxInputBytesPerBatchPath"),
        batch_input: fields.value("BatchInput"),
    };
    fields.finish();
    Some(batcher)
}

fn result_writer(fields: &mut Fields<'_>) -> Option<ResultWriter> {
    let mut fields = inner(fields, "ResultWriter", "a result writer")?;
    let writer_config = inner(&mut fields, "WriterConfig", "a writer config").map(|mut fields| {
        let config = WriterConfig {
            transformation: fields.word("Transformation", &WRITER_TRANSFORMATIONS),
            output_type: fields.word("OutputType", &OUTPUT_TYPES),
        };
        fields.finish();
        config
    });
    let writer = ResultWriter {
        resource: fields.text("Resource"),
        parameters: fields.value("Parameters"),
        arguments: fields.value("Arguments"),
        writer_config,
    };
    fields.finish();
    Some(writer)
}
