//! The end of a capture.

use std::rc::Rc;

use edgepipe::{Error, Wake};
use zephyr::sim::{self, Limits, Thread};

use crate::explore::{Bench, close_after, read_to_the_end, wait_and_read, walk, watch};

/// The capture is closed by a thread of `priority`; the waiter's priority is 0.
fn close_ends_a_wait(priority: i32) {
    let bench = Bench::on(0);
    walk(Limits::new(2, 1), Limits::new(3, 2), move || {
        let (capture, reader, seen) = bench.open(4, 2);
        watch([&seen]);
        seen.expect_one_wake_per_crossing();
        bench.edges.start(3, 10);
        let closer = close_after(29, priority, &seen, capture);
        wait_and_read(&seen, reader, None);
        closer.join();
    });
}

#[test]
fn a_close_by_a_cooperative_thread_ends_a_wait_and_the_rest_drains() {
    close_ends_a_wait(-1);
}

#[test]
fn a_close_by_an_equal_thread_ends_a_wait_and_the_rest_drains() {
    close_ends_a_wait(0);
}

#[test]
fn a_close_by_a_lower_thread_ends_a_wait_and_the_rest_drains() {
    close_ends_a_wait(1);
}

/// The capture is closed by a thread of `priority`; the reader's priority is 0.
fn close_ends_a_blocked_read(priority: i32) {
    let bench = Bench::on(0);
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let (capture, mut reader, seen) = bench.open(4, 4);
        watch([&seen]);
        bench.edges.start(3, 10);
        let closer = close_after(29, priority, &seen, capture);
        read_to_the_end(&seen, &mut reader);
        closer.join();
    });
}

#[test]
fn a_close_by_a_cooperative_thread_ends_a_blocked_read() {
    close_ends_a_blocked_read(-1);
}

#[test]
fn a_close_by_an_equal_thread_ends_a_blocked_read() {
    close_ends_a_blocked_read(0);
}

#[test]
fn a_close_by_a_lower_thread_ends_a_blocked_read() {
    close_ends_a_blocked_read(1);
}

#[test]
fn a_close_wakes_every_waiter_but_those_whose_time_is_up() {
    let bench = Bench::on(0);
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let (capture, reader, seen) = bench.open(4, 4);
        watch([&seen]);
        bench.edges.start(2, 10);
        let reader = Rc::new(reader);
        let waiters = [None, Some(14), None].map(|ticks| {
            let (seen, reader) = (Rc::clone(&seen), Rc::clone(&reader));
            sim::spawn("waiter", 1, move || {
                let expected = [Ok(Wake::Closed), Err(Error::TIMED_OUT)];
                assert!(expected.contains(&seen.wait_ready(&reader, ticks)));
            })
        });
        let closer = close_after(15, 0, &seen, capture);
        closer.join();
        waiters.iter().for_each(Thread::join);
    });
}

#[test]
fn a_device_that_is_closed_can_be_opened_at_once() {
    let bench = Bench::on(0);
    walk(Limits::new(1, 1), Limits::new(2, 1), move || {
        for _ in 0..2 {
            let (capture, reader, seen) = bench.open(2, 1);
            watch([&seen]);
            bench.edges.start(2, 10);
            let closer = close_after(19, 0, &seen, capture);
            wait_and_read(&seen, reader, None);
            closer.join();
            // The next capture has its own ledger.
            watch([]);
        }
    });
}
