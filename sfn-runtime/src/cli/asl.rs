use super::{Exit, output, problem::Problem, program::Program};

/// Prints the state machine of a workflow.
pub(super) fn asl(program: &Program, workflow: &str, compact: bool) -> Result<Exit, Problem> {
    let found = program.workflow(workflow)?;
    let machine = program.sample(found)?;
    if compact {
        output::line(&output::compact(&machine.to_value()))?;
    } else {
        output::line(&machine.to_string_pretty())?;
    }
    Ok(Exit::Ok)
}
