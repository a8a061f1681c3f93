//! That records leave in order, whole, and once.

use edgepipe::{
    Edge, Level, RECORD_BYTES,
    record::Record,
    sys::clock::{CYCLES_PER_SECOND, cycles_to_ns},
};

/// How far the records of an alternating line, the first to high, have been read.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Number of the last edge that was read or said to be lost.
    pub(super) position: u64,
    /// Edges that were read.
    pub(super) read: u64,
    /// The time of the last one.
    until_ns: u64,
}

impl Order {
    /// Where some are missing, the next one says so.
    pub(super) fn check(&mut self, edges: &[Edge], now_ns: u64) {
        for edge in edges {
            self.position += u64::from(edge.lost_before);
            self.next(edge, now_ns);
        }
    }

    /// The same of a stream of bytes, where marks of their own say how many are missing.
    pub(super) fn check_bytes(&mut self, bytes: &[u8], now_ns: u64) {
        assert_eq!(bytes.len() % RECORD_BYTES, 0, "records leave whole");
        for bytes in bytes.as_chunks().0 {
            match Record::decode(*bytes).expect("a record of a known kind") {
                Record::Edge {
                    cycles,
                    line,
                    level,
                    sequence,
                } => {
                    let edge = Edge {
                        timestamp_ns: cycles_to_ns(cycles, CYCLES_PER_SECOND),
                        line,
                        level,
                        sequence,
                        ..Edge::default()
                    };
                    self.next(&edge, now_ns);
                }
                Record::Gap { lost, levels } => {
                    self.position += u64::from(lost);
                    let expected = self.position as u32 & 1;
                    assert_eq!(levels, expected, "after edge {}", self.position);
                }
            }
        }
    }

    fn next(&mut self, edge: &Edge, now_ns: u64) {
        self.position += 1;
        let expected = (self.position as u8, Level::from(self.position % 2 == 1), 0);
        let found = (edge.sequence, edge.level, edge.line);
        assert_eq!(found, expected, "edge {}: {edge:?}", self.position);
        assert!(
            (self.until_ns..=now_ns).contains(&edge.timestamp_ns),
            "{edge:?}, after {} ns and before {now_ns} ns",
            self.until_ns
        );
        self.until_ns = edge.timestamp_ns;
        self.read += 1;
    }
}
