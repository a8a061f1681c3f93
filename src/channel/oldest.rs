//! Records that give way to newer ones: [`Overflow::DropOldest`].
//!
//! A full buffer makes room by dropping records where the reader would go on: the two oldest records become one gap
//! record, in the place of the second. If the first is a gap record already, that costs one edge, and else two. So each
//! edge on a full buffer costs the same, and the hole is marked where it is, before the oldest edge that is still
//! pending. A gap record tells the levels of all lines, so those before the oldest record are kept up to date: by each
//! take.

use super::state::{Phase, State};
use crate::Overflow;

impl State {
    /// Makes room for a record if there is none; returns whether there is room now.
    #[inline]
    pub(super) fn make_room(&mut self) -> bool {
        self.has_room() || self.overflow == Overflow::DropOldest && self.drop_oldest()
    }

    /// Drops the oldest edges of a full buffer; returns whether it captures.
    #[cold]
    #[inline(never)]
    fn drop_oldest(&mut self) -> bool {
        let is_capturing = self.phase == Phase::Capturing;
        if is_capturing {
            let dropped = self.records.merge_oldest(self.levels_before);
            self.counters.lost.oldest += u64::from(dropped);
        }
        is_capturing
    }
}
