//! `ValidateStateMachineDefinition`: what is wrong with a definition, without making anything of it.

use serde_json::{Value, json};
use sfn_asl::{Diagnostic, ExecutionType, Severity, check_text};
use sfn_engine::{Handle, MachineType};

use super::{LARGEST_DEFINITION, Reply, machine_type, present};
use crate::params::Params;

/// How many diagnostics are told when nothing is said about it, or 0. Source: the API's model.
const USUAL_DIAGNOSTICS: usize = 100;

pub(super) async fn run(mut params: Params, _engine: Handle) -> Reply {
    let definition = params.bounded_text("definition", LARGEST_DEFINITION)?;
    let machine_type = match machine_type(&mut params)? {
        MachineType::Standard => ExecutionType::Standard,
        MachineType::Express => ExecutionType::Express,
    };
    let least = match params.optional_word("severity", &["ERROR", "WARNING"])? {
        Some("WARNING") => Severity::Warning,
        _ => Severity::Error,
    };
    let most = match params.optional_integer("maxResults", 0, 100)? {
        None | Some(0) => USUAL_DIAGNOSTICS,
        Some(most) => usize::try_from(most).expect("at most 100, as just checked"),
    };
    let (_, found) = check_text(&definition, machine_type);
    let refused = sfn_asl::has_errors(&found);
    let mut told: Vec<Value> = found
        .iter()
        .filter(|one| one.severity >= least)
        .filter_map(diagnostic)
        .collect();
    let truncated = told.len() > most;
    told.truncate(most);
    Ok(json!({
        "result": if refused { "FAIL" } else { "OK" },
        "diagnostics": told,
        "truncated": truncated,
    }))
}

/// A diagnostic in AWS's words; what AWS says nothing about is left out.
fn diagnostic(found: &Diagnostic) -> Option<Value> {
    let aws = found.aws.as_ref()?;
    let severity = match found.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
    };
    Some(present(json!({
        "severity": severity,
        "code": aws.code,
        "message": aws.message,
        "location": aws.place,
    })))
}
