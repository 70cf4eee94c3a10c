use sfn_runtime::Payload;

#[derive(Payload)]
struct Order {
    id: u64,
}

fn main() {}
