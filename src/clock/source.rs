//! The clock of one capture, as its channel uses it. Without CONFIG_EDGEPIPE_CLOCK that is always Zephyr's cycle
//! counter, and all of this is constant.

use super::timeline::{Timeline, quarter_wrap_ticks};
use crate::sys::clock::{self, CYCLES_PER_SECOND, Ratio, TICKS_PER_SECOND};
use crate::{Clock, ClockError};

/// Zephyr's cycle counter, or a [`Clock`]. Its unit is called a cycle in both cases.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    #[cfg(edgepipe_clock)]
    clock: Option<&'static Clock>,
}

impl Source {
    pub(crate) const CYCLE_COUNTER: Self = Self {
        #[cfg(edgepipe_clock)]
        clock: None,
    };

    pub(crate) const fn new(clock: Option<&'static Clock>) -> Self {
        #[cfg(not(edgepipe_clock))]
        let _ = clock;
        Self {
            #[cfg(edgepipe_clock)]
            clock,
        }
    }

    /// Starts it, if it does not run yet. Thread only.
    #[inline]
    pub(crate) fn start(self) -> Result<(), ClockError> {
        #[cfg(edgepipe_clock)]
        if let Some(clock) = self.clock {
            clock.start()?;
        }
        Ok(())
    }

    /// The count, which wraps. ISR or thread.
    #[inline]
    pub(crate) fn cycles(self) -> u32 {
        #[cfg(edgepipe_clock)]
        if let Some(clock) = self.clock {
            return clock.cycles();
        }
        clock::cycles()
    }

    /// The time now.
    pub(crate) fn timeline(self) -> Timeline {
        #[cfg(edgepipe_clock)]
        if let Some(clock) = self.clock {
            return clock.timeline();
        }
        let last = clock::cycles();
        Timeline::at(last, clock::cycles_of_ticks(clock::uptime_ticks()))
    }

    /// Cycles in a second.
    #[inline]
    pub(crate) fn hertz(self) -> u32 {
        #[cfg(edgepipe_clock)]
        if let Some(clock) = self.clock {
            return clock.hertz();
        }
        CYCLES_PER_SECOND
    }

    /// A quarter of the time in which the count wraps, in ticks.
    #[inline]
    pub(crate) fn quarter_wrap_ticks(self) -> u32 {
        #[cfg(edgepipe_clock)]
        if let Some(clock) = self.clock {
            return clock.quarter_wrap_ticks();
        }
        const { quarter_wrap_ticks(CYCLES_PER_SECOND, TICKS_PER_SECOND) }
    }

    /// From cycles to nanoseconds.
    #[inline]
    pub(crate) fn to_ns(self) -> Ratio {
        #[cfg(edgepipe_clock)]
        if self.clock.is_some() {
            return Ratio::to_ns(self.hertz());
        }
        const { Ratio::to_ns(CYCLES_PER_SECOND) }
    }

    /// From cycles to ticks.
    #[inline]
    pub(crate) fn to_ticks(self) -> Ratio {
        #[cfg(edgepipe_clock)]
        if self.clock.is_some() {
            return Ratio::new(self.hertz(), TICKS_PER_SECOND);
        }
        const { Ratio::new(CYCLES_PER_SECOND, TICKS_PER_SECOND) }
    }

    /// From ticks to cycles.
    #[inline]
    pub(crate) fn of_ticks(self) -> Ratio {
        #[cfg(edgepipe_clock)]
        if self.clock.is_some() {
            return Ratio::new(TICKS_PER_SECOND, self.hertz());
        }
        const { Ratio::new(TICKS_PER_SECOND, CYCLES_PER_SECOND) }
    }
}
