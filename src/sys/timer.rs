//! `k_timer` with a handler in ISR context.

use core::cell::UnsafeCell;

use zephyr::raw;

use super::lock::Lock;

use super::clock;

/// What a timer does when it expires.
pub trait Expiry {
    /// What the handler works on.
    type Target: Sync + 'static;

    /// Called at each expiry.
    ///
    /// # Context
    ///
    /// ISR.
    fn expired(target: &'static Self::Target);
}

/// A kernel timer.
///
/// ```
/// # zephyr::sim::run(|| {
/// use core::sync::atomic::{AtomicU32, Ordering};
/// use edgepipe::sys::{clock, timer::{Expiry, Timer}};
///
/// static TIMER: Timer = Timer::new();
/// static EXPIRIES: AtomicU32 = AtomicU32::new(0);
///
/// struct Count;
///
/// impl Expiry for Count {
///     type Target = AtomicU32;
///
///     fn expired(count: &'static AtomicU32) {
///         count.fetch_add(1, Ordering::Relaxed);
///     }
/// }
///
/// TIMER.init::<Count>(&EXPIRIES);
/// TIMER.start_at(clock::uptime_ticks() + 10);
/// # zephyr::time::sleep(zephyr::time::Duration::from_ticks(20));
/// assert_eq!(EXPIRIES.load(Ordering::Relaxed), 1);
/// # });
/// ```
pub struct Timer {
    raw: UnsafeCell<raw::k_timer>,
    /// `k_timer_init` and `k_timer_start` of one timer must not run at the same time.
    lock: Lock<()>,
}

// SAFETY: `raw` is touched by `k_timer_*` calls only, and those that exclude each other are made
// with `lock` held.
unsafe impl Sync for Timer {}

impl Timer {
    /// A timer that does nothing yet.
    pub const fn new() -> Self {
        // SAFETY: `k_timer` is a C structure for which all-zero bytes are a valid value: a timer
        // that is not running and has no handler.
        let raw = unsafe { core::mem::zeroed() };
        Self {
            raw: UnsafeCell::new(raw),
            lock: Lock::new(()),
        }
    }

    /// Stops the timer and makes `E` its handler.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn init<E: Expiry>(&'static self, target: &'static E::Target) {
        let _guard = self.lock.lock();
        // SAFETY: the timer is static, so its address stays valid for the kernel. Stopping an
        // all-zero timer does nothing (`z_abort_timeout` finds it unlinked), and a stopped timer
        // is on no list, so it may be initialised again. The target is static too.
        unsafe {
            raw::k_timer_stop(self.raw.get());
            raw::k_timer_init(self.raw.get(), Some(trampoline::<E>), None);
            raw::k_timer_user_data_set(
                self.raw.get(),
                core::ptr::from_ref(target).cast_mut().cast(),
            );
        }
    }

    /// Expires once, when the uptime is `tick`, or at the next tick if that has passed.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn start_at(&'static self, tick: u64) {
        self.start(clock::absolute(tick as raw::k_ticks_t), 0);
    }

    /// Expires every `ticks` ticks.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn start_every(&'static self, ticks: u32) {
        self.start(ticks.into(), ticks.into());
    }

    /// Stops the timer. A handler that is running already ends first on a single CPU.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn stop(&'static self) {
        let _guard = self.lock.lock();
        // SAFETY: the timer is static; stopping one that is not running does nothing.
        unsafe { raw::k_timer_stop(self.raw.get()) }
    }

    fn start(&'static self, first: raw::k_ticks_t, period: raw::k_ticks_t) {
        let _guard = self.lock.lock();
        let timeout = |ticks| raw::k_timeout_t { ticks };
        // SAFETY: the timer is static. One that was never initialised has no handler, and expires
        // without effect.
        unsafe { raw::k_timer_start(self.raw.get(), timeout(first), timeout(period)) }
    }
}

impl Default for Timer {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Debug for Timer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Timer").finish_non_exhaustive()
    }
}

/// Gets from the kernel's timer to the target that `init::<E>` stored.
unsafe extern "C" fn trampoline<E: Expiry>(timer: *mut raw::k_timer) {
    // SAFETY: the kernel calls this with the timer that `init::<E>` gave it, whose user data is
    // the `&'static E::Target` stored there right after.
    let target = unsafe { &*raw::k_timer_user_data_get(timer).cast::<E::Target>() };
    E::expired(target);
}
