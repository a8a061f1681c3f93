//! The interrupt handler's side: the path that every edge takes.

use zephyr::sync::SpinMutexGuard;

use super::{Channel, Raise, State};
use crate::record;

/// One interrupt's work on a channel, with the lock held from beginning to end.
///
/// Dropping it would leave waiters asleep; [`finish`](Self::finish) wakes them.
#[must_use = "waiters are woken by finish()"]
pub(crate) struct Intake {
    channel: &'static Channel,
    state: SpinMutexGuard<'static, State>,
    /// When the interrupt was seen, in cycles.
    now: u64,
    raise: Raise,
}

impl Intake {
    #[inline]
    pub(super) fn new(
        channel: &'static Channel,
        mut state: SpinMutexGuard<'static, State>,
    ) -> Self {
        // Under the lock, so that records of nested interrupts are in the order of their times.
        let now = state.clock.read();
        Self {
            channel,
            state,
            now,
            raise: Raise::default(),
        }
    }

    /// Stores an edge of `line` to `high`, or counts why it could not be.
    #[inline]
    pub(crate) fn edge(&mut self, line: u8, high: bool) {
        let now = self.now;
        self.edge_at(line, high, now);
    }

    /// As [`edge`](Self::edge), for one that was seen at `cycles`.
    #[inline]
    pub(crate) fn edge_at(&mut self, line: u8, high: bool, cycles: u64) {
        let state = &mut *self.state;
        if !state.armed {
            // The driver fires callbacks of its own while the lines are being configured.
            return;
        }
        let line_bit = 1 << line;
        if (state.levels & line_bit != 0) != high {
            state.levels ^= line_bit;
        } else if state.both & line_bit != 0 {
            let missed = &mut state.books.missed;
            *(if high {
                &mut missed.falling
            } else {
                &mut missed.rising
            }) += 1;
        }
        state.books.captured += 1;
        if state.records.pending() >= state.limit {
            return self.lose();
        }
        let sequence = state.books.captured as u8;
        let word = record::encode_edge(cycles, line, high, sequence);
        state.records.push_word(word, &self.channel.pipe);
        if state.records.pending() >= state.wake_at {
            self.update();
        }
    }

    /// Stores a plain byte, or counts why it could not be.
    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) {
        let state = &mut *self.state;
        if !state.armed {
            return;
        }
        state.books.captured += 1;
        if state.records.pending() >= state.limit {
            return self.lose();
        }
        state.records.push_byte(byte, &self.channel.pipe);
        if state.records.pending() >= state.wake_at {
            self.update();
        }
    }

    /// Counts an edge whose level the controller would not tell.
    pub(crate) fn unreadable(&mut self) {
        let state = &mut *self.state;
        if !state.armed {
            return;
        }
        state.books.captured += 1;
        if state.records.pending() >= state.limit {
            return self.lose();
        }
        state.books.lost.unreadable += 1;
        state.books.unreported += 1;
        state.report_gap(&self.channel.pipe);
        self.update();
    }

    /// Counts interrupts that debouncing swallowed.
    pub(crate) fn bounced(&mut self, interrupts: u32) {
        self.state.books.bounces += u64::from(interrupts);
    }

    /// Whether interrupts count: not while the lines are being configured.
    pub(crate) fn is_armed(&self) -> bool {
        self.state.armed
    }

    /// Notes the level of `line` after an edge that is not asked for.
    pub(crate) fn settled(&mut self, line: u8, high: bool) {
        self.state.levels = self.state.levels & !(1 << line) | u32::from(high) << line;
    }

    /// When the interrupt was seen, in cycles.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    /// The level of `line` after its last edge.
    pub(crate) fn level(&self, line: u8) -> bool {
        self.state.levels >> line & 1 == 1
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

    /// The path of an edge for which there is no room.
    #[cold]
    fn lose(&mut self) {
        // The channel is ready already, or it would have room: there is nobody to wake.
        self.state.lose();
    }

    /// The path of a record that somebody waits for, or that starts the deadline.
    fn update(&mut self) {
        if !self.state.deadline.is_off() && self.state.records.pending() == 1 {
            self.channel.start_deadline(&mut self.state, 0);
        }
        self.raise = self.raise.and(self.state.update());
    }
}
