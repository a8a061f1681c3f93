//! Strobed data: an edge of one line latches up to eight others into a byte.

use super::levels;
use crate::{
    ConfigError, Error, Line, LineError,
    channel::Channel,
    sys::gpio::{Callback, Handler, Port},
};

/// Most data lines: the bits of a byte.
const DATA_MAX: usize = 8;

/// All that the interrupt handler needs to know.
pub(crate) struct Strobe {
    channel: &'static Channel,
    strobe: Line,
    data: [Line; DATA_MAX],
    count: usize,
}

impl Strobe {
    /// The levels of the data lines now, the first in bit 0.
    pub(crate) fn read(&self) -> Result<u8, Error> {
        levels::read(&self.data[..self.count]).map(|levels| levels as u8)
    }
}

impl Handler for Strobe {
    fn port(&self) -> Port {
        self.strobe.pin.port()
    }

    fn handle(&self, pins: u32) {
        if pins & self.strobe.pin.mask() == 0 {
            return;
        }
        let mut fast = self.channel.fast();
        let byte = self.read();
        if byte.is_ok_and(|byte| fast.push_byte(byte)) {
            return;
        }
        let mut intake = fast.lengthen();
        match byte {
            Ok(byte) => intake.byte(byte),
            Err(_) => intake.unreadable(),
        }
        intake.finish();
    }
}

/// Checks the lines, before anything is configured.
pub(crate) fn check(strobe: Line, data: &[Line]) -> Result<(), ConfigError> {
    if data.is_empty() {
        return Err(ConfigError::NoLine);
    }
    if data.len() > DATA_MAX {
        return Err(ConfigError::TooManyLines {
            lines: data.len(),
            most: DATA_MAX,
        });
    }
    let line = |index: usize| data.get(index).copied().unwrap_or(strobe);
    for index in 0..=data.len() {
        line(index).pin.check(index)?;
        if (0..index).any(|other| line(other).pin.is_same(line(index).pin)) {
            return Err(ConfigError::LineTwice { line: index });
        }
    }
    Ok(())
}

/// Has each edge of `strobe` latch `data` into `channel`.
///
/// The lines passed [`check`]. After an error, the callback is to be removed.
pub(crate) fn start(
    strobe: Line,
    data: &[Line],
    channel: &'static Channel,
    callback: &'static Callback<Strobe>,
) -> Result<(), LineError> {
    let refused = |line| move |error| LineError { line, error };
    for (index, line) in data.iter().chain([&strobe]).enumerate() {
        line.pin.configure_input().map_err(refused(index))?;
    }
    let mut lines = [strobe; DATA_MAX];
    lines[..data.len()].copy_from_slice(data);
    let handler = Strobe {
        channel,
        strobe,
        data: lines,
        count: data.len(),
    };
    callback
        .install(handler, |_| strobe.pin.mask())
        .map_err(refused(data.len()))?;
    strobe
        .pin
        .enable_interrupt(strobe.trigger)
        .map_err(refused(data.len()))
}
