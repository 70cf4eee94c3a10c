#![doc = include_str!("../pages/distributed_only.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, Visit};

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let Kind::Map(map) = &visit.state.kind else {
        return;
    };
    if map.is_distributed() {
        return;
    }
    let fields = [
        ("ItemReader", map.item_reader.is_some()),
        ("ItemBatcher", map.item_batcher.is_some()),
        ("ResultWriter", map.result_writer.is_some()),
        ("Label", map.label.is_some()),
        (
            "ToleratedFailurePercentage",
            map.tolerated_failure_percentage.is_some(),
        ),
        (
            "ToleratedFailurePercentagePath",
            map.tolerated_failure_percentage_path.is_some(),
        ),
        (
            "ToleratedFailureCount",
            map.tolerated_failure_count.is_some(),
        ),
        (
            "ToleratedFailureCountPath",
            map.tolerated_failure_count_path.is_some(),
        ),
    ];
    for (field, _) in fields.into_iter().filter(|(_, present)| *present) {
        report.add(
            Diagnostic::warning(
                Code::DistributedOnly,
                &visit.place.then(field),
                format!("an inline map does nothing with `{field}`"),
            )
            .help("give the item processor `\"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\"}`"),
        );
    }
}
