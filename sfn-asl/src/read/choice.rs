//! Reading the rules of a Choice state.

use serde_json::Value;

use super::field::{Fields, wrong_type};
use super::state::assign;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Choice, ChoiceRule, Comparison, Condition, Operand, Operator, OrExpression, Order, Test, Type,
};
use crate::suggest::nearest;

pub(super) fn choice(fields: &mut Fields<'_>) -> Choice {
    fields.require(&["Choices"]);
    let choices = fields
        .objects("Choices", "a choice rule")
        .into_iter()
        .filter_map(rule)
        .collect();
    Choice {
        choices,
        default: fields.text("Default"),
    }
}

fn rule(mut fields: Fields<'_>) -> Option<ChoiceRule> {
    fields.require(&["Next"]);
    let next = fields.text("Next").unwrap_or_default();
    let assign = assign(&mut fields);
    let output = fields.value("Output");
    let comment = fields.text("Comment");
    let condition = if selectors(&fields) == ["Condition"] {
        condition(&mut fields).map(Condition::Jsonata)
    } else {
        test(&mut fields).map(Condition::Test)
    };
    fields.finish();
    Some(ChoiceRule {
        condition: condition?,
        next,
        assign,
        output,
        comment,
    })
}

fn condition(fields: &mut Fields<'_>) -> Option<OrExpression<bool>> {
    match fields.take("Condition")? {
        Value::Bool(value) => Some(OrExpression::Value(*value)),
        Value::String(text) => Some(OrExpression::Expression(text.clone())),
        other => fields.wrong("Condition", "an expression", other),
    }
}

/// Those of the fields that say what kind of rule it is.
fn selectors(fields: &Fields<'_>) -> Vec<&'static str> {
    ["And", "Or", "Not", "Variable", "Condition"]
        .into_iter()
        .filter(|name| fields.has(name))
        .collect()
}

fn test(fields: &mut Fields<'_>) -> Option<Test> {
    match selectors(fields).as_slice() {
        ["And"] => tests(fields, "And").map(Test::And),
        ["Or"] => tests(fields, "Or").map(Test::Or),
        ["Not"] => {
            let (map, at) = fields.object("Not")?;
            nested(Fields::new(map, at, "a nested choice rule", fields.report))
                .map(|test| Test::Not(Box::new(test)))
        }
        ["Variable"] => comparison(fields).map(Test::Compare),
        found => {
            let message = if found.is_empty() {
                "a choice rule needs `And`, `Or`, `Not`, `Variable` or `Condition`".to_owned()
            } else {
                let named: Vec<String> = found.iter().map(|name| format!("`{name}`")).collect();
                format!(
                    "a choice rule has {}, only one of them may be there",
                    named.join(" and ")
                )
            };
            fields.report.add(
                Diagnostic::error(Code::ConflictingFields, &fields.at, message).says(
                    "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]",
                ),
            );
            fields.know(["And", "Or", "Not", "Variable", "Condition"]);
            fields.know(OPERATORS.iter().map(|(name, _)| *name));
            None
        }
    }
}

fn tests(fields: &mut Fields<'_>, name: &'static str) -> Option<Vec<Test>> {
    let objects = fields.objects(name, "a nested choice rule");
    Some(objects.into_iter().filter_map(nested).collect())
}

fn nested(mut fields: Fields<'_>) -> Option<Test> {
    if selectors(&fields) == ["Condition"] {
        // A nested rule is JSONPath by its nature; saying "unknown field" says it best.
        fields.finish();
        return None;
    }
    if fields.take("Comment").is_some() {
        fields.report.add(
            Diagnostic::warning(
                Code::DroppedComment,
                &fields.place("Comment"),
                "comments of nested rules are not kept",
            )
            .help("move it to the rule around"),
        );
    }
    let test = test(&mut fields);
    fields.finish();
    test
}

fn comparison(fields: &mut Fields<'_>) -> Option<Comparison> {
    let variable = fields.text("Variable");
    let present: Vec<_> = OPERATORS
        .iter()
        .filter(|(name, _)| fields.has(name))
        .collect();
    let [(name, read)] = present.as_slice() else {
        let message = if present.is_empty() {
            "a choice rule with `Variable` needs an operator".to_owned()
        } else {
            let named: Vec<String> = present
                .iter()
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            format!(
                "a choice rule has {}, only one of them may be there",
                named.join(" and ")
            )
        };
        let mut diagnostic = Diagnostic::error(Code::ConflictingFields, &fields.at, message).says(
            if present.is_empty() {
                "This object should have only one of the following fields: [StringEquals, ...]"
            } else {
                "There should only be one of the following fields: [StringEquals, ...]"
            },
        );
        if present.is_empty() {
            diagnostic.help = fields
                .rest()
                .find_map(|key| nearest(key, OPERATORS.iter().map(|(name, _)| *name)))
                .map(|near| format!("`{near}` is meant, perhaps"));
        }
        fields.report.add(diagnostic);
        fields.know(OPERATORS.iter().map(|(name, _)| *name));
        return None;
    };
    let value = fields.take(name)?;
    let operator = read(value);
    if operator.is_none() {
        let wanted = match *name {
            "BooleanEquals" => "`true` or `false`",
            name if name.starts_with("Is") => "`true` or `false`",
            name if name.starts_with("Numeric") && !name.ends_with("Path") => "a number",
            _ => "a string",
        };
        fields.report.add(wrong_type(
            &fields.place(name),
            &format!("`{name}`"),
            wanted,
            value,
        ));
    }
    Some(Comparison {
        variable: variable?,
        operator: operator?,
    })
}

type ReadOperand = fn(&Value) -> Option<Operator>;

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

macro_rules! ordered {
    ($family:ident, $order:ident, $literal:expr) => {
        |value| $literal(value).map(|value| Operator::$family(Order::$order, Operand::Value(value)))
    };
    ($family:ident, $order:ident) => {
        |value| text(value).map(|path| Operator::$family(Order::$order, Operand::Path(path)))
    };
}

fn number(value: &Value) -> Option<serde_json::Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        _ => None,
    }
}

macro_rules! is {
    ($type:ident) => {
        |value| {
            value
                .as_bool()
                .map(|wanted| Operator::Is(Type::$type, wanted))
        }
    };
}

/// Every operator, and how its operand is read.
static OPERATORS: [(&str, ReadOperand); 39] = [
    ("StringEquals", ordered!(String, Equals, text)),
    ("StringEqualsPath", ordered!(String, Equals)),
    ("StringLessThan", ordered!(String, LessThan, text)),
    ("StringLessThanPath", ordered!(String, LessThan)),
    ("StringGreaterThan", ordered!(String, GreaterThan, text)),
    ("StringGreaterThanPath", ordered!(String, GreaterThan)),
    (
        "StringLessThanEquals",
        ordered!(String, LessThanEquals, text),
    ),
    ("StringLessThanEqualsPath", ordered!(String, LessThanEquals)),
    (
        "StringGreaterThanEquals",
        ordered!(String, GreaterThanEquals, text),
    ),
    (
        "StringGreaterThanEqualsPath",
        ordered!(String, GreaterThanEquals),
    ),
    ("StringMatches", |value| {
        text(value).map(Operator::StringMatches)
    }),
    ("NumericEquals", ordered!(Numeric, Equals, number)),
    ("NumericEqualsPath", ordered!(Numeric, Equals)),
    ("NumericLessThan", ordered!(Numeric, LessThan, number)),
    ("NumericLessThanPath", ordered!(Numeric, LessThan)),
    ("NumericGreaterThan", ordered!(Numeric, GreaterThan, number)),
    ("NumericGreaterThanPath", ordered!(Numeric, GreaterThan)),
    (
        "NumericLessThanEquals",
        ordered!(Numeric, LessThanEquals, number),
    ),
    (
        "NumericLessThanEqualsPath",
        ordered!(Numeric, LessThanEquals),
    ),
    (
        "NumericGreaterThanEquals",
        ordered!(Numeric, GreaterThanEquals, number),
    ),
    (
        "NumericGreaterThanEqualsPath",
        ordered!(Numeric, GreaterThanEquals),
    ),
    ("BooleanEquals", |value| {
        value
            .as_bool()
            .map(|value| Operator::Boolean(Operand::Value(value)))
    }),
    ("BooleanEqualsPath", |value| {
        text(value).map(|path| Operator::Boolean(Operand::Path(path)))
    }),
    ("TimestampEquals", ordered!(Timestamp, Equals, text)),
    ("TimestampEqualsPath", ordered!(Timestamp, Equals)),
    ("TimestampLessThan", ordered!(Timestamp, LessThan, text)),
    ("TimestampLessThanPath", ordered!(Timestamp, LessThan)),
    (
        "TimestampGreaterThan",
        ordered!(Timestamp, GreaterThan, text),
    ),
    ("TimestampGreaterThanPath", ordered!(Timestamp, GreaterThan)),
    (
        "TimestampLessThanEquals",
        ordered!(Timestamp, LessThanEquals, text),
    ),
    (
        "TimestampLessThanEqualsPath",
        ordered!(Timestamp, LessThanEquals),
    ),
    (
        "TimestampGreaterThanEquals",
        ordered!(Timestamp, GreaterThanEquals, text),
    ),
    (
        "TimestampGreaterThanEqualsPath",
        ordered!(Timestamp, GreaterThanEquals),
    ),
    ("IsNull", is!(Null)),
    ("IsPresent", is!(Present)),
    ("IsNumeric", is!(Numeric)),
    ("IsString", is!(String)),
    ("IsBoolean", is!(Boolean)),
    ("IsTimestamp", is!(Timestamp)),
];
