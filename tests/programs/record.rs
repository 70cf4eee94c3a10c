//! Tells a [`Body`] of a program, as the macro's tokens do.

use std::collections::HashMap;

use sfn_runtime::{
    Payload,
    flow::{Body, CallSite, Checked, E, LoopId, MapSite, Variable, constant},
    seconds,
};

use crate::{
    program::{Block, Call, Expr, Id, Program, Statement, Value},
    steps,
};

enum Binding {
    Once(E<Checked>),
    Mutable(Variable),
}

struct Recorder<'a> {
    names: &'a [&'static str],
    bindings: HashMap<Id, Binding>,
    loops: Vec<LoopId>,
    line: u32,
}

pub(crate) fn record(program: &Program, body: &mut Body) {
    let mut recorder = Recorder {
        names: &program.names,
        bindings: HashMap::new(),
        loops: Vec::new(),
        line: 1,
    };
    let parameter = body.parameter("input", i64::shape());
    recorder.once(program.parameter, parameter);
    let value = recorder.block(body, &program.body);
    body.return_(value);
}

impl Recorder<'_> {
    fn once(&mut self, id: Id, value: E<Checked>) {
        self.bindings.insert(id, Binding::Once(value));
    }

    fn let_(&mut self, body: &mut Body, id: Id, value: E<Checked>) {
        let bound = body.bind(self.names[id], value);
        self.once(id, bound);
    }

    fn expr(&self, expr: &Expr) -> E<Checked> {
        match expr {
            Expr::Integer(number) => constant(number),
            Expr::Read(id) => match &self.bindings[id] {
                Binding::Once(value) => value.clone(),
                Binding::Mutable(variable) => variable.get(),
            },
            Expr::Compare(operator, left, right) => {
                let (left, right) = (self.expr(left), self.expr(right));
                checked(match *operator {
                    "==" => left.equals(right),
                    "!=" => left.differs(right),
                    "<" => left.less_than(right),
                    "<=" => left.at_most(right),
                    ">" => left.more_than(right),
                    _ => left.at_least(right),
                })
            }
            Expr::Not(inner) => checked(self.expr(inner).truth().not()),
            Expr::Both(left, right) => {
                checked(self.expr(left).truth().and(self.expr(right).truth()))
            }
        }
    }

    fn call(&self, body: &mut Body, call: &Call) -> E<Checked> {
        let arguments = call.arguments.iter().map(|one| self.expr(one)).collect();
        body.call(match call.step {
            "add" => CallSite::of::<steps::add>(arguments),
            "half" => CallSite::of::<steps::half>(arguments),
            "is_even" => CallSite::of::<steps::is_even>(arguments),
            "list" => CallSite::of::<steps::list>(arguments),
            "total" => CallSite::of::<steps::total>(arguments),
            other => panic!("no step is called {other}"),
        })
    }

    fn block(&mut self, body: &mut Body, block: &Block) -> Option<E<Checked>> {
        for statement in &block.statements {
            self.line += 1;
            body.at(self.line);
            self.statement(body, statement);
        }
        block.value.as_ref().map(|value| {
            // A value is read where the block ends, whatever is assigned behind it.
            let value = self.expr(value);
            body.bind("value", value)
        })
    }

    fn statement(&mut self, body: &mut Body, statement: &Statement) {
        match statement {
            Statement::Let(id, value) => {
                let value = self.value(body, value);
                self.let_(body, *id, value);
            }
            Statement::LetMut(id, value) => {
                let value = self.expr(value);
                let variable = body.declare_mut(self.names[*id], value);
                self.bindings.insert(*id, Binding::Mutable(variable));
            }
            Statement::Set(id, value) => {
                let value = self.value(body, value);
                let Binding::Mutable(variable) = &self.bindings[id] else {
                    panic!("only what is mutable is set");
                };
                body.set(variable, value);
            }
            Statement::If(test, then, otherwise) => {
                let test = self.expr(test);
                let choosing = body.choose(None).when("test", test, |body| {
                    self.block(body, then);
                    None
                });
                match otherwise {
                    Some(otherwise) => choosing.otherwise(|body| {
                        self.block(body, otherwise);
                        None
                    }),
                    None => choosing,
                }
                .join();
            }
            Statement::While {
                counter,
                limit,
                body: inner,
            } => {
                let count = body.declare_mut(self.names[*counter], constant(&0));
                body.loop_(|body, id| {
                    self.head(body, id, &count, *limit, None);
                    self.loops.push(id);
                    self.bindings
                        .insert(*counter, Binding::Mutable(count.clone()));
                    self.block(body, inner);
                    self.loops.pop();
                });
            }
            Statement::For {
                list,
                item,
                body: inner,
            } => {
                let site = MapSite::over(self.expr(list))
                    .max_concurrency(1)
                    .label("for");
                self.map(body, site, *item, None, inner);
            }
            Statement::Sleep => body.sleep(seconds(5)),
            Statement::Return(value) => {
                let value = self.expr(value);
                body.return_(Some(value));
            }
            Statement::Fail(error) => body.fail(*error, Some(constant("own"))),
            Statement::Raise(error) => {
                let error = match &self.bindings[error] {
                    Binding::Once(error) => error.clone(),
                    Binding::Mutable(_) => panic!("an error is bound once"),
                };
                body.raise(error);
            }
            Statement::Break => {
                let id = *self.loops.last().expect("there is a loop");
                body.break_(id, None);
            }
            Statement::Continue => {
                let id = *self.loops.last().expect("there is a loop");
                body.continue_(id);
            }
        }
    }

    /// `if count >= limit { break value } count = add(count, 1);`
    fn head(
        &mut self,
        body: &mut Body,
        id: LoopId,
        count: &Variable,
        limit: i64,
        value: Option<E<Checked>>,
    ) {
        body.choose(None)
            .when(
                "count >= limit",
                count.get().at_least(constant(&limit)),
                |body| {
                    body.break_(id, value);
                    None
                },
            )
            .join();
        let next = body.call(CallSite::of::<steps::add>(vec![count.get(), constant(&1)]));
        body.set(count, next);
    }

    fn map(
        &mut self,
        body: &mut Body,
        site: MapSite,
        item: Id,
        index: Option<Id>,
        inner: &Block,
    ) -> E<Checked> {
        let loops = std::mem::take(&mut self.loops);
        let value = body.map(site, |body, of, number| {
            self.let_(body, item, of);
            if let Some(index) = index {
                self.let_(body, index, number);
            }
            self.block(body, inner)
        });
        self.loops = loops;
        value
    }

    fn value(&mut self, body: &mut Body, value: &Value) -> E<Checked> {
        match value {
            Value::Pure(expr) => self.expr(expr),
            Value::Call(call) => self.call(body, call),
            Value::If(test, then, otherwise) => {
                let test = self.expr(test);
                body.choose(None)
                    .when("test", test, |body| self.block(body, then))
                    .otherwise(|body| self.block(body, otherwise))
                    .join()
            }
            Value::Choose(arms, otherwise) => {
                let mut choosing = body.choose(Some("match"));
                for (number, (test, arm)) in arms.iter().enumerate() {
                    let test = self.expr(test);
                    choosing =
                        choosing.when(&format!("arm {number}"), test, |body| self.block(body, arm));
                }
                choosing
                    .otherwise(|body| self.block(body, otherwise))
                    .join()
            }
            Value::Attempt {
                body: inner,
                ok,
                errors,
                rest,
            } => {
                let mut attempt = body.attempt(|body| self.block(body, inner));
                if let Some((id, block)) = ok {
                    attempt = attempt.ok(|body, value| {
                        self.let_(body, *id, value);
                        self.block(body, block)
                    });
                }
                for (names, id, block) in errors {
                    attempt = attempt.error(names.iter().copied(), |body, error| {
                        self.let_(body, *id, error);
                        self.block(body, block)
                    });
                }
                if let Some((id, block)) = rest {
                    attempt = attempt.rest(|body, error| {
                        self.let_(body, *id, error);
                        self.block(body, block)
                    });
                }
                attempt.join()
            }
            Value::Map {
                list,
                concurrency,
                item,
                index,
                body: inner,
            } => {
                let site = MapSite::over(self.expr(list)).max_concurrency(*concurrency);
                self.map(body, site, *item, Some(*index), inner)
            }
            Value::Parallel(branches, taken) => {
                let loops = std::mem::take(&mut self.loops);
                let mut parallel = body.parallel();
                for branch in branches {
                    parallel = parallel.branch(|body| self.block(body, branch));
                }
                let all = parallel.join();
                self.loops = loops;
                all.path(&taken.to_string())
            }
            Value::Inline(block) => {
                let loops = std::mem::take(&mut self.loops);
                let value = body.inline(|body| self.block(body, block));
                self.loops = loops;
                value
            }
            Value::Loop {
                counter,
                limit,
                body: inner,
                value,
            } => {
                let loops = std::mem::take(&mut self.loops);
                let count = body.declare_mut(self.names[*counter], constant(&0));
                self.bindings
                    .insert(*counter, Binding::Mutable(count.clone()));
                let value = body.loop_(|body, id| {
                    let value = self.expr(value);
                    self.head(body, id, &count, *limit, Some(value));
                    self.block(body, inner);
                });
                self.loops = loops;
                value
            }
        }
    }
}

fn checked(truth: E<bool>) -> E<Checked> {
    truth.into()
}
