//! Zephyr's counters as clocks: the bridge to `zephyr/clock.c`, which calls the inline functions of their headers.

use core::ffi::c_int;

use zephyr::raw;
use zephyr::sync::atomic::AtomicU32;

use crate::Error;

unsafe extern "C" {
    fn edgepipe_counter_start(counter: *const raw::device, rate: *mut Rate) -> c_int;
    fn edgepipe_counter_count(counter: *const raw::device, count: *mut u32) -> u32;
    fn edgepipe_core_start(rate: *mut Rate) -> c_int;
    fn edgepipe_core_count() -> u32;
}

/// `struct edgepipe_rate` of `zephyr/clock.c`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Rate {
    /// Counts in a second.
    pub(crate) hertz: u32,
    /// The last count before 0.
    pub(crate) top: u32,
}

impl Rate {
    /// The rate that `start` stores.
    fn of(start: impl FnOnce(*mut Self) -> c_int) -> Result<Self, Error> {
        let mut rate = Self::default();
        Error::check(start(&raw mut rate))?;
        Ok(rate)
    }
}

/// A device of Zephyr's class `counter`, for a `static`.
pub struct CounterDevice {
    device: &'static raw::device,
    /// The count when it was last read.
    count: AtomicU32,
}

// `raw::device` has none with CONFIG_PM_DEVICE.
opaque_debug!([] CounterDevice);

// SAFETY: a device's structure is constant, and the driver protects its own data.
unsafe impl Sync for CounterDevice {}

impl CounterDevice {
    /// The counter that the driver of `device` runs.
    ///
    /// # Safety
    ///
    /// The device is of the class `counter`.
    pub const unsafe fn new(device: &'static raw::device) -> Self {
        Self {
            device,
            count: AtomicU32::new(0),
        }
    }

    /// Thread only.
    pub(crate) fn start_device(&self) -> Result<Rate, Error> {
        // SAFETY: the device is a counter, by the promise of `new`; the rate can be written.
        Rate::of(|rate| unsafe { edgepipe_counter_start(self.device, rate) })
    }

    #[inline]
    pub(crate) fn device_count(&self) -> u32 {
        // SAFETY: as above. C writes the count as one word, and an interrupt that reads the counter meanwhile leaves a later one.
        unsafe { edgepipe_counter_count(self.device, self.count.as_ptr()) }
    }
}

/// Starts the core's cycle counter. Thread only.
pub(crate) fn start_core() -> Result<Rate, Error> {
    // SAFETY: the rate can be written.
    Rate::of(|rate| unsafe { edgepipe_core_start(rate) })
}

#[inline]
pub(crate) fn core_count() -> u32 {
    // SAFETY: there are no preconditions.
    unsafe { edgepipe_core_count() }
}
