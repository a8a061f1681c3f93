//! The interrupt handler's side: the path that every edge takes.

use zephyr::sync::SpinMutexGuard;

use super::{BLOCK, Channel, Raise, State};
use crate::record;

/// One interrupt's work on a channel, with the lock held from beginning to end.
///
/// Dropping it would leave waiters asleep; [`finish`](Self::finish) wakes them.
#[must_use = "waiters are woken by finish()"]
pub(crate) struct Intake<'a> {
    channel: &'a Channel,
    state: SpinMutexGuard<'a, State>,
    /// When the interrupt was seen, in cycles.
    cycles: u64,
    raise: Raise,
}

impl<'a> Intake<'a> {
    #[inline]
    pub(super) fn new(channel: &'a Channel, mut state: SpinMutexGuard<'a, State>) -> Self {
        // Under the lock, so that records of nested interrupts are in the order of their times.
        let cycles = state.clock.read();
        Self {
            channel,
            state,
            cycles,
            raise: Raise::default(),
        }
    }

    /// Stores an edge of `line` to `high`, or counts why it could not be.
    #[inline]
    pub(crate) fn edge(&mut self, line: u8, high: bool) {
        let state = &mut *self.state;
        if !state.armed {
            // The driver fires callbacks of its own while the lines are being configured.
            return;
        }
        let line_bit = 1 << line;
        if (state.levels & line_bit != 0) != high {
            state.levels ^= line_bit;
        } else if state.both & line_bit != 0 {
            let missed = if high {
                &mut state.missed.falling
            } else {
                &mut state.missed.rising
            };
            *missed += 1;
        }
        state.captured += 1;
        if state.pending >= state.capacity || state.closed {
            return self.lose();
        }
        let sequence = state.captured as u8;
        state.stage[state.staged] = record::encode_edge(self.cycles, line, high, sequence);
        state.staged += 1;
        state.pending += 1;
        if state.staged == BLOCK {
            state.flush(&self.channel.pipe);
        }
        if state.pending >= state.wake_at {
            self.update();
        }
    }

    /// Counts an edge whose level the controller would not tell.
    pub(crate) fn unreadable(&mut self) {
        if self.state.armed {
            self.state.captured += 1;
            self.state.lost.unreadable += 1;
            self.state.unreported += 1;
            self.update();
        }
    }

    /// Ends the interrupt's work: releases the lock and wakes whoever is to be woken.
    #[inline]
    pub(crate) fn finish(self) {
        let Self {
            channel,
            state,
            raise,
            ..
        } = self;
        drop(state);
        channel.raise(raise);
    }

    /// The path of an edge for which there is no place.
    #[cold]
    fn lose(&mut self) {
        if self.state.closed {
            self.state.lost.closed += 1;
            return;
        }
        self.state.lost.full += 1;
        self.state.unreported += 1;
        if self.state.unreported == 1 {
            self.update();
        }
    }

    fn update(&mut self) {
        let raise = self.state.update();
        self.raise.ready |= raise.ready;
        self.raise.data |= raise.data;
    }
}
