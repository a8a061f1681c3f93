//! The fast path: what almost every interrupt does, and all that it does here.
//!
//! A record needs nothing but a place below the ring's limit, which [`State::update_limit`] has set so
//! that all records below it change nothing for anybody. The record that makes the channel ready has a
//! short way of its own. All else is for the [`FullPath`], which takes over with the lock held: nothing is
//! below the limit before the capture is armed and after it was closed.
//!
//! A record's time is that of the counter beside the half wraps at which somebody looked last, and it is
//! counted by where the ring is. Both are put right when somebody looks.

use super::{Channel, FullPath, Queue, State};
use crate::sys::clock;
use crate::sys::lock::{Guard, Known};

/// Where interrupts enter a channel.
pub(crate) struct Inlet(Known<Channel>);

/// The channel's lock, held by an interrupt.
pub(crate) type Entered = Guard<'static, State>;

/// The beginning of one interrupt's work on a channel, with the lock held.
pub(crate) struct FastPath {
    channel: &'static Channel,
    state: Entered,
    /// When the interrupt was seen.
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
        // With the lock held, so that records of nested interrupts are in the order of their times.
        let cycles = clock::cycles();
        FastPath {
            channel: self.0.get(),
            state,
            cycles,
        }
    }

    /// Goes on with the full path.
    pub(crate) fn go_on(&self, (state, cycles): (Entered, u32)) -> FullPath {
        FullPath::new(self.0.get(), state, cycles)
    }

    /// The full path once more, for one more edge of the interrupt that was seen at `cycles`.
    pub(crate) fn full_path(&self, cycles: u32) -> FullPath {
        FullPath::new(self.0.get(), self.0.lock(), cycles)
    }
}

impl FastPath {
    /// Stores an edge with these bits of line and level, unless that is for the full path.
    #[inline]
    pub(crate) fn push(&mut self, line_and_level: u8) -> bool {
        let record = self.state.header.edge(self.cycles, line_and_level);
        self.push_record(record)
    }

    /// As [`push`](Self::push), for a record that is made already: an edge or a plain byte.
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

    /// Stores the edge that makes the channel ready, if all that it does is to wake, which is so for most that
    /// are not for `push`. [`wake`](Self::wake) is to be called next.
    #[inline]
    pub(crate) fn push_at_limit(&mut self, line_and_level: u8) -> bool {
        let record = self.state.header.edge(self.cycles, line_and_level);
        self.state.store_at_limit(record)
    }

    /// Wakes those that wait for the channel to be ready.
    #[inline]
    pub(crate) fn wake(self) {
        let Self { channel, state, .. } = self;
        let waiters = &state.waiters;
        if waiters.has_others() {
            return channel.wake_ready(state);
        }
        let any = waiters.has_thread(Queue::Ready);
        drop(state);
        if any {
            channel.semaphore(Queue::Ready).give();
        }
    }

    /// For [`Inlet::go_on`]. In parts, because these are passed in registers.
    #[inline]
    pub(crate) fn into_parts(self) -> (Entered, u32) {
        (self.state, self.cycles)
    }
}
