//! The oldest edges give way to new ones.

use edgepipe::{
    Config, ConfigError, Delivery, Edge, EdgeDevice, Gap, Level, OpenError, Overflow, RECORD_BYTES,
    StrobeDevice, Wake, record::Record,
};
use zephyr::time::Forever;

use super::support::{PERIOD_US, drain, low_lines, periods, pins, sleep_periods, strict};

/// A full buffer is full to its end, and its oldest edges give way.
fn newest() -> Config {
    Config {
        overflow: Overflow::DropOldest,
        ..strict()
    }
}

/// Makes so many edges of a line that is low.
fn toggle(line: usize, edges: u32) {
    (0..edges).for_each(|edge| assert!(pins()[line].set(edge % 2 == 0)));
}

pub(super) fn a_full_buffer_keeps_the_newest_and_counts_the_others() {
    static DEVICE: EdgeDevice<4> = EdgeDevice::new();
    let (_capture, mut reader) = DEVICE.open(&low_lines(), newest()).unwrap();
    toggle(0, 9);
    let ledger = reader.ledger();
    assert_eq!((ledger.captured, ledger.pending), (9, 3));
    assert_eq!((ledger.lost.oldest, ledger.lost.total()), (6, 6));
    assert_eq!(ledger.high_water, 4);
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Full));

    let mut edges = [Edge::default(); 4];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(3));
    assert!(edges[..3].iter().map(|edge| edge.sequence).eq(7..=9));
    assert_eq!(edges[0].gap, Some(Gap { lost: 6, levels: 0 }));
    assert_eq!((edges[1].gap, edges[2].gap), (None, None));

    // Then there is room again.
    assert_eq!(reader.ready(), None);
    assert!(pins()[0].set(false));
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!((edges[0].gap, edges[0].sequence), (None, 10));
    assert!(reader.ledger().balances());
}

pub(super) fn a_buffer_for_two_keeps_the_newest_edge_and_the_mark() {
    static DEVICE: EdgeDevice<2> = EdgeDevice::new();
    let (_capture, reader) = DEVICE.open(&low_lines(), newest()).unwrap();
    toggle(0, 2);
    assert_eq!(reader.ledger().lost.total(), 0, "both have room");
    toggle(0, 3);
    let mut bytes = [0; 3 * RECORD_BYTES];
    assert_eq!(reader.try_read(&mut bytes), Ok(2 * RECORD_BYTES));
    let gap = bytes.first_chunk().map(|record| Record::decode(*record));
    let marked = Record::Gap { lost: 4, levels: 0 };
    assert_eq!(gap, Some(Ok(marked)));
    let ledger = reader.ledger();
    assert_eq!((ledger.delivered, ledger.lost.oldest), (1, 4));
    assert!(ledger.balances());
}

pub(super) fn the_mark_tells_the_levels_of_all_lines() {
    static DEVICE: EdgeDevice<4> = EdgeDevice::new();
    let lines = low_lines();
    let mut edges = [Edge::default(); 4];
    let mut gap_after = |is_read: bool| {
        // The other line is high: since the beginning, since an edge that was read, or since one that was dropped.
        let (_capture, mut reader) = DEVICE.open(&lines, newest()).unwrap();
        assert!(pins()[1].set(true));
        if is_read {
            drain(&mut reader);
        }
        assert!(pins()[0].set(false));
        toggle(0, 7);
        // The seventh edge is to high; the three newest are pending.
        assert_eq!(reader.try_read_edges(&mut edges), Ok(3));
        let last = edges[0];
        assert_eq!(reader.levels(), 0b11);
        last.gap.map(|gap| (gap.levels, last.level))
    };
    let other_is_high = Some((0b10, Level::High));
    assert_eq!(gap_after(false), other_is_high, "by a dropped edge");
    assert_eq!(gap_after(false), other_is_high, "from the beginning");
    assert!(pins()[1].set(false));
    assert_eq!(gap_after(true), other_is_high, "by an edge that was read");
}

pub(super) fn a_mark_of_a_pause_gives_way_too() {
    static DEVICE: EdgeDevice<4> = EdgeDevice::new();
    let (mut capture, mut reader) = DEVICE.open(&low_lines(), newest()).unwrap();
    toggle(0, 4);
    capture.pause();
    assert!(pins()[1].set(true));
    assert_eq!(capture.resume(), Ok(()));
    // A mark needs the room of an edge: two have become a gap record.
    let ledger = reader.ledger();
    assert_eq!((ledger.pending, ledger.lost.oldest), (2, 2));
    let mut edges = [Edge::default(); 4];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(2));
    let lost = |lost, levels| Some(Gap { lost, levels });
    assert_eq!((edges[0].gap, edges[1].gap), (lost(2, 0), None));

    // The mark is dropped, and what it said of the levels stays.
    toggle(0, 1);
    assert_eq!(reader.try_read_edges(&mut edges), Ok(1));
    assert_eq!(edges[0].gap, lost(0, 0b10));
    capture.pause();
    assert!(pins()[1].set(false));
    assert_eq!(capture.resume(), Ok(()));
    assert!(pins()[0].set(false));
    toggle(0, 4);
    assert_eq!(reader.try_read_edges(&mut edges), Ok(3));
    assert_eq!((edges[0].gap, edges[0].sequence), (lost(2, 0b01), 8));
    assert!(reader.ledger().balances());
}

pub(super) fn edges_dropped_during_a_read_are_marked_within_it() {
    static DEVICE: EdgeDevice<4> = EdgeDevice::new();
    let (_capture, mut reader) = DEVICE.open(&low_lines(), newest()).unwrap();
    toggle(0, 4);
    let mut edges = [Edge::default(); 4];
    assert_eq!(reader.try_read_edges(&mut edges[..1]), Ok(1));
    assert_eq!((edges[0].gap, edges[0].sequence), (None, 1));
    // One has room, and two do not.
    toggle(0, 3);
    assert_eq!(reader.try_read_edges(&mut edges), Ok(3));
    let gap = Gap { lost: 3, levels: 0 };
    assert_eq!((edges[0].gap, edges[0].sequence), (Some(gap), 5));
    assert!(reader.ledger().balances());
}

pub(super) fn the_deadline_counts_from_the_oldest_edge_that_is_left() {
    static DEVICE: EdgeDevice<4> = EdgeDevice::new();
    let config = Config {
        flush_after: Some(periods(20)),
        ..newest()
    };
    let (capture, mut reader) = DEVICE.open(&low_lines(), config).unwrap();
    for edge in 1..=7 {
        assert!(pins()[0].set(edge % 2 == 1));
        sleep_periods(6);
    }
    let mut edges = [Edge::default(); 1];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(1));
    assert_eq!((edges[0].sequence, edges[0].lost_before()), (5, 4));
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Deadline));
    let woken_ns = capture.now_ns();
    let mut edges = [Edge::default(); 2];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(2));
    let [sixth, seventh] = edges.map(|edge| edge.timestamp_ns + 20_000 * PERIOD_US);
    assert!(
        (sixth..seventh).contains(&woken_ns),
        "woken at {woken_ns} ns, not from {sixth} to {seventh} ns"
    );
}

pub(super) fn a_debounced_edge_makes_room_too() {
    static DEVICE: EdgeDevice<2, 1, 1> = EdgeDevice::new();
    let line = low_lines()[0].with_debounce_us(2 * PERIOD_US as u32);
    let (_capture, mut reader) = DEVICE.open(&[line], newest()).unwrap();
    for edge in 1..=4 {
        assert!(pins()[0].set(edge % 2 == 1));
        sleep_periods(10);
    }
    let mut edges = [Edge::default(); 2];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(1));
    let gap = Gap { lost: 3, levels: 1 };
    assert_eq!((edges[0].gap, edges[0].level), (Some(gap), Level::Low));
}

pub(super) fn what_cannot_give_way_is_refused() {
    static DEVICE: EdgeDevice<4, 2, 0, 4> = EdgeDevice::new();
    static STROBED: StrobeDevice<u8, 4> = StrobeDevice::new();
    let lines = low_lines();
    let alone = Config {
        capacity: Some(1),
        ..newest()
    };
    let piped = Config {
        deliver: Delivery::Pipe,
        ..newest()
    };
    for (config, error) in [
        (alone, ConfigError::DropOldestCapacity),
        (piped, ConfigError::DropOldestPipe),
    ] {
        let refused = DEVICE.open(&lines, config).err();
        assert_eq!(refused, Some(OpenError::Config(error)));
    }
    let refused = STROBED.open(lines[0], &lines[1..], newest()).err();
    let error = OpenError::Config(ConfigError::DropOldestSamples);
    assert_eq!(refused, Some(error));
    assert!(DEVICE.open(&lines, newest()).is_ok());
}
