//! The levels of all lines, for gap records. Reading 32 levels takes longer than interrupts may be masked. So the lock
//! is released meanwhile, and the result is corrected for edges that arrive in that time.

use super::{Channel, State};
use crate::sys::lock::Guard;

/// The levels of all lines, and the edges that arrive while these are read.
pub(super) struct Levels {
    /// How many contexts are reading the levels, and one more during a pause. Meanwhile all edges take the full path. If a
    /// thread is aborted while it reads, they do so until the next use, which is slower but not wrong.
    pub(super) readers: u32,
    /// Lines with an edge since the first of these began to read, and their levels after the last edge; line 0 in bit
    /// 0.
    pub(super) changed: u32,
    pub(super) latest: u32,
    /// The levels that were read last, corrected for these edges.
    pub(super) found: u32,
}

impl Levels {
    pub(super) const fn none() -> Self {
        Self {
            readers: 0,
            changed: 0,
            latest: 0,
            found: 0,
        }
    }

    pub(super) fn are_being_read(&self) -> bool {
        self.readers > 0
    }

    /// For a pause, in which no edge counts: has all edges take the full path.
    pub(super) fn hold(&mut self) {
        if self.readers == 0 {
            self.changed = 0;
        }
        self.readers += 1;
    }

    /// Ends a [`hold`](Self::hold), after which the lines have these levels: also for who is reading them.
    pub(super) fn end_hold(&mut self, levels: u32) {
        self.readers -= 1;
        (self.changed, self.latest) = (u32::MAX, levels);
    }

    /// Notes that an edge of `line`, below 32, led to `high`.
    pub(super) fn note(&mut self, line: u32, high: bool) {
        let bit = 1 << line;
        self.changed |= bit;
        self.latest = self.latest & !bit | u32::from(high) << line;
    }
}

impl Channel {
    /// Reads the levels into [`Levels::found`]. It releases the lock for that, and takes it again.
    #[cold]
    #[inline(never)]
    pub(super) fn read_levels(
        &'static self,
        mut state: Guard<'static, State>,
    ) -> Guard<'static, State> {
        let Some(interrupts) = state.interrupts else {
            return state;
        };
        if !state.levels.are_being_read() {
            state.levels.changed = 0;
        }
        state.levels.readers += 1;
        state.update_limit();
        let number = state.use_number;
        drop(state);
        let levels = interrupts.levels();
        let mut state = self.lock();
        if state.use_number != number {
            return state;
        }
        let (changed, latest) = (state.levels.changed, state.levels.latest);
        state.levels.found = levels & !changed | latest & changed;
        state.levels.readers -= 1;
        state.update_limit();
        state
    }
}
