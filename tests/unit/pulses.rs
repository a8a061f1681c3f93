//! Tests of `Pulses`, in src/reader/pulses.rs.

use crate::{Edge, Gap, Level, Pulse, Pulses};

fn edge(line: u8, ns: u64, high: bool) -> Edge {
    Edge {
        timestamp_ns: ns,
        line,
        level: Level::from(high),
        ..Edge::default()
    }
}

fn pulse(line: u8, start_ns: u64, end_ns: u64, high: bool) -> Pulse {
    Pulse {
        start_ns,
        duration_ns: end_ns - start_ns,
        gap: None,
        line,
        level: Level::from(high),
    }
}

#[test]
fn each_line_has_its_pulses() {
    let edges = [
        edge(0, 10, true),
        edge(1, 15, false),
        edge(0, 20, false),
        edge(1, 40, true),
        edge(0, 50, true),
    ];
    let mut pulses: Pulses<2> = Pulses::new();
    let expected = [
        pulse(0, 10, 20, true),
        pulse(1, 15, 40, false),
        pulse(0, 20, 50, false),
    ];
    assert!(pulses.of(&edges).eq(expected));
    // It goes on with further edges.
    assert!(
        pulses
            .of(&[edge(0, 51, false)])
            .eq([pulse(0, 50, 51, true)])
    );
}

#[test]
fn no_pulse_has_a_hole_in_it_and_the_next_one_tells_of_the_hole() {
    let mut pulses: Pulses = Pulses::new();
    let hole = |lost| Some(Gap { lost, levels: 5 });
    let after = |edge: Edge, lost| Edge {
        gap: hole(lost),
        ..edge
    };
    assert_eq!(pulses.next(&edge(0, 10, true)), None);
    assert_eq!(pulses.next(&edge(31, 11, true)), None);
    assert_eq!(pulses.next(&after(edge(0, 20, false), 3)), None);
    // The other line had an edge before the hole only.
    assert_eq!(pulses.next(&edge(31, 25, false)), None);
    let expected = Pulse {
        gap: hole(3),
        ..pulse(0, 20, 30, false)
    };
    assert_eq!(pulses.next(&edge(0, 30, true)), Some(expected));
    assert_eq!(
        pulses.next(&edge(31, 35, true)),
        Some(pulse(31, 25, 35, false))
    );
    // Two holes before a pulse are one.
    assert_eq!(pulses.next(&after(edge(0, 40, false), 1)), None);
    assert_eq!(pulses.next(&after(edge(0, 50, true), u32::MAX)), None);
    let expected = Pulse {
        gap: hole(u32::MAX),
        ..pulse(0, 50, 60, true)
    };
    assert_eq!(pulses.next(&edge(0, 60, false)), Some(expected));
}

#[test]
fn lines_beyond_its_own_have_none() {
    let mut pulses: Pulses<1> = Pulses::new();
    assert_eq!(pulses.next(&edge(1, 10, true)), None);
    assert_eq!(pulses.next(&edge(1, 20, false)), None);
    assert_eq!(pulses.next(&edge(255, 30, false)), None);
    assert_eq!(pulses.next(&edge(0, 10, true)), None);
    assert_eq!(
        pulses.next(&edge(0, 20, false)),
        Some(pulse(0, 10, 20, true))
    );
}
