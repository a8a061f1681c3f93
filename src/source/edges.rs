//! Edges of up to 32 lines, over one or more GPIO ports.

use core::ptr;

use super::port::PortLines;
use crate::{
    ConfigError, LINES_MAX, Line, LineError, Trigger, channel::Channel, sys::gpio::Callback,
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
        if !is_first(lines, line, |other| other.pin.is_same(line.pin)) {
            return Err(ConfigError::LineTwice { line: index });
        }
        ports_needed += usize::from(is_first_of_port(lines, line));
        debounced_needed += usize::from(line.is_debounced());
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
) -> Result<(), LineError> {
    for (line, it) in lines.iter().enumerate() {
        let configured = it.pin.configure_input();
        configured.map_err(|error| LineError { line, error })?;
    }
    for callback in callbacks {
        callback.forget();
    }
    let mut free = callbacks.iter();
    for (line, it) in lines.iter().enumerate() {
        if is_first_of_port(lines, it)
            && let Some(callback) = free.next()
        {
            let handler = PortLines::new(channel, it.pin.port());
            let installed = callback.install(handler, |handler| handler.add(lines));
            installed.map_err(|error| LineError { line, error })?;
        }
    }
    Ok(())
}

/// Lets `lines` interrupt.
#[inline]
pub(crate) fn enable(lines: &[Line]) -> Result<(), LineError> {
    for (line, it) in lines.iter().enumerate() {
        let trigger = if it.is_debounced() {
            Trigger::Both
        } else {
            it.trigger
        };
        let enabled = it.pin.enable_interrupt(trigger);
        enabled.map_err(|error| LineError { line, error })?;
    }
    Ok(())
}

/// Whether `line` has its interrupts from its port's callback, and is the first of `lines` to do so.
#[inline(never)]
fn is_first_of_port(lines: &[Line], line: &Line) -> bool {
    is_first(lines, line, |other| {
        !other.is_debounced() && other.pin.port() == line.pin.port()
    })
}

/// Whether `line`, one of `lines`, is the first of those that are `like` this.
fn is_first(lines: &[Line], line: &Line, like: impl Fn(&&Line) -> bool) -> bool {
    lines
        .iter()
        .find(like)
        .is_some_and(|first| ptr::eq(first, line))
}
