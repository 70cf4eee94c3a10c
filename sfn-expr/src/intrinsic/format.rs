//! `States.Format`.

use std::borrow::Cow;

use serde_json::Value;

/// Puts the arguments in the places of `{}`; a backslash protects what follows it.
pub(super) fn format(template: &str, arguments: &[Cow<'_, Value>]) -> Result<Value, String> {
    let mut out = String::with_capacity(template.len());
    let mut arguments = arguments.iter();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next_if(|c| matches!(c, '\'' | '{' | '}' | '\\')) {
                Some(protected) => out.push(protected),
                None => out.push('\\'),
            },
            '{' if chars.next_if_eq(&'}').is_some() => match arguments.next() {
                Some(argument) => out.push_str(&crate::java::text(argument)),
                None => {
                    return Err("Invalid arguments: there are more {} than arguments".to_owned());
                }
            },
            '{' | '}' => {
                return Err("Invalid arguments: matching curly braces are missing".to_owned());
            }
            c => out.push(c),
        }
    }
    if arguments.next().is_some() {
        return Err("Invalid arguments: there are more arguments than {}".to_owned());
    }
    Ok(Value::String(out))
}
