//! `k_sem`.

use core::ffi::{c_int, c_uint};

use super::constants::EBUSY;
use super::object::Handle;
use super::time::k_timeout_t;
use crate::kernel::{call, err, sem};

/// A semaphore; live from [`k_sem_init`] on.
#[derive(Debug, Default)]
#[repr(C)]
pub struct k_sem {
    handle: Handle,
}

/// The semaphore behind the pointer; ends the run if it is not live.
pub(super) unsafe fn index(sem: *const k_sem) -> usize {
    // SAFETY: the caller passes a pointer to a semaphore that is valid for the call.
    unsafe { &(*sem).handle }.resolve("k_sem", sem::find)
}

/// Initialises a semaphore, in one step, if the running kernel does not know it.
pub(crate) unsafe fn init_sem_once(sem: *const k_sem, initial_count: c_uint, limit: c_uint) {
    call("k_sem_init", (), || {
        // SAFETY: the caller passes a pointer to a semaphore that is valid for the call.
        let handle = unsafe { &(*sem).handle };
        if !handle.is_live(sem::find) {
            let bound = sem::init(handle.address(), initial_count, limit);
            handle.bind(bound.expect("the caller checked the limit"));
        }
    });
}

/// Initialises a semaphore.
pub unsafe extern "C-unwind" fn k_sem_init(
    sem: *mut k_sem,
    initial_count: c_uint,
    limit: c_uint,
) -> c_int {
    call("k_sem_init", 0, || {
        // SAFETY: the caller passes a pointer to a semaphore that is valid for the call.
        let handle = unsafe { &(*sem).handle };
        match sem::init(handle.address(), initial_count, limit) {
            Ok(bound) => {
                handle.bind(bound);
                0
            }
            Err(code) => code,
        }
    })
}

/// Wakes a taker; if none waits, counts up and notifies a poller. ISR or thread.
pub unsafe extern "C-unwind" fn k_sem_give(sem: *mut k_sem) {
    // SAFETY: as for this function.
    call("k_sem_give", (), || sem::give(unsafe { index(sem) }));
}

/// Takes a semaphore; returns 0, `-EBUSY` or `-EAGAIN`. In an ISR only without a wait.
pub unsafe extern "C-unwind" fn k_sem_take(sem: *mut k_sem, timeout: k_timeout_t) -> c_int {
    call("k_sem_take", err(EBUSY), || {
        // SAFETY: as for this function.
        sem::take(unsafe { index(sem) }, timeout.into())
    })
}

/// Wakes all takers with `-EAGAIN`, empties the semaphore and notifies a poller.
pub unsafe extern "C-unwind" fn k_sem_reset(sem: *mut k_sem) {
    // SAFETY: as for this function.
    call("k_sem_reset", (), || sem::reset(unsafe { index(sem) }));
}

/// A semaphore's count.
pub unsafe extern "C-unwind" fn k_sem_count_get(sem: *mut k_sem) -> c_uint {
    // SAFETY: as for this function.
    call("k_sem_count_get", 0, || sem::count(unsafe { index(sem) }))
}
