//! The clock of the records: the cycle counter, extended by counting its wraps.

use crate::sys::clock;

/// A quarter of the cycle counter's range.
pub(super) const QUARTER_WRAP: u64 = 1 << 30;

/// A quarter of the time in which the cycle counter wraps, in ticks. The counter must be read at least twice in each
/// wrap, and a timer may be late.
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

    /// The clock now, with the wraps that the uptime shows.
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

    /// A time after all edges so far: half a wrap after the clock was last advanced.
    pub(super) const fn end(&self) -> u64 {
        ((self.wraps as u64) << 32 | self.last as u64) + (1 << 31)
    }

    /// The time at which the counter shows `cycles`. To be called at least twice in each wrap. If the counter steps
    /// back, time stands still until the counter has caught up.
    pub(super) const fn advance(&mut self, cycles: u32) -> u64 {
        if cycles.wrapping_sub(self.last) < 1 << 31 {
            self.wraps = self.wraps.wrapping_add((cycles < self.last) as u32);
            self.last = cycles;
        }
        (self.wraps as u64) << 32 | self.last as u64
    }
}
