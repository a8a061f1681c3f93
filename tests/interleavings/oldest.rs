//! The oldest edges give way to new ones, at every place of a read, a wait and a close.

use std::rc::Rc;

use edgepipe::{Config, Overflow, RECORD_BYTES, Readiness, Wake};
use zephyr::sim::{self, Limits, Source, Thread};
use zephyr::time::{Duration, sleep};

use super::ALL;
use crate::explore::{Bench, Ports, close_after, read_to_the_end, wait_and_read, walk, watch};

/// A buffer that keeps the newest records, so many at most.
fn newest(capacity: u32) -> Config {
    Config {
        capacity: Some(capacity),
        ready: Readiness::Records(2),
        overflow: Overflow::DropOldest,
        ..Config::DEFAULT
    }
}

#[test]
fn edges_that_are_dropped_within_a_read_are_marked_where_they_were() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(3), Limits::interrupts(6), move || {
        let (capture, mut reader, seen) = bench.open_with(newest(3));
        watch([&seen]);
        bench.edges.start(8, 10);
        while seen.accounted() < 8 {
            // Long enough to drop edges, if none arrives earlier.
            sleep(Duration::from_ticks(34));
            assert_ne!(reader.ready(), Some(Wake::Overflow));
            seen.read::<2>(&mut reader);
        }
        seen.check_end();
        assert_eq!(seen.ledger().lost.total(), seen.ledger().lost.oldest);
        seen.close(capture);
    });
}

#[test]
fn a_close_leaves_the_newest_edges_to_read() {
    let bench = Bench::on(0);
    walk(Limits::new(2, 1), Limits::new(4, 2), move || {
        let (capture, reader, seen) = bench.open_with(newest(2));
        watch([&seen]);
        bench.edges.start(5, 10);
        let closer = close_after(52, 0, &seen, capture);
        sleep(Duration::from_ticks(45));
        wait_and_read(&seen, reader, None);
        closer.join();
    });
}

#[test]
fn of_two_readers_each_edge_goes_to_one_or_is_dropped() {
    let bench = Bench::on(0);
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let (capture, reader, seen) = bench.open_with(newest(2));
        watch([&seen]);
        bench.edges.start(5, 10);
        let reader = Rc::new(reader);
        let readers = [1, 2].map(|priority| {
            let (seen, reader) = (Rc::clone(&seen), Rc::clone(&reader));
            sim::spawn("reader", priority, move || {
                sleep(Duration::from_ticks(35));
                let mut bytes = [0; RECORD_BYTES];
                while seen.read_some(&reader, None, &mut bytes) != Ok(0) {}
            })
        });
        sleep(Duration::from_ticks(55));
        seen.close(capture);
        readers.iter().for_each(Thread::join);
        let ledger = seen.ledger();
        assert_eq!(ledger.pending, 0);
        assert_eq!(ledger.captured, ledger.delivered + ledger.lost.oldest);
    });
}

#[test]
fn handlers_that_interrupt_each_other_drop_the_oldest() {
    let bench = Ports::new([3, 1]);
    walk(Limits::interrupts(2), ALL, move || {
        let (capture, mut reader, seen) = bench.open(newest(2));
        sim::set_priority(Source::Timer, 2);
        watch([&seen]);
        bench.edges_at([10, 20], [11, 21]);
        let closer = close_after(30, 0, &seen, capture);
        sleep(Duration::from_ticks(25));
        read_to_the_end(&seen, &mut reader);
        closer.join();
        assert_eq!(seen.ledger().captured, 4);
    });
}
