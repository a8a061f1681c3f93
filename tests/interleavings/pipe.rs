//! Delivery through a pipe of two records, which is mostly full.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::rc::Rc;

use edgepipe::{
    Capture, Config, Delivery, EdgeDevice, Error, PollSet, RECORD_BYTES, Reader, Readiness, Token,
    Wake,
};
use zephyr::raw::{self, k_pipe};
use zephyr::sim::{self, Limits, Source, Thread};
use zephyr::sys::K_FOREVER;
use zephyr::time::{Duration, Forever, NoWait, sleep};

use super::ALL;
use crate::explore::{
    Bench, Ports, Reading, Watch, close_after, read_to_the_end, sample, wait_and_read, walk, watch,
};

/// A buffer of four records that delivers at `threshold`.
fn piped(threshold: u32) -> Config {
    Config {
        capacity: Some(4),
        ready: Readiness::Records(threshold),
        deliver: Delivery::Pipe,
        ..Config::DEFAULT
    }
}

#[test]
fn a_waiter_gets_every_edge_through_the_pipe() {
    let bench = Bench::on(0);
    for threshold in 1..=4 {
        walk(Limits::interrupts(2), Limits::interrupts(4), move || {
            let (capture, reader, seen) = bench.open_with(piped(threshold));
            watch([&seen]);
            seen.expect_one_wake_per_crossing();
            bench.edges.start(6, 10);
            close_after(69, 0, &seen, capture);
            wait_and_read(&seen, reader, None);
            let ledger = seen.ledger();
            assert_eq!((ledger.captured, ledger.lost.total()), (6, 0));
        });
    }
}

/// Interrupts during a hand-over hand over records themselves, and leave one more edge pending, below the
/// threshold. The records in the pipe still make the capture ready.
#[test]
fn a_hand_over_in_a_hand_over_stays_ready() {
    let device: &EdgeDevice<3, 1, 0, 8> = Box::leak(Box::new(EdgeDevice::new()));
    let bench = Bench::on(0);
    let config = Config {
        capacity: None,
        ..piped(3)
    };
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let line = bench.edges.low_line();
        let (_capture, reader) = device.open(&[line], config).unwrap();
        bench.edges.start(4, 10);
        sleep(Duration::from_ticks(23));
        reader.set_readiness(Readiness::Records(2)).unwrap();
        sleep(Duration::from_ticks(60));
        let ledger = reader.ledger();
        assert_eq!(ledger.captured, 4);
        assert!(reader.ready().is_some(), "{ledger:?}");
    });
}

#[test]
fn a_blocked_read_gets_every_edge_through_the_pipe() {
    let bench = Bench::on(0);
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let (capture, mut reader, seen) = bench.open_with(piped(3));
        watch([&seen]);
        bench.edges.start(5, 10);
        let closer = close_after(59, 1, &seen, capture);
        read_to_the_end(&seen, &mut reader);
        closer.join();
        assert_eq!(seen.ledger().captured, 5);
    });
}

/// The pipe and the buffer together hold six.
#[test]
fn what_the_pipe_has_no_room_for_comes_after_it_and_a_loss_is_marked() {
    const BYTES: usize = 3 * RECORD_BYTES + 5;
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = bench.open_with(piped(2));
        watch([&seen]);
        bench.edges.start(9, 10);
        while seen.ledger().captured < 9 {
            sleep(Duration::from_ticks(70));
            seen.read_bytes::<BYTES>(&mut reader);
        }
        seen.close(capture);
        while seen.read_bytes::<BYTES>(&mut reader) > 0 {}
        seen.check_end();
    });
}

/// With two ports that interrupt each other, and a thread of priority `closer` that closes.
fn nested(closer: i32) {
    let bench = Ports::new([3, 1]);
    walk(Limits::new(2, 1), Limits::new(3, 2), move || {
        let (capture, reader, seen) = bench.open(piped(2));
        sim::set_priority(Source::Timer, 2);
        watch([&seen]);
        bench.edges_at([10, 20], [11, 21]);
        let closer = close_after(18, closer, &seen, capture);
        wait_and_read(&seen, reader, None);
        closer.join();
    });
}

#[test]
fn a_close_by_a_higher_thread_ends_reads_of_the_pipe_beside_nested_interrupts() {
    nested(-1);
}

#[test]
fn a_close_by_a_lower_thread_ends_reads_of_the_pipe_beside_nested_interrupts() {
    nested(1);
}

#[test]
fn a_blocked_read_of_the_pipe_gets_every_edge_of_nested_interrupts() {
    let bench = Ports::new([3, 1]);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = bench.open(piped(3));
        watch([&seen]);
        bench.edges_at([10, 20, 22], [11, 21]);
        close_after(30, 0, &seen, capture);
        read_to_the_end(&seen, &mut reader);
        assert_eq!(seen.ledger().captured, 5);
    });
}

#[test]
fn a_deadline_hands_over_the_tail() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(3), ALL, move || {
        let (capture, mut reader, seen) = bench.open_with(Config {
            flush_after: Some(Duration::from_ticks(15)),
            ..piped(4)
        });
        watch([&seen]);
        bench.edges.start(3, 10);
        while seen.accounted() < 3 || seen.wait_ready(&reader, Some(0)).is_ok() {
            let woken = seen.wait_ready(&reader, None);
            assert!(woken == Ok(Wake::Deadline), "{woken:?}");
            assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        }
        seen.close(capture);
        seen.check_end();
    });
}

#[test]
fn a_poller_sees_the_pipe_ready_until_it_is_empty() {
    let bench = Bench::on(0);
    let set: &'static PollSet<1> = Box::leak(Box::new(PollSet::new()));
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = bench.open_with(piped(2));
        watch([&seen]);
        let poller = set.open().expect("the run before has dropped its poller");
        poller.register(&reader, Token(0)).expect("there is room");
        bench.edges.start(4, 10);
        while seen.ledger().captured < 4 || poller.wait(NoWait).is_ok() {
            assert!(seen.poll(&poller, None).is_ok());
            assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        }
        seen.close(capture);
        while seen.try_read::<4>(&mut reader).is_some() {}
        seen.check_end();
    });
}

/// Reads a record with `k_pipe_read`, waiting for ever; `None` at the end.
fn read_record(pipe: NonNull<k_pipe>) -> Option<[u8; RECORD_BYTES]> {
    let mut record = [0; RECORD_BYTES];
    // SAFETY: the pipe is that of a device which lives for ever, and the record can be written to.
    let read =
        unsafe { raw::k_pipe_read(pipe.as_ptr(), record.as_mut_ptr(), RECORD_BYTES, K_FOREVER) };
    if read < 0 {
        return None;
    }
    assert_eq!(read as usize, RECORD_BYTES, "records are written whole");
    Some(record)
}

/// A thread of `priority` reads the pipe without the library.
fn other_code_reads(priority: i32) {
    let bench = Bench::on(0);
    walk(Limits::new(2, 1), Limits::new(3, 2), move || {
        let (capture, reader, seen) = bench.open_with(piped(2));
        // The other thread's records are checked at the end, because the library does not know what
        // others have read.
        let pipe = reader.pipe().expect("it delivers through one");
        let records = Rc::new(RefCell::new(Vec::new()));
        let other = sim::spawn("other", priority, {
            let records = Rc::clone(&records);
            move || {
                while let Some(record) = read_record(pipe) {
                    records.borrow_mut().extend(record);
                }
            }
        });
        bench.edges.start(5, 10);
        // The waiter is woken, unless the other thread has read the records before.
        let _ = seen.wait_ready(&reader, Some(60));
        sleep(Duration::from_ticks(80));
        seen.close(capture);
        other.join();
        seen.check_bytes(&records.borrow());
        seen.check_end();
        assert_eq!(seen.ledger().delivered, 5);
    });
}

#[test]
fn another_thread_reads_every_record_from_the_pipe_itself() {
    other_code_reads(1);
}

#[test]
fn another_thread_that_is_more_urgent_reads_every_record_from_the_pipe_itself() {
    other_code_reads(-1);
}

/// No thread reads, so the records in the pipe keep the capture ready.
#[test]
fn every_waiter_is_told_of_what_other_code_may_read() {
    let bench = Bench::on(0);
    walk(Limits::new(1, 2), Limits::new(2, 3), move || {
        let (_capture, reader, _) = bench.open_with(piped(2));
        assert!(reader.pipe().is_some());
        let waiting = [-1, 0, 1].map(|priority| {
            let weak = reader.weak();
            sim::spawn("waiter", priority, move || {
                assert_eq!(weak.wait_ready(Forever), Ok(Wake::Threshold));
            })
        });
        bench.edges.start(2, 10);
        waiting.iter().for_each(Thread::join);
    });
}

/// A wait takes no records from a blocked read, nor any of those before the end.
#[test]
fn a_blocked_read_of_a_pipe_that_other_code_has_gets_every_edge_beside_waits() {
    let bench = Bench::on(0);
    walk(Limits::new(1, 2), Limits::new(1, 3), move || {
        let (capture, mut reader, seen) = bench.open_with(piped(3));
        assert!(reader.pipe().is_some());
        let weak = reader.weak();
        let waiter = sim::spawn("waiter", -1, move || {
            while weak.wait_ready(Forever) != Ok(Wake::Closed) {
                sleep(Duration::from_ticks(7));
            }
        });
        bench.edges.start(5, 10);
        let closer = close_after(59, 1, &seen, capture);
        read_to_the_end(&seen, &mut reader);
        closer.join();
        assert_eq!(seen.ledger().captured, 5);
        waiter.join();
    });
}

/// It was woken under the library's lock, where threads are not switched.
#[test]
fn a_more_urgent_thread_that_is_handed_records_runs_at_once() {
    let bench = Bench::on(0);
    sim::run(move || {
        let (capture, reader, seen) = bench.open_with(piped(4));
        let pipe = reader.pipe().expect("it delivers through one");
        let read = Rc::new(Cell::new(0));
        let other = sim::spawn("other", -1, {
            let read = Rc::clone(&read);
            move || {
                while read_record(pipe).is_some() {
                    read.set(read.get() + 1);
                }
            }
        });
        bench.edges.start(3, 10);
        sleep(Duration::from_ticks(35));
        assert_eq!(read.get(), 0, "nothing was handed over");
        reader
            .set_readiness(Readiness::Records(3))
            .expect("three fit");
        assert_eq!(read.get(), 3);
        bench.edges.start(2, 10);
        sleep(Duration::from_ticks(25));
        seen.close(capture);
        assert_eq!(read.get(), 4, "the line was high: two were one edge");
        other.join();
    });
}

fn open_again(
    bench: &Bench,
    seen: &Rc<Watch>,
    old: (Capture, Reader),
) -> (Capture, Reader, Rc<Watch>) {
    seen.close(old.0);
    drop(old.1);
    bench.open_with(piped(1))
}

/// A read through a weak reader of the first use does not take records of the second use.
#[test]
fn a_handle_of_an_ended_use_takes_nothing_out_of_the_next_ones_pipe() {
    let bench = Bench::on(0);
    walk(Limits::new(2, 2), Limits::new(3, 3), move || {
        let (capture, reader, seen) = bench.open_with(piped(1));
        let weak = reader.weak();
        let late = sim::spawn("late", 1, move || {
            loop {
                match weak.read_timeout(&mut [0; RECORD_BYTES], Duration::from_ticks(7)) {
                    Err(Error::TIMED_OUT) => {}
                    result => break assert!([Ok(0), Err(Error::BAD_HANDLE)].contains(&result)),
                }
            }
        });
        sleep(Duration::from_ticks(5));
        let (capture, mut reader, seen) = open_again(&bench, &seen, (capture, reader));
        bench.edges.start(2, 3);
        sleep(Duration::from_ticks(20));
        late.join();
        let _reading = Reading::begin(&seen);
        seen.close(capture);
        while seen.try_read::<2>(&mut reader).is_some() {}
        assert_eq!(seen.ledger().captured, 2);
        seen.check_end();
    });
}

#[test]
fn long_streams_arrive_whole_through_the_pipe() {
    let benches = [Bench::on(0), Bench::on(1)];
    sample(60, move || {
        let opened = benches.map(|bench| {
            bench.open_with(Config {
                capacity: Some(8),
                flush_after: Some(Duration::from_ticks(50)),
                ..piped(3)
            })
        });
        let seen = opened.each_ref().map(|(_, _, seen)| Rc::clone(seen));
        watch([&seen[0], &seen[1]]);
        for (bench, period) in benches.iter().zip([7, 10]) {
            bench.edges.start(200, period);
        }
        let mut captures = Vec::new();
        let mut threads: Vec<Thread> = Vec::new();
        for (index, (capture, mut reader, seen)) in opened.into_iter().enumerate() {
            captures.push((Rc::clone(&seen), capture));
            threads.push(sim::spawn(
                "reader",
                index as i32 - 1,
                move || match index {
                    0 => wait_and_read(&seen, reader, Some(25)),
                    _ => read_to_the_end(&seen, &mut reader),
                },
            ));
        }
        sleep(Duration::from_ticks(2_500));
        for (seen, capture) in captures {
            seen.close(capture);
        }
        threads.iter().for_each(Thread::join);
    });
}
