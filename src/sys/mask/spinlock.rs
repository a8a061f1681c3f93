//! The mask everywhere but on Cortex-M: `k_spin_lock`, which on RISC-V clears `mstatus.MIE`. In user mode that instruction is
//! illegal, so it ends the thread.

use core::cell::UnsafeCell;

use zephyr::raw;

pub(super) type Key = raw::k_spinlock_key_t;

pub(super) struct Mask(UnsafeCell<raw::k_spinlock>);

impl Mask {
    pub(super) const fn new() -> Self {
        // SAFETY: all-zero bytes are an unlocked spinlock.
        Self(UnsafeCell::new(unsafe { core::mem::zeroed() }))
    }

    #[inline]
    pub(super) fn set(&self) -> Key {
        // SAFETY: the spinlock was unlocked at first and lives as long as the lock.
        unsafe { raw::k_spin_lock(self.0.get()) }
    }

    /// # Safety
    ///
    /// None here.
    #[inline]
    pub(super) unsafe fn set_again(&self) -> Key {
        self.set()
    }

    /// # Safety
    ///
    /// `set` of this mask returned `key` in this context, and nothing has restored it since.
    #[inline]
    pub(super) unsafe fn restore(&self, key: Key) {
        // SAFETY: by the duty above.
        unsafe { raw::k_spin_unlock(self.0.get(), key) }
    }
}
