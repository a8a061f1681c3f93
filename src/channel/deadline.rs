//! The flush deadline: how long the oldest unread record may wait.
//!
//! It is a time on the clock of the records. The timer looks whether it has come. It is not set for each record: when
//! it expires, it is set for the deadline of then. It is set before that only if it would look too late.

use super::clock::QUARTER_WRAP;
use crate::sys::clock;

#[derive(Clone, Copy)]
pub(super) struct Deadline {
    /// How long a record may wait, in ticks and in cycles; 0 for as long as it takes.
    ticks: u64,
    after: u64,
    /// When the oldest record's time will be over, in cycles; [`NEVER`] while there is none, and
    /// [`PASSED`] once it is.
    due: u64,
    /// When the timer will have looked at the latest, in cycles.
    timer_due: u64,
    /// How much later than its time a record of some lines came, at the most, in cycles; and these lines, line 0 in
    /// bit 0: those that are debounced.
    lag: u64,
    late_lines: u32,
}

/// What can be counted in cycles, hundreds of years at any rate.
const LONGEST_TICKS: u64 = clock::ticks_of_cycles(u64::MAX / 2);

/// Cycles in a tick.
const TICK: u64 = clock::cycles_of_ticks(1);

const NEVER: u64 = u64::MAX;
/// Before any record's: they may wait for a tick or more.
const PASSED: u64 = 0;
/// When the timer looks at the next tick, before any deadline that is to come.
const SOON: u64 = 0;

impl Deadline {
    /// That of a channel that nobody uses: all zero, as all of such a channel is, so that it and its
    /// buffer are in `.bss` and take no flash.
    pub(super) const fn unused() -> Self {
        Self {
            ticks: 0,
            after: 0,
            due: 0,
            timer_due: 0,
            lag: 0,
            late_lines: 0,
        }
    }

    /// For records that may wait for `ticks` ticks.
    pub(super) fn new(ticks: u64) -> Self {
        let ticks = ticks.min(LONGEST_TICKS);
        Self {
            ticks,
            after: clock::cycles_of_ticks(ticks),
            due: NEVER,
            timer_due: NEVER,
            ..Self::unused()
        }
    }

    pub(super) const fn is_off(&self) -> bool {
        self.ticks == 0
    }

    pub(super) const fn has_passed(&self) -> bool {
        self.due == PASSED
    }

    /// Nothing is pending any more.
    pub(super) const fn clear(&mut self) {
        self.due = NEVER;
        self.lag = 0;
    }

    /// A record of `line`, below 32, came so many cycles after its time.
    pub(super) const fn note_lag(&mut self, line: u32, cycles: u64) {
        self.late_lines |= 1 << line;
        if self.lag < cycles {
            self.lag = cycles;
        }
    }

    /// The oldest record has just come, at `now`.
    pub(super) const fn start(&mut self, now: u64) {
        self.due = now.saturating_add(self.after);
    }

    /// The oldest record is another one, of `line`, whose time was `age` before `now`.
    pub(super) const fn restart(&mut self, age: u64, line: u32, now: u64) {
        let lag = self.lag * (self.late_lines >> line & 1) as u64;
        self.start(now.saturating_sub(age.saturating_sub(lag)));
        self.check(now);
    }

    /// Whether the time is over is to be seen now: the cycle that was the last has to be over too.
    pub(super) const fn check(&mut self, now: u64) {
        if self.due < now {
            self.pass();
        }
    }

    /// The oldest record's time is over at once.
    pub(super) const fn pass(&mut self) {
        self.due = PASSED;
    }

    /// Whether the timer would look too late.
    pub(super) const fn is_before_timer(&self) -> bool {
        self.due < self.timer_due && !self.has_passed()
    }

    /// The timer looks at the next tick.
    pub(super) const fn expire_soon(&mut self) {
        self.timer_due = SOON;
    }

    pub(super) const fn expires_soon(&self) -> bool {
        self.timer_due == SOON
    }

    /// After how many ticks the timer is to look next: `most` at the most, which are up to a quarter wrap.
    pub(super) fn set_timer(&mut self, now: u64, most: u64) -> u64 {
        self.timer_due = now.saturating_add(QUARTER_WRAP);
        if self.has_passed() || self.due >= self.timer_due {
            return most;
        }
        self.timer_due = self.due;
        let rest = self.due.saturating_sub(now);
        let ticks = if self.after.saturating_sub(rest) < TICK {
            self.ticks
        } else {
            ticks_of(rest)
        };
        ticks.min(most)
    }
}

/// A 64-bit division, which takes long: not to be done in advance.
#[cold]
#[inline(never)]
fn ticks_of(cycles: u64) -> u64 {
    clock::ticks_of_cycles(cycles)
}
