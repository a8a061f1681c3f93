//! Tests of `record`, in src/record.rs.

use crate::{Level, record::*};

#[test]
fn an_edge_survives_its_encoding() {
    let time = 0xffff_9234_5678_9abc;
    let word = RecordHeader::new(time, 0xa5).edge(time as u32, line_and_level(31, true));
    let expected = Record::Edge {
        cycles: 0x1234_5678_9abc,
        line: 31,
        level: Level::High,
        sequence: 0xa5,
    };
    assert_eq!(Record::decode(word.to_le_bytes()), Ok(expected));
}

#[test]
fn a_gap_saturates_its_count_and_keeps_every_level() {
    let word = encode_gap(1 << 30, 0x8000_0001);
    let expected = Record::Gap {
        lost: GAP_LOST_MAX,
        levels: 0x8000_0001,
    };
    assert_eq!(Record::decode(word.to_le_bytes()), Ok(expected));
}

#[test]
fn an_unknown_kind_is_an_error() {
    assert_eq!(Record::decode([0xff; 8]), Err(crate::Error::INVALID_INPUT));
}

#[test]
fn the_sequence_number_overflows_into_nothing() {
    let head = RecordHeader::new(5 << 32, 0xff).next();
    assert_eq!(head.sequence(), 0);
    assert_eq!(head.edge(7, 1), RecordHeader::new(5 << 32, 0).edge(7, 1));
}

#[test]
fn time_is_extended_backwards_from_now() {
    let now = 7 << 47 | 100;
    assert_eq!(extend_cycles(100, now), now);
    assert_eq!(extend_cycles(99, now), now - 1);
    assert_eq!(extend_cycles(101, now), 6 << 47 | 101);
}

#[test]
fn an_edge_may_come_up_to_half_a_wrap_after_the_last_look() {
    let half_wrap = 1_u64 << 31;
    for look in [
        0,
        1,
        half_wrap - 1,
        half_wrap,
        3 * half_wrap - 1,
        9 * half_wrap + 5,
    ] {
        for later in [0, 1, 1_000_000, half_wrap - 1 - STEP_BACK_MAX] {
            let now = look + later;
            let word = RecordHeader::new(look, 0).edge(now as u32, 0);
            assert_eq!(cycles(word), now, "{later} after {look}");
        }
    }
}

#[test]
fn an_edge_may_come_before_the_last_look_where_the_counter_steps_back() {
    let half_wrap = 1_u64 << 31;
    for look in [
        200,
        half_wrap,
        half_wrap + 50,
        3 * half_wrap,
        9 * half_wrap + 5,
    ] {
        for before in [1, 115, 200] {
            let now = look - before;
            let word = RecordHeader::new(look, 0).edge(now as u32, 0);
            assert_eq!(cycles(word), now, "{before} before {look}");
        }
    }
}

#[test]
fn line_and_level_survive_their_byte() {
    for line in 0..32 {
        for high in [false, true] {
            assert_eq!(line_of(line_and_level(line, high)), (line.into(), high));
        }
    }
    // The flags of a pin's next edge are no part of it.
    assert_eq!(line_of(0xc0 | line_and_level(9, true)), (9, true));
    assert_eq!(line_of(0xc0 | line_and_level(9, false)), (9, false));
}

#[test]
fn a_time_after_now_has_no_age() {
    let now = 3 << TIME_BITS | 1_000;
    for (cycles, expected) in [
        (1_000, 0),
        (999, 1),
        (0, 1_000),
        (TIME_MASK, 1_001),
        (1_001, 0),
        (1_000 + (1 << 46), 0),
        (1_001 + (1 << 46), (1 << 46) - 1),
    ] {
        assert_eq!(age(cycles, now), expected, "{cycles}");
    }
}

#[test]
fn a_gap_after_a_gap_has_the_losses_of_both() {
    let gap = |lost, levels| Gap { lost, levels };
    assert_eq!(gap(2, 0b10).after(None), gap(2, 0b10));
    assert_eq!(gap(2, 0b10).after(Some(gap(3, 0b01))), gap(5, 0b10));
    let most = gap(u32::MAX, 0);
    assert_eq!(gap(2, 0).after(Some(most)), most);
}
