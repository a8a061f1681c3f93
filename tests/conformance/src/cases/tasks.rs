//! Waiting and reading in a task.

use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, RawWaker, RawWakerVTable, Waker},
};

use edgepipe::{Config, Edge, RECORD_BYTES, Wake};
use embedded_io_async::Read;
use zephyr::{sys::sync::Semaphore, time::Forever};

use super::support::{Square, bench, drain, ready_at};

/// The smallest executor there is: one task, and a semaphore that its waker gives.
fn block_on<T>(wake: &'static Semaphore, future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = waker(wake);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        // Without a time-out the only result is success.
        let _ = wake.take(Forever);
    }
}

/// Polls once, and never again.
fn poll_once<T>(wake: &'static Semaphore, future: impl Future<Output = T>) -> Poll<T> {
    pin!(future).poll(&mut Context::from_waker(&waker(wake)))
}

fn waker(wake: &'static Semaphore) -> Waker {
    const VTABLE: RawWakerVTable =
        RawWakerVTable::new(|data| RawWaker::new(data, &VTABLE), give, give, |_| {});
    /// Gives the semaphore behind `data`.
    fn give(data: *const ()) {
        // SAFETY: `waker` made `data` of a static semaphore.
        unsafe { &*data.cast::<Semaphore>() }.give();
    }
    let data = core::ptr::from_ref(wake).cast();
    // SAFETY: the data is static and shared, so cloning and dropping have nothing to do, and a
    // semaphore may be given from anywhere.
    unsafe { Waker::from_raw(RawWaker::new(data, &VTABLE)) }
}

pub(super) fn a_task_wakes_when_the_capture_is_ready() {
    static WAKE: Semaphore = Semaphore::new(0, 1);
    let bench = bench!(4);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    bench.play(&capture, Square::new(4));
    assert_eq!(block_on(&WAKE, reader.wait_ready_async()), Wake::Full);
    assert_eq!(drain(&mut reader), 4);
}

pub(super) fn a_task_reads_as_soon_as_something_is_pending() {
    static WAKE: Semaphore = Semaphore::new(0, 1);
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    bench.play(&capture, Square::new(4));
    let mut edges = [Edge::default(); 8];
    for _ in 0..3 {
        assert_eq!(block_on(&WAKE, reader.read_edges_async(&mut edges)), Ok(1));
    }
    let mut bytes = [0; 8 * RECORD_BYTES];
    assert_eq!(block_on(&WAKE, reader.read(&mut bytes)), Ok(RECORD_BYTES));
}

pub(super) fn a_cancelled_read_takes_nothing() {
    static WAKE: Semaphore = Semaphore::new(0, 1);
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(ready_at(2));
    assert!(poll_once(&WAKE, reader.read(&mut [0; 64])).is_pending());
    assert!(poll_once(&WAKE, reader.wait_ready_async()).is_pending());
    bench.play_all(&capture, Square::new(2));
    // The waker that was left behind was used, and did no harm.
    assert_eq!(reader.ledger().pending, 2);
    assert_eq!(block_on(&WAKE, reader.wait_ready_async()), Wake::Threshold);
    assert_eq!(drain(&mut reader), 2);
}

pub(super) fn close_wakes_a_task() {
    static WAKE: Semaphore = Semaphore::new(0, 1);
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    assert!(poll_once(&WAKE, reader.wait_ready_async()).is_pending());
    assert!(poll_once(&WAKE, reader.read(&mut [0; 8])).is_pending());
    capture.close();
    assert_eq!(WAKE.count_get(), 1, "the task was woken");
    assert_eq!(block_on(&WAKE, reader.wait_ready_async()), Wake::Closed);
    assert_eq!(block_on(&WAKE, reader.read(&mut [0; 8])), Ok(0));
}

pub(super) fn two_tasks_that_wait_for_the_same_take_turns() {
    static FIRST: Semaphore = Semaphore::new(0, 1);
    static SECOND: Semaphore = Semaphore::new(0, 1);
    let bench = bench!(8);
    let (capture, reader) = bench.open(Config::DEFAULT);
    let waits = |wake| poll_once(wake, reader.wait_ready_async()).is_pending();
    assert!(waits(&FIRST) && waits(&SECOND));
    assert_eq!(FIRST.count_get(), 1, "it has to ask again");
    assert!(waits(&FIRST));
    assert_eq!(SECOND.count_get(), 1, "now it is the other's turn");
    capture.close();
    assert!(!waits(&FIRST) && !waits(&SECOND));
}
