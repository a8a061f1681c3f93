//! The value changes of a VCD file, as levels of lines.

use vcd::{Command, IdCode, Value};

use super::header::Header;
use super::source::Source;
use crate::Error;

/// A level given for one or more lines (several if they share an id code). It may repeat the level
/// before.
pub(super) struct Change {
    pub(super) at_us: u64,
    /// The lines, as a bit mask.
    pub(super) lines: u32,
    pub(super) level: bool,
}

pub(super) struct Changes {
    source: Source,
    header: Header,
    /// The current time, in the file's unit and in microseconds; 0 before the first `#`.
    time: u64,
    at_us: u64,
    /// Between `$dumpvars`, `$dumpall`, `$dumpon` or `$dumpoff` and its `$end`.
    in_block: bool,
}

impl Changes {
    /// Reads the header of `source`.
    pub(super) fn new(mut source: Source) -> Result<Self, Error> {
        let header = Header::read(&mut source)?;
        Ok(Self {
            source,
            header,
            time: 0,
            at_us: 0,
            in_block: false,
        })
    }

    /// Starts over at the first change.
    pub(super) fn restart(self) -> Result<Self, Error> {
        let again = Self::new(self.source.restart()?)?;
        if again.header != self.header {
            return Err(again.source.error("the file changed while it was read"));
        }
        Ok(again)
    }

    pub(super) fn names(&self) -> &[String] {
        &self.header.names
    }

    /// The latest time so far.
    pub(super) fn at_us(&self) -> u64 {
        self.at_us
    }

    pub(super) fn next_change(&mut self) -> Result<Option<Change>, Error> {
        while let Some(command) = self.source.command()? {
            // A dump block needs no rule of its own: a level that it repeats is no edge, and the x
            // of `$dumpoff` keeps the level.
            let change = match command {
                Command::Timestamp(time) => {
                    self.advance(time)?;
                    None
                }
                Command::ChangeScalar(id_code, value) => self.change(id_code, Some(value))?,
                // Some programs write a wire's change as a vector of one bit.
                Command::ChangeVector(id_code, bits) => {
                    self.change(id_code, bits.get(0).filter(|_| bits.len() == 1))?
                }
                Command::ChangeReal(id_code, _) | Command::ChangeString(id_code, _) => {
                    self.change(id_code, None)?
                }
                Command::Begin(_) => {
                    self.in_block = true;
                    None
                }
                Command::End(_) => {
                    self.in_block = false;
                    None
                }
                Command::Comment(_) | Command::Date(_) | Command::Version(_) => None,
                _ => {
                    return Err(self
                        .source
                        .error("malformed VCD: declared after $enddefinitions"));
                }
            };
            if change.is_some() {
                return Ok(change);
            }
        }
        if self.in_block {
            return Err(self.source.truncated("the file ends inside a $dump block"));
        }
        Ok(None)
    }

    fn advance(&mut self, time: u64) -> Result<(), Error> {
        if time < self.time {
            let cause = format!("time runs backwards: #{time} after #{}", self.time);
            return Err(self.source.error(cause));
        }
        let Some(at_us) = self.header.timescale.to_us(time) else {
            return Err(self
                .source
                .error(format_args!("time #{time} is beyond 292 years")));
        };
        self.time = time;
        self.at_us = at_us;
        Ok(())
    }

    /// The change of the lines with `id_code`; `value` is `None` for a value that no wire can have.
    fn change(&self, id_code: IdCode, value: Option<Value>) -> Result<Option<Change>, Error> {
        let Some(lines) = self.header.lines(id_code) else {
            let cause = format!("change of the undeclared id code '{id_code}'");
            return Err(self.source.error(cause));
        };
        if lines == 0 {
            return Ok(None);
        }
        let level = match value {
            Some(Value::V0) => false,
            Some(Value::V1) => true,
            Some(Value::X | Value::Z) => return Ok(None),
            None => {
                let cause = format!("'{id_code}' is a single-bit wire, its value is not one bit");
                return Err(self.source.error(cause));
            }
        };
        Ok(Some(Change {
            at_us: self.at_us,
            lines,
            level,
        }))
    }
}
