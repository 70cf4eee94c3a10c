use expect_test::{Expect, expect};

use super::*;
use crate::{graph::Graph, service::HistoryEvent, view::history_of_a_bad_evening};

const WIDE: Frame = Frame {
    now: 0,
    tick: 0,
    width: 90,
    height: None,
    look: Look::PLAIN,
};

/// The view of the kitchen after so many events.
#[track_caller]
fn check(events: usize, frame: Frame, expected: Expect) {
    let history = history_of_a_bad_evening();
    let progress = Progress::replay(&history[..events]);
    let now = history[events - 1].at.as_millis();
    let graph = Graph::of("make-pizza", &crate::graph::tests::kitchen());
    let lines = tree(&graph, &progress, "order-17", Frame { now, ..frame });
    for line in &lines {
        assert!(
            console::measure_text_width(line) < frame.width,
            "too wide: {line:?}"
        );
    }
    if let Some(height) = frame.height {
        assert!(lines.len() <= height);
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

fn position(kind: &str) -> usize {
    let found = |event: &HistoryEvent| event.kind == kind;
    history_of_a_bad_evening()
        .iter()
        .position(found)
        .expect("the kind occurs")
        + 1
}

#[test]
fn at_work() {
    check(
        position("MapIterationSucceeded"),
        WIDE,
        expect![[r#"
            * make-pizza running - order-17                                                      1.6s
              * Base                                                                             1.6s
              : + dough                                                                         900ms
              : + sauce                                                                         300ms
              : o Each ingredient             ########-------- 1/2                              400ms
              : : + prepare                                                                     400ms
              . bake
              . Fit to "serve"?
              . Rest                          2m 30s
              . Done
              . Apologise
        "#]],
    );
}

#[test]
fn between_attempts() {
    check(
        position("ActivityFailed"),
        WIDE,
        expect![[r#"
            * make-pizza running - order-17                                                      2.7s
              + Base                                                                             2.0s
              : + dough                                                                         900ms
              : + sauce                                                                         300ms
              : + Each ingredient             ################ 2/2                              800ms
              : : + prepare                   2 done                                            800ms
              * bake                          Oven.Busy: the oven is taken, again in 1.0s       700ms
              . Fit to "serve"?
              . Rest                          2m 30s
              . Done
              . Apologise
        "#]],
    );
}

#[test]
fn at_the_second_attempt() {
    check(
        position("ActivityFailed") + 2,
        WIDE,
        expect![[r#"
            * make-pizza running - order-17                                                      3.7s
              + Base                                                                             2.0s
              : + dough                                                                         900ms
              : + sauce                                                                         300ms
              : + Each ingredient             ################ 2/2                              800ms
              : : + prepare                   2 done                                            800ms
              * bake                          attempt 2 after Oven.Busy: the oven is taken       1.7s
              . Fit to "serve"?
              . Rest                          2m 30s
              . Done
              . Apologise
        "#]],
    );
}

#[test]
fn at_the_end() {
    check(
        history_of_a_bad_evening().len(),
        WIDE,
        expect![[r#"
            x make-pizza failed - order-17                                                       4.2s
              + Base                                                                             2.0s
              : + dough                                                                         900ms
              : + sauce                                                                         300ms
              : + Each ingredient             ################ 2/2                              800ms
              : : + prepare                   2 done                                            800ms
              ! bake                          Oven.Cold: the oven is cold, caught                2.2s
              . Fit to "serve"?
              . Rest                          2m 30s
              . Done
              x Apologise                     NoPizza: the oven is cold                           0ms
        "#]],
    );
}

#[test]
fn in_a_low_terminal_what_runs_stays_in_sight() {
    check(
        position("ActivityFailed"),
        Frame {
            height: Some(6),
            ..WIDE
        },
        expect![[r#"
            * make-pizza running - order-17                                                      2.7s
              4 more above
              : : + prepare                   2 done                                            800ms
              * bake                          Oven.Busy: the oven is taken, again in 1.0s       700ms
              . Fit to "serve"?
              3 more below
        "#]],
    );
}

#[test]
fn at_the_upper_end_nothing_is_above() {
    let frame = Frame {
        height: Some(6),
        ..WIDE
    };
    check(
        4,
        frame,
        expect![[r#"
        * make-pizza running - order-17                                                       0ms
          * Base                                                                              0ms
          : o dough                                                                           0ms
          : . sauce
          : . Each ingredient
          6 more below
    "#]],
    );
}

#[test]
fn at_the_lower_end_nothing_is_below() {
    let frame = Frame {
        height: Some(6),
        ..WIDE
    };
    check(
        history_of_a_bad_evening().len(),
        frame,
        expect![[r#"
        x make-pizza failed - order-17                                                       4.2s
          6 more above
          . Fit to "serve"?
          . Rest                          2m 30s
          . Done
          x Apologise                     NoPizza: the oven is cold                           0ms
    "#]],
    );
}

#[test]
fn in_a_tiny_terminal_nothing_breaks() {
    for width in 1..40 {
        for height in 1..8 {
            let history = history_of_a_bad_evening();
            let progress = Progress::replay(&history);
            let graph = Graph::of("make-pizza", &crate::graph::tests::kitchen());
            let frame = Frame {
                width,
                height: Some(height),
                ..WIDE
            };
            let lines = tree(&graph, &progress, "order-17", frame);
            assert!(lines.len() <= height.max(2), "{width}×{height}");
            for line in lines {
                assert!(
                    console::measure_text_width(&line) <= width,
                    "{width}: {line:?}"
                );
            }
        }
    }
}

#[test]
fn signs_and_colours() {
    let look = Look {
        colours: crate::view::look::Colours::Many,
        unicode: true,
    };
    check(
        position("ActivityFailed"),
        Frame { look, ..WIDE },
        expect![[r#"
            [38;5;75m◐[0m [1mmake-pizza[0m [38;5;75mrunning[0m[2m · order-17[0m                                                      [2m2.7s[0m
              [32m✔[0m Base                                                                             [2m2.0s[0m
              [2m│ [0m[32m✔[0m dough                                                                         [2m900ms[0m
              [2m│ [0m[32m✔[0m sauce                                                                         [2m300ms[0m
              [2m│ [0m[32m✔[0m Each ingredient             [32m━━━━━━━━━━━━━━━━[0m 2/2                              [2m800ms[0m
              [2m│ │ [0m[32m✔[0m prepare                   [32m2 done[0m                                            [2m800ms[0m
              [38;5;75m◐[0m bake                          [38;5;208mOven.Busy: the oven is taken, again in 1.0s[0m       [2m700ms[0m
              [37m○[0m [2mFit to "serve"?[0m
              [37m○[0m [2mRest[0m                          [2m2m 30s[0m
              [37m○[0m [2mDone[0m
              [37m○[0m [2mApologise[0m
        "#]],
    );
}

#[test]
fn line_by_line() {
    let mut text = String::new();
    let mut progress = Progress::default();
    for event in history_of_a_bad_evening() {
        progress.apply(&event);
        if let Some(line) = crate::view::line(&progress, &event, Look::PLAIN) {
            // The bar keeps the blanks before the times, which `expect!` takes for indentation.
            text.push('|');
            text.push_str(&line);
            text.push('\n');
        }
    }
    expect![[r#"
        |      0ms * execution - started
        |      0ms * Base - entered
        |      0ms * dough - entered
        |    900ms + dough - done in 900ms
        |    900ms * sauce - entered
        |     1.2s + sauce - done in 300ms
        |     1.2s * Each ingredient - entered
        |     1.2s * Each ingredient - 2 items
        |     1.2s * Each ingredient[0] > prepare - entered
        |     1.6s + Each ingredient[0] > prepare - done in 400ms
        |     1.6s * Each ingredient[1] > prepare - entered
        |     2.0s + Each ingredient[1] > prepare - done in 400ms
        |     2.0s + Each ingredient - done in 800ms
        |     2.0s + Base - done in 2.0s
        |     2.0s * bake - entered
        |     2.7s x bake - attempt 1 failed: Oven.Busy: the oven is taken
        |     3.7s * bake - attempt 2
        |     4.2s x bake - attempt 2 failed: Oven.Cold: the oven is cold
        |     4.2s ! bake - error caught after 2.2s
        |     4.2s * Apologise - entered
        |     4.2s x execution - failed: NoPizza: the oven is cold
    "#]]
    .assert_eq(&text);
}
