//! Several waiters, of several kinds, and several captures.

use std::cell::RefCell;
use std::rc::Rc;

use edgepipe::{PollSet, Token, Wake};
use zephyr::sim::{self, Limits, Thread};
use zephyr::time::{Duration, sleep};

use crate::explore::{Bench, read_to_the_end, sample, twin, wait_and_read, walk, watch};

#[test]
fn two_captures_do_not_disturb_each_other() {
    let [left, right] = [Bench::on(0), Bench::on(1)];
    walk(Limits::new(1, 1), Limits::new(2, 1), move || {
        let (left_capture, left_reader, left_seen) = left.open(2, 2);
        let (right_capture, mut right_reader, right_seen) = right.open(3, 3);
        watch([&left_seen, &right_seen]);
        left.edges.start(3, 10);
        // Some of these arrive in the interrupts of the others, some between them.
        right.edges.start(3, 15);
        let waiter = {
            let seen = Rc::clone(&left_seen);
            sim::spawn("waiter", 0, move || {
                wait_and_read(&seen, left_reader, Some(12))
            })
        };
        let reader = {
            let seen = Rc::clone(&right_seen);
            sim::spawn("reader", 0, move || {
                read_to_the_end(&seen, &mut right_reader)
            })
        };
        sleep(Duration::from_ticks(44));
        left_seen.close(left_capture);
        right_seen.close(right_capture);
        waiter.join();
        reader.join();
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
        for (index, (capture, mut reader, seen)) in opened.into_iter().enumerate() {
            captures.borrow_mut().push((Rc::clone(&seen), capture));
            let body = move || match index {
                0 => wait_and_read(&seen, reader, None),
                1 => wait_and_read(&seen, reader, Some(25)),
                _ => read_to_the_end(&seen, &mut reader),
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

/// Several threads use one capture at once. `priorities` are those of the waiter, the reader and the
/// poller.
fn all_kinds_of_waiters(priorities: [i32; 3]) {
    let bench = Bench::on(0);
    let polls: &PollSet<1> = Box::leak(Box::new(PollSet::new()));
    walk(Limits::new(1, 1), Limits::new(2, 1), move || {
        let (capture, reader, seen) = bench.open(4, 2);
        watch([&seen]);
        let poller = polls.open().expect("the run before has dropped it");
        poller.register(&reader, Token(0)).expect("there is room");
        bench.edges.start(3, 10);

        let may_end_with = [Ok(Wake::Threshold), Ok(Wake::Closed)];
        let [waiter, reading, polling] = priorities;
        let threads = [
            sim::spawn("waiter", waiter, {
                let (seen, reader) = (Rc::clone(&seen), twin(&reader));
                move || assert!(may_end_with.contains(&seen.wait_ready(&reader, None)))
            }),
            sim::spawn("reader", reading, {
                // The reader itself stays: without it, the poller would forget the capture.
                let (seen, mut reader) = (Rc::clone(&seen), twin(&reader));
                move || read_to_the_end(&seen, &mut reader)
            }),
            sim::spawn("poller", polling, {
                let seen = Rc::clone(&seen);
                move || assert!(may_end_with.contains(&seen.poll(&poller, None)))
            }),
        ];
        sleep(Duration::from_ticks(28));
        seen.close(capture);
        threads.iter().for_each(Thread::join);
    });
}

#[test]
fn a_wait_a_blocked_read_and_a_poller_end_with_the_capture() {
    all_kinds_of_waiters([1, 1, 1]);
}

#[test]
fn a_wait_and_a_poller_that_run_before_the_read_end_with_the_capture() {
    all_kinds_of_waiters([-1, 1, -2]);
}

#[test]
fn a_wait_and_a_poller_that_run_after_the_read_end_with_the_capture() {
    all_kinds_of_waiters([2, -1, 3]);
}
