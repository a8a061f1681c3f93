//! The decoder of the sample in Rust, `samples/dht`, which knows nothing of Zephyr.

#[path = "../samples/dht/src/decoder.rs"]
mod decoder;

use decoder::{Measurement, Wrong, decode};
use edgepipe::{Edge, Gap, Level};

/// 53.0 %, 21.4 C.
const BYTES: [u8; 5] = [0x02, 0x12, 0x00, 0xd6, 0xea];

const MEASUREMENT: Measurement = Measurement {
    temperature: 214,
    humidity: 530,
};

/// The hole from `drive` to `release`, which the first edge of an answer has.
const DRIVEN: Gap = Gap { lost: 0, levels: 1 };

/// How long each pulse of an answer lasts, in microseconds: low, high, and so on; the last one is low.
fn pulses(bytes: [u8; 5]) -> Vec<u64> {
    let bits = bytes
        .into_iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let bits = bits.flat_map(|bit| [50, if bit == 1 { 70 } else { 26 }]);
    [80, 80].into_iter().chain(bits).chain([50]).collect()
}

/// The edges of `pulses`, of which the first one begins with an edge to `level`.
fn edges(level: Level, pulses: &[u64]) -> Vec<Edge> {
    let mut time_us = 1_000_000;
    let begins = pulses.iter().map(|us| {
        time_us += us;
        time_us - us
    });
    let mut times: Vec<_> = begins.collect();
    times.push(time_us);
    let edges = times.iter().enumerate().map(|(index, us)| Edge {
        timestamp_ns: us * 1_000,
        gap: (index == 0).then_some(DRIVEN),
        level: Level::from((index % 2 == 1) ^ bool::from(level)),
        ..Edge::default()
    });
    edges.collect()
}

fn answer(bytes: [u8; 5]) -> Vec<Edge> {
    edges(Level::Low, &pulses(bytes))
}

#[test]
fn an_answer_of_84_edges_is_a_measurement() {
    let answer = answer(BYTES);
    assert_eq!(answer.len(), 84);
    assert_eq!(decode(&answer), Ok(MEASUREMENT));
    assert_eq!(MEASUREMENT.to_string(), "21.4 C, 53.0 %");
}

#[test]
fn the_line_may_rise_before_the_answer_begins() {
    for us in [5, 30, 150] {
        let mut pulses = pulses(BYTES);
        pulses.insert(0, us);
        assert_eq!(decode(&edges(Level::High, &pulses)), Ok(MEASUREMENT));
    }
}

#[test]
fn temperatures_below_zero_have_a_sign() {
    let text = |bytes| decode(&answer(bytes)).map(|measurement| measurement.to_string());
    assert_eq!(
        text([0x03, 0x2c, 0x80, 0x23, 0xd2]).unwrap(),
        "-3.5 C, 81.2 %"
    );
    assert_eq!(
        text([0x03, 0x2c, 0x80, 0x04, 0xb3]).unwrap(),
        "-0.4 C, 81.2 %"
    );
    assert_eq!(
        text([0x00, 0x05, 0x80, 0x00, 0x85]).unwrap(),
        "0.0 C, 0.5 %"
    );
    // No sensor says so, but it must not be a fault of the program.
    assert_eq!(
        text([0xff, 0xff, 0xff, 0xff, 0xfc]).unwrap(),
        "-3276.7 C, 6553.5 %"
    );
}

#[test]
fn any_wrong_bit_makes_the_checksum_wrong() {
    for bit in 0..40 {
        let mut bytes = BYTES;
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(decode(&answer(bytes)), Err(Wrong::Checksum), "bit {bit}");
    }
    assert_eq!(Wrong::Checksum.to_string(), "the checksum is wrong");
}

#[test]
fn a_part_of_an_answer_is_none() {
    let answer = answer(BYTES);
    assert_eq!(decode(&[]), Err(Wrong::Length(0)));
    // The last edge ends no bit.
    for length in 0..83 {
        let Err(Wrong::Length(bits)) = decode(&answer[..length]) else {
            panic!("the first {length} edges are taken for an answer");
        };
        assert_eq!(bits, (length.saturating_sub(1) / 2).saturating_sub(1));
    }
    assert_eq!(decode(&answer[..83]), Ok(MEASUREMENT));
    assert_eq!(Wrong::Length(39).to_string(), "39 bits instead of 40");
    // Bits that are left out in the middle, and bits too many.
    let mut pulses = pulses(BYTES);
    pulses.drain(20..22);
    assert_eq!(decode(&edges(Level::Low, &pulses)), Err(Wrong::Length(39)));
    pulses.extend([26, 50].repeat(3));
    assert_eq!(decode(&edges(Level::Low, &pulses)), Err(Wrong::Length(42)));
}

#[test]
fn a_bit_too_many_is_no_start() {
    let mut pulses = pulses(BYTES);
    pulses.extend([26, 50]);
    assert_eq!(decode(&edges(Level::Low, &pulses)), Err(Wrong::Start));
    assert_eq!(Wrong::Start.to_string(), "it does not begin as an answer");
}

#[test]
fn pulses_may_be_late_but_not_of_any_length() {
    let with = |pulse: usize, us| {
        let mut pulses = pulses(BYTES);
        pulses[pulse] = us;
        decode(&edges(Level::Low, &pulses))
    };
    assert_eq!(with(1, 61), Ok(MEASUREMENT));
    for us in [0, 59, 100, 1_000] {
        assert_eq!(with(1, us), Err(Wrong::Start));
    }
    for bit in 0..40 {
        let is_one = BYTES[bit / 8] >> (7 - bit % 8) & 1 == 1;
        for us in if is_one { [48, 99] } else { [10, 47] } {
            assert_eq!(with(3 + 2 * bit, us), Ok(MEASUREMENT), "bit {bit}");
        }
        for us in [0, 9, 100, 1_000] {
            assert_eq!(with(3 + 2 * bit, us), Err(Wrong::Bit(bit)));
        }
    }
    assert_eq!(Wrong::Bit(7).to_string(), "bit 7 is neither 0 nor 1");
}

#[test]
fn an_answer_with_a_hole_is_not_guessed() {
    for edge in 0..84 {
        let mut answer = answer(BYTES);
        answer[edge].gap = Some(Gap { lost: 2, levels: 1 });
        assert_eq!(decode(&answer), Err(Wrong::Hole), "edge {edge}");
    }
    assert_eq!(Wrong::Hole.to_string(), "edges were lost");
}

#[test]
fn an_edge_that_was_missed_is_noticed() {
    // Its level is missing, but nothing marks the place.
    for edge in 2..82 {
        let mut answer = answer(BYTES);
        answer.remove(edge);
        assert_eq!(decode(&answer), Err(Wrong::Length(39)), "edge {edge}");
    }
}
