//! Edges of up to 32 lines, over one or more GPIO ports.

use super::{debounce::Debounce, levels};
use crate::{
    ConfigError, Error, LINES_MAX, Line, OpenError, Trigger,
    channel::{Channel, Intake, Lines},
    sys::gpio::{Callback, Handler, PINS_MAX, Port},
};

/// The lines of one port: all that the interrupt handler needs to know.
#[derive(Clone, Copy)]
pub(crate) struct PortLines {
    channel: &'static Channel,
    port: Port,
    /// Pins captured.
    pins: u32,
    /// Pins whose level tells the edge: those that interrupt at both.
    both: u32,
    /// Pins whose edges lead to the level opposite to the one read, or where none is read, to high.
    inverted: u32,
    /// The line of each pin.
    lines: [u8; PINS_MAX],
}

impl Handler for PortLines {
    #[inline]
    fn handle(&self, pins: u32) {
        let mut fast = self.channel.fast();
        let levels = match self.port.read() {
            Ok(physical) => Ok(physical & self.both ^ self.inverted),
            Err(error) => Err(error),
        };
        // The driver may pass on pins that are not ours.
        let mut left = pins & self.pins;
        if let Ok(levels) = levels {
            while left != 0 {
                let pin = left.trailing_zeros();
                if !fast.edge(self.line(pin), levels >> pin & 1 == 1) {
                    break;
                }
                left &= left - 1;
            }
        }
        if left != 0 {
            self.handle_fully(fast.lengthen(), left, levels);
        }
    }
}

impl PortLines {
    /// Those of `lines` that are on `port`.
    fn new(channel: &'static Channel, port: Port, lines: &[Line]) -> Self {
        let mut handler = Self {
            channel,
            port,
            pins: 0,
            both: 0,
            inverted: 0,
            lines: [0; PINS_MAX],
        };
        for (index, line) in undebounced(lines).filter(|(_, line)| line.pin.port() == port) {
            handler.add(index, line);
        }
        handler
    }

    fn add(&mut self, index: usize, line: &Line) {
        let mask = line.pin.mask();
        self.pins |= mask;
        self.lines[line.pin.number() as usize] = index as u8;
        let inverted = match line.trigger {
            Trigger::Both => {
                self.both |= mask;
                line.pin.is_active_low()
            }
            Trigger::Rising => true,
            Trigger::Falling => false,
        };
        if inverted {
            self.inverted |= mask;
        }
    }

    #[inline]
    fn line(&self, pin: u32) -> u8 {
        self.lines[pin as usize % PINS_MAX]
    }

    /// What the fast path left, and everything after it.
    #[cold]
    #[inline(never)]
    fn handle_fully(&self, mut intake: Intake, mut left: u32, levels: Result<u32, Error>) {
        while left != 0 {
            let pin = left.trailing_zeros();
            left &= left - 1;
            match levels {
                Ok(levels) => intake.edge(self.line(pin), levels >> pin & 1 == 1),
                Err(_) => intake.unreadable(),
            }
        }
        intake.finish();
    }
}

/// Checks `lines`, before anything is configured.
pub(crate) fn check(lines: &[Line], ports: usize, debounced: usize) -> Result<(), ConfigError> {
    if lines.is_empty() {
        return Err(ConfigError::NoLine);
    }
    if lines.len() > LINES_MAX {
        return Err(ConfigError::TooManyLines {
            lines: lines.len(),
            most: LINES_MAX,
        });
    }
    for (index, line) in lines.iter().enumerate() {
        line.pin.check(index)?;
        if lines[..index]
            .iter()
            .any(|other| other.pin.is_same(line.pin))
        {
            return Err(ConfigError::LineTwice { line: index });
        }
    }
    if firsts_of_ports(lines).count() > ports {
        return Err(ConfigError::TooManyPorts { ports });
    }
    if lines.iter().filter(|line| line.debounce_us > 0).count() > debounced {
        return Err(ConfigError::TooManyDebounced { room: debounced });
    }
    Ok(())
}

/// Has the interrupts of `lines` captured into `channel`, with one callback for each port.
///
/// The lines passed [`check`]. After an error, the callbacks are to be removed.
pub(crate) fn start(
    lines: &[Line],
    channel: &'static Channel,
    callbacks: &'static [Callback<PortLines>],
    debounces: &'static [Debounce],
) -> Result<(), OpenError> {
    let refused = |line| move |error| OpenError::Line { line, error };
    for (index, line) in lines.iter().enumerate() {
        line.pin.configure_input().map_err(refused(index))?;
    }
    let debounced = (0..).zip(lines).filter(|(_, line)| line.debounce_us > 0);
    for ((index, line), debounce) in debounced.zip(debounces) {
        debounce
            .start(channel, *line, index)
            .map_err(refused(index.into()))?;
    }
    for (first, callback) in firsts_of_ports(lines).zip(callbacks) {
        let handler = PortLines::new(channel, lines[first].pin.port(), lines);
        callback
            .install(handler.port, handler.pins, handler)
            .map_err(refused(first))?;
    }
    for (index, line) in lines.iter().enumerate() {
        let trigger = if line.debounce_us > 0 {
            Trigger::Both
        } else {
            line.trigger
        };
        line.pin.enable_interrupt(trigger).map_err(refused(index))?;
    }
    // Last, because everything above may fire callbacks for edges that never were.
    channel.arm(|| {
        let both = |line: &Line| line.trigger == Trigger::Both || line.debounce_us > 0;
        let rising = |line: &Line| line.trigger == Trigger::Rising;
        Ok(Lines::new(
            levels::read(lines)?,
            mask(lines, both),
            mask(lines, rising),
        ))
    })?;
    Ok(())
}

/// The lines whose interrupts are captured at once, and their numbers.
fn undebounced(lines: &[Line]) -> impl Iterator<Item = (usize, &Line)> {
    let lines = lines.iter().enumerate();
    lines.filter(|(_, line)| line.debounce_us == 0)
}

/// The index of the first line of each port, of those that are not debounced.
fn firsts_of_ports(lines: &[Line]) -> impl Iterator<Item = usize> {
    let is_first = |&(index, line): &(usize, &Line)| {
        undebounced(&lines[..index]).all(|(_, other)| other.pin.port() != line.pin.port())
    };
    undebounced(lines).filter(is_first).map(|(index, _)| index)
}

/// The lines that `are`, line 0 in bit 0.
fn mask(lines: &[Line], are: impl Fn(&Line) -> bool) -> u32 {
    let bits = lines.iter().rev();
    bits.fold(0, |mask, line| mask << 1 | u32::from(are(line)))
}
