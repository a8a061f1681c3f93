//! One kernel spinlock around data, with the interrupt mask of Zephyr's own locks.
//!
//! The guard is the mask: it holds the previous mask, and dropping it restores that. No guard outlives its mask,
//! because nothing else lifts the mask.
//!
//! Only code in supervisor mode can mask interrupts. On Cortex-M, masking is ignored in user mode, without a fault. So with
//! `CONFIG_USERSPACE` each mask is checked: a thread in user mode that gets here ends, and reaches no data.

use core::ops::{Deref, DerefMut};
use core::{cell::UnsafeCell, marker::PhantomData};

#[cfg_attr(edgepipe_mask = "basepri", path = "mask/basepri.rs")]
#[cfg_attr(edgepipe_mask = "primask", path = "mask/primask.rs")]
#[cfg_attr(
    not(any(edgepipe_mask = "basepri", edgepipe_mask = "primask")),
    path = "mask/spinlock.rs"
)]
mod mask;

use mask::Mask;

/// With `now`, the mask as the processor has it: ends a thread that could not set it.
#[cfg(all(
    edgepipe_user,
    any(edgepipe_mask = "basepri", edgepipe_mask = "primask")
))]
#[inline]
fn check_masked(now: u32) {
    unsafe extern "C" {
        /// From `zephyr/user.c`. A panic would bring Rust's formatting of messages.
        safe fn edgepipe_refuse_user_mode() -> !;
    }
    if now == 0 {
        edgepipe_refuse_user_mode();
    }
}

/// Data that threads and interrupts share. zephyr-lang-rust's `SpinMutex` does the same, but always by two calls into
/// C, which cost the interrupt handler a fourth of its time.
#[repr(C)]
pub(crate) struct Lock<T> {
    /// First, so that a mask without a size leaves the data at the lock's own address.
    mask: Mask,
    data: UnsafeCell<T>,
}

// SAFETY: `data` is reached only through a `Guard`. While one exists, the mask keeps out all contexts that could make
// another.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    pub(crate) const fn new(data: T) -> Self {
        Self {
            mask: Mask::new(),
            data: UnsafeCell::new(data),
        }
    }

    /// Takes the lock. No interrupt that Zephyr manages runs until the guard is dropped. Zero-latency interrupts do
    /// run, and must not use the library. ISR or thread, never with the lock held already.
    #[inline]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        Guard {
            key: self.mask.set(),
            lock: self,
            same_context: PhantomData,
        }
    }
}

/// A type with one lock in it: `lock_of` always returns the same.
pub(crate) trait Locked: 'static {
    type Data;

    fn lock_of(&'static self) -> &'static Lock<Self::Data>;
}

/// A value whose lock was taken before: taking it again costs less.
pub(crate) struct Known<L: Locked>(&'static L);

impl<L: Locked> Clone for Known<L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L: Locked> Copy for Known<L> {}

impl<L: Locked> Known<L> {
    pub(crate) fn new(locked: &'static L) -> Self {
        drop(locked.lock_of().lock());
        Self(locked)
    }

    pub(crate) const fn get(self) -> &'static L {
        self.0
    }

    /// As [`Lock::lock`].
    #[inline]
    pub(crate) fn lock(self) -> Guard<'static, L::Data> {
        let lock = self.0.lock_of();
        Guard {
            // SAFETY: `new` has set this mask before.
            key: unsafe { lock.mask.set_again() },
            lock,
            same_context: PhantomData,
        }
    }
}

/// The lock, held.
pub(crate) struct Guard<'a, T> {
    lock: &'a Lock<T>,
    /// The previous mask.
    key: mask::Key,
    /// The key restores the interrupt state of the context that took the lock.
    same_context: PhantomData<*mut ()>,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the lock is held.
        unsafe { &*self.lock.data.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held, and the guard is borrowed mutably.
        unsafe { &mut *self.lock.data.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `lock` got this key from this mask, and the guard cannot have left its context.
        unsafe { self.lock.mask.restore(self.key) }
    }
}
