//! What is read against what was played.

use edgepipe::{Edge, Level};
use edgepipe_app::Stimulus;

use super::{bursts::Bursts, round::Round};

pub(super) struct Order<'a> {
    round: &'a Round,
    /// Plays along.
    bursts: Bursts,
    /// Edges seen, or known to be lost.
    number: u64,
    /// Of these, lost.
    pub(super) lost: u64,
    last_ns: u64,
}

impl<'a> Order<'a> {
    pub(super) fn new(round: &'a Round) -> Self {
        Self {
            round,
            bursts: round.bursts.clone(),
            number: 0,
            lost: 0,
            last_ns: 0,
        }
    }

    /// The next edge that was read must be the next that was played, but for those before it that
    /// it says were lost.
    pub(super) fn see(&mut self, edge: &Edge) {
        for _ in 0..edge.lost_before {
            assert!(
                self.bursts.next().is_some(),
                "too many lost; {}",
                self.round
            );
        }
        self.lost += u64::from(edge.lost_before);
        self.number += u64::from(edge.lost_before) + 1;
        let played = self
            .bursts
            .next()
            .map(|event| (event.line, Level::from(event.high), self.number as u8));
        let read = Some((edge.line, edge.level, edge.sequence));
        assert_eq!(read, played, "edge {}; {}", self.number, self.round);
        assert!(
            edge.timestamp_ns >= self.last_ns,
            "edge {} is earlier than the one before; {}",
            self.number,
            self.round
        );
        self.last_ns = edge.timestamp_ns;
    }

    /// When the next edge to be read was played, in microseconds from the beginning.
    pub(super) fn next_us(&self) -> Option<u64> {
        self.bursts.clone().next().map(|event| event.at_us)
    }

    /// Edges that were read.
    pub(super) fn seen(&self) -> u64 {
        self.number - self.lost
    }
}
