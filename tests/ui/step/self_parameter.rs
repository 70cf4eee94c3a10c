use sfn_runtime::step;

struct Kitchen;

impl Kitchen {
    #[step]
    fn bake(&self, minutes: u32) -> u32 {
        minutes
    }
}

fn main() {}
