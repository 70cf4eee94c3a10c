use sfn_runtime::{Workflow, step, workflow};

#[step]
fn bake(size: u8) -> u8 {
    size
}

static W: Workflow<Vec<u8>, Vec<u8>> =
    workflow!(name = "w", input = Vec<u8>, map(bake).distributed().tolerate("500%"));

fn main() {
    let _ = &W;
}
