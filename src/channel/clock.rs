//! The clock of the records: the cycle counter, made longer by counting its wraps.

use crate::sys::clock;

/// A quarter of the time in which the cycle counter wraps, in ticks. It must be looked at twice as
/// often as it wraps, and a timer may be late.
pub(super) const QUARTER_WRAP_TICKS: u32 =
    quarter_wrap_ticks(clock::CYCLES_PER_SECOND, clock::TICKS_PER_SECOND);

/// A quarter wrap of a 32-bit counter at `hertz`, in ticks; at most what a 32-bit time-out can be.
const fn quarter_wrap_ticks(hertz: u32, ticks_per_second: u32) -> u32 {
    let ticks = (1_u64 << 30) * ticks_per_second as u64 / hertz as u64;
    if ticks > i32::MAX as u64 {
        i32::MAX as u32
    } else {
        ticks as u32
    }
}

#[derive(Clone, Copy)]
pub(super) struct Clock {
    last: u32,
    wraps: u32,
}

impl Clock {
    pub(super) const fn stopped() -> Self {
        Self { last: 0, wraps: 0 }
    }

    /// Starts from the wraps that the uptime tells of.
    pub(super) fn started() -> Self {
        Self::at(
            clock::cycles(),
            clock::cycles_of_ticks(clock::uptime_ticks()),
        )
    }

    /// The clock whose counter shows `last` when about `uptime` cycles have passed.
    const fn at(last: u32, uptime: u64) -> Self {
        // Half a wrap of tolerance, because the two are not read at the same instant.
        let wraps = (uptime + (1 << 31)).saturating_sub(last as u64) >> 32;
        Self {
            last,
            wraps: wraps as u32,
        }
    }

    /// A time that none of the edges up to now can have: half a wrap after the last look.
    pub(super) const fn end(&self) -> u64 {
        ((self.wraps as u64) << 32 | self.last as u64) + (1 << 31)
    }

    /// The time at which the counter shows `cycles`. To be called twice in a wrap, or more often.
    ///
    /// Where the counter steps back, time stands still until it has caught up.
    pub(super) const fn advance(&mut self, cycles: u32) -> u64 {
        if cycles.wrapping_sub(self.last) < 1 << 31 {
            self.wraps = self.wraps.wrapping_add((cycles < self.last) as u32);
            self.last = cycles;
        }
        (self.wraps as u64) << 32 | self.last as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_are_counted_at_any_frequency() {
        for hertz in [
            32_768,
            1_000_000,
            12_000_000,
            64_000_000,
            480_000_000,
            1_000_000_000,
        ] {
            for ticks_per_second in [100, 10_000, 32_768] {
                let mut clock = Clock::stopped();
                let step = u64::from(quarter_wrap_ticks(hertz, ticks_per_second))
                    * u64::from(hertz)
                    / u64::from(ticks_per_second);
                // Five wraps, looked at only when the timer does.
                for count in 1..=20 {
                    let now = step * count;
                    assert_eq!(clock.advance(now as u32), now, "{hertz} Hz");
                }
            }
        }
    }

    #[test]
    fn a_counter_that_steps_back_has_not_wrapped() {
        for last in [1_000, (1 << 31) + 50, u32::MAX] {
            let mut clock = Clock { last, wraps: 3 };
            let now = 3 << 32 | u64::from(last);
            assert_eq!(clock.advance(last - 115), now, "time stands still");
            assert_eq!(clock.advance(last.wrapping_add(5)), now + 5, "and goes on");
        }
        // Back over a wrap that was counted.
        let mut clock = Clock { last: 10, wraps: 3 };
        assert_eq!(clock.advance(u32::MAX - 100), 3 << 32 | 10);
        assert_eq!(clock.advance(11), 3 << 32 | 11);
    }

    #[test]
    fn a_clock_started_late_knows_the_wraps_so_far() {
        for wraps in 0..5 {
            for last in [0, 1, 1 << 31, u32::MAX] {
                let now = wraps << 32 | u64::from(last);
                // The uptime is read a little after the counter, and rounded down to a tick.
                for uptime in [now.saturating_sub(5_000), now, now + 300] {
                    assert_eq!(Clock::at(last, uptime).advance(last), now);
                }
            }
        }
    }
}
