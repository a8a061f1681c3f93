//! Edges of up to 32 lines, over one or more GPIO ports.

use super::{debounce::Debounce, port::PortLines};
use crate::{
    ConfigError, LINES_MAX, Line, OpenError, Trigger,
    channel::{Channel, Levels},
    sys::gpio::Callback,
};

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
    levels: &'static (dyn Levels + Sync),
) -> Result<(), OpenError> {
    let refused = |line| move |error| OpenError::Line { line, error };
    callbacks.iter().for_each(Callback::forget);
    debounces.iter().for_each(Debounce::forget);
    for (index, line) in lines.iter().enumerate() {
        line.pin.configure_input().map_err(refused(index))?;
    }
    let debounced = (0..).zip(lines).filter(|(_, line)| line.debounce_us > 0);
    for ((index, line), debounce) in debounced.clone().zip(debounces) {
        debounce
            .start(channel, *line, index)
            .map_err(refused(index.into()))?;
    }
    for (first, callback) in firsts_of_ports(lines).zip(callbacks) {
        let handler = PortLines::new(channel, lines[first].pin.port(), undebounced(lines));
        callback
            .install(handler.pins(), handler)
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
    channel.arm(levels, || {
        for (first, callback) in firsts_of_ports(lines).zip(callbacks) {
            let port = callback.handler();
            port.map_or(Ok(()), PortLines::begin)
                .map_err(refused(first))?;
        }
        for ((index, _), debounce) in debounced.zip(debounces) {
            debounce.begin().map_err(refused(index.into()))?;
        }
        Ok(())
    })
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
