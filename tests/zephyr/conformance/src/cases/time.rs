//! Time stamps.

use edgepipe::{Config, Edge, sys::clock};
use zephyr::time::{Duration, Tick, sleep};

use super::support::{Bench, CYCLES_PER_TICK, Square, bench, pins};

/// Sleeps for a number of wraps of the cycle counter, in eighths.
pub(super) fn sleep_wraps(eighths: u64) {
    let cycles = (1 << 29) * eighths;
    let ticks = cycles / u64::from(clock::CYCLES_PER_SECOND) * u64::from(clock::TICKS_PER_SECOND);
    sleep(Duration::from_ticks(ticks as Tick));
}

/// The time since the uptime was `ticks`.
pub(super) fn ns_since(ticks: u64) -> u64 {
    let cycles = (clock::uptime_ticks() - ticks) * CYCLES_PER_TICK;
    clock::cycles_to_ns(cycles, clock::CYCLES_PER_SECOND)
}

/// Toggles pin 0 once and reads the edge.
fn one_edge<const N: usize, const PIPE: usize>(
    bench: &Bench<N, PIPE>,
    capture: &edgepipe::Capture,
    reader: &mut edgepipe::Reader,
) -> (Edge, u64) {
    // The stimulus is one edge to high. Before it the line goes back to low, which is captured too.
    pins()[0].set(false);
    let mut edges = [Edge::default(); 4];
    while reader.try_read_edges(&mut edges).is_ok() {}
    let before = capture.now_ns();
    bench.play(capture, Square::new(1));
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert!(edges[0].timestamp_ns > before);
    assert!(edges[0].timestamp_ns <= capture.now_ns());
    (edges[0], before)
}

pub(super) fn time_is_monotonic_across_wraps_of_the_counter() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    let (mut last, _) = one_edge(&bench, &capture, &mut reader);
    // Three eighths at a time: two and a quarter wraps, with edges before and after each.
    for _ in 0..6 {
        let ticks = clock::uptime_ticks();
        sleep_wraps(3);
        let (edge, before) = one_edge(&bench, &capture, &mut reader);
        // Compare with the uptime, which does not wrap.
        let slept_ns = ns_since(ticks);
        let apart_ns = edge.timestamp_ns - last.timestamp_ns;
        assert!(
            apart_ns.abs_diff(slept_ns) < 50_000_000,
            "{apart_ns} ns for {slept_ns} ns"
        );
        assert!(before > last.timestamp_ns);
        last = edge;
    }
}

pub(super) fn an_idle_gap_of_several_wraps_is_seen_in_full() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    let (first, _) = one_edge(&bench, &capture, &mut reader);
    let ticks = clock::uptime_ticks();
    sleep_wraps(20);
    let (second, _) = one_edge(&bench, &capture, &mut reader);
    let slept_ns = ns_since(ticks);
    let apart_ns = second.timestamp_ns - first.timestamp_ns;
    assert!(
        apart_ns.abs_diff(slept_ns) < 50_000_000,
        "{apart_ns} ns for {slept_ns} ns"
    );
}

pub(super) fn records_that_wait_over_wraps_keep_their_times() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    let ticks = clock::uptime_ticks();
    let begin_ns = capture.now_ns();
    bench.play_all(&capture, Square::new(1));
    sleep_wraps(12);
    bench.play_all(&capture, Square::only(2));
    let slept_ns = ns_since(ticks);
    sleep_wraps(3);

    assert_eq!(reader.ready(), None, "they have no deadline");
    let mut edges = [Edge::default(); 4];
    assert_eq!(reader.read_edges(&mut edges), Ok(2));
    assert!(edges[0].timestamp_ns.abs_diff(begin_ns) < 50_000_000);
    let apart_ns = edges[1].timestamp_ns - edges[0].timestamp_ns;
    assert!(
        apart_ns.abs_diff(slept_ns) < 50_000_000,
        "{apart_ns} ns for {slept_ns} ns"
    );
}
