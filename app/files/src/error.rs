//! This crate's error type, and the exit status of each kind.

use std::fmt::{self, Display};
use std::io::Write;
use std::path::Path;

/// Why the program stops, as one line: `FILE:LINE: cause`, `FILE: cause` or just the cause.
///
/// The line number counts from 1. Control characters are escaped, so the message stays on its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    file: Option<String>,
    line: Option<u64>,
    cause: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Not a failure: `--help` or `--version` was given, and the cause is the text to print.
    Help,
    /// The command line is wrong.
    Usage,
    /// A file or its content is wrong.
    Failure,
}

impl Error {
    pub(crate) fn help(text: String) -> Self {
        Self {
            kind: Kind::Help,
            file: None,
            line: None,
            cause: text,
        }
    }

    pub(crate) fn usage(cause: &str) -> Self {
        Self {
            kind: Kind::Usage,
            file: None,
            line: None,
            cause: one_line(cause),
        }
    }

    pub(crate) fn failure(cause: &str) -> Self {
        Self {
            kind: Kind::Failure,
            ..Self::usage(cause)
        }
    }

    pub(crate) fn file(path: &Path, cause: impl Display) -> Self {
        let file = Some(one_line(&path.to_string_lossy()));
        Self {
            file,
            ..Self::failure(&cause.to_string())
        }
    }

    pub(crate) fn at(path: &Path, line: u64, cause: impl Display) -> Self {
        Self {
            line: Some(line),
            ..Self::file(path, cause)
        }
    }

    /// The exit status of a program that stops for this: 0 for `--help` and `--version`, 2 for a
    /// wrong command line, 1 for anything else.
    pub fn exit_status(&self) -> u8 {
        match self.kind {
            Kind::Help => 0,
            Kind::Failure => 1,
            Kind::Usage => 2,
        }
    }

    /// Prints the line on standard error, or the text of `--help` and `--version` on standard
    /// output.
    pub fn report(&self) {
        // If standard error itself fails, there is nowhere to report it, and a panic would not
        // help.
        let _ = match self.kind {
            Kind::Help => {
                let mut out = std::io::stdout().lock();
                write!(out, "{}", self.cause).and_then(|()| out.flush())
            }
            Kind::Usage | Kind::Failure => writeln!(std::io::stderr(), "{self}"),
        };
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
            if let Some(line) = self.line {
                write!(f, "{line}:")?;
            }
            write!(f, " ")?;
        }
        write!(f, "{}", self.cause)
    }
}

impl std::error::Error for Error {}

/// `text` with its control characters escaped: a path, a name or an argument may hold a newline.
pub(crate) fn one_line(text: &str) -> String {
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
