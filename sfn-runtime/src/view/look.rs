//! What the terminal can show: colours and signs.

use super::Status;

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) colours: Colours,
    /// Whether signs outside ASCII may be used.
    pub(crate) unicode: bool,
}

/// How many colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colours {
    None,
    /// The sixteen basic ones; they have no orange, so yellow stands for it.
    Basic,
    /// 256 of them.
    Many,
}

impl Look {
    /// Neither colours nor signs.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self {
        colours: Colours::None,
        unicode: false,
    };

    /// What standard error can show, by its kind and the usual variables: `NO_COLOR`,
    /// `CLICOLOR`, `CLICOLOR_FORCE`, `TERM`, `COLORTERM`, and the locale's.
    pub(crate) fn of_stderr() -> Self {
        Self::of(console::colors_enabled_stderr())
    }

    /// What standard output can show.
    pub(crate) fn of_stdout() -> Self {
        Self::of(console::colors_enabled())
    }

    fn of(coloured: bool) -> Self {
        let variable = |name: &str| std::env::var(name).unwrap_or_default();
        let colours = if !coloured || !variable("NO_COLOR").is_empty() {
            Colours::None
        } else if variable("TERM").contains("256") || !variable("COLORTERM").is_empty() {
            Colours::Many
        } else {
            Colours::Basic
        };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .map(variable)
            .find(|value| !value.is_empty())
            .unwrap_or_default()
            .to_lowercase();
        // A machine without any locale, as in a container, is as a rule seen through a terminal
        // that knows UTF-8.
        let unicode = locale.is_empty() || locale.contains("utf") || cfg!(windows);
        Self { colours, unicode }
    }

    /// The sign of a status. The signs differ, so that nobody needs to tell red from green.
    pub(crate) fn sign(self, status: Status, tick: usize) -> &'static str {
        match (self.unicode, status) {
            (true, Status::NotStarted) => "○",
            (true, Status::Running) => ["◐", "◓", "◑", "◒"][tick % 4],
            (true, Status::Succeeded) => "✔",
            (true, Status::Failed) => "✘",
            (true, Status::Caught) => "▲",
            (false, Status::NotStarted) => ".",
            (false, Status::Running) => ["*", "o"][tick % 2],
            (false, Status::Succeeded) => "+",
            (false, Status::Failed) => "x",
            (false, Status::Caught) => "!",
        }
    }

    /// Between a name and what is said of it.
    pub(crate) fn dot(self) -> &'static str {
        if self.unicode { "·" } else { "-" }
    }

    /// Between an iteration of a map and the state in it.
    pub(crate) fn step(self) -> &'static str {
        if self.unicode { " › " } else { " > " }
    }

    /// The text in the colour of a status.
    pub(crate) fn status(self, status: Status, text: &str) -> String {
        let code = match (self.colours, status) {
            (Colours::None, _) => return text.to_owned(),
            (_, Status::NotStarted) => "37",
            (Colours::Basic, Status::Running) => "34",
            (Colours::Many, Status::Running) => "38;5;75",
            (_, Status::Succeeded) => "32",
            (_, Status::Failed) => "31",
            (Colours::Basic, Status::Caught) => "33",
            (Colours::Many, Status::Caught) => "38;5;208",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// The text, less loud.
    pub(crate) fn dim(self, text: &str) -> String {
        self.code("2", text)
    }

    /// The text, louder.
    pub(crate) fn bold(self, text: &str) -> String {
        self.code("1", text)
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.colours == Colours::None || text.is_empty() {
            text.to_owned()
        } else {
            format!("\x1b[{code}m{text}\x1b[0m")
        }
    }
}

/// Milliseconds as people say them: `340ms`, `2.4s`, `1m 05s`, `2h 03m`, `3d 04h`.
pub(crate) fn elapsed(millis: i64) -> String {
    let millis = millis.max(0);
    let seconds = millis / 1_000;
    match seconds {
        0 => format!("{millis}ms"),
        1..=59 => format!("{seconds}.{}s", millis % 1_000 / 100),
        60..=3_599 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3_600..=86_399 => format!("{}h {:02}m", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{}d {:02}h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

/// Text from outside on one line and without control characters: an error's cause must not move
/// the cursor.
pub(crate) fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
