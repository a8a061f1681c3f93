//! The last records never wait for ever.

use edgepipe::{Config, Edge, Error, Wake, sys::clock};
use zephyr::time::{Duration, Forever, Tick};

use super::support::{PERIOD_US, Square, bench, drain, periods, sleep_periods};

/// Ready at a full buffer, or `count` periods after the oldest record.
fn flush_after(count: u64) -> Config {
    Config {
        flush_after: Some(periods(count)),
        ..Config::DEFAULT
    }
}

/// The time that `body` takes, in microseconds.
fn time_us(body: impl FnOnce()) -> u64 {
    let before = clock::uptime_ticks();
    body();
    (clock::uptime_ticks() - before) * 1_000_000 / u64::from(clock::TICKS_PER_SECOND)
}

pub(super) fn a_deadline_wakes_a_waiter_for_the_tail() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(flush_after(20));
    bench.play(&capture, Square::new(3));
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Deadline));
    assert_eq!(drain(&mut reader), 3);
    assert_eq!(reader.ready(), None, "nothing is pending any more");
    assert_eq!(reader.wait_ready(periods(60)), Err(Error::TIMED_OUT));
}

pub(super) fn a_deadline_counts_from_the_oldest_unread_record() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(flush_after(20));
    for edge in 1..=3 {
        bench.edges([edge]);
        sleep_periods(6);
    }
    assert_eq!(reader.read_edges(&mut [Edge::default(); 1]), Ok(1));

    // Then the second edge is the oldest unread one.
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Deadline));
    let woken_ns = capture.now_ns();
    let mut edges = [Edge::default(); 2];
    assert_eq!(reader.read_edges(&mut edges), Ok(2));
    let [second, third] = edges.map(|edge| edge.timestamp_ns + 20_000 * PERIOD_US);
    assert!(
        (second..third).contains(&woken_ns),
        "woken at {woken_ns} ns, not from {second} to {third} ns"
    );
}

pub(super) fn a_deadline_holds_until_the_records_are_read() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(flush_after(5));
    bench.play_all(&capture, Square::new(3));
    sleep_periods(20);
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Deadline));
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Deadline));
    // The deadlines of all three have passed, so the capture is ready down to the last of them.
    for _ in 0..3 {
        assert_eq!(reader.ready(), Some(Wake::Deadline));
        assert_eq!(reader.read_edges(&mut [Edge::default(); 1]), Ok(1));
    }
    assert_eq!(reader.ready(), None);
}

pub(super) fn a_full_buffer_does_not_wait_for_the_deadline() {
    let bench = bench!(4);
    let config = Config {
        headroom: Some(0),
        ..flush_after(1_000)
    };
    let (capture, mut reader) = bench.open(config);
    bench.play(&capture, Square::new(4));
    let waited = time_us(|| assert_eq!(reader.wait_ready(Forever), Ok(Wake::Full)));
    assert!(waited < 100 * PERIOD_US, "{waited} us");
    assert_eq!(drain(&mut reader), 4);
}

pub(super) fn each_batch_has_a_deadline_of_its_own() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(flush_after(20));
    for _ in 0..3 {
        bench.play(&capture, Square::new(2));
        assert_eq!(reader.wait_ready(periods(100)), Ok(Wake::Deadline));
        assert_eq!(drain(&mut reader), 2);
    }
    assert_eq!(reader.ledger().wakes, 3);
}

pub(super) fn a_closed_capture_is_closed_whatever_its_deadline() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(flush_after(5));
    bench.play_all(&capture, Square::new(3));
    capture.close();
    // Neither a deadline that passes later, nor that of a record that a read left.
    for _ in 0..3 {
        sleep_periods(20);
        assert_eq!(reader.ready(), Some(Wake::Closed));
        assert_eq!(reader.read_edges(&mut [Edge::default(); 1]), Ok(1));
    }
}

pub(super) fn a_deadline_can_be_as_far_away_as_time_goes() {
    let bench = bench!(8);
    let config = Config {
        flush_after: Some(Duration::from_ticks(Tick::MAX)),
        ..Config::DEFAULT
    };
    let (capture, reader) = bench.open(config);
    bench.play_all(&capture, Square::new(3));
    assert_eq!(reader.wait_ready(periods(20)), Err(Error::TIMED_OUT));
}

pub(super) fn a_deadline_of_nothing_is_refused() {
    let bench = bench!(8);
    let config = Config {
        flush_after: Some(Duration::from_ticks(0)),
        ..Config::DEFAULT
    };
    let lines = super::support::low_lines();
    let expected = edgepipe::OpenError::Config(edgepipe::ConfigError::FlushAfterZero);
    assert_eq!(bench.device.open(&lines, config).err(), Some(expected));
}
