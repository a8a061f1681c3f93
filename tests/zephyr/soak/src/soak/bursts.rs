//! The stimulus: bursts of edges on random lines.

use edgepipe_app::{Event, Stimulus};
use fastrand::Rng;

use super::{TICK_US, round::skewed};

/// Bursts of edges. The edges of a burst have one tick and one interrupt. A clone plays the same
/// edges.
#[derive(Clone)]
pub(super) struct Bursts {
    random: Rng,
    /// The number of lines.
    pub(super) lines: u32,
    /// Edges that are left to play.
    pub(super) edges: u32,
    /// The most edges in a burst.
    pub(super) burst: u32,
    /// The most ticks between two bursts.
    pub(super) gap: u32,
    /// Edges left of this burst.
    left: u32,
    at_us: u64,
    /// The lines' levels, line 0 in bit 0; all are low at the beginning.
    levels: u32,
}

impl Bursts {
    pub(super) fn draw(random: &mut Rng, lines: u32) -> Self {
        Self {
            random: random.fork(),
            lines,
            edges: random.u32(1..=2_000),
            burst: skewed(random, 64),
            gap: skewed(random, 128),
            left: 0,
            at_us: 0,
            levels: 0,
        }
    }
}

impl Stimulus for Bursts {
    fn next(&mut self) -> Option<Event> {
        self.edges = self.edges.checked_sub(1)?;
        if self.left == 0 {
            self.left = self.random.u32(1..=self.burst);
            self.at_us += u64::from(self.random.u32(1..=self.gap) * TICK_US);
        }
        self.left -= 1;
        let line = self.random.u32(0..self.lines);
        self.levels ^= 1 << line;
        Some(Event {
            at_us: self.at_us,
            line: line as u8,
            high: self.levels >> line & 1 == 1,
        })
    }
}
