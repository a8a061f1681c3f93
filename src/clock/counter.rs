//! The counter behind a clock.

use crate::{ClockError, Error, sys::clock::TICKS_PER_SECOND};

/// A free-running counter of the chip: it counts up, and wraps to 0.
///
/// On Zephyr, `CounterDevice` is a device of the class `counter`, and `CoreCounter` the cycle counter of the processor
/// core; the host does not have these. A timer without a driver can have an implementation of its own.
///
/// ```ignore
/// // SAFETY: the node is enabled, it is a counter, and nothing else uses it.
/// static TIMER: CounterDevice = unsafe { CounterDevice::new(&zephyr::raw::__device_dts_ord_12) };
/// static CLOCK: Clock = Clock::new(&TIMER);
/// ```
///
/// ```
/// use edgepipe::{Counter, Error, Rate};
///
/// struct MyTimer;
///
/// impl Counter for MyTimer {
///     fn start(&self) -> Result<Rate, Error> {
///         // Write the registers that start it.
///         Ok(Rate { hertz: 16_000_000, top: u32::MAX })
///     }
///
///     fn count(&self) -> u32 {
///         // Read its register.
/// #       0
///     }
/// }
/// ```
pub trait Counter: Sync {
    /// Starts the counter, unless it runs. From then on it must never stop, be set, or change its rate. Thread only.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being a clock.
    fn start(&self) -> Result<Rate, Error>;

    /// The count, which must not step back. Must be callable in an ISR with interrupts masked; must not block.
    fn count(&self) -> u32;
}

/// How fast a [`Counter`] counts, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Counts in a second.
    pub hertz: u32,
    /// The last count before 0: one less than a power of two.
    pub top: u32,
}

/// Fewer bits would wrap too soon for any use.
const TOP_MIN: u32 = 0xff;

impl Rate {
    /// Whether a clock can be made of it.
    pub(super) fn check(self) -> Result<(), ClockError> {
        let Self { hertz, top } = self;
        // Deadlines and debouncing are counted in ticks, and checked on this clock.
        if hertz < TICKS_PER_SECOND {
            return Err(ClockError::TooSlow { hertz });
        }
        if top < TOP_MIN || top & top.wrapping_add(1) != 0 {
            return Err(ClockError::Top { top });
        }
        if self.quarter_wrap_ticks() == 0 {
            return Err(ClockError::WrapsTooSoon { hertz, top });
        }
        Ok(())
    }

    /// A quarter of the time in which it wraps, in ticks. A timer of so many ticks expires at least twice in each wrap.
    pub(super) fn quarter_wrap_ticks(self) -> u32 {
        let quarter = u64::from(self.top / 4 + 1);
        let ticks = quarter * u64::from(TICKS_PER_SECOND) / u64::from(self.hertz);
        ticks.min(i32::MAX as u64) as u32
    }
}
