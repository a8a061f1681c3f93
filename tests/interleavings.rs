//! Small scenarios in every order that is possible within a stated limit, and larger ones in many.
//!
//! Every step of every run is looked at; `explore/watch.rs` says what for. A failure says which
//! schedule it had, and how to have it again. With `EDGEPIPE_EXPLORE=long` the limits are higher;
//! that is meant for `--release`.

mod explore;

use std::cell::RefCell;
use std::rc::Rc;

use edgepipe::{Capture, Error, Reader, Wake};
use explore::{Bench, Watch, sample, walk, watch};
use zephyr::sim::{self, Limits, Thread};
use zephyr::time::{Duration, NoWait, sleep};

/// Everything: where there is one thread, that is every place for every interrupt.
const ALL: Limits = Limits::NONE;

/// A thread of this priority that sleeps so long and then closes the capture.
fn close_after(ticks: u64, priority: i32, seen: &Rc<Watch>, capture: Capture) -> Thread {
    let seen = Rc::clone(seen);
    sim::spawn("closer", priority, move || {
        sleep(Duration::from_ticks(ticks));
        seen.close(capture);
    })
}

/// Waits for readiness, for so many ticks at most, and reads, until the end of the capture.
fn wait_and_read(seen: &Watch, mut reader: Reader, ticks: Option<u64>) {
    loop {
        let woken = seen.wait_ready(&reader, ticks);
        if seen.try_read::<3>(&mut reader).is_none() {
            break;
        }
        assert_ne!((woken, ticks), (Err(Error::TIMED_OUT), None));
    }
    seen.check_end();
}

/// Reads up to two edges at a time, blocking, until the end of the capture.
fn read_to_the_end(seen: &Watch, mut reader: Reader) {
    while seen.read::<2>(&mut reader) > 0 {}
    seen.check_end();
}

#[test]
fn a_waiter_for_the_threshold_gets_every_edge() {
    let bench = Bench::on(0);
    walk(ALL, ALL, move || {
        let (capture, mut reader, seen) = bench.open(3, 2);
        watch([&seen]);
        bench.edges.start(3, 10);
        let _ = seen.wait_ready(&reader, None);
        assert!(seen.try_read::<2>(&mut reader) >= Some(2), "it was ready");
        seen.close(capture);
        while seen.try_read::<2>(&mut reader).is_some() {}
        seen.check_wakes();
        seen.check_end();
    });
}

#[test]
fn each_crossing_of_the_threshold_costs_one_wake_at_most() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(5), move || {
        let (_capture, mut reader, seen) = bench.open(6, 2);
        watch([&seen]);
        bench.edges.start(6, 10);
        // A last edge that is left alone makes nothing ready.
        while seen.accounted() < 5 {
            let _ = seen.wait_ready(&reader, None);
            assert!(seen.try_read::<6>(&mut reader) >= Some(2), "it was ready");
        }
        seen.check_wakes();
    });
}

#[test]
fn the_flag_is_up_while_it_is_ready_though_nobody_waits() {
    let bench = Bench::on(0);
    walk(ALL, ALL, move || {
        let (capture, mut reader, seen) = bench.open(4, 2);
        watch([&seen]);
        bench.edges.start(4, 10);
        for ticks in [24, 9] {
            sleep(Duration::from_ticks(ticks));
            seen.try_read::<2>(&mut reader);
        }
        // One more look while every thread waits.
        sleep(Duration::from_ticks(1));
        seen.close(capture);
        while seen.try_read::<4>(&mut reader).is_some() {}
        seen.check_end();
    });
}

#[test]
fn a_full_buffer_wakes_its_waiter_and_accounts_for_what_it_lost() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (_capture, mut reader, seen) = bench.open(2, 2);
        watch([&seen]);
        bench.edges.start(6, 10);
        while seen.accounted() < 6 {
            // The last edge may be alone, and the mark of a hole is no edge.
            let _ = seen.wait_ready(&reader, Some(25));
            assert!(seen.try_read::<1>(&mut reader).is_some());
        }
        seen.try_read::<4>(&mut reader);
        seen.check_end();
    });
}

#[test]
fn a_blocked_read_gets_every_edge() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(3), ALL, move || {
        let (_capture, mut reader, seen) = bench.open(4, 4);
        watch([&seen]);
        bench.edges.start(4, 10);
        let mut left = 4;
        while left > 0 {
            left -= seen.read::<2>(&mut reader);
        }
        seen.check_wakes_of_reads();
        seen.check_end();
    });
}

/// The third edge, at tick 30, makes it ready.
fn time_out_after(ticks: u64) {
    let bench = Bench::on(0);
    walk(ALL, ALL, move || {
        let (_capture, mut reader, seen) = bench.open(3, 3);
        watch([&seen]);
        bench.edges.start(3, 10);
        let result = seen.wait_ready(&reader, Some(ticks));
        assert!([Ok(Wake::Full), Err(Error::TIMED_OUT)].contains(&result));
        while seen.accounted() < 3 {
            seen.read::<3>(&mut reader);
        }
        assert_eq!(reader.wait_ready(NoWait), Err(Error::TIMED_OUT));
        seen.check_end();
    });
}

#[test]
fn a_time_out_can_come_just_before_the_last_edge() {
    time_out_after(28);
}

#[test]
fn a_time_out_can_come_in_the_interrupt_of_the_last_edge() {
    time_out_after(29);
}

#[test]
fn a_time_out_can_come_just_after_the_last_edge() {
    time_out_after(30);
}

/// By a thread of this priority; the waiter's is 0.
fn close_ends_a_wait(priority: i32) {
    let bench = Bench::on(0);
    walk(Limits::new(2, 1), Limits::new(3, 2), move || {
        let (capture, reader, seen) = bench.open(4, 2);
        watch([&seen]);
        bench.edges.start(3, 10);
        let closer = close_after(29, priority, &seen, capture);
        wait_and_read(&seen, reader, None);
        closer.join();
        seen.check_wakes();
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

/// By a thread of this priority; the reader's is 0.
fn close_ends_a_blocked_read(priority: i32) {
    let bench = Bench::on(0);
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let (capture, reader, seen) = bench.open(4, 4);
        watch([&seen]);
        bench.edges.start(3, 10);
        let closer = close_after(29, priority, &seen, capture);
        read_to_the_end(&seen, reader);
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
fn one_crossing_wakes_every_waiter() {
    let bench = Bench::on(0);
    walk(Limits::new(2, 1), Limits::new(2, 2), move || {
        let (capture, reader, seen) = bench.open(2, 2);
        watch([&seen]);
        bench.edges.start(2, 10);
        let reader = Rc::new(reader);
        let waiters = [(1, None), (1, Some(50)), (2, None)].map(|(priority, ticks)| {
            let (seen, reader) = (Rc::clone(&seen), Rc::clone(&reader));
            sim::spawn("waiter", priority, move || {
                assert_eq!(seen.wait_ready(&reader, ticks), Ok(Wake::Full));
            })
        });
        waiters.iter().for_each(Thread::join);
        seen.close(capture);
    });
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
fn two_captures_do_not_disturb_each_other() {
    let [left, right] = [Bench::on(0), Bench::on(1)];
    walk(Limits::new(1, 1), Limits::new(2, 1), move || {
        let (left_capture, left_reader, left_seen) = left.open(2, 2);
        let (right_capture, right_reader, right_seen) = right.open(3, 3);
        watch([&left_seen, &right_seen]);
        left.edges.start(3, 10);
        // Some of these come in the interrupts of the others, some between.
        right.edges.start(3, 15);
        let waiter = {
            let seen = Rc::clone(&left_seen);
            sim::spawn("waiter", 0, move || {
                wait_and_read(&seen, left_reader, Some(12))
            })
        };
        let reader = {
            let seen = Rc::clone(&right_seen);
            sim::spawn("reader", 0, move || read_to_the_end(&seen, right_reader))
        };
        sleep(Duration::from_ticks(44));
        left_seen.close(left_capture);
        right_seen.close(right_capture);
        waiter.join();
        reader.join();
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
            // The next capture has books of its own.
            watch([]);
        }
    });
}

#[test]
fn long_streams_arrive_whole_under_load() {
    let benches = [Bench::on(0), Bench::on(1), Bench::on(2)];
    sample(60, move || {
        let opened = benches.map(|bench| bench.open(8, 3));
        let seen = opened.each_ref().map(|(_, _, seen)| Rc::clone(seen));
        watch([&seen[0], &seen[1], &seen[2]]);
        for (bench, period) in benches.iter().zip([7, 10, 30]) {
            bench.edges.start(200, period);
        }
        let captures = Rc::new(RefCell::new(Vec::new()));
        let mut threads = Vec::new();
        for (index, (capture, reader, seen)) in opened.into_iter().enumerate() {
            captures.borrow_mut().push((Rc::clone(&seen), capture));
            let body = move || match index {
                0 => wait_and_read(&seen, reader, None),
                1 => wait_and_read(&seen, reader, Some(25)),
                _ => read_to_the_end(&seen, reader),
            };
            threads.push(sim::spawn("reader", index as i32 - 1, body));
        }
        sleep(Duration::from_ticks(1_900));
        for (seen, capture) in captures.take() {
            seen.close(capture);
        }
        threads.iter().for_each(Thread::join);
    });
}
