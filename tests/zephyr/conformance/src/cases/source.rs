//! How the interrupt handler handles a GPIO callback.

use edgepipe::{Config, ConfigError, Edge, EdgeDevice, Level, Line, OpenError, Trigger};
use edgepipe_app::EmulatedPin;

use super::super::platform;
use super::support::{PERIOD_US, Square, bench, drain, low_lines, pins};

/// Lines and levels, as they were seen.
type Seen = heapless::Vec<(u8, Level), 8>;

pub(super) fn an_edge_carries_line_level_time_and_sequence() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    let origin = bench.play(&capture, Square::on_line(1, 3));
    bench.player.wait_end();

    let mut edges = [Edge::default(); 8];
    assert_eq!(reader.read_edges(&mut edges), Ok(3));
    let levels = [Level::High, Level::Low, Level::High];
    for (index, (edge, level)) in edges.iter().zip(levels).enumerate() {
        assert_eq!((edge.line, edge.level, edge.lost_before()), (1, level, 0));
        assert_eq!(usize::from(edge.sequence), index + 1);
        let expected_us = (index as u64 + 1) * PERIOD_US;
        let at_us = origin.to_us(edge.timestamp_ns);
        // No edge is early. A tick is at most a period, and the player up to two ticks late.
        assert!(
            (expected_us..expected_us + 3 * PERIOD_US).contains(&at_us),
            "edge {index} at {at_us} us"
        );
    }
    assert_eq!(capture.level(1), Level::High);
    assert_eq!(capture.level(0), Level::Low);
}

pub(super) fn callbacks_before_arming_are_discarded() {
    // `gpio_emul` fires the callbacks of a pin that is configured.
    let bench = bench!(8);
    let (_capture, reader) = bench.open(Config::default());
    assert_eq!(reader.ledger(), Default::default());
    // To a capture that is armed these callbacks look like edges that repeat the level.
    for pin in pins() {
        assert!(pin.prepare(false));
    }
    let ledger = reader.ledger();
    assert!(ledger.captured > 0);
    assert_eq!(ledger.captured, ledger.missed.rising);
}

pub(super) fn an_active_low_line_reports_logical_levels() {
    const GPIO_ACTIVE_LOW: u16 = 1;
    let bench = bench!(8);
    low_lines();
    let line = pins()[0].line_with_flags(GPIO_ACTIVE_LOW);
    let (capture, mut reader) = bench.device.open(&[line], Config::default()).unwrap();
    assert_eq!(capture.level(0), Level::High, "physically low is active");
    bench.play_all(&capture, Square::new(2));

    let mut edges = [Edge::default(); 8];
    assert_eq!(reader.read_edges(&mut edges), Ok(2));
    assert_eq!([edges[0].level, edges[1].level], [Level::Low, Level::High]);
}

pub(super) fn one_trigger_captures_one_polarity() {
    let bench = bench!(8);
    for (trigger, level) in [
        (Trigger::Rising, Level::High),
        (Trigger::Falling, Level::Low),
    ] {
        let lines: heapless::Vec<Line, 2> = low_lines()
            .iter()
            .map(|line| line.with_trigger(trigger))
            .collect();
        let (capture, mut reader) = bench.device.open(&lines, Config::default()).unwrap();
        bench.play_all(&capture, Square::new(6));
        let mut edges = [Edge::default(); 8];
        assert_eq!(reader.read_edges(&mut edges), Ok(3), "{trigger:?}");
        assert!(edges[..3].iter().all(|edge| edge.level == level));
        assert_eq!(reader.ledger().missed, Default::default());
    }
}

pub(super) fn lines_of_two_ports_are_one_capture() {
    static DEVICE: EdgeDevice<8, 2> = EdgeDevice::new();
    let (here, there) = (pins()[0], platform::other_pin());
    assert!(here.prepare(false) && there.prepare(false));
    let (_capture, mut reader) = DEVICE
        .open(&[here.line(), there.line()], Config::DEFAULT)
        .unwrap();
    assert!(there.set(true) && here.set(true) && there.set(false));

    let mut edges = [Edge::default(); 8];
    assert_eq!(reader.read_edges(&mut edges), Ok(3));
    let expected = [(1, Level::High), (0, Level::High), (1, Level::Low)];
    assert_eq!(
        edges[..3]
            .iter()
            .map(|edge| (edge.line, edge.level))
            .collect::<Seen>(),
        expected
    );
}

pub(super) fn more_ports_than_callbacks_are_refused() {
    static DEVICE: EdgeDevice<8, 1> = EdgeDevice::new();
    let lines = [pins()[0].line(), platform::other_pin().line()];
    let expected = OpenError::Config(ConfigError::TooManyPorts { ports: 1 });
    assert_eq!(DEVICE.open(&lines, Config::DEFAULT).err(), Some(expected));
}

pub(super) fn thirty_two_lines_are_told_apart() {
    static DEVICE: EdgeDevice<64> = EdgeDevice::new();
    // In reverse order, so that no line has the number of its pin.
    let pins: heapless::Vec<EmulatedPin, 32> =
        (0..32).rev().map(|pin| pins()[0].sibling(pin)).collect();
    assert!(pins.iter().all(|pin| pin.prepare(false)));
    let lines: heapless::Vec<Line, 32> = pins.iter().map(EmulatedPin::line).collect();
    let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    for high in [true, false] {
        assert!(pins.iter().all(|pin| pin.set(high)));
    }
    let mut edges = [Edge::default(); 64];
    assert_eq!(reader.read_edges(&mut edges), Ok(64));
    for (index, edge) in edges.iter().enumerate() {
        assert_eq!(
            (usize::from(edge.line), edge.level),
            (index % 32, (index < 32).into())
        );
    }
    assert_eq!(capture.level(31), Level::Low);
    assert_eq!(capture.level(32), Level::Low, "there is no such line");
}

pub(super) fn two_devices_can_share_a_port() {
    static LEFT: EdgeDevice<8> = EdgeDevice::new();
    let bench = bench!(8);
    low_lines();
    let lines: heapless::Vec<Line, 2> = pins().iter().map(EmulatedPin::line).collect();
    let (_left_capture, mut left) = LEFT.open(&lines[..1], Config::default()).unwrap();
    let (capture, mut right) = bench.device.open(&lines[1..], Config::default()).unwrap();
    bench.play_all(&capture, Square::on_line(0, 3));
    bench.play_all(&capture, Square::on_line(1, 2));
    assert_eq!(drain(&mut left), 3);
    assert_eq!(drain(&mut right), 2);
}
