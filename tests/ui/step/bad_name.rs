use sfn_runtime::step;

#[step(name = "")]
fn a() {}

#[step(name = "bake ")]
fn b() {}

#[step(name = "two\nlines")]
fn c() {}

#[step(name = "a name that is so long that no state of Step Functions could ever bear it, not even one")]
fn d() {}

#[step(name = bake)]
fn e() {}

fn main() {}
