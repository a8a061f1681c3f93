//! The flush deadline: how long the oldest unread record may wait.
//!
//! It is a time on the clock of the records. The timer checks whether it has passed. The timer is not set for each
//! record: when it expires, it is set for the present deadline. It is set earlier only if it would expire too late.

use crate::clock::{QUARTER_WRAP, Source};

#[derive(Clone, Copy)]
pub(super) struct Deadline {
    /// How long a record may wait, in ticks and in cycles; 0 for no deadline.
    ticks: u64,
    after: u64,
    /// The oldest record's deadline, in cycles; [`NEVER`] without one, and [`PASSED`] once it has passed.
    due: u64,
    /// When the timer will have expired at the latest, in cycles.
    timer_due: u64,
    /// The most cycles from the time of a record to its storing, on debounced lines; and these lines, line 0 in bit 0.
    lag: u64,
    late_lines: u32,
}

const NEVER: u64 = u64::MAX;
/// Before any record's deadline, because records may wait for a tick or more.
const PASSED: u64 = 0;
/// The timer expires at the next tick, before any deadline that is still to pass.
const SOON: u64 = 0;

impl Deadline {
    /// The deadline of a channel that is not in use: all zero, like the whole channel, so that the channel and its
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

    /// No deadline.
    pub(super) const fn none() -> Self {
        Self {
            due: NEVER,
            timer_due: NEVER,
            ..Self::unused()
        }
    }

    /// For records that may wait for `ticks` ticks, with times of `clock`.
    pub(super) fn new(ticks: u64, clock: Source) -> Self {
        // The most ticks that can be counted in cycles: hundreds of years at 1 GHz.
        let ticks = ticks.min(clock.to_ticks().scale(u64::MAX / 2));
        Self {
            ticks,
            after: clock.of_ticks().scale(ticks),
            ..Self::none()
        }
    }

    pub(super) const fn is_off(&self) -> bool {
        self.ticks == 0
    }

    pub(super) const fn has_passed(&self) -> bool {
        self.due == PASSED
    }

    /// Clears the deadline, because nothing is pending.
    pub(super) const fn clear(&mut self) {
        self.due = NEVER;
        self.lag = 0;
    }

    /// Notes that a record of `line`, below 32, is stored so many cycles after its time.
    pub(super) const fn note_lag(&mut self, line: u32, cycles: u64) {
        self.late_lines |= 1 << line;
        if self.lag < cycles {
            self.lag = cycles;
        }
    }

    /// Starts the deadline of a record that is stored at `now`.
    pub(super) const fn start(&mut self, now: u64) {
        self.due = now.saturating_add(self.after);
    }

    /// Restarts the deadline for another record, of `line`, whose time was `age` before `now`.
    pub(super) const fn restart(&mut self, age: u64, line: u32, now: u64) {
        let lag = self.lag * (self.late_lines >> line & 1) as u64;
        self.start(now.saturating_sub(age.saturating_sub(lag)));
        self.check(now);
    }

    /// Checks whether the deadline has passed: its last cycle must be over too.
    pub(super) const fn check(&mut self, now: u64) {
        if self.due < now {
            self.pass();
        }
    }

    /// Lets the deadline pass at once.
    pub(super) const fn pass(&mut self) {
        self.due = PASSED;
    }

    /// Whether the timer would expire after the deadline.
    pub(super) const fn is_before_timer(&self) -> bool {
        self.due < self.timer_due && !self.has_passed()
    }

    /// Notes that the timer expires at the next tick.
    pub(super) const fn expire_soon(&mut self) {
        self.timer_due = SOON;
    }

    pub(super) const fn expires_soon(&self) -> bool {
        self.timer_due == SOON
    }

    /// Returns after how many ticks the timer must expire next: at most `most`, which is up to a quarter wrap of `clock`.
    pub(super) fn set_timer(&mut self, now: u64, most: u64, clock: Source) -> u64 {
        self.timer_due = now.saturating_add(QUARTER_WRAP);
        if self.has_passed() || self.due >= self.timer_due {
            return most;
        }
        self.timer_due = self.due;
        let rest = self.due.saturating_sub(now);
        let ticks = if self.after.saturating_sub(rest) < clock.of_ticks().scale(1) {
            self.ticks
        } else {
            ticks_of(rest, clock)
        };
        ticks.min(most)
    }
}

/// A 64-bit division takes long, so the compiler must not do it in advance.
#[cold]
#[inline(never)]
fn ticks_of(cycles: u64, clock: Source) -> u64 {
    clock.to_ticks().scale(cycles)
}
