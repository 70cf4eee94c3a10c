use super::{Exit, output, problem::Problem};

/// Prints the page of a code of `check`.
pub(super) fn explain(code: &str) -> Result<Exit, Problem> {
    let page = sfn_asl::explain(code).map_err(|error| Problem::caused(Exit::Usage, &error))?;
    output::line(page.trim_end())?;
    Ok(Exit::Ok)
}
