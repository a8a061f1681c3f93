//! `k_timer`.

use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};
use std::rc::Rc;

use super::object::Handle;
use super::time::k_timeout_t;
use crate::coroutine::in_c_frame;
use crate::kernel::{call, timer};

/// A timer; live from [`k_timer_init`] on.
#[derive(Debug, Default)]
#[repr(C)]
pub struct k_timer {
    handle: Handle,
    user_data: AtomicPtr<c_void>,
}

/// The function that runs when a timer expires, in ISR context.
#[expect(non_camel_case_types, reason = "the name is the C header's own")]
pub type k_timer_expiry_t = Option<unsafe extern "C" fn(timer: *mut k_timer)>;

/// The function that runs when a timer is stopped, in the context that stops it.
#[expect(non_camel_case_types, reason = "the name is the C header's own")]
pub type k_timer_stop_t = Option<unsafe extern "C" fn(timer: *mut k_timer)>;

unsafe fn index(timer: *const k_timer) -> usize {
    // SAFETY: the caller passes a pointer to a timer that is valid for the call.
    unsafe { &(*timer).handle }.resolve("k_timer", timer::find)
}

/// Initialises a timer.
pub unsafe extern "C-unwind" fn k_timer_init(
    timer: *mut k_timer,
    expiry_fn: k_timer_expiry_t,
    stop_fn: k_timer_stop_t,
) {
    let callback = |function: Option<unsafe extern "C" fn(*mut k_timer)>| {
        function.map(|function| {
            let call = move || {
                // SAFETY: the caller vouched for the function and for the timer as long as it runs,
                // and the kernel calls this only when it expires or is stopped.
                in_c_frame(|| unsafe { function(timer) });
            };
            Rc::new(call) as timer::Callback
        })
    };
    call("k_timer_init", (), || {
        // SAFETY: the caller passes a pointer to a timer that is valid for the call.
        let this = unsafe { &*timer };
        this.user_data.store(ptr::null_mut(), Ordering::Relaxed);
        let bound = timer::init(
            this.handle.address(),
            callback(expiry_fn),
            callback(stop_fn),
        );
        this.handle.bind(bound);
    });
}

/// Starts a timer: first after `duration`, then every `period`. ISR or thread.
pub unsafe extern "C-unwind" fn k_timer_start(
    timer: *mut k_timer,
    duration: k_timeout_t,
    period: k_timeout_t,
) {
    call("k_timer_start", (), || {
        // SAFETY: as for this function.
        timer::start(unsafe { index(timer) }, duration.into(), period.into());
    });
}

/// Stops a timer. ISR or thread.
///
/// Does nothing if the timer was never initialised, as on Zephyr: there a timer of all zeroes is on
/// no list (`z_abort_timeout` in `kernel/timeout.c`).
pub unsafe extern "C-unwind" fn k_timer_stop(timer: *mut k_timer) {
    call("k_timer_stop", (), || {
        // SAFETY: the caller passes a pointer to a timer that is valid for the call.
        if unsafe { &(*timer).handle }.is_live(timer::find) {
            // SAFETY: as above.
            timer::stop(unsafe { index(timer) });
        }
    });
}

/// How often a timer has expired since it was started or last asked.
pub unsafe extern "C-unwind" fn k_timer_status_get(timer: *mut k_timer) -> u32 {
    call("k_timer_status_get", 0, || {
        // SAFETY: as for this function.
        timer::take_status(unsafe { index(timer) })
    })
}

/// Keeps a pointer with the timer.
pub unsafe extern "C-unwind" fn k_timer_user_data_set(timer: *mut k_timer, user_data: *mut c_void) {
    // SAFETY: the caller passes a pointer to a timer that is valid for the call.
    unsafe { &(*timer).user_data }.store(user_data, Ordering::Relaxed);
}

/// The pointer kept with the timer.
pub unsafe extern "C-unwind" fn k_timer_user_data_get(timer: *const k_timer) -> *mut c_void {
    // SAFETY: the caller passes a pointer to a timer that is valid for the call.
    unsafe { &(*timer).user_data }.load(Ordering::Relaxed)
}
