//! A thread that waits for a future, like an executor's thread: at a semaphore.

use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, RawWaker, RawWakerVTable, Waker},
};

use zephyr::{sys::sync::Semaphore, time::Forever};

/// Only one thread waits at a time.
static WOKEN: Semaphore = Semaphore::new(0, 1);

static VTABLE: RawWakerVTable =
    RawWakerVTable::new(|_| RAW, |_| WOKEN.give(), |_| WOKEN.give(), |_| {});
const RAW: RawWaker = RawWaker::new(core::ptr::null(), &VTABLE);

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    // SAFETY: the functions of the table do not use the pointer, and may be called in any context.
    let waker = unsafe { Waker::from_raw(RAW) };
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        let _ = WOKEN.take(Forever);
    }
}
