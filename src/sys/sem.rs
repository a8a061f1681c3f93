//! `k_sem`, used as a flag: any context may raise it, and its waiters lower it.

use core::cell::UnsafeCell;

use zephyr::{raw, time::Timeout};

use super::poll::poll;
use crate::Error;

/// A semaphore that counts to one.
#[repr(transparent)]
pub struct Semaphore(UnsafeCell<raw::k_sem>);

// SAFETY: every access goes through a `k_sem_*` call, and these lock the semaphore themselves.
unsafe impl Sync for Semaphore {}

opaque_debug!([] Semaphore);

impl Semaphore {
    pub(crate) const fn new() -> Self {
        // SAFETY: `k_sem` is a C structure for which all-zero bytes are a valid value.
        Self(UnsafeCell::new(unsafe { core::mem::zeroed() }))
    }

    /// A semaphore of C.
    ///
    /// # Safety
    ///
    /// It is static, initialised, and counts to one.
    pub unsafe fn from_raw(raw: *mut raw::k_sem) -> &'static Self {
        // SAFETY: by the duty above; a `Semaphore` is only a `k_sem`.
        unsafe { &*raw.cast() }
    }

    /// Initialises the semaphore with a count of 0. To be called first, and again only while no thread waits.
    pub(crate) fn init(&'static self) {
        // SAFETY: the semaphore is static, and by the rule above no thread is in its wait queue.
        // It cannot fail: the limit is positive and not below the initial count.
        unsafe { raw::k_sem_init(self.0.get(), 0, 1) };
    }

    /// Raises the flag and wakes one waiter (`k_sem_give`), to which a thread may switch. ISR or thread, never with a
    /// lock held.
    pub(crate) fn give(&self) {
        // SAFETY: `init` ran before the channel handed out the handles that lead here.
        unsafe { raw::k_sem_give(self.0.get()) }
    }

    /// As [`give`](Self::give), but wakes all waiters. Their [`take`](Self::take) fails as after a time-out.
    #[cfg(edgepipe_user)]
    pub(crate) fn give_to_all(&self) {
        // SAFETY: as in `give`.
        unsafe { raw::k_sem_reset(self.0.get()) }
        // For those that are about to wait.
        self.give();
    }

    /// Waits until the flag is up, and lowers it (`k_sem_take`); [`Error::WOULD_BLOCK`] (`EAGAIN`)
    /// when the time has passed. Thread only, blocks up to `timeout`.
    pub(crate) fn take(&'static self, timeout: Timeout) -> Result<(), Error> {
        // SAFETY: as in `give`.
        Error::check(unsafe { raw::k_sem_take(self.0.get(), timeout.0) }).map(drop)
    }

    /// As [`take`](Self::take), but leaves the flag up; the caller checks whether it is (`k_poll`).
    pub(crate) fn poll(&'static self, timeout: Timeout) {
        let (kind, object) = (raw::ZR_POLL_TYPE_SEM_AVAILABLE, self.0.get().cast());
        // SAFETY: the semaphore is static, and initialised (see `give`).
        unsafe { poll(kind, object, timeout) };
    }

    /// Lowers the flag. ISR or thread, never blocks.
    pub(crate) fn lower(&self) {
        // SAFETY: as in `give`. Without a wait `k_sem_take` only decrements; a count of 0 (`-EBUSY`) does not matter.
        unsafe { raw::k_sem_take(self.0.get(), zephyr::sys::K_NO_WAIT) };
    }
}
