//! A kernel spinlock, and a cheaper way to hold it for a moment, with every interrupt off.

use core::{
    cell::UnsafeCell,
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use zephyr::raw;

/// Data that threads and interrupts share.
///
/// zephyr-lang-rust's `SpinMutex` does as much, but always through two calls into C, which cost the
/// interrupt handler a fourth of its time.
///
/// The spinlock comes first: it is empty on one CPU, so its address is that of the data.
#[repr(C)]
pub(crate) struct Lock<T> {
    spin: UnsafeCell<raw::k_spinlock>,
    data: UnsafeCell<T>,
}

// SAFETY: `data` is reached through a `Guard` or a `Brief` only, and while one of them exists no
// other context runs that could make another.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    pub(crate) const fn new(data: T) -> Self {
        Self {
            // SAFETY: all-zero bytes are an unlocked spinlock.
            spin: UnsafeCell::new(unsafe { core::mem::zeroed() }),
            data: UnsafeCell::new(data),
        }
    }

    /// Takes the lock (`k_spin_lock`); no interrupt that Zephyr manages comes until it is released.
    ///
    /// # Context
    ///
    /// ISR or thread, never with the lock held already.
    #[inline]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        // SAFETY: the spinlock was unlocked at first and lives as long as the lock.
        let key = unsafe { raw::k_spin_lock(self.spin.get()) };
        Guard {
            lock: self,
            key,
            same_context: PhantomData,
        }
    }

    /// Takes the lock for a few hundred instructions at most: on Cortex-M not even a zero-latency
    /// interrupt comes until it is released.
    ///
    /// # Context
    ///
    /// ISR or thread, never with the lock held already.
    #[inline]
    pub(crate) fn lock_briefly(&self) -> Brief<'_, T> {
        Brief::new(self)
    }
}

/// The lock, held.
pub(crate) struct Guard<'a, T> {
    lock: &'a Lock<T>,
    key: raw::k_spinlock_key_t,
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
        // SAFETY: `lock` took this spinlock and got this key.
        unsafe { raw::k_spin_unlock(self.lock.spin.get(), self.key) }
    }
}

#[cfg(all(target_arch = "arm", target_os = "none"))]
pub(crate) use masked::Brief;
#[cfg(not(all(target_arch = "arm", target_os = "none")))]
pub(crate) use spinning::Brief;

/// On Cortex-M, which is the only 32-bit Arm that zephyr-lang-rust supports and on which Zephyr has
/// no SMP: while no interrupt comes, nobody else runs.
#[cfg(all(target_arch = "arm", target_os = "none"))]
mod masked {
    use core::{
        arch::asm,
        ops::{Deref, DerefMut},
    };

    use super::{Guard, Lock};

    pub(crate) struct Brief<'a, T> {
        lock: &'a Lock<T>,
        /// PRIMASK as it was.
        primask: u32,
    }

    impl<'a, T> Brief<'a, T> {
        #[inline]
        pub(super) fn new(lock: &'a Lock<T>) -> Self {
            let primask;
            // SAFETY: masking interrupts is always allowed in privileged code. As the compiler
            // takes `asm!` to touch memory, no access to the data moves before it.
            unsafe { asm!("mrs {}, PRIMASK", "cpsid i", out(reg) primask, options(nostack)) }
            Self { lock, primask }
        }

        /// Goes on with the lock held the ordinary way.
        #[inline]
        pub(crate) fn lengthen(self) -> Guard<'a, T> {
            // Before the mask is lifted, so that nobody gets in between.
            self.lock.lock()
        }
    }

    impl<T> Deref for Brief<'_, T> {
        type Target = T;

        #[inline]
        fn deref(&self) -> &T {
            // SAFETY: no other context runs: neither one that holds the lock, nor another brief one.
            unsafe { &*self.lock.data.get() }
        }
    }

    impl<T> DerefMut for Brief<'_, T> {
        #[inline]
        fn deref_mut(&mut self) -> &mut T {
            // SAFETY: as in `deref`, and this is borrowed mutably.
            unsafe { &mut *self.lock.data.get() }
        }
    }

    impl<T> Drop for Brief<'_, T> {
        #[inline]
        fn drop(&mut self) {
            // SAFETY: restores what `new` found; as above, no access to the data moves behind it.
            unsafe { asm!("msr PRIMASK, {}", in(reg) self.primask, options(nostack)) }
        }
    }
}

/// Everywhere else: the lock as it is.
#[cfg(not(all(target_arch = "arm", target_os = "none")))]
mod spinning {
    use core::ops::{Deref, DerefMut};

    use super::{Guard, Lock};

    pub(crate) struct Brief<'a, T>(Guard<'a, T>);

    impl<'a, T> Brief<'a, T> {
        #[inline]
        pub(super) fn new(lock: &'a Lock<T>) -> Self {
            Self(lock.lock())
        }

        #[inline]
        pub(crate) fn lengthen(self) -> Guard<'a, T> {
            self.0
        }
    }

    impl<T> Deref for Brief<'_, T> {
        type Target = T;

        #[inline]
        fn deref(&self) -> &T {
            &self.0
        }
    }

    impl<T> DerefMut for Brief<'_, T> {
        #[inline]
        fn deref_mut(&mut self) -> &mut T {
            &mut self.0
        }
    }
}
