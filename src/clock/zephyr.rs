//! Zephyr's own counters.

use super::counter::{Counter, Rate};
use crate::Error;
use crate::sys::counter::{self, CounterDevice};

impl From<counter::Rate> for Rate {
    fn from(counter::Rate { hertz, top }: counter::Rate) -> Self {
        Self { hertz, top }
    }
}

impl Counter for CounterDevice {
    fn start(&self) -> Result<Rate, Error> {
        self.start_device().map(Rate::from)
    }

    #[inline]
    fn count(&self) -> u32 {
        self.device_count()
    }
}

/// The cycle counter of the processor core, from Zephyr's timing functions (`timing_counter_get`).
///
/// On many Cortex-Ms it stops while the processor sleeps. Then `open` refuses it.
#[derive(Debug)]
pub struct CoreCounter;

impl Counter for CoreCounter {
    fn start(&self) -> Result<Rate, Error> {
        counter::start_core().map(Rate::from)
    }

    #[inline]
    fn count(&self) -> u32 {
        counter::core_count()
    }
}
