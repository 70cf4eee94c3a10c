use expect_test::expect;

use crate::screen::call;

#[test]
fn every_way_of_one_workflow() {
    call(&["cost", "catch"]).check(expect![[r#"
        exit 0
        --- stdout
        catch (standard)
          min  typical  with retries  worst  path
          1    1        1             1      straight through
          2    2        2             2      fail_for_good fails with Trouble.Never
          1    1        1             2      of all
        price: $0.025 for 1,000 executions, $0.050 at worst (an estimate by list prices of 2026-03 in us-east-1, without Lambda, logs and free tiers)
        advice: it can only be a standard workflow: `fail_for_good`, `make_the_best_of_it` run as activities
    "#]]);
}

#[test]
fn counts_are_taken() {
    call(&["cost", "double-all", "--items", "double=20"]).check(expect![[r#"
        exit 0
        --- stdout
        double-all (standard)
          min  typical  with retries  worst  path
          2    22       22            22     straight through
        taken: 20 items in `map`
        price: $0.55 for 1,000 executions, $0.55 at worst (an estimate by list prices of 2026-03 in us-east-1, without Lambda, logs and free tiers)
        advice: it can only be a standard workflow: `add`, `double` run as activities
    "#]]);
}

#[test]
fn a_line_for_each_workflow() {
    call(&["cost"]).check(expect![[r#"
        exit 0
        --- stdout
        min  typical  with retries  worst  1,000 executions  workflow
        2    2        2             2      $0.050            be-late
        1    1        1             1      $0.025            block-long
        1    1        1             2      $0.025            catch
        2    2        3             7      $0.050            come-round
        2    12       12            12     $0.30             double-all
        1    1        1             1      $0.025            fail
        1    1        1             1      $0.025            greet
        1    1        1             1      $0.025            panic
        1    1        1             1      $0.025            work-long
        by list prices of 2026-03 in us-east-1; `cost NAME` tells more
    "#]]);
}

#[test]
fn a_budget_is_kept_or_not() {
    let kept = call(&["cost", "--max-transitions", "22"]).output();
    assert_eq!(kept.status.code(), Some(0));
    call(&["cost", "greet", "--max-transitions", "0"]).check(expect![[r#"
        exit 7
        --- stdout
        greet (standard)
          min  typical  with retries  worst  path
          1    1        1             1      straight through
        price: $0.025 for 1,000 executions, $0.025 at worst (an estimate by list prices of 2026-03 in us-east-1, without Lambda, logs and free tiers)
        advice: it can only be a standard workflow: `greet` runs as an activity
        --- stderr
        error: more than 0 transitions: `greet` has 1
    "#]]);
}

#[test]
fn as_json() {
    call(&["cost", "greet", "--json"]).check(expect![[r#"
        exit 0
        --- stdout
        {
          "paths": [
            {
              "decisions": [],
              "fails": false,
              "min": 1,
              "typical": 1,
              "with_retries": 1,
              "worst": 1
            }
          ],
          "more_paths": false,
          "min": 1,
          "typical": 1,
          "with_retries": 1,
          "worst": 1,
          "items": {},
          "passes": {},
          "waits": 0,
          "workflow": "greet",
          "kind": "STANDARD",
          "price": {
            "dollars": 0.000025,
            "standard_dollars": 0.000025,
            "express_dollars_of_a_second": 2.041875e-6,
            "express_is_cheaper_up_to_seconds": 23.035392921,
            "as_of": "2026-03",
            "region": "us-east-1"
          },
          "only_standard": [
            "`greet` runs as an activity"
          ]
        }
    "#]]);
}

#[test]
fn a_count_for_nothing() {
    call(&["cost", "double-all", "--items", "triple=20"]).check(expect![[r#"
        exit 2
        --- stderr
        error: there is no map named `triple`
        help: there are `map`
    "#]]);
}

#[test]
fn a_count_that_is_none() {
    call(&["cost", "double-all", "--items", "double"]).check(expect![[r#"
        exit 2
        --- stderr
        error: invalid value 'double' for '--items <NAME=N>': a name and a number are wanted, such as `each item=20`

        For more information, try '--help'.
    "#]]);
}
