//! How services are called: `services.txt`, read.

use std::{collections::HashMap, sync::LazyLock};

/// `generate.py` beside it writes it and tells its format.
const TABLE: &str = include_str!("services.txt");

/// The services by their names in `aws-sdk:<name>:…`.
static SERVICES: LazyLock<HashMap<&'static str, Service>> = LazyLock::new(|| {
    let sections = TABLE.split("\n@").map(|text| text.trim_start_matches('@'));
    sections
        .filter_map(|section| {
            let service = Service::parse(section)?;
            Some((service.name, service))
        })
        .collect()
});

/// The service that `aws-sdk:<name>:…` names, if it is called by a protocol of the table.
pub(super) fn service(name: &str) -> Option<&'static Service> {
    SERVICES.get(name)
}

/// The names of all services in the table, sorted.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = SERVICES.keys().copied().collect();
    names.sort_unstable();
    names
}

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// JSON bodies, the operation in `X-Amz-Target`: the version and what the target begins with.
    Json {
        version: &'static str,
        target: &'static str,
    },
    /// Forms out, XML back: the API's version.
    Query { version: &'static str },
}

/// A service.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) name: &'static str,
    /// What the names of its errors begin with.
    pub(super) error_prefix: &'static str,
    pub(super) protocol: Protocol,
    /// Its name in signatures.
    pub(super) signed_as: &'static str,
    /// Whether its members begin with a small letter on the wire.
    pub(super) camel: bool,
    shapes: Vec<Shape>,
    operations: HashMap<&'static str, Operation>,
    errors: HashMap<&'static str, &'static str>,
}

/// An operation's shapes; `None` is passed as it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) sent: Option<usize>,
    pub(super) answered: Option<usize>,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Shape {
    Structure(Vec<Member>),
    /// Its elements' shape, and their name where they stand in an element of their own.
    List {
        of: usize,
        element: Option<&'static str>,
    },
    /// Its values' shape, and the names of keys and values.
    Map {
        of: usize,
        key: &'static str,
        value: &'static str,
    },
    Text,
    Whole,
    Number,
    Truth,
    Time,
    Bytes,
    Anything,
}

/// A member of a structure that is not passed as it is.
#[derive(Debug)]
pub(super) struct Member {
    /// As Step Functions names it.
    pub(super) name: &'static str,
    /// On the wire, where that is not the expected name.
    pub(super) wire: Option<&'static str>,
    pub(super) shape: usize,
}

impl Service {
    fn parse(section: &'static str) -> Option<Self> {
        let mut lines = section.lines();
        let mut words = lines.next()?.split(' ');
        let (name, error_prefix) = (words.next()?, words.next()?);
        let (protocol, target) = (words.next()?, words.next()?);
        let protocol = match protocol.strip_prefix("json") {
            Some(version) => Protocol::Json { version, target },
            None => Protocol::Query { version: target },
        };
        let (signed_as, camel) = (words.next()?, words.next()? == "camel");
        let mut service = Self {
            name,
            error_prefix,
            protocol,
            signed_as,
            camel,
            shapes: Vec::new(),
            operations: HashMap::new(),
            errors: HashMap::new(),
        };
        for line in lines {
            if let Some(operation) = line.strip_prefix('.') {
                let mut words = operation.split(' ');
                let name = words.next()?;
                let mut number = || words.next().and_then(|word| word.parse().ok());
                let (sent, answered) = (number(), number());
                let operation = Operation {
                    name,
                    sent,
                    answered,
                };
                service.operations.insert(name, operation);
            } else if let Some(error) = line.strip_prefix('!') {
                let (code, name) = error.rsplit_once(' ')?;
                service.errors.insert(code, name);
            } else {
                service.shapes.push(Shape::parse(line)?);
            }
        }
        Some(service)
    }

    /// The operation that a resource such as `…:putItem` names.
    pub(super) fn operation(&self, verb: &str) -> Option<Operation> {
        self.operations.get(&*capital(verb)).copied()
    }

    pub(super) fn shape(&self, number: Option<usize>) -> Option<&Shape> {
        self.shapes.get(number?)
    }

    /// The error that the service's model has for a code, by its class in the AWS SDK for Java.
    pub(super) fn error(&self, code: &str) -> Option<&'static str> {
        self.errors.get(code).copied()
    }

    /// A member's name on the wire, where the table does not give it.
    pub(super) fn wire(&self, name: &str) -> String {
        if self.camel {
            first(name, |c| c.to_ascii_lowercase())
        } else {
            name.to_owned()
        }
    }
}

impl Shape {
    fn parse(line: &'static str) -> Option<Self> {
        let mut letters = line.chars();
        let kind = letters.next()?;
        let mut words = letters.as_str().split(' ');
        Some(match kind {
            '{' => {
                let members = words.filter(|word| !word.is_empty()).map(|word| {
                    let (name, shape) = word.split_once('=')?;
                    let (name, wire) = match name.split_once(':') {
                        Some((name, wire)) => (name, Some(wire)),
                        None => (name, None),
                    };
                    let shape = shape.parse().ok()?;
                    Some(Member { name, wire, shape })
                });
                Shape::Structure(members.collect::<Option<_>>()?)
            }
            '[' => Shape::List {
                of: words.next()?.parse().ok()?,
                element: Some(words.next().unwrap_or("member")),
            },
            ']' => Shape::List {
                of: words.next()?.parse().ok()?,
                element: None,
            },
            'm' => Shape::Map {
                of: words.next()?.parse().ok()?,
                key: words.next().unwrap_or("key"),
                value: words.next().unwrap_or("value"),
            },
            's' => Shape::Text,
            'i' => Shape::Whole,
            'f' => Shape::Number,
            'b' => Shape::Truth,
            't' => Shape::Time,
            'x' => Shape::Bytes,
            '*' => Shape::Anything,
            _ => return None,
        })
    }
}

/// With a capital letter first.
pub(super) fn capital(name: &str) -> String {
    first(name, |c| c.to_ascii_uppercase())
}

fn first(name: &str, change: fn(&char) -> char) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(letter) => std::iter::once(change(&letter)).chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_read() {
        let marks = TABLE.lines().filter(|line| line.starts_with('@')).count();
        assert_eq!(names().len(), marks);
        for service in SERVICES.values() {
            assert!(!service.operations.is_empty(), "{}", service.name);
            let numbers = service.operations.values();
            for number in numbers.flat_map(|found| [found.sent, found.answered]) {
                assert!(
                    number.is_none_or(|number| number < service.shapes.len()),
                    "{}",
                    service.name
                );
            }
        }
    }

    #[test]
    fn services_are_known_as_the_sdk_names_them() {
        let dynamodb = service("dynamodb").expect("in the table");
        assert_eq!(
            dynamodb.protocol,
            Protocol::Json {
                version: "1.0",
                target: "DynamoDB_20120810"
            }
        );
        assert_eq!(dynamodb.error_prefix, "DynamoDb");
        assert_eq!(
            dynamodb.operation("putItem").map(|found| found.name),
            Some("PutItem")
        );
        assert!(dynamodb.operation("putCake").is_none());
        assert!(service("sfn").expect("in the table").camel);
        let sns = service("sns").expect("in the table");
        assert_eq!(sns.error("NotFound"), Some("NotFoundException"));
    }
}
