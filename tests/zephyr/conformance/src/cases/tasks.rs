//! Waiting and reading in a task.

use core::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, RawWaker, RawWakerVTable, Waker},
};

use edgepipe::{Config, Edge, Error, RECORD_BYTES, Wake};
use embedded_io_async::Read;
use zephyr::{sys::sync::Semaphore, time::Forever};

use super::support::{Square, bench, drain, ready_at, strict};

/// The smallest possible executor: one task, and a semaphore that its waker gives.
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
    let (capture, mut reader) = bench.open(strict());
    bench.play(&capture, Square::new(4));
    assert_eq!(block_on(&WAKE, reader.wait_ready_async()), Ok(Wake::Full));
    assert_eq!(drain(&mut reader), 4);
}

pub(super) fn a_task_reads_as_soon_as_something_is_pending() {
    static WAKE: Semaphore = Semaphore::new(0, 1);
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    let mut edges = [Edge::default(); 8];
    for number in 1..4 {
        bench.play(&capture, Square::only(number.into()));
        assert_eq!(block_on(&WAKE, reader.read_edges_async(&mut edges)), Ok(1));
        assert_eq!(edges[0].sequence, number);
    }
    bench.play(&capture, Square::only(4));
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
    // A task that has ended is not woken.
    assert_eq!(WAKE.count_get(), 0);
    assert_eq!(reader.ledger().pending, 2);
    assert_eq!(
        block_on(&WAKE, reader.wait_ready_async()),
        Ok(Wake::Threshold)
    );
    assert_eq!(drain(&mut reader), 2);
}

pub(super) fn close_wakes_a_task() {
    static WAKE: Semaphore = Semaphore::new(0, 8);
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    let mut slot = Some(capture);
    {
        let mut waits = pin!(reader.wait_ready_async());
        assert!(is_pending(&WAKE, waits.as_mut()));
        slot.take().expect("it is there").close();
        assert_eq!(WAKE.count_get(), 1, "the task was woken");
        assert!(!is_pending(&WAKE, waits));
    }
    assert_eq!(block_on(&WAKE, reader.wait_ready_async()), Ok(Wake::Closed));
    assert_eq!(block_on(&WAKE, reader.read(&mut [0; 8])), Ok(0));
    assert_eq!(
        block_on(&WAKE, reader.wait_ready_async()),
        Err(Error::CLOSED)
    );
}

/// Polls a task once more.
fn is_pending<T>(wake: &'static Semaphore, task: Pin<&mut impl Future<Output = T>>) -> bool {
    task.poll(&mut Context::from_waker(&waker(wake)))
        .is_pending()
}

pub(super) fn tasks_that_wait_for_the_same_sleep_and_are_all_woken() {
    static FIRST: Semaphore = Semaphore::new(0, 8);
    static SECOND: Semaphore = Semaphore::new(0, 8);
    static THIRD: Semaphore = Semaphore::new(0, 8);
    let wakes = || [&FIRST, &SECOND, &THIRD].map(Semaphore::count_get);
    let bench = bench!(8);
    let (capture, reader) = bench.open(ready_at(2));
    let mut first = pin!(reader.wait_ready_async());
    let mut second = pin!(reader.wait_ready_async());
    let mut third = pin!(reader.wait_ready_async());
    // A task that is polled twice is woken once.
    for _ in 0..2 {
        assert!(is_pending(&FIRST, first.as_mut()));
        assert!(is_pending(&SECOND, second.as_mut()));
        assert!(is_pending(&THIRD, third.as_mut()));
    }
    bench.edges(1..2);
    assert_eq!(wakes(), [0; 3], "they sleep");
    bench.edges(2..4);
    assert_eq!(wakes(), [1; 3], "and are woken once each");
    assert!(!is_pending(&FIRST, first.as_mut()));
    // The other tasks are polled when the capture is no longer ready, and wait again.
    assert_eq!(
        reader.try_read(&mut [0; 8 * RECORD_BYTES]),
        Ok(3 * RECORD_BYTES)
    );
    assert!(is_pending(&SECOND, second.as_mut()));
    assert!(is_pending(&THIRD, third.as_mut()));
    capture.close();
    assert_eq!(wakes(), [1, 2, 2]);
    assert!(!is_pending(&SECOND, second.as_mut()));
    assert!(!is_pending(&THIRD, third.as_mut()));
    let ledger = reader.ledger();
    assert_eq!((ledger.wakes, ledger.spurious_wakes), (3, 2));
}

pub(super) fn a_task_that_is_dropped_while_it_waits_is_not_woken() {
    static FIRST: Semaphore = Semaphore::new(0, 8);
    static MIDDLE: Semaphore = Semaphore::new(0, 8);
    static LAST: Semaphore = Semaphore::new(0, 8);
    let wakes = || [&FIRST, &MIDDLE, &LAST].map(Semaphore::count_get);
    let bench = bench!(8);
    // The dropped task is the first, the middle or the last of the waiters.
    for dropped in 0..3 {
        let (capture, reader) = bench.open(ready_at(2));
        let before = wakes();
        {
            let mut tasks = [(); 3].map(|()| Some(reader.wait_ready_async()));
            let [first, middle, last] = &mut tasks;
            // SAFETY: the tasks stay where they are until they are dropped there.
            let mut places = [first, middle, last].map(|task| unsafe { Pin::new_unchecked(task) });
            for (place, wake) in places.iter_mut().zip([&FIRST, &MIDDLE, &LAST]) {
                let task = place.as_mut().as_pin_mut().expect("it is there");
                assert!(is_pending(wake, task));
            }
            places[dropped].set(None);
            bench.edges(1..3);
            places.iter_mut().for_each(|place| place.set(None));
        }
        let mut expected = before.map(|count| count + 1);
        expected[dropped] -= 1;
        assert_eq!(wakes(), expected, "without number {dropped}");
        drop((capture, reader));
    }
}
