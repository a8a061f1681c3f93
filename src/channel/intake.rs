//! The full path of an interrupt: all that may become of an edge.

use super::{Channel, Raise, State};
use crate::{record, sys::lock::Guard};

/// One interrupt's work on a channel, with the lock held from beginning to end.
///
/// Dropping it would leave waiters asleep; [`finish`](Self::finish) wakes them.
#[must_use = "waiters are woken by finish()"]
pub(crate) struct Intake {
    channel: &'static Channel,
    state: Guard<'static, State>,
    /// When the interrupt was seen, in cycles.
    now: u64,
    raise: Raise,
}

impl Intake {
    /// The interrupt was seen when the counter showed `cycles`, with the lock held.
    pub(super) fn new(
        channel: &'static Channel,
        mut state: Guard<'static, State>,
        cycles: u32,
    ) -> Self {
        let now = state.look(cycles);
        Self {
            channel,
            state,
            now,
            raise: Raise::default(),
        }
    }

    /// Stores an edge of `line` to `high`, or counts why it could not be.
    pub(crate) fn edge(&mut self, line: u8, high: bool) {
        self.edge_at(line, high, self.now);
    }

    /// As [`edge`](Self::edge), for one that was seen at `cycles`.
    pub(crate) fn edge_at(&mut self, line: u8, high: bool, cycles: u64) {
        let state = &mut *self.state;
        if !state.armed {
            return;
        }
        let sequence = state.count();
        if state.has_room() {
            let word = record::encode_edge(cycles, line, high, sequence);
            state.records.push(word, &self.channel.pipe);
        } else {
            state.lose();
        }
        self.update();
    }

    /// Stores a plain byte, or counts why it could not be.
    pub(crate) fn byte(&mut self, byte: u8) {
        let state = &mut *self.state;
        if !state.armed {
            return;
        }
        state.count();
        if state.has_room() {
            state.records.push(byte, &self.channel.pipe);
        } else {
            state.lose();
        }
        self.update();
    }

    /// Counts an edge whose level the controller would not tell.
    pub(crate) fn unreadable(&mut self) {
        let state = &mut *self.state;
        if !state.armed {
            return;
        }
        state.count();
        if state.has_room() {
            state.books.lost.unreadable += 1;
            state.books.unreported += 1;
            state.report_gap(&self.channel.pipe);
        } else {
            state.lose();
        }
        self.update();
    }

    /// Counts interrupts that debouncing swallowed.
    pub(crate) fn bounced(&mut self, interrupts: u32) {
        self.state.books.bounces += u64::from(interrupts);
    }

    /// Counts an edge to `high` that the hardware did not tell of.
    pub(crate) fn missed(&mut self, high: bool) {
        let missed = &mut self.state.books.missed;
        *(if high {
            &mut missed.rising
        } else {
            &mut missed.falling
        }) += 1;
    }

    /// Whether interrupts count: not while the lines are being configured.
    pub(crate) fn is_armed(&self) -> bool {
        self.state.armed
    }

    /// When the interrupt was seen, in cycles.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    /// Ends the interrupt's work: releases the lock and wakes whoever is to be woken.
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

    /// Does what the latest record calls for.
    fn update(&mut self) {
        if !self.state.deadline.is_off() && self.state.records.pending() == 1 {
            self.channel.start_deadline(&mut self.state, 0);
        }
        self.raise = self.raise.and(self.state.update());
    }
}
