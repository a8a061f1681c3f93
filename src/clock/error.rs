//! Why a counter cannot be a clock.

use core::fmt;

use crate::{Error, sys::clock::TICKS_PER_SECOND};

/// Why the clock of a capture cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClockError {
    /// The counter cannot be started, or not be read.
    Counter(Error),
    /// The counter is slower than the ticks of the system clock, `CONFIG_SYS_CLOCK_TICKS_PER_SEC`.
    TooSlow {
        /// Counts in a second.
        hertz: u32,
    },
    /// The counter does not have all counts of a number of bits, of eight at least.
    Top {
        /// Its last count before 0.
        top: u32,
    },
    /// A quarter of the counter's range is over in less than a tick, so its wraps cannot be counted.
    WrapsTooSoon {
        /// Counts in a second.
        hertz: u32,
        /// Its last count before 0.
        top: u32,
    },
    /// While a thread slept, the counter counted less than half or more than one and a half times as much as it should have: it does not
    /// run, stops while the processor sleeps, or has another rate.
    Irregular {
        /// Counts that the time should have had.
        expected: u32,
        /// Counts that it had.
        counted: u32,
    },
}

impl fmt::Display for ClockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counter(error) => write!(f, "the clock's counter: {error}"),
            Self::TooSlow { hertz } => write!(
                f,
                "the clock has {hertz} Hz; it must not be slower than the system clock's ticks, \
                 {TICKS_PER_SECOND} Hz"
            ),
            Self::Top { top } => write!(
                f,
                "the clock's counter wraps after {top}; that must be one less than a power of two, and 255 or more"
            ),
            Self::WrapsTooSoon { hertz, top } => write!(
                f,
                "the clock's counter wraps after {top} at {hertz} Hz, which takes less than four ticks of the system \
                 clock; give it more bits or a lower rate, or raise CONFIG_SYS_CLOCK_TICKS_PER_SEC"
            ),
            Self::Irregular { expected, counted } => write!(
                f,
                "the clock counted {counted} while a thread slept, and should have counted {expected}: it does not \
                 run, stops while the processor sleeps, or has another rate"
            ),
        }
    }
}

impl core::error::Error for ClockError {}

impl From<ClockError> for Error {
    fn from(error: ClockError) -> Self {
        match error {
            ClockError::Counter(error) => error,
            ClockError::Irregular { .. } => Self::IO,
            _ => Self::INVALID_INPUT,
        }
    }
}
