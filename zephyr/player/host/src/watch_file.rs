//! The levels that the firmware drives, as a VCD file.

use std::io;
use std::path::{Path, PathBuf};

use edgepipe_recording::Output;
use vcd::{IdCode, TimescaleUnit, Value, Writer};

use crate::{Error, PINS_MAX};

/// What the firmware does to a pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Driven {
    /// Drives it low.
    Low,
    /// Drives it high.
    High,
    /// Does not drive it: the pin is no output. In the file this is `z`.
    Not,
}

/// A VCD file that appears under its name when it is complete, and not at all if it never is; see [`Output`].
#[derive(Debug)]
pub struct WatchFile {
    path: PathBuf,
    output: Output,
    id_codes: Vec<IdCode>,
    /// The last time written.
    at_us: u64,
}

impl WatchFile {
    /// Begins a file with wires of these names, 1 to [`PINS_MAX`] of them. Their first levels are still to be given, at
    /// time 0.
    ///
    /// # Errors
    ///
    /// `path` cannot be written, or the names cannot be those of wires in a VCD file.
    pub fn create(path: &Path, names: &[String], comment: Option<&str>) -> Result<Self, Error> {
        if names.is_empty() {
            return Err(Error::usage(
                "--watch: the devicetree node has no watch-gpios",
            ));
        }
        if let Some(wrong) = wrong_name(names) {
            return Err(Error::failure(wrong));
        }
        let mut output = Output::create(path).map_err(|error| cannot_write(path, &error))?;
        let id_codes = write_header(&mut output, names, comment)
            .map_err(|error| cannot_write(path, &error))?;
        Ok(Self {
            path: path.to_path_buf(),
            output,
            id_codes,
            at_us: 0,
        })
    }

    /// From `at_us` on, in microseconds, the firmware does this to the pin, counted from 0.
    ///
    /// # Errors
    ///
    /// The write failed, the time is before the last one, or there is no such pin.
    pub fn change(&mut self, at_us: u64, pin: u8, driven: Driven) -> Result<(), Error> {
        let Some(&id_code) = self.id_codes.get(usize::from(pin)) else {
            let cause = format!("a level of pin {pin}; there are {}", self.id_codes.len());
            return Err(Error::file(&self.path, cause));
        };
        self.move_to(at_us)?;
        let value = match driven {
            Driven::Low => Value::V0,
            Driven::High => Value::V1,
            Driven::Not => Value::Z,
        };
        let written = Writer::new(&mut self.output).change_scalar(id_code, value);
        written.map_err(|error| cannot_write(&self.path, &error))
    }

    /// Completes the file at `end_us`, and gives it its name.
    ///
    /// # Errors
    ///
    /// The file cannot be written or renamed; then the old file is still there.
    pub fn finish(mut self, end_us: u64) -> Result<(), Error> {
        self.move_to(end_us.max(self.at_us))?;
        let written = self.output.commit();
        written.map_err(|error| cannot_write(&self.path, &error))
    }

    fn move_to(&mut self, at_us: u64) -> Result<(), Error> {
        if at_us < self.at_us {
            let cause = format!("time runs backwards: {at_us} us after {} us", self.at_us);
            return Err(Error::file(&self.path, cause));
        }
        if at_us > self.at_us {
            self.at_us = at_us;
            let written = Writer::new(&mut self.output).timestamp(at_us);
            written.map_err(|error| cannot_write(&self.path, &error))?;
        }
        Ok(())
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::file(path, format_args!("cannot write: {error}"))
}

/// What is wrong with the names of watched pins, if anything is.
fn wrong_name(names: &[String]) -> Option<String> {
    if names.len() > PINS_MAX {
        return Some(format!("{} watch-gpios; at most {PINS_MAX}", names.len()));
    }
    let is_word = |name: &String| !name.is_empty() && !name.contains(char::is_whitespace);
    if let Some(name) = names.iter().find(|name| !is_word(name)) {
        return Some(format!("watch-names: '{name}' is not one word"));
    }
    let twice = (1..names.len()).find(|&index| names[..index].contains(&names[index]));
    twice.map(|index| format!("watch-names: '{}' is there twice", names[index]))
}

fn write_header(
    output: &mut Output,
    names: &[String],
    comment: Option<&str>,
) -> io::Result<Vec<IdCode>> {
    let mut writer = Writer::new(output);
    if let Some(comment) = comment {
        writer.comment(comment)?;
    }
    writer.timescale(1, TimescaleUnit::US)?;
    writer.add_module("watch")?;
    let id_codes = names
        .iter()
        .map(|name| writer.add_wire(1, name))
        .collect::<io::Result<Vec<_>>>()?;
    writer.upscope()?;
    writer.enddefinitions()?;
    writer.timestamp(0)?;
    Ok(id_codes)
}
