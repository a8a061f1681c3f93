//! `k_poll` on semaphores.

use core::ffi::c_int;

use zephyr::{raw, time::Timeout};

use super::sem::Semaphore;
use crate::Error;

/// Waits until any of `some`, or `one`, is raised; says which of `some` are.
///
/// The semaphores stay raised.
///
/// # Context
///
/// Thread only, blocks up to `timeout`.
pub(crate) fn wait_any<const N: usize>(
    some: &[Option<&'static Semaphore>; N],
    one: &'static Semaphore,
    timeout: Timeout,
) -> [bool; N] {
    let mut events = Events {
        some: some.map(event),
        one: event(Some(one)),
    };
    // Whether the time passed or the wait was cancelled, the caller looks again.
    let _ = poll(&mut events, timeout);
    events.some.map(|event| event.state() != 0)
}

/// One array for the kernel.
#[repr(C)]
struct Events<const N: usize> {
    some: [raw::k_poll_event; N],
    one: raw::k_poll_event,
}

/// A new event on every call, so that no `state` of an earlier call is left in it.
fn event(semaphore: Option<&'static Semaphore>) -> raw::k_poll_event {
    static NONE: Semaphore = Semaphore::new();
    let kind = if semaphore.is_some() {
        raw::ZR_POLL_TYPE_SEM_AVAILABLE
    } else {
        raw::K_POLL_TYPE_IGNORE
    };
    let object = semaphore.unwrap_or(&NONE);
    // SAFETY: all-zero bytes are a valid `k_poll_event`.
    let mut event: raw::k_poll_event = unsafe { core::mem::zeroed() };
    // SAFETY: this only writes the event. The kernel does not look at the object of an event that
    // it is to ignore, but insists that there be one.
    unsafe {
        raw::k_poll_event_init(
            &mut event,
            kind,
            raw::k_poll_modes_K_POLL_MODE_NOTIFY_ONLY as c_int,
            object.as_ptr().cast(),
        );
    }
    event
}

fn poll<const N: usize>(events: &mut Events<N>, timeout: Timeout) -> Result<(), Error> {
    let first = core::ptr::from_mut(events).cast();
    // SAFETY: `Events` is laid out as an array of `N + 1` events. It lives until `k_poll` has
    // returned, which takes its events off every list first. The semaphores are static, and
    // initialised (see `Semaphore::give`).
    let code = unsafe { raw::k_poll(first, N as c_int + 1, timeout.0) };
    Error::check(code).map(drop)
}
