//! `k_timer` with a handler in ISR context.

use core::cell::UnsafeCell;

use zephyr::raw;

use super::{clock, lock::Lock};

/// What a timer does when it expires.
pub trait Expiry {
    /// What the handler works on.
    type Target: Sync + 'static;

    /// Called at each expiry, in an ISR.
    fn expired(target: &'static Self::Target);
}

/// A kernel timer.
///
/// # Context
///
/// Each method: ISR or thread, never blocks.
pub struct Timer {
    raw: UnsafeCell<raw::k_timer>,
    /// Whether `k_timer_init` was called. It and `k_timer_start` must not run at the same time on one timer.
    initialised: Lock<bool>,
}

// SAFETY: only `k_timer_*` calls touch `raw`, and those that exclude each other are made with `initialised` locked.
unsafe impl Sync for Timer {}

impl Timer {
    /// A timer that does nothing yet.
    pub const fn new() -> Self {
        // SAFETY: `k_timer` is a C structure for which all-zero bytes are a valid value: a timer
        // that is not running and has no handler.
        let raw = unsafe { core::mem::zeroed() };
        Self {
            raw: UnsafeCell::new(raw),
            initialised: Lock::new(false),
        }
    }

    /// Stops the timer and makes `E` its handler.
    pub fn init<E: Expiry>(&'static self, target: &'static E::Target) {
        let mut initialised = self.initialised.lock();
        *initialised = true;
        // SAFETY: the timer is static, so its address stays valid for the kernel. Stopping an
        // all-zero timer does nothing (`z_abort_timeout` finds it unlinked), and a stopped timer
        // is on no list, so it may be initialised again. The target is static too.
        unsafe {
            raw::k_timer_stop(self.raw.get());
            raw::k_timer_init(self.raw.get(), Some(trampoline::<E>), None);
            let target = core::ptr::from_ref(target).cast_mut().cast();
            raw::k_timer_user_data_set(self.raw.get(), target);
        }
    }

    /// Sets the timer to expire once, at `tick` of the uptime, or at the next tick if that has passed.
    pub fn start_at(&'static self, tick: u64) {
        self.start(clock::absolute(tick));
    }

    /// As [`start_at`](Self::start_at), after `ticks` ticks, counted from the end of the present one.
    pub fn start_in(&'static self, ticks: u64) {
        let ticks = raw::k_ticks_t::try_from(ticks).unwrap_or(raw::k_ticks_t::MAX);
        // A timer counts from the beginning of the present tick, so it needs one more.
        self.start(ticks.saturating_add(1));
    }

    fn start(&'static self, ticks: raw::k_ticks_t) {
        let initialised = self.initialised.lock();
        // Otherwise the timer would expire without effect.
        if *initialised {
            let timeout = |ticks| raw::k_timeout_t { ticks };
            // SAFETY: the timer is static, and initialised.
            unsafe { raw::k_timer_start(self.raw.get(), timeout(ticks), timeout(0)) }
        }
    }

    /// Stops the timer. On one CPU, a handler that is already running ends first.
    pub fn stop(&'static self) {
        let _guard = self.initialised.lock();
        // SAFETY: the timer is static; stopping one that is not running does nothing.
        unsafe { raw::k_timer_stop(self.raw.get()) }
    }
}

static_traits!(Timer);

/// Calls the handler with the target that `init::<E>` stored.
unsafe extern "C" fn trampoline<E: Expiry>(timer: *mut raw::k_timer) {
    // SAFETY: the kernel calls this with the timer that `init::<E>` gave it, whose user data is
    // the `&'static E::Target` stored there right after.
    let target = unsafe { &*raw::k_timer_user_data_get(timer).cast::<E::Target>() };
    E::expired(target);
}
