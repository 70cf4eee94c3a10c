//! `choose`, by fields, by patterns and by steps.

use expect_test::expect;
use sfn_runtime::{Workflow, workflow};

use crate::{check, kitchen::*};

const MOST: usize = 12;

static FIELDS: Workflow<Order, u32> = workflow!(
    name = "fields",
    choose(|order: &Order| {
        if order.table_number > 3 && (order.kind == Kind::Small || order.customer.regular) {
            ring_the_bell
        } else if order.ingredients.len() >= MOST || !order.customer.regular {
            ring_the_bell.named("ring twice")
        } else if order.tip.is_some() && order.tip != Some(3) && order.zip == "it's \"here\"" {
            ring_the_bell.named("ring thrice")
        } else {
            fail("Quiet", "nobody rings")
        }
    })
    .comment("Who is to be told."),
);

#[test]
fn conditions_on_fields() {
    check(
        &FIELDS.definition(),
        expect![[r#"
        {
          "tableNumber > 3 && (kind == small || customer.regular)?": {
            "Type": "Choice",
            "Comment": "Who is to be told.",
            "Choices": [
              {
                "Condition": "{% $states.input.tableNumber > 3 and ($states.input.kind = 'small' or $states.input.customer.regular) %}",
                "Next": "ring_the_bell"
              },
              {
                "Condition": "{% $count($states.input.ingredients) >= 12 or $not($states.input.customer.regular) %}",
                "Next": "ring twice"
              },
              {
                "Condition": "{% $exists($states.input.tip) and $states.input.tip != null and $not($states.input.tip = 3) and $states.input.`zip-code` = 'it\\u0027s \"here\"' %}",
                "Next": "ring thrice"
              }
            ],
            "Default": "Quiet"
          },
          "ring_the_bell": {
            "Type": "Task",
            "End": true,
            "Arguments": {}
          },
          "ring twice": {
            "Type": "Task",
            "End": true,
            "Arguments": {}
          },
          "ring thrice": {
            "Type": "Task",
            "End": true,
            "Arguments": {}
          },
          "Quiet": {
            "Type": "Fail",
            "Error": "Quiet",
            "Cause": "nobody rings"
          }
        }"#]],
    );
}

static PATTERNS: Workflow<Order, u32> = workflow!(
    name = "patterns",
    choose(|order: &Order| match order.kind {
        Kind::Small | Kind::Family if order.table_number == 0 => ring_the_bell,
        Kind::Large => (make_sauce, ring_the_bell.named("ring for sauce")),
        _ => fail("Quiet", "nobody rings"),
    }),
);

#[test]
fn patterns_of_an_enum() {
    check(
        &PATTERNS.definition(),
        expect![[r#"
        {
          "(kind == small || kind == family) && tableNumber == 0?": {
            "Type": "Choice",
            "Choices": [
              {
                "Condition": "{% ($states.input.kind = 'small' or $states.input.kind = 'family') and $states.input.tableNumber = 0 %}",
                "Next": "ring_the_bell"
              },
              {
                "Condition": "{% $states.input.kind = 'large' %}",
                "Next": "make_sauce"
              }
            ],
            "Default": "Quiet"
          },
          "ring_the_bell": {
            "Type": "Task",
            "End": true,
            "Arguments": {}
          },
          "make_sauce": {
            "Type": "Task",
            "Next": "ring for sauce",
            "Arguments": {
              "order": "{% $states.input %}"
            }
          },
          "ring for sauce": {
            "Type": "Task",
            "End": true,
            "Arguments": {}
          },
          "Quiet": {
            "Type": "Fail",
            "Error": "Quiet",
            "Cause": "nobody rings"
          }
        }"#]],
    );
}

static DATA: Workflow<Pizza, Pizza> = workflow!(
    name = "data",
    choose(|pizza: &Pizza| match pizza.topping {
        Topping::None => fail("Bare", "nothing on it"),
        Topping::Cheese(_) => {}
        Topping::Vegetables { .. } => bake,
    }),
    choose(|pizza| match (pizza.celsius, pizza.ready_at.as_str()) {
        (0..=20, _) => bake.named("warm up"),
        (_, "never") => fail("Never"),
        _ => {}
    }),
);

#[test]
fn patterns_of_data() {
    check(
        &DATA.definition(),
        expect![[r#"
            {
              "topping?": {
                "Type": "Choice",
                "Choices": [
                  {
                    "Condition": "{% $states.input.topping = 'None' %}",
                    "Next": "Bare"
                  },
                  {
                    "Condition": "{% $exists($states.input.topping.Cheese) %}",
                    "Next": "celsius >= 0 && celsius <= 20?"
                  },
                  {
                    "Condition": "{% $exists($states.input.topping.Vegetables) %}",
                    "Next": "bake"
                  }
                ]
              },
              "Bare": {
                "Type": "Fail",
                "Error": "Bare",
                "Cause": "nothing on it"
              },
              "bake": {
                "Type": "Task",
                "TimeoutSeconds": 900,
                "HeartbeatSeconds": 60,
                "Next": "celsius >= 0 && celsius <= 20?",
                "Arguments": {
                  "pizza": "{% $states.input %}"
                }
              },
              "celsius >= 0 && celsius <= 20?": {
                "Type": "Choice",
                "Choices": [
                  {
                    "Condition": "{% $states.input.celsius >= 0 and $states.input.celsius <= 20 %}",
                    "Next": "warm up"
                  },
                  {
                    "Condition": "{% $states.input.ready_at = 'never' %}",
                    "Next": "Never"
                  }
                ],
                "Default": "done"
              },
              "warm up": {
                "Type": "Task",
                "TimeoutSeconds": 900,
                "HeartbeatSeconds": 60,
                "End": true,
                "Arguments": {
                  "pizza": "{% $states.input %}"
                }
              },
              "Never": {
                "Type": "Fail",
                "Error": "Never"
              },
              "done": {
                "Type": "Succeed"
              }
            }"#]],
    );
}

static STEPS: Workflow<Pizza, Pizza> = workflow!(
    name = "steps",
    choose(|pizza| if is_acceptable(pizza) && pizza.celsius < 100 {
        bake
    } else if pizza.celsius == 0 {
        bake.named("bake a cold one")
    } else if !is_hot(pizza).named("is it hot") {
        fail("Cold", "in the middle")
    } else if pizza.celsius > 500 {
        fail("Hot", "on the outside")
    })
    .named("Is it good?"),
);

#[test]
fn predicates_are_asked_one_after_the_other() {
    check(
        &STEPS.definition(),
        expect![[r#"
        {
          "is_acceptable": {
            "Type": "Task",
            "Assign": {
              "is_acceptable": "{% $states.result %}"
            },
            "Output": "{% $states.input %}",
            "Next": "Is it good?",
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "Is it good?": {
            "Type": "Choice",
            "Choices": [
              {
                "Condition": "{% $is_acceptable and $states.input.celsius < 100 %}",
                "Next": "bake"
              },
              {
                "Condition": "{% $states.input.celsius = 0 %}",
                "Next": "bake a cold one"
              }
            ],
            "Default": "is it hot"
          },
          "bake": {
            "Type": "Task",
            "TimeoutSeconds": 900,
            "HeartbeatSeconds": 60,
            "End": true,
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "bake a cold one": {
            "Type": "Task",
            "TimeoutSeconds": 900,
            "HeartbeatSeconds": 60,
            "End": true,
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "is it hot": {
            "Type": "Task",
            "Assign": {
              "is_it_hot": "{% $states.result %}"
            },
            "Output": "{% $states.input %}",
            "Next": "is it hot?",
            "Arguments": {
              "pizza": "{% $states.input %}"
            }
          },
          "is it hot?": {
            "Type": "Choice",
            "Choices": [
              {
                "Condition": "{% $not($is_it_hot) %}",
                "Next": "Cold"
              },
              {
                "Condition": "{% $states.input.celsius > 500 %}",
                "Next": "Hot"
              }
            ],
            "Default": "done"
          },
          "Cold": {
            "Type": "Fail",
            "Error": "Cold",
            "Cause": "in the middle"
          },
          "Hot": {
            "Type": "Fail",
            "Error": "Hot",
            "Cause": "on the outside"
          },
          "done": {
            "Type": "Succeed"
          }
        }"#]],
    );
}
