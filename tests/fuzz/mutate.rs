//! New cases from old ones: JSON is changed as a tree, other text by its tokens, and anything by its bytes.

use serde_json::{Value, json};
use sfn_tests::random::Random;

/// What the seeds are made of, to be put elsewhere.
pub(crate) struct Pool {
    values: Vec<Value>,
    keys: Vec<String>,
    tokens: Vec<String>,
}

impl Pool {
    pub(crate) fn of(seeds: &[Vec<u8>]) -> Pool {
        let mut values = vec![
            json!(null),
            json!(0),
            json!(-1),
            json!(1.5),
            json!(1e300),
            json!(99_999_999_999_i64),
            json!(""),
            json!([]),
            json!({}),
            json!(true),
            json!("$"),
            json!("$.a.b"),
            json!("{% $states.input %}"),
            json!("States.UUID()"),
            json!("\u{0}ß𝄞"),
        ];
        let (mut keys, mut tokens) = (Vec::new(), Vec::new());
        for seed in seeds {
            let text = String::from_utf8_lossy(seed);
            tokens.extend(split(&text).into_iter().map(str::to_owned));
            for (start, _) in text.match_indices('{') {
                let mut parsed = serde_json::Deserializer::from_str(&text[start..]).into_iter();
                if let Some(Ok(value)) = parsed.next() {
                    collect(&value, &mut values, &mut keys);
                    break;
                }
            }
        }
        tokens.sort();
        tokens.dedup();
        keys.sort();
        keys.dedup();
        Pool {
            values,
            keys,
            tokens,
        }
    }

    /// A changed copy of `seed`.
    pub(crate) fn mutate(&self, seed: &[u8], random: &mut Random) -> Vec<u8> {
        if random.one_in(10) {
            return bytes(seed, random);
        }
        let text = String::from_utf8_lossy(seed).into_owned();
        // The part of the seed that is JSON, if there is one: a line of API calls, a definition, an input.
        let lines: Vec<&str> = text.split('\n').collect();
        let line = random.below(lines.len());
        let start = lines[line].find('{').unwrap_or(0);
        let (head, body) = lines[line].split_at(start);
        if let Ok(mut value) = serde_json::from_str::<Value>(body)
            && (value.is_object() || value.is_array())
            && !random.one_in(8)
        {
            for _ in 0..=random.below(3) {
                self.tree(&mut value, random, 0);
            }
            let mut lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
            lines[line] = format!("{head}{value}");
            return lines.join("\n").into_bytes();
        }
        self.text(&text, random).into_bytes()
    }

    /// Changes one place in a tree; the walk goes down most of the time.
    fn tree(&self, value: &mut Value, random: &mut Random, depth: usize) {
        let down = depth < 2 || !random.one_in(3);
        match value {
            Value::Object(members) if !members.is_empty() && down => {
                let key = members
                    .keys()
                    .nth(random.below(members.len()))
                    .expect("below the length")
                    .clone();
                match random.below(12) {
                    0 => drop(members.shift_remove(&key)),
                    1 => {
                        let moved = members.shift_remove(&key).expect("it is a key");
                        members.insert(random.pick(&self.keys).clone(), moved);
                    }
                    2 => {
                        let added = random.pick(&self.values).clone();
                        members.insert(random.pick(&self.keys).clone(), added);
                    }
                    _ => self.tree(&mut members[&key], random, depth + 1),
                }
            }
            Value::Array(items) if !items.is_empty() && down => {
                let index = random.below(items.len());
                match random.below(8) {
                    0 => drop(items.remove(index)),
                    1 => items.push(items[index].clone()),
                    _ => self.tree(&mut items[index], random, depth + 1),
                }
            }
            Value::String(text) if !random.one_in(4) => {
                // A definition within a body is a tree in a text.
                if let Ok(mut inner) = serde_json::from_str::<Value>(text)
                    && inner.is_object()
                {
                    self.tree(&mut inner, random, 0);
                    *text = inner.to_string();
                } else {
                    *text = self.text(text, random);
                }
            }
            other => *other = random.pick(&self.values).clone(),
        }
    }

    fn token(&self, random: &mut Random) -> &str {
        random.pick::<String>(&self.tokens)
    }

    /// Takes tokens out of a text, doubles, swaps and replaces them.
    fn text<'a>(&'a self, text: &'a str, random: &mut Random) -> String {
        let mut tokens = split(text);
        for _ in 0..=random.below(4) {
            let at = random.below(tokens.len() + 1);
            if at == tokens.len() || random.one_in(3) {
                tokens.insert(at, self.token(random));
                continue;
            }
            match random.below(4) {
                0 => drop(tokens.remove(at)),
                1 => tokens.insert(at, tokens[at]),
                2 => {
                    let other = random.below(tokens.len());
                    tokens.swap(at, other);
                }
                _ => tokens[at] = self.token(random),
            }
        }
        tokens.concat()
    }
}

fn collect(value: &Value, values: &mut Vec<Value>, keys: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                keys.push(key.clone());
                collect(member, values, keys);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, values, keys)),
        Value::String(text) if text.starts_with('{') => {
            if let Ok(inner @ Value::Object(_)) = serde_json::from_str(text) {
                collect(&inner, values, keys);
            }
        }
        _ => {}
    }
    values.push(value.clone());
}

/// Words whole, everything else by the character.
fn split(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut previous = None;
    for (at, c) in text.char_indices() {
        if at > start && !(word(c) && previous.is_some_and(word)) {
            tokens.push(&text[start..at]);
            start = at;
        }
        previous = Some(c);
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

fn bytes(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => drop(bytes.remove(at)),
            1 => bytes.truncate(at),
            2 => bytes.insert(at, *random.pick(b"\0\"\\{}[]$.%'\xff\xc3")),
            _ => bytes[at] ^= 1 << random.below(8),
        }
    }
    bytes
}
