//! Blocked reads, and those that wait for the capture to be ready.

use std::rc::Rc;

use edgepipe::{Config, Error, RECORD_BYTES, Readiness};
use zephyr::sim::{self, Limits, Thread};
use zephyr::time::{Duration, sleep};

use super::ALL;
use crate::explore::{Bench, walk, watch};

#[test]
fn a_blocked_read_gets_every_edge() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(3), ALL, move || {
        let (capture, mut reader, seen) = bench.open(4, 4);
        watch([&seen]);
        bench.edges.start(4, 10);
        let mut left = 4;
        while left > 0 {
            left -= seen.read::<2>(&mut reader);
        }
        seen.check_wakes_of_reads();
        seen.check_end();
        seen.close(capture);
    });
}

#[test]
fn bytes_leave_in_whole_records_with_every_hole_marked() {
    const BYTES: usize = 2 * RECORD_BYTES + 5;
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(5), move || {
        let (capture, mut reader, seen) = bench.open(2, 2);
        watch([&seen]);
        bench.edges.start(6, 10);
        while seen.accounted() < 6 {
            // Long enough to lose some, if none arrives earlier.
            sleep(Duration::from_ticks(24));
            seen.read_bytes::<BYTES>(&mut reader);
        }
        seen.close(capture);
        while seen.read_bytes::<BYTES>(&mut reader) > 0 {}
        seen.check_end();
    });
}

/// Reads six edges when as many as `threshold` are there, of a buffer in blocks of `block`.
fn read_when_ready(threshold: u32, block: u32) {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(5), move || {
        let (capture, reader, seen) = bench.open_with(Config {
            capacity: Some(6),
            ready: Readiness::Records(threshold),
            block: Some(block),
            ..Config::DEFAULT
        });
        watch([&seen]);
        seen.expect_one_wake_per_crossing();
        bench.edges.start(6, 10);
        // What comes after the last crossing makes nothing ready.
        while seen.accounted() + u64::from(threshold) <= 6 {
            let length = seen.read_when_ready::<{ 6 * RECORD_BYTES }>(&reader, None);
            assert!(
                length.unwrap() >= threshold as usize * RECORD_BYTES,
                "it was ready"
            );
        }
        seen.close(capture);
        while seen.read_when_ready::<{ 2 * RECORD_BYTES }>(&reader, None) != Ok(0) {}
        seen.check_end();
    });
}

#[test]
fn a_read_when_ready_gets_every_edge() {
    read_when_ready(2, 6);
}

#[test]
fn a_read_when_ready_gets_every_edge_through_the_pipe_too() {
    read_when_ready(4, 2);
}

/// The second edge, at tick 20, makes it ready.
fn read_when_ready_for(ticks: u64) {
    let bench = Bench::on(0);
    walk(ALL, ALL, move || {
        let (capture, reader, seen) = bench.open(2, 2);
        watch([&seen]);
        bench.edges.start(2, 10);
        let result = seen.read_when_ready::<{ 2 * RECORD_BYTES }>(&reader, Some(ticks));
        assert!([Ok(2 * RECORD_BYTES), Err(Error::TIMED_OUT)].contains(&result));
        if result.is_err() {
            assert_eq!(seen.accounted(), 0, "it took nothing");
            let all = seen.read_when_ready::<{ 2 * RECORD_BYTES }>(&reader, None);
            assert_eq!(all, Ok(2 * RECORD_BYTES));
        }
        seen.check_end();
        seen.close(capture);
    });
}

#[test]
fn a_read_when_ready_can_time_out_just_before_the_last_edge() {
    read_when_ready_for(18);
}

#[test]
fn a_read_when_ready_can_time_out_in_the_interrupt_of_the_last_edge() {
    read_when_ready_for(19);
}

#[test]
fn a_read_when_ready_can_time_out_just_after_the_last_edge() {
    read_when_ready_for(20);
}

#[test]
fn of_two_that_read_when_ready_each_goes_on_when_there_is_more() {
    let bench = Bench::on(0);
    walk(Limits::new(2, 1), Limits::new(2, 2), move || {
        let (capture, reader, seen) = bench.open(2, 1);
        watch([&seen]);
        bench.edges.start(3, 10);
        let reader = Rc::new(reader);
        let readers = [1, 2].map(|priority| {
            let (seen, reader) = (Rc::clone(&seen), Rc::clone(&reader));
            sim::spawn("reader", priority, move || {
                let mut bytes = [0; 2 * RECORD_BYTES];
                while seen.read_some_when_ready(&reader, None, &mut bytes) != Ok(0) {}
            })
        });
        sleep(Duration::from_ticks(35));
        seen.close(capture);
        readers.iter().for_each(Thread::join);
        assert_eq!(seen.ledger().pending, 0);
    });
}
