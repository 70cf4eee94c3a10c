//! Decisions, logic, and names within an expression.

use serde_json::Value;

use super::{E, Js, Local, Operator, Shape, X, binary, conditional, made, one, settle, two};

fn truth(js: &Js) -> Option<bool> {
    match js {
        Js::Literal(Value::Bool(value)) => Some(*value),
        _ => None,
    }
}

/// `!`
#[must_use]
pub fn not(it: X) -> X {
    one(it, |js, _| {
        let js = match js {
            Js::Not(inner) => *inner,
            Js::Literal(Value::Bool(value)) => Js::Literal(Value::Bool(!value)),
            js => Js::Not(Box::new(js)),
        };
        Ok((js, Shape::Boolean))
    })
}

/// `&&`
#[must_use]
pub fn and(left: X, right: X) -> X {
    two(left, right, |(left, _), (right, _)| {
        let js = match (truth(&left), truth(&right)) {
            (Some(true), _) => right,
            (_, Some(true)) => left,
            _ => binary(Operator::And, left, right),
        };
        Ok((js, Shape::Boolean))
    })
}

/// `||`
#[must_use]
pub fn or(left: X, right: X) -> X {
    two(left, right, |(left, _), (right, _)| {
        let js = match (truth(&left), truth(&right)) {
            (Some(false), _) => right,
            (_, Some(false)) => left,
            _ => binary(Operator::Or, left, right),
        };
        Ok((js, Shape::Boolean))
    })
}

/// `if test { then } else { otherwise }`
#[must_use]
pub fn when(test: X, then: X, otherwise: X) -> X {
    let shape = then.shape.clone().or(otherwise.shape.clone());
    made((|| {
        let (test, then, otherwise) = (test.into_js()?, then.into_js()?, otherwise.into_js()?);
        let js = match truth(&test) {
            Some(true) => then,
            Some(false) => otherwise,
            None => conditional(test, then, otherwise),
        };
        Ok((js, shape))
    })())
}

/// `let name = value; body`
#[must_use]
pub fn bind(hint: &str, value: X, body: impl FnOnce(X) -> X) -> X {
    let shape = value.shape.clone();
    let js = match value.into_js() {
        // Its parts are taken out of it where they are read, and it is never put together.
        Ok(js @ (Js::Items(_) | Js::Object(_))) => return body(E::new(Ok(js), shape)),
        Ok(js) if js.is_cheap() => return body(E::new(Ok(js), shape)),
        Ok(js) => js,
        Err(fault) => return made(Err(fault)),
    };
    let local = Local::new(hint);
    let read = body(E::new(Ok(Js::Local(local.clone())), shape));
    let shape = read.shape.clone();
    let body = read.into_js();
    made(body.map(|body| (settle(local, js, body), shape)))
}

/// `panic!`: the state fails.
#[must_use]
pub fn panics(text: &str) -> X {
    let text = Js::Literal(Value::from(text));
    made(Ok((Js::Call("error", vec![text]), Shape::Any)))
}
