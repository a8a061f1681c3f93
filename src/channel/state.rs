//! What the interrupt handler and the readers share, and the one predicate, [`State::ready`].

use core::num::NonZeroU32;

use super::{
    Interrupts,
    books::Books,
    clock::Clock,
    deadline::Deadline,
    raise::Raise,
    records::Records,
    tasks::Tasks,
    wait::{QUEUES, Queue},
};
use crate::{
    Ledger, Overflow, Wake,
    record::Head,
    sys::{
        clock,
        pipe::{Pipe, Storage},
    },
};

/// Edges that the fast path counts in the sequence number only, at most: with the one after them,
/// which the full path adds before it counts, fewer than take it around.
const UNCOUNTED_MAX: u32 = u8::MAX as u32 - 1;

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
    overflow: Overflow,
    /// Nothing is let in until everything has been read.
    pub(super) frozen: bool,

    /// Pending records that make the channel ready, 1 to `capacity`.
    threshold: u32,
    /// The fewest records that a blocked reader needs.
    need: Option<NonZeroU32>,
    /// Pending records up to which nothing has to be told to anybody, as of the last `update`.
    quiet: u32,
    /// The one after them reaches the threshold, and does nothing else.
    reaches: bool,
    pub(super) deadline: Deadline,
    /// The `ready` flag is up, or about to be raised by whoever set this.
    pub(super) signalled: bool,
    /// It was raised when nobody waited, and so is up until somebody lowers it.
    pub(super) unseen: bool,
    /// Threads asleep on each semaphore.
    pub(super) waiters: [u32; QUEUES],
    /// Tasks to be woken with each semaphore.
    pub(super) tasks: Tasks,

    pub(super) records: Records,
    /// Once armed.
    interrupts: Option<&'static dyn Interrupts>,
    pub(super) clock: Clock,
    /// Of the next record.
    pub(super) head: Head,
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
    /// Records that the stage holds, 1 to `capacity`.
    pub(crate) block: u32,
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
            overflow: Overflow::DropNewest,
            frozen: false,
            threshold: 0,
            need: None,
            quiet: 0,
            reaches: false,
            deadline: Deadline::unused(),
            signalled: false,
            unseen: false,
            waiters: [0; QUEUES],
            tasks: Tasks::none(),
            records: Records::none(),
            interrupts: None,
            clock: Clock::stopped(),
            head: Head::new(0, 0),
            books: Books::new(),
        }
    }

    /// Begins a new use, by a capture and a reader, with room for records in `storage`; returns the
    /// part of it that the pipe is to have.
    pub(super) fn open(&mut self, setup: Setup, storage: Storage) -> Storage {
        let (records, rest) = Records::new(&setup, storage);
        *self = Self {
            handles: 2,
            generation: self.generation.wrapping_add(1),
            capacity: setup.capacity,
            overflow: setup.overflow,
            threshold: setup.threshold,
            deadline: Deadline::new(setup.flush_after),
            records,
            clock: Clock::started(),
            ..Self::new()
        };
        rest
    }

    /// Starts to capture; `update` is to be called next.
    pub(super) fn arm(&mut self, interrupts: &'static dyn Interrupts) {
        self.interrupts = Some(interrupts);
        self.head = Head::new(self.clock.advance(clock::cycles()), 1);
        self.armed = true;
    }

    /// The counter shows `cycles`: the time now. To be called with the lock held.
    pub(super) fn look(&mut self, cycles: u32) -> u64 {
        let now = self.clock.advance(cycles);
        self.head = Head::new(now, self.head.sequence());
        now
    }

    /// Whether a record can be stored.
    pub(super) fn has_room(&self) -> bool {
        !self.closed && !self.frozen && self.records.pending() < self.capacity
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

    /// Whether what is waited for in `queue` is the case; if so, why the channel is ready, if it is.
    #[inline]
    pub(super) fn found(&mut self, queue: Queue) -> Option<Option<Wake>> {
        match queue {
            Queue::Ready => self.ready().map(Some),
            Queue::Data => self.request(1).then_some(None),
        }
    }

    /// Whether a reader that needs `records` may go on; if not, it is woken when it may.
    pub(super) fn request(&mut self, records: u32) -> bool {
        if self.has(records) {
            return true;
        }
        let least = self.need.map_or(records, |need| need.get().min(records));
        self.need = NonZeroU32::new(least);
        self.set_quiet();
        self.allow();
        false
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
        self.request(records.min(enough))
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
        // The capture is ready from now on, and its timer stops.
        self.deadline = Deadline::new(0);
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
            self.quiet = 0;
            self.reaches = false;
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
            self.records.push_gap(lost, self.levels(), pipe);
        }
    }

    /// Brings the flags in line with the state: to be called after every change that may make a
    /// condition true or false.
    pub(super) fn update(&mut self) -> Raise {
        let ready = self.ready().is_some();
        if ready && self.need.is_some() {
            // Whatever made it ready, what there is can be read.
            self.need = NonZeroU32::new(1);
        }
        let data = self.need.is_some_and(|need| self.has(need.get()));
        let news = ready && !self.signalled;
        let raise = Raise::one(Queue::Ready, news).and(Raise::one(Queue::Data, data));
        let raise = self.with_tasks(raise);
        if news {
            self.unseen = self.waiters[Queue::Ready as usize] == 0;
        }
        self.signalled = ready;
        if data {
            // Whoever is woken asks again if this was not enough.
            self.need = None;
        }
        self.set_quiet();
        self.allow();
        raise
    }

    /// Whether the next record reaches the threshold, does nothing else, and has a place in the stage.
    #[inline]
    pub(super) fn is_about_to_reach(&self) -> bool {
        self.reaches && self.records.pending() == self.quiet && !self.records.stage.is_at_end()
    }

    /// Stores that record: a shorter way to what `update` would find after it.
    #[inline]
    pub(super) fn reach<T: Copy>(&mut self, record: T) -> Raise {
        self.head = self.head.next();
        self.records.stage.allow(1);
        let stored = self.records.stage.try_push(record);
        debug_assert!(stored, "there is a place");
        self.unseen = self.waiters[Queue::Ready as usize] == 0;
        self.signalled = true;
        self.quiet = self.capacity;
        self.reaches = false;
        self.allow();
        self.with_tasks(Raise::one(Queue::Ready, true))
    }

    /// `raise`, and the tasks that wait for it.
    #[inline]
    fn with_tasks(&self, raise: Raise) -> Raise {
        if raise.is_any() && self.tasks.are_any() {
            raise.and_tasks()
        } else {
            raise
        }
    }

    /// Finds out anew what the next records change.
    fn set_quiet(&mut self) {
        self.quiet = self.quiet();
        self.reaches = self.quiet + 1 == self.threshold
            && self.armed
            && !self.signalled
            && self.need.is_none()
            && self.deadline.is_off();
    }

    /// How many pending records change nothing for anybody.
    fn quiet(&self) -> u32 {
        let starts_deadline = !self.deadline.is_off() && self.records.pending() == 0;
        if !self.armed || self.closed || self.frozen || starts_deadline {
            return 0;
        }
        let wake_at = match self.need {
            Some(need) if self.signalled => need.get(),
            Some(need) => need.get().min(self.threshold),
            None if self.signalled => return self.capacity,
            None => self.threshold,
        };
        wake_at - 1
    }

    /// Whether the latest record is one that changes nothing.
    pub(super) fn is_quiet(&self) -> bool {
        self.records.pending() <= self.quiet
    }

    /// Counts the edges that came, and lets more into the stage as long as all is quiet.
    pub(super) fn allow(&mut self) {
        self.books.captured = self.captured();
        let records = self.quiet.saturating_sub(self.records.pending());
        self.records.stage.allow(records.min(UNCOUNTED_MAX));
    }

    /// Edges captured.
    fn captured(&self) -> u64 {
        let uncounted = self
            .head
            .sequence()
            .wrapping_sub(self.books.captured as u8)
            .wrapping_sub(1);
        self.books.captured + u64::from(uncounted)
    }

    /// The level of every line, line 0 in bit 0.
    pub(super) fn levels(&self) -> u32 {
        self.interrupts.map_or(0, |lines| lines.levels())
    }

    pub(super) fn ledger(&self) -> Ledger {
        Ledger {
            captured: self.captured(),
            ..self
                .books
                .ledger(self.records.pending_edges(), self.records.pending())
        }
    }
}
