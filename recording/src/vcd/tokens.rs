//! Text as tokens between blanks, in a buffer of a fixed size.

use std::fmt::Display;
use std::io::ErrorKind;

use crate::Error;
use crate::error::quoted_bytes;
use crate::source::{self, Input};

/// The size of the buffer, in bytes. A token is shorter: far longer than any real name, far smaller than any memory.
const BUFFER_BYTES: usize = 64 << 10;
/// What is kept of a token that does not fit, in bytes.
const KEPT_BYTES: usize = 256;

/// A place in the text.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// In bytes.
    pub(super) offset: u64,
    /// From 1.
    pub(super) line: u64,
}

pub(super) struct Tokens {
    /// For messages.
    file: String,
    input: Input,
    buffer: Box<[u8]>,
    /// The latest token is from `token` to `next`. What follows, up to `end`, is still to be read.
    token: usize,
    next: usize,
    end: usize,
    /// Where the buffer begins, in bytes.
    offset: u64,
    /// The line at `counted`, which is not after the latest token. Lines are counted when bytes leave the buffer, or when
    /// someone asks.
    line: u64,
    counted: usize,
    /// The latest token was too long, and only its beginning is in the buffer.
    cut: bool,
    ended: bool,
    /// The byte that was read last.
    last: u8,
}

impl Tokens {
    /// Reads `input`, which begins at `begins`.
    pub(super) fn new(file: &str, input: Input, begins: Place) -> Self {
        Self {
            file: file.into(),
            input,
            buffer: vec![0; BUFFER_BYTES].into(),
            token: 0,
            next: 0,
            end: 0,
            offset: begins.offset,
            line: begins.line,
            counted: 0,
            cut: false,
            ended: false,
            last: 0,
        }
    }

    /// Skips a UTF-8 byte order mark, at the beginning of a file.
    pub(super) fn skip_byte_order_mark(&mut self) -> Result<(), Error> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        while self.end < MARK.len() && self.fill()? {}
        if self.buffer[..self.end].starts_with(MARK) {
            self.next = MARK.len();
            self.token = self.next;
        }
        Ok(())
    }

    /// The next token, or `None` at the end. It is not empty.
    ///
    /// # Errors
    ///
    /// The token does not fit the buffer, or the input cannot be read.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        if !self.advance()? {
            return Ok(None);
        }
        if self.cut {
            return Err(self.too_long());
        }
        Ok(Some(self.latest()))
    }

    /// As [`next`](Self::next). Of a token that does not fit, the beginning.
    #[inline]
    pub(super) fn next_or_beginning(&mut self) -> Result<Option<&[u8]>, Error> {
        if !self.advance()? {
            return Ok(None);
        }
        Ok(Some(self.latest()))
    }

    /// The token that was read last.
    #[inline]
    pub(super) fn latest(&self) -> &[u8] {
        &self.buffer[self.token..self.next]
    }

    /// Whether the latest token is only the beginning of one that does not fit.
    #[inline]
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    pub(super) fn too_long(&self) -> Error {
        let token = quoted_bytes(&self.buffer[self.token..self.next]);
        self.error(format_args!("{token} has more than {BUFFER_BYTES} bytes"))
    }

    /// Makes the next token the latest. `false` if there is none.
    #[inline]
    fn advance(&mut self) -> Result<bool, Error> {
        let mut at = self.next;
        loop {
            match position(&self.buffer[at..self.end], |byte| !is_blank(byte)) {
                Some(blanks) => break at += blanks,
                None => {
                    self.token = self.end;
                    self.next = self.end;
                    if !self.fill()? {
                        return Ok(false);
                    }
                    at = self.next;
                }
            }
        }
        self.token = at;
        self.cut = false;
        match position(&self.buffer[at..self.end], is_blank) {
            Some(length) => self.next = at + length,
            None => self.end_token()?,
        }
        Ok(true)
    }

    /// Finds the end of the latest token, which is not in the buffer.
    #[cold]
    fn end_token(&mut self) -> Result<(), Error> {
        loop {
            let known = self.end - self.token;
            self.next = self.token;
            if known == self.buffer.len() {
                return self.skip_token();
            }
            let more = self.fill()?;
            match position(&self.buffer[self.token + known..self.end], is_blank) {
                Some(length) => break self.next = self.token + known + length,
                None if !more => break self.next = self.end,
                None => {}
            }
        }
        Ok(())
    }

    /// Skips the rest of a token that does not fit.
    fn skip_token(&mut self) -> Result<(), Error> {
        self.cut = true;
        self.next = KEPT_BYTES;
        loop {
            // There is no line's end in what is dropped.
            self.offset += (self.end - KEPT_BYTES) as u64;
            self.end = KEPT_BYTES;
            let more = self.read()?;
            match position(&self.buffer[KEPT_BYTES..self.end], is_blank) {
                Some(length) => {
                    // The rest of the token goes. What follows it stays.
                    self.buffer
                        .copy_within(KEPT_BYTES + length..self.end, KEPT_BYTES);
                    self.offset += length as u64;
                    self.end -= length;
                    return Ok(());
                }
                None if !more => {
                    self.offset += (self.end - KEPT_BYTES) as u64;
                    self.end = KEPT_BYTES;
                    return Ok(());
                }
                None => {}
            }
        }
    }

    /// Drops what is before the latest token and reads more. `false` at the end of the input.
    #[cold]
    fn fill(&mut self) -> Result<bool, Error> {
        if self.ended {
            return Ok(false);
        }
        self.line = self.line_at(self.token);
        self.counted = 0;
        self.offset += self.token as u64;
        self.buffer.copy_within(self.token..self.end, 0);
        self.next -= self.token;
        self.end -= self.token;
        self.token = 0;
        self.read()
    }

    fn read(&mut self) -> Result<bool, Error> {
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(read) => {
                    self.end += read;
                    self.ended = read == 0;
                    if read > 0 {
                        self.last = self.buffer[self.end - 1];
                    }
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.error(source::unreadable(&error))),
            }
        }
    }

    /// Where the latest token ends.
    pub(super) fn end_of_token(&self) -> Place {
        Place {
            offset: self.offset + self.next as u64,
            line: self.line_at(self.next),
        }
    }

    /// The line of the latest token.
    pub(super) fn line(&mut self) -> u64 {
        self.line = self.line_at(self.token);
        self.counted = self.token;
        self.line
    }

    fn line_at(&self, at: usize) -> u64 {
        self.line + memchr::memchr_iter(b'\n', &self.buffer[self.counted..at]).count() as u64
    }

    /// An error at the latest token.
    #[cold]
    pub(super) fn error(&self, cause: impl Display) -> Error {
        Error::at(&self.file, self.line_at(self.token), cause)
    }

    /// An error at a line before.
    pub(super) fn error_at(&self, line: u64, cause: impl Display) -> Error {
        Error::at(&self.file, line, cause)
    }

    /// An error at the file's last line: the file ends too early.
    #[cold]
    pub(super) fn truncated(&self, cause: impl Display) -> Error {
        // After a last line's end there is no line.
        let line = self.line_at(self.end) - u64::from(self.last == b'\n');
        Error::at(&self.file, line, format_args!("truncated: {cause}"))
    }
}

#[inline]
fn position(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.iter().position(|&byte| is(byte))
}

/// Whether a byte ends a token. CR is one of them, so it does not matter how lines end.
#[inline]
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}
