//! What a channel is opened with.

use crate::Overflow;

/// What a channel is opened with, checked.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    /// Bytes in a record.
    pub(crate) size: usize,
    /// Records that fit.
    pub(crate) capacity: u32,
    /// Pending records that make the channel ready.
    pub(crate) threshold: u32,
    /// Ticks that a record may wait; 0 for as long as it takes.
    pub(crate) flush_after: u64,
    pub(crate) overflow: Overflow,
    /// Records that the stage holds, 1 to `capacity`.
    pub(crate) block: u32,
}
