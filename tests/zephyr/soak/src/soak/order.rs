//! Compares the edges that are read with those that were played.

use edgepipe::{Edge, Level, record::Record};
use edgepipe_app::{Origin, Stimulus};

use super::{LATE, TICK_US, bursts::Bursts, round::Round};

pub(super) struct Order<'a> {
    round: &'a Round,
    /// Plays the same edges.
    bursts: Bursts,
    /// Edges read, or reported as lost.
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

    /// Checks that the next edge that was read is the next that was played, at its time, after
    /// those that it reports as lost.
    pub(super) fn see(&mut self, edge: &Edge, origin: Origin) {
        self.pass(edge.lost_before());
        let played_us = self.see_next(edge.line, edge.level, edge.sequence);
        let us = origin.to_us(edge.timestamp_ns);
        // The player is never early.
        let times_us = played_us..played_us + u64::from(LATE) * u64::from(TICK_US);
        assert!(
            times_us.contains(&us),
            "edge {} of {played_us} us has a time of {us} us; {}",
            self.number,
            self.round
        );
        assert!(
            edge.timestamp_ns >= self.last_ns,
            "edge {} at {} ns is earlier than the one before, at {} ns; {}",
            self.number,
            edge.timestamp_ns,
            self.last_ns,
            self.round
        );
        self.last_ns = edge.timestamp_ns;
    }

    /// The same for a record. Its time is in the clock's own units, and is left to [`see`](Self::see).
    pub(super) fn see_record(&mut self, record: &Record) {
        match *record {
            Record::Gap { lost, .. } => self.pass(lost),
            Record::Edge {
                line,
                level,
                sequence,
                ..
            } => {
                self.see_next(line, level, sequence);
            }
        }
    }

    /// Skips `lost` edges.
    fn pass(&mut self, lost: u32) {
        for _ in 0..lost {
            assert!(
                self.bursts.next().is_some(),
                "too many lost; {}",
                self.round
            );
        }
        self.lost += u64::from(lost);
        self.number += u64::from(lost);
    }

    /// Returns when the edge was played, in microseconds from the beginning.
    fn see_next(&mut self, line: u8, level: Level, sequence: u8) -> u64 {
        self.number += 1;
        let next = self.bursts.next();
        let played = next.map(|event| (event.line, Level::from(event.high), self.number as u8));
        let read = Some((line, level, sequence));
        assert_eq!(read, played, "edge {}; {}", self.number, self.round);
        next.map_or(0, |event| event.at_us)
    }

    /// The time at which the next edge to read was played, in microseconds from the beginning.
    pub(super) fn next_us(&self) -> Option<u64> {
        self.bursts.clone().next().map(|event| event.at_us)
    }

    /// Edges that were read.
    pub(super) fn seen(&self) -> u64 {
        self.number - self.lost
    }
}
