//! `k_poll` on semaphores.

use core::ffi::c_int;

use zephyr::{raw, time::Timeout};

use super::sem::Semaphore;
use crate::Error;

/// Waits until `semaphore` is raised. The semaphore stays raised.
///
/// # Context
///
/// Thread only, blocks up to `timeout`.
///
/// # Errors
///
/// `EAGAIN` when the time passed, `EINTR` when the wait was cancelled: check and wait again.
pub(crate) fn wait(semaphore: &'static Semaphore, timeout: Timeout) -> Result<(), Error> {
    // SAFETY: all-zero bytes are a valid `k_poll_event`, and `k_poll_event_init` overwrites them.
    let mut event: raw::k_poll_event = unsafe { core::mem::zeroed() };
    // SAFETY: `event` lives on this stack until `k_poll` has returned, which takes it off every
    // list first; the semaphore is static and initialised (see `Semaphore::give`). A new event on
    // every call means that no `state` of an earlier call is left in it.
    let code = unsafe {
        raw::k_poll_event_init(
            &mut event,
            raw::ZR_POLL_TYPE_SEM_AVAILABLE,
            raw::k_poll_modes_K_POLL_MODE_NOTIFY_ONLY as c_int,
            semaphore.as_ptr().cast(),
        );
        raw::k_poll(&mut event, 1, timeout.0)
    };
    Error::check(code).map(drop)
}
