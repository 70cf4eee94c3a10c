//! Generated JSONata: typed, so that most of it has a value, with an odd one here and there.

use serde_json::{Value, json};
use sfn_tests::random::Random;

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Text,
    Truth,
    Numbers,
    /// An array of objects with `id` (a number), `v` (a text) and, in some, `on` (true or false).
    Objects,
    Object,
}

use Kind::{Number, Numbers, Object, Objects, Text, Truth};

pub(crate) const KINDS: [Kind; 6] = [Number, Text, Truth, Numbers, Objects, Object];

/// What expressions may name, with what is there.
pub(crate) type Names = Vec<(String, Kind)>;

/// A document of the shape that [`names`] tells.
pub(crate) fn document(random: &mut Random) -> Value {
    let number = |random: &mut Random| {
        random
            .pick(&[
                json!(0),
                json!(1),
                json!(2),
                json!(3),
                json!(7),
                json!(-4),
                json!(12),
                json!(100),
                json!(2.5),
                json!(-0.5),
            ])
            .clone()
    };
    let integer = |random: &mut Random| json!(i64::try_from(random.below(12)).expect("small") - 3);
    let text = |random: &mut Random| {
        json!(*random.pick(&[
            "",
            "a",
            "b",
            "abc",
            "Hello World",
            "x,y,z",
            "ä€",
            "7",
            "2026-01-02T03:04:05Z",
            "true"
        ]))
    };
    let numbers: Vec<Value> = (0..random.below(5)).map(|_| number(random)).collect();
    let objects: Vec<Value> = (0..random.below(4))
        .map(|_| {
            let mut object = json!({ "id": integer(random), "v": text(random) });
            if random.one_in(2) {
                object["on"] = json!(random.one_in(2));
            }
            object
        })
        .collect();
    json!({
        "n": integer(random), "f": number(random), "s": text(random), "t": text(random), "b": random.one_in(2),
        "xs": numbers, "ys": objects, "o": { "k": integer(random), "d": { "e": text(random) } }, "none": null,
    })
}

/// What stands in a document whose place is `at`.
pub(crate) fn names(at: &str) -> Names {
    [
        ("n", Number),
        ("f", Number),
        ("s", Text),
        ("t", Text),
        ("b", Truth),
        ("xs", Numbers),
        ("ys", Objects),
        ("o", Object),
        ("o.k", Number),
        ("o.d.e", Text),
    ]
    .into_iter()
    .map(|(name, kind)| (format!("{at}.{name}"), kind))
    .collect()
}

/// Makes expressions over some names.
pub(crate) struct Expressions<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) names: &'a Names,
}

impl Expressions<'_> {
    fn name(&mut self, kind: Kind) -> Option<String> {
        let fitting: Vec<&String> = self
            .names
            .iter()
            .filter(|(_, known)| *known == kind)
            .map(|(name, _)| name)
            .collect();
        (!fitting.is_empty()).then(|| (*self.random.pick(&fitting)).clone())
    }

    /// An expression of any kind.
    pub(crate) fn any(&mut self, depth: usize) -> String {
        let kind = *self.random.pick(&KINDS);
        self.of(kind, depth)
    }

    /// An expression that gives a `kind`, unless something odd is in it.
    pub(crate) fn of(&mut self, kind: Kind, depth: usize) -> String {
        if self.random.one_in(60) {
            let odd = self.random.pick(&[
                "null",
                "$nothing",
                "[]",
                "{}",
                "''",
                "$states.input.none",
                "$states.input.ys.no",
                "1; ",
                "-1",
            ]);
            // A literal by itself may not be a step of a path.
            return format!("({odd})");
        }
        if self.random.one_in(50) {
            let kind = *self.random.pick(&KINDS);
            return format!("({})", self.of(kind, depth.saturating_sub(1)));
        }
        if depth == 0 || self.random.one_in(6) {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        if self.random.one_in(12) {
            let (test, yes, no) = (
                self.of(Truth, depth),
                self.of(kind, depth),
                self.of(kind, depth),
            );
            return format!("({test} ? {yes} : {no})");
        }
        if self.random.one_in(20) {
            let (bound, value) = (self.of(kind, depth), self.of(kind, depth));
            return format!("($w := {bound}; $exists($w) ? $w : {value})");
        }
        match kind {
            Number => self.number(depth),
            Text => self.text(depth),
            Truth => self.truth(depth),
            Numbers => self.numbers(depth),
            Objects => self.objects(depth),
            Object => self.object(depth),
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        if !self.random.one_in(4)
            && let Some(name) = self.name(kind)
        {
            return name;
        }
        let literals: &[&str] = match kind {
            Number => &["0", "1", "2", "3", "10", "2.5", "-1", "0.1"],
            Text => &["''", "'a'", "\"b\"", "'abc'", "'x,y'", "'12'", "'ä€'"],
            Truth => &["true", "false"],
            Numbers => &[
                "[]",
                "[1]",
                "[1, 2, 3]",
                "[3, 1, 2, 1]",
                "[1..4]",
                "[0.5, -1]",
            ],
            Objects => &[
                "[]",
                "[{'id': 1, 'v': 'a'}]",
                "[{'id': 2, 'v': 'b'}, {'id': 1, 'v': 'a', 'on': true}]",
            ],
            Object => &["{}", "{'k': 1}", "{'k': 2, 'd': {'e': 'x'}}"],
        };
        (*self.random.pick(literals)).to_owned()
    }

    fn number(&mut self, depth: usize) -> String {
        let small = self.random.below(4);
        match self.random.below(17) {
            0..=3 => {
                let sign = *self.random.pick(&["+", "-", "*", "/", "%"]);
                format!(
                    "({} {sign} {})",
                    self.of(Number, depth),
                    self.of(Number, depth)
                )
            }
            4 => {
                let function = *self.random.pick(&["sum", "max", "min", "average", "count"]);
                format!("${function}({})", self.of(Numbers, depth))
            }
            5 => format!("$count({})", self.of(Objects, depth)),
            6 => format!("$length({})", self.of(Text, depth)),
            7 => {
                let function = *self.random.pick(&["floor", "ceil", "round", "abs"]);
                format!("${function}({})", self.of(Number, depth))
            }
            8 => format!(
                "$round({}, {})",
                self.of(Number, depth),
                self.random.pick(&["1", "2", "-1"])
            ),
            9 => format!(
                "$number({})",
                self.random
                    .pick(&["'12'", "'-1.5e2'", "true", "'0x1F'", "'x'"])
            ),
            10 => format!(
                "$reduce({}, function($p, $q) {{ $p + $q }}, {})",
                self.of(Numbers, depth),
                self.of(Number, 0)
            ),
            11 => format!(
                "{}[{}]",
                self.of(Numbers, depth),
                self.random.pick(&["0", "-1", "1"])
            ),
            12 => format!("$sum({}.id)", self.of(Objects, depth)),
            13 => format!("$power({}, {small})", self.of(Number, depth)),
            14 => format!("-({})", self.of(Number, depth)),
            15 => format!("({} ~> $sum)", self.of(Numbers, depth)),
            _ => format!("$max({}.id)", self.of(Objects, depth)),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let small = self.random.below(4);
        match self.random.below(18) {
            0..=2 => format!("({} & {})", self.of(Text, depth), self.of(Text, depth)),
            3 => format!("$string({})", self.any(depth)),
            4 => {
                let function = *self.random.pick(&[
                    "uppercase",
                    "lowercase",
                    "trim",
                    "base64encode",
                    "encodeUrlComponent",
                ]);
                format!("${function}({})", self.of(Text, depth))
            }
            5 => format!(
                "$substring({}, {})",
                self.of(Text, depth),
                self.random.pick(&["0", "1", "-2", "1, 2", "5"])
            ),
            6 => {
                let function = *self.random.pick(&["substringBefore", "substringAfter"]);
                format!(
                    "${function}({}, {})",
                    self.of(Text, depth),
                    self.random.pick(&["'b'", "','", "' '"])
                )
            }
            7 => format!(
                "$pad({}, {}, '#')",
                self.of(Text, depth),
                self.random.pick(&["5", "-5", "0"])
            ),
            8 => format!("$join({}.v, '-')", self.of(Objects, depth)),
            9 => format!("$join($map({}, $string), ',')", self.of(Numbers, depth)),
            10 => {
                let what = *self.random.pick(&[
                    "'a', 'o'",
                    "/[aeiou]/, '*'",
                    "/(\\w)(\\w)/, '$2$1'",
                    "'l', 'L', 1",
                ]);
                format!("$replace({}, {what})", self.of(Text, depth))
            }
            11 => format!("$type({})", self.any(depth)),
            12 => format!(
                "$formatNumber({}, {})",
                self.of(Number, depth),
                self.random.pick(&["'0.00'", "'#,##0'", "'00%'"])
            ),
            13 => format!(
                "$formatBase($floor({}), {})",
                self.of(Number, depth),
                small + 2
            ),
            14 => format!("({} & {})", self.of(Number, depth), self.of(Truth, depth)),
            15 => format!("$split({}, ',')[{small}]", self.of(Text, depth)),
            16 => format!("{}.v[0]", self.of(Objects, depth)),
            _ => format!("$join($keys({}), '+')", self.of(Object, depth)),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        match self.random.below(12) {
            0..=1 => {
                let sign = *self.random.pick(&["<", "<=", ">", ">=", "=", "!="]);
                format!(
                    "({} {sign} {})",
                    self.of(Number, depth),
                    self.of(Number, depth)
                )
            }
            2 => {
                let sign = *self.random.pick(&["<", ">=", "=", "!="]);
                format!("({} {sign} {})", self.of(Text, depth), self.of(Text, depth))
            }
            3..=4 => {
                let sign = *self.random.pick(&["and", "or"]);
                format!(
                    "({} {sign} {})",
                    self.of(Truth, depth),
                    self.of(Truth, depth)
                )
            }
            5 => format!("$not({})", self.of(Truth, depth)),
            6 => format!(
                "({} in {})",
                self.of(Number, depth),
                self.of(Numbers, depth)
            ),
            7 => format!("$exists({})", self.any(depth)),
            8 => format!("$boolean({})", self.any(depth)),
            9 => format!(
                "$contains({}, {})",
                self.of(Text, depth),
                self.random.pick(&["'a'", "/^[A-Z]/", "''"])
            ),
            10 => format!("({} = {})", self.any(depth), self.any(depth)),
            _ => format!(
                "({} in {}.v)",
                self.of(Text, depth),
                self.of(Objects, depth)
            ),
        }
    }

    fn numbers(&mut self, depth: usize) -> String {
        match self.random.below(17) {
            0 => format!("[{}, {}]", self.of(Number, depth), self.of(Number, depth)),
            1 => format!(
                "[$floor({})..$floor({})]",
                self.of(Number, 0),
                self.of(Number, 0)
            ),
            2 => format!(
                "$map({}, function($x) {{ $x * 2 }})",
                self.of(Numbers, depth)
            ),
            3 => format!(
                "$map({}, function($x, $i) {{ $x + $i }})",
                self.of(Numbers, depth)
            ),
            4 => format!(
                "$filter({}, function($x) {{ $x > {} }})",
                self.of(Numbers, depth),
                self.of(Number, 0)
            ),
            5 => {
                let function = *self.random.pick(&["sort", "reverse", "distinct"]);
                format!("${function}({})", self.of(Numbers, depth))
            }
            6 => format!(
                "$append({}, {})",
                self.of(Numbers, depth),
                self.of(Numbers, depth)
            ),
            7 => format!("{}.id", self.of(Objects, depth)),
            8 => format!("{}[$ > {}]", self.of(Numbers, depth), self.of(Number, 0)),
            9 => format!(
                "$sort({}, function($l, $r) {{ $l < $r }})",
                self.of(Numbers, depth)
            ),
            10 => format!("{}.($ + 1)", self.of(Numbers, depth)),
            11 => format!("{}[[0..1]]", self.of(Numbers, depth)),
            12 => format!("{}.id[]", self.of(Objects, depth)),
            13 => format!(
                "$zip({}, {})",
                self.of(Numbers, depth),
                self.of(Numbers, depth)
            ),
            14 => format!("{}[on].id", self.of(Objects, depth)),
            15 => format!(
                "({} ~> $map(function($x) {{ $x % 2 = 0 ? $x }}))",
                self.of(Numbers, depth)
            ),
            _ => format!("{}#$i.($i * 10)", self.of(Objects, depth)),
        }
    }

    fn objects(&mut self, depth: usize) -> String {
        match self.random.below(10) {
            0 => format!("{}[id > {}]", self.of(Objects, depth), self.of(Number, 0)),
            1 => format!("{}[v = {}]", self.of(Objects, depth), self.of(Text, 0)),
            2 => format!("({}^(id))", self.of(Objects, depth)),
            3 => format!("({}^(>v, <id))", self.of(Objects, depth)),
            4 => format!("{}.{{'id': id + 1, 'v': v & '!'}}", self.of(Objects, depth)),
            5 => format!(
                "$map({}, function($o) {{ {{'id': $o.id, 'v': 'm'}} }})",
                self.of(Objects, depth)
            ),
            6 => format!(
                "$filter({}, function($o) {{ $o.on }})",
                self.of(Objects, depth)
            ),
            7 => format!("({} ~> |$|{{'v': 'T'}}, 'on'|)", self.of(Objects, depth)),
            8 => format!("[{}]", self.of(Objects, depth)),
            _ => format!(
                "{}[{}]",
                self.of(Objects, depth),
                self.random.pick(&["0", "-1", "[0..1]"])
            ),
        }
    }

    fn object(&mut self, depth: usize) -> String {
        match self.random.below(9) {
            0..=1 => format!(
                "{{'k': {}, 'd': {{'e': {}}}}}",
                self.of(Number, depth),
                self.of(Text, depth)
            ),
            2 => format!("{{'x': {}, 'y': {}}}", self.any(depth), self.any(depth)),
            3 => format!(
                "$merge([{}, {}])",
                self.of(Object, depth),
                self.of(Object, depth)
            ),
            4 => format!("{}{{v: id}}", self.of(Objects, depth)),
            5 => format!("{}{{v: $count(id)}}", self.of(Objects, depth)),
            6 => format!(
                "$sift({}, function($v, $k) {{ $k != 'd' }})",
                self.of(Object, depth)
            ),
            7 => format!("$merge({})", self.of(Objects, depth)),
            _ => format!(
                "$each({}, function($v, $k) {{ $k }})",
                self.of(Object, depth)
            ),
        }
    }
}
