//! The item processors of distributed Maps, each of which is a machine of its own in the eyes of its executions.

use serde_json::Value;

use super::{KindDef, Program, StateId};

/// The item processor of a distributed Map.
pub(crate) struct Processor {
    /// Its definition: the object `ItemProcessor`, JSON text.
    pub(crate) definition: String,
    /// Whether its executions are express.
    pub(crate) express: bool,
}

impl Program {
    /// The processor of the distributed Map with this label.
    pub(crate) fn processor_of(&self, label: &str) -> Option<Processor> {
        self.processor(|start| {
            self.states.iter().any(|state| match &state.kind {
                KindDef::Map(map) => {
                    let labelled = |label_of: &str| label_of == label && !label.is_empty();
                    let distributed = map.distributed.as_ref();
                    distributed.is_some_and(|distributed| labelled(&distributed.label))
                        && self.state(map.start).name.as_ref() == start
                }
                _ => false,
            })
        })
    }

    /// The processor that starts at this state.
    pub(crate) fn processor_at(&self, start: StateId) -> Option<Processor> {
        let name = &self.state(start).name;
        self.processor(|start| start == name.as_ref())
    }

    /// The distributed processor whose first state is the wanted one; names of states are unique in a machine.
    fn processor(&self, wanted: impl Fn(&str) -> bool) -> Option<Processor> {
        let definition: Value = serde_json::from_str(&self.definition).ok()?;
        let mut open = vec![&definition];
        while let Some(flow) = open.pop() {
            let states = flow.get("States").and_then(Value::as_object);
            for state in states.into_iter().flat_map(serde_json::Map::values) {
                let branches = state.get("Branches").and_then(Value::as_array);
                open.extend(branches.into_iter().flatten());
                let processor = state.get("ItemProcessor").or_else(|| state.get("Iterator"));
                let Some(processor) = processor else { continue };
                let config = &processor["ProcessorConfig"];
                let start = processor["StartAt"].as_str().unwrap_or_default();
                if config["Mode"] == "DISTRIBUTED" && wanted(start) {
                    return Some(Processor {
                        definition: processor.to_string(),
                        express: config["ExecutionType"] == "EXPRESS",
                    });
                }
                open.push(processor);
            }
        }
        None
    }
}
