use sfn_runtime::step;

#[step]
const fn one() -> u8 {
    1
}

#[step]
unsafe fn two() -> u8 {
    2
}

#[step]
extern "C" fn three() -> u8 {
    3
}

fn main() {}
