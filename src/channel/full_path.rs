//! The full path of an interrupt handler: all that can happen to an edge.

use super::{Channel, Entered};
use crate::record::{self, RecordHeader};

/// One edge's work on a channel, with the lock held from beginning to end.
pub(crate) struct FullPath {
    channel: &'static Channel,
    state: Entered,
    /// The counter when the interrupt was seen.
    cycles: u32,
}

impl FullPath {
    /// The interrupt was seen when the counter showed `cycles`, which was read with the lock held.
    #[inline]
    pub(super) fn new(channel: &'static Channel, state: Entered, cycles: u32) -> Self {
        Self {
            channel,
            state,
            cycles,
        }
    }

    /// Stores an edge with this byte of line and level, or counts why it is not stored.
    pub(crate) fn edge(self, line_and_level: u8) {
        let record = self.state.header.edge(self.cycles, line_and_level);
        self.store_edge(record, line_and_level);
    }

    /// As [`edge`](Self::edge), for an edge that was seen at `cycles` on the clock of [`now`](Self::now).
    pub(crate) fn edge_at(mut self, line_and_level: u8, cycles: u64) {
        let lag = record::age(cycles, self.now());
        if self.is_armed() && self.state.make_room() {
            let (line, _) = record::line_of(line_and_level);
            self.state.deadlines.note_lag(line, lag);
        }
        let header = RecordHeader::new(cycles, self.state.header.sequence());
        self.store_edge(header.edge(cycles as u32, line_and_level), line_and_level);
    }

    fn store_edge(mut self, record: u64, line_and_level: u8) {
        self.note_level(line_and_level);
        self.store(Some(record));
    }

    /// Notes the present level of a line, whether an edge led to it or not.
    pub(crate) fn note_level(&mut self, line_and_level: u8) {
        if self.state.levels.are_being_read() {
            let (line, high) = record::line_of(line_and_level);
            self.state.levels.note(line, high);
        }
    }

    /// Stores a sample's record, or counts why it is not stored.
    pub(crate) fn sample<T: Copy>(self, record: T) {
        self.store(Some(record));
    }

    /// Counts an edge whose level the controller does not report.
    pub(crate) fn unreadable(mut self) {
        self.state = self.channel.read_levels(self.state);
        self.store(None::<u64>);
    }

    /// Counts interrupts that debouncing suppressed.
    pub(crate) fn bounced(&mut self, interrupts: u64) {
        self.state.counters.bounces += interrupts;
    }

    /// Counts an edge to `high` that the hardware did not report.
    pub(crate) fn missed(&mut self, high: bool) {
        let missed = &mut self.state.counters.missed;
        missed.rising += u64::from(high);
        missed.falling += u64::from(!high);
    }

    /// Whether edges count: not while the lines are being configured, nor while the capture is paused.
    pub(crate) fn is_armed(&self) -> bool {
        self.state.is_armed()
    }

    /// The time when the interrupt was seen, in cycles.
    pub(crate) fn now(&mut self) -> u64 {
        self.state.advance_clock(self.cycles)
    }

    /// Stores a record, or a gap record for an edge of unknown level; or counts why the edge is not stored.
    #[inline(never)]
    fn store<T: Copy>(self, record: Option<T>) {
        if !self.is_armed() {
            return;
        }
        let (channel, mut state) = (self.channel, self.state);
        state.header = state.header.next();
        let pending = state.records.pending();
        let is_gap = record.is_none();
        if !state.make_room() {
            state.lose();
        } else if let Some(record) = record {
            state.records.push(record);
        } else {
            state.counters.lost.unreadable += 1;
            state.counters.lose_unreported();
            state.report_gap();
        }
        let is_timed = state.has_deadlines() && state.records.pending() > 0;
        let begins = is_timed && (pending == 0 || is_gap);
        if begins {
            let now = state.advance_clock(self.cycles);
            if pending == 0 {
                state.deadlines.start(now);
            }
            if is_gap {
                state.look_at_newest(now);
            }
        }
        channel.publish(state);
        if begins {
            channel.start_timer_in_time();
        }
    }
}
