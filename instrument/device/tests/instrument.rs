//! Two kinds of client at one port.

use edgepipe_instrument::{Begin, Instrument, Memory, Probe, START, STOP};
use edgepipe_stream::{Cause, Decoder, Event};

const PROBE: Probe = Probe {
    name: "edgepipe",
    lines: 8,
    rate_max: 10_000_000,
    memory: 256 * 1024,
};

const RATE_HZ: u32 = 1_000_000;

const SCAN: [u8; 6] = [0, 0, 0, 0, 0, 0x02];
const RUN: u8 = 0x01;
/// The divider of a rate, whose arguments are bytes that would be commands.
const ARGUMENTS: [u8; 5] = [0x80, START, START, START, START];

fn instrument() -> Instrument<'static> {
    Instrument::new(PROBE, Box::leak(Box::new(Memory::<64>::new())))
}

fn begin(instrument: &mut Instrument<'_>, now_ns: u64, levels: u32) {
    assert!(instrument.wants_begin() && instrument.wants_edges());
    instrument.begin(Begin {
        now_ns,
        levels,
        rate_hz: RATE_HZ,
    });
    assert!(!instrument.wants_begin());
}

/// All that the instrument sends now, a few bytes at a time.
fn transmitted(instrument: &mut Instrument<'_>) -> Vec<u8> {
    let mut all = Vec::new();
    let mut out = [0; 7];
    while let count @ 1.. = instrument.transmit(&mut out) {
        all.extend_from_slice(&out[..count]);
    }
    all
}

fn decoded(bytes: &[u8]) -> Vec<String> {
    let mut events = Vec::new();
    Decoder::new().decode(bytes, |event| {
        events.push(match event {
            Event::Head(head, point) => {
                let (first, last) = (head.lines[0], head.lines[head.lines.len() - 1]);
                let (device, rate) = (head.device, head.rate_hz);
                format!(
                    "{device} {rate} {first}-{last} at {} {:#b}",
                    point.ticks, point.levels
                )
            }
            Event::Edge { ticks, line, high } => {
                format!("{ticks}: {line} {}", if high { "high" } else { "low" })
            }
            Event::Loss {
                lost,
                cause: Cause::Board,
                levels,
                ..
            } => format!("lost {lost}, then {levels:#b}"),
            Event::Alive { .. } => String::new(),
            other => format!("{other:?}"),
        });
    });
    events.retain(|event| !event.is_empty());
    events
}

#[test]
fn a_scan_is_answered() {
    let mut instrument = instrument();
    instrument.receive(&SCAN);
    assert_eq!(transmitted(&mut instrument), b"1ALS");
    assert!(!instrument.wants_edges());
}

#[test]
fn edges_and_losses_of_the_stream_come_in_their_order() {
    let mut instrument = instrument();
    instrument.receive(&[START]);
    begin(&mut instrument, 5_000, 0b10);
    assert!(!instrument.has_room(), "the head comes first");
    let mut bytes = transmitted(&mut instrument);
    instrument.edge(7_000, 0, true);
    instrument.gap(9_000, 3, 0b110);
    instrument.edge(9_000, 1, false);
    instrument.advance(20_000);
    bytes.extend(transmitted(&mut instrument));
    assert_eq!(
        decoded(&bytes),
        [
            "edgepipe 1000000 D0-D7 at 5 0b10",
            "7: 0 high",
            "lost 3, then 0b110",
            "9: 1 low",
        ]
    );
    assert!(instrument.wants_edges());
}

#[test]
fn a_client_that_comes_later_asks_for_the_head() {
    let mut instrument = instrument();
    instrument.receive(&[START]);
    begin(&mut instrument, 5_000, 0);
    transmitted(&mut instrument);
    instrument.edge(7_000, 0, true);
    instrument.advance(8_000);
    transmitted(&mut instrument);
    instrument.receive(&[START]);
    assert!(!instrument.wants_begin(), "it is the same session");
    let mut bytes = transmitted(&mut instrument);
    instrument.edge(9_000, 0, false);
    instrument.advance(10_000);
    bytes.extend(transmitted(&mut instrument));
    assert_eq!(
        decoded(&bytes),
        ["edgepipe 1000000 D0-D7 at 7 0b1", "9: 0 low"]
    );
}

#[test]
fn arguments_are_no_commands() {
    let mut instrument = instrument();
    instrument.receive(&ARGUMENTS);
    assert!(!instrument.wants_begin());
    instrument.receive(&[RUN]);
    assert!(instrument.wants_begin());
    begin(&mut instrument, 0, 0);
    instrument.receive(&ARGUMENTS[..3]);
    // The reset ends the arguments, too.
    instrument.receive(&SCAN);
    instrument.receive(&[START]);
    assert!(instrument.wants_begin());
}

#[test]
fn the_stream_ends_an_acquisition_and_a_scan_ends_the_stream() {
    let mut instrument = instrument();
    instrument.receive(&[RUN]);
    begin(&mut instrument, 0, 0);
    instrument.receive(&[START]);
    begin(&mut instrument, 1_000, 0);
    for edge in 0..10 {
        instrument.edge(2_000 * edge, 3, edge % 2 == 0);
    }
    instrument.advance(100_000);
    assert_eq!(instrument.transmit(&mut [0; 9]), 9, "amid the head");

    assert!(
        instrument.receive(&SCAN),
        "what is on the way is not wanted"
    );
    assert!(!instrument.wants_edges());
    assert_eq!(transmitted(&mut instrument), b"1ALS");
}

#[test]
fn one_stop_is_enough_for_a_stream_whatever_came_before() {
    let mut instrument = instrument();
    assert!(instrument.receive(&[START, ARGUMENTS[0], STOP]));
    assert!(!instrument.wants_edges());
    instrument.receive(&[START]);
    assert!(instrument.wants_begin());
}

#[test]
fn without_a_stop_what_is_on_the_way_is_wanted() {
    let mut instrument = instrument();
    assert!(!instrument.receive(&[0x80, 0, 0, 0, 0]));
    assert!(!instrument.receive(&[START, RUN, 0x02]));
    assert!(instrument.receive(&[STOP]));
}

#[test]
fn a_caller_that_cannot_capture_stops() {
    for command in [RUN, START] {
        let mut instrument = instrument();
        instrument.receive(&[command]);
        assert!(instrument.wants_edges());
        instrument.stop();
        assert!(!instrument.wants_edges() && !instrument.wants_begin());
        assert_eq!(transmitted(&mut instrument), b"");
    }
}

#[test]
fn a_stream_that_nobody_takes_has_no_room_at_some_time_and_then_loses_nothing() {
    let mut instrument = instrument();
    instrument.receive(&[START]);
    begin(&mut instrument, 0, 0);
    let mut bytes = transmitted(&mut instrument);
    let mut given = 0;
    while instrument.has_room() {
        given += 1;
        instrument.edge(1_000 * given, 0, given % 2 == 1);
        assert!(given < 1_000);
    }
    bytes.extend(transmitted(&mut instrument));
    assert!(instrument.has_room());
    instrument.advance(10_000_000);
    bytes.extend(transmitted(&mut instrument));
    let edges = decoded(&bytes);
    assert_eq!(edges.len() as u64, 1 + given);
    assert_eq!(
        edges[given as usize],
        format!("{given}: 0 {}", if given % 2 == 1 { "high" } else { "low" })
    );
}

#[test]
fn after_any_bytes_the_answer_to_a_scan_is_the_first_thing_sent() {
    let mut random = fastrand::Rng::with_seed(17);
    for _ in 0..2_000 {
        let mut instrument = instrument();
        for step in 0..random.u64(..40) {
            let byte = match random.u8(..4) {
                0 => random.u8(..),
                1 => START,
                2 => RUN,
                _ => ARGUMENTS[0],
            };
            instrument.receive(&[byte]);
            if instrument.wants_begin() {
                begin(&mut instrument, 1_000 * step, 0);
            }
            if instrument.has_room() {
                instrument.edge(1_000 * step, random.u8(..32), random.bool());
            }
            instrument.advance(1_000 * step);
            instrument.transmit(&mut [0; 3]);
        }
        instrument.receive(&SCAN);
        assert!(!instrument.wants_edges());
        assert_eq!(transmitted(&mut instrument), b"1ALS");
    }
}
