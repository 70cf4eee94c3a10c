//! Programs as trees, and making them up.

use sfn_tests::random::Random;

/// A binding of the program. Several may have one name, as where a `let` shadows another.
pub(crate) type Id = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Integer,
    Boolean,
    List,
}

/// An expression: no state.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    Integer(i64),
    Read(Id),
    Compare(&'static str, Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Both(Box<Expr>, Box<Expr>),
}

/// A call of a step.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) step: &'static str,
    pub(crate) arguments: Vec<Expr>,
}

#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) statements: Vec<Statement>,
    /// An integer, unless the block never comes to its end.
    pub(crate) value: Option<Expr>,
}

#[derive(Debug, Clone)]
pub(crate) enum Statement {
    Let(Id, Value),
    LetMut(Id, Expr),
    Set(Id, Value),
    If(Expr, Block, Option<Block>),
    /// A loop that a counter ends.
    While {
        counter: Id,
        limit: i64,
        body: Block,
    },
    For {
        list: Expr,
        item: Id,
        body: Block,
    },
    Sleep,
    Return(Expr),
    Fail(&'static str),
    Raise(Id),
    Break,
    Continue,
}

/// What a binding is given.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Pure(Expr),
    Call(Call),
    If(Expr, Block, Block),
    Choose(Vec<(Expr, Block)>, Block),
    Attempt {
        body: Block,
        ok: Option<(Id, Block)>,
        errors: Vec<(Vec<&'static str>, Id, Block)>,
        rest: Option<(Id, Block)>,
    },
    /// Each item's value, in a list.
    Map {
        list: Expr,
        concurrency: u32,
        item: Id,
        index: Id,
        body: Block,
    },
    /// The value of one of the branches.
    Parallel(Vec<Block>, usize),
    Inline(Block),
    /// A loop whose `break` gives a value.
    Loop {
        counter: Id,
        limit: i64,
        body: Block,
        value: Expr,
    },
}

/// The errors that a program may end with.
pub(crate) const ERRORS: &[&str] = &["MathError.Odd", "MathError.Negative", "Own"];

const NAMES: &[&str] = &["a", "b", "count", "item", "x"];

#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) parameter: Id,
    pub(crate) names: Vec<&'static str>,
    pub(crate) body: Block,
}

struct Known {
    id: Id,
    of: Type,
    /// Whether it can be assigned here.
    mutable: bool,
}

pub(crate) struct Generator {
    random: Random,
    names: Vec<&'static str>,
    scope: Vec<Known>,
    /// Errors that can be raised again.
    errors: Vec<Id>,
    fuel: usize,
    loops: usize,
    /// Whether nothing may fail here: of two that fail side by side, it is open which is first.
    calm: bool,
    /// Whether work goes on side by side, so that the order of calls is open.
    pub(crate) side_by_side: bool,
}

pub(crate) fn generate(seed: u64, side_by_side: bool) -> Program {
    let mut generator = Generator {
        random: Random::new(seed),
        names: Vec::new(),
        scope: Vec::new(),
        errors: Vec::new(),
        fuel: 0,
        loops: 0,
        calm: false,
        side_by_side,
    };
    generator.fuel = 4 + generator.random.below(24);
    let parameter = generator.bind("input", Type::Integer, false);
    let body = generator.block(0, true);
    Program {
        parameter,
        names: generator.names,
        body,
    }
}

impl Generator {
    fn fresh(&mut self, name: &'static str) -> Id {
        self.names.push(name);
        self.names.len() - 1
    }

    fn bind(&mut self, name: &'static str, of: Type, mutable: bool) -> Id {
        let id = self.fresh(name);
        self.scope.push(Known { id, of, mutable });
        id
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.random.below(NAMES.len())]
    }

    fn known(&mut self, of: Type) -> Option<Id> {
        let ids: Vec<Id> = self
            .scope
            .iter()
            .filter(|known| known.of == of)
            .map(|known| known.id)
            .collect();
        (!ids.is_empty()).then(|| *self.random.pick(&ids))
    }

    fn integer(&mut self) -> Expr {
        match self.known(Type::Integer) {
            Some(id) if !self.random.one_in(4) => Expr::Read(id),
            _ => Expr::Integer(i64::try_from(self.random.below(9)).expect("small") - 2),
        }
    }

    fn boolean(&mut self) -> Expr {
        match (self.random.below(6), self.known(Type::Boolean)) {
            (0, Some(id)) => Expr::Read(id),
            (1, _) => Expr::Not(Box::new(self.boolean())),
            (2, _) => Expr::Both(Box::new(self.boolean()), Box::new(self.boolean())),
            _ => {
                let operator = *self.random.pick(&["==", "!=", "<", "<=", ">", ">="]);
                Expr::Compare(operator, Box::new(self.integer()), Box::new(self.integer()))
            }
        }
    }

    fn call(&mut self, step: &'static str) -> Call {
        let arguments = match step {
            "total" => {
                let list = self.known(Type::List).expect("somebody looked for one");
                vec![Expr::Read(list)]
            }
            "add" => vec![self.integer(), self.integer()],
            _ => vec![self.integer()],
        };
        Call { step, arguments }
    }

    /// A block with a scope of its own.
    fn block(&mut self, depth: usize, may_return: bool) -> Block {
        let (scope, errors) = (self.scope.len(), self.errors.len());
        let mut statements = Vec::new();
        let mut over = false;
        let count = 1 + self.random.below(4);
        for _ in 0..count {
            if self.fuel == 0 {
                break;
            }
            self.fuel -= 1;
            let statement = self.statement(depth, may_return);
            over = matches!(
                statement,
                Statement::Return(_)
                    | Statement::Fail(_)
                    | Statement::Raise(_)
                    | Statement::Break
                    | Statement::Continue
            );
            statements.push(statement);
            if over {
                break;
            }
        }
        let value = (!over).then(|| self.integer());
        self.scope.truncate(scope);
        self.errors.truncate(errors);
        Block { statements, value }
    }

    /// A block that runs as a flow of its own: what is around it cannot be assigned, nor left.
    fn flow(&mut self, depth: usize, calm: bool) -> Block {
        let before = self.calm;
        self.calm |= calm;
        let mutable: Vec<bool> = self
            .scope
            .iter_mut()
            .map(|known| std::mem::take(&mut known.mutable))
            .collect();
        let loops = std::mem::take(&mut self.loops);
        let block = self.block(depth, true);
        for (known, mutable) in self.scope.iter_mut().zip(mutable) {
            known.mutable = mutable;
        }
        self.loops = loops;
        self.calm = before;
        block
    }

    fn statement(&mut self, depth: usize, may_return: bool) -> Statement {
        let deep = depth >= 3;
        match self.random.below(20) {
            0 if may_return && depth > 0 => Statement::Return(self.integer()),
            1 if depth > 0 && !self.calm => {
                Statement::Fail(ERRORS[self.random.below(ERRORS.len())])
            }
            2 if self.loops > 0 => Statement::Break,
            3 if self.loops > 0 => Statement::Continue,
            4 if !self.errors.is_empty() && !self.calm => {
                let error = *self.random.pick(&self.errors);
                Statement::Raise(error)
            }
            5 => Statement::Sleep,
            6 | 7 => {
                let value = self.integer();
                let name = self.name();
                Statement::LetMut(self.bind(name, Type::Integer, true), value)
            }
            8..=10 => {
                let ids: Vec<Id> = self
                    .scope
                    .iter()
                    .filter(|known| known.mutable)
                    .map(|known| known.id)
                    .collect();
                if ids.is_empty() {
                    return Statement::Sleep;
                }
                let id = *self.random.pick(&ids);
                let (value, _) = self.value(depth, may_return, Some(Type::Integer));
                Statement::Set(id, value)
            }
            11 | 12 if !deep => {
                let test = self.boolean();
                let then = self.block(depth + 1, may_return);
                let otherwise = self
                    .random
                    .one_in(2)
                    .then(|| self.block(depth + 1, may_return));
                Statement::If(test, then, otherwise)
            }
            13 if !deep => {
                let scope = self.scope.len();
                let counter = self.fresh("i");
                self.scope.push(Known {
                    id: counter,
                    of: Type::Integer,
                    mutable: false,
                });
                self.loops += 1;
                let limit = i64::try_from(self.random.below(4)).expect("small");
                let body = self.block(depth + 1, may_return);
                self.loops -= 1;
                self.scope.truncate(scope);
                Statement::While {
                    counter,
                    limit,
                    body,
                }
            }
            14 if !deep && self.known(Type::List).is_some() => {
                let list = self.known(Type::List).expect("there is one");
                let scope = self.scope.len();
                let name = self.name();
                let item = self.bind(name, Type::Integer, false);
                let body = self.flow(depth + 1, false);
                self.scope.truncate(scope);
                Statement::For {
                    list: Expr::Read(list),
                    item,
                    body,
                }
            }
            _ => {
                let (value, of) = self.value(depth, may_return, None);
                let name = self.name();
                Statement::Let(self.bind(name, of, false), value)
            }
        }
    }

    fn value(&mut self, depth: usize, may_return: bool, wanted: Option<Type>) -> (Value, Type) {
        let deep = depth >= 3;
        let any = wanted.is_none();
        match self.random.below(18) {
            0 | 1 => (Value::Pure(self.integer()), Type::Integer),
            2 if any => (Value::Pure(self.boolean()), Type::Boolean),
            3 if any => (Value::Call(self.call("is_even")), Type::Boolean),
            4 | 5 if any => (Value::Call(self.call("list")), Type::List),
            6 if self.known(Type::List).is_some() => {
                (Value::Call(self.call("total")), Type::Integer)
            }
            7 if !self.calm => (Value::Call(self.call("half")), Type::Integer),
            8 | 9 if !deep => {
                let test = self.boolean();
                let then = self.block(depth + 1, may_return);
                let otherwise = self.block(depth + 1, may_return);
                (Value::If(test, then, otherwise), Type::Integer)
            }
            10 if !deep => {
                let arms = (0..=self.random.below(3))
                    .map(|_| {
                        let test = self.boolean();
                        (test, self.block(depth + 1, may_return))
                    })
                    .collect();
                let otherwise = self.block(depth + 1, may_return);
                (Value::Choose(arms, otherwise), Type::Integer)
            }
            11 | 12 if !deep && !self.calm => (self.attempt(depth, may_return), Type::Integer),
            13 if !deep && any && self.known(Type::List).is_some() => {
                let list = Expr::Read(self.known(Type::List).expect("there is one"));
                let scope = self.scope.len();
                let name = self.name();
                let item = self.bind(name, Type::Integer, false);
                let index = self.bind("index", Type::Integer, false);
                let body = self.flow(depth + 1, self.side_by_side);
                self.scope.truncate(scope);
                let concurrency = if self.side_by_side { 3 } else { 1 };
                let map = Value::Map {
                    list,
                    concurrency,
                    item,
                    index,
                    body,
                };
                (map, Type::List)
            }
            14 if !deep && self.side_by_side => {
                let count = 1 + self.random.below(3);
                let branches = (0..count)
                    .map(|number| self.flow(depth + 1, number > 0))
                    .collect();
                let taken = self.random.below(count);
                (Value::Parallel(branches, taken), Type::Integer)
            }
            15 if !deep => {
                // Its `return` ends it alone, and so does no loop around it.
                let loops = std::mem::take(&mut self.loops);
                let block = self.block(depth + 1, true);
                self.loops = loops;
                (Value::Inline(block), Type::Integer)
            }
            16 if !deep => {
                let scope = self.scope.len();
                let counter = self.fresh("n");
                self.scope.push(Known {
                    id: counter,
                    of: Type::Integer,
                    mutable: false,
                });
                let loops = std::mem::take(&mut self.loops);
                let limit = i64::try_from(self.random.below(3)).expect("small");
                let body = self.block(depth + 1, may_return);
                self.loops = loops;
                let value = self.integer();
                self.scope.truncate(scope);
                let value = Value::Loop {
                    counter,
                    limit,
                    body,
                    value,
                };
                (value, Type::Integer)
            }
            _ => (Value::Call(self.call("add")), Type::Integer),
        }
    }

    fn attempt(&mut self, depth: usize, may_return: bool) -> Value {
        let body = if self.random.one_in(2) {
            let scope = self.scope.len();
            let call = Value::Call(self.call("half"));
            let id = self.bind("halved", Type::Integer, false);
            self.scope.truncate(scope);
            Block {
                statements: vec![Statement::Let(id, call)],
                value: Some(Expr::Read(id)),
            }
        } else {
            self.block(depth + 1, may_return)
        };
        let arm = |generator: &mut Self, name, of: Option<Type>| {
            let (scope, errors) = (generator.scope.len(), generator.errors.len());
            let id = generator.fresh(name);
            match of {
                Some(of) => generator.scope.push(Known {
                    id,
                    of,
                    mutable: false,
                }),
                None => generator.errors.push(id),
            }
            let block = generator.block(depth + 1, may_return);
            generator.scope.truncate(scope);
            generator.errors.truncate(errors);
            (id, block)
        };
        let ok = self.random.one_in(2).then(|| {
            let name = self.name();
            arm(self, name, Some(Type::Integer))
        });
        let mut errors = Vec::new();
        for error in ERRORS {
            if self.random.one_in(2) {
                let (id, block) = arm(self, "error", None);
                errors.push((vec![*error], id, block));
            }
        }
        let rest = self.random.one_in(3).then(|| arm(self, "error", None));
        Value::Attempt {
            body,
            ok,
            errors,
            rest,
        }
    }
}
