//! Writing a Map state, with what only distributed maps have.

use serde_json::Value;

use super::Object;
use crate::model::{
    CsvDelimiter, CsvHeaderLocation, ExecutionType, InputType, ItemBatcher, ItemProcessor,
    ItemReader, ManifestType, Map, Mode, OutputType, ProcessorConfig, ReaderConfig,
    ReaderTransformation, ResultWriter, WriterConfig, WriterTransformation,
};

pub(super) fn map(object: &mut Object, map: &Map, deep: bool) {
    object.text("Label", map.label.as_deref());
    object.text("ItemsPath", map.items_path.as_deref());
    object.value("Items", map.items.as_ref());
    object.some("ItemReader", map.item_reader.as_ref().map(item_reader));
    object.value("Parameters", map.parameters.as_ref());
    object.value("ItemSelector", map.item_selector.as_ref());
    object.some("ItemBatcher", map.item_batcher.as_ref().map(item_batcher));
    object.or_expression("MaxConcurrency", map.max_concurrency.as_ref());
    object.text("MaxConcurrencyPath", map.max_concurrency_path.as_deref());
    object.or_expression(
        "ToleratedFailurePercentage",
        map.tolerated_failure_percentage.as_ref(),
    );
    object.text(
        "ToleratedFailurePercentagePath",
        map.tolerated_failure_percentage_path.as_deref(),
    );
    object.or_expression(
        "ToleratedFailureCount",
        map.tolerated_failure_count.as_ref(),
    );
    object.text(
        "ToleratedFailureCountPath",
        map.tolerated_failure_count_path.as_deref(),
    );
    if deep {
        object.set(
            map.item_processor.field.as_str(),
            processor(&map.item_processor),
        );
    }
    object.some(
        "ResultWriter",
        map.result_writer.as_ref().map(result_writer),
    );
}

fn processor(processor: &ItemProcessor) -> Value {
    let mut object = Object::default();
    object.text("Comment", processor.flow.comment.as_deref());
    object.some(
        "ProcessorConfig",
        processor.config.as_ref().map(
            |ProcessorConfig {
                 mode,
                 execution_type,
             }| {
                let mut object = Object::default();
                object.text(
                    "Mode",
                    mode.map(|mode| match mode {
                        Mode::Inline => "INLINE",
                        Mode::Distributed => "DISTRIBUTED",
                    }),
                );
                object.text(
                    "ExecutionType",
                    execution_type.map(|execution_type| match execution_type {
                        ExecutionType::Standard => "STANDARD",
                        ExecutionType::Express => "EXPRESS",
                    }),
                );
                object.into_value()
            },
        ),
    );
    object.flow(&processor.flow);
    object.into_value()
}

fn item_reader(reader: &ItemReader) -> Value {
    let mut object = Object::default();
    object.set("Resource", reader.resource.as_str());
    object.some(
        "ReaderConfig",
        reader.reader_config.as_ref().map(reader_config),
    );
    object.value("Parameters", reader.parameters.as_ref());
    object.value("Arguments", reader.arguments.as_ref());
    object.into_value()
}

fn reader_config(config: &ReaderConfig) -> Value {
    let mut object = Object::default();
    object.text(
        "InputType",
        config.input_type.map(|input_type| match input_type {
            InputType::Csv => "CSV",
            InputType::Json => "JSON",
            InputType::Jsonl => "JSONL",
            InputType::Parquet => "PARQUET",
            InputType::Manifest => "MANIFEST",
        }),
    );
    object.text(
        "Transformation",
        config
            .transformation
            .map(|transformation| match transformation {
                ReaderTransformation::None => "NONE",
                ReaderTransformation::LoadAndFlatten => "LOAD_AND_FLATTEN",
            }),
    );
    object.text(
        "ManifestType",
        config
            .manifest_type
            .map(|manifest_type| match manifest_type {
                ManifestType::AthenaData => "ATHENA_DATA",
                ManifestType::S3Inventory => "S3_INVENTORY",
            }),
    );
    object.text(
        "CSVHeaderLocation",
        config.csv_header_location.map(|location| match location {
            CsvHeaderLocation::FirstRow => "FIRST_ROW",
            CsvHeaderLocation::Given => "GIVEN",
        }),
    );
    object.value("CSVHeaders", config.csv_headers.as_ref());
    object.text(
        "CSVDelimiter",
        config.csv_delimiter.map(|delimiter| match delimiter {
            CsvDelimiter::Comma => "COMMA",
            CsvDelimiter::Pipe => "PIPE",
            CsvDelimiter::Semicolon => "SEMICOLON",
            CsvDelimiter::Space => "SPACE",
            CsvDelimiter::Tab => "TAB",
        }),
    );
    object.text("ItemsPointer", config.items_pointer.as_deref());
    object.or_expression("MaxItems", config.max_items.as_ref());
    object.text("MaxItemsPath", config.max_items_path.as_deref());
    object.into_value()
}

fn item_batcher(batcher: &ItemBatcher) -> Value {
    let mut object = Object::default();
    object.or_expression("MaxItemsPerBatch", batcher.max_items_per_batch.as_ref());
    object.text(
        "MaxItemsPerBatchPath",
        batcher.max_items_per_batch_path.as_deref(),
    );
    object.or_expression(
        "MaxInputBytesPerBatch",
        batcher.max_input_bytes_per_batch.as_ref(),
    );
    object.text(
        "MaxInputBytesPerBatchPath",
        batcher.max_input_bytes_per_batch_path.as_deref(),
    );
    object.value("BatchInput", batcher.batch_input.as_ref());
    object.into_value()
}

fn result_writer(writer: &ResultWriter) -> Value {
    let mut object = Object::default();
    object.text("Resource", writer.resource.as_deref());
    object.some(
        "WriterConfig",
        writer.writer_config.as_ref().map(
            |WriterConfig {
                 transformation,
                 output_type,
             }| {
                let mut object = Object::default();
                object.text(
                    "Transformation",
                    transformation.map(|transformation| match transformation {
                        WriterTransformation::None => "NONE",
                        WriterTransformation::Compact => "COMPACT",
                        WriterTransformation::Flatten => "FLATTEN",
                    }),
                );
                object.text(
                    "OutputType",
                    output_type.map(|output_type| match output_type {
                        OutputType::Json => "JSON",
                        OutputType::Jsonl => "JSONL",
                    }),
                );
                object.into_value()
            },
        ),
    );
    object.value("Parameters", writer.parameters.as_ref());
    object.value("Arguments", writer.arguments.as_ref());
    object.into_value()
}
