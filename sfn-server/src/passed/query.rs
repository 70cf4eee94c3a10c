//! Services of the query protocol: forms out, XML back.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use roxmltree::Node;
use serde_json::{Map, Value};

use super::{
    escape,
    json::text,
    table::{Operation, Service, Shape},
};

/// The form of a call.
///
/// The error names the parameter that the operation does not have.
pub(super) fn form(
    service: &Service,
    version: &str,
    operation: Operation,
    parameters: &Value,
) -> Result<String, String> {
    let mut fields = vec![
        ("Action".to_owned(), operation.name.to_owned()),
        ("Version".to_owned(), version.to_owned()),
    ];
    flatten(service, "", operation.sent, parameters, &mut fields)?;
    let fields = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name, ""), escape(value, "")));
    Ok(fields.collect::<Vec<_>>().join("&"))
}

fn flatten(
    service: &Service,
    name: &str,
    shape: Option<usize>,
    value: &Value,
    fields: &mut Vec<(String, String)>,
) -> Result<(), String> {
    let under = |part: &str| match name {
        "" => part.to_owned(),
        name => format!("{name}.{part}"),
    };
    match (service.shape(shape), value) {
        (_, Value::Null) => {}
        (Some(Shape::Structure(members)), Value::Object(given)) => {
            for (given, value) in given {
                let member = members.iter().find(|member| member.name == given);
                let member = member.ok_or_else(|| under(given))?;
                let wire = under(member.wire.unwrap_or(member.name));
                flatten(service, &wire, Some(member.shape), value, fields)?;
            }
        }
        (Some(Shape::List { of, element }), Value::Array(items)) => {
            // An empty list is an empty field, or it would not be there at all.
            if items.is_empty() {
                fields.push((name.to_owned(), String::new()));
            }
            for (index, item) in items.iter().enumerate() {
                let place = match element {
                    Some(element) => under(&format!("{element}.{}", index + 1)),
                    None => under(&(index + 1).to_string()),
                };
                flatten(service, &place, Some(*of), item, fields)?;
            }
        }
        (
            Some(Shape::Map {
                of,
                key: key_name,
                value: value_name,
            }),
            Value::Object(entries),
        ) => {
            for (index, (key, value)) in entries.iter().enumerate() {
                let entry = under(&format!("entry.{}", index + 1));
                fields.push((format!("{entry}.{key_name}"), key.clone()));
                let place = format!("{entry}.{value_name}");
                flatten(service, &place, Some(*of), value, fields)?;
            }
        }
        (Some(Shape::Bytes), value) => {
            fields.push((name.to_owned(), STANDARD.encode(text(value))));
        }
        // An operation without parameters.
        (None, Value::Object(given)) if name.is_empty() => {
            if let Some((given, _)) = given.iter().next() {
                return Err(given.clone());
            }
        }
        (_, value) => fields.push((name.to_owned(), text(value))),
    }
    Ok(())
}

/// A task's result for the XML that came back.
pub(super) fn result(service: &Service, operation: Operation, answer: Node<'_, '_>) -> Value {
    let wrapper = format!("{}Result", operation.name);
    let found = answer
        .children()
        .find(|node| node.tag_name().name() == wrapper);
    match (found, operation.answered) {
        (Some(node), Some(shape)) => value(service, shape, node),
        _ => Value::Object(Map::new()),
    }
}

fn value(service: &Service, shape: usize, node: Node<'_, '_>) -> Value {
    let inner = node.text().unwrap_or_default();
    let elements = |name: &'static str| {
        let children = node.children().filter(Node::is_element);
        children.filter(move |child| child.tag_name().name() == name)
    };
    match service.shape(Some(shape)) {
        Some(Shape::Structure(members)) => {
            let mut fields = Map::new();
            for member in members {
                let mut found = elements(member.wire.unwrap_or(member.name)).peekable();
                if found.peek().is_none() {
                    continue;
                }
                let shown = match service.shape(Some(member.shape)) {
                    Some(Shape::List { of, element: None }) => {
                        Some(found.map(|node| value(service, *of, node)).collect())
                    }
                    _ => found.map(|node| value(service, member.shape, node)).next(),
                };
                if let Some(shown) = shown {
                    fields.insert(member.name.to_owned(), shown);
                }
            }
            Value::Object(fields)
        }
        Some(Shape::List { of, element }) => elements(element.unwrap_or("member"))
            .map(|node| value(service, *of, node))
            .collect(),
        Some(Shape::Map {
            of,
            key,
            value: name,
        }) => {
            let entries = elements("entry").filter_map(|entry| {
                let part = |wanted: &str| {
                    let mut parts = entry.children();
                    parts.find(|part| part.tag_name().name() == wanted)
                };
                let key = part(key)?.text().unwrap_or_default().to_owned();
                Some((key, value(service, *of, part(name)?)))
            });
            Value::Object(entries.collect())
        }
        Some(Shape::Whole) => inner.parse::<i64>().map_or(inner.into(), Value::from),
        Some(Shape::Number) => inner.parse::<f64>().map_or(inner.into(), Value::from),
        Some(Shape::Truth) => inner.parse::<bool>().map_or(inner.into(), Value::from),
        Some(Shape::Time) => inner.replace(".000Z", "Z").into(),
        Some(Shape::Bytes) => match STANDARD.decode(inner) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into(),
            Err(_) => inner.into(),
        },
        _ => inner.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::table, *};

    fn sns(verb: &str) -> (&'static Service, Operation) {
        let service = table::service("sns").expect("in the table");
        (service, service.operation(verb).expect("an operation"))
    }

    #[track_caller]
    fn check(verb: &str, parameters: Value, expected: &str) {
        let (service, operation) = sns(verb);
        let form = form(service, "2010-03-31", operation, &parameters).unwrap_or_else(|name| name);
        let begin = format!("Action={}&Version=2010-03-31", operation.name);
        assert_eq!(form.strip_prefix(&begin).unwrap_or(&form), expected);
    }

    #[test]
    fn parameters_are_flattened() {
        check(
            "publish",
            json!({"TopicArn": "a:b", "Message": {"a": 1}, "MessageAttributes": {"x": {"DataType": "String", "StringValue": "é"}}}),
            "&TopicArn=a%3Ab&Message=%7B%22a%22%3A1%7D&MessageAttributes.entry.1.Name=x\
             &MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=%C3%A9",
        );
        check(
            "createTopic",
            json!({"Name": "n", "Attributes": {"FifoTopic": true}, "Tags": [{"Key": "k", "Value": "v"}]}),
            "&Name=n&Attributes.entry.1.key=FifoTopic&Attributes.entry.1.value=true&Tags.member.1.Key=k&Tags.member.1.Value=v",
        );
        check("publish", json!({"Massage": "m"}), "Massage");
    }

    #[test]
    fn answers_are_read_by_their_shapes() {
        let (service, operation) = sns("getTopicAttributes");
        let xml = "<R xmlns='http://sns.amazonaws.com/doc/2010-03-31/'><GetTopicAttributesResult><Attributes>\
                   <entry><key>A</key><value>1 &amp; 2</value></entry></Attributes></GetTopicAttributesResult></R>";
        let xml = roxmltree::Document::parse(xml).expect("XML");
        assert_eq!(
            result(service, operation, xml.root_element()),
            json!({"Attributes": {"A": "1 & 2"}})
        );
        let (service, operation) = sns("listTopics");
        let xml = "<R><ListTopicsResult><Topics><member><TopicArn>a</TopicArn></member><member><TopicArn>b</TopicArn>\
                   </member></Topics></ListTopicsResult></R>";
        let xml = roxmltree::Document::parse(xml).expect("XML");
        assert_eq!(
            result(service, operation, xml.root_element()),
            json!({"Topics": [{"TopicArn": "a"}, {"TopicArn": "b"}]})
        );
    }
}
