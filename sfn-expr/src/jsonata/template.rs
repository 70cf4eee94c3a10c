//! Values whose texts may be expressions: `Arguments`, `Output`, `Assign` and their like.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Bindings, Expression, Failure, ParseError, expression_in};
use crate::{Environment, pointer};

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
pub struct Template(Arc<Node>);

#[derive(Debug)]
enum Node {
    /// Nothing below is an expression.
    Constant(Value),
    Expression(Expression),
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
}

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
        let mut errors = Vec::new();
        let node = node(value, "", &mut errors);
        match errors.into_iter().next() {
            None => Ok(Template(Arc::new(node))),
            Some(error) => Err(error),
        }
    }

    /// Everything that is wrong with a template.
    pub fn check(value: &Value) -> Vec<TemplateParseError> {
        let mut errors = Vec::new();
        node(value, "", &mut errors);
        errors
    }

    /// Whether it holds no expression.
    pub fn is_constant(&self) -> bool {
        matches!(&*self.0, Node::Constant(_))
    }

    /// The expression that is the whole of it, if it is one.
    pub fn as_expression(&self) -> Option<&Expression> {
        match &*self.0 {
            Node::Expression(expression) => Some(expression),
            _ => None,
        }
    }

    /// Every expression in it, with its JSON pointer, in order.
    pub fn expressions(&self) -> Vec<(String, &Expression)> {
        let mut expressions = Vec::new();
        collect(&self.0, "", &mut expressions);
        expressions
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
        let mut location = field.to_owned();
        evaluate(&self.0, &mut location, bindings, env)
    }
}

fn node(value: &Value, pointer: &str, errors: &mut Vec<TemplateParseError>) -> Node {
    match value {
        Value::String(text) => match expression_in(text).map(Expression::parse) {
            None => Node::Constant(value.clone()),
            Some(Ok(expression)) => Node::Expression(expression),
            Some(Err(source)) => {
                errors.push(TemplateParseError {
                    pointer: pointer.to_owned(),
                    source,
                });
                Node::Constant(value.clone())
            }
        },
        Value::Object(members) => {
            let nodes: Vec<(String, Node)> = members
                .iter()
                .map(|(name, member)| {
                    let at = pointer::member(pointer, name);
                    (name.clone(), node(member, &at, errors))
                })
                .collect();
            if nodes
                .iter()
                .all(|(_, node)| matches!(node, Node::Constant(_)))
            {
                Node::Constant(value.clone())
            } else {
                Node::Object(nodes)
            }
        }
        Value::Array(items) => {
            let nodes: Vec<Node> = items
                .iter()
                .enumerate()
                .map(|(i, item)| node(item, &pointer::item(pointer, i), errors))
                .collect();
            if nodes.iter().all(|node| matches!(node, Node::Constant(_))) {
                Node::Constant(value.clone())
            } else {
                Node::Array(nodes)
            }
        }
        scalar => Node::Constant(scalar.clone()),
    }
}

fn collect<'t>(node: &'t Node, pointer: &str, expressions: &mut Vec<(String, &'t Expression)>) {
    match node {
        Node::Constant(_) => {}
        Node::Expression(expression) => expressions.push((pointer.to_owned(), expression)),
        Node::Object(nodes) => {
            for (name, node) in nodes {
                collect(node, &pointer::member(pointer, name), expressions);
            }
        }
        Node::Array(nodes) => {
            for (i, node) in nodes.iter().enumerate() {
                collect(node, &pointer::item(pointer, i), expressions);
            }
        }
    }
}

/// `location` is where `node` stands; it is the same again afterwards unless there was a failure.
fn evaluate(
    node: &Node,
    location: &mut String,
    bindings: &Bindings<'_>,
    env: &mut dyn Environment,
) -> Result<Value, Failure> {
    let length = location.len();
    match node {
        Node::Constant(value) => Ok(value.clone()),
        Node::Expression(expression) => expression.evaluate_field(location, bindings, env),
        Node::Object(nodes) => {
            let mut object = Map::with_capacity(nodes.len());
            for (name, node) in nodes {
                location.push('/');
                location.push_str(name);
                object.insert(name.clone(), evaluate(node, location, bindings, env)?);
                location.truncate(length);
            }
            Ok(Value::Object(object))
        }
        Node::Array(nodes) => {
            let mut items = Vec::with_capacity(nodes.len());
            for (i, node) in nodes.iter().enumerate() {
                use std::fmt::Write as _;
                write!(location, "[{i}]").expect("writing to a string succeeds");
                items.push(evaluate(node, location, bindings, env)?);
                location.truncate(length);
            }
            Ok(Value::Array(items))
        }
    }
}
