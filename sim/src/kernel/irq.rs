//! Interrupt context, interrupt masking and spinlocks.
//!
//! With one CPU a spinlock is an interrupt mask with rules: it does not nest in itself, it is
//! released in reverse order, and its holder does not wait.

use core::ffi::c_int;
use core::sync::atomic::{AtomicU32, Ordering};

use super::clock::Timeout;
use super::world::{Standing, enter, is_live};
use super::{FaultKind, raise, step, thread, with};

/// The holder of a spinlock that was taken outside every kernel.
const HOST: u32 = u32::MAX;

/// The state of the one CPU.
#[derive(Debug, Default)]
pub(super) struct Cpu {
    isr_depth: u32,
    /// Whether interrupts are masked; belongs to the current thread, and is swapped with it.
    pub(super) irq_locked: bool,
    /// Addresses of the spinlocks that are held, in the order they were taken.
    spinlocks: Vec<usize>,
}

impl Cpu {
    /// Whether an interrupt could arrive, and a switch of threads follow.
    pub(super) fn interruptible(&self) -> bool {
        self.isr_depth == 0 && !self.irq_locked
    }

    /// Why a call that may wait is wrong here.
    fn no_waiting(&self) -> Option<FaultKind> {
        if self.isr_depth > 0 {
            Some(FaultKind::WaitInIsr)
        } else if !self.spinlocks.is_empty() {
            Some(FaultKind::WaitWithSpinlock)
        } else {
            None
        }
    }
}

/// Faults if a call that is for threads only is made in an ISR.
pub(super) fn thread_only() {
    if is_in_isr() {
        raise(
            FaultKind::WaitInIsr,
            "a call for threads only was made in an ISR",
        );
    }
}

/// Faults if a call with `timeout` must not wait here, whether or not it would wait this time.
pub(super) fn may_wait(timeout: Timeout) {
    if timeout == Timeout::NoWait {
        return;
    }
    match with(|k| k.cpu.no_waiting()) {
        Some(FaultKind::WaitInIsr) => raise(
            FaultKind::WaitInIsr,
            "a call that may wait was made in an ISR",
        ),
        Some(kind) => raise(kind, "a call that may wait was made with a spinlock held"),
        None => {}
    }
}

/// Whether the caller is in an ISR.
pub(crate) fn is_in_isr() -> bool {
    with(|k| k.cpu.isr_depth > 0)
}

/// Runs `f` in ISR context. The caller lets the scheduler look afterwards.
pub(super) fn in_isr<R>(f: impl FnOnce() -> R) -> R {
    with(|k| k.cpu.isr_depth += 1);
    let result = f();
    with(|k| k.cpu.isr_depth -= 1);
    result
}

/// Takes an interrupt whose ISR is `f`.
pub(crate) fn interrupt<R>(f: impl FnOnce() -> R) -> R {
    if with(|k| k.cpu.irq_locked && k.cpu.isr_depth == 0) {
        raise(
            FaultKind::Masked,
            "an interrupt was asked for while interrupts are masked",
        );
    }
    let result = in_isr(f);
    thread::reschedule();
    result
}

/// Masks interrupts; returns the key that restores what was before.
pub(crate) fn lock() -> c_int {
    with(|k| c_int::from(core::mem::replace(&mut k.cpu.irq_locked, true)))
}

/// Restores the interrupt mask. Does not let the scheduler look, as in Zephyr; an interrupt that
/// was held back would arrive right here.
pub(crate) fn unlock(key: c_int) {
    if restore(key) {
        step::after("irq_unlock");
    }
}

/// Restores the interrupt mask; says whether an interrupt could now land.
fn restore(key: c_int) -> bool {
    with(|k| {
        k.cpu.irq_locked = key != 0;
        k.cpu.interruptible()
    })
}

/// Takes the spinlock at `address`, whose field `holder` says which kernel holds it.
///
/// Works without a kernel too, where a lock that is taken already is a panic.
pub(crate) fn spin_lock(holder: &AtomicU32, address: usize) -> c_int {
    let (me, ended) = match enter("k_spin_lock") {
        Standing::Inside(generation) => (generation, false),
        Standing::Ending(generation) => (generation, true),
        Standing::Outside => (HOST, false),
    };
    // Acquire pairs with the store in `spin_unlock`, for a lock that two OS threads share in turn.
    while let Err(other) = holder.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed) {
        if other == me && ended {
            // One destructor runs at a time, and the frame that holds the lock does not go on.
            break;
        }
        if other == me && me != HOST {
            raise(
                FaultKind::RecursiveSpinlock,
                "a spinlock was taken again by its holder",
            );
        }
        assert!(
            other != HOST && !is_live(other),
            "a spinlock is held outside this kernel"
        );
        // Its kernel was torn down in mid-air: nobody is left to release it.
        let _ = holder.compare_exchange(other, 0, Ordering::Relaxed, Ordering::Relaxed);
    }
    if ended || me == HOST {
        return 0;
    }
    with(|k| k.cpu.spinlocks.push(address));
    lock()
}

/// Releases the spinlock at `address`, which must be the one taken last.
///
/// Does not let the scheduler look, as in Zephyr: a thread made ready under the lock runs at the
/// next point where the scheduler does.
pub(crate) fn spin_unlock(holder: &AtomicU32, address: usize, key: c_int) {
    let mut unmasked = false;
    if matches!(enter("k_spin_unlock"), Standing::Inside(_)) {
        if with(|k| k.cpu.spinlocks.pop()) != Some(address) {
            raise(
                FaultKind::WrongUnlock,
                "a spinlock was released that was not taken last",
            );
        }
        unmasked = restore(key);
    }
    // Release pairs with the exchange in `spin_lock`.
    holder.store(0, Ordering::Release);
    if unmasked {
        step::after("k_spin_unlock");
    }
}
