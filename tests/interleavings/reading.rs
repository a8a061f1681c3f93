//! Blocked reads.

use std::rc::Rc;

use edgepipe::{Error, RECORD_BYTES};
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
            // Long enough to lose edges, if none arrives earlier.
            sleep(Duration::from_ticks(24));
            seen.read_bytes::<BYTES>(&mut reader);
        }
        seen.close(capture);
        while seen.read_bytes::<BYTES>(&mut reader) > 0 {}
        seen.check_end();
    });
}

/// The second edge, at tick 20, is the last.
fn read_for(ticks: u64) {
    let bench = Bench::on(0);
    walk(ALL, ALL, move || {
        let (capture, reader, seen) = bench.open(2, 2);
        watch([&seen]);
        bench.edges.start(2, 10);
        while seen.accounted() == 0 {
            let _ = seen.read_timeout::<RECORD_BYTES>(&reader, None);
        }
        let result = seen.read_timeout::<RECORD_BYTES>(&reader, Some(ticks));
        assert!([Ok(RECORD_BYTES), Err(Error::TIMED_OUT)].contains(&result));
        if result.is_err() {
            assert_eq!(seen.accounted(), 1, "it took nothing");
            let last = seen.read_timeout::<{ 2 * RECORD_BYTES }>(&reader, None);
            assert_eq!(last, Ok(RECORD_BYTES));
        }
        seen.check_end();
        seen.close(capture);
    });
}

#[test]
fn a_read_can_time_out_just_before_the_last_edge() {
    read_for(8);
}

#[test]
fn a_read_can_time_out_in_the_interrupt_of_the_last_edge() {
    read_for(9);
}

#[test]
fn a_read_can_time_out_just_after_the_last_edge() {
    read_for(10);
}

#[test]
fn of_two_blocked_reads_each_goes_on_when_there_is_more() {
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
                while seen.read_some(&reader, None, &mut bytes) != Ok(0) {}
            })
        });
        sleep(Duration::from_ticks(35));
        seen.close(capture);
        readers.iter().for_each(Thread::join);
        assert_eq!(seen.ledger().pending, 0);
    });
}
