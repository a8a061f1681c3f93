//! The clock of the records: the cycle counter, made longer by counting its wraps.

use crate::sys::clock;

/// A quarter of the cycle counter's range.
pub(super) const QUARTER_WRAP: u64 = 1 << 30;

/// A quarter of the time in which the cycle counter wraps, in ticks. It must be looked at twice as
/// often as it wraps, and a timer may be late.
pub(super) const QUARTER_WRAP_TICKS: u32 =
    quarter_wrap_ticks(clock::CYCLES_PER_SECOND, clock::TICKS_PER_SECOND);

/// A quarter wrap of a 32-bit counter at `hertz`, in ticks; at most what a 32-bit time-out can be.
pub(super) const fn quarter_wrap_ticks(hertz: u32, ticks_per_second: u32) -> u32 {
    let ticks = QUARTER_WRAP * ticks_per_second as u64 / hertz as u64;
    let most = i32::MAX as u64;
    (if ticks < most { ticks } else { most }) as u32
}

#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) last: u32,
    pub(super) wraps: u32,
}

impl Clock {
    pub(super) const fn stopped() -> Self {
        Self { last: 0, wraps: 0 }
    }

    /// Starts from the wraps that the uptime tells of.
    pub(super) fn started() -> Self {
        let last = clock::cycles();
        Self::at(last, clock::cycles_of_ticks(clock::uptime_ticks()))
    }

    /// The clock whose counter shows `last` when about `uptime` cycles have passed.
    pub(super) const fn at(last: u32, uptime: u64) -> Self {
        // Half a wrap of tolerance, because the two are not read at the same instant.
        let wraps = ((uptime + (1 << 31)).saturating_sub(last as u64) >> 32) as u32;
        Self { last, wraps }
    }

    /// A time that none of the edges up to now can have: half a wrap after the last look.
    pub(super) const fn end(&self) -> u64 {
        ((self.wraps as u64) << 32 | self.last as u64) + (1 << 31)
    }

    /// The time at which the counter shows `cycles`. To be called twice in a wrap, or more often.
    /// Where the counter steps back, time stands still until it has caught up.
    pub(super) const fn advance(&mut self, cycles: u32) -> u64 {
        if cycles.wrapping_sub(self.last) < 1 << 31 {
            self.wraps = self.wraps.wrapping_add((cycles < self.last) as u32);
            self.last = cycles;
        }
        (self.wraps as u64) << 32 | self.last as u64
    }
}
