//! The functions Step Functions adds to JSONata or replaces.

use std::cell::RefCell;
use std::rc::Rc;

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Evaluator, EvaluatorError, HostFnResult};
use jsonata_core::value::JValue;

use super::convert::Converter;
use super::needs::children;
use crate::Environment;
use crate::hash::Algorithm;
use crate::random::JavaRandom;

/// The most elements `$range` makes before the service's memory limit strikes.
const MAX_RANGE: f64 = 360_145.0;

/// A function that the evaluator can call.
type Function = Box<dyn Fn(&[JValue]) -> HostFnResult>;

/// Which of the functions an expression names; only these are handed to the evaluator.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Functions {
    partition: bool,
    range: bool,
    hash: bool,
    parse: bool,
    uuid: bool,
    random: bool,
    shuffle: bool,
    parse_integer: bool,
    format_integer: bool,
    now: bool,
    millis: bool,
    eval: bool,
    encode_url: bool,
    encode_url_component: bool,
    /// One of them is called with an argument less: on the context item, which only the evaluator's own see.
    context_argument: bool,
}

impl Functions {
    pub(super) fn used_by(ast: &AstNode) -> Functions {
        let mut functions = Functions::default();
        functions.add(ast);
        functions
    }

    fn add(&mut self, node: &AstNode) {
        if let AstNode::Function { name, args, .. } = node {
            self.context_argument |= match name.as_str() {
                "encodeUrl" | "encodeUrlComponent" => args.is_empty(),
                "parseInteger" => args.len() < 2,
                _ => false,
            };
        }
        if let AstNode::Function { name, .. } | AstNode::Variable(name) = node {
            match name.as_str() {
                "partition" => self.partition = true,
                "range" => self.range = true,
                "hash" => self.hash = true,
                "parse" => self.parse = true,
                "uuid" => self.uuid = true,
                "random" => self.random = true,
                "shuffle" => self.shuffle = true,
                "parseInteger" => self.parse_integer = true,
                "formatInteger" => self.format_integer = true,
                "now" => self.now = true,
                "millis" => self.millis = true,
                "eval" => self.eval = true,
                "encodeUrl" => self.encode_url = true,
                "encodeUrlComponent" => self.encode_url_component = true,
                _ => {}
            }
        }
        children(node).into_iter().for_each(|child| self.add(child));
    }

    /// Registers the functions that are used.
    ///
    /// The evaluator wants functions that borrow nothing, so the environment is asked beforehand:
    /// once for the time, which stands still during an evaluation, and once for each source of randomness,
    /// from whose answer all further ones follow.
    pub(super) fn register(
        self,
        evaluator: &mut Evaluator,
        env: &mut dyn Environment,
        converter: &Rc<Converter>,
    ) {
        let mut add = |name: &str, function: Function| {
            evaluator
                .register_fn_override(name, move |arguments: &[JValue]| function(arguments))
                .expect("none of these functions can be compiled away");
        };
        if self.partition {
            add("partition", Box::new(partition));
        }
        if self.range {
            add("range", Box::new(range));
        }
        if self.hash {
            add("hash", Box::new(hash));
        }
        if self.parse {
            let converter = Rc::clone(converter);
            add(
                "parse",
                Box::new(move |arguments| parse(&converter, arguments)),
            );
        }
        if self.parse_integer && !self.context_argument {
            add("parseInteger", Box::new(parse_integer));
        }
        if self.format_integer {
            add("formatInteger", Box::new(format_integer));
        }
        if self.encode_url && !self.context_argument {
            add("encodeUrl", Box::new(encode_url));
        }
        if self.encode_url_component && !self.context_argument {
            add("encodeUrlComponent", Box::new(encode_url_component));
        }
        if self.eval {
            add(
                "eval",
                Box::new(|_| {
                    Err(EvaluatorError::ReferenceError(
                        "T1006: Attempted to invoke a non-function".to_owned(),
                    ))
                }),
            );
        }
        if self.now || self.millis {
            let millis = env.now_millis();
            if self.millis {
                add("millis", Box::new(move |_| Ok(JValue::from_i64(millis))));
            }
            if self.now {
                add("now", Box::new(move |arguments| now(millis, arguments)));
            }
        }
        if self.random || self.shuffle {
            let first = env.random();
            let numbers = Rc::new(RefCell::new(Numbers {
                next: first,
                source: JavaRandom::new(first.to_bits().cast_signed()),
            }));
            if self.random {
                let numbers = Rc::clone(&numbers);
                add(
                    "random",
                    Box::new(move |arguments| random(&numbers, arguments)),
                );
            }
            if self.shuffle {
                add(
                    "shuffle",
                    Box::new(move |arguments| shuffle(&numbers, arguments)),
                );
            }
        }
        if self.uuid {
            let uuids = RefCell::new(Uuids {
                first: env.uuid(),
                given: 0,
            });
            add(
                "uuid",
                Box::new(move |_| Ok(JValue::string(uuids.borrow_mut().draw()))),
            );
        }
    }
}

/// The environment's random number, and those that follow from it.
struct Numbers {
    next: f64,
    source: JavaRandom,
}

impl Numbers {
    fn draw(&mut self) -> f64 {
        let drawn = self.next;
        self.next = self.source.next_double();
        drawn
    }
}

/// The environment's UUID, and those that follow from it.
struct Uuids {
    first: String,
    given: u64,
}

impl Uuids {
    fn draw(&mut self) -> String {
        self.given += 1;
        if self.given == 1 {
            return self.first.clone();
        }
        let mut hex: Vec<char> = Algorithm::Sha256
            .hex(format!("{} {}", self.first, self.given).as_bytes())
            .chars()
            .take(32)
            .collect();
        // Version 4, variant 1.
        hex[12] = '4';
        hex[16] = ['8', '9', 'a', 'b'][hex[16].to_digit(16).map_or(0, |digit| digit as usize % 4)];
        let part = |range: std::ops::Range<usize>| hex[range].iter().collect::<String>();
        format!(
            "{}-{}-{}-{}-{}",
            part(0..8),
            part(8..12),
            part(12..16),
            part(16..20),
            part(20..32)
        )
    }
}

fn thrown(code_and_message: impl Into<String>) -> EvaluatorError {
    EvaluatorError::EvaluationError(code_and_message.into())
}

fn signature(argument: usize, function: &str) -> EvaluatorError {
    thrown(format!(
        "T0410: Argument {argument} of function \"{function}\" does not match function signature"
    ))
}

/// An integer argument, cut off towards zero; `None` when it is undefined.
fn integer(arguments: &[JValue], at: usize, function: &str) -> Result<Option<f64>, EvaluatorError> {
    match arguments.get(at) {
        None | Some(JValue::Undefined) => Ok(None),
        Some(JValue::Number(n)) => Ok(Some(n.trunc())),
        Some(_) => Err(signature(at + 1, function)),
    }
}

fn text<'v>(
    arguments: &'v [JValue],
    at: usize,
    function: &str,
) -> Result<Option<&'v str>, EvaluatorError> {
    match arguments.get(at) {
        None | Some(JValue::Undefined) => Ok(None),
        Some(JValue::String(text)) => Ok(Some(text)),
        Some(_) => Err(signature(at + 1, function)),
    }
}

/// `$partition(array, size)`: the items in arrays of `size`.
fn partition(arguments: &[JValue]) -> HostFnResult {
    let items = match arguments.first() {
        None | Some(JValue::Undefined) => return Ok(JValue::Undefined),
        Some(JValue::Array(items)) => items.to_vec(),
        Some(single) => vec![single.clone()],
    };
    match integer(arguments, 1, "partition")? {
        Some(size) if size >= 1.0 => Ok(JValue::array(
            items
                .chunks(size as usize)
                .map(|chunk| JValue::array(chunk.to_vec()))
                .collect(),
        )),
        _ => Ok(JValue::Undefined),
    }
}

/// `$range(start, end, step)`: as a sequence, so a single number comes alone.
fn range(arguments: &[JValue]) -> HostFnResult {
    let (Some(start), Some(end), Some(step)) = (
        integer(arguments, 0, "range")?,
        integer(arguments, 1, "range")?,
        integer(arguments, 2, "range")?,
    ) else {
        return Ok(JValue::Undefined);
    };
    if step == 0.0 || (end - start) * step < 0.0 {
        return Ok(JValue::Undefined);
    }
    let steps = ((end - start) / step).floor();
    if steps >= MAX_RANGE {
        return Err(thrown("D2014: the range has too many elements"));
    }
    let items: Vec<JValue> = (0..=steps as u64)
        .map(|i| JValue::Number(start + i as f64 * step))
        .collect();
    Ok(match <[JValue; 1]>::try_from(items) {
        Ok([single]) => single,
        Err(items) => JValue::sequence(items),
    })
}

/// `$hash(text, algorithm)`.
fn hash(arguments: &[JValue]) -> HostFnResult {
    let Some(data) = text(arguments, 0, "hash")? else {
        return Ok(JValue::Undefined);
    };
    let Some(name) = text(arguments, 1, "hash")? else {
        return Ok(JValue::Undefined);
    };
    let algorithm = Algorithm::named(name).ok_or_else(|| signature(2, "hash"))?;
    Ok(JValue::string(algorithm.hex(data.as_bytes())))
}

/// The marks that `$encodeUrlComponent` leaves as they are, besides letters and digits of ASCII.
const COMPONENT: &str = "-_.!~*'()";

/// Those that `$encodeUrl` leaves as well, since they part a URL.
const URL: &str = "-_.!~*'();/?:@&=+$,#";

/// `$encodeUrl(text)`; the evaluator's own keeps blanks and quotes.
fn encode_url(arguments: &[JValue]) -> HostFnResult {
    Ok(match text(arguments, 0, "encodeUrl")? {
        Some(text) => JValue::string(percent_encoded(text, URL)),
        None => JValue::Undefined,
    })
}

/// `$encodeUrlComponent(text)`; the evaluator's own encodes marks such as `-`, too.
fn encode_url_component(arguments: &[JValue]) -> HostFnResult {
    Ok(match text(arguments, 0, "encodeUrlComponent")? {
        Some(text) => JValue::string(percent_encoded(text, COMPONENT)),
        None => JValue::Undefined,
    })
}

/// The bytes of `text` as `%XX`, save letters, digits and what is in `kept`.
fn percent_encoded(text: &str, kept: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || (c.is_ascii() && kept.contains(c)) {
            encoded.push(c);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// `$parse(text)`: the value of a JSON text.
fn parse(converter: &Converter, arguments: &[JValue]) -> HostFnResult {
    let Some(text) = text(arguments, 0, "parse")? else {
        return Ok(JValue::Undefined);
    };
    match serde_json::from_str(text) {
        Ok(mut value) => {
            crate::number::without_negative_zero(&mut value);
            Ok(converter.whole(&value))
        }
        Err(_) => Err(signature(1, "parse")),
    }
}

/// `$now([picture [, timezone]])`, at the environment's time.
fn now(millis: i64, arguments: &[JValue]) -> HostFnResult {
    for at in 0..arguments.len().min(2) {
        text(arguments, at, "now")?;
    }
    let now = JValue::from_i64(millis);
    match arguments {
        [] => own("fromMillis", [now]),
        [picture] => own("fromMillis", [now, picture.clone()]),
        [picture, timezone, ..] => own("fromMillis", [now, picture.clone(), timezone.clone()]),
    }
}

/// `$parseInteger(text, picture)`: what is no such integer is not a number; the evaluator's own fails, or finds 0.
fn parse_integer(arguments: &[JValue]) -> HostFnResult {
    let parsed = own("parseInteger", arguments.iter().cloned());
    let none = match (&parsed, arguments) {
        (Err(error), _) => error.message().starts_with("D3136"),
        // Roman numbers begin at one.
        (Ok(JValue::Number(n)), [_, JValue::String(picture)]) => {
            *n == 0.0 && matches!(&**picture, "I" | "i")
        }
        _ => false,
    };
    if none {
        Ok(JValue::Number(f64::NAN))
    } else {
        parsed
    }
}

/// The largest number that is written in Roman digits: its thousands are as many letters, and take some megabytes.
const LARGEST_ROMAN: f64 = 6e9;

/// `$formatInteger(number, picture)`; the evaluator's own looks without end for the words of what is no number.
fn format_integer(arguments: &[JValue]) -> HostFnResult {
    if let [JValue::Number(n), picture, ..] = arguments {
        if !n.is_finite() {
            return Err(thrown("D1001: Number out of range: null"));
        }
        if n.abs() > LARGEST_ROMAN
            && matches!(picture, JValue::String(picture) if picture.starts_with(['I', 'i']))
        {
            return Err(thrown("D2014: the Roman number has too many letters"));
        }
    }
    own("formatInteger", arguments.iter().cloned())
}

/// Calls a function of the evaluator's own.
fn own(name: &str, arguments: impl IntoIterator<Item = JValue>) -> HostFnResult {
    let mut context = jsonata_core::evaluator::Context::new();
    let mut args = Vec::new();
    for (i, argument) in arguments.into_iter().enumerate() {
        let variable = format!("argument {i}");
        context.bind(variable.clone(), argument);
        args.push(AstNode::Variable(variable));
    }
    let call = AstNode::Function {
        name: name.to_owned(),
        args,
        is_builtin: true,
    };
    super::evaluate::surely(
        &mut Evaluator::with_context(context),
        &call,
        &JValue::Undefined,
    )
}

/// `$random([seed])`: a seed decides the number as `java.util.Random` does.
fn random(numbers: &RefCell<Numbers>, arguments: &[JValue]) -> HostFnResult {
    Ok(JValue::Number(match integer(arguments, 0, "random")? {
        Some(seed) => JavaRandom::new(seed as i64).next_double(),
        None => numbers.borrow_mut().draw(),
    }))
}

/// `$shuffle(array)`.
fn shuffle(numbers: &RefCell<Numbers>, arguments: &[JValue]) -> HostFnResult {
    let mut items = match arguments.first() {
        None | Some(JValue::Undefined) => return Ok(JValue::Undefined),
        Some(JValue::Array(items)) => items.to_vec(),
        Some(single) => vec![single.clone()],
    };
    let mut numbers = numbers.borrow_mut();
    for i in (1..items.len()).rev() {
        let j = (numbers.draw() * (i + 1) as f64) as usize;
        items.swap(i, j.min(i));
    }
    Ok(JValue::array(items))
}
