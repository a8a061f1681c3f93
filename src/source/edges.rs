//! Edges of up to 32 lines, over one or more GPIO ports.

use crate::{
    ConfigError, Error, LINES_MAX, Line, OpenError, Trigger,
    channel::Channel,
    sys::gpio::{Callback, Handler, Port},
};

/// The lines of one port: all that the interrupt handler needs to know.
#[derive(Clone, Copy)]
pub(crate) struct PortLines {
    channel: &'static Channel,
    port: Port,
    /// Pins whose logical level is the opposite of the physical one.
    active_low: u32,
    /// Pins that interrupt at rising edges only, and at falling ones only.
    rising: u32,
    falling: u32,
    /// Pins captured.
    pins: u32,
    /// The line of each pin.
    lines: [u8; 32],
}

impl Handler for PortLines {
    fn handle(&self, pins: u32) {
        let mut intake = self.channel.intake();
        // The driver may pass on pins that are not ours.
        let mut left = pins & self.pins;
        match self.port.read() {
            Ok(levels) => {
                // With one trigger there is only one edge it can have been.
                let levels = ((levels ^ self.active_low) | self.rising) & !self.falling;
                while left != 0 {
                    let pin = left.trailing_zeros();
                    left &= left - 1;
                    intake.edge(self.lines[pin as usize], levels >> pin & 1 == 1);
                }
            }
            Err(_) => (0..left.count_ones()).for_each(|_| intake.unreadable()),
        }
        intake.finish();
    }
}

impl PortLines {
    /// Those of `lines` that are on `port`.
    fn new(channel: &'static Channel, port: Port, lines: &[Line]) -> Self {
        let empty = [0; 32];
        let mut handler = Self {
            channel,
            port,
            active_low: 0,
            rising: 0,
            falling: 0,
            pins: 0,
            lines: empty,
        };
        for (index, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.pin.port() == port)
        {
            handler.add(index, line);
        }
        handler
    }

    fn add(&mut self, index: usize, line: &Line) {
        let mask = line.pin.mask();
        self.pins |= mask;
        self.lines[line.pin.number() as usize] = index as u8;
        if line.pin.is_active_low() {
            self.active_low |= mask;
        }
        match line.trigger {
            Trigger::Both => {}
            Trigger::Rising => self.rising |= mask,
            Trigger::Falling => self.falling |= mask,
        }
    }
}

/// Checks `lines`, before anything is configured.
pub(crate) fn check(lines: &[Line], ports: usize) -> Result<(), ConfigError> {
    if lines.is_empty() {
        return Err(ConfigError::NoLine);
    }
    if lines.len() > LINES_MAX {
        return Err(ConfigError::TooManyLines { lines: lines.len() });
    }
    for (index, line) in lines.iter().enumerate() {
        if line.pin.number() > 31 {
            return Err(ConfigError::PinOutOfRange { line: index });
        }
        let is_same = |other: &Line| {
            other.pin.port() == line.pin.port() && other.pin.number() == line.pin.number()
        };
        if lines[..index].iter().any(is_same) {
            return Err(ConfigError::LineTwice { line: index });
        }
    }
    if firsts_of_ports(lines).count() > ports {
        return Err(ConfigError::TooManyPorts { ports });
    }
    Ok(())
}

/// Has the interrupts of `lines` captured into `channel`, with one callback for each port.
///
/// The lines passed [`check`]. After an error, [`stop`] undoes what was done.
pub(crate) fn start(
    lines: &[Line],
    channel: &'static Channel,
    callbacks: &'static [Callback<PortLines>],
) -> Result<(), OpenError> {
    let refused = |line| move |error| OpenError::Line { line, error };
    for (index, line) in lines.iter().enumerate() {
        line.pin.configure_input().map_err(refused(index))?;
    }
    for (first, callback) in firsts_of_ports(lines).zip(callbacks) {
        let handler = PortLines::new(channel, lines[first].pin.port(), lines);
        callback
            .install(handler.port, handler.pins, handler)
            .map_err(refused(first))?;
    }
    for (index, line) in lines.iter().enumerate() {
        line.pin
            .enable_interrupt(line.trigger)
            .map_err(refused(index))?;
    }
    // Last, because everything above may fire callbacks for edges that never were.
    let both = line_mask(lines, |line| line.trigger == Trigger::Both);
    channel.arm(|| levels(lines), both)?;
    Ok(())
}

/// Ends the interrupts.
pub(crate) fn stop(callbacks: &'static [Callback<PortLines>]) {
    callbacks.iter().for_each(Callback::remove);
}

/// The index of the first line of each port.
fn firsts_of_ports(lines: &[Line]) -> impl Iterator<Item = usize> {
    let port = |index: usize| lines[index].pin.port();
    (0..lines.len()).filter(move |&index| (0..index).all(|other| port(other) != port(index)))
}

/// The lines for which `test` holds, line 0 in bit 0.
fn line_mask(lines: &[Line], test: impl Fn(&Line) -> bool) -> u32 {
    lines
        .iter()
        .rev()
        .fold(0, |mask, line| mask << 1 | u32::from(test(line)))
}

/// The logical level of every line now, line 0 in bit 0.
fn levels(lines: &[Line]) -> Result<u32, Error> {
    let mut levels = 0;
    for line in lines.iter().rev() {
        let physical = line.pin.port().read()? & line.pin.mask() != 0;
        levels = levels << 1 | u32::from(physical != line.pin.is_active_low());
    }
    Ok(levels)
}
