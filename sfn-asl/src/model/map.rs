//! The Map state, inline and distributed.

use serde_json::Value;

use super::{Catcher, Flow, OrExpression, PathField, Retrier, State, Transition};

/// Runs one flow for each item; the result is the array of their outputs, in the items' order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    /// The flow, and whether its runs are executions of their own.
    pub item_processor: ItemProcessor,
    /// JSONPath: where the items are in the input.
    pub items_path: Option<String>,
    /// JSONata: the items; an array, an object, or an expression that gives one.
    pub items: Option<Value>,
    /// The template of one run's input; without it, the item is the input.
    pub item_selector: Option<Value>,
    /// JSONPath: the old name of `item_selector`.
    pub parameters: Option<Value>,
    /// Distributed: reads the items from S3.
    pub item_reader: Option<ItemReader>,
    /// Distributed: gives each run several items.
    pub item_batcher: Option<ItemBatcher>,
    /// Distributed: writes the results to S3.
    pub result_writer: Option<ResultWriter>,
    /// Distributed: names the map run.
    pub label: Option<String>,
    /// How many runs there may be at once; 0 means as many as possible.
    pub max_concurrency: Option<OrExpression<u64>>,
    /// JSONPath: where the input says how many runs there may be at once.
    pub max_concurrency_path: Option<String>,
    /// Distributed: how many of a hundred items may fail.
    pub tolerated_failure_percentage: Option<OrExpression<f64>>,
    /// JSONPath: where the input says it.
    pub tolerated_failure_percentage_path: Option<String>,
    /// Distributed: how many items may fail.
    pub tolerated_failure_count: Option<OrExpression<u64>>,
    /// JSONPath: where the input says it.
    pub tolerated_failure_count_path: Option<String>,
    /// JSONPath: the template that reshapes the raw result.
    pub result_selector: Option<Value>,
    /// JSONPath: where the result goes in the input.
    pub result_path: PathField,
    /// Retriers, in the order they are tried.
    pub retry: Vec<Retrier>,
    /// Catchers, in the order they are tried.
    pub catch: Vec<Catcher>,
    /// Where it leads.
    pub transition: Transition,
}

impl Map {
    /// That flow for each item, inline, everything else absent.
    #[must_use]
    pub fn of(flow: Flow) -> Self {
        Self {
            item_processor: ItemProcessor {
                flow,
                ..ItemProcessor::default()
            },
            ..Self::default()
        }
    }

    /// Whether each run is an execution of its own.
    #[must_use]
    pub fn is_distributed(&self) -> bool {
        self.item_processor.mode() == Mode::Distributed
    }

    /// The template of one run's input, by its new or its old name.
    #[must_use]
    pub fn selector(&self) -> Option<&Value> {
        self.item_selector.as_ref().or(self.parameters.as_ref())
    }

    /// This as a state that leads to another.
    #[must_use]
    pub fn then(self, next: impl Into<String>) -> State {
        State::from(self).then(next)
    }
}

/// The flow a Map state runs for each item.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemProcessor {
    /// Under which name it is written.
    pub field: ProcessorField,
    /// Whether its runs are executions of their own; absent means inline.
    pub config: Option<ProcessorConfig>,
    /// The flow.
    pub flow: Flow,
}

impl ItemProcessor {
    /// Inline unless written otherwise.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.config
            .as_ref()
            .and_then(|config| config.mode)
            .unwrap_or_default()
    }
}

/// Under which name an item processor is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ProcessorField {
    /// `ItemProcessor`
    #[default]
    ItemProcessor,
    /// `Iterator`, the name until 2022; AWS still takes it.
    Iterator,
}

impl ProcessorField {
    /// The field's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ItemProcessor => "ItemProcessor",
            Self::Iterator => "Iterator",
        }
    }
}

/// How an item processor runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProcessorConfig {
    /// Inline or distributed.
    pub mode: Option<Mode>,
    /// The type of the child executions; required of a distributed map.
    pub execution_type: Option<ExecutionType>,
}

/// The value of `Mode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `INLINE`: within the execution, its history and its scope of variables.
    #[default]
    Inline,
    /// `DISTRIBUTED`: each run is a child execution.
    Distributed,
}

/// The value of `ExecutionType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExecutionType {
    /// `STANDARD`
    Standard,
    /// `EXPRESS`
    Express,
}

/// Reads the items of a distributed map from S3.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemReader {
    /// `arn:aws:states:::s3:getObject` or `arn:aws:states:::s3:listObjectsV2`.
    pub resource: String,
    /// JSONPath: which bucket and key.
    pub parameters: Option<Value>,
    /// JSONata: which bucket and key.
    pub arguments: Option<Value>,
    /// What the object holds.
    pub reader_config: Option<ReaderConfig>,
}

/// What the object holds that an item reader reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReaderConfig {
    /// The format.
    pub input_type: Option<InputType>,
    /// Whether listed objects are loaded, too.
    pub transformation: Option<ReaderTransformation>,
    /// What wrote the manifest.
    pub manifest_type: Option<ManifestType>,
    /// Where the names of CSV columns stand.
    pub csv_header_location: Option<CsvHeaderLocation>,
    /// The names of CSV columns, when they are given here; an array of texts, or in JSONata an expression.
    pub csv_headers: Option<Value>,
    /// What separates CSV fields.
    pub csv_delimiter: Option<CsvDelimiter>,
    /// JSON: a JSON pointer to the array within the object.
    pub items_pointer: Option<String>,
    /// How many items to take; 0 means all.
    pub max_items: Option<OrExpression<u64>>,
    /// JSONPath: where the input says how many items to take.
    pub max_items_path: Option<String>,
}

/// The value of `InputType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InputType {
    /// `CSV`
    Csv,
    /// `JSON`
    Json,
    /// `JSONL`
    Jsonl,
    /// `PARQUET`
    Parquet,
    /// `MANIFEST`
    Manifest,
}

/// The value of a reader's `Transformation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReaderTransformation {
    /// `NONE`
    None,
    /// `LOAD_AND_FLATTEN`
    LoadAndFlatten,
}

/// The value of `ManifestType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ManifestType {
    /// `ATHENA_DATA`
    AthenaData,
    /// `S3_INVENTORY`
    S3Inventory,
}

/// The value of `CSVHeaderLocation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CsvHeaderLocation {
    /// `FIRST_ROW`
    FirstRow,
    /// `GIVEN`
    Given,
}

/// The value of `CSVDelimiter`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CsvDelimiter {
    /// `COMMA`
    #[default]
    Comma,
    /// `PIPE`
    Pipe,
    /// `SEMICOLON`
    Semicolon,
    /// `SPACE`
    Space,
    /// `TAB`
    Tab,
}

/// Gives each run of a distributed map several items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemBatcher {
    /// How many items at most.
    pub max_items_per_batch: Option<OrExpression<u64>>,
    /// JSONPath: where the input says how many items at most.
    pub max_items_per_batch_path: Option<String>,
    /// How many bytes at most.
    pub max_input_bytes_per_batch: Option<OrExpression<u64>>,
    /// JSONPath: where the input says how many bytes at most.
    pub max_input_bytes_per_batch_path: Option<String>,
    /// What each batch gets besides its items.
    pub batch_input: Option<Value>,
}

/// Writes the results of a distributed map to S3.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResultWriter {
    /// `arn:aws:states:::s3:putObject`; may be absent when only the format is configured.
    pub resource: Option<String>,
    /// JSONPath: which bucket and prefix.
    pub parameters: Option<Value>,
    /// JSONata: which bucket and prefix.
    pub arguments: Option<Value>,
    /// How the results look.
    pub writer_config: Option<WriterConfig>,
}

/// How the results of a distributed map look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriterConfig {
    /// How much is told of each child execution.
    pub transformation: Option<WriterTransformation>,
    /// The format.
    pub output_type: Option<OutputType>,
}

/// The value of a writer's `Transformation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WriterTransformation {
    /// `NONE`: the output and the execution's metadata.
    None,
    /// `COMPACT`: the output alone.
    Compact,
    /// `FLATTEN`: the output alone, arrays joined.
    Flatten,
}

/// The value of `OutputType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutputType {
    /// `JSON`
    Json,
    /// `JSONL`
    Jsonl,
}
