use expect_test::expect;

use crate::screen::{call, file, text};

#[test]
fn without_the_feature_work_says_how_to_get_it() {
    call(&["work", "--endpoint", "http://127.0.0.1:1"]).check(expect![[""]]);
}

#[test]
fn an_unknown_step_lists_the_known() {
    call(&["work", "gret"]).check(expect![[""]]);
}

#[test]
fn nothing_to_serve_is_a_mistake() {
    let path = file("nothing-here.toml", "[steps]\nrun = \"lambda\"\n");
    call(&["work", "--config", text(&path)]).check(expect![[""]]);
}
