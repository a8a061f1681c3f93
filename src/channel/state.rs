//! What the interrupt handler and the readers share, and the one predicate, [`State::ready`].

use core::num::NonZeroUsize;

use super::{
    Interrupts, books::Books, clock::Clock, deadline::Deadline, records::Records, setup::Setup,
    tasks::Tasks, wait::QUEUES,
};
use crate::{
    Ledger, Overflow, Wake,
    record::Head,
    sys::{
        clock,
        pipe::{Pipe, Storage},
    },
};

/// Thumb's short instructions reach bytes among the first 32 and words among the first 128, so what is
/// used most comes first, and bytes before words.
#[repr(C)]
pub(super) struct State {
    pub(super) phase: Phase,
    /// The `ready` flag is up, or about to be raised by whoever set this.
    pub(super) signalled: bool,
    /// It was raised when nobody waited, and so is up until somebody lowers it.
    pub(super) unseen: bool,
    overflow: Overflow,
    /// Capture, reader and file descriptors that exist. Set by `open`, counted down as they are
    /// dropped and closed.
    pub(super) handles: u8,
    /// File descriptors among them.
    pub(super) fds: u8,

    /// How much fits, in bytes, as all these: of whole records, at least one.
    pub(super) capacity: usize,
    /// What makes the channel ready when it is pending, up to `capacity`.
    pub(super) threshold: usize,
    /// The least that a blocked reader needs.
    pub(super) need: Option<NonZeroUsize>,
    /// Up to this much pending, nothing has to be told to anybody, as of the last `settle`.
    pub(super) quiet: usize,
    /// Threads asleep on each semaphore.
    pub(super) waiters: [u32; QUEUES],
    /// Of the next record.
    pub(super) head: Head,
    pub(super) records: Records,
    pub(super) deadline: Deadline,
    /// Tasks to be woken with each semaphore.
    pub(super) tasks: Tasks,

    /// Once armed.
    interrupts: Option<&'static dyn Interrupts>,
    pub(super) clock: Clock,
    pub(super) books: Books,
    /// Goes up whenever a reader comes or goes, so that a poller can tell one from the next.
    pub(super) generation: u32,
}

/// How far a capture has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is being configured: no edge counts.
    Opening,
    Capturing,
    /// It has overflowed, by [`Overflow::Freeze`]: nothing is let in until everything has been read.
    Frozen,
    /// It has ended.
    Closed,
}

impl State {
    /// A channel that nobody uses.
    pub(super) const fn new() -> Self {
        Self {
            handles: 0,
            fds: 0,
            generation: 0,
            phase: Phase::Opening,
            capacity: 0,
            overflow: Overflow::DropNewest,
            threshold: 0,
            need: None,
            quiet: 0,
            deadline: Deadline::unused(),
            signalled: false,
            unseen: false,
            waiters: [0; QUEUES],
            tasks: Tasks::none(),
            records: Records::none(),
            interrupts: None,
            clock: Clock::stopped(),
            head: Head::UNUSED,
            books: Books::new(),
        }
    }

    /// Begins a new use, by a capture and a reader, with room for records in `storage`; returns the
    /// part of it that the pipe is to have.
    pub(super) fn open(&mut self, setup: &Setup, storage: Storage) -> Storage {
        let (records, rest) = Records::new(setup, storage);
        *self = Self {
            handles: 2,
            generation: self.generation.wrapping_add(1),
            capacity: setup.capacity as usize * setup.size,
            overflow: setup.overflow,
            threshold: setup.threshold as usize * setup.size,
            deadline: Deadline::new(setup.flush_after),
            records,
            clock: Clock::started(),
            head: Head::new(0, 1),
            ..Self::new()
        };
        rest
    }

    /// Starts to capture; `update` is to be called next.
    pub(super) fn arm(&mut self, interrupts: &'static dyn Interrupts) {
        self.interrupts = Some(interrupts);
        self.look(clock::cycles());
        self.phase = Phase::Capturing;
    }

    /// The counter shows `cycles`: the time now. To be called with the lock held.
    pub(super) fn look(&mut self, cycles: u32) -> u64 {
        let now = self.clock.advance(cycles);
        self.head = Head::new(now, self.head.sequence());
        now
    }

    /// Whether the capture has ended.
    pub(super) fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// Whether edges count: not while the lines are being configured.
    pub(super) fn is_armed(&self) -> bool {
        self.phase != Phase::Opening
    }

    /// Whether a record can be stored.
    pub(super) fn has_room(&self) -> bool {
        self.phase == Phase::Capturing && self.records.pending() < self.capacity
    }

    /// The one predicate: why the channel is ready, if it is.
    #[inline]
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
        } else if self.is_closed() {
            Some(Wake::Closed)
        } else {
            None
        }
    }

    /// Whether the channel is ready, as of the last `update`, which every change is followed by.
    #[inline]
    pub(super) fn is_ready(&self) -> bool {
        debug_assert_eq!(self.signalled, self.ready().is_some());
        self.signalled
    }

    /// Whether a reader that needs so many bytes may go on.
    pub(super) fn has(&self, length: usize) -> bool {
        self.records.pending() >= length || self.is_closed()
    }

    /// Whether a record is pending or will never be, which is what blocked reads wait for.
    #[inline]
    pub(super) fn found_pending(&mut self) -> Option<()> {
        self.request(self.records.size()).then_some(())
    }

    /// Whether a reader that needs so many bytes, of whole records, may go on; if not, it is woken when it
    /// may.
    pub(super) fn request(&mut self, length: usize) -> bool {
        if self.has(length) {
            return true;
        }
        let least = self.need.map_or(length, |need| need.get().min(length));
        self.need = NonZeroUsize::new(least);
        self.settle();
        false
    }

    /// As [`request`](Self::request), but whoever may go on by [`ready`](Self::ready) need not have all
    /// records: what polls report as input can be read without blocking.
    #[cfg(feature = "fd")]
    pub(super) fn request_or_ready(&mut self, length: usize) -> bool {
        let enough = if self.ready().is_some() {
            self.records.size()
        } else {
            self.threshold
        };
        self.request(length.min(enough))
    }

    /// Records that fit.
    pub(super) fn capacity(&self) -> u32 {
        self.records.count_of(self.capacity)
    }

    /// Changes the threshold, 1 to `capacity`; `update` is to be called next.
    pub(super) fn set_threshold(&mut self, records: u32) {
        self.threshold = records as usize * self.records.size();
    }

    /// Ends the capture; `update` is to be called next.
    pub(super) fn close(&mut self) {
        self.phase = Phase::Closed;
        // The capture is ready from now on, and its timer stops.
        self.deadline = Deadline::new(0);
    }

    /// An edge found no room.
    pub(super) fn lose(&mut self) {
        match self.phase {
            Phase::Closed => {
                self.books.lost.closed += 1;
                return;
            }
            Phase::Frozen => self.books.lost.frozen += 1,
            _ => self.books.lost.full += 1,
        }
        self.books.unreported = self.books.unreported.saturating_add(1);
        if self.overflow == Overflow::Freeze {
            self.phase = Phase::Frozen;
            self.quiet = 0;
        }
    }

    /// Moves the oldest records to `out`, a block at the most; returns how many bytes. `update` is to be
    /// called next.
    #[inline]
    pub(super) fn take(&mut self, out: &mut [u8], pipe: &Pipe) -> usize {
        self.books.high_water = self.books.high_water.max(self.records.pending());
        let (length, edges) = self.records.take(out, pipe);
        self.books.delivered += u64::from(edges);
        if self.books.unreported > 0 {
            self.recover(length, pipe);
        }
        length
    }

    /// After a loss, `length` bytes were taken.
    #[cold]
    #[inline(never)]
    fn recover(&mut self, length: usize, pipe: &Pipe) {
        let drained = self.records.pending() == 0;
        if drained && self.phase == Phase::Frozen {
            self.phase = Phase::Capturing;
        }
        // A full buffer loses and only this makes room (or, of a frozen one, all of it), so here,
        // behind all that was stored before the loss and ahead of all to come, is the place of the gap.
        let thaws = drained || self.overflow != Overflow::Freeze;
        if thaws && length > 0 {
            self.report_gap(pipe);
        }
    }

    /// Marks the place of the edges lost since the last mark, of which there are some; there is room for
    /// the mark.
    pub(super) fn report_gap(&mut self, pipe: &Pipe) {
        let lost = core::mem::take(&mut self.books.unreported);
        self.records.push_gap(lost, self.levels(), pipe);
    }

    /// The level of every line, line 0 in bit 0.
    pub(super) fn levels(&self) -> u32 {
        self.interrupts.map_or(0, |lines| lines.levels())
    }

    pub(super) fn ledger(&self) -> Ledger {
        let high_water = self.books.high_water.max(self.records.pending());
        let high_water = self.records.count_of(high_water);
        // A channel that was never open is all zero.
        let captured = match self.phase {
            Phase::Opening => 0,
            _ => self.captured(),
        };
        Ledger {
            captured,
            ..self.books.ledger(self.records.pending_edges(), high_water)
        }
    }
}
