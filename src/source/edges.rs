//! Edges of up to 32 lines, over one or more GPIO ports.

use super::{debounce::Debounce, levels};
use crate::{
    ConfigError, LINES_MAX, Line, OpenError, Trigger,
    channel::Channel,
    sys::gpio::{Callback, Handler, Port},
};

/// The lines of one port: all that the interrupt handler needs to know.
#[derive(Clone, Copy)]
pub(crate) struct PortLines {
    channel: &'static Channel,
    port: Port,
    /// Pins captured.
    pins: u32,
    /// Pins whose logical level is the opposite of the physical one.
    active_low: u32,
    /// Pins that interrupt at rising edges only, and at falling ones only.
    rising: u32,
    falling: u32,
    /// Pins that have to be stable first.
    debounced: u32,
    debounces: &'static [Debounce],
    /// The line of each pin.
    lines: [u8; 32],
}

impl Handler for PortLines {
    fn handle(&self, pins: u32) {
        let mut intake = self.channel.intake();
        // The driver may pass on pins that are not ours.
        let pins = pins & self.pins;
        let mut left = pins & !self.debounced;
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
        let debounced = if intake.is_armed() {
            pins & self.debounced
        } else {
            0
        };
        let now = intake.now();
        intake.finish();
        if debounced != 0 {
            self.debounce(debounced, now);
        }
    }
}

impl PortLines {
    /// Those of `lines` that are on `port`.
    fn new(
        channel: &'static Channel,
        port: Port,
        lines: &[Line],
        debounces: &'static [Debounce],
    ) -> Self {
        let mut handler = Self {
            channel,
            port,
            pins: 0,
            active_low: 0,
            rising: 0,
            falling: 0,
            debounced: 0,
            debounces,
            lines: [0; 32],
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
            _ if line.debounce_us > 0 => self.debounced |= mask,
            Trigger::Both => {}
            Trigger::Rising => self.rising |= mask,
            Trigger::Falling => self.falling |= mask,
        }
    }

    fn debounce(&self, pins: u32, cycles: u64) {
        for pin in (0..32).filter(|pin| pins >> pin & 1 == 1) {
            let line = self.lines[pin];
            if let Some(debounce) = self.debounces.iter().find(|one| one.is_for(line)) {
                debounce.interrupted(cycles);
            }
        }
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
    let debounced = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.debounce_us > 0);
    for ((index, line), debounce) in debounced.zip(debounces) {
        debounce.start(channel, *line, index as u8);
    }
    for (first, callback) in firsts_of_ports(lines).zip(callbacks) {
        let handler = PortLines::new(channel, lines[first].pin.port(), lines, debounces);
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
    channel.arm(|| levels::read(lines), lines_of_both_edges(lines))?;
    Ok(())
}

/// The index of the first line of each port.
fn firsts_of_ports(lines: &[Line]) -> impl Iterator<Item = usize> {
    let port = |index: usize| lines[index].pin.port();
    (0..lines.len()).filter(move |&index| (0..index).all(|other| port(other) != port(index)))
}

/// The lines of which every edge is recorded, line 0 in bit 0.
fn lines_of_both_edges(lines: &[Line]) -> u32 {
    let both = |line: &Line| line.trigger == Trigger::Both && line.debounce_us == 0;
    lines
        .iter()
        .rev()
        .fold(0, |mask, line| mask << 1 | u32::from(both(line)))
}
