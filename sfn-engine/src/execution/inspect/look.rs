//! What a tested state's data come to, stage by stage.

use serde_json::Value;
use sfn_asl::{QueryLanguage, StateType};

use super::super::data::put;
use super::super::fault::{Fault, Told};
use super::super::{Execution, Item, map};
use super::FRAME;
use crate::Json;
use crate::api::InspectionData;
use crate::program::{DistributedDef, KindDef, MapDef, PassDef, StateDef};

impl Execution {
    /// The data before anything is run; answers how many items a Map has.
    pub(super) fn look(
        &mut self,
        def: &StateDef,
        items: Option<&str>,
        data: &mut InspectionData,
    ) -> Result<Option<u64>, Fault> {
        let raw = self.frames[FRAME as usize].input.clone();
        let jsonata = def.language == QueryLanguage::Jsonata;
        data.input = Some(raw.clone());
        let input = self.effective_input(FRAME, def, &raw)?;
        // As recorded: what a constant result makes needless is not told, nor what a Parallel makes of its input.
        let told = !jsonata
            && def.state_type != StateType::Parallel
            && !matches!(&def.kind, KindDef::Pass(PassDef::Result(_)));
        if told {
            data.after_input_path = Some(input.clone());
        }
        match &def.kind {
            KindDef::Pass(pass) if !jsonata => {
                let result = match pass {
                    PassDef::Result(result) => {
                        data.result = Some(result.clone());
                        result.clone()
                    }
                    PassDef::Input => input,
                    PassDef::Parameters(template) => {
                        self.template(FRAME, template, &input, None)?
                    }
                };
                if data.result.is_none() {
                    data.after_parameters = Some(result.clone());
                }
                self.look_behind(def, result, data)?;
            }
            KindDef::Task(task) => {
                let payload = self.payload(FRAME, &task.payload, &input, None)?;
                if jsonata {
                    data.after_arguments = Some(payload);
                } else {
                    data.after_parameters = Some(payload);
                }
            }
            KindDef::Map(map) => return self.look_at_map(def, map, &input, items, data).map(Some),
            _ => {}
        }
        Ok(None)
    }

    fn look_at_map(
        &mut self,
        def: &StateDef,
        map: &MapDef,
        input: &Json,
        read: Option<&str>,
        data: &mut InspectionData,
    ) -> Result<u64, Fault> {
        let has_reader = map
            .distributed
            .as_ref()
            .is_some_and(|map| map.reader.is_some());
        let items = match read {
            Some(text) => self.read_by(map, input, text, data)?,
            None if has_reader => Vec::new(),
            None => self.items(FRAME, def, map, input)?,
        };
        let values = items.iter().map(|item| item.value.value().clone());
        if def.language == QueryLanguage::JsonPath && !has_reader {
            data.after_items_path = Some(Json::new(Value::Array(values.collect())));
        }
        let concurrency = self.concurrency(FRAME, map, input)?;
        data.max_concurrency = Some(concurrency as u64);
        if let Some(distributed) = &map.distributed {
            self.look_at_tolerance(distributed, input, data)?;
        }
        if map.selector.is_some() {
            let selected = items
                .iter()
                .map(|item| {
                    let selected = self.select_item(FRAME, map.selector.as_ref(), input, item)?;
                    Ok(selected.into_value())
                })
                .collect::<Result<Vec<Value>, Fault>>()?;
            data.after_item_selector = Some(Json::new(Value::Array(selected)));
        }
        let batcher = map
            .distributed
            .as_ref()
            .and_then(|map| map.batcher.as_ref());
        if let Some(batcher) = batcher {
            let inputs = match &data.after_item_selector {
                Some(selected) => selected.value().as_array().cloned().unwrap_or_default(),
                None => items
                    .iter()
                    .map(|item| item.value.value().clone())
                    .collect(),
            };
            let inputs = inputs.into_iter().map(Json::new).collect();
            let batches = self.batches(FRAME, batcher, input, inputs)?;
            let inputs = batches.into_iter().map(|batch| batch.input.into_value());
            data.after_item_batcher = Some(Json::new(Value::Array(inputs.collect())));
        }
        Ok(items.len() as u64)
    }

    /// The items in what a Map's reader would read.
    fn read_by(
        &mut self,
        map: &MapDef,
        input: &Json,
        text: &str,
        data: &mut InspectionData,
    ) -> Result<Vec<Item>, Fault> {
        let distributed = map.distributed.as_ref();
        let reader = distributed.and_then(|map| map.reader.as_ref());
        let max_items = match reader {
            Some(reader) => self.integer(FRAME, &reader.max_items, input, "MaxItems")?,
            None => None,
        };
        // As recorded: none at all means all of them.
        let max_items = max_items.map(i64::unsigned_abs).filter(|max| *max > 0);
        let config = distributed
            .and_then(|distributed| distributed.map.item_reader.as_ref())
            .and_then(|reader| reader.reader_config.clone())
            .unwrap_or_default();
        let read = match reader {
            Some(_) => crate::formats::items(text.as_bytes(), &config, max_items),
            // Whatever it is, it is JSON: that was looked at before.
            None => Ok(match serde_json::from_str(text).unwrap_or_default() {
                Value::Array(items) => items,
                other => vec![other],
            }),
        };
        let values = read.map_err(|cause| Fault {
            error: "States.ItemReaderFailed",
            cause,
            told: Told::Verbatim,
            catchable: true,
        })?;
        if config.items_pointer.is_some() {
            data.after_items_pointer = Some(Json::new(Value::Array(values.clone())));
        }
        let values = values.into_iter().map(Json::new);
        Ok(map::numbered(values, None))
    }

    fn look_at_tolerance(
        &mut self,
        distributed: &DistributedDef,
        input: &Json,
        data: &mut InspectionData,
    ) -> Result<(), Fault> {
        let count = self.integer(
            FRAME,
            &distributed.tolerated_count,
            input,
            "ToleratedFailureCount",
        )?;
        let percentage = &distributed.tolerated_percentage;
        data.tolerated_failure_count = count.and_then(|count| u64::try_from(count).ok());
        data.tolerated_failure_percentage =
            self.float(FRAME, percentage, input, "ToleratedFailurePercentage")?;
        Ok(())
    }

    /// The data from the result on, of a Task, a Map or a Parallel.
    pub(super) fn look_at_result(&mut self, result: &Json, data: &mut InspectionData) {
        let program = self.program.clone();
        let def = program.state(self.frames[FRAME as usize].state);
        let random = self.random.clone();
        if def.state_type == StateType::Task {
            data.result = Some(result.clone());
        }
        if def.language == QueryLanguage::JsonPath {
            // A stage that fails here fails again when the state is left.
            let _ = self.look_behind(def, result.clone(), data);
        }
        self.random = random;
    }

    /// `ResultSelector` and `ResultPath`.
    fn look_behind(
        &mut self,
        def: &StateDef,
        result: Json,
        data: &mut InspectionData,
    ) -> Result<(), Fault> {
        let selected = match &def.result_selector {
            Some(selector) => self.template(FRAME, selector, &result, None)?,
            None => result,
        };
        data.after_result_selector = Some(selected.clone());
        let raw = self.frames[FRAME as usize].input.clone();
        data.after_result_path = Some(put(&def.result_path, &raw, selected)?);
        Ok(())
    }
}
