//! Where a channel's records come from.

use crate::LineError;

/// The interrupts of one capture: a device, as the channel and the capture see it.
pub(crate) trait Interrupts: Sync {
    /// Takes the levels of now for those before the first edges.
    ///
    /// # Context
    ///
    /// Thread, with the channel's lock held.
    ///
    /// # Errors
    ///
    /// When a controller does not tell its levels.
    fn begin(&'static self) -> Result<(), LineError>;

    /// The level of each line after its last edge, or when the capture began; line 0 in bit 0.
    ///
    /// # Context
    ///
    /// ISR or thread, with the channel's lock held.
    fn levels(&'static self) -> u32;

    /// Ends them, as far as they were started.
    ///
    /// # Context
    ///
    /// Thread.
    fn stop(&'static self);
}
