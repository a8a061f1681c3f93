//! The semaphore of the real crate's `sys::sync`.

use core::cell::UnsafeCell;
use core::ffi::c_uint;
use core::fmt;

use crate::error::{Result, to_result_void};
use crate::raw::{self, k_sem};
use crate::time::Timeout;

/// A semaphore that can be a `static`. Its first use initialises it in the kernel.
pub struct Semaphore {
    raw: UnsafeCell<k_sem>,
    initial_count: c_uint,
    limit: c_uint,
}

// SAFETY: `raw` is only touched by `k_sem_*` calls, which work on one kernel's own data.
unsafe impl Sync for Semaphore {}
// SAFETY: as above.
unsafe impl Send for Semaphore {}

impl Semaphore {
    /// A semaphore that starts at `initial_count` and counts to `limit`.
    ///
    /// # Panics
    ///
    /// If the limit is 0 or below the initial count.
    pub const fn new(initial_count: c_uint, limit: c_uint) -> Self {
        assert!(
            limit > 0 && initial_count <= limit,
            "invalid semaphore initialization"
        );
        Self {
            // SAFETY: all-zero bytes are a semaphore that is not live.
            raw: UnsafeCell::new(unsafe { core::mem::zeroed() }),
            initial_count,
            limit,
        }
    }

    /// Takes the semaphore (`k_sem_take`).
    ///
    /// # Errors
    ///
    /// `EBUSY` if it is 0 and the call may not wait, `EAGAIN` when the time has passed.
    pub fn take(&self, timeout: impl Into<Timeout>) -> Result<()> {
        // SAFETY: `get` returns a live semaphore.
        to_result_void(unsafe { raw::k_sem_take(self.get(), timeout.into().0) })
    }

    /// Gives the semaphore (`k_sem_give`).
    pub fn give(&self) {
        // SAFETY: `get` returns a live semaphore.
        unsafe { raw::k_sem_give(self.get()) }
    }

    /// How often it can be taken now (`k_sem_count_get`).
    pub fn count_get(&self) -> usize {
        // SAFETY: `get` returns a live semaphore.
        unsafe { raw::k_sem_count_get(self.get()) as usize }
    }

    /// The semaphore, made live if the running kernel does not know it.
    fn get(&self) -> *mut k_sem {
        let sem = self.raw.get();
        // SAFETY: the semaphore is valid, and no thread waits at one that is not live.
        unsafe { raw::init_sem_once(sem, self.initial_count, self.limit) };
        sem
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore").finish_non_exhaustive()
    }
}
