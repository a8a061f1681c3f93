//! Pauses, and edges at every place of their calls.

use edgepipe::{Config, Edge, EdgeDevice, Level, Reader, Wake};
use edgepipe_app::EmulatedPin;
use zephyr::sim::{self, Limits, Source};
use zephyr::time::{Duration, Forever, now, sleep};

use crate::explore::{Bench, walk, watch};

fn pin() -> EmulatedPin {
    // SAFETY: the simulated kernel's ports are emulated controllers.
    unsafe { EmulatedPin::new(sim::gpio(0), 0) }
}

/// Sets the pin in an interrupt that comes at any place from now on.
fn set_from_now(high: bool) {
    sim::interrupt_at(Source::Port(0), now().ticks() + 5, move || {
        assert!(pin().set(high));
    });
}

/// A capture tells the levels when it begins, when it goes on, and with each edge. They follow each other.
fn the_levels_follow_the_line(debounce_us: u32) {
    let device: &'static EdgeDevice<8, 1, 1> = Box::leak(Box::new(EdgeDevice::new()));
    let line = move || pin().line().with_debounce_us(debounce_us);
    for high in [true, false] {
        walk(Limits::NONE, Limits::NONE, move || {
            assert!(pin().prepare(true) && pin().set(high));
            set_from_now(!high);
            let (mut capture, mut reader) = device.open(&[line()], Config::DEFAULT).unwrap();
            follow(&mut reader, !high);
            capture.pause();
            set_from_now(high);
            assert_eq!(capture.resume(), Ok(()));
            follow(&mut reader, high);
            assert_eq!(capture.level(0), Level::from(high));
            assert!(reader.ledger().balances());
        });
    }
}

/// Reads the edges up to a time at which the line is at the level `high`.
fn follow(reader: &mut Reader, high: bool) {
    sleep(Duration::from_ticks(20));
    let mut level = Level::from(reader.levels() == 1);
    let mut edges = [Edge::default(); 8];
    let count = reader.try_read_edges(&mut edges).unwrap_or(0);
    for edge in &edges[..count] {
        if let Some(gap) = edge.gap {
            level = Level::from(gap.levels == 1);
        }
        assert_ne!(edge.level, level);
        level = edge.level;
    }
    assert_eq!(
        reader.levels(),
        u32::from(high),
        "after {count} edges: {edges:?}"
    );
    assert_eq!(reader.ledger().missed, Default::default());
}

#[test]
fn the_levels_follow_a_line() {
    the_levels_follow_the_line(0);
}

#[test]
fn the_levels_follow_a_debounced_line() {
    the_levels_follow_the_line(5);
}

/// The other thread pauses and resumes while this one waits, and edges come at any time.
#[test]
fn a_waiter_sleeps_on_through_a_pause() {
    let bench = Bench::on(0);
    walk(Limits::new(1, 1), Limits::new(2, 2), move || {
        let (mut capture, mut reader, _) = bench.open(6, 2);
        bench.edges.start(4, 10);
        let other = sim::spawn("pauses", 1, move || {
            sleep(Duration::from_ticks(15));
            capture.pause();
            sleep(Duration::from_ticks(10));
            assert_eq!(capture.resume(), Ok(()));
            sleep(Duration::from_ticks(100));
        });
        // One of four edges may be in the pause; a gap record is none.
        let woken = reader.wait_ready(Duration::from_ticks(200));
        assert_eq!(woken, Ok(Wake::Threshold));
        other.join();
        let mut edges = [Edge::default(); 8];
        let count = reader.try_read_edges(&mut edges).unwrap();
        let ledger = reader.ledger();
        assert_eq!(ledger.captured, count as u64);
        assert!(ledger.balances());
    });
}

/// A flush comes at any time, and the waiter wakes if an edge was pending then.
#[test]
fn a_flush_wakes_the_waiter_of_an_edge() {
    let bench = Bench::on(0);
    walk(Limits::new(2, 2), Limits::new(3, 3), move || {
        let (capture, mut reader, _) = bench.open(6, 6);
        bench.edges.start(1, 10);
        let other = sim::spawn("flushes", 1, move || {
            sleep(Duration::from_ticks(30));
            capture.flush();
            sleep(Duration::from_ticks(100));
        });
        let woken = reader.wait_ready(Forever);
        // It is closed if this thread was kept from running until then.
        assert!(
            matches!(woken, Ok(Wake::Deadline | Wake::Closed)),
            "{woken:?}"
        );
        assert_eq!(reader.try_read_edges(&mut [Edge::default(); 8]), Ok(1));
        assert_ne!(reader.ready(), Some(Wake::Deadline));
        other.join();
    });
}

/// What the edge that starts a deadline makes ready at once is told at once.
#[test]
fn a_first_edge_that_reaches_the_threshold_wakes() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let config = Config {
            capacity: Some(4),
            ready: edgepipe::Readiness::Any,
            flush_after: Some(Duration::from_ticks(1_000)),
            idle_after: Some(Duration::from_ticks(1_000)),
            ..Config::DEFAULT
        };
        let (capture, mut reader, seen) = bench.open_with(config);
        watch([&seen]);
        bench.edges.start(3, 10);
        while seen.accounted() < 3 {
            assert_eq!(
                reader.wait_ready(Duration::from_ticks(500)),
                Ok(Wake::Threshold)
            );
            assert!(seen.try_read::<2>(&mut reader).is_some());
        }
        seen.close(capture);
    });
}
