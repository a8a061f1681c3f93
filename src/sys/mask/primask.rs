//! The mask on Armv6-M and Armv8-M Baseline: PRIMASK, as `arch_irq_lock` uses it there (`arch/arm/asm_inline_gcc.h`).
//! One CPU: while no interrupt comes, no other context runs.

use core::arch::asm;

/// PRIMASK.
pub(super) type Key = u32;

pub(super) struct Mask;

impl Mask {
    pub(super) const fn new() -> Self {
        Self
    }

    #[inline]
    pub(super) fn set(&self) -> Key {
        let primask;
        // SAFETY: masking interrupts is always allowed in privileged code. The compiler assumes that `asm!` touches
        // memory, so no access to the data moves before it.
        unsafe { asm!("mrs {}, PRIMASK", "cpsid i", out(reg) primask, options(nostack)) }
        #[cfg(edgepipe_user)]
        {
            let now: u32;
            // SAFETY: reading PRIMASK is always allowed, and in user mode the result is 0.
            unsafe { asm!("mrs {}, PRIMASK", out(reg) now, options(nostack)) }
            super::check_masked(now);
        }
        primask
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
    /// `set` returned `key` in this context, and nothing has restored it since.
    #[inline]
    pub(super) unsafe fn restore(&self, key: Key) {
        // SAFETY: by the duty above. As in `set`, no access to the data moves behind it.
        unsafe { asm!("msr PRIMASK, {}", in(reg) key, options(nostack)) }
    }
}
