//! A device that is opened again while a thread still waits from the use before.

use edgepipe::{Error, Event, PollSet, RECORD_BYTES, Token, Wake};
use zephyr::sim::{self, Limits};
use zephyr::time::{Duration, Forever, sleep};

use crate::explore::{Bench, walk, watch};

fn set<const N: usize>() -> &'static PollSet<N> {
    Box::leak(Box::new(PollSet::new()))
}

/// The poller's thread has `priority`; the thread that opens again has 0.
fn reopen_beside_a_poller(priority: i32, limits: Limits, long: Limits) {
    let (bench, set) = (Bench::on(0), set::<1>());
    walk(limits, long, move || {
        let (capture, reader, first) = bench.open(4, 2);
        let poller = set.open().expect("the run before has dropped its poller");
        poller.register(&reader, Token(1)).expect("there is room");
        let polling = sim::spawn("poller", priority, {
            let poller = poller.clone();
            move || {
                loop {
                    let events = poller.wait(Forever).expect("a wait for ever");
                    let expected = Event {
                        token: Token(2),
                        wake: Wake::Threshold,
                    };
                    if events == [expected] {
                        break;
                    }
                    // The first use is ready, or has just ended.
                    assert!(events.iter().all(|event| event.token == Token(1)));
                    sleep(Duration::from_ticks(1));
                }
            }
        });
        // The edges make the first use ready, or arrive too late for that.
        bench.edges.start(2, 3);
        sleep(Duration::from_ticks(5));
        first.close(capture);
        drop(reader);
        let (capture, reader, second) = bench.open(4, 2);
        watch([&second]);
        poller
            .register(&reader, Token(2))
            .expect("the ended use makes room");
        bench.edges.start(2, 3);
        polling.join();
        // No waiter is left in the queue that would be woken in vain, or not at all.
        assert_eq!(second.wait_ready(&reader, None), Ok(Wake::Threshold));
        second.close(capture);
    });
}

#[test]
fn a_poller_waits_on_in_the_next_use_of_a_device() {
    reopen_beside_a_poller(1, Limits::new(1, 2), Limits::new(2, 3));
}

#[test]
fn a_poller_that_is_more_urgent_waits_on_in_the_next_use_of_a_device() {
    reopen_beside_a_poller(-1, Limits::new(1, 2), Limits::new(2, 3));
}

/// The set is dropped while its node is in the queue of a use that has ended.
#[test]
fn a_set_that_was_enlisted_in_an_ended_use_can_be_opened_again() {
    let (bench, set) = (Bench::on(0), set::<1>());
    walk(Limits::new(1, 2), Limits::new(2, 2), move || {
        for token in [Token(1), Token(2)] {
            let (capture, reader, seen) = bench.open(4, 2);
            let poller = set.open().expect("the poller before was dropped");
            poller.register(&reader, token).expect("there is room");
            bench.edges.start(2, 4);
            // The time-out is before, between or after the edges.
            let _ = poller.wait(Duration::from_ticks(5));
            seen.close(capture);
            if token == Token(1) {
                drop(reader);
                drop(poller);
            } else {
                let events = poller.wait(Forever).expect("a wait for ever");
                assert_eq!(events[0].token, token);
            }
        }
    });
}

/// A thread that waits through a weak reader of the first use.
fn reopen_beside_a_handle(priority: i32) {
    let bench = Bench::on(0);
    walk(Limits::new(1, 2), Limits::new(2, 3), move || {
        let (capture, reader, first) = bench.open(4, 2);
        let weak = reader.weak();
        let waiting = sim::spawn("waiter", priority, move || {
            let woken = weak.wait_ready(Forever);
            let may_be = [Ok(Wake::Closed), Err(Error::CLOSED), Err(Error::BAD_HANDLE)];
            assert!(may_be.contains(&woken), "{woken:?}");
        });
        let reading = sim::spawn("reader", priority, move || {
            let read = weak.read_timeout(&mut [0; RECORD_BYTES], Forever);
            assert!([Ok(0), Err(Error::BAD_HANDLE)].contains(&read), "{read:?}");
        });
        sleep(Duration::from_ticks(5));
        first.close(capture);
        drop(reader);
        let (capture, mut reader, second) = bench.open(4, 2);
        watch([&second]);
        bench.edges.start(2, 10);
        assert_eq!(second.wait_ready(&reader, None), Ok(Wake::Threshold));
        assert_eq!(second.try_read::<4>(&mut reader), Some(2));
        waiting.join();
        reading.join();
        second.close(capture);
        second.check_end();
    });
}

#[test]
fn a_wait_that_began_in_an_ended_use_takes_no_wake_of_the_next() {
    reopen_beside_a_handle(1);
}

#[test]
fn a_wait_of_a_more_urgent_thread_in_an_ended_use_takes_no_wake_of_the_next() {
    reopen_beside_a_handle(-1);
}

/// A thread whose time is up may have taken the wake for another thread of its set.
#[test]
fn a_poller_whose_time_is_up_leaves_the_news_to_the_others() {
    let (bench, set) = (Bench::on(0), set::<1>());
    for priorities in [[1, 2], [2, 1]] {
        walk(Limits::new(2, 1), Limits::new(2, 3), move || {
            let (capture, reader, seen) = bench.open(2, 2);
            let poller = set.open().expect("the run before has dropped its poller");
            let [hurried, patient] = priorities;
            let ready = Event {
                token: Token(0),
                wake: Wake::Full,
            };
            let timed = {
                let poller = poller.clone();
                sim::spawn("timed", hurried, move || {
                    match poller.wait(Duration::from_ticks(10)) {
                        Ok(events) => assert_eq!(events, [ready]),
                        Err(error) => assert_eq!(error, Error::TIMED_OUT),
                    }
                })
            };
            // If the wake is lost, nothing else wakes this thread.
            let patient = {
                let poller = poller.clone();
                sim::spawn("patient", patient, move || {
                    assert_eq!(poller.wait(Forever).expect("a wait for ever"), [ready]);
                })
            };
            // When the first thread's time is up, or just before or after.
            sleep(Duration::from_ticks(10));
            poller.register(&reader, Token(0)).expect("there is room");
            // A thread that sleeps on must be enlisted for these edges.
            bench.edges.start(2, 3);
            timed.join();
            patient.join();
            seen.close(capture);
        });
    }
}

#[test]
fn the_readers_end_ends_every_wait_through_other_handles() {
    let bench = Bench::on(0);
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let (capture, reader, seen) = bench.open(4, 2);
        let weak = reader.weak();
        let waiting = [(1, None), (2, Some(12)), (1, None)].map(|(priority, ticks)| {
            sim::spawn("waiter", priority, move || {
                let woken = match ticks {
                    None => weak.wait_ready(Forever),
                    Some(ticks) => weak.wait_ready(Duration::from_ticks(ticks)),
                };
                let may_be = [Err(Error::BAD_HANDLE), Err(Error::TIMED_OUT)];
                assert!(may_be[..1 + usize::from(ticks.is_some())].contains(&woken));
            })
        });
        let reading = [1, 2].map(|priority| {
            sim::spawn("reader", priority, move || {
                let read = weak.read_timeout(&mut [0; RECORD_BYTES], Forever);
                assert_eq!(read, Err(Error::BAD_HANDLE));
            })
        });
        sleep(Duration::from_ticks(12));
        drop(reader);
        waiting.iter().chain(&reading).for_each(sim::Thread::join);
        seen.close(capture);
    });
}

#[test]
fn a_place_of_a_set_is_in_one_list_at_a_time() {
    let (benches, set) = ([Bench::on(0), Bench::on(1)], set::<1>());
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let [(left_capture, left, _), (right_capture, right, seen)] =
            benches.map(|bench| bench.open(4, 2));
        let poller = set.open().expect("the run before has dropped its poller");
        poller.register(&left, Token(1)).expect("there is room");
        let polling = {
            let poller = poller.clone();
            sim::spawn("poller", 1, move || {
                let ready = Event {
                    token: Token(2),
                    wake: Wake::Threshold,
                };
                assert_eq!(poller.wait(Forever).expect("a wait for ever"), [ready]);
            })
        };
        sleep(Duration::from_ticks(5));
        // The poller is enlisted at one capture, and has no room for another.
        poller.deregister(&left).expect("it is registered");
        poller
            .register(&right, Token(2))
            .expect("there is room again");
        benches[0].edges.start(2, 3);
        benches[1].edges.start(2, 3);
        polling.join();
        assert_eq!(seen.ledger().pending, 2);
        drop((left_capture, right_capture));
    });
}
