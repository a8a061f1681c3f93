//! The full path of an interrupt: all that may become of an edge.

use super::{Channel, Raise, State};
use crate::{record::Head, sys::lock::Guard};

/// One interrupt's work on a channel, with the lock held from beginning to end.
///
/// Dropping it would leave waiters asleep; [`finish`](Self::finish) wakes them.
#[must_use = "waiters are woken by finish()"]
pub(crate) struct Intake {
    channel: &'static Channel,
    state: Guard<'static, State>,
    /// When the interrupt was seen.
    cycles: u32,
    raise: Raise,
}

impl Intake {
    /// The interrupt was seen when the counter showed `cycles`, with the lock held.
    #[inline]
    pub(super) fn new(
        channel: &'static Channel,
        state: Guard<'static, State>,
        cycles: u32,
    ) -> Self {
        Self {
            channel,
            state,
            cycles,
            raise: Raise::NOBODY,
        }
    }

    /// Stores an edge with these bits of line and level, or counts why it could not be.
    #[inline]
    pub(crate) fn edge(&mut self, line_and_level: u8) {
        let record = self.state.head.edge(self.cycles, line_and_level);
        // Of the edges of one interrupt, most are for the fast path too.
        if self.state.records.stage.try_push(record) {
            self.state.head = self.state.head.next();
        } else {
            self.store(Some(record));
        }
    }

    /// As [`edge`](Self::edge), for one that was seen at `cycles` on the clock of [`now`](Self::now).
    pub(crate) fn edge_at(&mut self, line_and_level: u8, cycles: u64) {
        let head = Head::new(cycles, self.state.head.sequence());
        self.store(Some(head.edge(cycles as u32, line_and_level)));
    }

    /// Stores a plain byte, or counts why it could not be.
    pub(crate) fn byte(&mut self, byte: u8) {
        self.store(Some(byte));
    }

    #[inline]
    fn store<T: Copy>(&mut self, record: Option<T>) {
        let raise = self.channel.store(&mut self.state, record);
        self.raise = self.raise.and(raise);
    }

    /// Counts an edge whose level the controller would not tell.
    pub(crate) fn unreadable(&mut self) {
        self.store(None::<u64>);
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
        self.state.is_armed()
    }

    /// When the interrupt was seen, in cycles.
    pub(crate) fn now(&mut self) -> u64 {
        self.state.look(self.cycles)
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
}

impl Channel {
    /// Stores a record, or a mark for an edge whose level is not known; or counts why it could not be.
    #[inline(never)]
    fn store<T: Copy>(&'static self, state: &mut State, record: Option<T>) -> Raise {
        if !state.is_armed() {
            return Raise::NOBODY;
        }
        state.head = state.head.next();
        if !state.has_room() {
            state.lose();
        } else if let Some(record) = record {
            state.records.push(record, &self.pipe);
        } else {
            state.books.lost.unreadable += 1;
            state.books.unreported = state.books.unreported.saturating_add(1);
            state.report_gap(&self.pipe);
        }
        self.stored(state)
    }

    /// Does what the latest record calls for.
    fn stored(&'static self, state: &mut State) -> Raise {
        if state.is_quiet() {
            state.settle();
            return Raise::NOBODY;
        }
        if !state.deadline.is_off() && state.records.pending() == state.records.size() {
            self.start_deadline(state, 0);
        }
        state.update()
    }
}
