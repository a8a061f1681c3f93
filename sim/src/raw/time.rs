//! Ticks, cycles, sleeping and yielding.

#![expect(non_camel_case_types, reason = "the names are the C headers' own")]

use crate::kernel::{call, clock, thread};

/// A number of ticks; negative ones have special meanings in a [`k_timeout_t`].
pub type k_ticks_t = i64;

/// A time-out: 0 does not wait, -1 waits for ever. A value of -2 or less is `-2 -` an uptime; a
/// positive one is relative.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct k_timeout_t {
    /// The ticks.
    pub ticks: k_ticks_t,
}

/// The cycle counter, which wraps.
pub unsafe extern "C-unwind" fn k_cycle_get_32() -> u32 {
    call("k_cycle_get_32", 0, clock::cycles)
}

/// Uptime in ticks.
pub unsafe extern "C-unwind" fn k_uptime_ticks() -> i64 {
    call("k_uptime_ticks", 0, || clock::uptime_ticks() as i64)
}

/// Uptime in milliseconds.
pub unsafe extern "C-unwind" fn k_uptime_get() -> i64 {
    call("k_uptime_get", 0, || (clock::uptime_ticks() / 1000) as i64)
}

/// Sleeps; returns the milliseconds left if woken early. Thread only.
pub unsafe extern "C-unwind" fn k_sleep(timeout: k_timeout_t) -> i32 {
    call("k_sleep", 0, || thread::sleep(timeout.into()))
}

/// Lets ready threads of the same priority run first. Thread only.
pub unsafe extern "C-unwind" fn k_yield() {
    call("k_yield", (), thread::yield_now);
}
