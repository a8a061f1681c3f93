//! Timers that expire late.

use edgepipe::{Config, Edge, EdgeDevice, Error, Wake};
use zephyr::sim::{self, Limits, Options};
use zephyr::time::{Duration, Forever, NoWait};

use crate::explore::{Bench, walk, watch};
use crate::support::{check_recovered, interrupt, low_pin, pin, sleep_ticks};

/// The ticks of a deadline, and how late its timer is.
const AFTER: u64 = 20;
const LATE: u64 = 300;

/// Two edges, at ticks 11 and 22.
fn two_edges(bench: &Bench) -> sim::Thread {
    let pin = bench.edges.pin();
    sim::spawn("edges", 1, move || {
        for high in [true, false] {
            sleep_ticks(10);
            interrupt(pin, high);
        }
    })
}

fn open(
    bench: &Bench,
) -> (
    edgepipe::Capture,
    edgepipe::Reader,
    std::rc::Rc<crate::explore::Watch>,
) {
    sim::delay_timers(LATE);
    let opened = bench.open_with(Config {
        flush_after: Some(Duration::from_ticks(AFTER)),
        ..Config::DEFAULT
    });
    opened.2.allow_late(LATE);
    watch([&opened.2]);
    opened
}

#[test]
fn a_late_deadline_still_wakes_its_waiter() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = open(&bench);
        two_edges(&bench);
        while seen.accounted() < 2 {
            assert_eq!(seen.wait_ready(&reader, None), Ok(Wake::Deadline));
            assert!(seen.try_read::<4>(&mut reader) > Some(0));
        }
        seen.check_end();
        seen.close(capture);
    });
}

#[test]
fn time_stands_still_where_the_counter_steps_back() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    // The step back crosses a half wrap of the counter, or does not.
    for cycles_start in [1 << 20, (1 << 31) - 15, 15_u32.wrapping_neg()] {
        let options = Options {
            cycles_start,
            ..Options::default()
        };
        let run = sim::try_run(options, move || {
            let pin = low_pin(0);
            let config = Config {
                flush_after: Some(Duration::from_ticks(50)),
                ..Config::DEFAULT
            };
            let (_capture, mut reader) = DEVICE.open(&[pin.line()], config).unwrap();
            sleep_ticks(20);
            interrupt(pin, true);
            // A read reads the counter, for the deadline of the edges that are left.
            interrupt(pin, false);
            let mut edges = [Edge::default(); 3];
            assert_eq!(reader.try_read_edges(&mut edges[..1]), Ok(1));
            sim::step_cycles_back(10);
            interrupt(pin, true);
            assert_eq!(reader.try_read_edges(&mut edges[1..2]), Ok(1));
            assert_eq!(reader.ready(), None, "the third edge is not old");
            assert_eq!(reader.try_read_edges(&mut edges[2..]), Ok(1));
            let times = edges.map(|edge| edge.timestamp_ns);
            assert!(times.is_sorted(), "{times:?}");
            assert!(times[2] - times[0] < 1_000_000, "no wrap: {times:?}");
        });
        run.unwrap();
    }
}

#[test]
fn a_late_deadline_of_edges_that_were_read_makes_nothing_ready() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(4), move || {
        let (capture, mut reader, seen) = open(&bench);
        two_edges(&bench).join();
        assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        sleep_ticks(100);
        // A read checks the clock: the deadline of the edge that is left has passed.
        assert_eq!(seen.try_read::<1>(&mut reader), Some(1));
        sleep_ticks(2 * LATE);
        assert_eq!(reader.ready(), None);
        assert_eq!(seen.wait_ready(&reader, Some(10)), Err(Error::TIMED_OUT));
        seen.check_end();
        seen.close(capture);
    });
}

/// Opens a device with its timers `late`, and makes an edge after each of `sleeps`. Returns the
/// times of the edges, and the uptime at each.
fn edges_after(late: u64, sleeps: &'static [u64]) -> Vec<(u64, u64)> {
    let options = Options {
        ticks_max: u64::MAX,
        ..Options::default()
    };
    let run = sim::try_run(options, move || {
        let device: &EdgeDevice<8> = Box::leak(Box::new(EdgeDevice::new()));
        let pin = low_pin(0);
        sim::delay_timers(late);
        let (_capture, mut reader) = device.open(&[pin.line()], Config::DEFAULT).unwrap();
        let mut times = Vec::new();
        for (step, ticks) in sleeps.iter().enumerate() {
            sleep_ticks(*ticks);
            interrupt(pin, step % 2 == 0);
            let mut edges = [Edge::default(); 2];
            assert_eq!(reader.read_edges(&mut edges), Ok(1));
            times.push((edges[0].timestamp_ns, 1_000 * zephyr::time::now().ticks()));
        }
        sim::delay_timers(0);
        check_recovered(&mut reader, pin);
        times
    });
    run.unwrap()
}

/// Ticks in a wrap of the cycle counter. A timer reads it four times in each wrap; twice would be
/// enough.
const WRAP: u64 = 1 << 32;

#[test]
fn a_capture_that_opens_after_wraps_knows_of_them() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    // Around each wrap of the counter, and around each half wrap, only the uptime tells how often
    // it has wrapped.
    for slept in [
        5,
        WRAP / 2 - 7,
        WRAP - 3,
        WRAP + 3,
        3 * WRAP + WRAP / 2,
        7 * WRAP - 2,
    ] {
        let options = Options {
            ticks_max: u64::MAX,
            ..Options::default()
        };
        let run = sim::try_run(options, move || {
            let pin = low_pin(0);
            sleep_ticks(slept);
            let (capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
            let opened_ns = 1_000 * zephyr::time::now().ticks();
            assert_eq!(capture.now_ns(), opened_ns);
            sleep_ticks(10);
            interrupt(pin, true);
            let mut edges = [Edge::default(); 2];
            assert_eq!(reader.read_edges(&mut edges), Ok(1));
            assert_eq!(edges[0].timestamp_ns, opened_ns + 11_000);
        });
        run.unwrap();
    }
}

#[test]
fn a_watch_for_wraps_that_is_late_by_less_than_a_quarter_wrap_misses_none() {
    for (edge, uptime) in edges_after(WRAP / 4 - 1, &[5, 5 * WRAP, 17, 9 * WRAP / 4]) {
        assert_eq!(edge, uptime);
    }
}

#[test]
fn a_watch_for_wraps_that_is_later_gets_times_wrong_and_nothing_else() {
    let sleeps = &[5, 5 * WRAP, 17, 9 * WRAP / 4, 3 * WRAP / 4, 3 * WRAP / 4];
    let times = edges_after(2 * WRAP, sleeps);
    assert_eq!(times.len(), sleeps.len());
    assert!(times.iter().any(|(edge, uptime)| edge != uptime));
}

/// A debounced line, which must be stable for 10 ticks, and a plain one.
fn debounced(test: impl FnOnce(edgepipe::Capture, edgepipe::Reader) + 'static) {
    sim::run(|| {
        let device: &EdgeDevice<8, 1, 1> = Box::leak(Box::new(EdgeDevice::new()));
        let lines = [low_pin(0).line().with_debounce_us(10), low_pin(1).line()];
        sim::delay_timers(LATE);
        let (capture, reader) = device.open(&lines, Config::DEFAULT).unwrap();
        test(capture, reader);
    });
}

#[test]
fn a_late_debounced_edge_wakes_its_reader_and_has_its_own_time() {
    debounced(|_capture, mut reader| {
        let [pin, other] = [0, 1].map(pin);
        sleep_ticks(4);
        interrupt(pin, true);
        let mut edges = [Edge::default(); 2];
        assert_eq!(reader.read_edges(&mut edges), Ok(1));
        assert_eq!(edges[0].timestamp_ns, 5_000);
        assert_eq!(zephyr::time::now().ticks(), 5 + 1 + 10 + LATE);
        check_recovered(&mut reader, other);
    });
}

#[test]
fn a_level_that_ends_before_a_late_look_is_no_edge() {
    debounced(|_capture, mut reader| {
        let [pin, other] = [0, 1].map(pin);
        interrupt(pin, true);
        sleep_ticks(100);
        interrupt(pin, false);
        sleep_ticks(2 * LATE);
        let ledger = reader.ledger();
        assert_eq!((ledger.captured, ledger.bounces), (0, 2));
        check_recovered(&mut reader, other);
    });
}

#[test]
fn a_late_look_does_not_come_after_the_end() {
    debounced(|capture, mut reader| {
        interrupt(pin(0), true);
        capture.close();
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Closed));
        sleep_ticks(2 * LATE);
        assert_eq!(reader.ledger(), Default::default());
        assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Closed));
        assert_eq!(reader.read_edges(&mut [Edge::default()]), Ok(0));
    });
}
