//! The state that the interrupt handler and the readers share, and the one predicate, [`State::ready`].

use super::delivery::{Handover, RETRY_TICKS, ThroughPipe};
use super::{
    change::Pause, deadline::Deadlines, hole::Hole, hole::Reading, levels::Levels, records,
    records::Records, waiters::Waiters,
};
use crate::{
    ConfigError, Error, Ledger, LineError, Overflow, Readiness, Wake, clock::Source,
    clock::Timeline, config::Setup, ledger::Counters, record::RecordHeader, sys::out::Out,
    sys::pipe::Pipe, sys::ring, sys::storage::Storage,
};

/// The fields used most come first, and bytes before words, because Thumb's short instructions reach only bytes among
/// the first 32 and words among the first 128.
#[repr(C)]
pub(crate) struct State {
    pub(super) phase: Phase,
    /// The channel is ready, and its waiters were woken, as of the last `update`.
    pub(super) told: bool,
    /// A read has returned end of file, so a wait that begins fails: a loop of waits and reads ends.
    pub(super) ended: bool,
    pub(super) overflow: Overflow,

    /// The header of the next record.
    pub(super) header: RecordHeader,
    pub(super) records: Records,
    /// The channel is ready when so many bytes are pending: whole records, from one to `capacity`.
    pub(super) threshold: usize,
    /// The channel is full when so many bytes are pending: `threshold` for [`Readiness::Full`], else `capacity`.
    full_at: usize,
    /// How many bytes fit.
    pub(super) capacity: usize,
    /// Set if the channel delivers through its pipe.
    pub(super) through: Option<&'static ThroughPipe>,
    /// The most records that are taken while the lock is held.
    pub(super) block: usize,
    pub(super) waiters: Waiters,
    pub(super) deadlines: Deadlines,
    pub(super) handover: Handover,
    /// The pipe, once other code may read it too, without reporting that. It may do so in all later uses.
    pub(super) shared: Option<&'static Pipe>,

    /// For each [`Pause`], whether it holds: no edge counts then.
    pub(super) paused: [bool; Pause::COUNT],
    /// A [`Change`](super::change::Change) exists.
    #[cfg(edgepipe_pm)]
    pub(super) changing: bool,
    /// The headroom, in records.
    headroom: u32,
    /// How many of the capture, the reader and file descriptors exist.
    pub(super) handles: u32,
    /// The number of this use of the channel, from one `open` to the next; never 0.
    pub(super) use_number: u32,
    /// The use whose reader exists; 0 if there is none.
    pub(super) reader_of: u32,
    /// Set once the capture is armed.
    pub(super) interrupts: Option<&'static dyn Interrupts>,
    pub(super) levels: Levels,
    pub(super) clock: Source,
    pub(super) timeline: Timeline,
    pub(super) counters: Counters,
    pub(super) hole: Hole,
    /// The level of each line before the oldest record, line 0 in bit 0, if the oldest edges give way.
    pub(super) levels_before: u32,
}

/// The interrupt sources of one capture: a device, as the channel and the capture see it.
pub(crate) trait Interrupts: Sync {
    /// Reads the levels before the first edges; fails when a controller does not report them. Thread only. Called first
    /// without the channel's lock: it returns the level of each line, line 0 in bit 0. Then `again` with it: it returns
    /// the lines that have changed meanwhile.
    fn begin(&'static self, again: bool) -> Result<u32, LineError>;

    /// The level of each line after its last edge, or when the capture began; line 0 in bit 0. Called without the lock.
    fn levels(&'static self) -> u32;

    /// Stops the sources that were started. Thread only.
    fn stop(&'static self);
}

/// The phases of a capture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is being configured: no edge counts.
    Opening,
    Capturing,
    /// It has overflowed with [`Overflow::Freeze`]: nothing is stored until everything has been read.
    Frozen,
    /// A hole among the samples has no place before the reader has passed an earlier one: nothing is stored until then.
    Held,
    /// It has ended.
    Closed,
}

impl State {
    /// A channel that is not in use.
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
            waiters: Waiters::none(),
            deadlines: Deadlines::unused(),
            handover: Handover::none(),
            shared: None,
            paused: [false; Pause::COUNT],
            #[cfg(edgepipe_pm)]
            changing: false,
            headroom: 0,
            handles: 0,
            use_number: 0,
            reader_of: 0,
            interrupts: None,
            levels: Levels::none(),
            clock: Source::CYCLE_COUNTER,
            timeline: Timeline::stopped(),
            counters: Counters::new(),
            hole: Hole::none(),
            levels_before: 0,
        }
    }

    /// Begins a use, by a capture and a reader, with the ring in `storage`.
    pub(super) fn open(
        &mut self,
        setup: &Setup,
        storage: Storage,
        through: Option<&'static ThroughPipe>,
    ) {
        self.phase = Phase::Opening;
        self.told = false;
        self.ended = false;
        self.paused = [false; Pause::COUNT];
        #[cfg(edgepipe_pm)]
        {
            self.changing = false;
        }
        self.overflow = setup.overflow;
        self.header = RecordHeader::new(0, 1);
        self.records = Records::new(setup, storage);
        self.capacity = setup.capacity as usize * setup.format.bytes();
        self.headroom = setup.headroom;
        self.set_readiness(setup.ready, setup.capacity);
        self.through = through;
        self.clock = setup.clock;
        self.deadlines = Deadlines::new(setup.flush_after, setup.idle_after, setup.clock);
        self.set_block();
        self.waiters.begin_use();
        self.handover = Handover::none();
        self.handles = 2;
        self.use_number = self.use_number.checked_add(1).unwrap_or(1);
        self.reader_of = self.use_number;
        self.interrupts = None;
        self.levels = Levels::none();
        self.timeline = setup.clock.timeline();
        self.counters = Counters::new();
        self.hole = Hole::none();
    }

    /// Whether there is a flush time or an idle time. To ask them both would take longer.
    #[inline]
    pub(super) fn has_deadlines(&self) -> bool {
        self.block != records::BLOCK
    }

    /// Makes what is pending ready, until it has been read. The caller must call `update` next.
    pub(super) fn flush(&mut self) {
        if self.records.pending() > 0 && !self.is_closed() {
            self.deadlines.flush_now();
            self.set_block();
        }
    }

    /// Determines how many records are taken at once. To be called when the deadlines may have become on or off.
    pub(super) fn set_block(&mut self) {
        self.block = match self.deadlines.are_off() {
            true => records::BLOCK,
            false => records::BLOCK_WITH_DEADLINE,
        };
        self.waiters.set_deadlines(self.has_deadlines());
    }

    /// Changes the idle time. The caller must call `restart_idle` next if something is pending, and `update`.
    pub(super) fn set_idle(&mut self, ticks: u64) {
        self.deadlines.set_idle(ticks, self.clock);
        self.set_block();
    }

    /// Whether an edge that counts would be stored, and no older one would give way.
    pub(super) fn has_room(&self) -> bool {
        self.phase == Phase::Capturing && self.records.pending() < self.capacity
    }

    /// Whether the reader of use `number` exists.
    #[inline]
    pub(super) fn has_reader_of(&self, number: u32) -> bool {
        self.reader_of == number
    }

    /// Whether use `number` is over. `None` is a descriptor, whose handle keeps its use.
    #[inline]
    pub(super) fn is_over(&self, number: Option<u32>) -> bool {
        number.is_some_and(|number| !self.has_reader_of(number))
    }

    /// Starts to capture lines that have `levels`. The caller must call `update` next.
    pub(super) fn arm(&mut self, interrupts: &'static dyn Interrupts, levels: u32) {
        self.interrupts = Some(interrupts);
        self.levels_before = levels;
        self.now();
        self.phase = Phase::Capturing;
    }

    /// The time now, to which the clock is advanced.
    pub(super) fn now(&mut self) -> u64 {
        self.advance_clock(self.clock.cycles())
    }

    /// Advances the clock to `cycles`, which was read with the lock held; returns the time.
    pub(super) fn advance_clock(&mut self, cycles: u32) -> u64 {
        let now = self.timeline.advance(cycles);
        self.header = RecordHeader::new(now, self.header.sequence());
        now
    }

    /// After how many ticks the timer must expire at the latest.
    pub(super) fn most_ticks(&self) -> u64 {
        let quarter_wrap = self.clock.quarter_wrap_ticks();
        let most = match self.handover.is_late {
            true => quarter_wrap.min(RETRY_TICKS),
            false => quarter_wrap,
        };
        // The present tick is one of these.
        most.saturating_sub(1).into()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// The one predicate: why the channel is ready, if it is.
    #[inline]
    pub(super) fn ready(&self) -> Option<Wake> {
        match self.due() {
            // Records that were handed over are read first.
            Some(Wake::Closed) | None if self.handover.why.is_some() => self.handover.why,
            due => due,
        }
    }

    /// Why the channel is ready, apart from records that were handed over.
    #[inline]
    pub(super) fn due(&self) -> Option<Wake> {
        let pending = self.records.pending();
        if self.counters.unreported_loss() > 0 {
            Some(Wake::Overflow)
        } else if pending >= self.full_at {
            Some(Wake::Full)
        } else if pending >= self.threshold {
            Some(Wake::Threshold)
        } else if self.deadlines.has_flushed() && pending > 0 {
            Some(Wake::Deadline)
        } else if self.deadlines.is_idle() && pending > 0 {
            Some(Wake::Idle)
        } else if self.is_closed() {
            Some(Wake::Closed)
        } else {
            None
        }
    }

    /// As [`ready`](Self::ready), for a waiter; it uses the result of the last `update`.
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

    /// As [`found_ready`](Self::found_ready), if only the close or records handed over make it ready.
    #[cold]
    fn found_handed(&mut self) -> Option<Wake> {
        self.check_pipe();
        self.ready()
    }

    /// Bytes that a read could get now. If other code reads the pipe, there may be fewer.
    pub(super) fn unread(&self) -> usize {
        self.records.pending() + self.handover.in_pipe
    }

    /// Whether a reader that waits for `length` bytes may go on.
    pub(super) fn has(&self, length: usize) -> bool {
        self.unread() >= length || self.is_closed()
    }

    /// What blocked reads wait for: a record is pending, or the capture is closed.
    #[inline]
    pub(super) fn found_pending(&mut self) -> Option<()> {
        self.request(self.records.size()).then_some(())
    }

    /// As [`has`](Self::has), for whole records. If not, the reader is woken when it may go on.
    pub(super) fn request(&mut self, length: usize) -> bool {
        self.check_pipe();
        if self.has(length) {
            return true;
        }
        self.waiters.want(length);
        self.update_limit();
        false
    }

    /// Changes when the channel is ready, if `ready` is valid. The caller must call `update` next.
    pub(super) fn change_readiness(&mut self, ready: Readiness) -> Result<(), ConfigError> {
        let capacity = self.records.count_of(self.capacity);
        ready.check(capacity)?;
        self.set_readiness(ready, capacity);
        Ok(())
    }

    /// Sets when the channel is ready; `ready` was checked.
    fn set_readiness(&mut self, ready: Readiness, capacity: u32) {
        let bytes = |records: u32| records as usize * self.records.size();
        let full = bytes(capacity - self.headroom);
        (self.threshold, self.full_at) = match ready {
            Readiness::Any => (bytes(1), self.capacity),
            Readiness::Records(records) => (bytes(records), self.capacity),
            Readiness::Full => (full, full),
        };
    }

    /// Ends the capture. The caller must call `update` next.
    pub(super) fn close(&mut self) {
        self.phase = Phase::Closed;
        // The capture stays ready from now on, and its timer stops.
        self.deadlines = Deadlines::none();
        self.handover.is_late = false;
    }

    /// Counts an edge that is not stored.
    pub(super) fn lose(&mut self) {
        match self.phase {
            Phase::Closed => {
                self.counters.lost.closed += 1;
                return;
            }
            Phase::Frozen => self.counters.lost.frozen += 1,
            _ => self.counters.lost.full += 1,
        }
        self.counters.lose_unreported();
        if self.overflow == Overflow::Freeze {
            self.phase = Phase::Frozen;
        }
    }

    /// The result of a read that got `length` bytes and finds no more; 0 is end of file.
    pub(super) fn end_read(&mut self, length: usize) -> Result<usize, Error> {
        if length == 0 && !self.is_closed() {
            return Err(Error::WOULD_BLOCK);
        }
        self.ended |= length == 0;
        Ok(length)
    }

    /// Moves the oldest records to `out`, at most a block; returns how many bytes, or `None` if a read of samples that has
    /// begun is at a hole. The caller must call `update` next.
    #[inline]
    pub(super) fn take(
        &mut self,
        out: Out,
        has_begun: bool,
        reading: Option<&mut Reading>,
    ) -> Option<usize> {
        let most = if !self.records.may_have_marks() && self.counters.unreported == 0 {
            self.block * self.records.size()
        } else if self.records.has_gap_records() {
            records::BLOCK_WITH_GAPS * self.records.size()
        } else {
            self.next_samples(has_begun, reading)?
        };
        let most = out.len().min(most);
        Some(self.hand_over(most, |piece| ring::copy(piece, out)))
    }

    /// As [`take`](Self::take), for at most `most` bytes, which `write` stores.
    #[inline]
    pub(super) fn hand_over(&mut self, most: usize, write: impl FnOnce(&[u8]) -> usize) -> usize {
        self.counters.high_water = self.counters.high_water.max(self.records.pending());
        if self.counters.unreported > 0 {
            self.extend_gap();
        }
        let levels = &mut self.levels_before;
        let (length, edges) = self.records.hand_over(most, levels, write);
        self.counters.delivered += u64::from(edges);
        if self.counters.unreported > 0 {
            self.recover(length);
        }
        length
    }

    pub(super) fn ledger(&self) -> Ledger {
        let (stored, edges) = (self.records.stored(), self.records.pending_edges());
        let high_water = self.counters.high_water.max(self.records.pending());
        let high_water = self.records.count_of(high_water);
        self.counters.ledger(stored, edges, high_water)
    }
}
