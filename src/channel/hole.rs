//! Holes: edges that were lost, and times in which none counts. Gap records mark them.

use super::Channel;
use super::state::{Interrupts, Phase, State};
use crate::{LineError, Overflow};

impl Channel {
    /// From now on no edge counts, until [`resume`](Self::resume).
    pub(crate) fn pause(&'static self) {
        let mut state = self.lock();
        state.pause();
        self.publish(state);
    }

    pub(crate) fn is_paused(&self) -> bool {
        !self.lock().is_armed()
    }

    /// Ends a pause, and marks the hole; fails when a controller does not report its levels.
    pub(crate) fn resume(
        &'static self,
        interrupts: &'static dyn Interrupts,
    ) -> Result<(), LineError> {
        let levels = interrupts.begin(false)?;
        let mut state = self.lock();
        let changed = interrupts.begin(true)?;
        state.resume(levels ^ changed);
        self.publish_and_start_timer(state);
        Ok(())
    }

    /// Calls `begin` with the lock held, for a line that was not captured for a while, and marks the hole.
    pub(crate) fn mark_hole(&'static self, begin: impl FnOnce()) {
        let state = self.lock();
        begin();
        let mut state = self.read_levels(state);
        let levels = state.levels.found;
        state.mark_hole(levels);
        self.publish_and_start_timer(state);
    }

    /// Calls `body` with the lock held, as an interrupt handler has it.
    pub(crate) fn locked(&'static self, body: impl FnOnce()) {
        let _state = self.lock();
        body();
    }
}

impl State {
    /// Whether edges count: not while the lines are being configured, nor while the capture is paused.
    pub(super) fn is_armed(&self) -> bool {
        self.phase != Phase::Opening && !self.paused
    }

    /// Pauses the capture. The caller must call `update` next.
    pub(super) fn pause(&mut self) {
        if !self.paused {
            self.paused = true;
            self.levels.hold();
        }
    }

    /// Ends a pause. The caller must call `update` next.
    pub(super) fn resume(&mut self, levels: u32) {
        if self.paused {
            self.paused = false;
            self.levels.end_hold(levels);
        }
        self.mark_hole(levels);
    }

    /// Marks a hole, after which the lines have `levels`: with a gap record, at once if there is room. The caller must
    /// call `update` next.
    pub(super) fn mark_hole(&mut self, levels: u32) {
        if self.is_closed() {
            return;
        }
        let now = self.now();
        let pending = self.records.pending();
        self.levels.found = levels;
        self.counters.note_hole();
        if !self.has_room() {
            return;
        }
        self.report_gap();
        if self.records.pending() > pending {
            if pending == 0 {
                self.deadlines.start(now);
            }
            self.look_at_newest(now);
        }
    }

    /// Before a take: adds the unreported losses to the newest record, if that is a gap record. Then the room that the
    /// take makes is left for an edge.
    #[cold]
    #[inline(never)]
    pub(super) fn extend_gap(&mut self) {
        let (lost, levels) = (self.counters.unreported_loss(), self.levels.found);
        if self.phase != Phase::Frozen && self.records.extend_gap(lost, levels) {
            self.counters.report();
            self.deadlines.forget_look();
        }
    }

    /// After a take of `length` bytes, with unreported losses: stores the gap record.
    #[cold]
    #[inline(never)]
    pub(super) fn recover(&mut self, length: usize) {
        let drained = self.records.pending() == 0;
        if drained && self.phase == Phase::Frozen {
            self.phase = Phase::Capturing;
        }
        // A full buffer loses edges, and only a take makes room (a frozen buffer must be empty). So the gap record goes
        // here: after all records from before the loss, before all later ones.
        let thaws = drained || self.overflow != Overflow::Freeze;
        if thaws && length > 0 {
            self.report_gap();
        }
    }

    /// Stores a gap record for the unreported losses. There are some, there is room, and the levels were read.
    pub(super) fn report_gap(&mut self) {
        let lost = self.counters.report();
        self.deadlines.forget_look();
        let gaps = self.records.push_gap(lost, self.levels.found);
        self.counters.gaps += u64::from(gaps);
    }
}
