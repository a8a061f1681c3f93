//! A VCD file as a stream of commands that can be read twice, in bounded memory.
//!
//! The `vcd` parser was audited for what a hostile file could do to it: its integers are checked
//! and its short tokens have fixed buffers, but
//!
//! - names, comments and vector values grow without limit in memory: [`Guard`] ends a command that
//!   is longer than [`COMMAND_MAX_BYTES`];
//! - `Parser::parse_header` recurses once per open `$scope` and so overflows the stack on a deep
//!   enough file: it is not used here, `super::header` counts scopes instead.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use vcd::{Command, ParseError, Parser};

use crate::Error;

/// The longest command that is read, in bytes: far longer than any real name, comment or vector,
/// and far smaller than any memory.
const COMMAND_MAX_BYTES: usize = 1 << 20;

pub(super) struct Source {
    path: PathBuf,
    /// Another handle to the bytes that the parser reads, to start over.
    again: File,
    parser: Parser<Guard>,
}

impl Source {
    /// Opens `path`. It may be a pipe: then it is copied to an unnamed temporary file while it is
    /// read.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        Self::open_input(path)
            .map_err(|error| Error::file(path, format_args!("cannot open: {error}")))
    }

    fn open_input(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        let copy = if metadata.is_file() {
            None
        } else {
            Some(tempfile::tempfile()?)
        };
        let again = copy.as_ref().unwrap_or(&file).try_clone()?;
        Ok(Self {
            path: path.to_path_buf(),
            again,
            parser: parser(Input { file, copy }),
        })
    }

    /// Starts over at the first byte.
    pub(super) fn restart(mut self) -> Result<Self, Error> {
        let copied = |error| Error::file(&self.path, format_args!("cannot read again: {error}"));
        self.again.rewind().map_err(copied)?;
        let file = self.again.try_clone().map_err(copied)?;
        Ok(Self {
            parser: parser(Input { file, copy: None }),
            ..self
        })
    }

    /// The next command, or `None` where the file ends between two commands.
    pub(super) fn command(&mut self) -> Result<Option<Command>, Error> {
        self.parser.reader().command_bytes = 0;
        self.parser
            .next()
            .transpose()
            .map_err(|error| self.translate(&error))
    }

    /// An error at the line that was read last.
    pub(super) fn error(&self, cause: impl std::fmt::Display) -> Error {
        Error::at(&self.path, self.parser.line(), cause)
    }

    /// An error at the file's last line: the file ends too early.
    pub(super) fn truncated(&mut self, cause: &str) -> Error {
        // At the end of the file the parser counts the line that would begin after a last newline.
        let after_newline = self.parser.reader().last_byte == b'\n';
        let line = self.parser.line() - u64::from(after_newline);
        Error::at(&self.path, line, format_args!("truncated: {cause}"))
    }

    fn translate(&mut self, error: &io::Error) -> Error {
        if error.kind() == ErrorKind::UnexpectedEof {
            return if whitespace(self.parser.reader().last_byte) {
                self.truncated("the file ends inside a command")
            } else {
                // Even `#5`, which seems complete, may be the beginning of `#5000`.
                self.truncated("the file ends inside a token (no newline after it)")
            };
        }
        match error
            .get_ref()
            .and_then(|error| error.downcast_ref::<ParseError>())
        {
            Some(error) => Error::at(
                &self.path,
                error.line(),
                format_args!("malformed VCD: {}", error.kind()),
            ),
            None if error.kind() == ErrorKind::InvalidData => self.error(error),
            None => self.error(format_args!("cannot read: {error}")),
        }
    }
}

fn parser(input: Input) -> Parser<Guard> {
    Parser::new(Guard {
        inner: BufReader::new(input),
        command_bytes: 0,
        last_byte: 0,
    })
}

fn whitespace(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// The file, and a copy of what was read if the file itself cannot be read twice.
struct Input {
    file: File,
    copy: Option<File>,
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if let Some(copy) = &mut self.copy {
            copy.write_all(&buffer[..read])?;
        }
        Ok(read)
    }
}

/// Ends a command that is too long for memory. The parser reads byte by byte, through `read`.
struct Guard {
    inner: BufReader<Input>,
    /// Bytes read since the first of the command; blanks before it are not counted.
    command_bytes: usize,
    last_byte: u8,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(&last) = buffer[..read].last() {
            self.last_byte = last;
            if self.command_bytes > 0 || !whitespace(last) {
                self.command_bytes += read;
            }
        }
        if self.command_bytes > COMMAND_MAX_BYTES {
            let cause = format!("malformed VCD: a command of more than {COMMAND_MAX_BYTES} bytes");
            return Err(io::Error::new(ErrorKind::InvalidData, cause));
        }
        Ok(read)
    }
}

// The parser's bound; its methods are not called.
impl BufRead for Guard {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
    }
}
