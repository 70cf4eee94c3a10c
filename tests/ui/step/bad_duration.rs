use sfn_runtime::step;

#[step(timeout = "5 fortnights")]
fn a() {}

#[step(timeout = "5")]
fn b() {}

#[step(timeout = 300)]
fn c() {}

#[step(heartbeat = "1500ms")]
fn d() {}

#[step(timeout = "0s")]
fn e() {}

#[step(timeout = -5)]
fn f() {}

#[step(timeout = "2000 weeks", heartbeat = true)]
fn g() {}

fn main() {}
