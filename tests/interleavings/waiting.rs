//! Waits for readiness.

use std::rc::Rc;

use edgepipe::{Config, Error, Readiness, Wake};
use zephyr::sim::{self, Limits, Thread};
use zephyr::time::{Duration, NoWait, sleep};

use super::ALL;
use crate::explore::{Bench, walk, watch};

#[test]
fn a_waiter_for_the_threshold_gets_every_edge() {
    let bench = Bench::on(0);
    walk(ALL, ALL, move || {
        let (capture, mut reader, seen) = bench.open(3, 2);
        watch([&seen]);
        seen.expect_one_wake_per_crossing();
        bench.edges.start(3, 10);
        let _ = seen.wait_ready(&reader, None);
        assert!(seen.try_read::<2>(&mut reader) >= Some(2), "it was ready");
        seen.close(capture);
        while seen.try_read::<2>(&mut reader).is_some() {}
        seen.check_end();
    });
}

#[test]
fn each_crossing_of_the_threshold_costs_one_wake_at_most() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(5), move || {
        let (capture, mut reader, seen) = bench.open(6, 2);
        watch([&seen]);
        seen.expect_one_wake_per_crossing();
        bench.edges.start(6, 10);
        // A single last edge does not make the capture ready.
        while seen.accounted() < 5 {
            let _ = seen.wait_ready(&reader, None);
            assert!(seen.try_read::<6>(&mut reader) >= Some(2), "it was ready");
        }
        seen.close(capture);
    });
}

#[test]
fn what_nobody_waits_for_raises_no_flag() {
    let bench = Bench::on(0);
    walk(ALL, ALL, move || {
        let (capture, mut reader, seen) = bench.open(4, 2);
        watch([&seen]);
        bench.edges.start(4, 10);
        for ticks in [24, 9] {
            sleep(Duration::from_ticks(ticks));
            seen.try_read::<2>(&mut reader);
        }
        assert!(seen.ledger().captured >= 2, "it was ready");
        seen.close(capture);
        assert_eq!(sim::gives(), 0);
        while seen.try_read::<4>(&mut reader).is_some() {}
        seen.check_end();
    });
}

#[test]
fn a_full_buffer_wakes_its_waiter_and_accounts_for_what_it_lost() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = bench.open(2, 2);
        watch([&seen]);
        bench.edges.start(6, 10);
        while seen.accounted() < 6 {
            // The last edge may be alone, and a gap record is no edge.
            let _ = seen.wait_ready(&reader, Some(25));
            assert!(seen.try_read::<1>(&mut reader).is_some());
        }
        seen.try_read::<4>(&mut reader);
        seen.check_end();
        seen.close(capture);
    });
}

/// The third edge, at tick 30, makes it ready.
fn time_out_after(ticks: u64) {
    let bench = Bench::on(0);
    walk(ALL, ALL, move || {
        let (capture, mut reader, seen) = bench.open(3, 3);
        watch([&seen]);
        bench.edges.start(3, 10);
        let result = seen.wait_ready(&reader, Some(ticks));
        assert!([Ok(Wake::Full), Err(Error::TIMED_OUT)].contains(&result));
        while seen.accounted() < 3 {
            seen.read::<3>(&mut reader);
        }
        assert_eq!(reader.wait_ready(NoWait), Err(Error::TIMED_OUT));
        seen.check_end();
        seen.close(capture);
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
fn a_deadline_counts_from_the_oldest_unread_edge() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(3), ALL, move || {
        let (capture, mut reader, seen) = bench.open_with(Config {
            ready: Readiness::Records(3),
            flush_after: Some(Duration::from_ticks(15)),
            ..Config::DEFAULT
        });
        watch([&seen]);
        bench.edges.start(3, 10);
        while seen.accounted() < 3 {
            let woken = seen.wait_ready(&reader, None);
            assert!([Ok(Wake::Deadline), Ok(Wake::Threshold)].contains(&woken));
            // The records that are left have their own deadline.
            assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        }
        seen.close(capture);
        seen.check_end();
    });
}

#[test]
fn an_idle_time_counts_from_the_newest_edge() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(3), ALL, move || {
        let (capture, mut reader, seen) = bench.open_with(Config {
            ready: Readiness::Records(4),
            idle_after: Some(Duration::from_ticks(15)),
            ..Config::DEFAULT
        });
        watch([&seen]);
        bench.edges.start(3, 10);
        while seen.accounted() < 3 {
            assert_eq!(seen.wait_ready(&reader, None), Ok(Wake::Idle));
            // What is left is as old as before, and a new edge begins anew.
            assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        }
        seen.close(capture);
        seen.check_end();
    });
}

#[test]
fn of_a_deadline_and_an_idle_time_the_first_that_passes_wakes() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), ALL, move || {
        let (capture, mut reader, seen) = bench.open_with(Config {
            ready: Readiness::Records(4),
            flush_after: Some(Duration::from_ticks(40)),
            idle_after: Some(Duration::from_ticks(15)),
            ..Config::DEFAULT
        });
        watch([&seen]);
        bench.edges.start(3, 10);
        while seen.accounted() < 3 {
            let woken = seen.wait_ready(&reader, None);
            let may_be = [Wake::Deadline, Wake::Idle, Wake::Threshold].map(Ok);
            assert!(may_be.contains(&woken), "{woken:?}");
            assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        }
        seen.close(capture);
        seen.check_end();
    });
}
