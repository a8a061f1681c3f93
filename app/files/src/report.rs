//! What shows a capture: a page, and waveforms in the terminal.

use std::path::{Path, PathBuf};

use console::Term;
use edgepipe_page::{Run, Trace, plot, write_page};
use edgepipe_recording::Output;

use crate::Error;

/// The columns of what is no terminal.
const COLUMNS: usize = 80;

/// A page that appears under its name when it is complete.
#[derive(Debug)]
pub struct Report {
    path: PathBuf,
    output: Output,
}

impl Report {
    /// Begins a page.
    ///
    /// # Errors
    ///
    /// `path` cannot be written.
    pub fn create(path: &Path) -> Result<Self, Error> {
        match Output::create(path) {
            Ok(output) => Ok(Self {
                path: path.to_path_buf(),
                output,
            }),
            Err(error) => Err(cannot_write(path, &error)),
        }
    }

    /// Writes the page, about what has this path; see [`write_page`].
    ///
    /// # Errors
    ///
    /// The file cannot be written or renamed; then the old file is still there.
    pub fn finish(mut self, about: &Path, trace: &Trace, run: Option<&Run>) -> Result<(), Error> {
        let title = match about.file_name() {
            Some(name) if name == "-" => "standard input".into(),
            name => name.unwrap_or(about.as_os_str()).to_string_lossy(),
        };
        write_page(&mut self.output, &title, trace, run)
            .and_then(|()| self.output.commit())
            .map_err(|error| cannot_write(&self.path, &error))
    }
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    Error::file(path, format_args!("cannot write: {error}"))
}

/// A waveform of each line, as wide as the terminal that standard output is, or 80 columns.
pub fn waveforms(trace: &Trace) -> String {
    let size = Term::stdout().size_checked();
    plot(trace, size.map_or(COLUMNS, |(_, columns)| columns.into()))
}
