use std::time::Duration;

/// Reads `40s`, `5m`, `1h 30m`, as in the attributes of the macros.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let wanted = || format!("`{text}` is no duration; write one as `40s`, `5m` or `1h 30m`");
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wanted());
    }
    let mut whole = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: u32 = rest[..digits].parse().map_err(|_| wanted())?;
        rest = rest[digits..].trim_start();
        let letters = rest.len() - rest.trim_start_matches(|c: char| c.is_alphabetic()).len();
        let seconds = match &rest[..letters] {
            "s" | "second" | "seconds" => 1,
            "m" | "minute" | "minutes" => 60,
            "h" | "hour" | "hours" => 3_600,
            "d" | "day" | "days" => 86_400,
            _ => return Err(wanted()),
        };
        whole += Duration::from_secs(u64::from(number) * seconds);
        rest = rest[letters..].trim_start();
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, seconds: Option<u64>) {
        assert_eq!(parse(text).ok(), seconds.map(Duration::from_secs), "{text}");
    }

    #[test]
    fn durations_have_units() {
        check("40s", Some(40));
        check("1h 30m", Some(5_400));
        check("1h30m", Some(5_400));
        check("7 days", Some(604_800));
        check("40", None);
        check("", None);
        check("s", None);
        check("5 parsecs", None);
        check("99999999999s", None);
    }
}
