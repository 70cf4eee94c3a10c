//! Steps in modules, behind re-exports and renames, and inside functions.

use sfn_runtime::{Step, registry};

mod kitchen {
    pub(crate) mod oven {
        use sfn_runtime::step;

        #[step(name = "nested bake")]
        pub(crate) fn bake(minutes: u32) -> u32 {
            minutes
        }
    }

    pub(crate) use oven::bake;
    pub(crate) use oven::bake as roast;
}

use kitchen::roast as grill;

fn name<S: Step>() -> &'static str {
    S::META.name
}

#[test]
fn a_step_is_one_under_all_its_names() {
    assert_eq!(name::<kitchen::oven::bake>(), "nested bake");
    assert_eq!(name::<kitchen::bake>(), "nested bake");
    assert_eq!(name::<grill>(), "nested bake");
    assert_eq!(grill(5), 5);
}

#[test]
fn a_function_may_hold_steps() {
    use sfn_runtime::step;

    /// Twice.
    #[step]
    fn local_twice(n: u64) -> u64 {
        n * 2
    }

    assert_eq!(local_twice(4), 8);
    assert_eq!(
        registry::step("local_twice").map(|step| step.doc),
        Ok("Twice.")
    );
}
