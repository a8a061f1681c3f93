//! Holes: edges or samples that were lost, and times in which none counts.
//!
//! Gap records mark the holes among edges. Samples have no gap records. Instead the channel knows the place of one hole
//! among those that are pending, as `sockatmark` does: a read ends before it, and the next one passes it. A second hole
//! has no place until then, so no sample is stored after it. If other code can read the pipe, no place is known.

use super::state::{Interrupts, Phase, State};
use super::{Channel, change::Pause, records::BLOCK_WITH_GAPS};
use crate::{Gap, LineError};

/// The hole among the pending samples, if [`Records::has_marks`](super::records::Records::has_marks).
pub(super) struct Hole {
    /// How many bytes had been stored before it, or before the newest one if there is none, with all bits that fit.
    place: usize,
    gap: Gap,
    /// The hole directly before what the last read returned.
    pub(super) passed: Option<Gap>,
}

impl Hole {
    pub(super) const fn none() -> Self {
        Self {
            place: 0,
            gap: Gap { lost: 0, levels: 0 },
            passed: None,
        }
    }
}

/// One read that takes in several calls.
pub(crate) struct Reading {
    /// It has taken something, and ends at the next hole.
    has_begun: bool,
    /// The hole directly before its first sample.
    pub(crate) gap: Option<Gap>,
}

impl Reading {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self {
            has_begun: false,
            gap: None,
        }
    }
}

impl Channel {
    /// From now on no edge counts, until [`resume`](Self::resume).
    pub(crate) fn pause(&'static self, why: Pause) {
        let mut state = self.lock();
        state.pause(why);
        self.publish(state);
    }

    pub(crate) fn is_paused(&self) -> bool {
        !self.lock().is_armed()
    }

    /// Ends a pause, and marks the hole; fails when a controller does not report its levels. No other pause holds.
    pub(crate) fn resume(
        &'static self,
        why: Pause,
        interrupts: &'static dyn Interrupts,
    ) -> Result<(), LineError> {
        let levels = interrupts.begin(false)?;
        let mut state = self.lock();
        let changed = interrupts.begin(true)?;
        state.resume(why, levels ^ changed);
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
        self.phase != Phase::Opening && !self.is_paused()
    }

    fn is_paused(&self) -> bool {
        self.paused != [false; Pause::COUNT]
    }

    /// Pauses the capture. The caller must call `update` next.
    pub(super) fn pause(&mut self, why: Pause) {
        if !self.is_paused() {
            self.levels.hold();
        }
        self.paused[why as usize] = true;
    }

    /// Ends a pause; no other holds. The caller must call `update` next.
    pub(super) fn resume(&mut self, why: Pause, levels: u32) {
        if self.is_paused() {
            self.paused[why as usize] = false;
            self.levels.end_hold(levels);
        }
        self.mark_hole(levels);
    }

    /// Marks a hole, after which the lines have `levels`: with a gap record, at once if there is room, or the oldest edges
    /// give way. The caller must call `update` next.
    pub(super) fn mark_hole(&mut self, levels: u32) {
        if self.is_closed() {
            return;
        }
        let now = self.now();
        let pending = self.records.pending();
        self.levels.found = levels;
        self.counters.note_hole();
        if !self.make_room() {
            return;
        }
        self.report_gap();
        if pending == 0 && self.records.pending() > 0 {
            self.deadlines.start(now);
        }
        self.look_at_newest(now);
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
        if self.phase != Phase::Frozen && length > 0 {
            self.report_gap();
        }
    }

    /// Stores a gap record for the unreported losses, or gives them a place among the samples. There are some, there is
    /// room, and the levels were read.
    pub(super) fn report_gap(&mut self) {
        if !self.records.has_gap_records() {
            return self.place_hole();
        }
        let lost = self.counters.report();
        self.deadlines.forget_look();
        self.records.push_gap(lost, self.levels.found);
        self.counters.gaps += 1;
    }

    /// Gives the unreported losses a place: behind the newest sample. If there is a hole elsewhere, nothing is stored
    /// until the reader has passed that.
    #[cold]
    #[inline(never)]
    fn place_hole(&mut self) {
        let place = self.stored_bytes();
        let has_hole = self.records.has_marks();
        if has_hole && self.hole.place != place {
            if self.phase == Phase::Capturing {
                self.phase = Phase::Held;
                self.deadlines.forget_look();
            }
            return;
        }
        let (lost, levels) = (self.counters.report(), self.levels.found);
        self.deadlines.forget_look();
        self.hole.place = place;
        if self.through.is_none() {
            let before = has_hole.then_some(self.hole.gap);
            self.hole.gap = Gap { lost, levels }.after(before);
            self.records.set_hole(true);
        }
    }

    /// Whether there is a hole after the newest sample. Something is pending.
    pub(super) fn ends_with_hole(&self) -> bool {
        let is_placed = !self.records.has_gap_records() && self.hole.place == self.stored_bytes();
        is_placed || self.phase == Phase::Held
    }

    fn stored_bytes(&self) -> usize {
        self.records.ring.stored() as usize
    }

    /// Bytes before the hole among the samples. To be called if there is one.
    fn before_hole(&self) -> usize {
        let taken = self.stored_bytes().wrapping_sub(self.records.pending());
        self.hole.place.wrapping_sub(taken)
    }

    /// How many bytes of samples can be taken at once; `None` if the read has begun and is at a hole.
    #[cold]
    #[inline(never)]
    pub(super) fn next_samples(
        &mut self,
        has_begun: bool,
        reading: Option<&mut Reading>,
    ) -> Option<usize> {
        if !self.goes_on(has_begun, reading) {
            return None;
        }
        let has_hole = self.records.has_marks();
        let block = match has_hole || self.counters.unreported > 0 {
            true => BLOCK_WITH_GAPS,
            false => self.block,
        };
        let most = block * self.records.size();
        Some(match has_hole {
            true => most.min(self.before_hole()),
            false => most,
        })
    }

    /// Begins or continues a read of samples, which may take in several calls. One that begins at the hole passes it; one
    /// that comes to it ends, and then this returns false.
    fn goes_on(&mut self, has_begun: bool, reading: Option<&mut Reading>) -> bool {
        let is_at_hole = self.records.has_marks() && self.before_hole() == 0;
        if has_begun || reading.as_ref().is_some_and(|it| it.has_begun) {
            return !is_at_hole;
        }
        if self.records.pending() > 0 || self.is_closed() {
            let gap = is_at_hole.then(|| self.pass_hole());
            self.hole.passed = gap;
            if let Some(reading) = reading {
                reading.has_begun = true;
                reading.gap = gap;
            }
        }
        true
    }

    /// Passes the hole, so that the next one can have a place.
    fn pass_hole(&mut self) -> Gap {
        self.records.set_hole(false);
        let gap = self.hole.gap;
        if self.phase == Phase::Held {
            self.phase = Phase::Capturing;
        }
        if self.counters.unreported > 0 && self.phase != Phase::Frozen {
            self.place_hole();
        }
        gap
    }
}
