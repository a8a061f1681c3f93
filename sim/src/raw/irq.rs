//! Interrupt masking, spinlocks, and the kind of context.

#![expect(non_camel_case_types, reason = "the names are the C headers' own")]

use core::ffi::c_int;
use core::sync::atomic::AtomicU32;

use crate::kernel::{call, irq};

/// A spinlock; one of all zeroes is free.
///
/// It has a size, as in a build with `CONFIG_SPIN_VALIDATE`, so two spinlocks have different
/// addresses.
#[derive(Debug, Default)]
#[repr(C)]
pub struct k_spinlock {
    /// The generation of the kernel that holds it, or zero.
    holder: AtomicU32,
}

/// The interrupt mask from before a spinlock was taken.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct z_spinlock_key {
    /// The mask.
    pub key: c_int,
}

/// The interrupt mask from before a spinlock was taken.
pub type k_spinlock_key_t = z_spinlock_key;

/// Takes a spinlock, masking interrupts. ISR or thread.
pub unsafe extern "C-unwind" fn k_spin_lock(l: *mut k_spinlock) -> k_spinlock_key_t {
    // SAFETY: the caller passes a pointer to a spinlock that is valid until it is released.
    let holder = unsafe { &(*l).holder };
    z_spinlock_key {
        key: irq::spin_lock(holder, l.addr()),
    }
}

/// Releases a spinlock, restoring the interrupt mask.
pub unsafe extern "C-unwind" fn k_spin_unlock(l: *mut k_spinlock, key: k_spinlock_key_t) {
    // SAFETY: as for `k_spin_lock`.
    let holder = unsafe { &(*l).holder };
    irq::spin_unlock(holder, l.addr(), key.key);
}

/// Masks interrupts; returns the key for [`zr_irq_unlock`]. ISR or thread.
pub unsafe extern "C-unwind" fn zr_irq_lock() -> c_int {
    call("irq_lock", 0, irq::lock)
}

/// Restores the interrupt mask.
pub unsafe extern "C-unwind" fn zr_irq_unlock(key: c_int) {
    call("irq_unlock", (), || irq::unlock(key));
}

/// Whether this is ISR context.
pub unsafe extern "C-unwind" fn k_is_in_isr() -> bool {
    call("k_is_in_isr", false, irq::is_in_isr)
}
