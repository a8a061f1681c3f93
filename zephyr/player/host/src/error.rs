//! Why the player stops.

use std::fmt::{self, Display};
use std::path::Path;

use edgepipe_recording::one_line;

/// Why the player stops, as one line, and with which exit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    exit_status: u8,
    line: String,
}

impl Error {
    /// The command line cannot be right.
    pub(crate) fn usage(cause: impl Display) -> Self {
        Self {
            exit_status: 2,
            line: one_line(&cause.to_string()),
        }
    }

    /// A file or its content is wrong, or does not fit the firmware.
    pub(crate) fn failure(cause: impl Display) -> Self {
        Self {
            exit_status: 1,
            line: one_line(&cause.to_string()),
        }
    }

    /// The same, with the file.
    pub(crate) fn file(path: &Path, cause: impl Display) -> Self {
        Self::failure(format_args!("{}: {cause}", path.display()))
    }

    /// 2 for a wrong command line, 1 for anything else.
    pub fn exit_status(&self) -> u8 {
        self.exit_status
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl std::error::Error for Error {}

impl From<edgepipe_recording::Error> for Error {
    fn from(error: edgepipe_recording::Error) -> Self {
        Self::failure(error)
    }
}
