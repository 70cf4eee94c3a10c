//! Lines with a checksum: `<crc32 as eight hex digits> <text>\n`.
//!
//! The text holds no line feed (JSON text written without spaces never does), so a file is read with `cut -c10- | jq`.

use crate::store::Error;

/// Adds a line.
pub(super) fn write(into: &mut Vec<u8>, parts: &[&str]) {
    let mut hasher = crc32fast::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes());
    }
    into.extend_from_slice(format!("{:08x} ", hasher.finalize()).as_bytes());
    for part in parts {
        into.extend_from_slice(part.as_bytes());
    }
    into.push(b'\n');
}

/// The text of a line (without its line feed), if its checksum is right.
pub(super) fn text(line: &[u8]) -> Option<&str> {
    let (sum, text) = line.split_at_checked(9)?;
    let (sum, b" ") = sum.split_at(8) else {
        return None;
    };
    let sum = u32::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok()?;
    let text = std::str::from_utf8(text).ok()?;
    (crc32fast::hash(text.as_bytes()) == sum).then_some(text)
}

/// Hands over the texts of all lines with where they begin and how many bytes they take; answers how many bytes are good.
/// `from` is where in the file these bytes begin.
///
/// One write may have been cut off by a crash; it is the last one, since none begins before the one ahead of it is safe.
/// A bad line with a good one behind it is thus no torn write but damage.
///
/// # Errors
/// [`Error::Corrupt`] on damage, and whatever `each` refuses.
pub(super) fn read(
    bytes: &[u8],
    file: &str,
    from: u64,
    mut each: impl FnMut(&str, u64, usize) -> Result<(), Error>,
) -> Result<usize, Error> {
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr(&bytes[at..]).map(|length| at + length);
        let line = end.map(|end| &bytes[at..end]);
        match (line.and_then(text), end) {
            (Some(text), Some(end)) => {
                each(text, from + at as u64, end + 1 - at)?;
                at = end + 1;
            }
            (_, end) => {
                let rest = end.map_or(&[][..], |end| &bytes[end + 1..]);
                if rest
                    .split(|byte| *byte == b'\n')
                    .any(|line| text(line).is_some())
                {
                    return Err(Error::Corrupt(format!(
                        "`{file}` is damaged at byte {}, and it is not the end",
                        from + at as u64
                    )));
                }
                break;
            }
        }
    }
    Ok(at)
}

fn memchr(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, &["[", "1", "]"]);
        write(&mut bytes, &["[2]"]);
        bytes
    }

    fn texts(bytes: &[u8]) -> Result<(Vec<String>, usize), Error> {
        let mut texts = Vec::new();
        let good = read(bytes, "f", 0, |text, _, _| {
            texts.push(text.to_owned());
            Ok(())
        })?;
        Ok((texts, good))
    }

    #[test]
    fn wherever_the_last_line_is_cut_the_ones_ahead_are_read() {
        let bytes = lines();
        let first = memchr(&bytes).expect("two lines") + 1;
        for cut in first..bytes.len() {
            let (found, good) = texts(&bytes[..cut]).expect("a torn end is no damage");
            assert_eq!((found.len(), good), (1, first), "{cut}");
        }
        assert_eq!(texts(&bytes).expect("all good").1, bytes.len());
    }

    #[test]
    fn zeros_at_the_end_are_a_torn_write() {
        let mut bytes = lines();
        let good = bytes.len();
        bytes.extend([0; 100]);
        assert_eq!(texts(&bytes).expect("a torn end is no damage").1, good);
    }

    #[test]
    fn a_flipped_bit_in_the_middle_is_damage() {
        let mut bytes = lines();
        bytes[10] ^= 1;
        let error = texts(&bytes).expect_err("damage").to_string();
        assert_eq!(
            error,
            "unreadable record: `f` is damaged at byte 0, and it is not the end"
        );
    }
}
