//! A pin has one owner.

use edgepipe::{
    Capture, Config, Edge, EdgeDevice, Error, Level, Line, OpenError, Reader, StrobeDevice,
};

use super::super::platform;
use super::support::{drain, low_lines, pins, sleep_periods};

/// A line of another port, low.
fn other_line() -> Line {
    let pin = platform::other_pin();
    assert!(pin.prepare(false));
    pin.line()
}

fn taken(line: usize) -> Option<OpenError> {
    Some(OpenError::Line {
        line,
        error: Error::BUSY,
    })
}

/// Makes an edge on pin 0, whose level is low before and after, and checks that it is captured.
fn check_hears(reader: &mut Reader) {
    let before = reader.ledger();
    assert_eq!(before.missed, Default::default());
    assert!(pins()[0].set(true) && pins()[0].set(false));
    assert_eq!(reader.ledger().captured, before.captured + 2);
    assert_eq!(drain(reader), 2);
}

/// Closes the capture of `owner`, and checks that `open` succeeds then.
fn check_free<T>(owner: (Capture, Reader<T>), open: impl FnOnce() -> Option<OpenError>) {
    let (capture, reader) = owner;
    capture.close();
    // A pin is free when its capture has ended, even if a reader still reads.
    assert_eq!(open(), None);
    drop(reader);
}

pub(super) fn a_pin_that_is_captured_is_refused_to_another_capture() {
    static OWNER: EdgeDevice<8> = EdgeDevice::new();
    static OTHER: EdgeDevice<8, 2, 1> = EdgeDevice::new();
    let (other, lines) = (other_line(), low_lines());
    let (capture, mut reader) = OWNER.open(&lines[..1], Config::DEFAULT).unwrap();
    let refused = |lines: &[Line]| OTHER.open(lines, Config::DEFAULT).err();
    // The line is alone, after lines that are free, or on one of two ports; plain or debounced.
    for (lines, line) in [
        (&[lines[0]][..], 0),
        (&[lines[1], lines[0]], 1),
        (&[other, lines[1], lines[0]], 2),
        (&[lines[0].with_debounce_us(100)], 0),
        (&[lines[1], other, lines[0].with_debounce_us(100)], 2),
    ] {
        assert_eq!(refused(lines), taken(line));
        check_hears(&mut reader);
    }
    // The free lines are still free, and their port still interrupts.
    let (second, mut others) = OTHER.open(&[other, lines[1]], Config::DEFAULT).unwrap();
    assert!(pins()[1].set(true));
    assert!(platform::other_pin().set(true));
    let mut edges = [Edge::default(); 4];
    assert_eq!(others.read_edges(&mut edges), Ok(2));
    assert_eq!([edges[0].line, edges[1].line], [1, 0]);
    check_hears(&mut reader);
    // The end of one capture does not end the other, though they share a port.
    second.close();
    drop(others);
    check_hears(&mut reader);
    check_free((capture, reader), || refused(&[lines[0]]));
}

pub(super) fn a_pin_that_is_debounced_is_refused_to_another_capture() {
    static OWNER: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    static OTHER: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    static STROBED: StrobeDevice<u8, 8> = StrobeDevice::new();
    let lines = low_lines();
    let debounced = [lines[0].with_debounce_us(100)];
    let (capture, mut reader) = OWNER.open(&debounced, Config::DEFAULT).unwrap();
    assert_eq!(OTHER.open(&debounced, Config::DEFAULT).err(), taken(0));
    assert_eq!(OTHER.open(&lines[..1], Config::DEFAULT).err(), taken(0));
    let strobed = STROBED.open(lines[1], &lines[..1], Config::DEFAULT);
    assert_eq!(strobed.err(), taken(0));
    assert!(pins()[0].set(true));
    sleep_periods(5);
    let mut edges = [Edge::default(); 2];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(1));
    assert_eq!(edges[0].level, Level::High);
    check_free((capture, reader), || {
        OTHER.open(&debounced, Config::DEFAULT).err()
    });
}

pub(super) fn the_lines_of_a_strobed_capture_are_refused_to_another_capture() {
    static OWNER: StrobeDevice<u8, 8> = StrobeDevice::new();
    static OTHER: EdgeDevice<8> = EdgeDevice::new();
    static STROBED: StrobeDevice<u8, 8> = StrobeDevice::new();
    let (other, lines) = (other_line(), low_lines());
    let [data, strobe] = [lines[0], lines[1]];
    let (capture, reader) = OWNER.open(strobe, &[data], Config::DEFAULT).unwrap();
    for (lines, line) in [(&[data][..], 0), (&[other, strobe], 1)] {
        assert_eq!(OTHER.open(lines, Config::DEFAULT).err(), taken(line));
    }
    // In a strobed capture, the strobe is the last line.
    let again = |strobe, data: &[Line]| STROBED.open(strobe, data, Config::DEFAULT).err();
    assert_eq!(again(strobe, &[other]), taken(1));
    assert_eq!(again(other, &[data]), taken(0));
    assert_eq!(again(data, &[other]), taken(1));
    assert_eq!(again(other, &[strobe]), taken(0));
    // The capture goes on: both edges of the strobe latch the level of the data line.
    assert!(pins()[0].set(true));
    assert!(pins()[1].set(true) && pins()[0].set(false) && pins()[1].set(false));
    let mut bytes = [0xff; 3];
    assert_eq!(reader.try_read(&mut bytes), Ok(2));
    assert_eq!(bytes, [1, 0, 0xff]);
    check_free((capture, reader), || again(strobe, &[data]));
}

pub(super) fn a_pin_that_a_refused_open_had_claimed_is_free() {
    static OWNER: EdgeDevice<8> = EdgeDevice::new();
    static REFUSED: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    static STROBED: StrobeDevice<u8, 8> = StrobeDevice::new();
    static LAST: EdgeDevice<8> = EdgeDevice::new();
    let (other, lines) = (other_line(), low_lines());
    let (_capture, mut reader) = OWNER.open(&lines[..1], Config::DEFAULT).unwrap();
    // These claim line 1 or the other port's line first, and then pin 0.
    let debounced = [lines[1], lines[0].with_debounce_us(100)];
    assert_eq!(REFUSED.open(&debounced, Config::DEFAULT).err(), taken(1));
    let strobed = STROBED.open(lines[0], &[lines[1], other], Config::DEFAULT);
    assert_eq!(strobed.err(), taken(2));
    let (_last, mut last) = LAST.open(&[lines[1], other], Config::DEFAULT).unwrap();
    assert!(pins()[1].set(true) && platform::other_pin().set(true));
    assert_eq!(drain(&mut last), 2);
    check_hears(&mut reader);
}
