//! That records leave in order, whole, and once.

use edgepipe::{
    Edge, Level, RECORD_BYTES,
    record::Record,
    sys::clock::{CYCLES_PER_SECOND, cycles_to_ns},
};

/// How far the records of alternating lines, whose first are to high, have been read.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Number of the last edge that was read or said to be lost.
    pub(super) position: u64,
    /// Edges that were read.
    pub(super) read: u64,
    /// The time of the last one of a plain line, and of a debounced one, whose edges are told of later.
    pub(super) until_ns: [u64; 2],
    /// Lines beside line 0.
    pub(super) more_lines: u8,
    /// Line 0 is debounced.
    pub(super) debounced: bool,
    /// The level of each line after its last edge, line 0 in bit 0, as far as they are known: where an
    /// edge was lost, nobody knows which line's it was.
    levels: u32,
    unknown: u32,
}

impl Order {
    /// Where some are missing, the next one says so.
    pub(super) fn check(&mut self, edges: &[Edge], now_ns: u64) {
        for edge in edges {
            self.lose(edge.lost_before);
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
                    self.lose(lost);
                    if self.more_lines == 0 {
                        let expected = self.position as u32 & 1;
                        assert_eq!(levels, expected, "after edge {}", self.position);
                    }
                    (self.levels, self.unknown) = (levels, 0);
                }
            }
        }
    }

    fn lose(&mut self, lost: u32) {
        self.position += u64::from(lost);
        if self.more_lines > 0 && lost > 0 {
            self.unknown = u32::MAX;
        } else {
            self.levels ^= lost & 1;
        }
    }

    fn next(&mut self, edge: &Edge, now_ns: u64) {
        self.position += 1;
        let line = 1 << edge.line;
        assert!(
            edge.line <= self.more_lines,
            "edge {}: {edge:?}",
            self.position
        );
        if self.unknown & line == 0 {
            self.levels ^= line;
        } else {
            self.unknown &= !line;
            self.levels = self.levels & !line | (u32::from(edge.level == Level::High) << edge.line);
        }
        let expected = (self.position as u8, Level::from(self.levels & line != 0));
        let found = (edge.sequence, edge.level);
        assert_eq!(found, expected, "edge {}: {edge:?}", self.position);
        let until_ns = &mut self.until_ns[usize::from(self.debounced && edge.line == 0)];
        assert!(
            (*until_ns..=now_ns).contains(&edge.timestamp_ns),
            "{edge:?}, after {until_ns} ns and before {now_ns} ns"
        );
        *until_ns = edge.timestamp_ns;
        self.read += 1;
    }
}
