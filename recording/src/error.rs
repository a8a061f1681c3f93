//! Why a recording cannot be read.

use std::fmt::{self, Display};

/// Why a recording cannot be read, as one line: `FILE:LINE: cause` or `FILE: cause`.
///
/// The line number counts from 1. Control characters are escaped, so the message stays on its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    file: String,
    line: Option<u64>,
    cause: String,
}

impl Error {
    pub(crate) fn file(file: &str, cause: impl Display) -> Self {
        Self {
            file: one_line(file),
            line: None,
            cause: one_line(&cause.to_string()),
        }
    }

    pub(crate) fn at(file: &str, line: u64, cause: impl Display) -> Self {
        Self {
            line: Some(line),
            ..Self::file(file, cause)
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.cause)
    }
}

impl std::error::Error for Error {}

/// `text` with its control characters escaped: a path or a name may hold a newline.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// The most characters of a name or token that a message repeats.
const QUOTED_MAX: usize = 60;

/// `text` in single quotes. Of a long one, the beginning.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_MAX) {
        Some((end, _)) => format!("'{}...'", &text[..end]),
        None => format!("'{text}'"),
    }
}

/// The same for a token.
pub(crate) fn quoted_bytes(token: &[u8]) -> String {
    // A character has at most four bytes.
    let beginning = &token[..token.len().min(4 * QUOTED_MAX + 4)];
    quoted(&String::from_utf8_lossy(beginning))
}
