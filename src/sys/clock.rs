//! The two clocks of Zephyr: the cycle counter and the uptime in ticks. Each function: ISR or thread, never blocks.

use zephyr::{kconfig, raw, time::Timeout};

/// Frequency of the cycle counter, in hertz.
pub const CYCLES_PER_SECOND: u32 = kconfig::CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC as u32;

/// Frequency of the system tick, in hertz.
pub const TICKS_PER_SECOND: u32 = kconfig::CONFIG_SYS_CLOCK_TICKS_PER_SEC as u32;

const _: () = {
    let of_now = [
        option_env!("CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC"),
        option_env!("CONFIG_SYS_CLOCK_TICKS_PER_SEC"),
    ];
    assert!(
        is_or_unknown(of_now[0], CYCLES_PER_SECOND) && is_or_unknown(of_now[1], TICKS_PER_SECOND),
        "a clock rate has changed in Kconfig, and zephyr-lang-rust did not notice: build again from nothing, as \
         `west build -p` does"
    );
};

/// Whether Zephyr's `.config` of this build has this number; true on the host, which has none.
const fn is_or_unknown(option: Option<&str>, number: u32) -> bool {
    let Some(option) = option else {
        return true;
    };
    matches!(u32::from_str_radix(option, 10), Ok(value) if value == number)
}

/// The cycle counter, which wraps: the cycles between two readings are their `wrapping_sub`.
#[inline]
pub fn cycles() -> u32 {
    // SAFETY: `k_cycle_get_32` has no preconditions.
    unsafe { raw::k_cycle_get_32() }
}

/// Ticks since the kernel started, [`TICKS_PER_SECOND`] in a second.
pub fn uptime_ticks() -> u64 {
    // SAFETY: `k_uptime_ticks` has no preconditions. It never returns a negative number.
    unsafe { raw::k_uptime_ticks() as u64 }
}

/// The number of cycles of the cycle counter in `ticks`, rounded down.
pub(crate) const fn cycles_of_ticks(ticks: u64) -> u64 {
    const { Ratio::new(TICKS_PER_SECOND, CYCLES_PER_SECOND) }.scale(ticks)
}

/// The number of ticks in `us` microseconds, rounded up.
pub(crate) const fn ticks_of_us(us: u64) -> u64 {
    (us * TICKS_PER_SECOND as u64).div_ceil(1_000_000)
}

const NS_PER_SECOND: u32 = 1_000_000_000;

/// Converts `cycles` of a counter at `hertz` to nanoseconds, rounding down.
///
/// Exact for any 64-bit number of cycles whose result fits 64 bits.
pub const fn cycles_to_ns(cycles: u64, hertz: u32) -> u64 {
    Ratio::to_ns(hertz).scale(cycles)
}

/// The ratio of two frequencies, in lowest terms. As a constant, it leaves little or nothing of a 64-bit division, for
/// which a small machine has no instruction.
#[derive(Clone, Copy)]
pub(crate) struct Ratio {
    from: u64,
    to: u64,
}

impl Ratio {
    /// From a count at `from` hertz to one at `to` hertz.
    pub(crate) const fn new(from: u32, to: u32) -> Self {
        let (mut divisor, mut rest) = (from, to);
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        // Without this, the compiler sees a division by 0 where the frequencies are no constants.
        if divisor == 0 {
            divisor = 1;
        }
        Self {
            from: (from / divisor) as u64,
            to: (to / divisor) as u64,
        }
    }

    /// From a count at `hertz` to nanoseconds.
    pub(crate) const fn to_ns(hertz: u32) -> Self {
        Self::new(hertz, NS_PER_SECOND)
    }

    /// Converts a count, rounding down; no product overflows.
    #[inline]
    pub(crate) const fn scale(&self, count: u64) -> u64 {
        match self.from {
            0 => 0,
            from => count / from * self.to + count % from * self.to / from,
        }
    }
}

/// The time-out at a tick of the uptime, as Zephyr encodes it (`Z_TICK_ABS`). A tick too late to be encoded, hundreds
/// of thousands of years from now, becomes the last that can be.
pub(super) fn absolute(tick: u64) -> raw::k_ticks_t {
    let last = raw::k_ticks_t::MAX - 1;
    -2 - raw::k_ticks_t::try_from(tick).map_or(last, |tick| tick.min(last))
}

/// What is left of a time-out that spans several waits: `K_FOREVER`, or until an uptime. It is absolute, so that a
/// delay before a wait does not make the time-out longer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Remaining(raw::k_ticks_t);

/// `K_FOREVER`.
const FOREVER: raw::k_ticks_t = -1;

impl Remaining {
    /// Starts the time-out now.
    #[inline]
    pub(crate) fn start(timeout: Timeout) -> Self {
        match timeout.0.ticks {
            ticks @ ..0 => Self(ticks),
            ticks => Self::after(ticks),
        }
    }

    #[inline(never)]
    fn after(ticks: raw::k_ticks_t) -> Self {
        // Rounded up as Zephyr does, because the present tick is not a whole one any more.
        let begun = u64::from(ticks != 0);
        let ticks = ticks as u64 + begun;
        Self(absolute(uptime_ticks().saturating_add(ticks)))
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
        // `absolute` is its own inverse.
        (-2 - self.0) as u64 > uptime_ticks()
    }
}
