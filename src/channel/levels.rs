//! The levels of all lines, which a gap record states. A look at 32 lines takes longer than interrupts may be
//! masked. So the lock is free meanwhile, and edges that come then are laid over what the look has found.

use super::{Channel, State};
use crate::sys::lock::Guard;

/// A look at all lines, and the edges that came meanwhile.
pub(super) struct Levels {
    /// Looks that go on. Meanwhile all edges take the full path; after a thread was aborted in its look, until the
    /// next use, which is slower and not wrong.
    readers: u32,
    /// Lines that had an edge since the first of these began, and the levels that the last ones led to; line 0
    /// in bit 0.
    pub(super) changed: u32,
    pub(super) latest: u32,
    /// What the last look has found, with these in their places.
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

    /// An edge of `line`, below 32, led to `high`.
    pub(super) fn note(&mut self, line: u32, high: bool) {
        let bit = 1 << line;
        self.changed |= bit;
        self.latest = self.latest & !bit | u32::from(high) << line;
    }
}

impl Channel {
    /// Looks at the levels, which are in [`Levels::found`] then. For that the lock is given up and taken again.
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
