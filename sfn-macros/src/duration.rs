//! Spans of time as they are written in attributes: `"60s"`, `"1h 30m"`, `"7 days"`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Lit, LitStr, parse::ParseStream};

use crate::{diagnostics::Diagnostics, options::equals};

/// The units, with all their spellings. The first of each is the one we write.
const UNITS: &[(&[&str], u64)] = &[
    (&["ms", "millisecond", "milliseconds"], 1),
    (&["s", "sec", "secs", "second", "seconds"], 1_000),
    (&["m", "min", "mins", "minute", "minutes"], 60_000),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600_000),
    (&["d", "day", "days"], 86_400_000),
    (&["w", "week", "weeks"], 604_800_000),
];

/// A span of time in the source.
#[derive(Clone)]
pub(crate) struct Span {
    /// The literal.
    pub(crate) at: Lit,
    /// Its worth.
    pub(crate) seconds: u64,
}

/// Reads ` = "5m"` after the option's name; `None` when the literal was reported.
pub(crate) fn option(
    name: &Ident,
    input: ParseStream<'_>,
    bounds: (u64, u64),
    found: &mut Diagnostics,
) -> syn::Result<Option<Span>> {
    equals(input, name, "\"5m\"")?;
    let negative = input.parse::<Option<syn::Token![-]>>()?;
    let literal = input.parse::<Lit>().map_err(|error| {
        syn::Error::new(
            error.span(),
            format!("`{name}` takes a span of time as text\nhelp: write `{name} = \"5m\"`"),
        )
    })?;
    if let Some(minus) = negative {
        found
            .error(&minus, format!("`{name}` cannot be negative"))
            .help(format!("write `{name} = \"5m\"`"));
        return Ok(None);
    }
    Ok(literal_in(name, &literal, bounds, found))
}

/// The span that a literal means, if it lies within the bounds (in seconds, both included).
pub(crate) fn literal_in(
    name: &Ident,
    literal: &Lit,
    (least, most): (u64, u64),
    found: &mut Diagnostics,
) -> Option<Span> {
    let text = match literal {
        Lit::Str(text) => text,
        Lit::Int(number) => {
            found
                .error(literal, format!("`{name}` needs a unit"))
                .help(format!(
                    "write `{name} = \"{}s\"` for seconds",
                    number.base10_digits()
                ));
            return None;
        }
        _ => {
            found
                .error(literal, format!("`{name}` takes a span of time as text"))
                .help(format!("write `{name} = \"5m\"`"));
            return None;
        }
    };
    let seconds = whole_seconds(text, found)?;
    if seconds < least {
        found
            .error(literal, format!("`{name}` must be at least {least} s"))
            .help(format!("write `{name} = \"{least}s\"` or more"));
        return None;
    }
    if seconds > most {
        found
            .error(
                literal,
                format!("`{name}` is {seconds} s, and Step Functions takes at most {most} s"),
            )
            .help(format!("write `{name} = \"{most}s\"` or less"));
        return None;
    }
    Some(Span {
        at: literal.clone(),
        seconds,
    })
}

/// The whole seconds that a text means.
pub(crate) fn whole_seconds(literal: &LitStr, found: &mut Diagnostics) -> Option<u64> {
    let milliseconds = match milliseconds(&literal.value()) {
        Ok(milliseconds) => milliseconds,
        Err(why) => {
            found.error(literal, why).help(
                "write numbers with units, such as \"60s\", \"5m\", \"1h 30m\" or \"7 days\"; \
                 the units are s, m, h, d and w",
            );
            return None;
        }
    };
    if milliseconds % 1_000 != 0 {
        let up = milliseconds.div_ceil(1_000);
        found
            .error(
                literal,
                format!("\"{}\" is no whole number of seconds", literal.value()),
            )
            .note("Step Functions counts whole seconds")
            .help(format!("write \"{up}s\""));
        return None;
    }
    Some(milliseconds / 1_000)
}

/// Reads `1h 30m`.
fn milliseconds(text: &str) -> Result<u64, String> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("the span of time is empty".to_owned());
    }
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        if number.is_empty() {
            return Err(format!(
                "\"{text}\" is no span of time: a number is missing before `{rest}`"
            ));
        }
        if after.starts_with('.') {
            return Err(format!(
                "\"{text}\" is no span of time: fractions are not understood"
            ));
        }
        let after = after.trim_start();
        let letters = after
            .find(|c: char| c.is_ascii_digit() || c.is_whitespace())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        if unit.is_empty() {
            return Err(format!(
                "\"{text}\" is no span of time: a unit is missing after `{number}`"
            ));
        }
        let scale = UNITS
            .iter()
            .find(|(names, _)| names.contains(&unit.to_lowercase().as_str()))
            .map(|(_, scale)| *scale)
            .ok_or_else(|| format!("\"{text}\" is no span of time: `{unit}` is no unit"))?;
        sum = number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(scale))
            .and_then(|part| sum.checked_add(part))
            .ok_or_else(|| format!("\"{text}\" is too long a span of time"))?;
        rest = after.trim_start();
    }
    Ok(sum)
}

impl Span {
    /// The value as a constant expression.
    pub(crate) fn tokens(&self) -> TokenStream {
        let seconds = self.seconds;
        quote! { ::core::time::Duration::from_secs(#seconds) }
    }
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[track_caller]
    fn check(text: &str, expected: Result<u64, &str>) {
        assert_eq!(
            milliseconds(text),
            expected.map_err(str::to_owned),
            "{text}"
        );
    }

    #[test]
    fn spans_of_time_are_read() {
        check("60s", Ok(60_000));
        check("5m", Ok(300_000));
        check("1h 30m", Ok(5_400_000));
        check("1h30m", Ok(5_400_000));
        check("7 days", Ok(604_800_000));
        check("1 Week", Ok(604_800_000));
        check("500ms", Ok(500));
        check("0s", Ok(0));
        check(" 2 minutes ", Ok(120_000));
    }

    #[test]
    fn what_is_no_span_of_time_is_explained() {
        check("", Err("the span of time is empty"));
        check(
            "5",
            Err("\"5\" is no span of time: a unit is missing after `5`"),
        );
        check(
            "5 5s",
            Err("\"5 5s\" is no span of time: a unit is missing after `5`"),
        );
        check(
            "m",
            Err("\"m\" is no span of time: a number is missing before `m`"),
        );
        check(
            "-5m",
            Err("\"-5m\" is no span of time: a number is missing before `-5m`"),
        );
        check(
            "1.5h",
            Err("\"1.5h\" is no span of time: fractions are not understood"),
        );
        check(
            "5 fortnights",
            Err("\"5 fortnights\" is no span of time: `fortnights` is no unit"),
        );
        check(
            "99999999999999999999s",
            Err("\"99999999999999999999s\" is too long a span of time"),
        );
    }
}
