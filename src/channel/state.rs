//! What the interrupt handler and the readers share, and the one predicate, [`State::ready`].

use super::clock::{Clock, QUARTER_WRAP_TICKS};
use super::delivery::{Handover, RETRY_TICKS, ThroughPipe};
use super::{deadline::Deadline, levels::Levels, records, records::Records, waiters::Waiters};
use crate::{
    ConfigError, Error, Ledger, LineError, Overflow, Readiness, Wake, config::Setup,
    ledger::Counters, record::RecordHeader, sys::clock, sys::pipe::Pipe, sys::ring,
    sys::storage::Storage,
};

/// Thumb's short instructions reach bytes among the first 32 and words among the first 128, so what is
/// used most comes first, and bytes before words.
#[repr(C)]
pub(crate) struct State {
    pub(super) phase: Phase,
    /// The channel is ready, and whoever waits for that has been told: as of the last `update`.
    pub(super) told: bool,
    /// The capture is closed, and a read has said so: end of file.
    pub(super) ended: bool,
    overflow: Overflow,

    /// Of the next record.
    pub(super) header: RecordHeader,
    pub(super) records: Records,
    /// What makes the channel ready when it is pending, in bytes: of whole records, from one to
    /// `capacity`.
    pub(super) threshold: usize,
    /// From so many bytes on, the channel is full: `threshold`, if that is to be full, or `capacity`.
    full_at: usize,
    /// How much fits, in bytes.
    pub(super) capacity: usize,
    /// Delivery through the pipe, if that is asked for.
    pub(super) through: Option<&'static ThroughPipe>,
    /// How many records are taken with the lock held, at most.
    block: usize,
    pub(super) deadline: Deadline,
    pub(super) waiters: Waiters,
    pub(super) handover: Handover,
    /// The pipe, once other code may read it too, which does not tell. Whoever knows it knows it for ever.
    pub(super) shared: Option<&'static Pipe>,

    /// Records behind the mark "full".
    headroom: u32,
    /// Capture, reader and file descriptors that exist. Set by `open`, counted down as they are
    /// dropped and closed.
    pub(super) handles: u32,
    /// The number of this use of the channel, from one `open` to the next; never 0.
    pub(super) use_number: u32,
    /// The use whose reader exists; 0 if there is none.
    pub(super) reader_of: u32,
    /// Once armed.
    pub(super) interrupts: Option<&'static dyn Interrupts>,
    pub(super) levels: Levels,
    pub(super) clock: Clock,
    pub(super) counters: Counters,
}

/// The interrupts of one capture: a device, as the channel and the capture see it.
pub(crate) trait Interrupts: Sync {
    /// Takes the levels of now for those before the first edges; fails when a controller does not
    /// tell them. Thread only. To be called without the channel's lock, and `again` with it, for what has
    /// changed meanwhile.
    fn begin(&'static self, again: bool) -> Result<(), LineError>;

    /// The level of each line after its last edge, or when the capture began; line 0 in bit 0. Without
    /// the channel's lock.
    fn levels(&'static self) -> u32;

    /// Ends them, as far as they were started. Thread only.
    fn stop(&'static self);
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
            phase: Phase::Opening,
            told: false,
            ended: false,
            overflow: Overflow::DropNewest,
            header: RecordHeader::UNUSED,
            records: Records::none(),
            threshold: 0,
            full_at: 0,
            capacity: 0,
            through: None,
            block: 0,
            deadline: Deadline::unused(),
            waiters: Waiters::none(),
            handover: Handover::none(),
            shared: None,
            headroom: 0,
            handles: 0,
            use_number: 0,
            reader_of: 0,
            interrupts: None,
            levels: Levels::none(),
            clock: Clock::stopped(),
            counters: Counters::new(),
        }
    }

    /// Begins a new use, by a capture and a reader, with room for records in `storage`.
    pub(super) fn open(
        &mut self,
        setup: &Setup,
        storage: Storage,
        through: Option<&'static ThroughPipe>,
    ) {
        self.phase = Phase::Opening;
        self.told = false;
        self.ended = false;
        self.overflow = setup.overflow;
        self.header = RecordHeader::new(0, 1);
        self.records = Records::new(setup, storage);
        self.capacity = setup.capacity as usize * setup.size;
        self.headroom = setup.headroom;
        self.set_readiness(setup.ready, setup.capacity);
        self.through = through;
        self.block = match setup.flush_after {
            0 => records::BLOCK,
            _ => records::BLOCK_WITH_DEADLINE,
        };
        self.deadline = Deadline::new(setup.flush_after);
        self.waiters.begin_use();
        self.handover = Handover::none();
        self.handles = 2;
        self.use_number = self.use_number.checked_add(1).unwrap_or(1);
        self.reader_of = self.use_number;
        self.interrupts = None;
        self.levels = Levels::none();
        self.clock = Clock::started();
        self.counters = Counters::new();
    }

    /// Whether the reader of use `number` exists.
    #[inline]
    pub(super) fn has_reader_of(&self, number: u32) -> bool {
        self.reader_of == number
    }

    /// Whether the use is over of the reader of use `number`; that of a descriptor is not.
    #[inline]
    pub(super) fn is_over(&self, number: Option<u32>) -> bool {
        number.is_some_and(|number| !self.has_reader_of(number))
    }

    /// Starts to capture; `update` is to be called next.
    pub(super) fn arm(&mut self, interrupts: &'static dyn Interrupts) {
        self.interrupts = Some(interrupts);
        self.advance_clock(clock::cycles());
        self.phase = Phase::Capturing;
    }

    /// The counter shows `cycles`: the time now. To be called with the lock held.
    pub(super) fn advance_clock(&mut self, cycles: u32) -> u64 {
        let now = self.clock.advance(cycles);
        self.header = RecordHeader::new(now, self.header.sequence());
        now
    }

    /// After how many ticks the timer has to look, at the latest.
    pub(super) fn most_ticks(&self) -> u64 {
        let most = match self.handover.is_late {
            true => QUARTER_WRAP_TICKS.min(RETRY_TICKS),
            false => QUARTER_WRAP_TICKS,
        };
        // The present tick is one of these.
        most.saturating_sub(1).into()
    }

    /// Whether the capture has ended.
    pub(super) fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// The one predicate: why the channel is ready, if it is.
    #[inline]
    pub(super) fn ready(&self) -> Option<Wake> {
        match self.due() {
            // What was handed over is to be read first.
            Some(Wake::Closed) | None if self.handover.why.is_some() => self.handover.why,
            due => due,
        }
    }

    /// Why what is pending makes the channel ready, if it does.
    #[inline]
    pub(super) fn due(&self) -> Option<Wake> {
        let pending = self.records.pending();
        if self.counters.unreported > 0 {
            Some(Wake::Overflow)
        } else if pending >= self.full_at {
            Some(Wake::Full)
        } else if pending >= self.threshold {
            Some(Wake::Threshold)
        } else if self.deadline.has_passed() && pending > 0 {
            Some(Wake::Deadline)
        } else if self.is_closed() {
            Some(Wake::Closed)
        } else {
            None
        }
    }

    /// As [`ready`](Self::ready), for a waiter, who is told now.
    #[inline]
    pub(super) fn found_ready(&mut self) -> Option<Wake> {
        // Every change is followed by an `update`.
        debug_assert_eq!(self.told, self.ready().is_some());
        if !self.told {
            return None;
        }
        match self.due() {
            None | Some(Wake::Closed) => self.found_handed(),
            due => due,
        }
    }

    /// As [`found_ready`](Self::found_ready), where nothing that is pending makes it so.
    #[cold]
    fn found_handed(&mut self) -> Option<Wake> {
        self.check_pipe();
        self.ready()
    }

    /// Bytes that a read could get now; of those in a pipe that others read, it may get fewer.
    pub(super) fn unread(&self) -> usize {
        self.records.pending() + self.handover.in_pipe
    }

    /// Whether a reader that needs so many bytes may go on.
    pub(super) fn has(&self, length: usize) -> bool {
        self.unread() >= length || self.is_closed()
    }

    /// Whether a record is pending or will never be, which is what blocked reads wait for.
    #[inline]
    pub(super) fn found_pending(&mut self) -> Option<()> {
        self.request(self.records.size()).then_some(())
    }

    /// Whether a reader that needs so many bytes, of whole records, may go on; if not, it is woken when it
    /// may.
    pub(super) fn request(&mut self, length: usize) -> bool {
        self.check_pipe();
        if self.has(length) {
            return true;
        }
        self.waiters.want(length);
        self.update_limit();
        false
    }

    /// Changes when the channel is ready, if that can be; `update` is to be called next.
    pub(super) fn change_readiness(&mut self, ready: Readiness) -> Result<(), ConfigError> {
        let capacity = self.records.count_of(self.capacity);
        ready.check(capacity)?;
        self.set_readiness(ready, capacity);
        Ok(())
    }

    /// Has the channel ready as `ready` says, which was checked.
    fn set_readiness(&mut self, ready: Readiness, capacity: u32) {
        let bytes = |records: u32| records as usize * self.records.size();
        let full = bytes(capacity - self.headroom);
        (self.threshold, self.full_at) = match ready {
            Readiness::Any => (bytes(1), self.capacity),
            Readiness::Records(records) => (bytes(records), self.capacity),
            Readiness::Full => (full, full),
        };
    }

    /// Ends the capture; `update` is to be called next.
    pub(super) fn close(&mut self) {
        self.phase = Phase::Closed;
        // The capture is ready from now on, and its timer stops.
        self.deadline = Deadline::new(0);
        self.handover.is_late = false;
    }

    /// An edge found no room.
    pub(super) fn lose(&mut self) {
        match self.phase {
            Phase::Closed => {
                self.counters.lost.closed += 1;
                return;
            }
            Phase::Frozen => self.counters.lost.frozen += 1,
            _ => self.counters.lost.full += 1,
        }
        self.counters.unreported = self.counters.unreported.saturating_add(1);
        if self.overflow == Overflow::Freeze {
            self.phase = Phase::Frozen;
        }
    }

    /// What a read returns that has got `length` bytes and finds nothing more: 0 is end of file.
    pub(super) fn end_read(&mut self, length: usize) -> Result<usize, Error> {
        if length == 0 && !self.is_closed() {
            return Err(Error::WOULD_BLOCK);
        }
        self.ended |= length == 0;
        Ok(length)
    }

    /// Moves the oldest records to `out`, a block at the most; returns how many bytes. `update` is to be
    /// called next.
    #[inline]
    pub(super) fn take(&mut self, out: &mut [u8]) -> usize {
        let block = match self.records.has_gaps() || self.counters.unreported > 0 {
            true => records::BLOCK_WITH_GAPS,
            false => self.block,
        };
        let most = out.len().min(block * self.records.size());
        self.hand_over(most, |piece| ring::copy(piece, out))
    }

    /// As [`take`](Self::take), at most `most` bytes, to where `write` takes them.
    #[inline]
    pub(super) fn hand_over(&mut self, most: usize, write: impl FnOnce(&[u8]) -> usize) -> usize {
        self.counters.high_water = self.counters.high_water.max(self.records.pending());
        if self.counters.unreported > 0 {
            self.extend_gap();
        }
        let (length, edges) = self.records.hand_over(most, write);
        self.counters.delivered += u64::from(edges);
        if self.counters.unreported > 0 {
            self.recover(length);
        }
        length
    }

    /// Before a take, a mark of lost edges tells of those too that were lost behind it, so that the room which the take
    /// makes is for an edge.
    #[cold]
    #[inline(never)]
    fn extend_gap(&mut self) {
        let (lost, levels) = (self.counters.unreported, self.levels.found);
        if self.phase != Phase::Frozen && self.records.extend_gap(lost, levels) {
            self.counters.unreported = 0;
        }
    }

    /// After a loss, `length` bytes were taken.
    #[cold]
    #[inline(never)]
    fn recover(&mut self, length: usize) {
        let drained = self.records.pending() == 0;
        if drained && self.phase == Phase::Frozen {
            self.phase = Phase::Capturing;
        }
        // A full buffer loses and only this makes room (or, of a frozen one, all of it), so here,
        // behind all that was stored before the loss and ahead of all to come, is the place of the gap.
        let thaws = drained || self.overflow != Overflow::Freeze;
        if thaws && length > 0 {
            self.report_gap();
        }
    }

    /// Marks the place of the edges lost since the last mark, of which there are some; there is room for
    /// the mark, and the levels were looked at.
    pub(super) fn report_gap(&mut self) {
        let lost = core::mem::take(&mut self.counters.unreported);
        let gaps = self.records.push_gap(lost, self.levels.found);
        self.counters.gaps += u64::from(gaps);
    }

    pub(super) fn ledger(&self) -> Ledger {
        let (stored, edges) = (self.records.stored(), self.records.pending_edges());
        let high_water = self.counters.high_water.max(self.records.pending());
        let high_water = self.records.count_of(high_water);
        self.counters.ledger(stored, edges, high_water)
    }
}
