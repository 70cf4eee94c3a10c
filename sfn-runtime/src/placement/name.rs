/// The most characters of an app's name: it leaves room for a step's in an activity's name.
pub(super) const APP_LIMIT: usize = 32;

/// The most characters of a profile's name.
const PROFILE_LIMIT: usize = 16;

/// # Errors
///
/// What is wrong with the name of a profile: it becomes a part of names on AWS.
pub(super) fn check_profile(name: &str) -> Result<(), String> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if name.is_empty() || name.len() > PROFILE_LIMIT || !name.chars().all(legal) {
        return Err(format!(
            "a profile's name has 1 to {PROFILE_LIMIT} small letters or digits, unlike `{name}`"
        ));
    }
    Ok(())
}

/// The text with `_` for all that names on AWS had better not hold, cut to `limit`.
pub(super) fn encode(text: &str, limit: usize) -> String {
    let legal = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' {
            c
        } else {
            '_'
        }
    };
    text.chars().map(legal).take(limit).collect()
}

/// The name that was probably meant.
pub(super) fn nearest<'n>(unknown: &str, names: &[&'n str]) -> Option<&'n str> {
    let (near, distance) = names
        .iter()
        .map(|name| (*name, distance(unknown, name)))
        .min_by_key(|(_, distance)| *distance)?;
    // A third of the letters wrong is still a slip; more is another word.
    (distance <= near.chars().count().div_ceil(3)).then_some(near)
}

/// How many letters must be put in, left out, changed or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<_>, Vec<_>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            rows[i][j] = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                rows[i][j] = rows[i][j].min(rows[i - 2][j - 2] + 1);
            }
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_found_and_other_words_are_not() {
        let names = ["run", "concurrency", "max_concurrency"];
        assert_eq!(nearest("concurency", &names), Some("concurrency"));
        assert_eq!(nearest("urn", &names), Some("run"));
        assert_eq!(nearest("memory", &names), None);
    }
}
