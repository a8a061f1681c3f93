//! The encoder and the flow meter of the sample in Rust, `samples/knob_and_flow`, which know nothing of Zephyr.

#[path = "../samples/knob_and_flow/src/encoder.rs"]
mod encoder;
#[path = "../samples/knob_and_flow/src/flow.rs"]
mod flow;

use edgepipe::{Edge, Gap, Level};
use encoder::Encoder;
use flow::{Flow, Period};

const A: u8 = 0;
const B: u8 = 1;

const MS: u64 = 1_000_000;

/// An encoder, and the levels that its lines have.
struct Knob {
    encoder: Encoder,
    levels: u32,
}

impl Knob {
    fn new(levels: u32) -> Self {
        Self {
            encoder: Encoder::new(levels),
            levels,
        }
    }

    /// The line changes; returns the position then.
    fn change(&mut self, line: u8, gap: Option<Gap>) -> i32 {
        self.levels ^= 1 << line;
        let edge = Edge {
            line,
            level: Level::from(self.levels >> line & 1 == 1),
            gap,
            ..Edge::default()
        };
        self.encoder.turn(&edge);
        self.encoder.position
    }
}

#[test]
fn each_edge_moves_the_position_by_one() {
    for levels in 0..4 {
        // The line that leads from there.
        let leading = if levels == 0 || levels == 3 { A } else { B };
        let (mut forward, mut back) = (Knob::new(levels), Knob::new(levels));
        for edge in 1..=8 {
            let even = u8::from(edge % 2 == 0);
            assert_eq!(forward.change(leading ^ even, None), edge);
            assert_eq!(back.change(leading ^ 1 ^ even, None), -edge);
        }
        assert!(!forward.encoder.is_vague && !back.encoder.is_vague);
    }
}

#[test]
fn a_bounce_moves_it_there_and_back() {
    let mut knob = Knob::new(0);
    for position in [1, 0, 1, 0, 1] {
        assert_eq!(knob.change(A, None), position);
    }
    // The same level again: the edge in between was not seen.
    let again = Edge {
        line: A,
        level: Level::High,
        ..Edge::default()
    };
    knob.encoder.turn(&again);
    assert_eq!(knob.encoder.position, 1);
    assert_eq!(knob.change(B, None), 2);
}

#[test]
fn it_starts_again_from_the_levels_after_a_hole() {
    let gap = |lost, levels| Some(Gap { lost, levels });
    let mut knob = Knob::new(0);
    // A hole in which nothing happened.
    assert_eq!(knob.change(A, gap(0, 0)), 1);
    assert!(!knob.encoder.is_vague);
    // It was turned unseen, to where B leads.
    knob.levels = 2;
    assert_eq!(knob.change(B, gap(0, 2)), 2);
    assert!(knob.encoder.is_vague);
    assert_eq!(knob.change(A, None), 3);
    // Edges were lost, even if the levels are as before.
    let mut knob = Knob::new(0);
    assert_eq!(knob.change(A, gap(4, 0)), 1);
    assert!(knob.encoder.is_vague);
}

#[test]
fn the_position_wraps() {
    let mut knob = Knob::new(0);
    knob.encoder.position = i32::MAX;
    assert_eq!(knob.change(A, None), i32::MIN);
    assert_eq!(knob.change(A, None), i32::MAX);
}

fn pulse(flow: &mut Flow, ms: u64, lost: u32) {
    let edge = Edge {
        timestamp_ns: ms * MS,
        gap: (lost > 0).then_some(Gap { lost, levels: 0 }),
        ..Edge::default()
    };
    flow.pulse(&edge);
}

#[test]
fn the_rate_is_that_of_the_mean_period() {
    let mut flow = Flow::default();
    assert_eq!(flow.take_period(), None);
    // One pulse is no period.
    pulse(&mut flow, 1_000, 0);
    assert_eq!(flow.take_period(), None);
    pulse(&mut flow, 1_010, 0);
    pulse(&mut flow, 1_040, 0);
    assert_eq!(flow.take_period(), Some(Period(20 * MS)));
    // Nothing since.
    assert_eq!(flow.take_period(), None);
    // The first period of the next ones began with the last of these.
    pulse(&mut flow, 1_070, 0);
    assert_eq!(flow.take_period(), Some(Period(30 * MS)));
    assert_eq!(flow.pulses, 4);
}

#[test]
fn a_pause_is_no_period() {
    let mut flow = Flow::default();
    flow.stop();
    pulse(&mut flow, 1_000, 0);
    pulse(&mut flow, 1_010, 0);
    assert_eq!(flow.take_period(), Some(Period(10 * MS)));
    flow.stop();
    pulse(&mut flow, 9_000, 0);
    assert_eq!(flow.take_period(), None);
    pulse(&mut flow, 9_005, 0);
    assert_eq!(flow.take_period(), Some(Period(5 * MS)));
}

#[test]
fn lost_pulses_count() {
    let mut flow = Flow::default();
    // When these came is not known, because they are the first.
    pulse(&mut flow, 1_000, 7);
    pulse(&mut flow, 1_010, 0);
    assert_eq!(flow.take_period(), Some(Period(10 * MS)));
    pulse(&mut flow, 1_110, 9);
    assert_eq!(flow.take_period(), Some(Period(10 * MS)));
    assert_eq!(flow.pulses, 19);
    // A mean below a nanosecond is none.
    pulse(&mut flow, 1_111, u32::MAX);
    assert_eq!(flow.take_period(), None);
    assert_eq!(flow.pulses, 19 + (1 << 32));
}

#[test]
fn rates_are_rounded_to_tenths() {
    let text = |ns| Period(ns).to_string();
    assert_eq!(text(20 * MS), "50.0 Hz, 6.7 l/min");
    assert_eq!(text(13_333_333), "75.0 Hz, 10.0 l/min");
    assert_eq!(text(60_000 * MS / 450), "7.5 Hz, 1.0 l/min");
    assert_eq!(text(19_900 * MS), "0.1 Hz, 0.0 l/min");
    assert_eq!(text(20_100 * MS), "0.0 Hz, 0.0 l/min");
    // No period is too short or too long.
    assert_eq!(text(1), "1000000000.0 Hz, 133333333.3 l/min");
    assert_eq!(text(u64::MAX), "0.0 Hz, 0.0 l/min");
}
