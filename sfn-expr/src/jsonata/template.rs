//! Values whose texts may be expressions: `Arguments`, `Output`, `Assign` and their like.

use std::sync::Arc;

use serde_json::Value;

use super::{Bindings, Expression, Failure, ParseError, expression_in};
use crate::Environment;
use crate::tree::{Leaf, Place, Tree};

/// A JSON value in which each text of the form `{% … %}` is an expression. Parsed once, cheap to clone.
///
/// ```
/// use serde_json::json;
/// use sfn_expr::jsonata::{Bindings, Template};
///
/// # struct Fixed;
/// # impl sfn_expr::Environment for Fixed {
/// #     fn now_millis(&mut self) -> i64 { 0 }
/// #     fn random(&mut self) -> f64 { 0.5 }
/// #     fn uuid(&mut self) -> String { "00000000-0000-4000-8000-000000000000".to_owned() }
/// # }
/// let template = Template::parse(&json!({"n": "{% $states.input.n + 1 %}", "m": "{% $states.input.m %}"}))?;
/// let (input, context) = (json!({"n": 1}), json!({}));
/// let failure = template.evaluate("Output", &Bindings::new(&input, &context), &mut Fixed).unwrap_err();
/// assert_eq!(failure.location, "Output/m");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Template(Arc<Tree<Expression>>);

/// An expression in a template that does not parse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{source}")]
pub struct TemplateParseError {
    /// Where it stands: a JSON pointer from the template's root.
    pub pointer: String,
    /// What is wrong with it.
    pub source: ParseError,
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    ///
    /// When an expression in it does not parse; the first such one is told.
    pub fn parse(value: &Value) -> Result<Template, TemplateParseError> {
        Tree::parse(value).map(|tree| Template(Arc::new(tree)))
    }

    /// Everything that is wrong with a template.
    pub fn check(value: &Value) -> Vec<TemplateParseError> {
        Tree::<Expression>::read(value).1
    }

    /// Whether it holds no expression.
    pub fn is_constant(&self) -> bool {
        self.0.is_constant()
    }

    /// The expression that is the whole of it, if it is one.
    pub fn as_expression(&self) -> Option<&Expression> {
        match &*self.0 {
            Tree::Leaf(expression) => Some(expression),
            _ => None,
        }
    }

    /// Every expression in it, with its JSON pointer, in order.
    pub fn expressions(&self) -> Vec<(String, &Expression)> {
        self.0.leaves()
    }

    /// Its value. `field` is the name of the field it stands in, for the failure's location: `Output`.
    ///
    /// # Errors
    ///
    /// When an expression fails or is undefined.
    pub fn evaluate(
        &self,
        field: &str,
        bindings: &Bindings<'_>,
        env: &mut dyn Environment,
    ) -> Result<Value, Failure> {
        self.0
            .evaluate(&mut |expression: &Expression, place: &Place<'_>| {
                // Where it stands is told of failures alone.
                match expression.evaluate(bindings, env) {
                    Ok(Some(value)) => Ok(value),
                    Ok(None) => Err(Failure::undefined(expression, &place.within(field))),
                    Err(error) => Err(Failure::thrown(expression, &place.within(field), &error)),
                }
            })
    }
}

impl Leaf for Expression {
    type Error = TemplateParseError;

    fn read(
        _: Option<&str>,
        value: &Value,
        pointer: &str,
    ) -> Option<Result<Self, TemplateParseError>> {
        let text = expression_in(value.as_str()?)?;
        Some(
            Expression::parse(text).map_err(|source| TemplateParseError {
                pointer: pointer.to_owned(),
                source,
            }),
        )
    }
}
