//! Edges of up to 32 lines, over one or more GPIO ports.

use super::port::PortLines;
use crate::{
    ConfigError, LINES_MAX, Line, OpenError, Trigger, channel::Channel, sys::gpio::Callback,
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
    let (mut ports_needed, mut debounced_needed) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        line.pin.check(index)?;
        let mut before = lines.iter().take(index);
        if before.clone().any(|other| other.pin.is_same(line.pin)) {
            return Err(ConfigError::LineTwice { line: index });
        }
        if line.is_debounced() {
            debounced_needed += 1;
        } else if !before.any(|other| shares_callback(line, other)) {
            ports_needed += 1;
        }
    }
    if ports_needed > ports {
        return Err(ConfigError::TooManyPorts { ports });
    }
    if debounced_needed > debounced {
        return Err(ConfigError::TooManyDebounced { room: debounced });
    }
    Ok(())
}

/// Makes `lines` inputs, and has the edges of those that are not debounced captured into `channel`,
/// with one callback for each port.
///
/// The lines passed [`check`]. After an error, the callbacks are to be removed.
pub(crate) fn start(
    lines: &[Line],
    channel: &'static Channel,
    callbacks: &'static [Callback<PortLines>],
) -> Result<(), OpenError> {
    for (line, it) in lines.iter().enumerate() {
        let configured = it.pin.configure_input();
        configured.map_err(|error| OpenError::Line { line, error })?;
    }
    // In the order of the first line of each port.
    let mut firsts = lines.iter().enumerate().filter(|(index, line)| {
        let mut before = lines.iter().take(*index);
        !line.is_debounced() && !before.any(|other| shares_callback(line, other))
    });
    for callback in callbacks {
        callback.forget();
        if let Some((line, first)) = firsts.next() {
            let handler = PortLines::new(channel, first.pin.port(), lines);
            callback
                .install(handler.pins(), handler)
                .map_err(|error| OpenError::Line { line, error })?;
        }
    }
    Ok(())
}

/// Lets `lines` interrupt.
pub(crate) fn enable(lines: &[Line]) -> Result<(), OpenError> {
    for (line, it) in lines.iter().enumerate() {
        let trigger = if it.is_debounced() {
            Trigger::Both
        } else {
            it.trigger
        };
        let enabled = it.pin.enable_interrupt(trigger);
        enabled.map_err(|error| OpenError::Line { line, error })?;
    }
    Ok(())
}

/// Whether both have their interrupts from one callback. `line` is not debounced.
fn shares_callback(line: &Line, other: &Line) -> bool {
    !other.is_debounced() && other.pin.port() == line.pin.port()
}
