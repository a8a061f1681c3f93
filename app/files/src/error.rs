//! This crate's error type, and the exit status of each kind.

use std::fmt::{self, Display};
use std::io::Write;
use std::path::Path;

use edgepipe_recording::one_line;

/// Why the program stops, as one line: `FILE:LINE: cause`, `FILE: cause` or just the cause.
///
/// Control characters are escaped, so the message stays on its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Not a failure: `--help`, `--version` or `--list` was given, and the cause is the text to print.
    Answer,
    /// The command line is wrong.
    Usage,
    /// A file or its content is wrong.
    Failure,
    /// All is done, but edges were lost.
    Loss,
}

impl Error {
    pub(crate) fn answer(text: String) -> Self {
        Self {
            kind: Kind::Answer,
            text,
        }
    }

    /// The command line is wrong: exit status 2.
    pub fn usage(cause: &str) -> Self {
        Self {
            kind: Kind::Usage,
            text: one_line(cause),
        }
    }

    /// Something went wrong: exit status 1.
    pub fn failure(cause: &str) -> Self {
        Self {
            kind: Kind::Failure,
            text: one_line(cause),
        }
    }

    /// All is done, but edges were lost: exit status 3.
    pub fn loss(cause: &str) -> Self {
        Self {
            kind: Kind::Loss,
            text: one_line(cause),
        }
    }

    /// A file is wrong, or cannot be read or written: exit status 1.
    pub fn file(path: &Path, cause: impl Display) -> Self {
        Self::failure(&format!("{}: {cause}", path.display()))
    }

    /// The exit status of a program that stops for this: 0 for `--help`, `--version` and
    /// `--list`, 2 for a wrong command line, 3 for lost edges, 1 for anything else.
    pub fn exit_status(&self) -> u8 {
        match self.kind {
            Kind::Answer => 0,
            Kind::Failure => 1,
            Kind::Usage => 2,
            Kind::Loss => 3,
        }
    }

    /// Prints the line on standard error, or the text of `--help`, `--version` and `--list` on standard output. Returns the
    /// exit status, which is 1 if that text cannot be printed.
    pub fn report(&self) -> u8 {
        if self.kind == Kind::Answer {
            let mut out = std::io::stdout().lock();
            let printed = write!(out, "{self}").and_then(|()| out.flush());
            return match printed {
                Ok(()) => 0,
                Err(error) => Self::failure(&format!("cannot print: {error}")).report(),
            };
        }
        // If standard error itself fails, there is nowhere to report it, and a panic would not help.
        let _ = writeln!(std::io::stderr(), "{self}");
        self.exit_status()
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<edgepipe_recording::Error> for Error {
    fn from(error: edgepipe_recording::Error) -> Self {
        Self::failure(&error.to_string())
    }
}

impl std::error::Error for Error {}
