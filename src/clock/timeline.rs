//! A counter of 32 bits, extended to 64 by counting its wraps.

/// A quarter of the range of a counter of 32 bits.
pub(crate) const QUARTER_WRAP: u64 = 1 << 30;

/// A quarter wrap of a 32-bit counter at `hertz`, in ticks; at most what a 32-bit time-out can be. The counter must be
/// read at least twice in each wrap, and a timer may be late.
pub(crate) const fn quarter_wrap_ticks(hertz: u32, ticks_per_second: u32) -> u32 {
    let ticks = QUARTER_WRAP * ticks_per_second as u64 / hertz as u64;
    let most = i32::MAX as u64;
    (if ticks < most { ticks } else { most }) as u32
}

#[derive(Clone, Copy)]
pub(crate) struct Timeline {
    pub(crate) last: u32,
    pub(crate) wraps: u32,
}

impl Timeline {
    pub(crate) const fn stopped() -> Self {
        Self { last: 0, wraps: 0 }
    }

    /// The time when the counter shows `last` and about `uptime` cycles have passed.
    pub(crate) const fn at(last: u32, uptime: u64) -> Self {
        // Half a wrap of tolerance, because the two are not read at the same instant.
        let wraps = ((uptime + (1 << 31)).saturating_sub(last as u64) >> 32) as u32;
        Self { last, wraps }
    }

    /// The time of the last [`advance`](Self::advance).
    pub(crate) const fn time(&self) -> u64 {
        (self.wraps as u64) << 32 | self.last as u64
    }

    /// A time after all edges so far: half a wrap after the last [`advance`](Self::advance).
    pub(crate) const fn end(&self) -> u64 {
        self.time() + (1 << 31)
    }

    /// The time at which the counter shows `cycles`. To be called at least twice in each wrap. If the counter steps
    /// back, time stands still until the counter has caught up.
    pub(crate) const fn advance(&mut self, cycles: u32) -> u64 {
        if cycles.wrapping_sub(self.last) < 1 << 31 {
            self.wraps = self.wraps.wrapping_add((cycles < self.last) as u32);
            self.last = cycles;
        }
        self.time()
    }
}
