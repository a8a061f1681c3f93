//! `k_poll` on one object.

use core::ffi::{c_int, c_void};

use zephyr::{raw, time::Timeout};

/// Waits until the event of type `kind` has happened to `object`, or until the time is over; returns whether it
/// happened. Thread only, blocks up to `timeout`.
///
/// # Safety
///
/// `object` is static, initialised, and of the type that `kind` is for.
pub(super) unsafe fn poll(kind: u32, object: *mut c_void, timeout: Timeout) -> bool {
    // SAFETY: all-zero bytes are a valid `k_poll_event`. It is a new one on every call, so that no
    // `state` of an earlier call is left in it.
    let mut event: raw::k_poll_event = unsafe { core::mem::zeroed() };
    // SAFETY: the first call only writes the event. The event lives until `k_poll` returns, which takes it off every
    // list before that. The object is as the caller promises.
    unsafe {
        let mode = raw::k_poll_modes_K_POLL_MODE_NOTIFY_ONLY as c_int;
        raw::k_poll_event_init(&mut event, kind, mode, object);
        raw::k_poll(&mut event, 1, timeout.0) == 0
    }
}
