//! Data behind a kernel spinlock.

use core::cell::UnsafeCell;
use core::convert::Infallible;
use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

use crate::raw;

/// Data that threads and interrupts share, behind a spinlock.
///
/// Interrupts are masked while the lock is held. Hold it briefly, and never across a call that may
/// wait.
pub struct SpinMutex<T: ?Sized> {
    inner: UnsafeCell<raw::k_spinlock>,
    data: UnsafeCell<T>,
}

// SAFETY: `data` is reached only through a guard, and the kernel gives one guard out at a time.
unsafe impl<T: ?Sized + Send> Send for SpinMutex<T> {}
// SAFETY: as above; sharing the mutex only moves exclusive access to `data` between contexts.
unsafe impl<T: ?Sized + Send> Sync for SpinMutex<T> {}

impl<T> SpinMutex<T> {
    /// A mutex around `value`, unlocked.
    pub const fn new(value: T) -> SpinMutex<T> {
        SpinMutex {
            // SAFETY: a zeroed `k_spinlock` is an unlocked one.
            inner: UnsafeCell::new(unsafe { core::mem::zeroed() }),
            data: UnsafeCell::new(value),
        }
    }
}

impl<T: ?Sized> SpinMutex<T> {
    /// Takes the lock, until the guard is dropped.
    ///
    /// Taking it again before that would spin for ever; here it ends the run with a fault.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    ///
    /// # Errors
    ///
    /// None; the result has the shape of `std`'s.
    pub fn lock(&self) -> Result<SpinMutexGuard<'_, T>, Infallible> {
        // SAFETY: `inner` is a spinlock that lives as long as `self`, at one address while borrowed.
        let key = unsafe { raw::k_spin_lock(self.inner.get()) };
        Ok(SpinMutexGuard {
            lock: self,
            key,
            _not_send: PhantomData,
        })
    }
}

impl<T> fmt::Debug for SpinMutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpinMutex").finish_non_exhaustive()
    }
}

/// The right to the data of a [`SpinMutex`]; dropping it releases the lock.
pub struct SpinMutexGuard<'a, T: ?Sized + 'a> {
    lock: &'a SpinMutex<T>,
    key: raw::k_spinlock_key_t,
    /// The guard is dropped in the context that took the lock: the key restores that context's
    /// interrupt mask.
    _not_send: PhantomData<*mut ()>,
}

// SAFETY: a shared guard only gives `&T`.
unsafe impl<T: ?Sized + Sync> Sync for SpinMutexGuard<'_, T> {}

impl<T: ?Sized> Deref for SpinMutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the lock is held for as long as the guard lives.
        unsafe { &*self.lock.data.get() }
    }
}

impl<T: ?Sized> DerefMut for SpinMutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held for as long as the guard lives, and the guard is borrowed mutably.
        unsafe { &mut *self.lock.data.get() }
    }
}

impl<T: ?Sized> Drop for SpinMutexGuard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: `lock` took this spinlock and got this key.
        unsafe { raw::k_spin_unlock(self.lock.inner.get(), self.key) }
    }
}

impl<T: ?Sized> fmt::Debug for SpinMutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpinMutexGuard").finish_non_exhaustive()
    }
}
