//! The mask on Armv7-M and Armv8-M Mainline: BASEPRI, with the priority that `arch_irq_lock` masks
//! from (`arch/arm/asm_inline_gcc.h`). One CPU: while no interrupt comes, no other context runs.
//!
//! That priority depends on the processor and on `CONFIG_ZERO_LATENCY_IRQS`. It is read from Zephyr's own lock when a
//! lock is first taken.

use core::{arch::asm, sync::atomic::AtomicU32, sync::atomic::Ordering::Relaxed};

use zephyr::raw;

/// BASEPRI.
pub(super) type Key = u32;

/// The priority. It is 0, which masks nothing, until the lock is first taken.
pub(super) struct Mask(AtomicU32);

impl Mask {
    pub(super) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    #[inline]
    pub(super) fn set(&self) -> Key {
        if self.0.load(Relaxed) == 0 {
            self.learn();
        }
        // SAFETY: the priority is known now.
        unsafe { self.set_again() }
    }

    /// # Safety
    ///
    /// `set` of this mask was called before.
    #[inline]
    pub(super) unsafe fn set_again(&self) -> Key {
        let priority = self.0.load(Relaxed);
        let key;
        // SAFETY: masking interrupts is always allowed in privileged code. The compiler assumes that `asm!` touches
        // memory, so no access to the data moves before it. A write that raises the priority takes effect before the
        // next instruction (Armv7-M manual, B5.2.3), so no barrier is needed; BASEPRI_MAX never lowers it. By the duty
        // above the priority is not 0, which would mask nothing.
        unsafe {
            asm!(
                "mrs {}, BASEPRI",
                "msr BASEPRI_MAX, {}",
                out(reg) key,
                in(reg) priority,
                options(nostack),
            );
            // Early Cortex-M7s are late with it (erratum 837070 of r0p1).
            #[cfg(edgepipe_cortex_m7)]
            asm!("isb", options(nostack));
        }
        #[cfg(edgepipe_user)]
        {
            let now: u32;
            // SAFETY: reading BASEPRI is always allowed, and in user mode the result is 0.
            unsafe { asm!("mrs {}, BASEPRI", out(reg) now, options(nostack)) }
            super::check_masked(now);
        }
        key
    }

    #[cold]
    #[inline(never)]
    fn learn(&self) {
        // SAFETY: all-zero bytes are an unlocked spinlock, which no other context knows. Reading BASEPRI
        // is always allowed in privileged code.
        let priority = unsafe {
            let mut spinlock = core::mem::zeroed::<raw::k_spinlock>();
            let key = raw::k_spin_lock(&mut spinlock);
            let priority: u32;
            asm!("mrs {}, BASEPRI", out(reg) priority, options(nostack));
            raw::k_spin_unlock(&mut spinlock, key);
            priority
        };
        self.0.store(priority, Relaxed);
    }

    /// # Safety
    ///
    /// `set` returned `key` in this context, and nothing has restored it since.
    #[inline]
    pub(super) unsafe fn restore(&self, key: Key) {
        // SAFETY: by the duty above. As in `set`, no access to the data moves behind it.
        unsafe { asm!("msr BASEPRI, {}", in(reg) key, options(nostack)) }
    }
}
