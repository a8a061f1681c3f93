//! The two clocks of Zephyr: the cycle counter and the uptime in ticks.

use zephyr::{kconfig, raw, time::Timeout};

/// Frequency of the cycle counter, in hertz.
pub const CYCLES_PER_SECOND: u32 = kconfig::CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC as u32;

/// Frequency of the system tick, in hertz.
pub const TICKS_PER_SECOND: u32 = kconfig::CONFIG_SYS_CLOCK_TICKS_PER_SEC as u32;

/// The cycle counter, which wraps.
///
/// ```
/// # zephyr::sim::run(|| {
/// use edgepipe::sys::clock;
///
/// let before = clock::cycles();
/// let elapsed = clock::cycles().wrapping_sub(before);
/// # assert!(elapsed < clock::CYCLES_PER_SECOND);
/// # });
/// ```
///
/// # Context
///
/// ISR or thread, never blocks.
#[inline]
pub fn cycles() -> u32 {
    // SAFETY: `k_cycle_get_32` has no preconditions.
    unsafe { raw::k_cycle_get_32() }
}

/// Ticks since the kernel started.
///
/// ```
/// # zephyr::sim::run(|| {
/// use edgepipe::sys::clock;
///
/// let seconds = clock::uptime_ticks() / u64::from(clock::TICKS_PER_SECOND);
/// # assert_eq!(seconds, 0);
/// # });
/// ```
///
/// # Context
///
/// ISR or thread, never blocks.
pub fn uptime_ticks() -> u64 {
    // SAFETY: `k_uptime_ticks` has no preconditions. It never returns a negative number.
    unsafe { raw::k_uptime_ticks() as u64 }
}

/// The number of cycles in `ticks`, rounded down.
pub(crate) const fn cycles_of_ticks(ticks: u64) -> u64 {
    const RATIO: Ratio = Ratio::new(TICKS_PER_SECOND, CYCLES_PER_SECOND);
    RATIO.scale(ticks)
}

/// The number of ticks in `us` microseconds, rounded up.
pub(crate) const fn ticks_of_us(us: u64) -> u64 {
    (us * TICKS_PER_SECOND as u64).div_ceil(1_000_000)
}

/// The number of ticks in `cycles`, rounded down.
pub(crate) const fn ticks_of_cycles(cycles: u64) -> u64 {
    const RATIO: Ratio = Ratio::new(CYCLES_PER_SECOND, TICKS_PER_SECOND);
    RATIO.scale(cycles)
}

/// The number of nanoseconds in `cycles`, rounded down.
pub(crate) const fn ns_of_cycles(cycles: u64) -> u64 {
    const RATIO: Ratio = Ratio::new(CYCLES_PER_SECOND, NS_PER_SECOND);
    RATIO.scale(cycles)
}

const NS_PER_SECOND: u32 = 1_000_000_000;

/// Converts `cycles` of a counter at `hertz` to nanoseconds, rounding down.
///
/// Exact for any 64-bit number of cycles whose result fits 64 bits.
///
/// ```
/// assert_eq!(edgepipe::sys::clock::cycles_to_ns(32_768, 32_768), 1_000_000_000);
/// ```
pub const fn cycles_to_ns(cycles: u64, hertz: u32) -> u64 {
    Ratio::new(hertz, NS_PER_SECOND).scale(cycles)
}

/// The ratio of two frequencies, in lowest terms: as a constant, it leaves little or nothing of a
/// 64-bit division, for which a small machine has no instruction.
struct Ratio {
    from: u64,
    to: u64,
}

impl Ratio {
    /// From a count at `from` hertz to one at `to` hertz.
    const fn new(from: u32, to: u32) -> Self {
        let (mut divisor, mut rest) = (from, to);
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        Self {
            from: (from / divisor) as u64,
            to: (to / divisor) as u64,
        }
    }

    /// Converts a count, rounding down; no product overflows.
    const fn scale(&self, count: u64) -> u64 {
        count / self.from * self.to + count % self.from * self.to / self.from
    }
}

/// From a tick of the uptime to the time-out at that tick, as Zephyr encodes it (`Z_TICK_ABS`), and
/// back.
pub(super) const fn absolute(tick: raw::k_ticks_t) -> raw::k_ticks_t {
    -2 - tick
}

/// What is left of a time-out that spans several waits: `K_FOREVER`, or until an uptime.
///
/// It is absolute: whatever happens before a wait begins makes that no longer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Remaining(raw::k_ticks_t);

/// `K_FOREVER`.
const FOREVER: raw::k_ticks_t = -1;

impl Remaining {
    /// Starts the time-out now.
    #[inline]
    pub(crate) fn start(timeout: Timeout) -> Self {
        let ticks = timeout.0.ticks;
        if ticks < 0 {
            return Self(ticks);
        }
        Self::after(ticks)
    }

    #[inline(never)]
    fn after(ticks: raw::k_ticks_t) -> Self {
        // As Zephyr rounds up: this tick is not a whole one any more.
        let begun = raw::k_ticks_t::from(ticks != 0);
        Self(absolute(uptime_ticks() as raw::k_ticks_t + ticks + begun))
    }

    /// The time-out of the next wait, or `None` once it has passed.
    #[inline]
    pub(crate) fn next(self) -> Option<Timeout> {
        let Self(ticks) = self;
        let goes_on = ticks == FOREVER || self.goes_on();
        goes_on.then_some(Timeout(raw::k_timeout_t { ticks }))
    }

    #[inline(never)]
    fn goes_on(self) -> bool {
        absolute(self.0) as u64 > uptime_ticks()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_become_nanoseconds_at_any_frequency() {
        assert_eq!(cycles_to_ns(3, 1_000_000), 3_000);
        assert_eq!(cycles_to_ns(1, 32_768), 30_517);
        assert_eq!(cycles_to_ns(32_768, 32_768), 1_000_000_000);
        assert_eq!(cycles_to_ns(12, 12_000_000), 1_000);
        assert_eq!(cycles_to_ns(u64::MAX / 2, 1_000_000_000), u64::MAX / 2);
        // A century at 64 MHz keeps its last cycle.
        let century = 64_000_000 * 3_155_760_000;
        assert_eq!(
            cycles_to_ns(century + 64, 64_000_000),
            3_155_760_000_000_001_000
        );
    }
}
