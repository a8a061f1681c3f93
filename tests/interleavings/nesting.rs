//! Interrupts that interrupt a handler: two ports and the timer, with several priorities.

use std::array;

use edgepipe::{
    Config, PollSet, Readiness, Token, Wake,
    sys::clock,
    sys::timer::{Expiry, Timer},
};
use zephyr::sim::{self, Limits, Source};
use zephyr::time::{Duration, Forever, sleep};

use super::ALL;
use crate::explore::{Ports, close_after, read_to_the_end, sample, wait_and_read, walk, watch};

/// Priorities, the most urgent first.
const URGENT: u8 = 1;
const MIDDLE: u8 = 2;
const LAST: u8 = 3;

/// A buffer of four records that is ready at `records`.
fn ready_at(records: u32) -> Config {
    Config {
        capacity: Some(4),
        ready: Readiness::Records(records),
        ..Config::DEFAULT
    }
}

fn timer(priority: u8) {
    sim::set_priority(Source::Timer, priority);
}

#[test]
fn a_waiter_gets_every_edge_of_two_ports_that_interrupt_each_other() {
    for threshold in 1..=4 {
        let bench = Ports::new([LAST, URGENT]);
        walk(Limits::interrupts(2), Limits::interrupts(4), move || {
            let (capture, reader, seen) = bench.open(ready_at(threshold));
            timer(MIDDLE);
            watch([&seen]);
            bench.edges_at([10, 20], [11, 21]);
            close_after(30, 0, &seen, capture);
            wait_and_read(&seen, reader, None);
            assert_eq!(seen.ledger().captured, 4);
            assert_eq!(seen.ledger().missed, Default::default());
        });
    }
}

#[test]
fn a_blocked_read_gets_every_edge_of_two_ports_that_interrupt_each_other() {
    let bench = Ports::new([LAST, URGENT]);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = bench.open(ready_at(4));
        watch([&seen]);
        bench.edges_at([10, 20], [11, 21]);
        close_after(30, 0, &seen, capture);
        read_to_the_end(&seen, &mut reader);
        assert_eq!(seen.ledger().captured, 4);
    });
}

#[test]
fn a_full_buffer_accounts_for_what_it_lost_to_nested_interrupts() {
    let bench = Ports::new([LAST, URGENT]);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (capture, reader, seen) = bench.open(Config {
            capacity: Some(2),
            ready: Readiness::Full,
            ..Config::DEFAULT
        });
        watch([&seen]);
        bench.edges_at([10, 13, 20], [11, 14, 21]);
        close_after(30, 0, &seen, capture);
        wait_and_read(&seen, reader, Some(25));
        assert_eq!(seen.accounted(), 6);
    });
}

/// The capture is closed by a thread of `priority`; the waiter's priority is 0.
fn a_close_beside_nested_interrupts(priority: i32) {
    let bench = Ports::new([LAST, URGENT]);
    walk(Limits::new(2, 1), Limits::new(3, 1), move || {
        let (capture, reader, seen) = bench.open(ready_at(2));
        timer(MIDDLE);
        watch([&seen]);
        bench.edges_at([10, 20], [11, 21]);
        let closer = close_after(18, priority, &seen, capture);
        wait_and_read(&seen, reader, None);
        closer.join();
    });
}

#[test]
fn a_close_by_a_higher_thread_ends_a_wait_beside_nested_interrupts() {
    a_close_beside_nested_interrupts(-1);
}

#[test]
fn a_close_by_a_lower_thread_ends_a_wait_beside_nested_interrupts() {
    a_close_beside_nested_interrupts(1);
}

/// An idle time whose timer has `priority`. The ports' priorities are between the other two.
fn an_idle_time(priority: u8) {
    let bench = Ports::new([MIDDLE + 1, MIDDLE]);
    walk(Limits::interrupts(3), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = bench.open(Config {
            ready: Readiness::Records(4),
            idle_after: Some(Duration::from_ticks(15)),
            ..Config::DEFAULT
        });
        timer(priority);
        watch([&seen]);
        // In the timer's look for a newer edge than the first.
        bench.edges_at([10], [26, 41]);
        while seen.accounted() < 3 {
            assert_eq!(seen.wait_ready(&reader, None), Ok(Wake::Idle));
            assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        }
        seen.close(capture);
        seen.check_end();
    });
}

#[test]
fn an_idle_time_above_the_ports_counts_from_the_newest_edge() {
    an_idle_time(URGENT);
}

#[test]
fn an_idle_time_below_the_ports_counts_from_the_newest_edge() {
    an_idle_time(LAST + 1);
}

/// A deadline whose timer has `priority`. The ports' priorities are between the other two.
fn a_deadline(priority: u8) {
    let bench = Ports::new([MIDDLE + 1, MIDDLE]);
    walk(Limits::interrupts(3), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = bench.open(Config {
            ready: Readiness::Records(3),
            flush_after: Some(Duration::from_ticks(15)),
            ..Config::DEFAULT
        });
        timer(priority);
        watch([&seen]);
        // In the timer's check of the first edge's deadline, if that has not passed.
        bench.edges_at([10], [26, 41]);
        while seen.accounted() < 3 {
            let woken = seen.wait_ready(&reader, None);
            assert!([Ok(Wake::Deadline), Ok(Wake::Threshold)].contains(&woken));
            assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        }
        seen.close(capture);
        seen.check_end();
    });
}

#[test]
fn a_deadline_above_the_ports_counts_from_the_oldest_unread_edge() {
    a_deadline(URGENT);
}

#[test]
fn a_deadline_below_the_ports_counts_from_the_oldest_unread_edge() {
    a_deadline(LAST + 1);
}

/// A debounced line and a plain one. The debounced line settles 10 ticks after its last edge, in
/// the timer's interrupt, which has `priority`.
fn a_debounced_line(priority: u8) {
    let bench = Ports::new([MIDDLE + 1, MIDDLE]).debounced(10);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = bench.open(ready_at(2));
        timer(priority);
        watch([&seen]);
        // Around the tick at which it settles.
        bench.edges_at([10, 12, 14], [13, 24, 25]);
        let counts = || (seen.ledger().captured, seen.ledger().bounces);
        while counts().0 < 4 || counts().1 < 2 {
            let _ = seen.wait_ready(&reader, Some(20));
            seen.try_read::<2>(&mut reader);
        }
        seen.close(capture);
        while seen.try_read::<2>(&mut reader).is_some() {}
        seen.check_end();
        assert_eq!(counts(), (4, 2));
    });
}

#[test]
fn a_debounced_line_settles_above_the_ports() {
    a_debounced_line(URGENT);
}

#[test]
fn a_debounced_line_settles_below_the_ports() {
    a_debounced_line(LAST + 1);
}

#[test]
fn a_level_that_ends_while_it_settles_is_no_edge() {
    let bench = Ports::new([MIDDLE + 1, MIDDLE]).debounced(10);
    walk(Limits::interrupts(3), Limits::interrupts(5), move || {
        let (capture, reader, seen) = bench.open(ready_at(2));
        timer(LAST + 1);
        watch([&seen]);
        // At tick 23 it has been low for long enough; it is high for at most two ticks.
        bench.edges_at([10, 12, 24, 26], []);
        let closer = close_after(40, 0, &seen, capture);
        wait_and_read(&seen, reader, None);
        closer.join();
        assert_eq!((seen.ledger().captured, seen.ledger().bounces), (0, 4));
    });
}

#[test]
fn a_poller_gets_every_edge_and_every_wake_of_nested_interrupts() {
    let bench = Ports::new([LAST, URGENT]);
    let set: &'static PollSet<1> = Box::leak(Box::new(PollSet::new()));
    walk(Limits::interrupts(2), Limits::interrupts(3), move || {
        let (capture, mut reader, seen) = bench.open(ready_at(1));
        let poller = set.open().expect("the run before has dropped its poller");
        poller.register(&reader, Token(0)).expect("there is room");
        watch([&seen]);
        bench.edges_at([10, 20], [11, 21]);
        let waker = poller.waker();
        sim::set_priority(Source::Other, MIDDLE);
        sim::interrupt_at(Source::Other, clock::uptime_ticks() + 12, move || {
            waker.wake()
        });
        let mut woken = 0;
        while seen.accounted() < 4 {
            let events = poller.wait(Forever).expect("a wait for ever does not fail");
            woken += u32::from(events.is_empty());
            seen.try_read::<2>(&mut reader);
        }
        // The waker may have been in time to end one of the other waits.
        assert!(woken <= 1);
        seen.close(capture);
        seen.check_end();
    });
}

/// Streams of two ports and a timer of these priorities, read in several ways.
fn long_streams(ports: [u8; 2], timer_priority: u8) {
    let bench = Ports::new(ports);
    sample(20, move || {
        let (capture, mut reader, seen) = bench.open(Config {
            ready: Readiness::Records(3),
            flush_after: Some(Duration::from_ticks(17)),
            ..Config::DEFAULT
        });
        timer(timer_priority);
        watch([&seen]);
        bench.edges_at::<200, 200>(
            array::from_fn(|edge| 10 + 7 * edge as u64),
            array::from_fn(|edge| 11 + 5 * edge as u64),
        );
        let closer = close_after(1_500, 0, &seen, capture);
        // The first half is read by a thread that pauses, with its own timer.
        while seen.accounted() < 200 {
            sleep(Duration::from_ticks(13));
            let _ = seen.wait_ready(&reader, Some(9));
            seen.try_read::<5>(&mut reader);
        }
        while seen.accounted() < 300 {
            seen.read::<2>(&mut reader);
        }
        wait_and_read(&seen, reader, Some(20));
        closer.join();
        assert_eq!(seen.accounted(), 400);
    });
}

#[test]
fn long_streams_of_nested_interrupts_arrive_whole() {
    for (ports, timer) in [
        ([MIDDLE, URGENT], LAST),
        ([LAST, URGENT], MIDDLE),
        ([MIDDLE, LAST], URGENT),
        ([LAST, LAST], URGENT),
    ] {
        long_streams(ports, timer);
    }
}

/// Other work of the timer's interrupt.
struct Busy;

impl Expiry for Busy {
    type Target = ();

    fn expired((): &'static ()) {
        clock::uptime_ticks();
    }
}

#[test]
fn a_deadline_of_an_edge_within_the_timers_interrupt_is_not_early() {
    const AFTER: u64 = 15;
    static BUSY: Timer = Timer::new();
    let bench = Ports::new([MIDDLE, MIDDLE]);
    walk(Limits::interrupts(1), ALL, move || {
        let (capture, mut reader, seen) = bench.open(Config {
            ready: Readiness::Records(3),
            flush_after: Some(Duration::from_ticks(AFTER)),
            ..Config::DEFAULT
        });
        timer(LAST);
        bench.edges_at([13], []);
        BUSY.init::<Busy>(&());
        BUSY.start_at(clock::uptime_ticks() + 10);
        assert_eq!(seen.wait_ready(&reader, None), Ok(Wake::Deadline));
        let woken_ns = clock::cycles_to_ns(clock::cycles().into(), clock::CYCLES_PER_SECOND);
        assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        let waited_ns = woken_ns - seen.last_ns();
        assert!(waited_ns >= 1_000 * AFTER, "only {waited_ns} ns");
        seen.close(capture);
    });
}
