//! Interrupt context, interrupt masking and spinlocks.
//!
//! With one CPU a spinlock is an interrupt mask with rules: it does not nest in itself, spinlocks are
//! released in reverse order, and the holder does not wait.
//!
//! Only a more urgent handler interrupts a handler. As long as all sources have one priority, none does,
//! and the strategy is not asked.

use core::ffi::c_int;
use core::sync::atomic::{AtomicU32, Ordering};

use super::clock::{self, Timeout};
use super::source::Source;
use super::world::{Standing, enter, is_live};
use super::{FaultKind, raise, step, thread, with};

/// The holder of a spinlock that was taken outside every kernel.
const HOST: u32 = u32::MAX;

/// The initial priority of every source of interrupts; lower numbers are more urgent.
pub const PRIORITY: u8 = 4;

/// How urgent the running code is: a handler's priority, or [`THREAD`].
pub(super) type Level = u16;

/// Less urgent than any handler.
const THREAD: Level = u8::MAX as Level + 1;

/// No handler is more urgent.
pub(super) const MOST_URGENT: Level = 0;

/// The state of the one CPU.
#[derive(Debug)]
pub(super) struct Cpu {
    level: Level,
    /// The level of the most urgent source of interrupts.
    most_urgent: Level,
    /// Whether the running code is less urgent than `most_urgent`.
    yielding: bool,
    /// Whether interrupts are masked. It belongs to the current thread, and is saved and restored
    /// with it.
    pub(super) irq_locked: bool,
    /// Addresses of the spinlocks that are held, in the order they were taken.
    spinlocks: Vec<usize>,
}

impl Default for Cpu {
    fn default() -> Cpu {
        Cpu {
            level: THREAD,
            most_urgent: PRIORITY.into(),
            yielding: true,
            irq_locked: false,
            spinlocks: Vec::new(),
        }
    }
}

impl Cpu {
    /// Whether an interrupt could arrive: any in a thread, a more urgent one in a handler.
    pub(super) fn interruptible(&self) -> bool {
        self.yielding && !self.irq_locked
    }

    /// Sets the level of the most urgent source.
    pub(super) fn set_most_urgent(&mut self, level: Level) {
        self.most_urgent = level;
        self.set_level(self.level);
    }

    /// Sets the level of the running code; returns the level before.
    fn set_level(&mut self, level: Level) -> Level {
        self.yielding = level > self.most_urgent;
        core::mem::replace(&mut self.level, level)
    }

    /// Whether the running code is less urgent than `level`.
    pub(super) fn yields_to(&self, level: Level) -> bool {
        self.level > level
    }

    /// Whether threads could be switched.
    pub(super) fn may_switch(&self) -> bool {
        !self.is_in_isr() && !self.irq_locked
    }

    fn is_in_isr(&self) -> bool {
        self.level != THREAD
    }

    /// The priority of the handler that runs.
    pub(super) fn handler(&self) -> Option<u8> {
        u8::try_from(self.level).ok()
    }

    /// Masks interrupts; returns the key that restores the mask before.
    fn lock(&mut self) -> c_int {
        core::mem::replace(&mut self.irq_locked, true).into()
    }

    /// Restores the interrupt mask; returns whether an interrupt could now arrive.
    fn unlock(&mut self, key: c_int) -> bool {
        self.irq_locked = key != 0;
        self.interruptible()
    }

    /// Why a call that may wait is wrong here.
    fn no_waiting(&self) -> Option<FaultKind> {
        if self.is_in_isr() {
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
    with(|k| k.cpu.is_in_isr())
}

/// Runs `f` in ISR context, at least as urgent as `level`, and tells it whether it could be interrupted.
/// The caller reschedules afterwards.
pub(super) fn in_isr<R>(level: Level, f: impl FnOnce(bool) -> R) -> R {
    let (outer, interruptible) = with(|k| {
        let urgent = level.min(k.cpu.level);
        (k.cpu.set_level(urgent), k.cpu.interruptible())
    });
    let result = f(interruptible);
    with(|k| k.cpu.set_level(outer));
    result
}

/// Takes an interrupt whose ISR is `f`.
pub(crate) fn interrupt<R>(f: impl FnOnce() -> R) -> R {
    let (masked, level, others) = with(|k| {
        let masked = k.cpu.irq_locked && !k.cpu.is_in_isr();
        (
            masked,
            k.sources.level(Source::Other),
            k.sources.are_in_use(),
        )
    });
    if masked {
        raise(
            FaultKind::Masked,
            "an interrupt was asked for while interrupts are masked",
        );
    }
    let result = in_isr(level, |_| f());
    if others {
        clock::take_due();
    }
    thread::reschedule();
    result
}

/// Masks interrupts; returns the key that restores the mask before.
pub(crate) fn lock() -> c_int {
    with(|k| k.cpu.lock())
}

/// Restores the interrupt mask. It does not reschedule, as in Zephyr. An interrupt that was held
/// back would arrive here.
pub(crate) fn unlock(key: c_int) {
    if with(|k| k.cpu.unlock(key)) {
        step::after("irq_unlock");
    }
}

/// Takes the spinlock at `address`, whose field `holder` says which kernel holds it.
///
/// Works without a kernel too; there it panics if the lock is taken already.
pub(crate) fn spin_lock(holder: &AtomicU32, address: usize) -> c_int {
    let (me, ended) = match enter("k_spin_lock") {
        Standing::Inside(generation) => (generation, false),
        Standing::Ending(generation) => (generation, true),
        Standing::Outside => (HOST, false),
    };
    // Acquire pairs with the store in `spin_unlock`, for a lock that OS threads use one after the
    // other.
    while let Err(other) = holder.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed) {
        if other == me && ended {
            // One destructor runs at a time, and the frame that holds the lock never continues.
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
        // The run that took the lock ended while holding it: nothing is left to release it.
        let _ = holder.compare_exchange(other, 0, Ordering::Relaxed, Ordering::Relaxed);
    }
    if ended || me == HOST {
        return 0;
    }
    with(|k| {
        k.cpu.spinlocks.push(address);
        k.cpu.lock()
    })
}

/// Releases the spinlock at `address`, which must be the one taken last.
///
/// Does not reschedule, as in Zephyr: a thread made ready under the lock runs at the next
/// rescheduling point.
pub(crate) fn spin_unlock(holder: &AtomicU32, address: usize, key: c_int) {
    let mut unmasked = false;
    if matches!(enter("k_spin_unlock"), Standing::Inside(_)) {
        let last;
        (last, unmasked) = with(|k| (k.cpu.spinlocks.pop(), k.cpu.unlock(key)));
        if last != Some(address) {
            raise(
                FaultKind::WrongUnlock,
                "a spinlock was released that was not taken last",
            );
        }
    }
    // Release pairs with the exchange in `spin_lock`.
    holder.store(0, Ordering::Release);
    if unmasked {
        step::after("k_spin_unlock");
    }
}
