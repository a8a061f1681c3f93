//! The captured edges, as a VCD file.

use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::path::{Path, PathBuf};

use edgepipe_recording::{Output, TimeUnit, is_name};
use vcd::{IdCode, Writer};

use crate::loss_wire::{self, LossWire};
use crate::timescale::Timescale;
use crate::{Error, LINES_MAX};

/// What a capture is about.
#[derive(Debug, Clone, Copy)]
pub struct Header<'a> {
    /// The lines' names, 1 to [`LINES_MAX`] of them.
    pub names: &'a [String],
    /// Their levels at time 0: bit *n* is line *n*, 1 is high.
    pub initial_levels: u32,
    /// The unit of all times.
    pub unit: TimeUnit,
    /// Only edges to this level are captured. Then a line that is at this level is known to be so for one unit only, and
    /// unknown (`x`) until its next edge.
    pub one_trigger: Option<bool>,
}

/// A VCD file that appears under its name when it is complete, and not at all if it never is; see [`Output`]. So it may
/// even replace the stimulus.
pub struct CaptureFile {
    path: PathBuf,
    output: Output,
    /// The id code of each line. Those of so few are one character.
    id_codes: Vec<u8>,
    timescale: Timescale,
    /// The last time written, in the file's unit.
    at: u64,
    one_trigger: bool,
    /// The lines whose levels are unknown from the next time on, as a bit mask.
    unknown: u32,
    loss_wire: Option<LossWire>,
}

impl CaptureFile {
    /// Begins a capture.
    ///
    /// # Errors
    ///
    /// `path` cannot be written, or VCD cannot hold a name.
    pub fn create(path: &Path, header: Header<'_>) -> Result<Self, Error> {
        Self::begin(path, header, false)
    }

    /// Begins a capture in which a wire `LOSS` shows losses: it is high from the edge before to the one after, for one unit
    /// at least. There is no such wire if nothing is lost, unless `path` is not a regular file.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create).
    pub fn create_with_loss_wire(path: &Path, header: Header<'_>) -> Result<Self, Error> {
        Self::begin(path, header, true)
    }

    fn begin(path: &Path, header: Header<'_>, with_loss_wire: bool) -> Result<Self, Error> {
        let names = header.names;
        if names.is_empty() || names.len() > LINES_MAX {
            let cause = format!("{} lines; expected 1 to {LINES_MAX}", names.len());
            return Err(Error::file(path, cause));
        }
        if let Some(name) = names.iter().find(|name| !is_name(name)) {
            let cause = format!("a VCD file cannot hold the line name '{name}'");
            return Err(Error::file(path, cause));
        }
        let timescale = Timescale::of(header.unit);
        let mut output = Output::create(path).map_err(|error| cannot_write(path, &error))?;
        let (mut text, id_codes) = header_text(timescale, names, header.initial_levels)
            .map_err(|error| cannot_write(path, &error))?;
        let loss_wire =
            with_loss_wire.then(|| LossWire::add_to(&mut text, names, output.can_overwrite()));
        output
            .write_all(text.as_bytes())
            .map_err(|error| cannot_write(path, &error))?;
        Ok(Self {
            path: path.to_path_buf(),
            output,
            id_codes,
            timescale,
            at: 0,
            one_trigger: header.one_trigger.is_some(),
            unknown: match header.one_trigger {
                Some(true) => header.initial_levels,
                Some(false) => !header.initial_levels & (u32::MAX >> (LINES_MAX - names.len())),
                None => 0,
            },
            loss_wire,
        })
    }

    /// Adds one edge: `line` (counted from 0) is at `level` from `time` on.
    ///
    /// # Errors
    ///
    /// The write failed, the time is before the last one, or there is no such line.
    pub fn edge(&mut self, time: u64, line: u8, level: bool) -> Result<(), Error> {
        let Some(&id_code) = self.id_codes.get(usize::from(line)) else {
            let cause = format!("an edge of line {line}; there are {}", self.id_codes.len());
            return Err(Error::file(&self.path, cause));
        };
        self.move_to(time)?;
        self.change(id_code, if level { b'1' } else { b'0' })?;
        self.unknown &= !(1 << line);
        self.unknown |= u32::from(self.one_trigger) << line;
        Ok(())
    }

    /// There were no edges after the last one until `time`. Only before a loss need this be said.
    ///
    /// # Errors
    ///
    /// As for [`edge`](Self::edge).
    pub fn quiet(&mut self, time: u64) -> Result<(), Error> {
        self.move_to(time)
    }

    /// Edges were lost after the last edge and before `time`, when the lines had these levels. All levels are unknown
    /// (`x`) in between.
    ///
    /// # Errors
    ///
    /// As for [`edge`](Self::edge).
    pub fn loss(&mut self, time: u64, levels: u32) -> Result<(), Error> {
        let before = self.at;
        self.loss_at_end();
        self.move_to(time)?;
        self.unknown = 0;
        for (line, id_code) in self.id_codes.clone().into_iter().enumerate() {
            let high = levels >> line & 1 == 1;
            self.change(id_code, if high { b'1' } else { b'0' })?;
        }
        self.raise_loss()?;
        let seen = self.at > before.saturating_add(1);
        match &mut self.loss_wire {
            Some(_) if seen => self.change(loss_wire::ID_CODE, b'0'),
            Some(wire) => {
                wire.falls = true;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Edges were lost after the last edge, and nothing is known of the levels since then.
    pub fn loss_at_end(&mut self) {
        self.unknown = u32::MAX;
        if let Some(wire) = &mut self.loss_wire {
            wire.rises = true;
        }
    }

    /// Completes the file and gives it its name.
    ///
    /// `end` is the end of the capture, if known. From it a decoder knows how long the last level lasted. It is left
    /// out if it is not after the last edge.
    ///
    /// # Errors
    ///
    /// The file cannot be written or renamed; then the old file is still there.
    pub fn finish(self, end: Option<u64>) -> Result<(), Error> {
        self.finish_with_comments(end, &[])
    }

    /// [Completes](Self::finish) the file, with comments at its end: libsigrok 0.5.2 reads nothing after a comment. Each is
    /// on one line, without `$end`.
    ///
    /// # Errors
    ///
    /// As for [`finish`](Self::finish).
    pub fn finish_with_comments(
        mut self,
        end: Option<u64>,
        comments: &[String],
    ) -> Result<(), Error> {
        let end = end.map_or(Ok(self.at), |end| self.to_file(end))?;
        // At the last time of all there is none left for an `x`.
        self.advance(end.max(self.at.saturating_add(u64::from(self.changes_next()))))?;
        for comment in comments {
            self.write(format!("$comment {comment} $end\n").as_bytes())?;
        }
        self.output
            .commit()
            .map_err(|error| cannot_write(&self.path, &error))
    }

    fn to_file(&self, time: u64) -> Result<u64, Error> {
        self.timescale.to_file(time).ok_or_else(|| {
            let cause = format!("time {time} has more than 64 bits in the unit of the file");
            Error::file(&self.path, cause)
        })
    }

    fn move_to(&mut self, time: u64) -> Result<(), Error> {
        let at = self.to_file(time)?;
        if at < self.at {
            let cause = format!("time runs backwards: #{at} after #{}", self.at);
            return Err(Error::file(&self.path, cause));
        }
        self.advance(at)
    }

    /// Goes on to `at`, in the file's unit, or stays there.
    fn advance(&mut self, at: u64) -> Result<(), Error> {
        if at > self.at && self.changes_next() {
            self.end_levels()?;
        }
        if at > self.at {
            self.timestamp(at)?;
        }
        Ok(())
    }

    /// Whether something changes one unit after the last time.
    fn changes_next(&self) -> bool {
        self.unknown != 0 || self.loss_wire.as_ref().is_some_and(LossWire::changes)
    }

    /// One unit later, levels that are no longer known become `x`, and the wire of losses changes.
    fn end_levels(&mut self) -> Result<(), Error> {
        self.timestamp(self.at + 1)?;
        for (line, id_code) in self.id_codes.clone().into_iter().enumerate() {
            if self.unknown >> line & 1 == 1 {
                self.change(id_code, b'x')?;
            }
        }
        self.unknown = 0;
        let falls = self
            .loss_wire
            .as_mut()
            .map(|wire| mem::take(&mut wire.falls));
        // A loss that follows another directly keeps it high.
        if !self.raise_loss()? && falls == Some(true) {
            self.change(loss_wire::ID_CODE, b'0')?;
        }
        Ok(())
    }

    /// The wire of losses goes high, if it is to. Returns whether it does.
    fn raise_loss(&mut self) -> Result<bool, Error> {
        let Some(wire) = self.loss_wire.as_mut().filter(|wire| wire.rises) else {
            return Ok(false);
        };
        wire.rises = false;
        let declared = wire.declare(&mut self.output);
        declared.map_err(|error| cannot_write(&self.path, &error))?;
        self.change(loss_wire::ID_CODE, b'1')?;
        Ok(true)
    }

    // The crate formats each of these with `core::fmt`, which took a fifth of a replay.
    fn timestamp(&mut self, at: u64) -> Result<(), Error> {
        self.at = at;
        let mut digits = itoa::Buffer::new();
        self.write(b"#")?;
        self.write(digits.format(at).as_bytes())?;
        self.write(b"\n")
    }

    fn change(&mut self, id_code: u8, value: u8) -> Result<(), Error> {
        self.write(&[value, id_code, b'\n'])
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = self.output.write_all(bytes);
        written.map_err(|error| cannot_write(&self.path, &error))
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::file(path, format_args!("cannot write: {error}"))
}

/// The header and the lines' first levels, with the lines' id codes.
fn header_text(
    timescale: Timescale,
    names: &[String],
    initial_levels: u32,
) -> io::Result<(String, Vec<u8>)> {
    let mut text = Vec::new();
    let mut writer = Writer::new(&mut text);
    writer.timescale(timescale.quantity(), timescale.unit())?;
    writer.add_module("capture")?;
    let id_codes = names
        .iter()
        .map(|name| writer.add_wire(1, name))
        .collect::<io::Result<Vec<_>>>()?;
    writer.upscope()?;
    writer.enddefinitions()?;
    writer.timestamp(0)?;
    for (line, &id_code) in id_codes.iter().enumerate() {
        writer.change_scalar(id_code, initial_levels >> line & 1 == 1)?;
    }
    let first = |id_code: &IdCode| id_code.to_string().bytes().next().unwrap_or(b'!');
    let id_codes = id_codes.iter().map(first).collect();
    Ok((String::from_utf8_lossy(&text).into_owned(), id_codes))
}

// The writer has no `Debug`.
impl fmt::Debug for CaptureFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
