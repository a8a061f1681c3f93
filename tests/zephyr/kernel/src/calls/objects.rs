//! The cases' kernel objects: leaked, so that they stay in place, and with safe methods.

#![allow(dead_code, reason = "each test uses a part of it")]

extern crate alloc;

use alloc::boxed::Box;
use alloc::vec;
use core::ffi::{c_int, c_void};

use zephyr::raw::*;
pub(crate) use zephyr::sys::{K_FOREVER as FOREVER, K_NO_WAIT as NO_WAIT};

use super::platform::port;

unsafe extern "C" {
    fn gpio_emul_input_set_masked(port: *const device, pins: u32, values: u32) -> c_int;
}

/// A relative time-out.
pub(crate) const fn ticks(ticks: i64) -> k_timeout_t {
    k_timeout_t { ticks }
}

/// Longer than any case. Where a case waits for another thread, it waits for so long and not for
/// ever: a kernel that does not wake it writes another line, and does not hang.
pub(crate) const LONG: k_timeout_t = ticks(1_000);

/// An absolute time-out.
pub(crate) fn at(tick: i64) -> k_timeout_t {
    k_timeout_t { ticks: -2 - tick }
}

/// A negative errno.
pub(crate) fn err(errno: u32) -> c_int {
    -(errno as c_int)
}

pub(crate) fn now() -> i64 {
    // SAFETY: no preconditions.
    unsafe { k_uptime_ticks() }
}

pub(crate) fn sleep(timeout: k_timeout_t) -> i32 {
    // SAFETY: no preconditions.
    unsafe { k_sleep(timeout) }
}

pub(crate) fn yield_now() {
    // SAFETY: no preconditions.
    unsafe { k_yield() }
}

pub(crate) fn in_isr() -> bool {
    // SAFETY: no preconditions.
    unsafe { k_is_in_isr() }
}

pub(crate) fn irq_lock() -> c_int {
    // SAFETY: no preconditions.
    unsafe { zr_irq_lock() }
}

pub(crate) fn irq_unlock(key: c_int) {
    // SAFETY: no preconditions.
    unsafe { zr_irq_unlock(key) }
}

pub(crate) fn reschedule() {
    // SAFETY: no preconditions.
    unsafe { k_reschedule() }
}

pub(crate) fn sched_lock() {
    // SAFETY: callers are threads.
    unsafe { k_sched_lock() }
}

pub(crate) fn sched_unlock() {
    // SAFETY: callers are threads that have locked it.
    unsafe { k_sched_unlock() }
}

pub(crate) fn cycles() -> u32 {
    // SAFETY: no preconditions.
    unsafe { k_cycle_get_32() }
}

/// A zeroed object that lives for ever.
pub(crate) fn object<T>() -> *mut T {
    // SAFETY: used for kernel objects only, which are valid when all zeroes.
    Box::into_raw(Box::new(unsafe { core::mem::zeroed() }))
}

#[derive(Clone, Copy)]
pub(crate) struct Sem(pub(crate) *mut k_sem);

impl Sem {
    pub(crate) fn new(count: u32, limit: u32) -> Sem {
        let sem = Sem(object());
        assert_eq!(sem.init(count, limit), 0);
        sem
    }

    pub(crate) fn init(self, count: u32, limit: u32) -> c_int {
        // SAFETY: the object is leaked.
        unsafe { k_sem_init(self.0, count, limit) }
    }

    pub(crate) fn give(self) {
        // SAFETY: the object is leaked.
        unsafe { k_sem_give(self.0) }
    }

    pub(crate) fn take(self, timeout: k_timeout_t) -> c_int {
        // SAFETY: the object is leaked.
        unsafe { k_sem_take(self.0, timeout) }
    }

    pub(crate) fn reset(self) {
        // SAFETY: the object is leaked.
        unsafe { k_sem_reset(self.0) }
    }

    pub(crate) fn count(self) -> u32 {
        // SAFETY: the object is leaked.
        unsafe { k_sem_count_get(self.0) }
    }
}

/// An event for a semaphore, or one that is ignored.
pub(crate) fn event(sem: Option<Sem>) -> k_poll_event {
    let mut event = k_poll_event::default();
    let (kind, object) = match sem {
        Some(sem) => (ZR_POLL_TYPE_SEM_AVAILABLE, sem.0.cast::<c_void>()),
        None => (K_POLL_TYPE_IGNORE, core::ptr::null_mut()),
    };
    let mode = k_poll_modes_K_POLL_MODE_NOTIFY_ONLY as c_int;
    // SAFETY: the event is ours, and the semaphore is leaked.
    unsafe { k_poll_event_init(&mut event, kind, mode, object) };
    event
}

pub(crate) fn poll(events: &mut [k_poll_event], timeout: k_timeout_t) -> c_int {
    // SAFETY: the events are ours, and their semaphores are leaked.
    unsafe { k_poll(events.as_mut_ptr(), events.len() as c_int, timeout) }
}

pub(crate) fn poll_one(sem: Sem, timeout: k_timeout_t) -> c_int {
    poll(&mut [event(Some(sem))], timeout)
}

#[derive(Clone, Copy)]
pub(crate) struct Pipe(pub(crate) *mut k_pipe);

impl Pipe {
    pub(crate) fn new(size: usize) -> Pipe {
        let pipe = Pipe(object());
        pipe.init(size);
        pipe
    }

    pub(crate) fn init(self, size: usize) {
        let buffer = Box::leak(vec![0; size].into_boxed_slice());
        // SAFETY: both are leaked.
        unsafe { k_pipe_init(self.0, buffer.as_mut_ptr(), size) }
    }

    pub(crate) fn write(self, data: &[u8], timeout: k_timeout_t) -> c_int {
        // SAFETY: the object is leaked, and the data is borrowed for the call.
        unsafe { k_pipe_write(self.0, data.as_ptr(), data.len(), timeout) }
    }

    pub(crate) fn read_into(self, data: &mut [u8], timeout: k_timeout_t) -> c_int {
        // SAFETY: the object is leaked, and the data is borrowed for the call.
        unsafe { k_pipe_read(self.0, data.as_mut_ptr(), data.len(), timeout) }
    }

    pub(crate) fn reset(self) {
        // SAFETY: the object is leaked.
        unsafe { k_pipe_reset(self.0) }
    }

    pub(crate) fn close(self) {
        // SAFETY: the object is leaked.
        unsafe { k_pipe_close(self.0) }
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Timer(pub(crate) *mut k_timer);

impl Timer {
    /// A timer with an expiry function.
    pub(crate) fn new(expiry: impl Fn() + 'static) -> Timer {
        Timer::with_stop(expiry, None)
    }

    pub(crate) fn with_stop(expiry: impl Fn() + 'static, stop: k_timer_stop_t) -> Timer {
        unsafe extern "C" fn expire(timer: *mut k_timer) {
            // SAFETY: the user data was leaked as this type below.
            unsafe { (*k_timer_user_data_get(timer).cast::<Box<dyn Fn()>>())() }
        }
        let timer = object();
        let expiry: Box<dyn Fn()> = Box::new(expiry);
        let data = Box::into_raw(Box::new(expiry));
        // SAFETY: both are leaked.
        unsafe {
            k_timer_init(timer, Some(expire), stop);
            k_timer_user_data_set(timer, data.cast());
        }
        Timer(timer)
    }

    pub(crate) fn start(self, duration: k_timeout_t, period: k_timeout_t) {
        // SAFETY: the object is leaked.
        unsafe { k_timer_start(self.0, duration, period) }
    }

    pub(crate) fn stop(self) {
        // SAFETY: the object is leaked.
        unsafe { k_timer_stop(self.0) }
    }

    pub(crate) fn status(self) -> u32 {
        // SAFETY: the object is leaked.
        unsafe { k_timer_status_get(self.0) }
    }
}

/// A pin of port 0.
#[derive(Clone, Copy)]
pub(crate) struct Pin(pub(crate) u8);

impl Pin {
    pub(crate) fn configure(self, flags: u32) -> c_int {
        // SAFETY: the port is static.
        unsafe { gpio_pin_configure(port(), self.0, ZR_GPIO_INPUT | flags) }
    }

    pub(crate) fn interrupt(self, flags: u32) -> c_int {
        // SAFETY: the port is static.
        unsafe { gpio_pin_interrupt_configure(port(), self.0, flags) }
    }

    pub(crate) fn is_ready_dt(self) -> bool {
        // SAFETY: the spec names a static port.
        unsafe { gpio_is_ready_dt(&self.spec(0)) }
    }

    pub(crate) fn configure_dt(self, dt_flags: u16) -> c_int {
        // SAFETY: the spec names a static port.
        unsafe { gpio_pin_configure_dt(&self.spec(dt_flags), ZR_GPIO_INPUT) }
    }

    pub(crate) fn interrupt_dt(self, flags: u32) -> c_int {
        // SAFETY: the spec names a static port.
        unsafe { gpio_pin_interrupt_configure_dt(&self.spec(0), flags) }
    }

    fn spec(self, dt_flags: u16) -> gpio_dt_spec {
        gpio_dt_spec {
            port: port(),
            pin: self.0,
            dt_flags,
        }
    }

    pub(crate) fn drive(self, level: bool) -> c_int {
        drive(1 << self.0, u32::from(level) << self.0)
    }

    pub(crate) fn level(self) -> c_int {
        // SAFETY: the port is static.
        unsafe { gpio_pin_get_raw(port(), self.0) }
    }
}

pub(crate) fn drive(pins: u32, levels: u32) -> c_int {
    // SAFETY: the port is static.
    unsafe { gpio_emul_input_set_masked(port(), pins, levels) }
}

/// The levels of the port's inputs.
pub(crate) fn levels() -> u32 {
    let mut levels = 0;
    // SAFETY: the port is static, and the value ours.
    unsafe { gpio_port_get_raw(port(), &mut levels) };
    levels
}

pub(crate) const RISING: u32 = ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_EDGE | ZR_GPIO_INT_HIGH_1;
pub(crate) const FALLING: u32 = ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_EDGE | ZR_GPIO_INT_LOW_0;
pub(crate) const BOTH: u32 = RISING | FALLING;

#[repr(C)]
struct Listener {
    callback: gpio_callback,
    heard: Box<dyn Fn(u32)>,
}

/// A callback on port 0, which gets the pins.
#[derive(Clone, Copy)]
pub(crate) struct Callback(pub(crate) *mut gpio_callback);

impl Callback {
    pub(crate) fn new(pins: u32, heard: impl Fn(u32) + 'static) -> Callback {
        unsafe extern "C" fn handle(_: *const device, callback: *mut gpio_callback, pins: u32) {
            // SAFETY: the callback is the first field of a leaked `Listener`.
            unsafe { ((*callback.cast::<Listener>()).heard)(pins) }
        }
        let callback = gpio_callback::default();
        let listener = Box::into_raw(Box::new(Listener {
            callback,
            heard: Box::new(heard),
        }));
        // SAFETY: the listener is leaked.
        unsafe { gpio_init_callback(listener.cast(), Some(handle), pins) };
        Callback(listener.cast())
    }

    pub(crate) fn add(self) -> c_int {
        // SAFETY: the callback is leaked.
        unsafe { gpio_add_callback(port(), self.0) }
    }

    pub(crate) fn remove(self) -> c_int {
        // SAFETY: the callback is leaked.
        unsafe { gpio_remove_callback(port(), self.0) }
    }
}
