//! Task tokens: what a worker reports with.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A task of an execution: the place that runs it, and which of that place's tasks it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaskId {
    pub(crate) frame: u32,
    /// Never the same twice in one execution.
    pub(crate) nonce: u32,
}

/// A task token taken apart. Its secret keeps one worker from answering for another by counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TaskToken {
    pub(crate) execution: u64,
    pub(crate) task: TaskId,
    pub(crate) secret: u64,
}

const MARK: &str = "AQCsfn";

impl TaskToken {
    /// Reads a token; `None` when it has not the form of one.
    pub(crate) fn parse(text: &str) -> Option<TaskToken> {
        let digits = text.strip_prefix(MARK)?;
        if digits.len() != 48 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = |range: std::ops::Range<usize>| u64::from_str_radix(&digits[range], 16).ok();
        let word = |range| number(range).and_then(|n| u32::try_from(n).ok());
        Some(TaskToken {
            execution: number(0..16)?,
            task: TaskId {
                frame: word(16..24)?,
                nonce: word(24..32)?,
            },
            secret: number(32..48)?,
        })
    }
}

impl fmt::Display for TaskToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TaskToken {
            execution,
            task,
            secret,
        } = self;
        write!(
            f,
            "{MARK}{execution:016x}{:08x}{:08x}{secret:016x}",
            task.frame, task.nonce
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token = TaskToken {
            execution: 7,
            task: TaskId {
                frame: 3,
                nonce: u32::MAX,
            },
            secret: 1 << 63,
        };
        assert_eq!(TaskToken::parse(&token.to_string()), Some(token));
    }

    #[test]
    fn other_texts_are_no_tokens() {
        for text in [
            "",
            "AQCsfn",
            "invalid",
            &format!("AQCsfn{}é", "0".repeat(46)),
        ] {
            assert_eq!(TaskToken::parse(text), None, "{text}");
        }
    }
}
