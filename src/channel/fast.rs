//! The fast path: what almost every interrupt does, and all that it does.
//!
//! An edge needs nothing but a place in the stage while
//!
//! - it leads to the level that was expected, so none was missed,
//! - the cycle counter has not wrapped since somebody last looked, so the upper half of the record
//!   is the one that [`State::update`] prepared, and
//! - the stage lets it in: `update` allows only as many records as change nothing for anybody. The
//!   one that fills the stage or the buffer, that reaches a threshold, or that starts the deadline
//!   is not among them, and none is before the capture is armed or after it was closed.
//!
//! Whatever else happens is for the full path, [`Intake`], which takes over with the lock held.

use super::{Channel, Intake, State};
use crate::sys::{clock, lock::Brief};

/// The beginning of one interrupt's work on a channel, with every interrupt off.
pub(crate) struct Fast {
    channel: &'static Channel,
    state: Brief<'static, State>,
    /// When the interrupt was seen.
    cycles: u32,
}

impl Fast {
    #[inline]
    pub(super) fn new(channel: &'static Channel) -> Self {
        let state = channel.state.lock_briefly();
        // With the lock held, so that records of nested interrupts are in the order of their times.
        let cycles = clock::cycles();
        Self {
            channel,
            state,
            cycles,
        }
    }

    /// Stores an edge of `line` to `high`, unless that is for the full path.
    #[inline]
    pub(crate) fn edge(&mut self, line: u8, high: bool) -> bool {
        let state = &mut *self.state;
        let Some(line_and_level) = state.lines.expected(line, high) else {
            return false;
        };
        let record = state.head.edge(self.cycles, line_and_level);
        if !state.clock.is_current(self.cycles) || !state.records.stage.try_push(record) {
            return false;
        }
        state.lines.pass(line);
        state.head = state.head.next();
        true
    }

    /// Stores a plain byte, unless that is for the full path.
    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) -> bool {
        let state = &mut *self.state;
        let stored = state.records.stage.try_push(byte);
        if stored {
            state.head = state.head.next();
        }
        stored
    }

    /// Goes on with the full path.
    pub(crate) fn lengthen(self) -> Intake {
        Intake::new(self.channel, self.state.lengthen(), self.cycles)
    }
}
