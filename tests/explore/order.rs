//! Checks that records leave in order, whole, and once.

use edgepipe::{
    Edge, Level, RECORD_BYTES,
    record::Record,
    sys::clock::{CYCLES_PER_SECOND, cycles_to_ns},
};

/// How far the records have been read. The lines alternate, and begin with an edge to high.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Number of the last edge that was read or reported as lost.
    pub(super) position: u64,
    /// Edges that were read.
    pub(super) read: u64,
    /// The time of the last edge of a plain line, and of a debounced line, whose edges are reported
    /// later.
    pub(super) until_ns: [u64; 2],
    /// The number of lines besides line 0.
    pub(super) more_lines: u8,
    /// Line 0 is debounced.
    pub(super) debounced: bool,
    /// The level of each line after its last edge, line 0 in bit 0, as far as known: the line of a
    /// lost edge is not known.
    levels: u32,
    unknown: u32,
}

impl Order {
    /// If edges are missing, the next one must report it.
    pub(super) fn check(&mut self, edges: &[Edge], now_ns: u64) {
        for edge in edges {
            self.lose(edge.lost_before());
            self.next(edge, now_ns);
        }
    }

    /// The same for a stream of bytes, in which gap records report the missing edges.
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
