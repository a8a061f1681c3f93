//! The value changes of a VCD.

use super::header::{Header, read_command, skip_command};
use super::ids::{Id, Ids};
use super::tokens::{Place, Tokens};
use crate::change::Change;
use crate::error::quoted_bytes;
use crate::names::Declared;
use crate::source::{self, Input, Source};
use crate::{Error, Loss, TimeUnit};

/// A VCD, after its header.
pub(crate) struct Vcd {
    source: Source,
    tokens: Tokens,
    ids: Ids,
    /// Where the changes begin.
    body: Place,
    /// The current time, 0 before the first `#`.
    time: u64,
    /// Between `$dumpvars` or its like and its `$end`, which some tools leave out.
    in_block: bool,
    unit: TimeUnit,
    /// What comments tell of.
    losses: Vec<Loss>,
}

/// What a value says about a wire.
#[derive(Clone, Copy)]
enum Value {
    Level(bool),
    Unknown,
    /// It is not one bit.
    Other,
}

impl Vcd {
    pub(crate) fn open(source: Source, input: Input) -> Result<(Self, Declared), Error> {
        let start = Place { offset: 0, line: 1 };
        let mut tokens = Tokens::new(&source.name, input, start);
        let (declared, ids) = Header::read(&mut tokens)?;
        let vcd = Self {
            source,
            body: tokens.end_of_token(),
            tokens,
            ids,
            time: 0,
            in_block: false,
            unit: declared.unit,
            losses: Vec::new(),
        };
        Ok((vcd, declared))
    }

    /// Starts over at the first change.
    pub(crate) fn restart(&mut self) -> Result<(), Error> {
        let again = self
            .source
            .again(self.body.offset)
            .map_err(|error| Error::file(&self.source.name, source::unreadable(&error)))?;
        self.tokens = Tokens::new(&self.source.name, again, self.body);
        self.time = 0;
        self.in_block = false;
        self.losses.clear();
        Ok(())
    }

    /// The file's name, for messages.
    pub(crate) fn file(&self) -> &str {
        &self.source.name
    }

    /// The latest time so far.
    pub(crate) fn time(&self) -> u64 {
        self.time
    }

    /// What comments told of so far.
    pub(crate) fn losses(&self) -> &[Loss] {
        &self.losses
    }

    /// The next level that is given for a signal, or that it is unknown.
    pub(crate) fn next_change(&mut self) -> Result<Option<Change>, Error> {
        loop {
            let Some(token) = self.tokens.next_or_beginning()? else {
                return Ok(None);
            };
            let (&first, rest) = token.split_first().unwrap_or((&b' ', &[]));
            let value = match first {
                b'#' => {
                    self.advance()?;
                    continue;
                }
                b'b' | b'B' => {
                    let value = match rest {
                        [bit] => scalar(*bit).unwrap_or(Value::Other),
                        _ => Value::Other,
                    };
                    self.next_token()?;
                    value
                }
                b'r' | b'R' | b's' | b'S' => {
                    self.next_token()?;
                    Value::Other
                }
                b'$' => {
                    self.command()?;
                    continue;
                }
                _ => match scalar(first) {
                    Some(_) if self.tokens.is_cut() => return Err(self.tokens.too_long()),
                    Some(value) => value,
                    None => return Err(self.unexpected()),
                },
            };
            // A vector's id code is a token of its own.
            let id = match first {
                b'b' | b'B' | b'r' | b'R' | b's' | b'S' => self.tokens.latest(),
                _ => &self.tokens.latest()[1..],
            };
            let signal = match self.ids.get(id) {
                Id::Signal(signal) => signal,
                Id::NoSignal => continue,
                Id::Undeclared => return Err(self.undeclared(first)),
            };
            let level = match value {
                Value::Level(level) => Some(level),
                Value::Unknown => None,
                Value::Other => {
                    let id = quoted_bytes(id);
                    let cause = format!("{id} is a one-bit wire, its value is not one bit");
                    return Err(self.tokens.error(cause));
                }
            };
            return Ok(Some(Change {
                time: self.time,
                signal,
                level,
            }));
        }
    }

    /// Makes the id code after a value the latest token.
    #[inline]
    fn next_token(&mut self) -> Result<(), Error> {
        match self.tokens.next()? {
            Some(_) => Ok(()),
            None => Err(self.tokens.truncated("the last value has no id code")),
        }
    }

    /// The latest token is a time.
    fn advance(&mut self) -> Result<(), Error> {
        if self.tokens.is_cut() {
            return Err(self.tokens.too_long());
        }
        let digits = &self.tokens.latest()[1..];
        let Some(time) = whole(digits) else {
            return Err(self.tokens.error(wrong_time(digits)));
        };
        if time < self.time {
            let cause = format!("time runs backwards: #{time} after #{}", self.time);
            return Err(self.tokens.error(cause));
        }
        self.time = time;
        Ok(())
    }

    /// The latest token is a command.
    #[cold]
    fn command(&mut self) -> Result<(), Error> {
        match self.tokens.latest() {
            b"$end" if self.in_block => self.in_block = false,
            b"$end" => return Err(self.tokens.error("$end without a command")),
            // A dump block needs no rule of its own: a level that it repeats is no edge, and the x of `$dumpoff` keeps the
            // level.
            b"$dumpvars" | b"$dumpall" | b"$dumpon" | b"$dumpoff" => self.in_block = true,
            b"$var" | b"$scope" | b"$upscope" | b"$timescale" | b"$enddefinitions" => {
                return Err(self.tokens.error("declared after $enddefinitions"));
            }
            b"$comment" => self.comment()?,
            _ => skip_command(&mut self.tokens)?,
        }
        Ok(())
    }

    /// The latest token is `$comment`.
    fn comment(&mut self) -> Result<(), Error> {
        let mut words: Vec<String> = Vec::new();
        read_command(&mut self.tokens, |word| {
            if words.len() < Loss::WORDS_MAX {
                words.push(String::from_utf8_lossy(word).into_owned());
            }
        })?;
        if self.losses.len() < Loss::MAX {
            self.losses.extend(Loss::read(&words, self.time, self.unit));
        }
        Ok(())
    }

    /// The latest token is, or ends, a change of no variable.
    #[cold]
    fn undeclared(&self, first: u8) -> Error {
        let latest = self.tokens.latest();
        let is_scalar = !b"bBrRsS".contains(&first);
        self.tokens.error(match (is_scalar, latest.len()) {
            (true, 1) => format!("{} has no id code", quoted_bytes(latest)),
            (true, _) => format!(
                "change of the undeclared id code {}",
                quoted_bytes(&latest[1..])
            ),
            (false, _) => format!("change of the undeclared id code {}", quoted_bytes(latest)),
        })
    }

    /// The latest token is nothing that VCD has.
    #[cold]
    fn unexpected(&self) -> Error {
        let token = self.tokens.latest();
        self.tokens.error(match token {
            [b'p' | b'P', ..] => "a port's value of extended VCD, which is not read".into(),
            _ => format!("{} is neither a time nor a change", quoted_bytes(token)),
        })
    }
}

/// The value of one bit; `None` if it is none. VHDL has nine.
#[inline]
fn scalar(byte: u8) -> Option<Value> {
    match byte {
        b'0' | b'l' | b'L' => Some(Value::Level(false)),
        b'1' | b'h' | b'H' => Some(Value::Level(true)),
        b'x' | b'X' | b'z' | b'Z' | b'u' | b'U' | b'w' | b'W' | b'-' => Some(Value::Unknown),
        _ => None,
    }
}

/// A number of digits only; `None` also if it is too large, or none.
#[inline]
fn whole(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    let mut number: u64 = 0;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(digit.into())?;
    }
    Some(number)
}

/// What is wrong with a time, in words.
#[cold]
fn wrong_time(digits: &[u8]) -> String {
    let shown = quoted_bytes(digits);
    let shown = shown.trim_matches('\'');
    let is_number = |text: &[u8]| {
        let text = text.strip_prefix(b"-").unwrap_or(text);
        !text.is_empty()
            && text
                .iter()
                .all(|byte| byte.is_ascii_digit() || b".eE+-".contains(byte))
    };
    match digits {
        [] => "'#' has no time".into(),
        [b'-', ..] if is_number(digits) => format!("time {shown} is negative"),
        _ if digits.iter().all(u8::is_ascii_digit) => format!("time {shown} is too large"),
        _ if is_number(digits) => format!("time {shown} is not a whole number"),
        _ => format!("'#{shown}' is no time"),
    }
}
