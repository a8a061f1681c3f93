//! Compares the edges that are read with those that were made.

use edgepipe::{Edge, Level};

use super::edges::LINES;

/// The edges of one line that were read.
#[derive(Clone, Copy, Default)]
struct Line {
    read: u32,
    last_ns: u64,
    /// The level after the edge read last, unless edges were lost since.
    level: Option<Level>,
}

#[derive(Default)]
pub struct Order {
    lines: [Line; LINES],
    /// Edges read, and those reported as lost before them.
    number: u64,
    /// Of these, lost.
    pub lost: u64,
}

impl Order {
    pub fn new() -> Self {
        let low = Line {
            level: Some(Level::Low),
            ..Line::default()
        };
        Self {
            lines: [low; LINES],
            ..Self::default()
        }
    }

    /// Checks the next edge that was read. By its number it is the next one; a line's levels alternate, and
    /// its times increase.
    pub fn see(&mut self, edge: &Edge) {
        if edge.lost_before() > 0 {
            self.number += u64::from(edge.lost_before());
            self.lost += u64::from(edge.lost_before());
            self.lines.iter_mut().for_each(|line| line.level = None);
        }
        self.number += 1;
        assert_eq!(edge.sequence, self.number as u8, "edge {}", self.number);
        let line = &mut self.lines[usize::from(edge.line)];
        assert_ne!(line.level, Some(edge.level), "edge {}", self.number);
        assert!(edge.timestamp_ns >= line.last_ns, "edge {}", self.number);
        line.read += 1;
        line.level = Some(edge.level);
        line.last_ns = edge.timestamp_ns;
    }

    /// Edges that were read.
    pub fn seen(&self) -> u64 {
        self.number - self.lost
    }

    /// Edges that were read, by line.
    pub fn read(&self) -> [u32; LINES] {
        self.lines.map(|line| line.read)
    }
}
