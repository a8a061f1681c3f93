//! The cases' port, threads and interrupts, on Zephyr.

use alloc::boxed::Box;
use core::ffi::{c_int, c_void};

use zephyr::raw::device;

extern "C" {
    // From `platform.c`.
    static kernel_port: &'static device;
    fn kernel_release(major: &mut u32, minor: &mut u32);
    fn kernel_spawn(priority: c_int, entry: extern "C" fn(*mut c_void), body: *mut c_void)
    -> c_int;
    fn kernel_join(thread: c_int);
    fn kernel_interrupt(routine: extern "C" fn(*const c_void), parameter: *const c_void);
}

pub(crate) fn port() -> &'static device {
    // SAFETY: a constant of `platform.c`.
    unsafe { kernel_port }
}

/// The release of this Zephyr, or the one that it is developed into.
pub(crate) fn release() -> (u32, u32) {
    let (mut major, mut minor) = (0, 0);
    // SAFETY: sets both, and has no other preconditions.
    unsafe { kernel_release(&mut major, &mut minor) };
    (major, minor)
}

/// A thread that was started.
pub(crate) struct Thread(c_int);

type Body = Box<dyn FnOnce()>;

pub(crate) fn spawn(priority: i32, body: impl FnOnce() + 'static) -> Thread {
    extern "C" fn run(body: *mut c_void) {
        // SAFETY: the body was leaked as this type below, and a thread starts once.
        let body = unsafe { Box::from_raw(body.cast::<Body>()) };
        body();
    }
    let body: Body = Box::new(body);
    // SAFETY: the thread calls `run` with the body, and both live until it has.
    Thread(unsafe { kernel_spawn(priority, run, Box::into_raw(Box::new(body)).cast()) })
}

impl Thread {
    pub(crate) fn join(&self) {
        // SAFETY: the thread was started, and is not joined again.
        unsafe { kernel_join(self.0) }
    }
}

pub(crate) fn call_in_isr(mut body: &mut dyn FnMut()) {
    extern "C" fn run(body: *const c_void) {
        // SAFETY: this is the pointer from below, whose target stays valid until this returns.
        unsafe { (*body.cast_mut().cast::<&mut dyn FnMut()>())() }
    }
    // SAFETY: `run` is called once, in an interrupt, before this returns.
    unsafe { kernel_interrupt(run, (&raw mut body).cast_const().cast()) }
}
