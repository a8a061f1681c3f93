//! Pausing a capture, and driving one of its lines for a while.

use edgepipe::{
    Config, Edge, EdgeDevice, Error, Gap, Level, Overflow, StrobeDevice, Trigger, Wake, sys::clock,
};
use zephyr::time::{Forever, NoWait};

use super::super::platform;
use super::support::{bench, drain, low_lines, periods, pins, ready_at, sleep_periods, strict};

const GPIO_ACTIVE_LOW: u16 = 1;

/// The hole before an edge when nothing is known to be lost.
fn hole(levels: u32) -> Option<Gap> {
    Some(Gap { lost: 0, levels })
}

pub(super) fn a_paused_capture_counts_no_edge_and_its_hole_is_marked() {
    let bench = bench!(8);
    let (mut capture, mut reader) = bench.open(Config::DEFAULT);
    bench.edges([1]);
    capture.pause();
    capture.pause();
    bench.edges(2..=5);
    assert_eq!(reader.ledger().captured, 1);
    let mut edges = [Edge::default(); 4];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(1));
    assert_eq!(reader.try_read_edges(&mut edges), Err(Error::WOULD_BLOCK));

    assert_eq!(capture.resume(), Ok(()));
    assert_eq!(reader.try_read(&mut [0; 8]), Ok(8), "the gap record");
    assert_eq!(capture.resume(), Ok(()), "it is not paused any more");
    assert_eq!(reader.try_read(&mut [0; 8]), Err(Error::WOULD_BLOCK));
    capture.pause();
    assert_eq!(capture.resume(), Ok(()));
    bench.edges(6..=7);
    assert_eq!(reader.read_edges(&mut edges), Ok(2));
    assert_eq!((edges[0].gap, edges[0].level), (hole(0b01), Level::Low));
    assert_eq!((edges[1].gap, edges[1].sequence), (None, 3));
    let ledger = reader.ledger();
    assert_eq!((ledger.captured, ledger.missed), (3, Default::default()));
    assert!(ledger.balances());
}

pub(super) fn a_pause_ends_no_wait() {
    let bench = bench!(8);
    let (mut capture, mut reader) = bench.open(ready_at(4));
    bench.edges([1, 2]);
    capture.pause();
    bench.edges(3..=6);
    assert_eq!(reader.wait_ready(periods(5)), Err(Error::TIMED_OUT));
    assert_eq!(capture.resume(), Ok(()));
    bench.edges([7]);
    // Two edges, the gap record, and one more edge.
    assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Threshold));
    assert_eq!(drain(&mut reader), 3);
    capture.pause();
    capture.close();
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Closed));
}

pub(super) fn a_hole_without_edges_is_delivered_by_its_deadline() {
    let bench = bench!(8);
    let within = |flush_after, idle_after| Config {
        flush_after,
        idle_after,
        ..Config::DEFAULT
    };
    let some = Some(periods(5));
    for (config, wake) in [
        (within(some, None), Wake::Deadline),
        (within(None, some), Wake::Idle),
    ] {
        let (mut capture, mut reader) = bench.open(config);
        capture.pause();
        assert_eq!(capture.resume(), Ok(()));
        assert_eq!(reader.wait_ready(periods(500)), Ok(wake));
        // A gap record is not an edge.
        assert_eq!(drain(&mut reader), 0);
        assert_eq!(reader.ready(), None);
        assert_eq!(reader.wait_ready(periods(20)), Err(Error::TIMED_OUT));
    }
}

pub(super) fn the_hole_of_a_full_buffer_is_marked_once_there_is_room() {
    static DEVICE: EdgeDevice<4> = EdgeDevice::new();
    let set = |high| assert!(pins()[0].set(high));
    for overflow in [Overflow::DropNewest, Overflow::Freeze] {
        let config = Config {
            overflow,
            ..strict()
        };
        let (mut capture, mut reader) = DEVICE.open(&low_lines(), config).unwrap();
        (0..4).for_each(|edge| set(edge % 2 == 0));
        capture.pause();
        set(true);
        assert_eq!(capture.resume(), Ok(()));
        assert_eq!(reader.ready(), Some(Wake::Full), "nothing was lost");
        let mut edges = [Edge::default(); 8];
        assert_eq!(reader.try_read_edges(&mut edges), Ok(4));
        set(false);
        assert_eq!(reader.read_edges(&mut edges), Ok(1));
        assert_eq!((edges[0].gap, edges[0].level), (hole(0b1), Level::Low));
        // The same with an edge that is lost after the pause.
        (0..4).for_each(|edge| set(edge % 2 == 0));
        capture.pause();
        assert_eq!(capture.resume(), Ok(()));
        set(true);
        assert_eq!(reader.ready(), Some(Wake::Overflow));
        assert_eq!(reader.try_read_edges(&mut edges), Ok(4));
        set(false);
        assert_eq!(reader.read_edges(&mut edges), Ok(1));
        let gap = Gap {
            lost: 1,
            levels: 0b1,
        };
        assert_eq!((edges[0].gap, edges[0].level), (Some(gap), Level::Low));
        assert!(reader.ledger().balances());
    }
}

pub(super) fn a_line_can_be_driven_for_a_while() {
    let bench = bench!(16);
    let (mut capture, mut reader) = bench.open(Config::DEFAULT);
    let (pins, lines) = (pins(), lines_of_pins());
    bench.edges([1]);
    assert_eq!(capture.drive(&lines[0], Level::High), Ok(()));
    assert!(pins[0].is_driven_high());
    // The other line is captured meanwhile.
    assert!(pins[1].set(true));
    assert_eq!(capture.drive(&lines[0], Level::Low), Ok(()));
    assert!(!pins[0].is_driven_high());
    assert_eq!(reader.ledger().captured, 2);

    assert_eq!(capture.release(&lines[0]), Ok(()));
    // The pin has the level that it had as an input before.
    assert!(pins[0].set(false) && pins[0].set(true) && pins[1].set(false));
    let mut edges = [Edge::default(); 8];
    assert_eq!(reader.read_edges(&mut edges), Ok(5));
    let seen = edges.map(|edge| (edge.line, edge.level, edge.gap));
    let expected = [
        (0, Level::High, None),
        (1, Level::High, None),
        (0, Level::Low, hole(0b11)),
        (0, Level::High, None),
        (1, Level::Low, None),
    ];
    assert_eq!(seen[..5], expected);
    assert_eq!(reader.ledger().missed, Default::default());
}

/// The platform's pins as lines, whatever their levels.
fn lines_of_pins() -> heapless::Vec<edgepipe::Line, 2> {
    pins().iter().map(edgepipe_app::EmulatedPin::line).collect()
}

pub(super) fn a_driven_line_keeps_its_number_and_its_level() {
    let bench = bench!(8);
    for high in [true, false] {
        let (mut capture, mut reader) = bench.open(Config::DEFAULT);
        let line = lines_of_pins()[1];
        assert!(pins()[1].set(high));
        bench.edges([1]);
        assert_eq!(capture.drive(&line, Level::High), Ok(()));
        assert_eq!(capture.release(&line), Ok(()));
        assert!(pins()[1].set(!high));
        let mut edges = [Edge::default(); 8];
        let count = reader.read_edges(&mut edges).unwrap();
        let last = edges[count - 1];
        assert_eq!((last.line, last.level), (1, Level::from(!high)));
        assert_eq!(last.gap, hole(u32::from(high) << 1 | 0b1));
        assert_eq!(reader.ledger().missed, Default::default());
    }
}

pub(super) fn a_driven_line_keeps_its_flags_and_its_trigger() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    let pin = pins()[0];
    assert!(pin.prepare(true));
    let line = pin
        .line_with_flags(GPIO_ACTIVE_LOW)
        .with_trigger(Trigger::Rising);
    let (mut capture, mut reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
    assert_eq!(capture.drive(&line, Level::Low), Ok(()));
    assert!(pin.is_driven_high());
    assert_eq!(capture.drive(&line, Level::High), Ok(()));
    assert!(!pin.is_driven_high());
    assert_eq!(capture.release(&line), Ok(()));
    for high in [false, true, false] {
        assert!(pin.set(high));
    }
    let mut edges = [Edge::default(); 4];
    assert_eq!(reader.read_edges(&mut edges), Ok(2));
    assert_eq!((edges[0].level, edges[0].gap), (Level::High, hole(0)));
    assert_eq!((edges[1].level, edges[1].gap), (Level::High, None));
}

pub(super) fn a_debounced_line_can_be_driven_for_a_while() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    let lines = low_lines();
    let line = lines[0].with_debounce_us(3_000);
    assert!(pins()[0].set(true));
    let (mut capture, mut reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
    assert_eq!(capture.drive(&line, Level::High), Ok(()));
    assert!(pins()[0].is_driven_high());
    sleep_periods(20);
    assert_eq!(capture.drive(&line, Level::Low), Ok(()));
    sleep_periods(20);
    assert_eq!(capture.release(&line), Ok(()));
    sleep_periods(20);
    assert_eq!(reader.ledger().captured, 0);
    assert!(pins()[0].set(false));
    let mut edges = [Edge::default(); 2];
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!((edges[0].level, edges[0].gap), (Level::Low, hole(0b1)));
}

pub(super) fn a_debounced_line_is_driven_and_the_other_is_captured() {
    static DEVICE: EdgeDevice<8, 1, 2> = EdgeDevice::new();
    for high in [true, false] {
        let lines = low_lines();
        let lines = [0, 1].map(|line| lines[line].with_debounce_us(3_000));
        assert!(pins()[1].set(high));
        let (mut capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        assert_eq!(reader.levels(), u32::from(high) << 1);
        assert_eq!(capture.drive(&lines[1], Level::High), Ok(()));
        assert!(pins()[1].is_driven_high() && pins()[0].set(true));
        sleep_periods(20);
        let mut edges = [Edge::default(); 2];
        assert_eq!(reader.read_edges(&mut edges), Ok(1));
        assert_eq!((edges[0].line, edges[0].level), (0, Level::High));
        assert_eq!(reader.levels(), u32::from(high) << 1 | 0b1);
        assert_eq!(capture.release(&lines[1]), Ok(()));
        assert!(pins()[1].set(!high));
        sleep_periods(20);
        assert_eq!(reader.read_edges(&mut edges), Ok(1));
        assert_eq!((edges[0].line, edges[0].level), (1, (!high).into()));
        assert_eq!(reader.levels(), u32::from(!high) << 1 | 0b1);
    }
}

pub(super) fn a_line_that_stays_driven_is_not_captured_after_a_pause() {
    let bench = bench!(16);
    let (mut capture, mut reader) = bench.open(Config::DEFAULT);
    let lines = lines_of_pins();
    assert_eq!(capture.drive(&lines[0], Level::High), Ok(()));
    capture.pause();
    assert!(pins()[1].set(true));
    assert_eq!(capture.resume(), Ok(()));
    assert!(pins()[0].is_driven_high());
    assert!(pins()[1].set(false));
    assert_eq!(capture.release(&lines[0]), Ok(()));
    bench.edges([1]);
    let mut edges = [Edge::default(); 4];
    assert_eq!(reader.read_edges(&mut edges), Ok(2));
    let seen = edges.map(|edge| (edge.line, edge.gap));
    assert_eq!(seen[..2], [(1, hole(0b10)), (0, hole(0))]);
}

pub(super) fn lines_of_others_and_strobed_lines_cannot_be_driven() {
    static STROBE: StrobeDevice<u8, 8> = StrobeDevice::new();
    let bench = bench!(8);
    let (mut capture, _reader) = bench.open(Config::DEFAULT);
    let other = platform::other_pin();
    assert!(other.prepare(false));
    let foreign = other.line();
    assert_eq!(
        capture.drive(&foreign, Level::High),
        Err(Error::INVALID_INPUT)
    );
    assert_eq!(capture.release(&foreign), Err(Error::INVALID_INPUT));
    assert!(!other.is_driven_high());
    drop(capture);
    drop(_reader);

    let lines = low_lines();
    let (mut capture, reader) = STROBE.open(lines[0], &[lines[1]], strict()).unwrap();
    assert_eq!(
        capture.drive(&lines[1], Level::High),
        Err(Error::INVALID_INPUT)
    );
    // It can be paused.
    assert!(pins()[0].set(true));
    capture.pause();
    assert!(pins()[0].set(false) && pins()[0].set(true));
    assert_eq!(capture.resume(), Ok(()));
    assert!(pins()[0].set(false));
    for gap in [None, hole(0)] {
        assert_eq!(reader.try_read(&mut [0; 8]), Ok(1));
        assert_eq!(reader.gap(), gap);
    }
    assert!(reader.ledger().balances());
}

pub(super) fn a_pause_before_the_first_edge_of_a_trigger_keeps_the_level() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    let line = low_lines()[0].with_trigger(Trigger::Rising);
    let (mut capture, mut reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
    for _ in 0..2 {
        capture.pause();
        assert_eq!(capture.resume(), Ok(()));
        assert_eq!(capture.level(0), Level::Low);
    }
    assert!(pins()[0].set(true));
    let mut edges = [Edge::default(); 2];
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!((edges[0].level, edges[0].gap), (Level::High, hole(0)));
    assert_eq!(capture.level(0), Level::High);
}

pub(super) fn a_line_that_was_not_driven_can_be_released() {
    let bench = bench!(8);
    let (mut capture, mut reader) = bench.open(Config::DEFAULT);
    bench.edges([1]);
    // Its callback fires when it is configured.
    assert_eq!(capture.release(&lines_of_pins()[0]), Ok(()));
    bench.edges([2]);
    let mut edges = [Edge::default(); 4];
    assert_eq!(reader.read_edges(&mut edges), Ok(2));
    assert_eq!((edges[1].level, edges[1].gap), (Level::Low, hole(0b1)));
    assert_eq!(reader.ledger().missed, Default::default());
}

pub(super) fn a_weak_reader_tells_time_and_levels_of_its_own_use_only() {
    let bench = bench!(8);
    let (capture, reader) = bench.open(Config::DEFAULT);
    let weak = reader.weak();
    bench.edges([1]);
    assert_eq!(weak.levels(), Ok(0b1));
    assert!(weak.now_ns().is_ok_and(|now| now <= capture.now_ns()));
    assert_eq!(weak.hertz(), Ok(clock::CYCLES_PER_SECOND));
    drop((capture, reader));
    let _next = bench.open(Config::DEFAULT);
    assert_eq!(weak.levels(), Err(Error::BAD_HANDLE));
    assert_eq!(weak.now_ns(), Err(Error::BAD_HANDLE));
    assert_eq!(weak.hertz(), Err(Error::BAD_HANDLE));
    assert_eq!(weak.record_ns(0), Err(Error::BAD_HANDLE));
}

pub(super) fn a_flush_makes_ready_what_is_pending_until_it_is_read() {
    let bench = bench!(8);
    let timed = Config {
        flush_after: Some(periods(1_000)),
        idle_after: Some(periods(1_000)),
        ..Config::DEFAULT
    };
    for config in [Config::DEFAULT, timed] {
        let (capture, mut reader) = bench.open(config);
        // With times, something else can make it ready.
        let is_due = |reader: &edgepipe::Reader| match config.flush_after {
            None => reader.ready().is_some(),
            Some(_) => false,
        };
        capture.flush();
        assert!(!is_due(&reader), "nothing is pending");
        for _ in 0..2 {
            bench.edges(1..=3);
            assert!(!is_due(&reader));
            capture.flush();
            assert_eq!(reader.wait_ready(Forever), Ok(Wake::Deadline));
            for _ in 0..3 {
                assert_eq!(reader.ready(), Some(Wake::Deadline));
                assert_eq!(reader.read_edges(&mut [Edge::default(); 1]), Ok(1));
            }
            assert_eq!(reader.ready(), None);
            bench.edges([4]);
            assert!(!is_due(&reader), "this edge came after the flush");
            assert_eq!(drain(&mut reader), 1);
        }
        bench.edges([5]);
        assert_eq!(reader.weak().flush(), Ok(()));
        assert_eq!(reader.ready(), Some(Wake::Deadline));
        assert_eq!(drain(&mut reader), 1);
        capture.close();
        assert_eq!(reader.weak().flush(), Ok(()));
        assert_eq!(reader.ready(), Some(Wake::Closed));
    }
}

pub(super) fn the_trigger_of_a_line_can_be_changed() {
    let bench = bench!(16);
    let (mut capture, mut reader) = bench.open(Config::DEFAULT);
    let (line, pin) = (lines_of_pins()[0], pins()[0]);
    let pulse = || assert!(pin.set(true) && pin.set(false));
    let mut edges = [Edge::default(); 4];
    for (trigger, expected) in [
        (Trigger::Rising, &[Level::High][..]),
        (Trigger::Falling, &[Level::Low]),
        (Trigger::Both, &[Level::High, Level::Low]),
        (Trigger::Both, &[Level::High, Level::Low]),
    ] {
        assert_eq!(capture.set_trigger(&line, trigger), Ok(()));
        pulse();
        // A pause does not change it.
        capture.pause();
        pulse();
        assert_eq!(capture.resume(), Ok(()));
        pulse();
        assert_eq!(reader.read_edges(&mut edges), Ok(2 * expected.len()));
        for half in edges[..2 * expected.len()].chunks(expected.len()) {
            assert_eq!(half[0].gap, hole(0));
            assert!(
                half.iter()
                    .map(|edge| edge.level)
                    .eq(expected.iter().copied())
            );
        }
    }
    assert_eq!(reader.ledger().missed, Default::default());
    assert_eq!(capture.drive(&line, Level::High), Ok(()));
    let refused = capture.set_trigger(&line, Trigger::Rising);
    assert_eq!(refused, Err(Error::BUSY));
    let line = line.with_trigger(Trigger::Falling);
    assert_eq!(capture.release(&line), Ok(()));
    pulse();
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!((edges[0].level, edges[0].gap), (Level::Low, hole(0)));
    let foreign = platform::other_pin().line();
    let refused = capture.set_trigger(&foreign, Trigger::Rising);
    assert_eq!(refused, Err(Error::INVALID_INPUT));
}

pub(super) fn the_trigger_of_a_debounced_line_can_be_changed() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    let line = low_lines()[0].with_debounce_us(3_000);
    for trigger in [Trigger::Rising, Trigger::Falling] {
        let (mut capture, mut reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
        assert_eq!(capture.set_trigger(&line, trigger), Ok(()));
        for high in [true, false] {
            assert!(pins()[0].set(high));
            sleep_periods(20);
        }
        let mut edges = [Edge::default(); 4];
        assert_eq!(reader.read_edges(&mut edges), Ok(1));
        let level = Level::from(trigger == Trigger::Rising);
        assert_eq!((edges[0].level, edges[0].gap), (level, None));
        // The next use has the trigger of its line again, and drives nothing.
        assert_eq!(capture.drive(&line, Level::Low), Ok(()));
        let refused = capture.set_trigger(&line, Trigger::Both);
        assert_eq!(refused, Err(Error::BUSY));
        drop((capture, reader));
        let (_capture, mut reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
        for high in [true, false] {
            assert!(pins()[0].set(high));
            sleep_periods(20);
        }
        assert_eq!(reader.read_edges(&mut edges), Ok(2));
    }
}
