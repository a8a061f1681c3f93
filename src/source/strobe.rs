//! Strobed data: an edge of one line latches up to eight others into a byte.

use core::num::NonZero;

use super::control::{Lines, Sources};
use crate::channel::{Channel, Inlet, Interrupts};
use crate::sys::gpio::{Callback, Claim, Handler, Port};
use crate::{Error, Line, LineError};

/// Most data lines: the bits of a byte.
pub(crate) const DATA_MAX: usize = 8;

/// All that the interrupt handler needs to know.
pub(crate) struct Strobe {
    inlet: Inlet,
    strobe: Line,
    data: [Line; DATA_MAX],
    count: usize,
}

impl Strobe {
    /// The levels of the data lines now, the first in bit 0.
    fn read(&self) -> Result<u8, Error> {
        let mut byte = 0;
        let mut port = None;
        for (index, line) in self.data[..self.count].iter().enumerate() {
            // Neighbours are mostly on one port, which is read once for them.
            let physical = match port {
                Some((port, physical)) if port == line.pin.port => physical,
                _ => line.pin.port.read()?,
            };
            port = Some((line.pin.port, physical));
            let high = (physical & line.pin.mask() != 0) != line.pin.is_active_low();
            byte |= u8::from(high) << index;
        }
        Ok(byte)
    }
}

impl Handler for Strobe {
    fn port(&self) -> Port {
        self.strobe.pin.port
    }

    fn handle(&self, pins: NonZero<u32>) {
        if pins.get() & self.strobe.pin.mask() == 0 {
            return;
        }
        let mut fast = self.inlet.begin();
        let byte = self.read();
        if byte.is_ok_and(|byte| fast.push_record(byte)) {
            return;
        }
        if byte.is_ok_and(|byte| fast.push_record_at_limit(byte)) {
            return fast.finish();
        }
        let path = self.inlet.go_on(fast.into_parts());
        match byte {
            Ok(byte) => path.byte(byte),
            Err(_) => path.unreadable(),
        }
    }
}

/// The interrupt source of a `StrobeDevice`, and the pins that it owns.
pub(crate) struct Source {
    callback: Callback<Strobe>,
    data: [Claim; DATA_MAX],
}

impl Source {
    pub(crate) const fn new() -> Self {
        Self {
            callback: Callback::new(),
            data: [const { Claim::new() }; DATA_MAX],
        }
    }
}

impl Source {
    /// Lets the strobe line interrupt no more.
    pub(crate) fn pause(&'static self) {
        self.callback.disable();
    }

    /// Lets it interrupt again.
    pub(crate) fn enable(&'static self) -> Result<(), LineError> {
        let Some(own) = self.callback.handler() else {
            return Ok(());
        };
        LineError::of(
            own.count,
            own.strobe.pin.enable_interrupt(own.strobe.trigger),
        )
    }
}

impl Lines for Source {
    fn sources(&'static self) -> Sources {
        Sources::Strobe(self)
    }
}

impl Interrupts for Source {
    fn begin(&'static self, _again: bool) -> Result<u32, LineError> {
        Ok(0)
    }

    fn levels(&'static self) -> u32 {
        let byte = self.callback.handler().map(Strobe::read);
        byte.map_or(0, |byte| byte.unwrap_or(0).into())
    }

    fn stop(&'static self) {
        self.callback.remove();
        self.data.iter().for_each(Claim::release);
    }
}

/// Latches `data` into `channel` at each edge of `strobe`, after [`check`](super::check) of the lines. Fails with
/// [`Error::BUSY`] for a pin that is captured already, or with a controller's error; then the caller must stop
/// `source`.
pub(crate) fn start(
    strobe: Line,
    data: &[Line],
    channel: &'static Channel,
    source: &'static Source,
) -> Result<(), LineError> {
    // Claims come first, so that no pin of another capture is configured.
    for (index, (line, claim)) in data.iter().zip(&source.data).enumerate() {
        LineError::of_claim(index, claim.hold(line.pin.port, line.pin.mask()))?;
    }
    let callback = &source.callback;
    let claimed = callback.claim(strobe.pin.port, strobe.pin.mask());
    LineError::of_claim(data.len(), claimed)?;
    for (index, line) in data.iter().chain([&strobe]).enumerate() {
        LineError::of(index, line.pin.configure_input())?;
    }
    let mut lines = [strobe; DATA_MAX];
    lines[..data.len()].copy_from_slice(data);
    let handler = Strobe {
        inlet: Inlet::new(channel),
        strobe,
        data: lines,
        count: data.len(),
    };
    let installed = callback.install(handler, |_| strobe.pin.mask());
    let enabled = installed.and_then(|()| strobe.pin.enable_interrupt(strobe.trigger));
    LineError::of(data.len(), enabled)
}
