//! Tests what the emulator cannot: real pins, real interrupts, the board's own clock.
#![no_std]

use edgepipe::{Capture, Config, Edge, EdgeDevice, Level, Line, Reader, Readiness, Wake};
use zephyr::{
    raw::gpio_dt_spec,
    time::{Duration, sleep},
};

/// Room in the buffer.
const RECORDS: u32 = 16;
const GPIO_ACTIVE_LOW: u16 = 1;

/// Without headroom: "full" is the whole buffer.
const CONFIG: Config = Config {
    headroom: Some(0),
    ..Config::DEFAULT
};

static DEVICE: EdgeDevice<{ RECORDS as usize }> = EdgeDevice::new();

// From `wire.c`.
extern "C" {
    #[link_name = "loopback_in"]
    static IN: gpio_dt_spec;
    #[link_name = "loopback_period_us"]
    static PERIOD_US: u32;
    fn loopback_start(edges: u32, period_us: u32);
    fn loopback_is_over() -> bool;
}

/// Time between two edges, so many times.
fn periods(count: u32) -> Duration {
    Duration::micros_at_least(u64::from(periods_us(count)))
}

fn periods_us(count: u32) -> u32 {
    // SAFETY: a constant of `wire.c`.
    count * unsafe { PERIOD_US }
}

/// Drives the captured pin from a timer's interrupt.
fn start(edges: u32, period_us: u32) {
    // SAFETY: the call has no preconditions.
    unsafe { loopback_start(edges, period_us) }
}

/// The same, and waits until the last edge is captured.
fn play(edges: u32) {
    start(edges, periods_us(1));
    // SAFETY: the call has no preconditions.
    while !unsafe { loopback_is_over() } {
        sleep(periods(1));
    }
    // The handler of the last edge may run after the timer's handler that made it.
    sleep(periods(1));
}

fn open(config: Config, extra_flags: u16) -> (Capture, Reader) {
    // SAFETY: a constant of `wire.c`, whose device is a constant too.
    let (port, pin, flags) = unsafe { (&*IN.port, IN.pin, IN.dt_flags) };
    DEVICE
        .open(&[Line::new(port, pin, flags | extra_flags)], config)
        .expect("the pin can be captured")
}

/// Reads `COUNT` pending edges.
fn take<const COUNT: usize>(reader: &mut Reader) -> [Edge; COUNT] {
    let mut edges = [Edge::default(); COUNT];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(COUNT));
    edges
}

/// Checks that each edge is on line 0, to the other level, with the next number, and that nothing
/// was lost.
fn assert_in_order(edges: &[Edge], first: Level) {
    for (index, edge) in edges.iter().enumerate() {
        let level = Level::from(bool::from(first) == (index % 2 == 0));
        let number = (index as u8).wrapping_add(edges[0].sequence);
        assert_eq!((edge.line, edge.level), (0, level), "edge {index}");
        assert_eq!(
            (edge.sequence, edge.lost_before()),
            (number, 0),
            "edge {index}"
        );
    }
}

#[no_mangle]
extern "C" fn loopback_a_full_buffer_wakes_the_reader() {
    let (_capture, mut reader) = open(CONFIG, 0);
    start(RECORDS, periods_us(1));
    assert_eq!(reader.wait_ready(periods(1_000)), Ok(Wake::Full));
    assert_in_order(&take::<{ RECORDS as usize }>(&mut reader), Level::High);
    let ledger = reader.ledger();
    assert_eq!((ledger.captured, ledger.wakes), (RECORDS.into(), 1));
}

#[no_mangle]
extern "C" fn loopback_every_edge_comes_in_order() {
    const BATCH: usize = 8;
    const BATCHES: u32 = 25;
    let ready = Readiness::Records(BATCH as u32);
    let (_capture, mut reader) = open(Config { ready, ..CONFIG }, 0);
    start(BATCHES * BATCH as u32, periods_us(1));
    for batch in 0..BATCHES {
        assert_eq!(reader.wait_ready(periods(1_000)), Ok(Wake::Threshold));
        let edges = take::<BATCH>(&mut reader);
        assert_in_order(&edges, Level::High);
        // Numbers begin with 1.
        assert_eq!(edges[0].sequence, (batch * BATCH as u32 + 1) as u8);
    }
    let ledger = reader.ledger();
    assert_eq!(ledger.delivered, u64::from(BATCHES) * BATCH as u64);
    assert_eq!(ledger.missed, Default::default(), "the board missed edges");
    assert!(ledger.balances());
}

#[no_mangle]
extern "C" fn loopback_edges_that_do_not_fit_are_counted() {
    const SURPLUS: u32 = 8;
    let (_capture, mut reader) = open(CONFIG, 0);
    play(RECORDS + SURPLUS);
    assert_eq!(reader.ready(), Some(Wake::Overflow));
    assert_in_order(&take::<{ RECORDS as usize }>(&mut reader), Level::High);
    play(2);
    let [after, _] = take::<2>(&mut reader);
    assert_eq!((after.lost_before(), after.level), (SURPLUS, Level::High));
    let ledger = reader.ledger();
    assert_eq!(ledger.captured, u64::from(RECORDS + SURPLUS + 2));
    assert_eq!(ledger.lost.full, u64::from(SURPLUS));
    assert!(ledger.balances());
}

#[no_mangle]
extern "C" fn loopback_times_are_those_of_the_edges() {
    let period_ns = u64::from(periods_us(10)) * 1_000;
    // It allows for a tick of the timer, and for other interrupts.
    let tolerance_ns = period_ns / 10;
    let (capture, mut reader) = open(CONFIG, 0);
    let before = capture.now_ns();
    start(RECORDS, periods_us(10));
    assert_eq!(reader.wait_ready(periods(1_000)), Ok(Wake::Full));
    let after = capture.now_ns();
    let edges = take::<{ RECORDS as usize }>(&mut reader);
    assert!(edges[0].timestamp_ns > before && edges[edges.len() - 1].timestamp_ns <= after);
    for (index, pair) in edges.windows(2).enumerate() {
        let apart = pair[1].timestamp_ns - pair[0].timestamp_ns;
        assert!(
            apart.abs_diff(period_ns) <= tolerance_ns,
            "{apart} ns after edge {index}"
        );
    }
}

#[no_mangle]
extern "C" fn loopback_the_deadline_brings_the_tail() {
    const EDGES: u32 = 4;
    let after_ms = u64::from(periods_us(50)) / 1_000;
    let (capture, mut reader) = open(
        Config {
            flush_after: Some(periods(50)),
            ..CONFIG
        },
        0,
    );
    start(EDGES, periods_us(1));
    assert_eq!(reader.wait_ready(periods(1_000)), Ok(Wake::Deadline));
    let now = capture.now_ns();
    let edges = take::<{ EDGES as usize }>(&mut reader);
    let waited_ms = (now - edges[0].timestamp_ns) / 1_000_000;
    // The time is rounded to ticks and cycles, so it may be a little short.
    assert!(
        (after_ms - 1..after_ms * 2).contains(&waited_ms),
        "{waited_ms} ms"
    );
}

#[no_mangle]
extern "C" fn loopback_an_active_low_line_is_inverted() {
    let (capture, mut reader) = open(CONFIG, GPIO_ACTIVE_LOW);
    assert_eq!(capture.level(0), Level::High);
    play(4);
    assert_in_order(&take::<4>(&mut reader), Level::Low);
}

#[no_mangle]
extern "C" fn loopback_a_closed_capture_hears_nothing() {
    let (capture, mut reader) = open(CONFIG, 0);
    play(2);
    capture.close();
    play(2);
    assert_eq!(reader.ready(), Some(Wake::Closed));
    assert_in_order(&take::<2>(&mut reader), Level::High);
    assert_eq!(reader.ledger().captured, 2);
}

/// Never called (see `CMakeLists.txt`), but zephyr-lang-rust's `main.c` names it.
#[no_mangle]
extern "C" fn rust_main() {}
