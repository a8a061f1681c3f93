//! Pollers.

use std::rc::Rc;

use edgepipe::{Error, Event, PollSet, Poller, Token, Wake};
use zephyr::sim::{self, Limits, Thread};
use zephyr::time::{Duration, Forever, NoWait, sleep};

use super::ALL;
use crate::explore::{Bench, walk, watch};

/// The set of a scenario's poller; every run uses the same one.
fn set<const N: usize>() -> &'static PollSet<N> {
    Box::leak(Box::new(PollSet::new()))
}

fn open<const N: usize>(set: &'static PollSet<N>) -> Poller<N> {
    set.open().expect("the run before has dropped its poller")
}

#[test]
fn a_poller_gets_every_edge() {
    let bench = Bench::on(0);
    let set = set::<1>();
    walk(Limits::interrupts(3), ALL, move || {
        let (capture, mut reader, seen) = bench.open(3, 2);
        watch([&seen]);
        let poller = open(set);
        poller.register(&reader, Token(0)).expect("there is room");
        bench.edges.start(3, 10);
        assert!(seen.poll(&poller, None).is_ok());
        assert!(seen.try_read::<2>(&mut reader) >= Some(2), "it was ready");
        seen.close(capture);
        while seen.try_read::<2>(&mut reader).is_some() {}
        seen.check_end();
    });
}

#[test]
fn a_waker_ends_a_wait_whenever_it_comes() {
    let set = set::<1>();
    walk(Limits::new(3, 2), ALL, move || {
        let poller = open(set);
        let waker = poller.waker();
        let thread = sim::spawn("waker", -1, move || {
            sleep(Duration::from_ticks(10));
            waker.wake();
        });
        assert_eq!(poller.wait(Forever).unwrap(), []);
        assert_eq!(
            poller.wait(NoWait),
            Err(Error::TIMED_OUT),
            "that was one wait"
        );
        thread.join();
    });
}

#[test]
fn every_thread_of_a_poller_learns_of_a_registration() {
    let (bench, set) = (Bench::on(0), set());
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let (capture, reader, seen) = bench.open(2, 2);
        watch([&seen]);
        let poller = open(set);
        let pollers = [1, 2].map(|priority| {
            let (seen, poller) = (Rc::clone(&seen), poller.clone());
            sim::spawn("poller", priority, move || {
                assert_eq!(seen.poll(&poller, None), Ok(Wake::Full));
            })
        });
        sleep(Duration::from_ticks(5));
        poller.register(&reader, Token(0)).expect("there is room");
        bench.edges.start(2, 10);
        pollers.iter().for_each(Thread::join);
        seen.close(capture);
    });
}

#[test]
fn a_poller_that_forgets_a_capture_wakes_who_waits_for_it() {
    let (bench, set, other_set) = (Bench::on(0), set::<1>(), set::<1>());
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let (capture, reader, seen) = bench.open(2, 2);
        watch([&seen]);
        let (poller, other) = (open(set), open(other_set));
        for poller in [&poller, &other] {
            poller.register(&reader, Token(0)).expect("there is room");
        }
        bench.edges.start(2, 10);
        let polling = {
            let poller = poller.clone();
            // It is the first to be woken, and then no capture is registered.
            sim::spawn("poller", 1, move || drop(poller.wait(Forever)))
        };
        // A thread in `wait_ready` would be woken first, because it takes the semaphore.
        let waiter = {
            let seen = Rc::clone(&seen);
            sim::spawn("other", 2, move || {
                assert_eq!(seen.poll(&other, None), Ok(Wake::Full));
            })
        };
        sleep(Duration::from_ticks(19));
        poller.deregister(&reader).expect("it is registered");
        waiter.join();
        poller.waker().wake();
        polling.join();
        seen.close(capture);
    });
}

#[test]
fn a_poller_that_has_returned_costs_nobody_a_wake() {
    let (benches, set) = ([Bench::on(0), Bench::on(1)], set::<2>());
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let [
            (left_capture, left, left_seen),
            (right_capture, right, right_seen),
        ] = benches.map(|bench| bench.open(4, 2));
        watch([&left_seen, &right_seen]);
        let poller = open(set);
        poller.register(&left, Token(0)).expect("there is room");
        poller.register(&right, Token(1)).expect("there is room");
        benches[0].edges.start(2, 10);
        let ready = Event {
            token: Token(0),
            wake: Wake::Threshold,
        };
        assert_eq!(poller.wait(Forever).unwrap(), [ready]);
        assert_eq!(right_seen.ledger().spurious_wakes, 0, "nobody woke it");

        let gives = sim::gives();
        benches[1].edges.start(2, 10);
        let woken = right_seen.wait_ready(&right, None);
        assert_eq!((woken, sim::gives()), (Ok(Wake::Threshold), gives + 1));
        left_seen.close(left_capture);
        right_seen.close(right_capture);
    });
}
