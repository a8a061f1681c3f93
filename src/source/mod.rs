//! Interrupt sources: they make records of GPIO callbacks.

pub(crate) mod control;
pub(crate) mod debounce;
pub(crate) mod edges;
pub(crate) mod port;
pub(crate) mod strobe;

use crate::{ConfigError, Line, sys::gpio::PINS_MAX};

/// Checks the pins of `lines`, at most `most` of them, and of the line `after` them, before anything is configured.
pub(crate) fn check(lines: &[Line], most: usize, after: Option<&Line>) -> Result<(), ConfigError> {
    if lines.is_empty() {
        return Err(ConfigError::NoLine);
    }
    if lines.len() > most {
        let lines = lines.len();
        return Err(ConfigError::TooManyLines { lines, most });
    }
    let all = lines.iter().chain(after);
    for (line, it) in all.clone().enumerate() {
        if usize::from(it.pin.number) >= PINS_MAX {
            return Err(ConfigError::PinOutOfRange { line });
        }
        let mut earlier = all.clone().take(line);
        if earlier.any(|other| other.pin.is_same(it.pin)) {
            return Err(ConfigError::LineTwice { line });
        }
    }
    Ok(())
}
