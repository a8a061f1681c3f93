//! The fast path: all that the interrupt handler does for almost every edge.
//!
//! A record below the ring's limit is only stored: [`State::update_limit`] has set the limit so that these records
//! change no condition. The record that makes the channel ready, and the one that starts the deadlines, have a short path
//! of their own. The [`FullPath`] does everything else; it takes over with the lock held. Before a capture is armed and
//! after it is closed, nothing is below the limit.
//!
//! A record has the counter as its time, with the half wraps as of the last [`State::advance_clock`], which decoding
//! corrects. The ring's pointers count the records.

use super::{Channel, FullPath, Queue, State};
use crate::sys::lock::{Guard, Known};

/// Where interrupts enter a channel.
pub(crate) struct Inlet(Known<Channel>);

/// The channel's lock, held by an interrupt handler.
pub(crate) type Entered = Guard<'static, State>;

/// The beginning of one interrupt's work on a channel, with the lock held.
pub(crate) struct FastPath {
    channel: &'static Channel,
    state: Entered,
    /// The counter when the interrupt was seen.
    cycles: u32,
}

impl Inlet {
    pub(crate) fn new(channel: &'static Channel) -> Self {
        Self(Known::new(channel))
    }

    /// Starts one interrupt's work on the fast path.
    #[inline]
    pub(crate) fn begin(&self) -> FastPath {
        let state = self.0.lock();
        // Read with the lock held, so that records of nested interrupts are in the order of their times.
        let cycles = state.clock.cycles();
        FastPath {
            channel: self.0.get(),
            state,
            cycles,
        }
    }

    /// Continues on the full path.
    pub(crate) fn go_on(&self, (state, cycles): (Entered, u32)) -> FullPath {
        FullPath::new(self.0.get(), state, cycles)
    }

    /// Starts the full path for one more edge of the interrupt that was seen at `cycles`.
    pub(crate) fn full_path(&self, cycles: u32) -> FullPath {
        FullPath::new(self.0.get(), self.0.lock(), cycles)
    }
}

impl FastPath {
    /// Stores an edge with this byte of line and level, if its place is below the limit.
    #[inline]
    pub(crate) fn push(&mut self, line_and_level: u8) -> bool {
        let record = self.state.header.edge(self.cycles, line_and_level);
        self.push_record(record)
    }

    /// The time of the interrupt, for a sample's record.
    #[inline]
    pub(crate) fn time(&self) -> u64 {
        self.state.header.time(self.cycles)
    }

    /// As [`push`](Self::push), for a finished record: an edge or a sample.
    #[inline]
    pub(crate) fn push_record<T: Copy>(&mut self, record: T) -> bool {
        let state = &mut *self.state;
        let header = state.header;
        let stored = state.records.ring.try_push(record);
        if stored {
            state.header = header.next();
        }
        stored
    }

    /// Stores the edge if its record is the marked one, as for most edges that `push` refuses. If it did, the caller
    /// must call [`finish`](Self::finish) next.
    #[inline]
    pub(crate) fn push_at_limit(&mut self, line_and_level: u8) -> bool {
        let record = self.state.header.edge(self.cycles, line_and_level);
        self.push_record_at_limit(record)
    }

    /// As [`push_at_limit`](Self::push_at_limit), for a finished record.
    #[inline]
    pub(crate) fn push_record_at_limit<T: Copy>(&mut self, record: T) -> bool {
        self.state.store_at_limit(record)
    }

    /// Does the work of the marked record: it starts the deadlines, or wakes the waiters of a channel that has just
    /// become ready. Up to the end of the ring, no further record changes a condition then.
    #[inline]
    pub(crate) fn finish(self) {
        let Self {
            channel,
            mut state,
            cycles,
        } = self;
        if state.waiters.has_others() {
            return channel.finish_marked(state, cycles);
        }
        state.told = true;
        let any = state.waiters.has_thread(Queue::Ready);
        drop(state);
        if any {
            channel.wake_threads(Queue::Ready);
        }
    }

    /// For [`Inlet::go_on`]. Parts are passed in registers.
    #[inline]
    pub(crate) fn into_parts(self) -> (Entered, u32) {
        (self.state, self.cycles)
    }
}
