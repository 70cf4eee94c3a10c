//! The lints, each with a stable code and a page that explains it.

use std::fmt;

macro_rules! codes {
    ($($name:ident = $code:literal, $file:literal, $warning:literal;)*) => {
        /// Which lint it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Code {
            $($name,)*
        }

        impl Code {
            /// All of them, by their numbers.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code, such as `SFN-L101`.
            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The page that explains it.
            pub(crate) fn page(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("pages/", $file, ".md")),)*
                }
            }

            /// Whether it is likely a mistake; else it is only good to know.
            pub(crate) fn is_warning(self) -> bool {
                match self {
                    $(Self::$name => $warning,)*
                }
            }
        }
    };
}

codes! {
    RetriesBugs = "SFN-L101", "retries_bugs", true;
    RetriesForGood = "SFN-L102", "retries_for_good", true;
    RetriesTaskFailed = "SFN-L103", "retries_task_failed", false;
    UnhandledError = "SFN-L201", "unhandled_error", false;
    NoTimeout = "SFN-L301", "no_timeout", false;
    LongSilence = "SFN-L302", "long_silence", false;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
