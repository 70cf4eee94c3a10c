//! `programs`: the programs of `tests/bodies/written`: bodies of state machines as text, from a seed. Whatever it writes must compile, end, and never panic.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use crate::random::Random;

/// How many programs there are. More would prove more, and each costs compile time.
const PROGRAMS: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Int,
    Bool,
    Text,
    List,
    Maybe,
}

impl Type {
    const ALL: [Self; 5] = [Self::Int, Self::Bool, Self::Text, Self::List, Self::Maybe];

    fn written(self) -> &'static str {
        match self {
            Self::Int => "i64",
            Self::Bool => "bool",
            Self::Text => "String",
            Self::List => "Vec<i64>",
            Self::Maybe => "Option<i64>",
        }
    }

    fn is_copied(self) -> bool {
        !matches!(self, Self::Text | Self::List)
    }
}

/// Something in scope.
#[derive(Debug, Clone)]
struct Known {
    name: String,
    of: Type,
    /// Whether it may be assigned here.
    mutable: bool,
}

/// Names are few, so that they shadow each other.
const NAMES: &[&str] = &["a", "b", "c", "rest", "total", "found"];

struct Writer {
    random: Random,
    text: String,
    depth: usize,
    scope: Vec<Known>,
    fuel: usize,
    /// How many names were made up.
    fresh: usize,
    /// Labels of the loops around this place.
    loops: Vec<String>,
    /// Whether the program may fail.
    fallible: bool,
    /// Whether this is a flow within the program, which cannot fail and is not left early.
    calm: bool,
    /// Whether work may go on side by side.
    side_by_side: bool,
    /// Whether there is an `order`.
    order: bool,
    gives: Type,
}

/// One program, and whether the order of its calls is open.
fn program(name: &str, seed: u64) -> (String, bool, bool) {
    let mut random = Random::new(seed);
    let (fallible, side_by_side, order) = (random.one_in(2), random.one_in(4), random.one_in(3));
    let gives = *random.pick(&Type::ALL);
    let fuel = 5 + random.below(9);
    let mut writer = Writer {
        random,
        text: String::new(),
        depth: 0,
        scope: Vec::new(),
        fuel,
        fresh: 0,
        loops: Vec::new(),
        fallible,
        calm: false,
        side_by_side,
        order,
        gives,
    };
    let known = |name: &str, of| Known {
        name: name.to_owned(),
        of,
        mutable: false,
    };
    if order {
        writer.scope.push(known("order.amount", Type::Int));
        writer.scope.push(known("order.items", Type::List));
    } else {
        writer.scope.push(known("n", Type::Int));
    }
    let of = match fallible {
        true => format!("Result<{}, OrderError>", gives.written()),
        false => gives.written().to_owned(),
    };
    let parameter = if order { "order: Order" } else { "n: i64" };
    writer.line("#[state_machine]");
    writer.line(&format!(
        "pub(crate) async fn {name}({parameter}) -> {of} {{"
    ));
    writer.depth += 1;
    while writer.fuel > 0 {
        writer.statement(0);
    }
    let value = writer.result();
    writer.line(&value);
    writer.depth -= 1;
    writer.line("}\n");
    (writer.text, side_by_side, order)
}

impl Writer {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{}{text}", "    ".repeat(self.depth));
    }

    fn below(&mut self, end: usize) -> usize {
        self.random.below(end)
    }

    fn name(&mut self) -> String {
        (*self.random.pick(NAMES)).to_owned()
    }

    fn fresh(&mut self, stem: &str) -> String {
        self.fresh += 1;
        format!("{stem}{}", self.fresh)
    }

    fn bind(&mut self, name: &str, of: Type, mutable: bool) {
        self.scope.push(Known {
            name: name.to_owned(),
            of,
            mutable,
        });
    }

    /// What can be seen here: of each name the last.
    fn seen(&self, wanted: impl Fn(&Known) -> bool) -> Vec<String> {
        let mut found = Vec::new();
        for (at, known) in self.scope.iter().enumerate() {
            let shadowed = self.scope[at + 1..].iter().any(|it| it.name == known.name);
            if !shadowed && wanted(known) {
                found.push(known.name.clone());
            }
        }
        found
    }

    fn known(&mut self, of: Type) -> Option<String> {
        let names = self.seen(|known| known.of == of);
        (!names.is_empty()).then(|| self.random.pick(&names).clone())
    }

    /// What the body gives.
    fn result(&mut self) -> String {
        let value = self.pure(self.gives, 1);
        match self.fallible {
            true => format!("Ok({value})"),
            false => value,
        }
    }

    // --- Values that cost no state.

    fn pure(&mut self, of: Type, depth: usize) -> String {
        match of {
            Type::Int => self.int(depth),
            Type::Bool => self.truth(depth),
            Type::Text => self.words(depth),
            Type::List => self.list(depth),
            Type::Maybe => self.maybe(depth),
        }
    }

    fn number(&mut self) -> String {
        let number = i64::try_from(self.below(14)).expect("it is small") - 3;
        match number {
            ..0 => format!("({number})"),
            _ => number.to_string(),
        }
    }

    /// Small, and in parentheses where it must be.
    fn int(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.known(Type::Int) {
                Some(name) if !self.random.one_in(3) => name,
                _ => self.number(),
            };
        }
        let depth = depth - 1;
        let least = self.number();
        match self.below(18) {
            0..=2 => format!("({} + {}) % 1000", self.int(depth), self.int(0)),
            3 => format!("({} - {}) % 1000", self.int(depth), self.int(0)),
            4 => format!("({} * {}) % 1000", self.int(0), self.number()),
            5 => format!("({}) / {}", self.int(depth), 2 + self.below(5)),
            6 => format!("({}) % {}", self.int(depth), 2 + self.below(5)),
            7 => match self.known(Type::Int) {
                Some(name) => {
                    let method = *self.random.pick(&["abs()", "signum()", "clamp(-2, 6)"]);
                    format!("{name}.{method}")
                }
                None => least,
            },
            8 => match self.known(Type::Int) {
                Some(name) => format!("{name}.max({})", self.int(0)),
                None => least,
            },
            9 | 10 => match self.known(Type::List) {
                Some(list) => match self.below(5) {
                    0 => format!("{list}.len() as i64"),
                    1 => format!("{list}.iter().sum::<i64>() % 1000"),
                    2 => format!("{list}.iter().filter(|n| **n > {least}).count() as i64"),
                    3 => format!("{list}.iter().max().copied().unwrap_or({least})"),
                    _ => format!("{list}.iter().fold({least}, |all, n| (all * 2 + n) % 100)"),
                },
                None => least,
            },
            11 => match self.known(Type::Maybe) {
                Some(maybe) if self.random.one_in(2) => format!("{maybe}.unwrap_or({least})"),
                Some(maybe) => format!("{maybe}.map_or({least}, |n| n + 1)"),
                None => least,
            },
            12 => match self.known(Type::Text) {
                Some(text) => format!("{text}.chars().count() as i64"),
                None => least,
            },
            13 | 14 => {
                let test = self.truth(depth);
                format!(
                    "if {test} {{ {} }} else {{ {} }}",
                    self.int(depth),
                    self.int(0)
                )
            }
            15 => {
                let of = self.int(0);
                format!(
                    "match {of} {{ 0 => {least}, 1..=4 => {}, x if x < 0 => x, _ => {} }}",
                    self.int(0),
                    self.int(0)
                )
            }
            _ => self.int(0),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        let deeper = depth.saturating_sub(1);
        match self.below(12) {
            0 => match self.known(Type::Bool) {
                Some(name) => name,
                None => "true".to_owned(),
            },
            1 if depth > 0 => format!("!({})", self.truth(deeper)),
            2 if depth > 0 => format!("{} && {}", self.truth(0), self.truth(0)),
            3 if depth > 0 => format!("({} || {})", self.truth(0), self.truth(0)),
            4 => match self.known(Type::Maybe) {
                Some(maybe) => format!("{maybe}.is_some()"),
                None => "false".to_owned(),
            },
            5 => match self.known(Type::List) {
                Some(list) if self.random.one_in(2) => {
                    format!("{list}.contains(&{})", self.number())
                }
                Some(list) => format!("{list}.iter().any(|n| *n > {})", self.number()),
                None => format!("{} == {}", self.int(0), self.number()),
            },
            6 => match self.known(Type::Text) {
                Some(text) => format!("{text}.starts_with(\"shipped\")"),
                None => format!("{} != {}", self.int(0), self.number()),
            },
            _ => {
                let operator = *self.random.pick(&["==", "!=", "<=", ">", ">="]);
                format!("{} {operator} {}", self.int(0), self.int(0))
            }
        }
    }

    fn words(&mut self, depth: usize) -> String {
        match (self.below(6), self.known(Type::Text)) {
            (0 | 1, Some(name)) => format!("{name}.clone()"),
            (2, Some(name)) => format!("{name}.to_uppercase()"),
            (3, Some(name)) => format!("format!(\"{{}}/{{{name}}}\", {})", self.int(depth)),
            (4, _) => {
                let (one, other) = (self.int(0), self.truth(depth));
                format!("format!(\"{{:>4}}|{{}}\", {one}, {other})")
            }
            _ => format!(
                "\"{}\".to_owned()",
                self.random.pick(&["", "x", "it's", "a \\\"b\\\""])
            ),
        }
    }

    fn list(&mut self, depth: usize) -> String {
        let known = self.known(Type::List);
        let number = self.number();
        match (self.below(8), known) {
            (0, Some(list)) => format!("{list}.clone()"),
            (1, Some(list)) => {
                format!("{list}.iter().map(|n| (n * 2 + {number}) % 100).collect::<Vec<_>>()")
            }
            (2, Some(list)) => {
                format!("{list}.iter().filter(|n| **n > {number}).copied().collect::<Vec<_>>()")
            }
            (3, Some(list)) => format!("{list}.iter().rev().copied().collect::<Vec<_>>()"),
            (4, Some(list)) => format!("{list}.iter().take(2).copied().collect::<Vec<_>>()"),
            (5, _) => format!(
                "(0..{}).map(|at| at * at).collect::<Vec<_>>()",
                self.below(4)
            ),
            (6, _) => format!("vec![{}]", self.int(depth)),
            _ => format!("vec![{}, {}]", self.int(depth), self.int(0)),
        }
    }

    fn maybe(&mut self, depth: usize) -> String {
        let (known, list) = (self.known(Type::Maybe), self.known(Type::List));
        match (self.below(7), known, list) {
            (0, Some(maybe), _) => maybe,
            (1, Some(maybe), _) => format!("{maybe}.filter(|n| *n > {})", self.number()),
            (2, Some(maybe), _) => format!("{maybe}.map(|n| n - 1)"),
            (3, _, Some(list)) => format!("{list}.first().copied()"),
            (4, ..) => {
                let test = self.truth(depth);
                format!("if {test} {{ Some({}) }} else {{ None }}", self.int(0))
            }
            (5, ..) => "None".to_owned(),
            _ => format!("Some({})", self.int(depth)),
        }
    }

    // --- Values that call.

    /// A value with a call in it, if there is one of that type here.
    fn call(&mut self, of: Type) -> Option<String> {
        let may_fail = self.fallible && !self.calm;
        let (one, other) = (self.int(1), self.int(0));
        let some = match of {
            Type::Int => match self.below(9) {
                0..=2 => format!("double({one}).await % 1000"),
                3 => format!("sum({one}, {other})"),
                4 => format!("(double({one}).await + sum({other}, 1) * 2) % 1000"),
                5 => format!("twice({one}).await % 1000"),
                6 => format!("discount({one}, 10)"),
                7 => format!("own_execution({one}).await % 1000"),
                _ => format!("sum(double({one}).await, {other}) % 1000"),
            },
            Type::Bool => match self.below(3) {
                0 => format!("is_even({one}).await"),
                1 => format!("is_even({one}).await && {}", self.truth(0)),
                _ => format!("{} || is_even({one}).await", self.truth(0)),
            },
            Type::Maybe => format!("find({one}).await"),
            Type::Text => match self.below(5) {
                0 | 1 if may_fail => format!("ship(({one}) % 5).await?"),
                2 if may_fail => format!("shipped(({one}) % 5).await?"),
                3 if may_fail => format!("failing_execution(({one}) % 5).await?"),
                _ => format!("ship(({one}) % 5).await.unwrap_or(\"lost\".to_owned())"),
            },
            Type::List => {
                let list = self.known(Type::List)?;
                let most = if self.side_by_side { 3 } else { 1 };
                format!("map_concurrent({most}, &{list}, |item| double(*item)).await")
            }
        };
        Some(some)
    }

    // --- Statements.

    /// A block in braces that is open already; `value` is what it gives.
    fn block(&mut self, depth: usize, value: Option<Type>) {
        let scope = self.scope.len();
        self.depth += 1;
        if value.is_none() {
            // A statement that does nothing would be refused within an expression.
            let text = self.words(0);
            self.line(&format!("note(&{text}).await;"));
        }
        for _ in 0..=self.below(2) {
            if self.fuel > 0 {
                self.statement(depth + 1);
            }
        }
        if let Some(of) = value {
            let value = self.pure(of, 1);
            self.line(&value);
        }
        self.depth -= 1;
        self.scope.truncate(scope);
    }

    /// A flow of its own, such as an item's.
    fn flow(&mut self, depth: usize, value: Type) {
        let before = self.scope.clone();
        let (calm, loops) = (self.calm, std::mem::take(&mut self.loops));
        // What hides another of its name and cannot be taken along would leave that in its place.
        let seen = self.seen(|known| known.of.is_copied() && !known.name.contains('.'));
        let mut last = self.scope.clone();
        last.reverse();
        self.scope.clear();
        for name in seen {
            let found = last.iter().find(|known| known.name == name);
            self.scope.extend(found.cloned());
        }
        for known in &mut self.scope {
            known.mutable = false;
        }
        let order = std::mem::take(&mut self.order);
        self.calm = true;
        self.block(depth, Some(value));
        (self.calm, self.loops, self.scope, self.order) = (calm, loops, before, order);
    }

    /// Leaves the program, with `depth` of 0 never.
    fn leave(&mut self) {
        let may_fail = self.fallible && !self.calm;
        let amount = self.int(0);
        let line = match self.below(4) {
            0 if may_fail => "bail!(OrderError::Rejected);".to_owned(),
            1 if may_fail => {
                format!(
                    "bail!(OrderError::TooMuch {{ amount: {amount}, who: \"you\".to_owned() }});"
                )
            }
            2 if may_fail => "return Err(OrderError::Ship(ShipError::OutOfStock));".to_owned(),
            _ => format!("return {};", self.result()),
        };
        self.line(&line);
    }

    fn statement(&mut self, depth: usize) {
        self.fuel = self.fuel.saturating_sub(1);
        let deep = depth >= 3;
        let may_fail = self.fallible && !self.calm;
        match self.below(26) {
            0 => {
                let (name, value) = (self.name(), self.int(1));
                self.line(&format!("let mut {name}: i64 = {value};"));
                self.bind(&name, Type::Int, true);
            }
            1 => {
                let (name, value) = (self.name(), self.list(1));
                self.line(&format!("let mut {name}: Vec<i64> = {value};"));
                self.bind(&name, Type::List, true);
            }
            2..=4 => self.assign(),
            5 | 6 if !deep => self.if_(depth),
            7 if !deep => self.if_let(depth),
            8 if !deep => self.match_(depth),
            9 | 10 if !deep => self.caught(depth),
            11 if !deep => self.while_(depth),
            12 if !deep => self.while_let(depth),
            13 | 14 if !deep => self.for_(depth),
            15 if !deep => self.loop_(depth),
            16 if !deep && self.side_by_side => self.join(depth),
            17 if !deep => self.map(depth),
            18 => match self.random.one_in(2) {
                true => self.line("sleep(seconds(30)).await;"),
                false => {
                    let text = self.words(1);
                    self.line(&format!("note(&{text}).await;"));
                }
            },
            19 if depth > 0 && !self.calm => {
                let test = self.truth(1);
                self.line(&format!("if {test} {{"));
                self.depth += 1;
                self.leave();
                self.depth -= 1;
                self.line("}");
            }
            20 if !self.loops.is_empty() => {
                let test = self.truth(1);
                let label = self.random.pick(&self.loops).clone();
                let innermost = self.loops.last() == Some(&label);
                let label = match innermost && self.random.one_in(2) {
                    true => String::new(),
                    false => format!(" {label}"),
                };
                let word = *self.random.pick(&["break", "continue"]);
                self.line(&format!("if {test} {{ {word}{label}; }}"));
            }
            21 if may_fail => {
                let test = self.truth(1);
                self.line(&format!("ensure!({test}, OrderError::Rejected);"));
            }
            22 if !self.calm => {
                let (found, value) = (self.name(), self.int(1));
                self.line(&format!("let Some({found}) = find({value}).await else {{"));
                self.depth += 1;
                self.leave();
                self.depth -= 1;
                self.line("};");
                self.bind(&found, Type::Int, false);
            }
            23 => {
                let (one, other) = (self.int(1), self.words(1));
                let (a, b) = (self.name(), self.fresh("t"));
                self.line(&format!(
                    "let ({a}, {b}): (i64, String) = ({one}, {other});"
                ));
                self.bind(&a, Type::Int, false);
                self.bind(&b, Type::Text, false);
            }
            _ => {
                let of = *self.random.pick(&Type::ALL);
                let value = match self.random.one_in(4) {
                    true => self.pure(of, 2),
                    false => self.call(of).unwrap_or_else(|| self.pure(of, 2)),
                };
                let name = self.name();
                self.line(&format!("let {name}: {} = {value};", of.written()));
                self.bind(&name, of, false);
            }
        }
    }

    fn assign(&mut self) {
        let numbers = self.seen(|known| known.mutable && known.of == Type::Int);
        let lists = self.seen(|known| known.mutable && known.of == Type::List);
        let call = self.call(Type::Int);
        let value = match call {
            Some(call) if self.random.one_in(2) => call,
            _ => self.int(1),
        };
        match (self.below(5), numbers.is_empty(), lists.is_empty()) {
            (0, _, false) => {
                let name = self.random.pick(&lists).clone();
                self.line(&format!("{name}.push({value});"));
            }
            (1, _, false) => {
                let (name, list) = (self.random.pick(&lists).clone(), self.list(1));
                self.line(&format!("{name} = {list};"));
            }
            (2, false, _) => {
                let name = self.random.pick(&numbers).clone();
                let value = self.number();
                self.line(&format!("{name} += {value};"));
            }
            (_, false, _) => {
                let name = self.random.pick(&numbers).clone();
                self.line(&format!("{name} = {value};"));
            }
            _ => {
                let name = self.name();
                self.line(&format!("let mut {name}: i64 = {value};"));
                self.bind(&name, Type::Int, true);
            }
        }
    }

    fn if_(&mut self, depth: usize) {
        let test = match (self.random.one_in(3), self.call(Type::Bool)) {
            (true, Some(call)) => call,
            _ => self.truth(1),
        };
        // As a statement, or as a value.
        let of = match self.random.one_in(2) {
            true => Some(*self.random.pick(&Type::ALL)),
            false => None,
        };
        let name = self.name();
        let before = of.map_or(String::new(), |of| {
            format!("let {name}: {} = ", of.written())
        });
        self.line(&format!("{before}if {test} {{"));
        self.block(depth, of);
        if self.random.one_in(3) {
            let test = self.truth(1);
            self.line(&format!("}} else if {test} {{"));
            self.block(depth, of);
        }
        if of.is_some() || self.random.one_in(2) {
            self.line("} else {");
            self.block(depth, of);
        }
        match of {
            Some(of) => {
                self.line("};");
                self.bind(&name, of, false);
            }
            None => self.line("}"),
        }
    }

    fn if_let(&mut self, depth: usize) {
        let value = match (self.random.one_in(2), self.known(Type::Maybe)) {
            (true, Some(maybe)) => maybe,
            _ => format!("find({}).await", self.int(1)),
        };
        let name = self.name();
        self.line(&format!("if let Some({name}) = {value} {{"));
        self.bind(&name, Type::Int, false);
        self.block(depth, None);
        self.scope.pop();
        if self.random.one_in(2) {
            self.line("} else {");
            self.block(depth, None);
        }
        self.line("}");
    }

    /// The arms: a pattern, and what it binds.
    fn arms(&mut self, depth: usize, of: Option<Type>, arms: &[(String, Option<(&str, Type)>)]) {
        self.depth += 1;
        for (pattern, binds) in arms {
            let scope = self.scope.len();
            if let Some((name, of)) = binds {
                self.bind(name, *of, false);
            }
            self.line(&format!("{pattern} => {{"));
            self.block(depth, of);
            self.line("}");
            self.scope.truncate(scope);
        }
        self.depth -= 1;
    }

    /// `let name: type = match of {`, or without the beginning.
    fn matched(&mut self, depth: usize, of: &str, arms: &[(String, Option<(&str, Type)>)]) {
        let gives = match self.random.one_in(2) {
            true => Some(*self.random.pick(&Type::ALL)),
            false => None,
        };
        let name = self.name();
        let before = gives.map_or(String::new(), |of| {
            format!("let {name}: {} = ", of.written())
        });
        self.line(&format!("{before}match {of} {{"));
        self.arms(depth, gives, arms);
        match gives {
            Some(of) => {
                self.line("};");
                self.bind(&name, of, false);
            }
            None => self.line("}"),
        }
    }

    fn match_(&mut self, depth: usize) {
        let number = self.number();
        let (known, text) = (self.known(Type::Maybe), self.known(Type::Text));
        match (self.below(5), known, text) {
            (0, Some(maybe), _) => {
                let some = format!("Some(x) if x > {number}");
                let arms = [
                    (some, Some(("x", Type::Int))),
                    ("Some(other)".to_owned(), Some(("other", Type::Int))),
                    ("None".to_owned(), None),
                ];
                self.matched(depth, &maybe, &arms);
            }
            (1, _, Some(text)) => {
                let arms = [
                    ("\"\" | \"x\"".to_owned(), None),
                    ("\"it's\"".to_owned(), None),
                    ("_".to_owned(), None),
                ];
                self.matched(depth, &format!("{text}.as_str()"), &arms);
            }
            (2, ..) => {
                let of = format!("({}, {})", self.int(0), self.truth(0));
                let arms = [
                    ("(0, true)".to_owned(), None),
                    ("(x, true) if x > 3".to_owned(), Some(("x", Type::Int))),
                    ("(y, false)".to_owned(), Some(("y", Type::Int))),
                    ("_".to_owned(), None),
                ];
                self.matched(depth, &of, &arms);
            }
            (3, ..) if self.order => {
                let arms = [
                    ("Kind::Plain".to_owned(), None),
                    (
                        "Kind::Rush { hours } if hours > 3".to_owned(),
                        Some(("hours", Type::Int)),
                    ),
                    (
                        "Kind::Rush { hours }".to_owned(),
                        Some(("hours", Type::Int)),
                    ),
                    (
                        "Kind::Gift(ribbon)".to_owned(),
                        Some(("ribbon", Type::Text)),
                    ),
                ];
                self.matched(depth, "order.kind.clone()", &arms);
            }
            _ => {
                let of = self.int(1);
                let arms = [
                    ("0".to_owned(), None),
                    ("small @ 1..=3".to_owned(), Some(("small", Type::Int))),
                    ("5 | 7 | 9".to_owned(), None),
                    ("other".to_owned(), Some(("other", Type::Int))),
                ];
                self.matched(depth, &of, &arms);
            }
        }
    }

    /// A `match` on what a step gives, or fails with.
    fn caught(&mut self, depth: usize) {
        let number = self.int(1);
        let whole = self.random.one_in(3);
        let call = match whole {
            true => format!("shipped(({number}) % 4).await"),
            false => format!("ship(({number}) % 4).await"),
        };
        let mut arms = vec![("Ok(text)".to_owned(), Some(("text", Type::Text)))];
        if self.random.one_in(2) {
            arms.push(("Err(ShipError::OutOfStock)".to_owned(), None));
        }
        if self.random.one_in(2) {
            let late = "Err(ShipError::Late { days, .. }) if days > 2";
            arms.push((late.to_owned(), Some(("days", Type::Int))));
        }
        if self.random.one_in(2) {
            arms.push((
                "Err(ShipError::Lost(at))".to_owned(),
                Some(("at", Type::Int)),
            ));
        }
        if self.fallible && !self.calm && self.random.one_in(2) {
            // What is left goes on, so the match is a statement with this arm at its end.
            let name = self.name();
            self.line(&format!("let {name}: i64 = match {call} {{"));
            self.arms(depth, Some(Type::Int), &arms);
            self.line("    Err(error) => return Err(error.into()),");
            self.line("};");
            self.bind(&name, Type::Int, false);
        } else {
            arms.push(("Err(_)".to_owned(), None));
            self.matched(depth, &call, &arms);
        }
    }

    /// The body of a loop.
    fn looped(&mut self, depth: usize, label: String) {
        self.loops.push(label);
        self.block(depth, None);
        self.loops.pop();
    }

    fn while_(&mut self, depth: usize) {
        let (count, label) = (self.fresh("i"), self.fresh("'l"));
        let limit = self.below(4);
        self.line(&format!("let mut {count}: i64 = 0;"));
        self.line(&format!("{label}: while {count} < {limit} {{"));
        // First, so that `continue` comes to an end.
        self.line(&format!("    {count} += 1;"));
        self.bind(&count, Type::Int, false);
        self.looped(depth, label);
        self.line("}");
    }

    fn while_let(&mut self, depth: usize) {
        let (left, label) = (self.fresh("left"), self.fresh("'l"));
        let value = self.int(1);
        self.line(&format!("let mut {left}: i64 = ({value}) % 4;"));
        self.line(&format!(
            "{label}: while let Some(x) = find({left}).await {{"
        ));
        self.line(&format!("    {left} = x - 1;"));
        let scope = self.scope.len();
        self.bind("x", Type::Int, false);
        self.looped(depth, label);
        self.scope.truncate(scope);
        self.line("}");
        self.bind(&left, Type::Int, false);
    }

    fn loop_(&mut self, depth: usize) {
        let (count, label, name) = (self.fresh("i"), self.fresh("'l"), self.name());
        let limit = self.below(3);
        self.line(&format!("let mut {count}: i64 = 0;"));
        self.line(&format!("let {name}: i64 = {label}: loop {{"));
        let value = self.int(1);
        self.line(&format!("    if {count} >= {limit} {{ break {value}; }}"));
        self.line(&format!("    {count} += 1;"));
        self.bind(&count, Type::Int, false);
        // No `break` without a value out of it.
        let loops = std::mem::take(&mut self.loops);
        self.block(depth, None);
        self.loops = loops;
        self.line("};");
        self.bind(&name, Type::Int, false);
    }

    fn for_(&mut self, depth: usize) {
        let label = self.fresh("'l");
        let scope = self.scope.clone();
        match (self.below(4), self.known(Type::List)) {
            (0, _) | (_, None) => {
                let limit = self.below(4);
                self.line(&format!("{label}: for i in 0..{limit} {{"));
                self.line("    let i: i64 = i;");
                self.bind("i", Type::Int, false);
            }
            (1, Some(list)) => {
                self.line(&format!(
                    "{label}: for (at, item) in {list}.iter().enumerate() {{"
                ));
                self.line("    let (at, item): (i64, i64) = (at as i64, *item);");
                self.bind("at", Type::Int, false);
                self.bind("item", Type::Int, false);
                self.hold(&list);
            }
            (_, Some(list)) => {
                self.line(&format!("{label}: for item in &{list} {{"));
                self.line("    let item: i64 = *item;");
                self.bind("item", Type::Int, false);
                self.hold(&list);
            }
        }
        self.looped(depth, label);
        self.scope = scope;
        self.line("}");
    }

    /// A list that is gone through cannot be assigned meanwhile.
    fn hold(&mut self, list: &str) {
        for known in self.scope.iter_mut().filter(|known| known.name == list) {
            known.mutable = false;
        }
    }

    fn join(&mut self, depth: usize) {
        let number = self.int(1);
        let (a, b) = (self.fresh("left"), self.fresh("right"));
        if self.random.one_in(2) {
            self.line(&format!(
                "let ({a}, {b}) = join!(double({number}), async {{"
            ));
            self.flow(depth, Type::Int);
            self.line("}).await;");
            self.bind(&a, Type::Int, false);
            self.bind(&b, Type::Int, false);
        } else {
            let other = self.int(0);
            self.line(&format!(
                "let ({a}, {b}) = join!(ship(({number}) % 4), double({other})).await;"
            ));
            self.bind(&b, Type::Int, false);
            let arms = [
                ("Ok(text)".to_owned(), Some(("text", Type::Text))),
                ("Err(ShipError::OutOfStock)".to_owned(), None),
                ("Err(_)".to_owned(), None),
            ];
            self.matched(depth, &a, &arms);
        }
    }

    fn map(&mut self, depth: usize) {
        let Some(list) = self.known(Type::List) else {
            return self.assign();
        };
        let most = if self.side_by_side { 2 } else { 1 };
        let name = self.name();
        self.line(&format!(
            "let {name}: Vec<i64> = map_concurrent({most}, &{list}, |item| async move {{"
        ));
        self.line("    let item: i64 = *item;");
        let scope = self.scope.len();
        self.bind("item", Type::Int, false);
        self.flow(depth, Type::Int);
        self.scope.truncate(scope);
        self.line("}).await;");
        self.bind(&name, Type::List, false);
    }
}

/// The file of all programs.
fn file(seed: u64) -> String {
    let mut text = String::from(
        "// Written by `cargo xtask programs`; see written.rs.\n\n\
         use sfn_runtime::{bail, ensure, join, map_concurrent, seconds, sleep, state_machine};\n\n\
         use super::{discount, failing_execution, own_execution, shipped, twice};\n\
         use crate::steps::{Kind, Order, OrderError, ShipError, double, find, is_even, note, order, ship, sum};\n\n",
    );
    let mut tests = String::new();
    for index in 0..PROGRAMS {
        let name = format!("written_{index:02}");
        let at = u64::try_from(index).expect("it is small");
        let (program, unordered, order) = program(&name, seed.wrapping_mul(1_000_003) + at);
        text.push_str(&program);
        let unordered = if unordered { "unordered " } else { "" };
        let inputs = match order {
            true => "order(0), order(1), order(4), order(8)",
            false => "0, 1, 2, 6",
        };
        let _ = write!(
            tests,
            "#[tokio::test]\nasync fn {name}_ends_alike() {{\n    crate::all!({unordered}{name}: {inputs});\n}}\n\n"
        );
    }
    text.push_str(&tests);
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Where they stand.
fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/bodies/written/programs.rs")
}

/// Writes the programs of a seed; the committed ones are those of 1.
pub(crate) fn write(seed: u64) -> io::Result<()> {
    fs::write(path(), file(seed))
}

/// Whether the committed programs are what the generator writes.
pub(crate) fn are_written() -> bool {
    fs::read_to_string(path()).is_ok_and(|found| found == file(1))
}
