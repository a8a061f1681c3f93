//! Edges of up to 32 lines, over one or more GPIO ports.

use core::ptr;

use super::port::PortLines;
use crate::sys::gpio::Callback;
use crate::{ConfigError, Error, LINES_MAX, Line, LineError, Trigger, channel::Channel};

/// Checks `lines`, before anything is configured.
pub(crate) fn check(lines: &[Line], ports: usize, debounced: usize) -> Result<(), ConfigError> {
    super::check(lines, LINES_MAX, None)?;
    let ports_needed = lines.iter().filter(|it| is_first_of_port(lines, it));
    if ports_needed.count() > ports {
        return Err(ConfigError::TooManyPorts { ports });
    }
    if lines.iter().filter(|it| it.is_debounced()).count() > debounced {
        return Err(ConfigError::TooManyDebounced { room: debounced });
    }
    Ok(())
}

/// Claims the pins of `lines` that are not debounced, with one callback for each port; [`Error::BUSY`] for a pin that
/// is captured already. Then the caller must remove the callbacks.
pub(crate) fn claim(
    lines: &[Line],
    callbacks: &'static [Callback<PortLines>],
) -> Result<(), LineError> {
    let firsts = lines.iter().filter(|it| is_first_of_port(lines, it));
    for (first, callback) in firsts.zip(callbacks) {
        let port = first.pin.port;
        let is_ours = |it: &&Line| !it.is_debounced() && it.pin.port == port;
        let pins = lines.iter().filter(is_ours);
        let pins = pins.fold(0, |pins, it| pins | it.pin.mask());
        callback.claim(port, pins).map_err(|others| {
            let is_taken = |it: &Line| is_ours(&it) && it.pin.mask() & others != 0;
            let line = lines.iter().position(is_taken).unwrap_or(0);
            LineError::new(line, Error::BUSY)
        })?;
    }
    Ok(())
}

/// Configures `lines` as inputs, and captures the edges of those that are not debounced into `channel`, with one
/// callback for each port. [`check`] has checked the lines, and [`claim`] has claimed their pins. After an error the
/// caller must remove the callbacks.
pub(crate) fn start(
    lines: &[Line],
    channel: &'static Channel,
    callbacks: &'static [Callback<PortLines>],
) -> Result<(), LineError> {
    for (line, it) in lines.iter().enumerate() {
        LineError::of(line, it.pin.configure_input())?;
    }
    for callback in callbacks {
        callback.forget();
    }
    let all = lines.iter().enumerate();
    let firsts = all.filter(|(_, it)| is_first_of_port(lines, it));
    for ((line, first), callback) in firsts.zip(callbacks) {
        let handler = PortLines::new(channel, first.pin.port);
        let installed = callback.install(handler, |handler| handler.add(lines));
        LineError::of(line, installed)?;
    }
    Ok(())
}

#[inline]
pub(crate) fn enable(lines: &[Line]) -> Result<(), LineError> {
    for (line, it) in lines.iter().enumerate() {
        let debounced = it.is_debounced();
        let trigger = if debounced { Trigger::Both } else { it.trigger };
        LineError::of(line, it.pin.enable_interrupt(trigger))?;
    }
    Ok(())
}

/// Whether `line` is the first of `lines` that uses its port's callback.
#[inline(never)]
fn is_first_of_port(lines: &[Line], line: &Line) -> bool {
    let is_like = |other: &&Line| !other.is_debounced() && other.pin.port == line.pin.port;
    let first = lines.iter().find(is_like);
    first.is_some_and(|first| ptr::eq(first, line))
}
