//! Strobed data: an edge of one line latches up to 32 others into a sample.

use core::num::NonZero;

use super::control::{Lines, Sources};
use crate::channel::{Channel, Inlet, Interrupts};
use crate::sample::Stored;
use crate::sys::gpio::{Callback, Claim, Handler, Port};
use crate::{Error, Line, LineError};

/// All that the interrupt handler needs to know.
pub(crate) struct Strobe<T: Stored> {
    inlet: Inlet,
    strobe: Line,
    /// Bits of active-low data lines.
    inverted: u32,
    /// How many runs there are, at least one.
    count: usize,
    /// Runs of one port are neighbours.
    runs: T::PerLine<Run>,
}

/// Data lines of one port whose bits are all as far from their pins. So they are read together.
#[derive(Clone, Copy)]
struct Run {
    port: Port,
    /// By how many bits the port's word is rotated to the right.
    rotate: u8,
    /// The bits of the lines.
    bits: u32,
}

impl<T: Stored> Strobe<T> {
    /// Of `data`, at most as many lines as a sample has bits.
    fn new(channel: &'static Channel, strobe: Line, data: &[Line]) -> Self {
        let nothing = Run {
            port: strobe.pin.port,
            rotate: 0,
            bits: 0,
        };
        let mut own = Self {
            inlet: Inlet::new(channel),
            strobe,
            inverted: 0,
            count: 0,
            runs: T::each(nothing),
        };
        for (index, line) in (0..).zip(data) {
            own.inverted |= u32::from(line.pin.is_active_low()) << index;
            // All lines of a port are added with the first of them.
            let port = line.pin.port;
            if data.iter().take(index).all(|other| other.pin.port != port) {
                own.add_port(port, data);
            }
        }
        own
    }

    fn add_port(&mut self, port: Port, data: &[Line]) {
        let begin = self.count;
        for (index, line) in (0..).zip(data) {
            if line.pin.port != port {
                continue;
            }
            let rotate = line.pin.number.wrapping_sub(index) % u32::BITS as u8;
            let runs = self.runs.as_mut();
            let ours = begin..self.count;
            let mut ours = runs.get_mut(ours).unwrap_or_default().iter_mut();
            if let Some(run) = ours.find(|run| run.rotate == rotate) {
                run.bits |= 1 << index;
            } else if let Some(run) = runs.get_mut(self.count) {
                *run = Run {
                    port,
                    rotate,
                    bits: 1 << index,
                };
                self.count += 1;
            }
        }
    }

    fn runs(&self) -> &[Run] {
        self.runs.as_ref().get(..self.count).unwrap_or_default()
    }

    /// The levels of the data lines now, the first in bit 0. Each port is read once.
    #[inline]
    fn read(&self) -> Result<u32, Error> {
        let mut value = 0;
        let mut last = None;
        for run in self.runs() {
            let physical = match last {
                Some((port, physical)) if port == run.port => physical,
                _ => run.port.read()?,
            };
            last = Some((run.port, physical));
            value |= physical.rotate_right(run.rotate.into()) & run.bits;
        }
        Ok(value ^ self.inverted)
    }
}

impl Run {
    /// The pins of the lines.
    fn pins(self) -> u32 {
        self.bits.rotate_left(self.rotate.into())
    }
}

impl<T: Stored> Handler for Strobe<T> {
    fn port(&self) -> Port {
        self.strobe.pin.port
    }

    fn handle(&self, pins: NonZero<u32>) {
        if pins.get() & self.strobe.pin.mask() == 0 {
            return;
        }
        let mut fast = self.inlet.begin();
        let value = self.read();
        let record = value.map(|value| T::record(value, fast.time()));
        if record.is_ok_and(|record| fast.push_record(record)) {
            return;
        }
        if record.is_ok_and(|record| fast.push_record_at_limit(record)) {
            return fast.finish();
        }
        let path = self.inlet.go_on(fast.into_parts());
        match record {
            Ok(record) => path.sample(record),
            Err(_) => path.unreadable(),
        }
    }
}

/// The interrupt source of a `StrobeDevice`, and the pins that it owns.
pub(crate) struct Source<T: Stored> {
    callback: Callback<Strobe<T>>,
    data: T::PerLine<Claim>,
}

impl<T: Stored> Source<T> {
    pub(crate) const fn new() -> Self {
        Self {
            callback: Callback::new(),
            data: T::CLAIMS,
        }
    }
}

/// The interrupt of a strobe line, whatever the samples.
pub(crate) trait Control: Sync {
    /// Lets the strobe line interrupt no more.
    fn pause(&'static self);

    /// Lets it interrupt again.
    fn enable(&'static self) -> Result<(), LineError>;
}

impl<T: Stored> Control for Source<T> {
    fn pause(&'static self) {
        self.callback.disable();
    }

    fn enable(&'static self) -> Result<(), LineError> {
        let Some(own) = self.callback.handler() else {
            return Ok(());
        };
        #[cfg(edgepipe_pm)]
        for run in own.runs() {
            // The number of the run's first line.
            LineError::of(run.bits.trailing_zeros() as usize, run.port.check_awake())?;
        }
        // The number of the strobe is that of the data lines.
        let data = own.runs().iter().map(|run| run.bits.count_ones());
        let strobe = own.strobe;
        LineError::of(
            data.sum::<u32>() as usize,
            strobe.pin.enable_interrupt(strobe.trigger),
        )
    }
}

impl<T: Stored> Lines for Source<T> {
    fn sources(&'static self) -> Sources {
        Sources::Strobe(self)
    }
}

impl<T: Stored> Interrupts for Source<T> {
    /// A level that cannot be read is 0: no sample depends on it.
    fn begin(&'static self, again: bool) -> Result<u32, LineError> {
        Ok(if again { 0 } else { self.levels() })
    }

    fn levels(&'static self) -> u32 {
        let value = self.callback.handler().map(Strobe::read);
        value.map_or(0, |value| value.unwrap_or(0))
    }

    fn stop(&'static self) {
        self.callback.remove();
        self.data.as_ref().iter().for_each(Claim::release);
    }
}

/// Latches `data` into `channel` at each edge of `strobe`, after [`check`](super::check) of the lines. Fails with
/// [`Error::BUSY`] for a pin that is captured already, or with a controller's error; then the caller must stop
/// `source`.
pub(crate) fn start<T: Stored>(
    strobe: Line,
    data: &[Line],
    channel: &'static Channel,
    source: &'static Source<T>,
) -> Result<(), LineError> {
    let handler = Strobe::<T>::new(channel, strobe, data);
    // Claims come first, so that no pin of another capture is configured.
    for (run, claim) in handler.runs().iter().zip(source.data.as_ref()) {
        claim.hold(run.port, run.pins()).map_err(|others| {
            let is_taken = |it: &Line| it.pin.port == run.port && it.pin.mask() & others != 0;
            LineError::new(data.iter().position(is_taken).unwrap_or(0), Error::BUSY)
        })?;
    }
    let callback = &source.callback;
    let claimed = callback.claim(strobe.pin.port, strobe.pin.mask());
    LineError::of_claim(data.len(), claimed)?;
    for (index, line) in data.iter().chain([&strobe]).enumerate() {
        LineError::of(index, line.pin.configure_input())?;
    }
    let installed = callback.install(handler, |_| strobe.pin.mask());
    let enabled = installed.and_then(|()| strobe.pin.enable_interrupt(strobe.trigger));
    LineError::of(data.len(), enabled)
}

#[cfg(test)]
#[path = "../../tests/unit/strobe.rs"]
mod tests;
