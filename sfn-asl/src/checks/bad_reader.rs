#![doc = include_str!("../pages/bad_reader.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{CsvHeaderLocation, InputType, Kind, Visit};

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let Kind::Map(map) = &visit.state.kind else {
        return;
    };
    let Some(reader) = &map.item_reader else {
        return;
    };
    let at = visit.place.then("ItemReader");
    let known = ["s3:getObject", "s3:listObjectsV2"];
    let action = reader
        .resource
        .splitn(3, ':')
        .nth(2)
        .and_then(|rest| rest.strip_prefix("states:::"));
    if !action.is_some_and(|action| known.contains(&action)) && !reader.resource.is_empty() {
        report.add(
            Diagnostic::error(
                Code::BadReader,
                &at.then("Resource"),
                format!("no item reader reads from `{}`", reader.resource),
            )
            .says("The field 'Resource' does not match any of the allowed values")
            .help("`arn:aws:states:::s3:getObject` reads an object, `arn:aws:states:::s3:listObjectsV2` a listing"),
        );
    }
    let Some(config) = &reader.reader_config else {
        return;
    };
    let at = at.then("ReaderConfig");
    match (config.input_type, config.csv_header_location) {
        (Some(InputType::Csv), None) => report.add(
            Diagnostic::error(Code::BadReader, &at, "a CSV file needs `CSVHeaderLocation`")
                .says("The field 'CSVHeaderLocation' is required")
                .help("`FIRST_ROW`, or `GIVEN` with `CSVHeaders`"),
        ),
        (Some(InputType::Json), Some(_)) => report.add(
            Diagnostic::error(
                Code::BadReader,
                &at.then("CSVHeaderLocation"),
                "a JSON file has no CSV headers",
            )
            .says("Field 'CSVHeaderLocation' is not supported")
            .says_at(Some(&at)),
        ),
        _ => {}
    }
    if config.csv_header_location == Some(CsvHeaderLocation::Given) && config.csv_headers.is_none()
    {
        report.add(
            Diagnostic::error(
                Code::BadReader,
                &at,
                "headers that are given need `CSVHeaders`",
            )
            .says("These fields are required: [CSVHeaders]"),
        );
    }
}
