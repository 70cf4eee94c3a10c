//! Runs a program as Rust would: the steps as functions, one after the other.

use std::collections::HashMap;

use serde_json::Value as Json;
use sfn_runtime::StepError;

use crate::{
    program::{Block, Call, Expr, Id, Program, Statement, Value},
    steps,
};

/// How a program ended, and what it did on the way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ended {
    pub(crate) result: Result<Json, (String, String)>,
    /// The calls of steps, in order.
    pub(crate) calls: Vec<String>,
    /// How many states the source shows on the way.
    pub(crate) states: usize,
    /// Whether something failed that others ran beside: how far those came is open.
    pub(crate) cut_short: bool,
}

/// Why a block was left before its end.
enum Left {
    Break,
    Continue,
    Return(Json),
    Fail(String, String),
}

struct Interpreter {
    values: HashMap<Id, Json>,
    errors: HashMap<Id, (String, String)>,
    calls: Vec<String>,
    states: usize,
    cut_short: bool,
}

pub(crate) fn interpret(program: &Program, input: i64) -> Ended {
    let mut interpreter = Interpreter {
        values: HashMap::from([(program.parameter, Json::from(input))]),
        errors: HashMap::new(),
        calls: Vec::new(),
        // A flow may begin with a state that binds, and end with one that gives the value.
        states: 2,
        cut_short: false,
    };
    let result = match interpreter.block(&program.body) {
        Ok(value) | Err(Left::Return(value)) => Ok(value),
        Err(Left::Fail(error, cause)) => Err((error, cause)),
        Err(Left::Break | Left::Continue) => panic!("there is no loop around the program"),
    };
    Ended {
        result,
        calls: interpreter.calls,
        states: interpreter.states,
        cut_short: interpreter.cut_short,
    }
}

impl Interpreter {
    fn expr(&self, expr: &Expr) -> Json {
        match expr {
            Expr::Integer(number) => Json::from(*number),
            Expr::Read(id) => self.values[id].clone(),
            Expr::Compare(operator, left, right) => {
                let (left, right) = (self.integer(left), self.integer(right));
                Json::from(match *operator {
                    "==" => left == right,
                    "!=" => left != right,
                    "<" => left < right,
                    "<=" => left <= right,
                    ">" => left > right,
                    _ => left >= right,
                })
            }
            Expr::Not(inner) => Json::from(!self.truth(inner)),
            Expr::Both(left, right) => Json::from(self.truth(left) && self.truth(right)),
        }
    }

    fn integer(&self, expr: &Expr) -> i64 {
        self.expr(expr).as_i64().expect("it is an integer")
    }

    fn truth(&self, expr: &Expr) -> bool {
        self.expr(expr).as_bool().expect("it is true or false")
    }

    fn call(&mut self, call: &Call) -> Result<Json, Left> {
        let arguments: Vec<Json> = call.arguments.iter().map(|one| self.expr(one)).collect();
        self.states += 1;
        self.calls
            .push(format!("{}{}", call.step, Json::from(arguments.clone())));
        let integer = |index: usize| arguments[index].as_i64().expect("it is an integer");
        Ok(match call.step {
            "add" => steps::add(integer(0), integer(1)).into(),
            "half" => match steps::half(integer(0)) {
                Ok(half) => half.into(),
                Err(error) => {
                    let failure = error.failure();
                    return Err(Left::Fail(failure.error, failure.cause));
                }
            },
            "is_even" => steps::is_even(integer(0)).into(),
            "list" => steps::list(integer(0)).into(),
            "total" => {
                let numbers = arguments[0].as_array().expect("it is a list");
                let numbers = numbers
                    .iter()
                    .map(|item| item.as_i64().expect("an integer"));
                steps::total(numbers.collect()).into()
            }
            other => panic!("no step is called {other}"),
        })
    }

    fn block(&mut self, block: &Block) -> Result<Json, Left> {
        for statement in &block.statements {
            self.statement(statement)?;
        }
        let value = block.value.as_ref();
        Ok(self.expr(value.expect("a block that comes to its end has a value")))
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Left> {
        match statement {
            Statement::Let(id, value) | Statement::Set(id, value) => {
                let value = self.value(value)?;
                self.values.insert(*id, value);
            }
            Statement::LetMut(id, value) => {
                let value = self.expr(value);
                self.values.insert(*id, value);
            }
            Statement::If(test, then, otherwise) => {
                self.states += 1;
                if self.truth(test) {
                    self.block(then)?;
                } else if let Some(otherwise) = otherwise {
                    self.block(otherwise)?;
                }
            }
            Statement::While {
                counter,
                limit,
                body,
            } => {
                // A mutable variable, set up before the loop.
                self.states += 1;
                let mut count = 0;
                loop {
                    self.states += 1;
                    self.values.insert(*counter, Json::from(count));
                    if count >= *limit {
                        break;
                    }
                    self.states += 1;
                    self.calls.push(format!("add[{count},1]"));
                    count += 1;
                    self.values.insert(*counter, Json::from(count));
                    match self.block(body) {
                        Ok(_) | Err(Left::Continue) => {}
                        Err(Left::Break) => break,
                        Err(left) => return Err(left),
                    }
                }
            }
            Statement::For { list, item, body } => {
                self.states += 1;
                self.items(list, *item, None, body)?;
            }
            Statement::Sleep => self.states += 1,
            Statement::Return(value) => return Err(Left::Return(self.expr(value))),
            Statement::Fail(error) => {
                self.states += 1;
                return Err(Left::Fail((*error).to_owned(), "own".to_owned()));
            }
            Statement::Raise(error) => {
                self.states += 2;
                let (error, cause) = self.errors[error].clone();
                return Err(Left::Fail(error, cause));
            }
            Statement::Break => return Err(Left::Break),
            Statement::Continue => return Err(Left::Continue),
        }
        Ok(())
    }

    /// A flow of its own.
    fn flow(&mut self, block: &Block) -> Result<Json, Left> {
        self.states += 2;
        match self.block(block) {
            Err(Left::Return(value)) => Ok(value),
            Err(left) => {
                self.cut_short = true;
                Err(left)
            }
            value => value,
        }
    }

    fn items(
        &mut self,
        list: &Expr,
        item: Id,
        index: Option<Id>,
        body: &Block,
    ) -> Result<Json, Left> {
        let list = self.expr(list);
        let mut values = Vec::new();
        for (number, value) in list.as_array().expect("it is a list").iter().enumerate() {
            self.values.insert(item, value.clone());
            if let Some(index) = index {
                self.values.insert(index, Json::from(number));
            }
            values.push(self.flow(body)?);
        }
        Ok(values.into())
    }

    fn value(&mut self, value: &Value) -> Result<Json, Left> {
        match value {
            Value::Pure(expr) => Ok(self.expr(expr)),
            Value::Call(call) => self.call(call),
            Value::If(test, then, otherwise) => {
                self.states += 1;
                if self.truth(test) {
                    self.block(then)
                } else {
                    self.block(otherwise)
                }
            }
            Value::Choose(arms, otherwise) => {
                self.states += 1;
                let taken = arms.iter().find(|(test, _)| self.truth(test));
                let block = taken.map_or(otherwise, |(_, block)| block);
                self.block(block)
            }
            Value::Attempt {
                body,
                ok,
                errors,
                rest,
            } => match self.block(body) {
                Ok(value) => match ok {
                    Some((id, block)) => {
                        self.values.insert(*id, value);
                        self.block(block)
                    }
                    None => Ok(value),
                },
                Err(Left::Fail(error, cause)) => {
                    // An error that was caught and goes on is told by its name alone.
                    self.states += errors.len();
                    let named = errors.iter().find(|(names, _, _)| names.contains(&&*error));
                    let named = named.map(|(_, id, block)| (id, block));
                    let rest = rest.as_ref().map(|(id, block)| (id, block));
                    match named.or(rest) {
                        Some((id, block)) => {
                            self.errors.insert(*id, (error, cause));
                            self.block(block)
                        }
                        None => Err(Left::Fail(error, cause)),
                    }
                }
                left => left,
            },
            Value::Map {
                list,
                item,
                index,
                body,
                ..
            } => {
                self.states += 1;
                self.items(list, *item, Some(*index), body)
            }
            Value::Parallel(branches, taken) => {
                self.states += 1;
                let mut values = Vec::new();
                for branch in branches {
                    values.push(self.flow(branch)?);
                }
                Ok(values.swap_remove(*taken))
            }
            Value::Inline(block) => match self.block(block) {
                Err(Left::Return(value)) => Ok(value),
                other => other,
            },
            Value::Loop {
                counter,
                limit,
                body,
                value,
            } => {
                self.states += 1;
                let mut count = 0;
                loop {
                    self.states += 1;
                    self.values.insert(*counter, Json::from(count));
                    if count >= *limit {
                        return Ok(self.expr(value));
                    }
                    self.states += 1;
                    self.calls.push(format!("add[{count},1]"));
                    count += 1;
                    self.values.insert(*counter, Json::from(count));
                    self.block(body)?;
                }
            }
        }
    }
}
