//! Kernel objects as the tests use them: leaked, so that they stay in place, and with safe methods.

#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::rc::Rc;

use zephyr::raw::*;
pub(crate) use zephyr::sim::{self, Fault, FaultKind, Options};
pub(crate) use zephyr::sys::{K_FOREVER as FOREVER, K_NO_WAIT as NO_WAIT};

unsafe extern "C" {
    fn gpio_emul_input_set_masked(port: *const device, pins: u32, values: u32) -> c_int;
}

/// A relative time-out.
pub(crate) fn ticks(ticks: i64) -> k_timeout_t {
    k_timeout_t { ticks }
}

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

pub(crate) fn cycles() -> u32 {
    // SAFETY: no preconditions.
    unsafe { k_cycle_get_32() }
}

/// A zeroed object that lives for ever.
pub(crate) fn object<T>() -> *mut T {
    // SAFETY: used for kernel objects only, which are valid when all zeroes.
    Box::into_raw(Box::new(unsafe { std::mem::zeroed() }))
}

/// What happened, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, event: impl ToString) {
        self.0.borrow_mut().push(event.to_string());
    }

    /// Adds an event with the tick it happened at.
    pub(crate) fn tick(&self, event: impl std::fmt::Display) {
        self.add(format!("{event}@{}", now()));
    }

    pub(crate) fn text(&self) -> String {
        self.0.borrow().join(" ")
    }
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
        None => (K_POLL_TYPE_IGNORE, std::ptr::null_mut()),
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

    pub(crate) fn read(self, wanted: usize, timeout: k_timeout_t) -> Result<Vec<u8>, c_int> {
        let mut data = vec![0; wanted];
        match self.read_into(&mut data, timeout) {
            code if code < 0 => Err(code),
            length => {
                data.truncate(length as usize);
                Ok(data)
            }
        }
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
        unsafe { gpio_pin_configure(sim::gpio(0), self.0, ZR_GPIO_INPUT | flags) }
    }

    pub(crate) fn interrupt(self, flags: u32) -> c_int {
        // SAFETY: the port is static.
        unsafe { gpio_pin_interrupt_configure(sim::gpio(0), self.0, flags) }
    }

    pub(crate) fn drive(self, level: bool) -> c_int {
        drive(1 << self.0, u32::from(level) << self.0)
    }

    pub(crate) fn level(self) -> c_int {
        // SAFETY: the port is static.
        unsafe { gpio_pin_get_raw(sim::gpio(0), self.0) }
    }
}

pub(crate) fn drive(pins: u32, levels: u32) -> c_int {
    // SAFETY: the port is static.
    unsafe { gpio_emul_input_set_masked(sim::gpio(0), pins, levels) }
}

pub(crate) const RISING: u32 = ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_EDGE | ZR_GPIO_INT_HIGH_1;
pub(crate) const FALLING: u32 = ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_EDGE | ZR_GPIO_INT_LOW_0;
pub(crate) const BOTH: u32 = RISING | FALLING;

#[repr(C)]
struct Listener {
    callback: gpio_callback,
    heard: Box<dyn Fn(u32)>,
}

/// A callback on port 0, which is told the pins.
#[derive(Clone, Copy)]
pub(crate) struct Callback(*mut gpio_callback);

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
        unsafe { gpio_add_callback(sim::gpio(0), self.0) }
    }

    pub(crate) fn remove(self) -> c_int {
        // SAFETY: the callback is leaked.
        unsafe { gpio_remove_callback(sim::gpio(0), self.0) }
    }
}

/// Runs `main` to a fault, and returns it.
pub(crate) fn fault(main: impl FnOnce() + 'static) -> Fault {
    sim::try_run(Options::default(), main).expect_err("a fault ends this run")
}
