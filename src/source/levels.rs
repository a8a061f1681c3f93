//! The levels of some lines, read all at once.

use crate::{Error, Line};

/// The logical level of every line now, line 0 in bit 0.
///
/// # Context
///
/// ISR or thread, never blocks.
pub(super) fn read(lines: &[Line]) -> Result<u32, Error> {
    let mut levels = 0;
    let mut port = None;
    for (index, line) in lines.iter().enumerate() {
        // Neighbours are mostly on one port, which is read once for them.
        let physical = match port {
            Some((port, physical)) if port == line.pin.port() => physical,
            _ => line.pin.port().read()?,
        };
        port = Some((line.pin.port(), physical));
        let high = (physical & line.pin.mask() != 0) != line.pin.is_active_low();
        levels |= u32::from(high) << index;
    }
    Ok(levels)
}
