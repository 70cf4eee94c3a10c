use sfn_runtime::Payload;

#[derive(Payload)]
union Bits {
    whole: u32,
    part: f32,
}

fn main() {}
