//! What the interrupt handler and the readers share, and the one predicate, [`State::ready`].

use core::task::Waker;

use super::{books::Books, clock::Clock, deadline::Deadline, records::Records, wait::QUEUES};
use crate::{Ledger, Overflow, Wake, sys::pipe::Pipe};

/// No count of pending records reaches this.
const NEVER: u32 = u32::MAX;

pub(super) struct State {
    /// Capture, reader and file descriptors that exist. Set by `open`, counted down as they are
    /// dropped and closed.
    pub(super) handles: u8,
    /// Goes up whenever a reader comes or goes, so that a poller can tell one from the next.
    pub(super) generation: u32,
    /// Edges are captured: from the end of `open` on.
    pub(super) armed: bool,
    /// The capture has ended.
    pub(super) closed: bool,

    /// Records that fit, 1 or more; the size of the pipe.
    capacity: u32,
    /// Records that may be pending: `capacity`, or 0 while nothing more is let in.
    pub(super) limit: u32,
    overflow: Overflow,
    /// Nothing is let in until everything has been read.
    pub(super) frozen: bool,

    /// Pending records that make the channel ready, 1 to `capacity`.
    threshold: u32,
    /// The fewest records that a blocked reader needs, or `NEVER`.
    need: u32,
    /// Pending records at which `update` must be called: all that the interrupt handler tests.
    pub(super) wake_at: u32,
    pub(super) deadline: Deadline,
    /// The `ready` flag is up, or about to be raised by whoever set this.
    pub(super) signalled: bool,
    /// Threads asleep on each semaphore.
    pub(super) waiters: [u32; QUEUES],
    /// Tasks to be woken with each semaphore.
    pub(super) wakers: [Option<Waker>; QUEUES],

    pub(super) records: Records,
    /// Level of each line after its last edge, line 0 in bit 0.
    pub(super) levels: u32,
    /// Lines of which both edges interrupt, so that a repeated level tells of a missed edge.
    pub(super) both: u32,
    pub(super) clock: Clock,
    pub(super) books: Books,
}

/// What a channel is opened with, checked.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    /// Bytes in a record.
    pub(crate) size: usize,
    /// Records that fit.
    pub(crate) capacity: u32,
    /// Pending records that make the channel ready.
    pub(crate) threshold: u32,
    /// Ticks that a record may wait; 0 for as long as it takes.
    pub(crate) flush_after: u64,
    pub(crate) overflow: Overflow,
}

/// What is to be done once the lock is released, or at once.
#[derive(Clone, Copy, Default)]
#[must_use]
pub(super) struct Raise {
    pub(super) ready: bool,
    pub(super) data: bool,
}

impl Raise {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            ready: self.ready || other.ready,
            data: self.data || other.data,
        }
    }
}

impl State {
    /// A channel that nobody uses.
    pub(super) const fn new() -> Self {
        Self {
            handles: 0,
            generation: 0,
            armed: false,
            closed: false,
            capacity: 0,
            limit: 0,
            overflow: Overflow::DropNewest,
            frozen: false,
            threshold: 0,
            need: NEVER,
            wake_at: NEVER,
            deadline: Deadline::new(0),
            signalled: false,
            waiters: [0; QUEUES],
            wakers: [const { None }; QUEUES],
            records: Records::new(1),
            levels: 0,
            both: 0,
            clock: Clock::stopped(),
            books: Books::new(),
        }
    }

    /// Begins a new use, by a capture and a reader.
    pub(super) fn open(&mut self, setup: Setup) {
        *self = Self {
            handles: 2,
            generation: self.generation.wrapping_add(1),
            capacity: setup.capacity,
            limit: setup.capacity,
            overflow: setup.overflow,
            threshold: setup.threshold,
            deadline: Deadline::new(setup.flush_after),
            records: Records::new(setup.size),
            clock: Clock::started(),
            ..Self::new()
        };
        self.update_wake_at();
    }

    /// The one predicate: why the channel is ready, if it is.
    pub(super) fn ready(&self) -> Option<Wake> {
        let pending = self.records.pending();
        if self.books.unreported > 0 {
            Some(Wake::Overflow)
        } else if pending >= self.capacity {
            Some(Wake::Full)
        } else if pending >= self.threshold {
            Some(Wake::Threshold)
        } else if self.deadline.passed() && pending > 0 {
            Some(Wake::Deadline)
        } else if self.closed {
            Some(Wake::Closed)
        } else {
            None
        }
    }

    /// Whether a reader that needs `records` may go on.
    pub(super) fn has(&self, records: u32) -> bool {
        self.records.pending() >= records || self.closed
    }

    /// Whether a reader that needs `records` may go on; if not, it is woken when it may.
    pub(super) fn request(&mut self, records: u32) -> Option<()> {
        if self.has(records) {
            return Some(());
        }
        self.need = self.need.min(records);
        self.wake_at = self.wake_at.min(records);
        None
    }

    /// As [`request`](Self::request), but whoever may go on by [`ready`](Self::ready) need not have all
    /// records: what polls report as input can be read without blocking.
    #[cfg(feature = "fd")]
    pub(super) fn request_or_ready(&mut self, records: u32) -> bool {
        let enough = if self.ready().is_some() {
            1
        } else {
            self.threshold
        };
        self.request(records.min(enough)).is_some()
    }

    pub(super) const fn capacity(&self) -> u32 {
        self.capacity
    }

    /// Changes the threshold, 1 to `capacity`; `update` is to be called next.
    pub(super) const fn set_threshold(&mut self, records: u32) {
        self.threshold = records;
    }

    /// Ends the capture; `update` is to be called next.
    pub(super) fn close(&mut self) {
        self.closed = true;
        self.limit = 0;
    }

    /// An edge found no room.
    pub(super) fn lose(&mut self) {
        if self.closed {
            self.books.lost.closed += 1;
            return;
        }
        if self.frozen {
            self.books.lost.frozen += 1;
        } else {
            self.books.lost.full += 1;
        }
        self.books.unreported += 1;
        if self.overflow == Overflow::Freeze {
            self.frozen = true;
            self.limit = 0;
        }
    }

    /// Moves the oldest records to `out`, a block at the most; returns how many. `update` is to be
    /// called next.
    pub(super) fn take(&mut self, out: &mut [u8], pipe: &Pipe) -> usize {
        self.books.high_water = self.books.high_water.max(self.records.pending());
        let (count, edges) = self.records.take(out, pipe);
        self.books.delivered += edges as u64;
        if self.frozen && self.records.pending() == 0 {
            self.frozen = false;
            self.limit = if self.closed { 0 } else { self.capacity };
        }
        // A full buffer loses and only this makes room, so here, behind all that was stored before
        // the loss and ahead of all to come, is the place of the gap.
        if count > 0 && !self.frozen {
            self.report_gap(pipe);
        }
        count
    }

    /// Marks the place of the edges lost since the last mark; there is room for one.
    pub(super) fn report_gap(&mut self, pipe: &Pipe) {
        let lost = core::mem::take(&mut self.books.unreported);
        if lost > 0 {
            self.records.push_gap(lost, self.levels, pipe);
        }
    }

    /// Brings the flags in line with the state: to be called after every change that may make a
    /// condition true or false.
    pub(super) fn update(&mut self) -> Raise {
        let ready = self.ready().is_some();
        if ready && self.need != NEVER {
            // Whatever made it ready, what there is can be read.
            self.need = 1;
        }
        let data = self.need != NEVER && self.has(self.need);
        let raise = Raise {
            ready: ready && !self.signalled,
            data,
        };
        self.signalled = ready;
        if data {
            // Whoever is woken asks again if this was not enough.
            self.need = NEVER;
        }
        self.update_wake_at();
        raise
    }

    fn update_wake_at(&mut self) {
        let threshold = if self.signalled {
            NEVER
        } else {
            self.threshold
        };
        // The first record starts the deadline.
        let first = if self.deadline.is_off() || self.records.pending() > 0 {
            NEVER
        } else {
            1
        };
        self.wake_at = threshold.min(self.need).min(first);
    }

    pub(super) fn ledger(&self) -> Ledger {
        self.books
            .ledger(self.records.pending_edges(), self.records.pending())
    }
}
